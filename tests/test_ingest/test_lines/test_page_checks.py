"""Each check of pages finds one thing, and nothing in a record that has none of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.findings import Finding, Severity
from formats.kinds.kind import Oddity
from ingest.batch.listing import PlannedFile
from ingest.lines import page_checks
from ingest.lines.page_checks import (
    FILE_CHECKS,
    MOST_PAGES,
    NUMBER_CHECKS,
    TEXT_CHECKS,
    not_a_page,
    page_count,
    page_doubtful,
    page_levels_guessed,
    page_of_one_colour,
    page_too_small,
    page_without_text,
    too_many_pages,
)
from ingest.package import ReadPage
from tests.support.files import pdf_bytes
from tests.support.intake import codes, examined, planned, read_page

NumberCheck = Callable[[Sequence[PlannedFile]], Iterator[Finding]]


def numbered(*numbers: int | None) -> list[PlannedFile]:
    """Return files with these page numbers in their names; none is ever opened."""
    return [PlannedFile(Path("x"), f"{n}.jpg", 1, number) for n, number in enumerate(numbers)]


def by_number(files: Sequence[PlannedFile]) -> list[str]:
    """Return what the numbers tell."""
    return codes([found for check in NUMBER_CHECKS for found in check(files)])


def test_every_check_stands_in_the_tuple_of_its_moment() -> None:
    listed = (*NUMBER_CHECKS, *FILE_CHECKS, *TEXT_CHECKS)
    checks = {
        value
        for value in vars(page_checks).values()
        if callable(value) and "Iterator" in str(getattr(value, "__annotations__", {}).get("return", ""))
    }
    assert checks == set(listed)
    assert len(set(listed)) == len(listed)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((1, 2, 3), []),
        ((None,), []),
        ((), []),
        ((1, 3), ["page-gap"]),
        ((2,), ["page-gap"]),
        ((1, 1), ["page-twice"]),
        ((0, 1), ["page-zero"]),
        ((0, 2, 2), ["page-twice", "page-gap", "page-zero"]),
        ((1, None), ["pages-ambiguous"]),
        ((None, None), ["pages-ambiguous"]),
    ],
)
def test_page_numbers_are_judged_before_a_file_is_opened(numbers: tuple[int | None, ...], expected: list[str]) -> None:
    assert by_number(numbered(*numbers)) == expected


def test_a_file_whose_place_nobody_can_tell_stops_its_record() -> None:
    (found,) = page_checks.whole_beside_pages(numbered(1, None))
    assert found.severity is Severity.ERROR
    assert "1.jpg" in found.message.text("en")


def test_a_long_gap_is_told_without_filling_a_page() -> None:
    (found,) = page_checks.page_gap(numbered(1, 900_000))
    assert len(found.message.text("en")) < 200


@given(st.permutations(range(1, 12)))
def test_whole_numbers_are_whole_in_whatever_order(numbers: list[int]) -> None:
    assert by_number(numbered(*numbers)) == []


@given(st.lists(st.integers(0, 50), max_size=12))
def test_only_numbers_that_run_from_one_are_without_a_finding(numbers: list[int]) -> None:
    assert (by_number(numbered(*numbers)) == []) is (sorted(numbers) == list(range(1, len(numbers) + 1)))


def test_a_file_without_page_images_is_no_page(tmp_path: Path) -> None:
    seen = examined(planned(tmp_path / "a.png"), planned(tmp_path / "b.txt", data=b"text"))
    (found,) = not_a_page(seen)
    assert (found.code, found.file) == ("not-a-page", "b.txt")


def test_a_file_that_is_broken_anyway_is_not_told_twice(tmp_path: Path) -> None:
    assert list(not_a_page(examined(planned(tmp_path / "b.txt", data=b"")))) == []


@pytest.mark.parametrize(("stated", "expected"), [(3, []), (None, []), (2, ["page-count-differs"])])
def test_the_pages_that_the_sheet_states_are_counted(tmp_path: Path, stated: int | None, expected: list[str]) -> None:
    files = planned(tmp_path / "a.png"), planned(tmp_path / "b.pdf", data=pdf_bytes(pages=2))
    assert codes(list(page_count(examined(*files, pages=stated)))) == expected


def test_pages_beyond_those_that_are_read_are_told(tmp_path: Path) -> None:
    seen = examined(planned(tmp_path / "a.png"))
    many = replace(seen, files=(replace(seen.files[0], pages=MOST_PAGES + 1),))
    (found,) = too_many_pages(many)
    assert (found.code, found.file) == ("pages-cut-off", "a.png")
    assert list(too_many_pages(seen)) == []


def test_pages_without_text_are_one_note_that_names_them_all(tmp_path: Path) -> None:
    pages = [read_page(tmp_path, 1, "text"), read_page(tmp_path, 2), read_page(tmp_path, 3)]
    (found,) = page_without_text(pages)
    assert found.severity is Severity.NOTE
    assert "2, 3" in found.message.text("en")


def test_pages_with_text_are_without_a_finding(tmp_path: Path) -> None:
    assert list(page_without_text([read_page(tmp_path, 1, "text")])) == []


@pytest.mark.parametrize(
    ("check", "oddity", "severity"),
    [
        (page_of_one_colour, Oddity.ONE_COLOUR, Severity.WARNING),
        (page_too_small, Oddity.TOO_SMALL, Severity.WARNING),
        (page_levels_guessed, Oddity.LEVELS_GUESSED, Severity.NOTE),
    ],
)
def test_odd_pages_are_told_by_their_numbers(
    tmp_path: Path, check: Callable[[Sequence[ReadPage]], Iterator[Finding]], oddity: Oddity, severity: Severity
) -> None:
    plain = [read_page(tmp_path, number, "text") for number in (1, 2, 3)]
    assert list(check(plain)) == []
    (found,) = check([plain[0], *(replace(page, oddities=frozenset({oddity})) for page in plain[1:])])
    assert found.severity is severity
    assert "2, 3" in found.message.text("en")


@pytest.mark.parametrize("oddity", [Oddity.ONE_COLOUR, Oddity.TOO_SMALL])
def test_a_page_whose_oddity_explains_that_it_has_no_text_is_told_once(tmp_path: Path, oddity: Oddity) -> None:
    page = replace(read_page(tmp_path, 1), oddities=frozenset({oddity}))
    assert list(page_without_text([page])) == []


def test_a_page_that_was_read_with_doubt_is_told(tmp_path: Path) -> None:
    sure, unsure = read_page(tmp_path, 1, "text"), read_page(tmp_path, 2, "text")
    (line,) = unsure.page.lines
    guessed = replace(line, words=tuple(replace(word, confidence=0.7) for word in line.words))
    unsure = replace(unsure, page=replace(unsure.page, lines=(guessed,)))
    (found,) = page_doubtful([sure, unsure])
    assert "page 2" in found.message.text("en")
