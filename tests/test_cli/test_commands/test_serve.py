"""Serving reads what was published; with ``--public`` it opens nothing else."""

import shutil
import socket
import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import ParamSpec, TypeVar

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from archives.errors import JinkuiError
from cli.commands.operate import serve
from cli.home.home import Home
from search.doors.portal import connections
from search.published.head import SignedViews, published_key
from search.published.tree import leaf_of
from search.published.views import PublishedViews
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_closing import CLOSING, OTHER, opened

Sites = list[FastAPI]
P = ParamSpec("P")
T = TypeVar("T")


class Here(Executor):
    """An executor that does everything at once, here, also when the command that made it has ended."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Do it."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except JinkuiError as failure:
            future.set_exception(failure)
        return future


@pytest.fixture
def sites(monkeypatch: pytest.MonkeyPatch) -> Sites:
    """The sites that were served; none of them waits for requests."""
    seen: Sites = []

    class Server:
        """A server that ends at once."""

        def run(self, sockets: list[socket.socket]) -> None:
            """Serve nobody."""

    def site_server(app: FastAPI, host: str, port: int) -> Server:
        seen.append(app)
        return Server()

    monkeypatch.setattr(connections, "site_server", site_server)
    monkeypatch.setattr(serve, "ChildExecutor", Here)
    monkeypatch.setattr(connections, "allow_connections", lambda: None)
    return seen


def test_a_published_folder_is_served_without_the_archive(
    prepared: Prepared, sites: Sites, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jinkui = prepared.copy(opened, tmp_path / "archive", capsys)
    public, home = tmp_path / "published", tmp_path / "account"
    shutil.copytree(jinkui.home / "public", public)
    home.mkdir()
    shutil.copy(jinkui.home / "jinkui.toml", home)
    shutil.rmtree(jinkui.home)
    before = {path: path.read_bytes() for path in public.rglob("*") if path.is_file()}
    Jinkui(home, capsys)("serve", "--public", str(public), "--served", str(tmp_path / "served"))
    client = TestClient(sites[0], base_url="http://localhost")
    page = client.get(f"/records/990001/{CLOSING}")
    assert page.status_code == 200
    assert client.get("/search?q=Flood").text.count("/records/") >= 2
    assert client.get("/").status_code == 200
    assert [path.name for path in home.iterdir()] == ["jinkui.toml"]
    assert {path: path.read_bytes() for path in public.rglob("*") if path.is_file()} == before
    assert int((tmp_path / "served").read_text()) >= 0


def test_the_site_opens_while_what_is_published_is_still_brought_up_to_the_journal(
    prepared: Prepared,
    sites: Sites,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jinkui = prepared.copy(opened, tmp_path / "archive", capsys)
    begun, held, ended = Event(), Event(), Event()

    def hang(_: Home) -> None:
        begun.set()
        held.wait(60)
        ended.set()

    monkeypatch.setattr(Home, "follow", hang)
    monkeypatch.setattr(serve, "_RECONCILE_SECONDS", 0.1)
    jinkui("serve")
    assert begun.wait(60)
    assert not ended.is_set()
    client = TestClient(sites[0], base_url="http://localhost")
    assert client.get(f"/records/990001/{CLOSING}").status_code == 200
    assert "Flood" in client.get("/search?q=Flood").text
    held.set()
    assert ended.wait(60)


class Host:
    """Somebody else's machine that has a copy of what is published, and the archive's public key beside it."""

    def __init__(self, jinkui: Jinkui, sites: Sites) -> None:
        self.jinkui, self.sites = jinkui, sites
        self.folder = jinkui.home.parent / "host"
        self.public, self.key = self.folder / "published", self.folder / "archive.pub"
        self.folder.mkdir()
        jinkui("opening", "publish")
        jinkui("journal", "checkpoint")
        shutil.copy(jinkui.home / "keys/archive.pub", self.key)
        shutil.copy(jinkui.home / "jinkui.toml", self.folder)
        self.copy()

    def copy(self) -> None:
        """Bring the copy up to what is published."""
        shutil.rmtree(self.public, ignore_errors=True)
        shutil.copytree(self.jinkui.home / "public", self.public)

    def client(self, *, is_pinned: bool = True) -> TestClient:
        """Serve the copy, believing the archive's key alone unless that is not pinned."""
        remembered = ("--served", str(self.folder / "served"), *(("--key", str(self.key)) if is_pinned else ()))
        Jinkui(self.folder, self.jinkui.capsys)("serve", "--public", str(self.public), *remembered)
        return TestClient(self.sites[-1], base_url="http://localhost", raise_server_exceptions=False)

    @property
    def views(self) -> PublishedViews:
        """The copy, open for whoever can write there."""
        return PublishedViews(self.public / "public.db", today=lambda: date(2026, 1, 1))


@pytest.fixture
def host(prepared: Prepared, sites: Sites, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Host:
    return Host(prepared.copy(opened, tmp_path / "archive", capsys), sites)


def record(code: str) -> str:
    """Return a record's address."""
    return f"/records/990001/{code}"


def test_a_host_shows_what_the_archive_signed_and_nothing_that_was_added_there(host: Host) -> None:
    client = host.client()
    page = client.get(record(CLOSING))
    assert page.status_code == 200
    assert client.get("/search?q=Flood").text.count("/records/") >= 2
    assert "Linglan" in client.get("/?lang=en").text
    views = host.views
    closing, other = (views.get("990001", code) for code in (CLOSING, OTHER))
    assert closing
    assert other
    forged = replace(closing, elements={**closing.elements, "title": "Forged title"})
    added = replace(forged, view_id="added", code_key="X-1", repository_name="Forged name", sequence=10_000)
    for view in (forged, added):
        views.put(view, leaf=leaf_of(view, host.public / "images"))
    for running in (client, host.client()):
        assert running.get(record(CLOSING)).status_code == 404
        assert running.get(record("X-1")).status_code == 404
        assert running.get(record(OTHER)).status_code == 200
        assert "Forged" not in running.get("/").text + running.get("/search?q=Flood").text


def test_a_host_shows_no_image_and_no_word_that_was_changed_there(host: Host) -> None:
    client = host.client()
    (image,) = (host.public / "images").glob(f"{host.views.ids()[0]}/*.jpg")
    address = f"/images/{image.parent.name}/{image.name}"
    assert client.get(address).content == image.read_bytes()
    image.write_bytes(b"\xff\xd8 another picture")
    assert client.get(address).status_code == 404
    with sqlite3.connect(host.public / "index.db") as index:
        index.execute("UPDATE document SET text = replace(text, 'FLOOD REPORT', 'FLOOD REPORT forged page')")
        index.execute("UPDATE document SET text = replace(text, 'Flood report', 'Flood report forged description')")
    for asked in (host.client(is_pinned=False), client):
        told = asked.get("/search?q=Flood").text
        assert "forged" not in told, "what is said of a record, and on its pages, is never told by the index"


def test_a_host_shows_no_image_whose_digest_was_taken_away_or_that_was_emptied(host: Host) -> None:
    client, views = host.client(), host.views
    views_of_images = [view for name in views.ids() if (view := views.stored(name)) and view.pages]
    view = views_of_images[0]
    views.put(replace(view, pages=tuple(replace(page, sha256="") for page in view.pages)))
    shown = SignedViews(views._path, published_key(host.key.read_text("utf-8")), views).get_by_id(view.view_id)
    assert shown
    assert shown.pages == view.pages, "what is sent is compared with the digest that was signed"
    image = host.public / "images" / view.view_id / str(view.pages[0].image)
    assert client.get(f"/images/{view.view_id}/{image.name}").status_code == 200
    views.put(view)
    image.write_bytes(b"")
    assert client.get(f"/images/{view.view_id}/{image.name}").status_code == 404


def test_a_host_lists_what_was_signed_whatever_the_lines_of_its_file_say(host: Host) -> None:
    client = host.client()
    assert "Forged" not in client.get("/recent").text
    with sqlite3.connect(host.public / "public.db") as file:
        file.execute("UPDATE line SET value = json_set(value, '$.title', 'Forged title')")
    assert "Forged" in host.client(is_pinned=False).get("/recent").text
    assert OTHER in client.get("/recent").text
    assert "Forged" not in client.get("/recent").text + client.get("/").text + client.get("/feed.xml").text


def test_a_host_shows_no_record_under_the_code_of_another(host: Host) -> None:
    client, views = host.client(), host.views
    closing, other = (views.get("990001", code) for code in (CLOSING, OTHER))
    assert closing
    assert other
    views.remove(other.view_id)
    views.put(replace(closing, code_key=OTHER))
    assert client.get(record(OTHER)).status_code == 404


def test_a_host_shows_nothing_after_its_last_day_whatever_was_done_to_it(host: Host) -> None:
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    host.jinkui("opening", "withdraw", CLOSING, "--on", tomorrow, "--reason", "names a living person")
    host.jinkui("opening", "publish")
    host.copy()
    client, views = host.client(), host.views
    assert client.get(record(CLOSING)).status_code == 200
    view = views.get("990001", CLOSING)
    assert view
    assert view.until
    views.put(replace(view, until=None))
    assert client.get(record(CLOSING)).status_code == 404


def test_a_host_serves_no_earlier_state_and_none_that_nobody_signed(host: Host, tmp_path: Path) -> None:
    client = host.client()
    shutil.copytree(host.public, tmp_path / "earlier")
    host.jinkui("opening", "withdraw", CLOSING, "--reason", "names a living person")
    host.copy()
    assert (client.get(record(CLOSING)).status_code, client.get(record(OTHER)).status_code) == (404, 200)
    shutil.rmtree(host.public)
    shutil.copytree(tmp_path / "earlier", host.public)
    for running in (client, host.client()):
        for path in ("/", record(OTHER), record(CLOSING), "/search?q=Flood"):
            assert running.get(path).status_code == 503
    host.copy()
    assert client.get(record(OTHER)).status_code == 200
    (host.public / "head.json").unlink()
    assert client.get(record(OTHER)).status_code == 503
    other = Jinkui(tmp_path / "other", host.jinkui.capsys)
    other("init")
    other("opening", "publish")
    shutil.copy(other.home / "public/head.json", host.public)
    assert client.get(record(OTHER)).status_code == 503


def test_what_is_taken_back_on_the_host_alone_leaves_the_rest_where_it_is(host: Host) -> None:
    client, views = host.client(), host.views
    views.remove(views.ids()[0])
    assert sorted(client.get(record(code)).status_code for code in (CLOSING, OTHER)) == [200, 404]


def test_the_key_does_not_lie_in_what_it_vouches_for(host: Host) -> None:
    site = Jinkui(host.folder, host.jinkui.capsys)
    shutil.copy(host.key, host.public)
    within, empty = host.public / "archive.pub", host.folder / "empty"
    told = site("serve", "--public", str(host.public), "--key", str(within), code=2)
    assert "outside what is published" in told
    empty.write_text("")
    told = site("serve", "--public", str(host.public), "--key", str(empty), code=8)
    assert "no public key of checkpoints" in told
