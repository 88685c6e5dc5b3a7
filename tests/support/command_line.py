"""The jinkui command run in this process, as tests run it."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from cli.commands.table import TABLE
from cli.frame.commands import Group
from cli.main import run


class Jinkui:
    """Runs commands on one home, in this process."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.capsys = capsys

    def __call__(self, *arguments: str, code: int = 0, lang: str = "en") -> str:
        """Run a command, require its exit code, return standard output (or error, when that is all there is)."""
        self.capsys.readouterr()
        got = run(["--home", str(self.home), "--lang", lang, *arguments])
        out, err = self.capsys.readouterr()
        assert got == code, f"{arguments}: {got}\n{out}\n{err}"
        assert got in exits_of(arguments, else_=got), f"{arguments}: the help names no exit code {got}"
        return out or err

    def json(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Run a command and read its one JSON document."""
        document: dict[str, Any] = json.loads(self(*arguments, "--json", code=code))
        return document


class Prepared:
    """Homes made once in a process, with what lies beside them, and copied for every test that begins with one."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._made: dict[str, Path] = {}

    def copy(
        self, make: Callable[[Jinkui], None], target: Path, capsys: pytest.CaptureFixture[str], *, name: str = "home"
    ) -> Jinkui:
        """Return a home like the one that ``make``, a top-level function, makes from a new one."""
        key = f"{make.__module__}.{make.__qualname__}"
        if key not in self._made:
            folder = self._place / str(len(self._made))
            jinkui = Jinkui(folder / name, capsys)
            jinkui("init")
            make(jinkui)
            self._made[key] = folder
        shutil.copytree(self._made[key], target, symlinks=True, dirs_exist_ok=True)
        return Jinkui(target / name, capsys)


def just_begun(_: Jinkui) -> None:
    """Begin with what ``init`` makes."""


def exits_of(arguments: Sequence[str], *, else_: int) -> set[int]:
    """Return the exit codes that the help of a command names, ``else_`` alone when no command is named."""
    entry = next((entry for entry in TABLE if [entry.name] == list(arguments[:1])), None)
    if isinstance(entry, Group):
        entry = next((row for row in entry.rows if [row.name] == list(arguments[1:2])), entry)
    command = entry.load() if entry else None
    return {one.code for one in command.exits} if command and command.exits[1:] else {else_}
