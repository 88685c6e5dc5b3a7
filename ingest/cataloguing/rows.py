"""A row of a table as a unit: every element read that can be read, and what cannot be read kept as it is written."""

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from archives.errors import FormatError
from archives.record.dates.year import with_year
from archives.record.description import as_written
from archives.record.elements.security import AS_WRITTEN, term_kept
from archives.record.elements.table import ELEMENTS, describe
from archives.record.identifiers import ArchivalCode, archival_code_key, reference_code
from archives.units.state import State
from archives.units.unit import Level, Unit
from ingest.profiles.reading import ProfiledRow
from ingest.sheets.headings import fold_heading
from preservation.handouts.catalogue_sheet import FACTS, named_value

_NAMESPACE = uuid.UUID("7b6a2f0e-52c4-5d1a-9f0b-0d3c1f8e6a21")
_FACTS = {
    fold_heading(name): key
    for key, said in FACTS.items()
    if key in ("unit_id", "revision", "parent_code", "parent_id")
    for name in (key, said.zh, said.en)
}
_NUMBERS = ("AJH", "ZH", "JH")
"""Parts of a code that are a unit's own number: of a volume, a group, an item."""
_HEADINGS = {element.key: element.name for element in ELEMENTS}


@dataclass(frozen=True, slots=True)
class Origin:
    """Which import a row belongs to, in which repository."""

    import_id: str
    repository: str

    def unit_id(self, row: ProfiledRow) -> str:
        """Return the identifier of the unit that a row describes: the same however often the table is read.

        So an import that was stopped goes on where it stood (UUID of version 5, RFC 9562 §5.5). A table that was exported
        names the units that it describes.
        """
        stated = facts_of(row).get("unit_id", "")
        return self.stated_id(row, stated) or self.id_at(place_of(row))

    def stated_id(self, row: ProfiledRow, stated: str) -> str:
        """Return the identifier that a row states, of its own unit or of another; one of its table by ``#`` and a number.

        Empty where it states none.
        """
        if stated[:1] == "#":
            return self.id_at(f"{row.file} {stated}")
        with suppress(ValueError):
            return str(uuid.UUID(stated))
        return ""

    def id_at(self, place: str) -> str:
        """Return the identifier of the unit whose row stands at a place (``place_of``) and states none."""
        return str(uuid.uuid5(_NAMESPACE, f"{self.repository} {self.import_id} {place}"))


def facts_of(row: ProfiledRow) -> Mapping[str, str]:
    """Return what a row of an exported catalogue says of its unit beside the elements, by key."""
    return {_FACTS[folded]: text for name, text in row.rest if (folded := fold_heading(name)) in _FACTS}


def names_unit(row: ProfiledRow) -> bool:
    """Say whether a row names the unit that it is about by an identifier that holds beyond its table."""
    with suppress(ValueError):
        return bool(uuid.UUID(facts_of(row).get("unit_id", "")))
    return False


def is_nameless(row: ProfiledRow) -> bool:
    """Say whether a row has nothing by which anybody could name a unit: no code, no number that one is made of, no title."""
    is_numbered = any(text for part, text in row.parts.items() if part in _NUMBERS)
    return not (row.code or row.values.get("title") or is_numbered or "unit_id" in facts_of(row))


def place_of(row: ProfiledRow) -> str:
    """Return where a row stands: file, worksheet, number."""
    return place_in(row.file, row.worksheet, row.number)


def place_in(file: str, worksheet: str, number: int) -> str:
    """Return how the place of a row is written."""
    return f"{file}!{worksheet} {number}" if worksheet else f"{file} {number}"


def fonds_of(row: ProfiledRow) -> str:
    """Return the number of the fonds of a row: that of its code, else of its part; empty where it says none."""
    return reference_code(row.code).fonds if row.code else archival_code_key(row.parts.get("QZH", ""))


def unit_of(row: ProfiledRow, origin: Origin, unit_id: str, *, parent: str) -> Unit:
    """Return the unit that a row describes, of this identifier; ``parent`` is that of the unit above it, empty for none."""
    values = dict(row.values)
    state = values.pop("state", "")
    known_state = State.stated(state)
    code = reference_code(row.code)
    fields: dict[str, Any] = {"code": code, "title": values.get("title", ""), "language": ""}
    unread: list[tuple[str, str]] = []
    for element in ELEMENTS:
        text = values.get(element.key, "")
        if element.kind.parse is None or element.key in ("code", "title") or not text:
            continue
        try:
            fields[element.field] = element.kind.parse(text)
        except FormatError:
            unread.append((as_written(element.name), text))
    if "security" not in row.written and (written := term_kept(values.get("security", ""))):
        unread.append((AS_WRITTEN, written))
    if known_state is None:
        unread.append((as_written("状态"), state))
    facts = facts_of(row)
    if "unit_id" in facts:
        fields |= _named(row)
        fields["other"] = (*fields["other"], *unread)
    else:
        _fill(fields, code)
        fields["persons"] = row.persons
        fields["other"] = (*_distinct([*row.rest, *_beside(row)]), *unread, *_as_it_stood(row.written))
    return Unit(
        unit_id=unit_id,
        repository=origin.repository,
        level=Level(row.level),
        description=describe(fields) if "unit_id" in facts else with_year(describe(fields)),
        parent=parent,
        state=known_state or State.HELD,
        revision=_revision(facts.get("revision", "")),
        import_id=origin.import_id,
        source=place_of(row),
        series=_by_rule(row, parent, fields["other"]),
    )


def _by_rule(row: ProfiledRow, parent: str, other: Sequence[tuple[str, str]]) -> str:
    """Return the code of the series of a row, by which its place is told; of one without a code at least its fonds."""
    series = "" if parent else row.series
    if row.code or series:
        return series
    return fonds_of(row) or next((text for name, text in other if fold_heading(name) == "全宗号"), "")


def _named(row: ProfiledRow) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the elements that are many with names, as an exported catalogue says them; any other column is beside them."""
    found: dict[str, list[tuple[str, str]]] = {"persons": [], "other": []}
    for heading, text in row.rest:
        if fold_heading(heading) in _FACTS:
            continue
        key, name = named_value(heading) or ("other", heading)
        texts = text.split("\n") if key == "persons" else [text]
        found[key] += [(name, one) for one in texts if one]
    return {key: tuple(pairs) for key, pairs in found.items()}


def _beside(row: ProfiledRow) -> list[tuple[str, str]]:
    """Return what columns say that are understood and no elements: how many items a volume has, where its images lie."""
    said = (("件数", row.item_count), ("图像路径", row.written.get("image", row.image)))
    return [(name, text) for name, text in said if text]


def _revision(text: str) -> int:
    """Return the revision that an exported row had, so that what is exported again says the same."""
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 7 and int(text) else 1


def _fill(fields: dict[str, Any], code: ArchivalCode) -> None:
    """Say what the code says, where no column does."""
    for element in ELEMENTS:
        if element.in_code and fields.get(element.field) is None and (part := element.in_code.part(code)):
            try:
                fields[element.field] = element.kind.parse(str(part)) if element.kind.parse else None
            except FormatError:
                continue


def _distinct(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return pairs of which none has the name of another, in their order."""
    named: dict[str, str] = {}
    for name, text in pairs:
        while name in named:
            name += " *"
        named[name] = text
    return [*named.items()]


def _as_it_stood(written: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what stood in cells whose value a profile maps to another."""
    return [(as_written(_HEADINGS.get(key, key)), text) for key, text in written.items() if key in _HEADINGS]
