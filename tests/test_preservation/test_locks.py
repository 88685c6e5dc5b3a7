"""Locks between processes: held for the work, and let go of when it ends."""

from pathlib import Path

import pytest

from preservation.archive import Archive
from preservation.locks import Locks
from tests.support.command_line import Jinkui


def test_a_command_that_ended_or_failed_holds_no_lock_while_its_objects_live_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Archive] = []
    begin = Archive.begin_writing

    def remembered(archive: Archive) -> None:
        opened.append(archive)
        begin(archive)

    monkeypatch.setattr(Archive, "begin_writing", remembered)
    jinkui = Jinkui(tmp_path / "home", capsys)
    jinkui("init")
    jinkui("repository", "add", "990001", "--name", "馆")
    jinkui("hold", "lift", "nothing", "--reason", "结案", code=4)
    assert len(opened) == 2
    alone = Locks(jinkui.home / "locks")
    assert alone.join_writers()
    alone.leave_writers()


def test_leaving_is_no_fault_when_nobody_joined(tmp_path: Path) -> None:
    locks = Locks(tmp_path)
    locks.leave_writers()
    assert locks.join_writers()
    locks.leave_writers()
    locks.leave_writers()


def test_what_goes_on_is_seen_by_others_for_as_long_as_it_does(tmp_path: Path) -> None:
    ours, theirs = Locks(tmp_path), Locks(tmp_path)
    assert not theirs.is_under_way("audit")
    with ours.under_way("audit"), Locks(tmp_path).under_way("audit"):
        assert theirs.is_under_way("audit")
        assert not theirs.is_under_way("checkpoint")
    assert not theirs.is_under_way("audit")
