"""The gate before a batch: a state secret that was not declassified stops it whole, before one byte is copied.

Looked at are the cells of every worksheet, hidden ones too, what stands beside them, and the names of files and folders.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from typing import Protocol

from archives.errors import RefusedError
from archives.findings import Finding, Severity, note
from archives.message import Message, listed, message
from archives.record.marked import is_secret
from archives.record.secrecy import (
    is_choice,
    is_list_of_levels,
    marking_in_folder_name,
    marking_in_name,
)
from formats.spreadsheet.cells import column_letters
from ingest.batch.listing import shown
from ingest.sheets.grid import GridRow, GridSheet, cell_text
from ingest.sheets.markings import markings_of
from ingest.sheets.table import Sheet

_SEVERAL = 2
_PLACE = re.compile(r"([A-Z]+)([0-9]+)")


class JudgedRow(Protocol):
    """A row whose cells were judged."""

    @property
    def code_text(self) -> str:
        """The code that it says, as written."""

    @property
    def classified_cells(self) -> tuple[str, ...]:
        """The names of the cells that are state secrets."""

    @property
    def judged_cells(self) -> tuple[str, ...]:
        """The names of the cells that somebody judged to be no markings."""


@dataclass(frozen=True, slots=True)
class _Row:
    code_text: str
    classified_cells: tuple[str, ...]
    judged_cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A place that is marked as a state secret; ``code`` is the archival code of its row, where it has one."""

    place: str
    said: str
    code: str = ""


def refuse_state_secrets(
    sheet: Sheet,
    rows: Sequence[JudgedRow],
    names: Mapping[str, bool],
    judged: Mapping[str, str],
) -> tuple[tuple[tuple[str, str, str], ...], tuple[Finding, ...]]:
    """Raise ``RefusedError`` when anything of a batch is marked as a state secret and was not declassified.

    ``names`` are the files and folders by name (a folder's ends with ``/``), each with whether it belongs to a record that
    was declassified.
    ``judged`` are places that an archivist judged to be no marking, with the reason. Returned are those of them that would
    be one, each with what stands in it and the reason, and the findings that tell this, and which answers answer nothing.
    """
    marked = [*_in_rows(sheet, rows), *_elsewhere(sheet), *marked_names(names)]
    cells = {cell.name: cell.text for row in sheet.rows for cell in row.cells.values()} if judged else {}
    texts = {one.place: one.said for one in marked}
    texts |= {place: cells.get(place, "") for row in rows for place in row.judged_cells}
    reasons = with_merged(sheet, judged)
    idle = [place for place in judged if place not in texts and place.partition(":")[0] not in texts]
    open_ones = [one for one in marked if one.place not in reasons]
    if open_ones:
        raise _stopped(sheet.name, open_ones, idle)
    answers = tuple((place, texts[place], reason) for place, reason in reasons.items() if place in texts)
    return answers, (
        *(_judged(*answer, sheet.name) for answer in answers),
        *(note("not-secret-idle", _answers_nothing([place]), file=sheet.name) for place in idle),
    )


def without_secrets(
    sheet: Sheet, judged: Mapping[str, str], *, number: str, today: date
) -> tuple[Sheet, tuple[Finding, ...]]:
    """Return a sheet that describes no records (of fonds, say) without the rows of which nobody can tell, and what was found.

    ``number`` is the field that a row is known by. Raises ``RefusedError`` as ``refuse_state_secrets`` does.
    """
    answered = with_merged(sheet, judged).keys()
    marked = [markings_of(sheet, row, today=today, not_secret=answered) for row in sheet.rows]
    rows = [
        _Row(row.text(number), one.classified_cells, one.judged_cells)
        for row, one in zip(sheet.rows, marked, strict=True)
    ]
    _, told = refuse_state_secrets(sheet, rows, {sheet.name: False}, judged)
    found = [[one for one in row.findings if one.severity is Severity.ERROR] for row in marked]
    kept = tuple(row for row, errors in zip(sheet.rows, found, strict=True) if not errors)
    return replace(sheet, rows=kept), (*told, *(one for errors in found for one in errors))


def refuse_secrets_of(
    sheets: Sequence[tuple[Sheet, Sequence[JudgedRow], str]], names: Mapping[str, bool], judged: Mapping[str, str]
) -> tuple[tuple[tuple[str, str, str], ...], tuple[Finding, ...]]:
    """Do the same for several sheets of one batch, each with what stands before the names of its cells in ``judged``."""
    answers: list[tuple[str, str, str]] = []
    findings: list[Finding] = []
    prefixes = tuple(prefix for _, _, prefix in sheets if prefix)
    for sheet, rows, prefix in sheets:
        mine = {
            place.removeprefix(prefix): why
            for place, why in judged.items()
            if place.startswith(prefix) and (prefix or not place.startswith(prefixes))
        }
        answered, told = refuse_state_secrets(sheet, rows, {} if prefix else names, mine)
        answers += ((prefix + place, said, why) for place, said, why in answered)
        findings += told
    return tuple(answers), tuple(findings)


def _answers_nothing(places: Sequence[str]) -> Message:
    return message(
        "--not-secret 所答的 {places} 处没有密级标志，此答未起作用",
        "no marking stands at {places}: what --not-secret answers there answers nothing",
        places=listed(places),
    )


def _stopped(sheet_name: str, open_ones: Sequence[Marked], idle: Sequence[str]) -> RefusedError:
    first = open_ones[0]
    said = message(
        "{sheet} {place}（{code}{said}）是国家秘密，没有解密日期和解密依据，整批停止，未复制任何文件；共 {n} 处：{places}",
        "{sheet} {place} ({code}{said}) is a state secret without date and basis of declassification: the whole batch is stopped, nothing was copied; marked places ({n}): {places}",
        sheet=sheet_name,
        place=first.place,
        code=f"{first.code} " if first.code else "",
        said=first.said[:40],
        n=len(open_ones),
        places=listed([one.place for one in open_ones]),
    )
    if idle:
        said = message("{said}。{idle}", "{said}. {idle}", said=said, idle=_answers_nothing(idle))
    return RefusedError(
        said,
        subject=f"{sheet_name}: {first.place}",
        advice=message(
            "请移出该件，或在其行中补齐解密日期与解密依据；如果只是用词而非密级标志（如片名），请由档案人员加 --not-secret '{place}=理由' 再运行，判断将记入日志",
            "take the record out, or give date and basis of its declassification in its row; if the word is no marking (the title of a film, say), run it again with --not-secret '{place}=WHY', which is kept in the journal",
            place=first.place,
        ),
    )


def with_merged(sheet: Sheet, judged: Mapping[str, str]) -> dict[str, str]:
    """Return the answers with those for cells that are shown as one with a cell that was judged: its value is theirs."""
    answers = dict(judged)
    for merged in sheet.grid[sheet.worksheet].merged if sheet.grid else ():
        first = merged.partition(":")[0]
        (column, top), (_, bottom) = _PLACE.findall(merged)
        for place in (first, merged):
            if place in judged:
                answers |= {f"{column}{row}": judged[place] for row in range(int(top), int(bottom) + 1)}
    return answers


def _judged(place: str, text: str, reason: str, sheet_name: str) -> Finding:
    said = message(
        "{place}“{said}”经判断不是密级标志：{reason}",
        "{place} “{said}” was judged to be no marking of secrecy: {reason}",
        place=place,
        said=text[:40],
        reason=reason,
    )
    return note("judged-not-secret", said, file=sheet_name)


def _in_rows(sheet: Sheet, rows: Sequence[JudgedRow]) -> Iterator[Marked]:
    cells = {cell.name: cell.text for row in sheet.rows for cell in row.cells.values()} if rows else {}
    for row in rows:
        for name in row.classified_cells:
            yield Marked(name, cells.get(name, ""), row.code_text)


def _elsewhere(sheet: Sheet) -> Iterator[Marked]:
    """Yield what is marked outside the rows of records: above them, in other worksheets, beside cells."""
    for place, one in enumerate(sheet.grid):
        if place != sheet.worksheet:
            yield from marked_on(one, f"{one.name}!")
            continue
        rows = tuple(r for r in one.rows if r.number <= sheet.last_header_row or r.number in sheet.beside)
        headings = [row for row in rows if sheet.header_row <= row.number <= sheet.last_header_row]
        heads = heads_of_choices(headings, sheet.used_columns.__contains__)
        yield from marked_on(replace(one, rows=rows), "", heads)


def marked_on(sheet: GridSheet, prefix: str, heads: frozenset[tuple[int, int]] | None = None) -> Iterator[Marked]:
    """Yield what is marked in rows that are no records', and beside them; ``prefix`` stands before the names of cells.

    ``heads`` are the places (row and column, from 1) of a table's headings that are levels to be ticked; where there is
    no table, lists of levels to choose from are none of it.
    """
    choices = _choices(sheet) if heads is None else heads
    for row in sheet.rows:
        for column, cell in enumerate(row.cells, 1):
            if is_secret(cell_text(cell)) and (row.number, column) not in choices:
                yield Marked(f"{prefix}{column_letters(column)}{row.number}", cell_text(cell))
    for place, text in (*sheet.beside, ("", sheet.name)):
        if is_secret(text):
            yield Marked(f"{prefix or sheet.name + '!'}{place}", text)


def may_be_marked(row: GridRow) -> bool:
    """Say whether a row matters here: a cell of it is a marking, or one of the levels to choose from."""
    return any(is_secret(text) or is_choice(text) for text in map(cell_text, row.cells))


def heads_of_choices(headings: Iterable[GridRow], is_used: Callable[[int], bool]) -> frozenset[tuple[int, int]]:
    """Return the headings that are levels and head columns in which they are ticked: no markings, but their ticks are.

    A level among the headings whose column is empty is one, unless all levels stand there.
    """
    answer: set[tuple[int, int]] = set()
    for row in headings:
        levels = [(place, text) for place, cell in enumerate(row.cells, 1) if is_secret(text := cell_text(cell))]
        are_all = len({text for _, text in levels}) >= _SEVERAL
        answer |= {(row.number, place) for place, _ in levels if are_all or is_used(place)}
    return frozenset(answer)


def _choices(sheet: GridSheet) -> frozenset[tuple[int, int]]:
    """Return the places of a list of levels to choose from, under one another or side by side, each once and bare."""
    wide = max((len(row.cells) for row in sheet.rows), default=0)
    lines = [[(row.number, column, cell_text(cell)) for column, cell in enumerate(row.cells, 1)] for row in sheet.rows]
    for column in range(wide):
        lines.append(
            [(r.number, column + 1, cell_text(r.cells[column]) if column < len(r.cells) else "") for r in sheet.rows]
        )
    return frozenset(place for line in lines for place in _list_in(line))


def _list_in(line: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, int]]:
    """Yield the places of a list of levels in a row or a column of cells."""
    run: list[tuple[int, int, str]] = []
    for cell in (*line, (0, 0, "")):
        if is_choice(cell[2]) and (not run or sum(cell[:2]) == sum(run[-1][:2]) + 1):
            run.append(cell)
            continue
        if is_list_of_levels([text for _, _, text in run]):
            yield from ((row, column) for row, column, _ in run)
        run = [cell] if is_choice(cell[2]) else []


def marked_names(names: Mapping[str, bool]) -> Iterator[Marked]:
    """Yield the names of files and folders (a folder's ends with ``/``) that are markings, but for those that were declassified."""
    for relative, is_declassified in names.items():
        path = PurePosixPath(shown(relative))
        folders = path.parts if relative.endswith("/") else path.parts[:-1]
        marked = [part for part in folders if marking_in_folder_name(part)]
        marked += [part for part in path.parts if marking_in_name(part)]
        if marked and not is_declassified:
            yield Marked(str(path), marked[0])
