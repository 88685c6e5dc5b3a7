"""A message is one sentence in both languages, in which the words go with the numbers."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archives.message import message
from tests.support.places import ROOT

_COUNTED = re.compile(
    r"\{(?:n|m|k|files|copies|bytes|rows|pages)\} (?:open |damaged |more |other )?"
    r"(?:records|hits|pages|findings|batches|copies|files|units|rows|packages|entries|persons|signatures|stores|hours|days)\b"
)


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 records are in"), (1, "1 record is in"), (2, "2 records are in"), ("1,234", "1,234 records are in")]
)  # fmt: skip
def test_a_word_goes_with_its_number(number: int | str, said: str) -> None:
    found = message("{n} 件已入库", "{n} {n:record|records} {n:is|are} in", n=number)
    assert found.text("en") == said
    assert found.text("zh") == f"{number} 件已入库"


def test_a_value_with_a_stroke_or_a_brace_is_inserted_unchanged() -> None:
    found = message("{code}：{n} 页", "{code}: {n} {n:page|pages}", code="a|{b}", n=1)
    assert found.text("en") == "a|{b}: 1 page"


def test_a_message_within_one_is_shown_in_the_language_of_its_reader() -> None:
    inner = message("{n} 页", "{n} {n:page|pages}", n=1)
    outer = message("{what}，{k} 处", "{what}, {k} {k:hit|hits}", what=inner, k=2)
    assert (outer.text("en"), outer.text("zh")) == ("1 page, 2 hits", "1 页，2 处")


def texts(path: Path) -> Iterator[str]:
    """Yield the texts of a module that are put together of no others."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("room", ["cli", "search/doors", "archives/journal"])
def test_no_sentence_that_people_are_told_counts_one_as_many(room: str) -> None:
    found = [
        f"{path.name}: {one}" for path in (ROOT / room).rglob("*.py") for one in texts(path) if _COUNTED.search(one)
    ]
    assert found == []
