"""Progress: on a terminal a line that is written over itself, in a log nothing."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from archives.errors import StorageError
from archives.message import message
from cli.frame import progress
from cli.frame.output import Output, Result, Table
from cli.frame.progress import duration

CLEAR = b"\r\x1b[K"


class Terminal:
    """A terminal: what a program writes to it can be read until something stands there."""

    def __init__(self) -> None:
        self._ours, theirs = os.openpty()
        self.stream: TextIO = os.fdopen(theirs, "w", encoding="utf-8")
        self.seen = b""

    def until(self, words: str) -> bytes:
        """Read until words have come."""
        while words.encode() not in self.seen:
            self.seen += os.read(self._ours, 4096)
        return self.seen

    def close(self) -> None:
        """Take it away."""
        self.stream.close()
        os.close(self._ours)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0.001)
    monkeypatch.setattr(progress, "_BEAT_SECONDS", 0.001)
    one = Terminal()
    yield one
    one.close()


def test_a_terminal_is_told_how_far_the_work_is_and_the_line_goes_when_it_ends(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", terminal.stream)  # here: pytest takes it back between a fixture and its test
    output = Output("en", as_json=False)
    with output.at_work(message("在忙", "at work: jinkui audit")):
        terminal.until("at work: jinkui audit · 0 s")
        output.progress(message("第 {n}", "copy {n}", n=7))
        terminal.until("copy 7 · 0 s")
        output.say(message("请看", "look here"))
        seen = terminal.until("look here")
        assert CLEAR + b"look here" in seen
    output.say(message("完", "all done"))
    assert CLEAR + b"all done" in terminal.until("all done")


def test_after_a_rest_nothing_is_drawn_any_more(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal.stream)
    output = Output("zh", as_json=False)
    with output.at_work(message("在忙", "at work")):
        terminal.until("在忙 · 0 秒")
        output.rest()
        output.progress(message("再忙", "more"))
        output.say(message("没有尽头", "no end"))
        assert "再忙".encode() not in terminal.until("没有尽头")


def test_a_log_is_told_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output("en", as_json=False)
    with output.at_work(message("在忙", "at work")):
        output.progress(message("第一", "first"))
    assert capsys.readouterr() == ("", "")


def test_time_is_said_as_people_say_it() -> None:
    assert [str(duration(n)) for n in (0, 59, 61, 3_600, 7_325)] == [
        "0 s",
        "59 s",
        "1 min 1 s",
        "1 h 0 min",
        "2 h 2 min",
    ]


def test_an_answer_is_shown_though_its_report_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for as_json in (True, False):
        output = Output("en", as_json=as_json, report=tmp_path / "gone" / "report.csv")
        table = Table(message("表", "table"), (message("列", "column"),), (("x",),))
        with pytest.raises(StorageError):
            output.show(Result({"done": 1}, (table,)))
        out, err = capsys.readouterr()
        assert ('"done": 1' if as_json else "column") in out
        assert err == ""
        assert not output.as_json
