"""Corrections by sheet alone: which units its rows mean, and what is to be said of them from now on.

Only the columns that stand in the sheet change, and of them only cells that say something: an element is emptied by the
mark that says so (``CLEARED``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from archives.findings import Finding, error, warning
from archives.message import Message, message
from archives.record.description import Description
from archives.record.elements.table import ELEMENTS
from archives.record.identifiers import ArchivalCode, CodeRule
from archives.units.unit import State, Unit
from ingest.batch.secrets import refuse_state_secrets
from ingest.comparison import told_differences
from ingest.sheets.catalogue import CATALOGUE_HEADINGS, CatalogueRow, read_catalogue
from ingest.sheets.headings import fold_heading
from ingest.sheets.languages import Languages
from ingest.sheets.table import Sheet, SheetRow
from preservation.actions.units.describing import Change
from preservation.catalogue.units import Listed, Units
from preservation.handouts.catalogue_sheet import FACTS

UNIT_ID, STATE = "unit_id", "state"
CORRECTION_HEADINGS = {
    **CATALOGUE_HEADINGS,
    **{fold_heading(name): UNIT_ID for name in ("unit_id", "单元标识", "unit identifier")},
    **{fold_heading(name): key for key, said in FACTS.items() for name in (key, said.zh, said.en)},
    **{fold_heading(name): STATE for name in ("状态", "state", "数字化状态")},
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
    """What a sheet would change, how many of its rows change nothing, and what was found wrong with it."""

    corrections: tuple[Correction, ...]
    unchanged: int
    findings: tuple[Finding, ...]


def corrections_of(
    sheet: Sheet,
    units: Units,
    repository: str,
    *,
    today: date,
    language: str,
    not_secret: Mapping[str, str],
) -> Corrections:
    """Return what a sheet would change of a repository's units; ``not_secret`` are places that are no markings, and why.

    Raises ``RefusedError`` when a cell of it is a marking of state secrets. A row that means no unit, or several, is a
    finding; so is one that would change the archival code, which renumbering does.
    """
    meant = _Meant(sheet, units, repository)
    rows = read_catalogue(
        sheet,
        languages=Languages(None, language),
        today=today,
        held=lambda code: meant.description_of(code),
        codes=CodeRule.FREE,
    )
    refuse_state_secrets(sheet, rows, {}, {})
    cells = {row.number: row for row in sheet.rows}
    found: list[Finding] = list(sheet.findings)
    corrections: list[Correction] = []
    unchanged = 0
    for row in rows:
        listed = meant.unit_of(row)
        if isinstance(listed, Finding):
            found += [listed.at(file=sheet.name, row=row.number, cell=row.code_cell)]
            continue
        found += row.findings
        if row.description is None:
            continue
        state = _state(sheet, cells[row.number], found)
        description = replace(row.description, code=listed.unit.description.code)
        differences = tuple(_differences(listed.unit, description, state))
        if differences:
            after = replace(listed.unit, description=description, state=listed.unit.state if state is None else state)
            corrections.append(Correction(row.number, Change(after, listed.digest), differences))
        else:
            unchanged += 1
    return Corrections(tuple(corrections), unchanged, tuple(found))


class _Meant:
    """Which unit each row of a sheet means: the one of its identifier, else the only one of its code."""

    def __init__(self, sheet: Sheet, units: Units, repository: str) -> None:
        self._by_row: Mapping[int, str] = {
            row.number: row.text(UNIT_ID) for row in sheet.rows if UNIT_ID in sheet.fields and row.text(UNIT_ID)
        }
        self._by_id = units.get(self._by_row.values())
        self._by_code = units.by_code(repository, (row.text("code") for row in sheet.rows))
        own = {one.unit.description.code.key: (one,) for one in self._by_id.values()}
        self._known: Mapping[str, Sequence[Listed]] = {**self._by_code, **own}

    def description_of(self, code: ArchivalCode) -> Description | None:
        """Return what is said of the unit of a code."""
        known = self._known.get(code.key, ())
        return known[0].unit.description if known else None

    def unit_of(self, row: CatalogueRow) -> Listed | Finding:
        """Return the unit that a row means, or why there is none."""
        if (unit_id := self._by_row.get(row.number)) is not None:
            return self._by_id.get(unit_id) or _unknown(unit_id)
        key = row.description.code.key if row.description else ""
        known = self._by_code.get(key, ())
        if len(known) > 1:
            said = message(
                "档号 {code} 有 {n} 个著录单元，请用“单元标识”列写明是哪一个",
                "the code {code} has {n} units; say which one in a column unit_id",
                code=row.code_text,
                n=len(known),
            )
            return error("unit-ambiguous", said)
        return known[0] if known else _unknown(row.code_text)


def _unknown(text: str) -> Finding:
    said = message(
        "目录中没有 {code}，此行未改动任何内容",
        "the catalogue has no {code}; this row changes nothing",
        code=text or "—",
    )
    return error("unit-unknown", said)


def _state(sheet: Sheet, row: SheetRow, found: list[Finding]) -> State | None:
    text = row.text(STATE) if STATE in sheet.fields else ""
    if not text:
        return None
    state = State.named(text)
    if state in (None, State.DESTROYED, State.TAKEN_BACK, State.PURGED):
        said = message(
            "“{text}”不是可以填写的状态，未改", "“{text}” is no state that one may write; unchanged", text=text
        )
        found.append(warning("state-unknown", said, file=sheet.name, row=row.number, cell=row.cell_name(STATE)))
        return None
    return state


def _differences(unit: Unit, after: Description, state: State | None) -> Iterable[Difference]:
    for element in ELEMENTS:
        if element.of(after) != element.of(unit.description):
            for name, ours, theirs in told_differences(element, after, unit.description):
                yield Difference(name, theirs, ours)
    if state is not None and state is not unit.state:
        yield Difference(message("状态", "state"), unit.state.label, state.label)
