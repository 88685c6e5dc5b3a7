"""Marks of the state that a sheet was written at: what a cell says comes back, whatever a spreadsheet does to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preservation.actions.units.history import Mark, mark_text, parse_mark


@given(st.integers(1, 999_999))
def test_a_revision_and_a_version_come_back(number: int) -> None:
    assert parse_mark(mark_text(Mark(number))) == Mark(number)
    assert parse_mark(mark_text(Mark(0, number))) == Mark(0, number)


def test_what_only_the_journal_says_is_the_first_revision() -> None:
    assert mark_text(Mark(0)) == "1"


@pytest.mark.parametrize("text", ["", "x", "1.5", "v", "-1", "1234567", "修订"])
def test_what_is_no_mark_is_none(text: str) -> None:
    assert parse_mark(text) is None
