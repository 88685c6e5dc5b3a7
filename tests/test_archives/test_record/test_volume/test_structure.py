"""A page of a volume is shown only when every unit on it is open, and nothing of that is inherited."""

import pytest

from archives.record.description import Description
from archives.record.identifiers import parse_archival_code
from archives.record.volume.structure import VolumeItem, VolumeStructure

LABELS = {1: "FM", 2: "ML001", 3: "001", 4: "002", 5: "003", 6: "004", 7: "BK", 8: "FD"}


def item(unit_id: str, *pages: int) -> VolumeItem:
    """Return an item with these pages."""
    return VolumeItem(unit_id, Description(parse_archival_code(f"J2-17-{unit_id}"), "件"), pages)


STRUCTURE = VolumeStructure(LABELS, (item("a", 3, 4), item("b", 4, 5)))


@pytest.mark.parametrize(
    ("items", "volume", "pages"),
    [
        ((), False, []),
        ((), True, ["FM", "BK", "FD"]),
        (("a",), False, ["001"]),
        (("b",), True, ["FM", "003", "BK", "FD"]),
        (("a", "b"), False, ["001", "002", "003"]),
        (("a", "b"), True, [*LABELS.values()]),
    ],
)
def test_a_page_is_shown_only_when_every_unit_on_it_is_open(
    items: tuple[str, ...], volume: bool, pages: list[str]
) -> None:
    assert [LABELS[page] for page in STRUCTURE.public_pages(items, is_volume_open=volume)] == pages


def test_a_volume_tells_its_items_by_code_and_their_pages_as_people_cite_them() -> None:
    assert STRUCTURE.unit_id_of("J2-17-b") is None
    assert STRUCTURE.unit_id_of("J2-17-B") == "b"
    assert STRUCTURE.pages_told(STRUCTURE.items[0]) == "001–002"
    assert STRUCTURE.pages_told(item("c", 3, 5)) == "001, 003"
    assert [LABELS[page] for page in STRUCTURE.of_the_volume] == ["FM", "ML001", "004", "BK", "FD"]
