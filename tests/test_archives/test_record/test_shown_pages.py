"""A page of a volume is shown only when every unit on it is open, and nothing of that is inherited."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from archives.record.description import Description, Repository
from archives.record.holding import Decided, Holding
from archives.record.identifiers import PackageId, RecordKey, RepositoryCode, parse_archival_code
from archives.record.rights import Conclusion, OnlineScope, OpeningDecision, Openness
from archives.record.volume.structure import VolumeItem, VolumeStructure

DAY = date(2026, 1, 1)
LABELS = {1: "FM", 2: "ML001", 3: "001", 4: "002", 5: "003", 6: "004", 7: "BK", 8: "FD"}
CODE = parse_archival_code("J2-17")
OPEN = OpeningDecision(
    Conclusion.OPEN, "法", "", "甲", "乙", date(2025, 1, 1), date(2025, 1, 1), None, OnlineScope.FULL_TEXT
)


def item(unit_id: str, *pages: int) -> VolumeItem:
    """Return an item with these pages."""
    return VolumeItem(unit_id, Description(parse_archival_code(f"J2-17-{unit_id}"), "件"), pages)


def volume(*opened: str, others: tuple[str, ...] = ()) -> Holding:
    """Return an open volume of two items that share a page, of which these are open; ``others`` have no content."""
    items = {one: Decided((OPEN,) if one in opened else (), code_key=f"J2-17-{one}") for one in ("a", "b", *others)}
    return Holding(
        PackageId("00000000-0000-4000-8000-000000000001"), 1, RecordKey("990001", CODE.key),
        Repository(RepositoryCode("990001"), "馆", "", "馆"), None, Description(CODE, "卷"), (), (OPEN,), 1,
        datetime(2026, 1, 1, tzinfo=UTC), volume=VolumeStructure(LABELS, (item("a", 3, 4), item("b", 4, 5))), items=items,
    )  # fmt: skip


def shown(holding: Holding, *opened: str) -> list[str]:
    """Return the labels of what is shown of a unit."""
    return [LABELS[page] for page in holding.public_pages(LABELS, DAY, opened=opened)]


@pytest.mark.parametrize(
    ("opened", "whole", "first", "second"),
    [
        ((), ["FM", "BK", "FD"], ["001"], ["003"]),
        (("a",), ["FM", "BK", "FD"], ["001"], ["002", "003"]),
        (("b",), ["FM", "BK", "FD"], ["001", "002"], ["003"]),
        (("a", "b"), ["FM", "ML001", "004", "BK", "FD"], ["001", "002"], ["002", "003"]),
    ],
)
def test_a_page_is_shown_only_when_every_unit_on_it_is_open(
    opened: tuple[str, ...], whole: list[str], first: list[str], second: list[str]
) -> None:
    holding = volume(*opened)
    assert shown(holding) == whole
    assert shown(replace(holding, item="a")) == first
    assert shown(replace(holding, item="b")) == second
    assert shown(volume(), *opened) == whole


def test_a_list_of_contents_may_name_items_that_have_no_content() -> None:
    assert shown(volume("a", "b", others=("c",))) == ["FM", "BK", "FD"]
    assert shown(volume("a", "b", "c", others=("c",))) == ["FM", "ML001", "004", "BK", "FD"]


def test_what_is_shown_names_whom_it_is_shared_with() -> None:
    holding = volume("a", "b", "c", others=("c",))
    assert holding.others_on([1, 7]) == ()
    assert holding.others_on([1, 2]) == ("a", "b", "c")
    assert replace(holding, item="a").others_on([3]) == ()
    assert replace(holding, item="a").others_on([3, 4]) == ("b",)


def test_a_page_is_as_open_as_what_stands_on_it() -> None:
    holding = volume("a")
    states = [holding.openness_of(page, DAY) for page in LABELS]
    closed, opened = Openness.NOT_REVIEWED, Openness.OPEN
    assert states == [opened, closed, opened, closed, closed, closed, opened, opened]
