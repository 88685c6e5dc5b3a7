"""The pages of a volume go to its items by the numbers on the paper; what does not fit is said and costs nobody a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.record.volume.label_rules import label_in_item, labels_of
from archives.record.volume.page_label import PageLabel
from ingest.volumes.assignment import Assignment, ItemPages, pages_of_items
from ingest.volumes.label_checks import about_labels

TEN = tuple(f"{number:03}" for number in range(1, 11))
STARTS = (1, 5, 9, 16, 28, 34, 42, 45, 50, 61, 70, 88, 100, 117)


def in_order(*names: str) -> list[PageLabel]:
    """Return the labels of these files as they stand in a volume."""
    return sorted(labels_of(names), key=lambda label: label.order)


def assigned(*cells: str, names: tuple[str, ...] = TEN) -> tuple[list[str], list[str]]:
    """Return the pages of items with these cells, and the codes of what was found."""
    labels = in_order(*names)
    items = [
        ItemPages(f"J2-17-{at}", cell, sheet="t.csv", row=at + 1, cell=f"E{at + 1}") for at, cell in enumerate(cells)
    ]
    found = pages_of_items(items, labels)
    return [_told(found, at, labels) for at in range(len(cells))], [one.code for one in found.findings]


def _told(found: Assignment, at: int, labels: list[PageLabel]) -> str:
    return " ".join(str(int(one)) if one.isdecimal() else one for one in found.labels_of(at, labels))


def test_a_volume_from_cover_to_closing_note() -> None:
    labels = in_order("FM", "ML001", *(f"{number:03}" for number in range(1, 121)), "45-1", "BK")
    items = [ItemPages(f"J2-17-{at}", str(start)) for at, start in enumerate(STARTS, 1)]
    found = pages_of_items(items, labels)
    assert found.labels_of(5, labels) == tuple(f"{number:03}" for number in range(34, 42))
    assert found.labels_of(7, labels) == ("045", "45-1", "046", "047", "048", "049")
    assert found.labels_of(13, labels) == ("117", "118", "119", "120")
    assert found.findings == ()
    assert [*about_labels(labels, [one.text for one in labels])] == []


@pytest.mark.parametrize(
    ("cells", "pages", "codes"),
    [
        (("1", "3-5", "5-7", "7"), ["1 2", "3 4 5", "5 6 7", "7 8 9 10"], []),
        (("1", "1", "3"), ["1", "1 2", "3 4 5 6 7 8 9 10"], []),
        (("1-2、5", "3", "6"), ["1 2 5", "3 4", "6 7 8 9 10"], []),
        (("1-4", "3-5", "6"), ["1 2 3 4", "3 4 5", "6 7 8 9 10"], ["item-pages-overlap"]),
        (("1", "50", "4", "8"), ["1 2 3", "1 2 3 4", "4 5 6 7", "8 9 10"], ["item-pages-beyond"]),
        (("1", "9", "4", "8"), ["1 2 3", "1 2 3 4 9 10", "4 5 6 7", "8 9 10"], ["item-pages-descending"]),
        (("1", "", "5"), ["1 2 3 4", "1 2 3 4 5", "5 6 7 8 9 10"], ["item-pages-missing"]),
        (("1", "见卷", "5"), ["1 2 3 4", "1 2 3 4 5", "5 6 7 8 9 10"], ["item-pages-unreadable"]),
        (("5-3", "6"), ["3 4 5", "6 7 8 9 10"], ["item-pages-reversed", "pages-without-item"]),
        (("2", "5-12"), ["2 3 4", "5 6 7 8 9 10"], ["item-page-absent", "pages-without-item"]),
        (("", ""), ["1 2 3 4 5 6 7 8 9 10"] * 2, ["items-without-pages"]),
        (("",), ["1 2 3 4 5 6 7 8 9 10"], []),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_and_doubtful_pages_are_of_more_items(
    cells: tuple[str, ...], pages: list[str], codes: list[str]
) -> None:
    assert assigned(*cells) == (pages, codes)


def test_a_finding_names_file_row_and_cell() -> None:
    labels = in_order(*TEN)
    items = [
        ItemPages("a", "1", sheet="t.csv", row=2, cell="E2"),
        ItemPages("b", "12", sheet="t.csv", row=3, cell="E3"),
    ]
    (found,) = pages_of_items(items, labels).findings
    assert (found.file, found.row, found.cell) == ("t.csv", 3, "E3")
    assert "12" in found.message.text("zh")
    assert "010" in found.message.text("en")


def test_slips_and_backs_go_with_their_page_and_an_item_may_begin_on_a_slip() -> None:
    names = ("001", "002r", "002v", "002-1", "003", "003-1", "004")
    assert assigned("1-2", "3", "3-1", names=names)[0] == ["1 002r 002v 002-1", "3", "003-1 4"]


def test_a_span_may_end_on_a_slip_which_is_its_last_page() -> None:
    names = ("001", "002", "003", "003-1", "003-2", "004")
    assert assigned("1-3-1", "3-2-4", names=names) == (["1 2 3 003-1", "003-2 4"], [])
    assert assigned("1-3", "4", names=names) == (["1 2 3 003-1 003-2", "4"], [])


def test_a_first_page_that_was_not_scanned_is_said() -> None:
    assert assigned("1", "3", names=("001", "002", "004")) == (["1 2", "4"], ["item-page-absent"])


def test_names_may_say_whose_a_page_is() -> None:
    labels = [label_in_item(page, item) for item, page in (("01", "001"), ("01", "002"), ("3", "001"), ("4", "001"))]
    found = pages_of_items([ItemPages("a", item="1"), ItemPages("b", item="2"), ItemPages("c", item="003")], labels)
    assert found.pages == ((0, 1), (), (2,))
    assert [one.code for one in found.findings] == ["item-pages-missing", "pages-without-item"]


def test_labels_that_say_the_same_or_nothing_and_numbers_left_out_are_found() -> None:
    names = ["001", "1", "004", "004r", "004v", "插图"]
    found = [*about_labels(labels_of(names), names)]
    assert [(one.code, one.file) for one in found] == [
        ("page-label-unknown", "插图"), ("page-twice", "001"), ("page-twice", "004"), ("page-gap", None),
    ]  # fmt: skip
    assert "2–3" in found[-1].message.text("zh")


@given(
    st.lists(st.sampled_from(["", "x", "0", "1", "2", "4", "7", "9", "12", "3-5", "5-3", "2、6", "3-1"]), max_size=8)
)
def test_no_page_of_a_volume_is_lost_and_none_is_invented(cells: list[str]) -> None:
    labels = in_order("FM", *TEN, "003-1", "BK")
    found = pages_of_items([ItemPages(str(at), cell) for at, cell in enumerate(cells)], labels)
    body = {place for place, label in enumerate(labels) if label.is_body}
    assert len(found.pages) == len(found.is_unsure) == len(cells)
    assert all(own and set(own) <= body for own in found.pages)
    free = body - {page for own in found.pages for page in own}
    assert not free or not cells or any(one.code == "pages-without-item" for one in found.findings)
