"""A closing works whatever else is wrong: measured on the public site, within its own command."""

import csv
import fcntl
import os
import resource
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest
from fastapi.testclient import TestClient

from archives.message import message
from cli import wiring
from cli.home import closing as closing_command
from cli.home.home import Home
from preservation.archive import Archive
from preservation.journal.ledger import Ledger
from search.doors.portal.app import create_app
from search.index.embedded import EmbeddedIndex
from search.published import closing, views
from search.published.marks import Marks
from search.published.views import PublishedViews
from tests.support.batches import make_batch
from tests.support.command_line import Jinkui, Prepared
from tests.support.trouble import away, text_damaged

CLOSING, OTHER, CLOSED = (f"Z109-WS·1980·Y·BGS-000{number}" for number in (1, 2, 3))
HEAD = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")


def decide(folder: Path, *rows: tuple[str, ...]) -> Path:
    """Write a decision sheet; a row is a code, its conclusion, its day and its scope."""
    path = folder / "decisions.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = [(c, said, "第二十七条", "甲", "乙", "2021-09-01", day, scope) for c, said, day, scope in rows]
        csv.writer(file).writerows([HEAD, *lines])
    return path


def opened(jinkui: Jinkui) -> None:
    """Make an archive with two open records and a closed one."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆", "--name-en", "Linglan", "--kind", "馆")
    rows = [(code, f"Flood report {code[-1]}", "1980", "永久", "英语", "1") for code in (CLOSING, OTHER, CLOSED)]
    jinkui("ingest", str(make_batch(jinkui.home.parent / "batch", rows)), code=12)
    sheet = decide(jinkui.home.parent, *((code, "开放", "2021-09-01", "全文") for code in (CLOSING, OTHER)))
    jinkui("opening", "apply", str(sheet))


class Site:
    """The public site of a home, in a process of its own as far as its databases go."""

    def __init__(self, home: Path) -> None:
        public = home / "public"
        self.views = PublishedViews(public / "public.db", today=wiring.today)
        index = EmbeddedIndex(public / "index.db")
        app = create_app(self.views, index, public / "images", site_name=message("金匮", "Jinkui"))
        self.client = TestClient(app, headers={"accept-language": "en"}, raise_server_exceptions=False)
        self.images = [f"/images/{path.parent.name}/{path.name}" for path in (public / "images").rglob("*.jpg")]
        (view_id,) = (
            i for i in self.views.ids() if (v := self.views.get_by_id(i)) and v.said("archival_code") == CLOSING
        )
        self.view_id = view_id

    def page(self, code: str) -> int:
        """Return the status of a record's page."""
        return self.client.get(f"/records/990001/{code}").status_code

    def image(self) -> int:
        """Return the status of the image of the record that closes."""
        (path,) = (path for path in self.images if self.view_id in path)
        return self.client.get(path).status_code

    def searched(self) -> str:
        """Return what the search answers."""
        return self.client.get("/search", params={"q": "flood"}).text


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(opened, tmp_path, capsys)


@pytest.fixture
def site(jinkui: Jinkui) -> Iterator[Site]:
    site = Site(jinkui.home)
    assert (site.page(CLOSING), site.image(), site.page(OTHER)) == (200, 200, 200)
    assert "2 records, 2 matching pages" in site.searched()
    yield site
    site.views.close()


@contextmanager
def replaced(path: Path, data: bytes) -> Iterator[None]:
    """Let a file hold other bytes."""
    before = path.read_bytes()
    path.write_bytes(data)
    yield
    path.write_bytes(before)


@contextmanager
def elasticsearch(home: Path, port: int) -> Iterator[None]:
    """Let the indexes be in an Elasticsearch on a port, which does not answer."""
    path = home / "jinkui.toml"
    before = path.read_text("utf-8")
    lines = [line for line in before.splitlines() if not line.startswith(("elasticsearch =", "timeout-seconds ="))]
    at = lines.index("[search]") + 1
    lines[at:at] = [f'elasticsearch = "http://127.0.0.1:{port}"', "timeout-seconds = 0.5"]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    yield
    path.write_text(before, "utf-8")


@contextmanager
def elasticsearch_killed(home: Path) -> Iterator[None]:
    """Let nobody listen where Elasticsearch should be."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with elasticsearch(home, unused.getsockname()[1]):
            yield


@contextmanager
def elasticsearch_hanging(home: Path) -> Iterator[None]:
    """Let something listen that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as deaf, elasticsearch(home, deaf.getsockname()[1]):
        yield


@contextmanager
def being_read(path: Path) -> Iterator[None]:
    """Hold a database as a reader does, so that nobody can write."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(views, "WRITE_SECONDS", 0.2)
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM view").fetchone()
        yield
        reader.close()


@contextmanager
def disk_full(_: Path) -> Iterator[None]:
    """Let no byte be written to any file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def image_stays(_: Path) -> Iterator[None]:
    """Let no image be deleted."""
    unlink = os.unlink

    def refuse(path: str, *, dir_fd: int | None = None) -> None:
        if str(path).endswith(".jpg"):
            raise PermissionError(1, "Operation not permitted", str(path))
        unlink(path, dir_fd=dir_fd)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "unlink", refuse)
        yield


@contextmanager
def every_lock_held(home: Path) -> Iterator[None]:
    """Hold every lock of the archive."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(closing_command, "_TRIES", 2)
        held = [(home / "locks" / f"{name}.lock").open("w") for name in ("writers", "journal")]
        for file in held:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
        for file in held:
            file.close()


def stores(home: Path) -> Path:
    """Return where the stores lie."""
    return home / "stores"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, how the command ends then, what it says is owed, and what the site answers for the page."""

    begin: Callable[[Path], AbstractContextManager[None]]
    code: int
    owed: set[str]
    page: int = 404


JUNK = b"no database" * 500
TROUBLES = {
    "Elasticsearch killed": Trouble(elasticsearch_killed, 11, {"index", "reconcile"}),
    "Elasticsearch hanging": Trouble(elasticsearch_hanging, 11, {"index", "reconcile"}),
    "staff index damaged": Trouble(lambda home: replaced(home / "staff-index.db", JUNK), 11, {"reconcile"}),
    "public index damaged": Trouble(lambda home: replaced(home / "public/index.db", JUNK), 11, {"index", "reconcile"}),
    "catalogue damaged": Trouble(lambda home: replaced(home / "catalogue.db", JUNK), 9, {"reconcile"}),
    "public.db damaged": Trouble(
        lambda home: replaced(home / "public/public.db", JUNK), 11, {"view", "reconcile"}, page=503
    ),
    "public.db being read": Trouble(lambda home: being_read(home / "public/public.db"), 11, {"view", "reconcile"}),
    "one store away": Trouble(lambda home: away(stores(home) / "second"), 9, {"journal", "reconcile"}),
    "all stores away": Trouble(
        lambda home: away(stores(home) / "first", stores(home) / "second"), 9, {"journal", "reconcile"}
    ),
    "disk full": Trouble(disk_full, 9, {"journal", "reconcile", "view", "index"}),
    "another record's text damaged": Trouble(partial(text_damaged, code=CLOSED), 0, set()),
    "an image that stays": Trouble(image_stays, 11, {"images"}),
    "every lock held": Trouble(every_lock_held, 6, {"journal", "reconcile"}),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_a_closing_works_whatever_is_wrong_and_says_what_is_owed(jinkui: Jinkui, site: Site, name: str) -> None:
    trouble = TROUBLES[name]
    with trouble.begin(jinkui.home):
        said = jinkui.json("opening", "withdraw", CLOSING, "--reason", "mistake", code=trouble.code)
        assert said["closed"] is True
        assert {owed["step"] for owed in said["owed"]} == trouble.owed, said
        assert site.page(CLOSING) == trouble.page
        assert site.image() == trouble.page
        assert "report 1" not in site.searched()
        assert site.page(OTHER) == (200 if trouble.page == 404 else trouble.page)
        if trouble.page == 404 and "index" not in trouble.owed:
            assert "1 record, 1 matching page" in site.searched()
    again = jinkui.json("opening", "withdraw", CLOSING, "--reason", "mistake")
    assert (again["closed"], again["owed"]) == (True, [])
    assert list((jinkui.home / "public" / "closed").iterdir()) == []
    assert not (jinkui.home / "public" / "images" / site.view_id).exists()
    assert (site.page(CLOSING), site.image(), site.page(OTHER)) == (404, 404, 200)
    assert "1 record, 1 matching page" in site.searched()


class KilledError(BaseException):
    """The process is gone."""


STEPS = (
    (Marks, "put"),
    (PublishedViews, "remove"),
    (closing, "remove_images"),
    (EmbeddedIndex, "replace"),
    (Ledger, "append"),
    (Archive, "begin_writing"),
    (Home, "follow"),
)


@pytest.mark.parametrize(("place", "step"), STEPS, ids=[step for _, step in STEPS])
def test_what_was_killed_after_a_step_stays_closed(jinkui: Jinkui, site: Site, place: object, step: str) -> None:
    does = getattr(place, step)

    def kill(*given: object, **named: object) -> NoReturn:
        does(*given, **named)
        raise KilledError

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(place, step, kill)
        with pytest.raises(KilledError):
            jinkui("opening", "withdraw", CLOSING, "--reason", "mistake")
    for _ in range(2):
        assert (site.page(CLOSING), site.image(), site.page(OTHER)) == (404, 404, 200)
        assert "1 record, 1 matching page" in site.searched()
        jinkui("search", "flood")  # brings what is public up to the journal, which may not know of the closing yet
    assert jinkui.json("opening", "withdraw", CLOSING, "--reason", "mistake")["owed"] == []
    assert list((jinkui.home / "public" / "closed").iterdir()) == []
    assert (site.page(CLOSING), site.page(OTHER)) == (404, 200)


def test_without_public_db_and_catalogue_the_code_is_closed(jinkui: Jinkui, site: Site) -> None:
    stores_away = away(stores(jinkui.home) / "first", stores(jinkui.home) / "second")
    with replaced(jinkui.home / "public/public.db", JUNK), stores_away:
        said = jinkui.json("opening", "withdraw", CLOSING, "--reason", "mistake", code=9)
        assert said["closed"] is True
    assert (site.page(CLOSING), site.image(), site.page(OTHER)) == (404, 404, 200)
    assert "1 record, 1 matching page" in site.searched()
    assert jinkui.json("opening", "withdraw", CLOSING, "--reason", "mistake")["owed"] == []
    assert list((jinkui.home / "public" / "closed").iterdir()) == []
    assert site.page(CLOSING) == 404


def test_a_record_is_closed_by_a_code_that_it_had_with_nothing_but_what_is_published(
    jinkui: Jinkui, site: Site
) -> None:
    number = "Z109-WS·1980·Y·BGS-0009"
    jinkui("renumber", CLOSING, number, "--reason", "mistake in the inventory")
    assert site.page(number) == 200
    with away(stores(jinkui.home) / "first", stores(jinkui.home) / "second"):
        jinkui("opening", "withdraw", CLOSING, "--reason", "mistake", code=9)
    assert (site.page(number), site.page(OTHER)) == (404, 200)
    assert jinkui.json("opening", "withdraw", CLOSING, "--reason", "mistake")["owed"] == []
    assert (site.page(number), site.page(OTHER)) == (404, 200)


def test_what_was_closed_can_be_opened_again(jinkui: Jinkui, site: Site, tmp_path: Path) -> None:
    jinkui("opening", "withdraw", CLOSING, "--reason", "mistake")
    jinkui("opening", "apply", str(decide(tmp_path, (CLOSING, "开放", "2022-09-01", "全文"))))
    assert (site.page(CLOSING), site.image()) == (200, 200)
    assert "2 records, 2 matching pages" in site.searched()


def test_a_code_in_no_record_closes_nothing(jinkui: Jinkui) -> None:
    jinkui("opening", "withdraw", "Z109-1", "--reason", "mistake", code=4)
    assert not (jinkui.home / "public" / "closed").exists()


def test_a_closing_decision_closes_before_it_is_recorded(jinkui: Jinkui, site: Site, tmp_path: Path) -> None:
    sheet = str(decide(tmp_path, (CLOSING, "不开放", "", ""), ("Z109-1", "不开放", "", "")))
    with away(stores(jinkui.home) / "second"):
        assert "1 record is closed to the public" in jinkui("opening", "apply", sheet, code=9)
        assert (site.page(CLOSING), site.image(), site.page(OTHER)) == (404, 404, 200)
        assert "1 record, 1 matching page" in site.searched()
    jinkui("opening", "apply", sheet, code=12)
    assert list((jinkui.home / "public" / "closed").iterdir()) == []
    assert (site.page(CLOSING), site.page(OTHER)) == (404, 200)
    assert not (jinkui.home / "public" / "images" / site.view_id).exists()


def test_what_is_due_opens_and_closes_with_only_the_schedule(
    jinkui: Jinkui, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jinkui("opening", "apply", str(decide(tmp_path, (CLOSED, "开放", "2099-09-01", "全文"))))
    assert site.page(CLOSED) == 404
    monkeypatch.setattr(wiring, "today", lambda: date(2099, 9, 1))
    assert jinkui.json("opening", "publish")["published"] == 1
    assert site.page(CLOSED) == 200


def test_a_closing_on_a_day_to_come_is_obeyed_with_only_the_site_running(
    jinkui: Jinkui, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    jinkui("opening", "withdraw", CLOSING, "--reason", "mistake", "--on", "2099-09-01")
    assert (site.page(CLOSING), site.image()) == (200, 200)
    monkeypatch.setattr(site.views, "_today", lambda: date(2099, 9, 1))
    assert (site.page(CLOSING), site.image(), site.page(OTHER)) == (404, 404, 200)
    assert "1 record, 1 matching page" in site.searched()
