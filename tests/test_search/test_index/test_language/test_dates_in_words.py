"""Days, months and decades in words are read as the search reads them in figures."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.index.language.dates_in_words import with_dates_in_figures
from search.index.language.suggestions import suggestions
from search.index.memory import MemoryIndex
from search.index.query import parse_query
from tests.test_search.test_index.test_questions import fill, make_record


@pytest.mark.parametrize(
    ("said", "figures"),
    [
        ("12 May 1956", "1956-05-12"),
        ("Harrow 12th of may 1956 letter", "Harrow 1956-05-12 letter"),
        ("May 12, 1956", "1956-05-12"),
        ("September 3rd 1931", "1931-09-03"),
        ("Sept. 1931", "1931-09"),
        ("May 1956", "1956-05"),
        ("五十年代 自来水", "1950s 自来水"),
        ("20世纪50年代", "1950s"),
        ("上世纪八十年代", "1980s"),
        ("1934-36", "1934-1936"),
        ("1934—36年 水利", "1934-1936 水利"),
    ],
)
def test_what_says_a_day_in_words_says_it_in_figures(said: str, figures: str) -> None:
    assert with_dates_in_figures(said) == figures


@pytest.mark.parametrize(
    "said",
    ["May", "maybe 1956", "32 May", "1956年5月12日", "J019-1934-36", "1934-36-2", "1936-34", "年代不详", "1950s", ""],
)
def test_what_says_none_is_left_as_it_is(said: str) -> None:
    assert with_dates_in_figures(said) == said


@given(st.text(max_size=40))
def test_any_words_stay_or_become_others(said: str) -> None:
    assert with_dates_in_figures(with_dates_in_figures(said)) == with_dates_in_figures(said)


@pytest.mark.parametrize("said", ["12 May 1956", "May 1956", "五十年代", "1954-58"])
def test_a_day_in_words_is_offered_in_figures(said: str) -> None:
    index = MemoryIndex()
    record = make_record("1", "石桥", year=1956, date_from=19560512, date_to=19560512)
    fill(index, record, replace(record, package_id="2", year=1988, date_from=19880101, date_to=19881231))
    (first, *_) = suggestions(parse_query(said), index.totals)
    assert (first.told.text("en").startswith("as a date: 19"), first.records) == (True, 1)
