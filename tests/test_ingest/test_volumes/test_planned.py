"""What a package is to say of a volume: its items with their pages, and what of its sheet does not go with them."""

import pytest

from archives.record.elements.table import describe
from archives.record.identifiers import reference_code
from ingest.volumes.assignment import ItemPages
from ingest.volumes.planned import FilePages, PlannedItem, PlannedVolume

LABELS = ("FM", "ML001", *(f"{number:03}" for number in range(1, 11)), "005-1", "BK")


def item(number: int, first: str, pages: int | None) -> PlannedItem:
    """Return an item that begins on a page and says how many it has."""
    code = f"J019-2-15-{number}"
    said = describe({"code": reference_code(code), "title": "件", "language": "", "pages": pages})
    return PlannedItem(said, ItemPages(code, first, sheet="卷内.csv", row=number + 1))


@pytest.mark.parametrize(
    ("pages", "told"),
    [((4, 7), []), ((3, 6), []), ((4, 6), []), ((None, None), []), ((9, 7), [2]), ((4, 12), [3])],
    ids=["all", "but the shared", "but the slip", "nothing", "too many", "more than there are"],
)
def test_a_number_of_pages_that_is_not_that_of_its_images_is_told(
    pages: tuple[int | None, ...], told: list[int]
) -> None:
    volume = PlannedVolume((item(1, "1", pages[0]), item(2, "5", pages[1])))
    order = sorted(LABELS, key=lambda label: (label == "BK", label[:3]))
    files = [FilePages(f"{label}.jpg", label, "", at, 1) for at, label in enumerate(order, 1)]
    structure, findings = volume.structure(files, stored=None, new_id=lambda: "x")
    assert [len(one.pages) for one in structure.items] == [4, 7]
    assert [(one.code, one.row) for one in findings] == [("item-pages-differ", row) for row in told]
