"""What a volume says of its pages and items."""

from archives.record.description import Description
from archives.record.identifiers import parse_archival_code
from archives.record.volume.structure import VolumeItem, VolumeStructure

LABELS = {1: "FM", 2: "ML001", 3: "001", 4: "002", 5: "003", 6: "004", 7: "BK", 8: "FD"}


def item(unit_id: str, *pages: int) -> VolumeItem:
    """Return an item with these pages."""
    return VolumeItem(unit_id, Description(parse_archival_code(f"J2-17-{unit_id}"), "件"), pages)


STRUCTURE = VolumeStructure(LABELS, (item("a", 3, 4), item("b", 4, 5)))


def test_a_volume_tells_its_items_by_code_and_their_pages_as_people_cite_them() -> None:
    assert STRUCTURE.unit_id_of("J2-17-b") is None
    assert STRUCTURE.unit_id_of("J2-17-B") == "b"
    assert STRUCTURE.pages_told(STRUCTURE.items[0]) == "001–002"
    assert STRUCTURE.pages_told(item("c", 3, 5)) == "001, 003"
    assert [LABELS[page] for page in STRUCTURE.of_the_volume] == ["FM", "ML001", "004", "BK", "FD"]
