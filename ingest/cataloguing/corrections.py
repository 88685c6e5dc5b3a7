"""Corrections by sheet alone: which units its rows mean, and what is to be said of them from now on.

Only the columns that stand in the sheet change, and of them only cells that say something: an element is emptied by the
mark that says so (``CLEARED``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from archives.findings import Finding, Severity, warning
from archives.message import Message, message
from archives.record.description import Description
from archives.record.elements.differences import told_differences
from archives.record.elements.table import ELEMENTS, is_read_now
from archives.record.identifiers import CodeRule, archival_code_key
from archives.units.merging import Conflict, merged, overtaken
from archives.units.state import State
from archives.units.unit import Unit
from ingest.batch.secrets import refuse_state_secrets, with_merged
from ingest.cataloguing.meant import UNIT_ID, Earlier, Meant
from ingest.cataloguing.states import STATE, state_of
from ingest.cataloguing.told import ToldOnce
from ingest.profiles.joined import with_codes
from ingest.sheets.catalogue import CATALOGUE_HEADINGS, CatalogueRow, read_catalogue
from ingest.sheets.headings import fold_heading
from ingest.sheets.languages import Languages
from ingest.sheets.layout import CUT, STATE_HEADINGS, about_cut, is_as_before, is_cleared
from ingest.sheets.table import Sheet, SheetRow
from preservation.actions.units.describing import Change
from preservation.catalogue.units import Units
from preservation.handouts.catalogue_sheet import FACTS, cells_of, is_catalogue_sheet, named_value

CORRECTION_HEADINGS = {
    **CATALOGUE_HEADINGS,
    **{fold_heading(name): UNIT_ID for name in ("unit_id", "单元标识", "unit identifier")},
    **{fold_heading(name): key for key, said in FACTS.items() for name in (key, said.zh, said.en)},
    **dict.fromkeys(STATE_HEADINGS, STATE),
}
"""Headings of a sheet of corrections: those of a catalogue sheet, the identifier of a unit, and its state."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is said of an element now, and what is to be said."""

    element: Message
    before: str | Message
    after: str | Message


@dataclass(frozen=True, slots=True)
class Correction:
    """What a row of the sheet changes of a unit."""

    row: int
    change: Change
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a sheet would change, how many of its rows change nothing, and what was found wrong with it.

    ``conflicts`` are what somebody else changed since the sheet was written and it changes, too, with the row and its unit.
    """

    corrections: tuple[Correction, ...]
    unchanged: int
    findings: tuple[Finding, ...]
    conflicts: tuple[tuple[int, Unit, Conflict], ...] = ()


def corrections_of(
    sheet: Sheet,
    units: Units,
    repository: str,
    *,
    today: date,
    language: str,
    not_secret: Mapping[str, str],
    earlier: Earlier,
    over_newer: bool = False,
) -> Corrections:
    """Return what a sheet would change of a repository's units; ``not_secret`` are places that are no markings, and why.

    A row that says at which state it was exported changes what it changes of that; what somebody else changed since is
    told, and stays, unless ``over_newer`` says that the sheet is right. ``earlier`` finds units as they were then.
    Raises ``RefusedError`` when a cell of it is a marking of state secrets. A row that means no unit, or several, is a
    finding; so is one that would change the archival code, which renumbering does.
    """
    if not {"code", UNIT_ID} & {*sheet.fields} and sheet.rows:
        sheet = with_codes(sheet)
    named = {heading: value for heading in sheet.unknown if (value := named_value(heading))}
    sheet = _without_named(sheet, named)
    is_exact = is_catalogue_sheet(sheet.headings.values())
    meant = Meant(sheet, units, repository, earlier)
    sheet = meant.by_identifiers(sheet)
    rows = _read(sheet, meant, today, language, not_secret)
    cells = {row.number: row for row in sheet.rows}
    found: list[Finding] = [*sheet.findings, *refuse_state_secrets(sheet, rows, {}, not_secret)[1]]
    corrections: list[Correction] = []
    conflicts: list[tuple[int, Unit, Conflict]] = []
    unchanged = 0
    for row in rows:
        listed = meant.unit_of(row)
        if isinstance(listed, Finding):
            found += [listed.at(file=sheet.name, row=row.number, cell=row.code_cell)]
            continue
        if row.description is None:
            found += row.findings
            continue
        since = meant.rows_of(listed)
        base = since[0].description
        changing = _changing(sheet, cells[row.number], base, named, found) if is_exact else named
        said = replace(row.description, code=base.code, **_named_values(row.description, cells[row.number], changing))
        found += _about_changes(row, cells[row.number], base, said) if is_exact else row.findings
        state = state_of(sheet, cells[row.number], found, since[0].state, listed)
        one = merged(since, said, state, over_newer=over_newer)
        conflicts += [(row.number, listed.unit, conflict) for conflict in one.conflicts]
        about = (*overtaken(listed.unit, one), *meant.unmarked(listed, row.number))
        found += [one.at(file=sheet.name, row=row.number) for one in about]
        about = (*meant.about_code(listed, row.number), *_about_above(cells[row.number], listed.unit, units))
        found += [one.at(file=sheet.name, row=row.number, cell=row.code_cell) for one in about]
        if differences := tuple(_differences(listed.unit, one.description, one.state)):
            now, source = listed.unit.state if one.state is None else one.state, f"{sheet.name} {row.number}"
            after = replace(listed.unit, description=one.description, state=now, source=source)
            corrections.append(Correction(row.number, Change(after, listed.digest or None), differences))
        else:
            unchanged += 1
    told = ToldOnce()
    told.take(found)
    return Corrections(tuple(corrections), unchanged, told.told(), tuple(conflicts))


def _read(
    sheet: Sheet, meant: Meant, today: date, language: str, not_secret: Mapping[str, str]
) -> Sequence[CatalogueRow]:
    return read_catalogue(
        sheet,
        languages=Languages(None, language),
        today=today,
        held=meant.description_of,
        codes=CodeRule.FREE,
        not_secret=with_merged(sheet, not_secret).keys(),
    )


def _without_named(sheet: Sheet, named: Mapping[str, tuple[str, str]]) -> Sheet:
    """Return the sheet without columns that are elements with names, which are read apart, and without what is said of them."""
    kept = tuple(one for one in sheet.findings if named.keys().isdisjoint(map(str, dict(one.message.values).values())))
    return replace(sheet, unknown=tuple(one for one in sheet.unknown if one not in named), findings=kept)


def _changing(
    sheet: Sheet, row: SheetRow, base: Description, named: Mapping[str, tuple[str, str]], found: list[Finding]
) -> Mapping[str, tuple[str, str]]:
    """Return those of the columns of elements with names that an exported row changes; tells of what cannot be changed there."""
    stood = cells_of(base)
    changing: dict[str, tuple[str, str]] = {}
    for heading, (key, name) in named.items():
        text, before = row.text(heading), stood.get(f"{key}:{name}", "")
        if cut := about_cut(sheet.name, text, before):
            found.append(cut.at(file=sheet.name, row=row.number, cell=row.cell_name(heading)))
        elif not is_as_before(text, before):
            changing[heading] = (key, name)
    return changing


def _named_values(said: Description, row: SheetRow, named: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Return the elements with names, as the columns of a row change them: a person a line.

    What nobody could read of an element goes where its cell is read now, though its column still has it.
    """
    answer = {"persons": said.persons, "other": said.other}
    for heading, (key, name) in named.items():
        if not (text := row.text(heading)) or (key == "other" and is_read_now(said, name)):
            continue
        texts = [] if is_cleared(text) else text.split("\n") if key == "persons" else [text]
        place = next((at for at, one in enumerate(answer[key]) if one[0] == name), len(answer[key]))
        new = [(name, one.strip()) for one in texts if one.strip()]
        rest = [one for one in answer[key] if one[0] != name]
        if [one for one in answer[key] if one[0] == name] != new:
            answer[key] = (*rest[:place], *new, *rest[place:])
    return answer


def _about_above(cells: SheetRow, unit: Unit, units: Units) -> Iterator[Finding]:
    """Yield that the unit above, which a row says otherwise, is told by the code and by nothing in a sheet of corrections."""
    if not (text := cells.text("parent_code")):
        return
    above = next((one.description.code for one in reversed(units.above(unit)) if one.description.code.key), None)
    if above is not None and archival_code_key(text) == above.key:
        return
    said = message(
        "上级档号不在更正之列，仍在 {now} 之下，未移到 {text} 之下",
        "the unit above is not what a correction changes: it stays below {now} and was not moved below {text}",
        now=above.written if above else "—",
        text=text,
    )
    yield warning("parent-not-changed", said)


def _about_changes(row: CatalogueRow, cells: SheetRow, base: Description, said: Description) -> Iterator[Finding]:
    """Yield what was found in cells of an exported row that change something: the others say what they said before."""
    changed = {cells.cell_name(one.key) for one in ELEMENTS if one.of(base) != one.of(said)}
    return (one for one in row.findings if one.severity is Severity.ERROR or one.cell in changed or one.code == CUT)


def _differences(unit: Unit, after: Description, state: State | None) -> Iterable[Difference]:
    for element in ELEMENTS:
        if element.of(after) != element.of(unit.description):
            for name, ours, theirs in told_differences(element, after, unit.description):
                yield Difference(name, theirs, ours)
    if state is not None and state is not unit.state:
        yield Difference(message("状态", "state"), unit.state.label, state.label)
