"""A sheet of opening decisions as a command reads it: what its rows ask for, and what is wrong with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archives.findings import Finding, refusal
from archives.message import Message, message
from archives.record.identifiers import archival_code_key
from cli import wiring
from cli.home.home import Home
from ingest.sheets.decisions import DECISION_HEADINGS, REQUIRED, DecisionRow, about_sheet, filled_in, read_decisions
from ingest.sheets.table import Sheet, read_sheet
from preservation.actions.describe import require_repository
from preservation.actions.opening import AppliedDecision, AskedDecision
from preservation.catalogue.naming import named


@dataclass(frozen=True, slots=True)
class AskedSheet:
    """A sheet of decisions: its rows, those that can be applied by their numbers, and how many are not filled in."""

    table: Sheet
    rows: tuple[DecisionRow, ...]
    asked: Mapping[int, AskedDecision]
    blank: int

    def about(self) -> list[tuple[str, Finding]]:
        """Return what is to be known of the sheet as a whole."""
        return [("", found) for found in about_sheet(self.table)]

    def about_rows(self, outcomes: Mapping[int, AppliedDecision]) -> Iterator[tuple[str, Finding]]:
        """Yield what is wrong with rows, each with the code that it is about, and why one stands for no record."""
        for row in self.rows:
            yield from ((row.code_text, found) for found in row.findings)
            if row.number in outcomes and (unknown := outcomes[row.number].failure):
                cell = row.title_cell if outcomes[row.number].is_of_title and row.title_cell else row.cell
                yield row.code_text, refusal(unknown, file=self.table.name, row=row.number, cell=cell)


def read_asked(home: Home, path: Path, repository: str | None) -> AskedSheet:
    """Return what a sheet of decisions asks for; ``repository`` is that of rows which name none."""
    table = read_sheet(path, DECISION_HEADINGS, required=REQUIRED, reader=home.sheet_reader(path.parent))
    table, blank = filled_in(table)
    require_repository(home.archive, repository)
    rows = read_decisions(table, today=wiring.today())
    asked = {
        row.number: AskedDecision(row.code_text, row.repository or repository, row.decision, row.reviewed)
        for row in rows
        if row.decision
    }
    return AskedSheet(table, rows, asked, blank)


def known_as(one: AppliedDecision) -> Message | None:
    """Return that a decision named a unit by a code that it had before, None for its code of now."""
    if one.holding is None:
        return None
    now = one.holding.description.code
    if archival_code_key(named(one.asked.code, None)[1]) == now.key:
        return None
    return message("{old} 现为 {now}", "{old} is {now} now", old=one.asked.code, now=now.written)


def unchanged(number: int) -> list[Message]:
    """Return that decisions of a sheet stand already, nothing where none does."""
    said = message("{n} 行与现有决定相同，照旧", "{n} {n:row stands|rows stand} as decided before", n=number)
    return [said] if number else []
