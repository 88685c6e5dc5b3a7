"""Files are taken away from a host's copy only as the archive signed them, and while both machines' settings let them be."""

from pathlib import Path

import pytest

from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_closing import CLOSING, opened
from tests.test_cli.test_commands.test_serve import Host, Sites, sites

__all__ = ["sites"]
LENT = '\n[[portal.repositories]]\ncode = "990001"\ndownloads = true\n'


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(opened, tmp_path / "archive", capsys)


def lend(home: Path) -> None:
    """Let readers take files away, by the settings."""
    settings = home / "jinkui.toml"
    settings.write_text(settings.read_text("utf-8") + LENT, "utf-8")


def pdfs(home: Path) -> list[Path]:
    """Return the PDF files that are published."""
    return sorted((home / "public").rglob("*.pdf"))


def test_files_are_made_when_the_settings_say_so_and_removed_when_they_do_not(jinkui: Jinkui) -> None:
    settings = jinkui.home / "jinkui.toml"
    before = settings.read_text("utf-8")
    jinkui("opening", "publish")
    assert pdfs(jinkui.home) == []
    lend(jinkui.home)
    jinkui("opening", "publish")
    made = pdfs(jinkui.home)
    assert len(made) == 2
    assert all(path.read_bytes().startswith(b"%PDF-") for path in made)
    jinkui("opening", "publish")
    assert pdfs(jinkui.home) == made
    jinkui("opening", "withdraw", CLOSING, "--reason", "mistake")
    assert len(pdfs(jinkui.home)) == 1
    settings.write_text(before, "utf-8")
    jinkui("opening", "publish")
    assert pdfs(jinkui.home) == []


def test_a_host_sends_what_was_signed_while_its_own_settings_let_it(jinkui: Jinkui, sites: Sites) -> None:
    lend(jinkui.home)
    host = Host(jinkui, sites)
    client = host.client()
    (path, *_) = sorted((host.public / "images").rglob("*.pdf"))
    address = f"/files/{path.parent.name}/record.pdf"
    assert client.get(address).content == path.read_bytes()
    assert client.get(address, headers={"range": "bytes=0-4"}).content == b"%PDF-"
    settings = host.folder / "jinkui.toml"
    chosen = settings.read_text("utf-8")
    settings.write_text(chosen.replace("downloads = true", "downloads = false"), "utf-8")
    assert client.get(address).status_code == 404
    settings.write_text(chosen, "utf-8")
    assert client.get(address).status_code == 200
    path.write_bytes(path.read_bytes() + b"more")
    assert client.get(address).status_code == 404
    assert host.client(is_pinned=False).get(address).status_code == 200
