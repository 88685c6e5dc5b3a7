"""A home is backed up as it was at one moment, whatever other commands do to it meanwhile."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath

import pytest

from archives.errors import JinkuiError, StorageError
from cli.frame.output import Output
from cli.home.backup.copying import back_up
from cli.home.backup.folder import read_backup
from cli.home.backup.restoring import plan_restoring
from cli.home.home import Home, open_home
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_homes import STORES, lose, restore, with_state
from tests.test_cli.test_commands.test_one_store import CLOSED

WORDS = "a long passphrase"


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_state, tmp_path, capsys)


@contextmanager
def opened(jinkui: Jinkui) -> Iterator[Home]:
    """Give the home."""
    with open_home(jinkui.home, Output("en", as_json=True)) as home:
        yield home


def test_every_backup_that_is_made_beside_other_commands_can_be_gone_on_from(jinkui: Jinkui, tmp_path: Path) -> None:
    is_over, made, wrong = threading.Event(), [], []

    def go_on_backing_up() -> None:
        while not is_over.is_set():
            try:
                with opened(jinkui) as home:
                    made.append(back_up(home, tmp_path / "usb", passphrase=WORDS).backup)
            except JinkuiError as failure:
                wrong.append(failure)
                return

    beside = threading.Thread(target=go_on_backing_up)
    beside.start()
    for number in range(6):
        jinkui("hold", "place", CLOSED, "--reason", f"case {number}")
        jinkui("api-key", "add", f"client {number}")
    jinkui("key", "rotate")
    is_over.set()
    beside.join()
    assert not wrong
    places = {name: str(jinkui.home / "stores" / name) for name in STORES}
    for backup in made[:-1]:
        found = read_backup(backup.folder)
        try:
            plan = plan_restoring(tmp_path / "other", found, passphrase=WORDS, places=places, without=())
        except JinkuiError as replaced:
            assert "replaced" in replaced.message.text("en")  # the key, after this backup
        else:
            assert plan.gone_on >= 0
        with closing(sqlite3.connect(found.place(PurePosixPath("work.db")))) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_is_not_committed_is_not_backed_up(jinkui: Jinkui, tmp_path: Path) -> None:
    with opened(jinkui) as home, home.work.transaction() as connection:
        connection.execute("INSERT INTO api_key VALUES ('half', 'x', 'y')")
        done = back_up(home, tmp_path / "usb", passphrase=WORDS)
    with closing(sqlite3.connect(done.backup.place(PurePosixPath("work.db")))) as copy:
        assert copy.execute("SELECT user FROM api_key").fetchall() == [("watch",)]


def test_a_key_that_is_just_taking_the_place_of_another_is_backed_up(jinkui: Jinkui, tmp_path: Path) -> None:
    keys = jinkui.home / "keys"
    former = (keys / "archive.pem").read_bytes()
    jinkui("key", "rotate")
    (keys / "archive.pem").rename(keys / "archive-next.pem")
    (keys / "archive.pem").write_bytes(former)
    (keys / "archive.pem").chmod(0o600)
    with opened(jinkui) as home:
        done = back_up(home, tmp_path / "usb", passphrase=WORDS)
    assert done.has_key
    restore(jinkui, done.backup.folder, *lose(jinkui))
    jinkui("hold", "place", CLOSED, "--reason", "case")
    assert jinkui.json("key", "show")["former"]


def test_a_home_without_its_key_is_backed_up_and_it_is_said(jinkui: Jinkui, tmp_path: Path) -> None:
    (jinkui.home / "keys/archive.pem").unlink()
    with opened(jinkui) as home:
        done = back_up(home, tmp_path / "usb", passphrase=WORDS)
    assert not done.has_key
    assert "rebuild --key" in restore(jinkui, done.backup.folder, *lose(jinkui), code=3)["error"]["advice"]


def test_a_damaged_database_is_no_backup(jinkui: Jinkui, tmp_path: Path) -> None:
    (jinkui.home / "work.db").write_bytes(b"no database" * 1000)
    with opened(jinkui) as home, pytest.raises(StorageError) as failure:
        back_up(home, tmp_path / "usb", passphrase=WORDS)
    assert failure.value.subject.endswith("work.db")
    assert list((tmp_path / "usb").iterdir()) == []


def test_a_home_that_never_wrote_a_working_state_is_backed_up(jinkui: Jinkui, tmp_path: Path) -> None:
    (jinkui.home / "work.db").unlink()
    shutil.rmtree(jinkui.home / "checkpoints")
    with opened(jinkui) as home:
        done = back_up(home, tmp_path / "usb", passphrase=WORDS)
    restore(jinkui, done.backup.folder, *lose(jinkui))
