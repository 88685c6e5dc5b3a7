"""The year of a record that nobody stated is that of its date, and is said to be; what somebody stated stays."""

from dataclasses import replace

import pytest

from archives.record.dates.parse import parse_record_date
from archives.record.dates.year import BY_DATE, with_year, year_after
from archives.record.description import Description
from archives.record.identifiers import reference_code

BARE = Description(reference_code("J019-2-15-附1"), "关于修渠的请示")


def dated(text: str, year: int | None = None) -> Description:
    """Return a description of that date and stated year."""
    return replace(BARE, formed=parse_record_date(text) if text else None, year=year)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("19980101", 1998),
        ("民国三十六年五月", 1947),
        ("19830104-19831220", 1983),
        ("[1952]", 1952),
        ("19831201-19840110", None),
        ("1990s", None),
        ("不详", None),
        ("", None),
    ],
)
def test_the_year_is_that_of_a_date_within_one(text: str, year: int | None) -> None:
    said = with_year(dated(text))
    assert (said.year, said.year_basis) == (year, BY_DATE if year else "")
    assert with_year(said) == said


def test_a_stated_year_stays_and_a_taken_one_follows_the_date() -> None:
    assert with_year(dated("19980101", 1997)) == dated("19980101", 1997)
    taken = with_year(dated("19980101"))
    later = year_after(replace(taken, formed=parse_record_date("19990101")), taken)
    assert (later.year, later.year_basis) == (1999, BY_DATE)
    assert year_after(replace(taken, year=1997), taken).year_basis == ""
    assert year_after(replace(taken, year=None), taken) == dated("19980101"), "emptied by somebody"
    assert year_after(dated("19980101"), dated("19980101")).year is None, "only what changes is said anew"
