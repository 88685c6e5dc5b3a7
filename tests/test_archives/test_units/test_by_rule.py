"""What stands above a unit by the rule of its code: its series and its fonds, and nothing that a code does not tell."""

import pytest

from archives.record.description import Description
from archives.record.identifiers import reference_code
from archives.units.by_rule import implied_series, key_above, keys_above, series_number
from archives.units.unit import Level, Unit, read_unit_row, unit_row


def unit(code: str, level: Level = Level.ITEM, *, parent: str = "", series: str = "") -> Unit:
    """Return a unit of which nothing is said but its code."""
    return Unit("one", "419001", level, Description(reference_code(code), ""), parent, series=series)


@pytest.mark.parametrize(
    ("code", "above", "number"),
    [
        ("J019-2-0015-3", "J019-2", "2"),
        ("J019-2-0015", "J019-2", "2"),
        ("J019-WS·2014·Y·BGS-0101", "J019-WS·2014", "WS·2014"),
        ("Z109-WS·2011-Y-BGS-0001", "Z109-WS·2011", "WS·2011"),
        ("Ｊ019－ws.2014.Y－0001", "J019-WS·2014", "WS·2014"),
        ("J019-ZP-1-2", "J019-ZP", "ZP"),
        ("J019-WS·20145·Y-1", "J019-WS", "WS"),
        ("J019-2011-Y-1", "J019-2011", "2011"),
        ("J019-0001", "J019", ""),
        ("HC/1/3", "HC", ""),
        ("RG 59, Box 3", "RG 59", ""),
        ("J019", "", ""),
        ("", "", ""),
    ],
)
def test_a_code_tells_its_series_else_its_fonds(code: str, above: str, number: str) -> None:
    assert (key_above(unit(code)), series_number(reference_code(code))) == (above, number)


def test_what_a_row_says_holds_and_a_series_belongs_to_its_fonds() -> None:
    assert key_above(unit("J019-2-15", parent="two")) == ""
    assert key_above(unit("J019", Level.FONDS)) == ""
    assert key_above(unit("J019-2", Level.SERIES)) == "J019"
    assert key_above(unit("HC/1/3", series="HC/1")) == "HC/1"
    assert keys_above(unit("J019-WS·2014·Y-1")) == ("J019-WS·2014", "J019-WS", "J019")
    assert keys_above(unit("J019-WS·2014", Level.SERIES)) == ("J019-WS", "J019")


def test_the_series_of_a_profile_stands_in_the_row_and_of_an_implied_one_nothing_is_said() -> None:
    assert read_unit_row(unit_row(unit("HC/1/3", series="HC/1"))).series == "HC/1"
    assert b"series" not in unit_row(unit("HC/1/3"))
    one = implied_series("419001", "J019-2")
    assert (one.revision, one.level, one.description.title) == (0, Level.SERIES, "")
    assert one == implied_series("419001", "J019-2")
