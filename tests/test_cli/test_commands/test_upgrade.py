"""An upgrade says what it would do and how long that takes, changes nothing by that, and then does it."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli.home.backup.waiting import RESTORED
from preservation.actions.journal.trial import Trial
from preservation.catalogue import tables
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_homes import back_up, with_state
from tests.test_cli.test_commands.test_one_store import OPEN


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_state, tmp_path, capsys)


def say(database: Path, statement: str) -> None:
    """Change a database as other software would have left it."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement)


def files(home: Path) -> dict[str, str]:
    """Return the digests of everything in a home but its locks."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and "locks" not in path.parts
    }


def test_an_upgrade_says_what_it_would_do_and_changes_nothing(jinkui: Jinkui) -> None:
    say(jinkui.home / "catalogue.db", f"UPDATE position SET schema = {tables.SCHEMA - 1}")
    say(jinkui.home / "staff-index.db", "UPDATE state SET schema = 1")
    say(jinkui.home / "work.db", "PRAGMA user_version = 2")
    before = files(jinkui.home)
    planned = jinkui.json("upgrade", "--dry-run")
    assert planned["made_again"] == ["catalogue", "indexes", "working_state"]
    assert planned["estimate"]["packages"] == 3
    assert planned["estimate"]["seconds_at_a_million_entries"] > planned["estimate"]["seconds"] > 0
    told = jinkui("upgrade", "--dry-run")
    assert "never backed up" in told
    assert "about" in told
    assert files(jinkui.home) == before


def test_an_upgrade_makes_what_is_of_another_form_again_and_nothing_twice(jinkui: Jinkui) -> None:
    say(jinkui.home / "catalogue.db", f"UPDATE position SET schema = {tables.SCHEMA - 1}")
    say(jinkui.home / "staff-index.db", "UPDATE state SET schema = 1")
    assert "it took" in jinkui("upgrade")
    assert jinkui.json("search", "report")["hits"]
    assert jinkui.json("show", OPEN)["archival_code"] == OPEN
    assert jinkui.json("upgrade")["made_again"] == []
    assert "estimate" not in jinkui.json("upgrade", "--dry-run")


def test_an_upgrade_says_when_the_home_was_backed_up(jinkui: Jinkui) -> None:
    backup = back_up(jinkui)
    assert str(backup) in jinkui("upgrade", "--dry-run")


def test_an_estimate_grows_with_the_journal_and_its_packages() -> None:
    tried = Trial(200_000, 20_000, 0.5, 40_000, 40, 0.2)
    assert tried.seconds == pytest.approx(5 + 5 + 400)
    assert tried.seconds_at_a_million == pytest.approx(5 + 25 + 2000)
    assert Trial(0, 0, 0.0, 0, 0, 0.0).seconds_at_a_million == 5


def test_whether_there_is_a_backup_is_said_in_the_words_of_doctor(jinkui: Jinkui) -> None:
    def said() -> str:
        (words,) = {one["message"] for one in jinkui.json("doctor")["checks"] if one["name"] == "backup"}
        return str(words)

    for how in (("--dry-run",), ()):
        assert said() in " ".join(jinkui("upgrade", *how).split())
    (jinkui.home / RESTORED).write_text("x jinkui-01234567-20260102T030405Z x\n", "utf-8")
    assert "restored from the backup of 2026-01-02" in said()
    for how in (("--dry-run",), ()):
        assert said() in " ".join(jinkui("upgrade", *how).split())
    back_up(jinkui)
    for how in (("--dry-run",), ()):
        assert "last backed up" in jinkui("upgrade", *how)
