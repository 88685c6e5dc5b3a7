"""A home is moved away by a backup; killed at any moment it goes on, or it retired, a whole backup lies there, and that is said."""

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from cli.home.backup.folder import read_backup
from cli.home.carried import retired_since
from cli.main import run
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_homes import lose, restore, with_state
from tests.test_cli.test_commands.test_one_store import CLOSED

CHANGES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate", "os.chmod"}
WORDS = "a long passphrase"
KILLED = 99
Details = tuple[object, ...]


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_state, tmp_path, capsys)


def moving(jinkui: Jinkui) -> tuple[str, ...]:
    folder = jinkui.home.parent
    return ("home", "backup", str(folder / "usb"), "--move", "--passphrase-file", str(folder / "words"))


def killed(jinkui: Jinkui, is_the_moment: Callable[[str, Details], bool]) -> bool:
    """Run the move in a process that ends at once before a change of a file; say whether it came so far."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
    place = str(jinkui.home.parent)

    def watch(event: str, details: Details) -> None:
        if event in CHANGES and any(str(one).startswith(place) for one in details):
            flags = details[2] if event == "open" else os.O_WRONLY
            if (
                isinstance(flags, int)
                and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
                and is_the_moment(event, details)
            ):
                os._exit(KILLED)

    try:
        sys.addaudithook(watch)
        run(["--home", str(jinkui.home), *moving(jinkui)])
    except BaseException:  # nothing of the tests goes on in here
        traceback.print_exc()
    os._exit(0)


def nth_change(number: int) -> Callable[[str, Details], bool]:
    left = count(1)
    return lambda *_: next(left) >= number


def before_the_backup_counts(event: str, details: Details) -> bool:
    return event == "os.rename" and str(details[0]).endswith(".part")


def backups(jinkui: Jinkui) -> Iterator[Path]:
    yield from sorted((jinkui.home.parent / "usb").glob("jinkui-*"))


def test_a_move_that_is_killed_at_any_change_of_a_file_goes_on_or_says_what_goes_on(
    prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = set()
    for number in range(1, 1000):
        (tmp_path / str(number)).mkdir()
        jinkui = prepared.copy(with_state, tmp_path / str(number), capsys)
        if not killed(jinkui, nth_change(number)):
            break
        about = f"killed before change {number}"
        whole = [read_backup(place) for place in backups(jinkui)]
        seen.add((bool(retired_since(jinkui.home)), bool(whole)))
        if not retired_since(jinkui.home):
            assert whole == [], f"{about}: a backup says that the home retired, which goes on"
            continue
        commands = {one["command"] for one in jinkui.json("status", code=12)["needs"]}
        go_on = f"jinkui home backup {jinkui.home.parent / 'usb'} --move"
        if not whole:
            (beside,) = (jinkui.home.parent / "usb").glob(".*.part")
            assert read_backup(beside).opened(WORDS), f"{about}: retired without a whole backup"
            assert go_on in commands, about
            assert go_on in {one["advice"].removeprefix("run ").removesuffix(" again") for one in jinkui.json("doctor")["checks"] if one["name"] == "moving"}, about  # fmt: skip
        else:
            assert go_on not in commands, f"{about}: it is done"
    else:
        pytest.fail("it never came to its end")
    assert seen == {(False, False), (True, False), (True, True)}


@pytest.mark.parametrize("how", ["again", "resume"])
def test_a_move_that_was_killed_when_the_home_had_retired_is_gone_on_with_or_taken_back(
    jinkui: Jinkui, how: str
) -> None:
    assert killed(jinkui, before_the_backup_counts)
    assert "not finished" in needed(jinkui)
    if how == "resume":
        jinkui("home", "resume", "--yes")
        jinkui("hold", "place", CLOSED, "--reason", "case")
        assert "not finished" not in needed(jinkui)
        return
    done = jinkui.json(*moving(jinkui))
    assert list(backups(jinkui)) == [Path(done["backup"])]
    assert not list((jinkui.home.parent / "usb").glob(".*"))
    assert "not finished" not in needed(jinkui)
    restore(jinkui, Path(done["backup"]), *lose(jinkui))
    jinkui("hold", "place", CLOSED, "--reason", "case")


def needed(jinkui: Jinkui) -> str:
    return " ".join(one["message"] for one in jinkui.json("status", code=12)["needs"])


def test_a_move_that_fails_leaves_the_home_at_work(jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "no space left")

    with monkeypatch.context() as failing:
        failing.setattr(Path, "rename", refuse)
        jinkui(*moving(jinkui), code=9)
    assert list((jinkui.home.parent / "usb").iterdir()) == []
    jinkui("hold", "place", CLOSED, "--reason", "case")
    assert jinkui.json("status", code=12)["retired_at"] is None
