"""A row of a table as a unit: every element read that can be read, and what cannot be read kept as it is written."""

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from archives.errors import FormatError
from archives.record.description import as_written
from archives.record.elements.table import ELEMENTS, describe
from archives.record.identifiers import ArchivalCode, reference_code
from archives.units.unit import Level, State, Unit
from ingest.profiles.reading import ProfiledRow
from ingest.sheets.headings import fold_heading
from preservation.handouts.catalogue_sheet import FACTS

_NAMESPACE = uuid.UUID("7b6a2f0e-52c4-5d1a-9f0b-0d3c1f8e6a21")
_FACTS = {
    fold_heading(name): key
    for key, said in FACTS.items()
    if key in ("unit_id", "revision", "parent_code")
    for name in (key, said.zh, said.en)
}
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
        if (stated := facts_of(row).get("unit_id")) is not None:
            with suppress(ValueError):
                return str(uuid.UUID(stated))
        return str(uuid.uuid5(_NAMESPACE, f"{self.repository} {self.import_id} {place_of(row)}"))


def facts_of(row: ProfiledRow) -> Mapping[str, str]:
    """Return what a row of an exported catalogue says of its unit beside the elements, by key."""
    return {_FACTS[folded]: text for name, text in row.rest if (folded := fold_heading(name)) in _FACTS}


def place_of(row: ProfiledRow) -> str:
    """Return where a row stands: file, worksheet, number."""
    return f"{row.file}!{row.worksheet} {row.number}" if row.worksheet else f"{row.file} {row.number}"


def unit_of(row: ProfiledRow, origin: Origin, *, parent: str) -> Unit:
    """Return the unit that a row describes; ``parent`` is the identifier of the unit above it, empty where there is none."""
    values = dict(row.values)
    state = values.pop("state", "")
    known_state = State.named(state)
    code = reference_code(row.code)
    fields: dict[str, object] = {"code": code, "title": values.get("title", ""), "language": ""}
    unread: list[tuple[str, str]] = []
    for element in ELEMENTS:
        text = values.get(element.key, "")
        if element.kind.parse is None or element.key in ("code", "title") or not text:
            continue
        try:
            fields[element.field] = element.kind.parse(text)
        except FormatError:
            unread.append((as_written(element.name), text))
    if known_state is None:
        unread.append((as_written("状态"), state))
    _fill(fields, code)
    fields["persons"] = row.persons
    fields["other"] = (
        *_distinct([one for one in row.rest if fold_heading(one[0]) not in _FACTS]),
        *unread,
        *_as_it_stood(row.written),
    )
    return Unit(
        unit_id=origin.unit_id(row),
        repository=origin.repository,
        level=Level(row.level),
        description=describe(fields),
        parent=parent,
        state=known_state or State.HELD,
        import_id=origin.import_id,
        source=place_of(row),
    )


def _fill(fields: dict[str, object], code: ArchivalCode) -> None:
    """Say what the code says, and the year that the date says, where no column does."""
    for element in ELEMENTS:
        if element.in_code and fields.get(element.field) is None and (part := element.in_code.part(code)):
            try:
                fields[element.field] = element.kind.parse(str(part)) if element.kind.parse else None
            except FormatError:
                continue
    formed = fields.get("formed")
    first, last = getattr(formed, "earliest", None), getattr(formed, "latest", None)
    if fields.get("year") is None and first and last and first.year == last.year:
        fields["year"] = first.year


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
