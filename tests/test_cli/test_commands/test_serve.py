"""Serving reads what was published; with ``--public`` it opens nothing else."""

import shutil
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from search.doors.portal import connections
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_closing import CLOSING, opened

Sites = list[FastAPI]


@pytest.fixture
def sites(monkeypatch: pytest.MonkeyPatch) -> Sites:
    """The sites that were served; none of them waits for requests."""
    seen: Sites = []

    class Server:
        """A server that ends at once."""

        def run(self) -> None:
            """Serve nobody."""

    def site_server(app: FastAPI, host: str, port: int) -> Server:
        seen.append(app)
        return Server()

    monkeypatch.setattr(connections, "site_server", site_server)
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
