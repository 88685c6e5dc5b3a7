"""What is doubtful about the pages of a volume by their labels alone."""

import pytest

from archives.record.volume.label_rules import label_in_item, labels_of
from ingest.volumes.label_checks import about_labels


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        (("001", "002", "003"), ""),
        (("001", "002", "002-1", "003"), ""),
        (("001", "002-1", "003"), "2"),
        (("001", "002", "003-1"), "3"),
        (("001", "002a", "002b", "003"), ""),
        (("001-1", "002-1", "003-1"), ""),
        (("001", "004", "004-1"), "2–3"),
        (("0000", "001", "002"), ""),
    ],
)
def test_a_page_is_missing_though_its_slip_is_there(names: tuple[str, ...], missing: str) -> None:
    found = [one for one in about_labels(labels_of(names), names) if one.code == "page-gap"]
    assert [dict(one.message.values)["pages"] for one in found] == ([missing] if missing else [])


def test_noughts_are_the_cover_and_within_an_item_a_page() -> None:
    assert [one.text for one in labels_of(("0000", "0001"))] == ["FM", "0001"]
    assert [one.text for one in labels_of(("FM", "000", "001"))] == ["FM2", "FM1", "001"]
    assert label_in_item("000", "3").text == "3/000"
