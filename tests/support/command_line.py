"""The jinkui command run in this process, as tests run it."""

import json
from pathlib import Path
from typing import Any

import pytest

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
        return out or err

    def json(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Run a command and read its one JSON document."""
        document: dict[str, Any] = json.loads(self(*arguments, "--json", code=code))
        return document
