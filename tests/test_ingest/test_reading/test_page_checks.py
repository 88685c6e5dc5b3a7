"""Each check of pages finds one thing, and nothing in a record that has none of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from archives.findings import Finding, Severity
from formats.kinds.kind import Oddity
from ingest.contents import ReadPage
from ingest.examine import ExaminedRecord
from ingest.reading import page_checks
from ingest.reading.page_checks import (
    FILE_CHECKS,
    IMAGE_CHECKS,
    MOST_PAGES,
    TEXT_CHECKS,
    lines_left_out,
    page_count,
    page_cut_off,
    page_doubtful,
    page_levels_guessed,
    page_not_legible,
    page_of_one_colour,
    page_too_small,
    page_without_text,
    text_made,
    too_many_pages,
)
from tests.support.files import docx_bytes, pdf_bytes
from tests.support.intake import codes, examined, planned, read_page


def test_every_check_stands_in_the_tuple_of_its_moment() -> None:
    listed = (*FILE_CHECKS, *IMAGE_CHECKS, *TEXT_CHECKS)
    checks = {
        value
        for value in vars(page_checks).values()
        if callable(value) and "Iterator" in str(getattr(value, "__annotations__", {}).get("return", ""))
    }
    assert checks == set(listed)
    assert len(set(listed)) == len(listed)


def document(folder: Path, **described: object) -> ExaminedRecord:
    """Return a record of a PDF of three pages."""
    return examined(planned(folder / "a.pdf", data=pdf_bytes(pages=3)), **described)


def test_it_is_said_that_a_pdf_was_recognised(tmp_path: Path) -> None:
    (found,) = text_made(document(tmp_path), {0: (0, 1, 2)})
    assert (found.severity, found.file) == (Severity.NOTE, "a.pdf")
    assert "3 in all" in found.message.text("en")


def test_it_is_said_which_pages_of_a_pdf_were_recognised(tmp_path: Path) -> None:
    (found,) = text_made(document(tmp_path), {0: (0, 2)})
    assert "1, 3" in found.message.text("en")


def test_of_pictures_and_of_what_keeps_its_text_nothing_need_be_said(tmp_path: Path) -> None:
    seen = examined(planned(tmp_path / "a.png"), planned(tmp_path / "b.pdf", data=pdf_bytes(pages=3)))
    assert list(text_made(seen, {0: (0,), 1: ()})) == []


@pytest.mark.parametrize(("stated", "expected"), [(3, []), (None, []), (2, ["page-count-differs"])])
def test_the_pages_that_the_sheet_states_are_counted(tmp_path: Path, stated: int | None, expected: list[str]) -> None:
    files = planned(tmp_path / "a.png"), planned(tmp_path / "b.pdf", data=pdf_bytes(pages=2))
    hidden = replace(planned(tmp_path / ".c.png"), is_beside=True)
    assert codes(list(page_count(examined(*files, hidden, pages=stated), {}))) == expected


def test_pages_of_what_has_none_by_itself_are_not_counted(tmp_path: Path) -> None:
    seen = examined(planned(tmp_path / "a.docx", data=docx_bytes()), pages=7)
    assert list(page_count(seen, {})) == []


def test_pages_beyond_those_that_are_recognised_are_told(tmp_path: Path) -> None:
    seen = examined(planned(tmp_path / "a.png"))
    many = replace(seen, files=(replace(seen.files[0], pages=MOST_PAGES + 1),))
    (found,) = too_many_pages(many, {0: range(MOST_PAGES)})
    assert (found.code, found.file) == ("pages-cut-off", "a.png")
    assert list(too_many_pages(seen, {0: (0,)})) == []
    assert list(too_many_pages(many, {0: ()})) == []


def test_pages_without_text_are_one_note_that_names_them_all(tmp_path: Path) -> None:
    pages = {1: read_page(tmp_path, 1, "text"), 2: read_page(tmp_path, 2), 5: read_page(tmp_path, 3)}
    (found,) = page_without_text(pages)
    assert found.severity is Severity.NOTE
    assert "2, 5" in found.message.text("en")


def test_pages_with_text_are_without_a_finding(tmp_path: Path) -> None:
    assert list(page_without_text({1: read_page(tmp_path, 1, "text")})) == []


@pytest.mark.parametrize(
    ("check", "oddity", "severity"),
    [
        (page_of_one_colour, Oddity.ONE_COLOUR, Severity.WARNING),
        (page_too_small, Oddity.TOO_SMALL, Severity.WARNING),
        (page_cut_off, Oddity.CUT_OFF, Severity.WARNING),
        (page_levels_guessed, Oddity.LEVELS_GUESSED, Severity.NOTE),
    ],
)
def test_odd_pages_are_told_by_their_numbers(
    tmp_path: Path, check: Callable[[Mapping[int, ReadPage]], Iterator[Finding]], oddity: Oddity, severity: Severity
) -> None:
    plain = {number: read_page(tmp_path, number, "text") for number in (1, 2, 3)}
    assert list(check(plain)) == []
    (found,) = check({n: replace(page, oddities=frozenset({oddity} if n > 1 else ())) for n, page in plain.items()})
    assert found.severity is severity
    assert "2, 3" in found.message.text("en")


@pytest.mark.parametrize("oddity", [Oddity.ONE_COLOUR, Oddity.TOO_SMALL, Oddity.WRITTEN_ON])
def test_a_page_whose_oddity_explains_that_it_has_no_text_is_told_once(tmp_path: Path, oddity: Oddity) -> None:
    page = replace(read_page(tmp_path, 1), oddities=frozenset({oddity}))
    assert list(page_without_text({1: page})) == []


@pytest.mark.parametrize("signs", ["●●", "— — —", "。", "※ ★", "|"])
def test_a_page_of_which_only_signs_were_read_is_one_without_text(tmp_path: Path, signs: str) -> None:
    punched = {1: read_page(tmp_path, 1, signs), 2: read_page(tmp_path, 2, "● 1")}
    (found,) = page_without_text(punched)
    assert "page 1" in found.message.text("en")
    inked = {number: replace(page, oddities=frozenset({Oddity.WRITTEN_ON})) for number, page in punched.items()}
    assert list(page_without_text(inked)) == []
    (found,) = page_not_legible(inked)
    assert "page 1 " in found.message.text("en")


def test_a_page_with_ink_of_which_nothing_was_read_is_to_be_looked_at(tmp_path: Path) -> None:
    inked = frozenset({Oddity.WRITTEN_ON})
    read, unread = (replace(read_page(tmp_path, n, *texts), oddities=inked) for n, texts in ((1, ("text",)), (2, ())))
    (found,) = page_not_legible({1: read, 2: unread, 3: read_page(tmp_path, 3)})
    assert (found.code, found.severity) == ("page-not-legible", Severity.WARNING)
    assert "page 2 " in found.message.text("en")


def test_places_that_were_left_out_are_noted(tmp_path: Path) -> None:
    whole, some = read_page(tmp_path, 1, "text"), read_page(tmp_path, 2, "text")
    some = replace(some, page=replace(some.page, left_out=1))
    (found,) = lines_left_out({1: whole, 2: some})
    assert (found.code, found.severity) == ("lines-left-out", Severity.NOTE)
    assert "page 2 " in found.message.text("en")


def test_a_page_that_was_read_with_doubt_is_told(tmp_path: Path) -> None:
    sure, unsure = read_page(tmp_path, 1, "text"), read_page(tmp_path, 2, "text")
    (line,) = unsure.page.lines
    guessed = replace(line, words=tuple(replace(word, confidence=0.7) for word in line.words))
    unsure = replace(unsure, page=replace(unsure.page, lines=(guessed,)))
    (found,) = page_doubtful({1: sure, 2: unsure})
    assert "page 2" in found.message.text("en")


def test_a_page_of_a_volume_is_told_by_what_it_is_called_on_paper(tmp_path: Path) -> None:
    (found,) = page_without_text(
        {number: replace(read_page(tmp_path, number), label=label) for number, label in ((1, "FM"), (2, ""))}
    )
    assert "FM, 2" in found.message.text("zh")
