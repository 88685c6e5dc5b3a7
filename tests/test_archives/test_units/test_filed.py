"""How an item is filed is told by its volume, its state and the form of its code."""

import pytest

from archives.record.description import Description
from archives.record.identifiers import reference_code
from archives.units.filed import Filing, filing_of
from archives.units.state import State
from archives.units.unit import Level, Unit


@pytest.mark.parametrize(
    ("code", "filing"),
    [
        ("J019-WS·2008-D30-BGS-0001", Filing.BY_ITEM),
        ("J019-2004-C-0001", Filing.BY_ITEM),
        ("J019-WS·2003-长期-办公室-5", Filing.BY_ITEM),
        ("J019-1-20-1", Filing.VOLUME_UNDESCRIBED),
        ("J019-Y-001-001", Filing.VOLUME_UNDESCRIBED),
        ("J019-SW-0001", Filing.OBJECT),
        ("J019-ZP·1957-Y-0001", Filing.PICTURE_OR_SOUND),
        ("", Filing.WITHOUT_CODE),
    ],
)
def test_an_item_is_filed_as_its_code_says(code: str, filing: Filing) -> None:
    unit = Unit("1", "990001", Level.ITEM, Description(reference_code(code), "题名"))
    assert filing_of(unit, is_in_volume=False) is filing
    assert filing_of(unit, is_in_volume=True) is Filing.IN_VOLUME


def test_an_object_is_one_whatever_its_code() -> None:
    said = Description(reference_code("J019-2004-C-0001"), "铜印")
    assert filing_of(Unit("1", "990001", Level.ITEM, said, state=State.OBJECT), is_in_volume=False) is Filing.OBJECT
