"""A catalogue as a sheet that comes back in: a unit a row, an element a column, every cell text."""

import csv
from codecs import getwriter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import IO

from archives.exchange.xml import xml_text
from archives.findings import Finding, warning
from archives.message import Language, Message, message
from archives.record.description import Description
from archives.record.elements.table import ELEMENTS
from archives.text.harmless import from_spreadsheet, harmless, spreadsheet_text
from preservation.handouts.workbook import LONGEST_CELL, write_texts
from preservation.stores.files import write_streamed

FACTS: Mapping[str, Message] = MappingProxyType(
    {
        "unit_id": message("单元标识", "unit identifier"),
        "revision": message("修订号", "revision"),
        "level": message("著录层级", "level of description"),
        "parent_code": message("上级档号", "parent code"),
        "parent_id": message("上级单元标识", "parent identifier"),
        "state": message("状态", "state"),
    }
)
"""What a row says of its unit beside the elements, by key; it stands before them.

``parent_id`` is said where the code does not tell which unit is above: it has none, or others have the same.
"""

_NAMED, _IN_HEADING = ":", "："
"""What stands between an element that is many with names (其他著录项, 人名) and the name: in a key, and in a heading."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key of its values in a row, and its heading."""

    key: str
    heading: str


def cells_of(description: Description) -> dict[str, str]:
    """Return what is said of a unit, by key, as the cells of a sheet say it: as written, to be read as the same again."""
    cells: dict[str, str] = {}
    for element in ELEMENTS:
        for one in element.written(description):
            key = element.key if element.kind.parse else f"{element.key}{_NAMED}{one.attributes.get('名称', '')}"
            if one.text:
                cells[key] = f"{cells[key]}\n{one.text}" if key in cells else one.text
    return cells


def keys_with_values(rows: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """Return the keys that have a value in any row."""
    return frozenset(chain.from_iterable((key for key, text in row.items() if text) for row in rows))


def catalogue_columns(keys: Iterable[str], language: Language) -> tuple[Column, ...]:
    """Return the columns for these keys: facts, elements in their order, then those with names, each with its element before it."""
    known = {**FACTS, **{element.key: element.label for element in ELEMENTS if element.kind.parse}}
    asked = set(keys)
    named = [Column(key, said.text(language)) for key, said in known.items() if key in asked]
    return (*named, *(Column(key, _heading(key, language)) for key in sorted(asked - set(known))))


def is_catalogue_sheet(headings: Iterable[str]) -> bool:
    """Say whether a table with these headings is one that was exported: it names the units that its rows are."""
    said = FACTS["unit_id"]
    return not {"unit_id", said.zh, said.en}.isdisjoint(headings)


def named_value(heading: str) -> tuple[str, str] | None:
    """Return the key of the element and the name that a heading of a named value says (``人名：男方``); None for any other."""
    label, sign, name = heading.partition(_IN_HEADING)
    key = next((one.key for one in ELEMENTS if not one.kind.parse and label in (one.label.zh, one.label.en)), "")
    return (key, name) if sign and key else None


def _heading(key: str, language: Language) -> str:
    """Return the heading of a named value: its element and its name, so that no name is taken for an element's."""
    element, _, name = key.partition(_NAMED)
    label = next((one.label.text(language) for one in ELEMENTS if one.key == element), "")
    return f"{label}{_IN_HEADING}{name}" if label and name else name or key


def write_catalogue(path: Path, columns: tuple[Column, ...], rows: Iterable[Mapping[str, str]]) -> tuple[Finding, ...]:
    """Write rows as XLSX, or as CSV where the name ends so, row by row; return which cells will not come back as they are.

    Raises ``StorageError``; nothing is left of a file that could not be written whole.
    """
    findings: list[Finding] = []
    is_text = path.suffix.lower() == ".csv"
    write = _write_csv if is_text else _write_workbook
    form = spreadsheet_text if is_text else _workbook_text

    def cells() -> Iterable[list[str]]:
        yield [column.heading for column in columns]
        for number, row in enumerate(rows, 2):
            values = [row.get(column.key, "") for column in columns]
            shown = [form(value) if value else "" for value in values]
            for column, value, text in zip(columns, values, shown, strict=True):
                if from_spreadsheet(text) != value:
                    findings.append(_changed(path.name, column, value, number))
            yield shown

    write_streamed(path, lambda file: write(file, cells()))
    return tuple(findings)


def cells_with(value: str) -> tuple[str, str]:
    """Return what a cell of a written sheet has of a value: as text (CSV), and in a workbook."""
    return spreadsheet_text(value), _workbook_text(value)


def is_cut(file: str, value: str) -> bool:
    """Say whether a cell of a sheet of this name could not hold the whole of a value."""
    return len(value) > LONGEST_CELL and not file.lower().endswith(".csv")


def _write_csv(file: IO[bytes], rows: Iterable[list[str]]) -> None:
    """Write UTF-8 with the mark that spreadsheet programs know it by (RFC 4180)."""
    csv.writer(getwriter("utf-8-sig")(file)).writerows(rows)


def _write_workbook(file: IO[bytes], rows: Iterable[list[str]]) -> None:
    write_texts(file, "目录", rows)


def _workbook_text(value: str) -> str:
    """Return what a cell of a workbook can hold of a value; nothing is computed in a cell of text."""
    return xml_text(harmless(value))[:LONGEST_CELL]


def _changed(file: str, column: Column, value: str, number: int) -> Finding:
    if len(value) > LONGEST_CELL:
        said = message(
            "“{heading}”有 {length} 个字符，工作簿的一格只放得下 {most} 个，后面的没有写入；请改用 .csv 或 .xml 导出",
            "“{heading}” has {length} characters, of which a cell of a workbook holds {most}: the rest was not written;"
            " export as .csv or .xml",
            heading=column.heading,
            length=len(value),
            most=LONGEST_CELL,
        )
        return warning("cell-cut", said, file=file, row=number)
    said = message(
        "“{heading}”里有表格放不下的字符，读回时会不一样；请改用 .xml 导出",
        "“{heading}” has characters that no sheet holds: it will be read as something else; export as .xml",
        heading=column.heading,
    )
    return warning("cell-changed", said, file=file, row=number)
