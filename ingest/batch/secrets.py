"""The gate before a batch: a state secret that was not declassified stops it whole, before one byte is copied.

Looked at are the cells of every worksheet, hidden ones too, what stands beside them, and the names of files and folders.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from openpyxl.utils import get_column_letter

from archives.errors import RefusedError
from archives.findings import Finding, note
from archives.message import listed, message
from archives.record.secrecy import (
    SecurityClassification,
    marking_in_folder_name,
    marking_in_name,
    marking_of,
    marking_of_object,
)
from ingest.batch.listing import shown
from ingest.sheets.catalogue import CatalogueRow
from ingest.sheets.grid import GridSheet, cell_text
from ingest.sheets.table import Sheet

_CHOICES = frozenset(level.value for level in SecurityClassification)
_LEAST_OF_A_LIST = 2


@dataclass(frozen=True, slots=True)
class Marked:
    """A place that is marked as a state secret; ``code`` is the archival code of its row, where it has one."""

    place: str
    said: str
    code: str = ""


def refuse_state_secrets(
    sheet: Sheet,
    rows: Sequence[CatalogueRow],
    names: Mapping[str, bool],
    judged: Mapping[str, str],
) -> tuple[tuple[tuple[str, str, str], Finding], ...]:
    """Raise ``RefusedError`` when anything of a batch is marked as a state secret and was not declassified.

    ``names`` are the files and folders by name (a folder's ends with ``/``), each with whether it belongs to a record that
    was declassified.
    ``judged`` are places that an archivist judged to be no marking, with the reason. Returned are those of them that are
    there, each with what stands in it and the reason, and the finding that tells it.
    """
    marked = [*_in_rows(sheet, rows), *_elsewhere(sheet), *_in_names(names)]
    open_ones = [one for one in marked if one.place not in judged]
    if not open_ones:
        texts = {one.place: one.said for one in marked} | {
            cell.name: cell.text for row in sheet.rows for cell in row.cells.values() if cell.name in judged
        }
        answers = [(place, texts[place], reason) for place, reason in judged.items() if place in texts]
        return tuple((answer, _judged(*answer, sheet.name)) for answer in answers)
    first = open_ones[0]
    raise RefusedError(
        message(
            "{sheet} {place}（{code}{said}）是国家秘密，没有解密日期和解密依据，整批停止，未复制任何文件；共 {n} 处：{places}",
            "{sheet} {place} ({code}{said}) is a state secret without date and basis of declassification: the whole batch is stopped, nothing was copied; marked places ({n}): {places}",
            sheet=sheet.name,
            place=first.place,
            code=f"{first.code} " if first.code else "",
            said=first.said[:40],
            n=len(open_ones),
            places=listed([one.place for one in open_ones]),
        ),
        subject=f"{sheet.name}: {first.place}",
        advice=message(
            "请移出该件，或在其行中补齐解密日期与解密依据；如果只是用词而非密级标志（如片名），请由档案人员加 --not-secret '{place}=理由' 再运行，判断将记入日志",
            "take the record out, or give date and basis of its declassification in its row; if the word is no marking (the title of a film, say), run it again with --not-secret '{place}=WHY', which is kept in the journal",
            place=first.place,
        ),
    )


def _judged(place: str, text: str, reason: str, sheet_name: str) -> Finding:
    said = message(
        "{place}“{said}”经判断不是密级标志：{reason}",
        "{place} “{said}” was judged to be no marking of secrecy: {reason}",
        place=place,
        said=text[:40],
        reason=reason,
    )
    return note("judged-not-secret", said, file=sheet_name)


def _in_rows(sheet: Sheet, rows: Sequence[CatalogueRow]) -> Iterator[Marked]:
    cells = {cell.name: cell.text for row in sheet.rows for cell in row.cells.values()} if rows else {}
    for row in rows:
        for name in row.classified_cells:
            yield Marked(name, cells.get(name, ""), row.code_text)


def _elsewhere(sheet: Sheet) -> Iterator[Marked]:
    """Yield what is marked outside the rows of records: above them, in other worksheets, beside cells."""
    for place, one in enumerate(sheet.grid):
        of_records = place == sheet.worksheet
        prefix = "" if of_records else f"{one.name}!"
        choices = frozenset[tuple[int, int]]() if of_records else _choices(one)
        for row in one.rows:
            if of_records and row.number > sheet.header_row:
                break
            for column, cell in enumerate(row.cells, 1):
                if _is_secret(cell_text(cell)) and (row.number, column) not in choices:
                    yield Marked(f"{prefix}{get_column_letter(column)}{row.number}", cell_text(cell))
        yield from _beside(one, prefix)


def _choices(sheet: GridSheet) -> frozenset[tuple[int, int]]:
    """Return the places of a list of levels to choose from: under one another each once, secret and not, and bare."""
    found: set[tuple[int, int]] = set()
    wide = max((len(row.cells) for row in sheet.rows), default=0)
    for column in range(wide):
        run: list[tuple[int, str]] = []
        for row in (*sheet.rows, None):
            text = cell_text(row.cells[column]) if row and column < len(row.cells) else ""
            if row and text in _CHOICES and (not run or row.number == run[-1][0] + 1):
                run.append((row.number, text))
                continue
            if _is_choice([text for _, text in run]):
                found |= {(number, column + 1) for number, _ in run}
            run = [(row.number, text)] if row and text in _CHOICES else []
    return frozenset(found)


def _is_choice(levels: Sequence[str]) -> bool:
    secrets = [level for level in levels if SecurityClassification(level).is_state_secret]
    return len(set(levels)) == len(levels) > len(secrets) >= _LEAST_OF_A_LIST


def _beside(sheet: GridSheet, prefix: str) -> Iterator[Marked]:
    for place, text in (*sheet.beside, ("", sheet.name)):
        if _is_secret(text):
            yield Marked(f"{prefix or sheet.name + '!'}{place}", text)


def _is_secret(text: str) -> bool:
    level = marking_of(text) or marking_of_object(text)
    return level is not None and level.is_state_secret


def _in_names(names: Mapping[str, bool]) -> Iterator[Marked]:
    for relative, is_declassified in names.items():
        path = PurePosixPath(shown(relative))
        folders = path.parts if relative.endswith("/") else path.parts[:-1]
        marked = [part for part in folders if marking_in_folder_name(part)]
        marked += [part for part in path.parts if marking_in_name(part)]
        if marked and not is_declassified:
            yield Marked(str(path), marked[0])
