"""What is said above holds below, and of a fonds what held at the record's own date."""

from dataclasses import replace

import pytest

from archives.message import Message
from archives.record.dates.parse import parse_record_date
from archives.record.description import Description
from archives.record.identifiers import reference_code
from archives.units.unit import Level, Unit
from cli.commands.catalogue.above import from_above

NAMES = "1953.5—1984.3 水利局全宗｜县水利局；1984.3— 水务局全宗｜水务局"
FONDS = Unit(
    "f",
    "419001",
    Level.FONDS,
    Description(reference_code("J019"), "水务局全宗", author="水务局", names=NAMES, language=""),
)
SERIES = Unit("s", "419001", Level.SERIES, Description(reference_code("J019-2"), "业务", place="2库", language=""))


@pytest.mark.parametrize(
    ("date", "name", "creator"),
    [
        ("1970", "水利局全宗", "县水利局（承自 J019 水利局全宗）"),
        ("1999", "水务局全宗", "水务局（承自 J019 水务局全宗）"),
        ("1984", "？ 水利局全宗 / 水务局全宗", ""),
        ("", "？ 水利局全宗 / 水务局全宗", ""),
    ],
)
def test_a_later_name_of_a_fonds_says_nothing_of_an_older_record(date: str, name: str, creator: str) -> None:
    item = Description(reference_code("J019-2-15-1"), "题名", language="zh-Hans")
    said = replace(item, formed=parse_record_date(date) if date else None)
    told = [(_zh(label), _zh(text)) for label, text in from_above(said, [FONDS, SERIES])]
    assert told[:2] == [("上级", f"J019 {name}"), ("上级", "J019-2 业务")]
    assert dict(told).get("责任者", "") == creator
    assert dict(told)["存放位置"] == "2库（承自 J019-2 业务）"
    own = replace(said, author="省水利厅")
    assert "责任者" not in {_zh(label) for label, _ in from_above(own, [FONDS, SERIES])}


def _zh(cell: object) -> str:
    return cell.text("zh") if isinstance(cell, Message) else str(cell)
