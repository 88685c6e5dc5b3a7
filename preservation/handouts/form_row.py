"""What a form may say of a unit: dates and pages as they are written, also where nobody could read them."""

from datetime import date

from archives.record.elements.security import security_told
from archives.record.elements.table import ELEMENTS, kept_as_written
from archives.units.by_rule import series_number
from archives.units.unit import Level, Unit


def form_row(unit: Unit, today: date) -> dict[str, str]:
    """Return what a form may say of a unit by the keys of columns."""
    said = unit.description
    row = {element.key: element.text(said) for element in ELEMENTS if element.kind.parse}
    row["date"] = said.formed.written if said.formed else ""
    row["security"] = security_told(said, today)
    row |= {key: text for key, text in kept_as_written(said).items() if not row.get(key)}
    row |= {"level": unit.level.value, "unit_id": unit.unit_id, "parent": unit.parent}
    row["office"] = row.get("office") or said.code.office
    if unit.level is Level.FILE:
        row |= {"volume": said.code.key.split("-")[-1], "catalogue": series_number(said.code)}
    return row


def placed_in(row: dict[str, str], unit: Unit, volume: Unit | None, of_volume: dict[str, str]) -> dict[str, str]:
    """Return a row with what it has of the volume that it stands in: an inserted volume (10-1 after 10) has its own number."""
    if volume is None:
        return row
    row |= {key: of_volume[key] for key in ("catalogue", "volume") if key in of_volume}
    own = unit.description.code.key.rpartition("-")[2]
    if unit.level is Level.FILE:
        rest = unit.description.code.rest_below(volume.description.code)
        row["volume"] += rest or f"-{own}"
    elif not row.get("sequence") and own.isdecimal():
        row["sequence"] = own.lstrip("0") or "0"  # it is the number of the item, whatever is missing before it
    return row
