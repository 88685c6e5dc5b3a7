"""Tables written as offices have them: five formats, with what stands above the headings and below the last row."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.cell.cell import Cell

from tests.support.compound_files import xls_bytes
from tests.support.dbf import make_dbf
from tests.support.files import zip_bytes

if TYPE_CHECKING:
    from tests.support.county import CountyTable

_NAMES = {
    "volumes": "案卷目录", "items": "卷内文件目录", "filed": "归档文件目录", "marriages": "婚姻登记目录", "houses": "房产档案目录",
    "youths": "知青档案目录",
}  # fmt: skip
_SPACES = "office table text style"
_ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="{name}">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""
Lines = Sequence[Sequence[str]]


def write_table(table: "CountyTable", folder: Path) -> tuple[Path, list[int]]:
    """Write a table; returns its path and the number of each of its rows as a spreadsheet shows it."""
    name = _NAMES[table.subject]
    path = folder / f"{name}.{table.form}"
    head = [table.headings[key] for key in table.columns]
    rows = [[row.get(key, "") for key in table.columns] for row in table.rows]
    if table.form == "dbf":
        fields = [(head[at], "C", max(len(_gbk(row[at])) for row in rows) or 1) for at in range(len(head))]
        make_dbf(path, fields, [[_gbk(text) for text in row] for row in rows])
        return path, [*range(2, len(rows) + 2)]
    above, below = _around(table, name, len(head))
    lines = [*above, head, *rows, *below]
    first = len(above) + 2
    hidden = {first + at for at, row in enumerate(table.rows) if id(row) in table.hidden}
    if table.form == "csv":
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows(lines)
    elif table.form == "xls":
        path.write_bytes(xls_bytes(*lines, name=name, hidden=[one - 1 for one in hidden]))
    elif table.form == "ods":
        spaces = " ".join(f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in _SPACES.split())
        body = _ODS.format(spaces=spaces, name=name, rows="".join(map(_ods_row, lines)))
        path.write_bytes(
            zip_bytes({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": body.encode()})
        )
    else:
        _write_xlsx(path, name, lines, hidden, numbers=table.spread.random() < 0.5)
    return path, [*range(first, first + len(rows))]


def _around(table: "CountyTable", name: str, width: int) -> tuple[list[list[str]], list[list[str]]]:
    """Draw what stands above the headings and below the last row."""
    blank = [""] * (width - 1)
    above, below = [], []
    if table.spread.random() < 0.6:
        above.append([f"青峤县档案馆{name}", *blank])
    if table.spread.random() < 0.4:
        above.append([f"全宗号：{table.fonds}", *blank])
    if table.spread.random() < 0.4:
        below.append([f"合计：{len(table.rows)}条", *blank])
    if table.spread.random() < 0.4:
        below.append(["制表人：王建国", *blank])
    return above, below


def _write_xlsx(path: Path, name: str, lines: Lines, hidden: set[int], *, numbers: bool) -> None:
    """Write a workbook, in some of which short numbers are numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for number, line in enumerate(lines, 1):
        for column, text in enumerate(line, 1):
            if not text:
                continue
            cell = sheet.cell(number, column)
            assert isinstance(cell, Cell)
            is_number = numbers and text.isdecimal() and len(text) < 4 and text[0] != "0"
            cell.value = int(text) if is_number else text
            if not is_number:
                cell.data_type = "e" if text == "#REF!" else "s"
    for number in hidden:
        sheet.row_dimensions[number].hidden = True
    book.save(path)


def _ods_row(line: Sequence[str]) -> str:
    cells = "".join(_ods_cell(text) for text in line)
    return f"<table:table-row>{cells}</table:table-row>"


def _ods_cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    lines = "".join(f"<text:p>{escape(one).replace('  ', ' <text:s/>')}</text:p>" for one in text.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def _gbk(text: str) -> bytes:
    return text.encode("gbk")
