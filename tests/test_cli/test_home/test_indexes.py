"""Which indexes a home keeps."""

import re
from pathlib import Path

import pytest

from cli.home.home import Home
from search.index.memory import MemoryIndex
from tests.support.command_line import Jinkui
from tests.support.homes import quiet


def test_an_index_of_before_elasticsearch_does_not_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "home"
    jinkui = Jinkui(folder, capsys)
    jinkui("init")
    jinkui("rebuild")
    left = sorted(path.relative_to(folder) for path in folder.rglob("*index.db"))
    assert len(left) == 2
    settings = folder / "jinkui.toml"
    text = settings.read_text("utf-8")
    settings.write_text(re.sub(r"(?m)^elasticsearch = .*", 'elasticsearch = "http://127.0.0.1:9"', text), "utf-8")
    monkeypatch.setattr(Home, "_index", lambda *_, **__: MemoryIndex())
    with quiet(folder) as home:
        home.follow()
    assert not [path for path in left if (folder / path).exists()]
