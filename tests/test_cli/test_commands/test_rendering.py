"""Sizes and durations as people read them."""

import re

import pytest

from cli.commands.record.rendering import EVENTS, duration_text, size_text
from tests.support.places import ROOT


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (300 << 10, "300 KiB"), (5 << 20, "5 MiB"), (3 << 40, "3 TiB")],
)
def test_a_size_is_told_in_the_largest_unit_of_which_there_is_one(size_bytes: int, text: str) -> None:
    assert size_text(size_bytes) == text


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [(4.4, "4 s", "4 秒"), (119, "119 s", "119 秒"), (600, "10 min", "10 分"), (9000, "2 h 30 min", "2 小时 30 分")],
)
def test_a_duration_is_told_in_units_that_say_something(seconds: float, english: str, chinese: str) -> None:
    told = duration_text(seconds)
    assert (told.text("en"), told.text("zh")) == (english, chinese)


def test_every_event_that_a_package_tells_has_a_word_in_chinese() -> None:
    told = re.findall(r'Event\("([^"]+)"', (ROOT / "ingest" / "package.py").read_text("utf-8"))
    assert "ingestion" in told
    assert [one for one in told if one not in EVENTS] == []
