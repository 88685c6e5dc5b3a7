"""Tables that people keep: XLSX and CSV (UTF-8 with or without mark, GB18030), read as text with the name of each cell."""

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from archives.errors import FormatError, NotFoundError
from archives.message import Message, message
from archives.text.harmless import from_spreadsheet
from formats.kinds.plain_text import decode_text
from formats.unpack import Container

_HEADER_WITHIN = 10
_MOST_ROWS = 500_000


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell as text; ``name`` is the spreadsheet's own (``C7``); ``was_number`` when the sheet held no text there."""

    text: str
    name: str
    was_number: bool = False


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row by its number in the sheet (from 1); cells by the column's field, or by its heading where unknown."""

    number: int
    cells: Mapping[str, SheetCell]

    def text(self, field: str) -> str:
        """Return a cell's text, empty when the row has none."""
        cell = self.cells.get(field)
        return cell.text if cell else ""

    def cell_name(self, field: str) -> str | None:
        """Return what the spreadsheet calls the cell."""
        cell = self.cells.get(field)
        return cell.name if cell else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its file's name, the fields it has, headings that stand for no field, and its rows."""

    name: str
    header_row: int
    fields: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def read_sheet(path: Path, names: Mapping[str, str], *, required: Collection[str]) -> Sheet:
    """Read a table whose headings are known by ``names`` (folded heading to field).

    Rows above the header (a merged title) are passed over. Raises ``FormatError`` when the file cannot be read, has no
    header or lacks a required field. Where two headings stand for one field the first counts, the other is unknown.
    """
    table = _read_csv(path) if path.suffix.lower() == ".csv" else _read_xlsx(path)
    for index, row in enumerate(table[:_HEADER_WITHIN]):
        known = [_field_of(cell.text, names) for cell in row]
        if len({field for field in known if field}) >= min(2, len(names)):
            return _sheet(path, table, index, known, required)
    raise _unusable(
        path,
        message("找不到表头行", "no row of headings was found"),
        message("前 {n} 行中须有“档号”等列名", "put the column names in one of the first {n} rows", n=_HEADER_WITHIN),
    )


def fold_heading(text: str) -> str:
    """Return the form in which headings are compared: no blanks, no width, no case, no bracketed remark."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).lower().strip("*")
    return plain.split("(")[0].replace("_", "").replace("-", "")


def _field_of(heading: str, names: Mapping[str, str]) -> str | None:
    """Return the field a heading stands for; it may hold both languages (``档号 archival_code``, ``题名/Title``)."""
    plain = unicodedata.normalize("NFKC", heading)
    parts = [plain, *re.findall(r"[㐀-鿿]+|[A-Za-z_ ]+", plain)]
    found = [names[folded] for part in parts if (folded := fold_heading(part)) in names]
    return found[0] if found and (names.get(fold_heading(plain)) or len(set(found)) == 1) else None


def _sheet(
    path: Path, table: list[list[SheetCell]], index: int, known: list[str | None], required: Collection[str]
) -> Sheet:
    missing = [field for field in required if field not in known]
    if missing:
        raise _unusable(
            path,
            message("缺少列：{names}", "a column is missing: {names}", names=", ".join(missing)),
            message("请修改第 {row} 行的表头", "mend the headings in row {row}", row=index + 1),
        )
    columns: list[str] = []
    for field, cell in zip(known, table[index], strict=True):
        name = field if field and field not in columns else cell.text.strip() or cell.name
        while name in columns:
            name += " *"
        columns.append(name)
    rows = []
    for number, row in enumerate(table[index + 1 :], index + 2):
        cells = {name: cell for name, cell in zip(columns, row, strict=False) if cell.text}
        if cells:
            rows.append(SheetRow(number, cells))
    fields = tuple(column for column, field in zip(columns, known, strict=True) if column == field)
    return Sheet(path.name, index + 1, fields, tuple(c for c in columns if c not in fields), tuple(rows))


def _read_csv(path: Path) -> list[list[SheetCell]]:
    if not path.is_file():
        raise _absent(path)
    try:
        text = decode_text(path.read_bytes())
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (OSError, csv.Error, FormatError) as cause:
        raise _unusable(
            path,
            message(
                "读不了这个 CSV 文件：{reason}",
                "the CSV file cannot be read: {reason}",
                reason=cause.message if isinstance(cause, FormatError) else str(cause),
            ),
            message("请另存为 UTF-8 或 GB18030 编码的 CSV，或 XLSX", "save it as CSV in UTF-8 or GB18030, or as XLSX"),
        ) from cause
    return [
        [
            SheetCell(from_spreadsheet(cell.strip()), f"{get_column_letter(column)}{number}")
            for column, cell in enumerate(row, 1)
        ]
        for number, row in enumerate(rows, 1)
    ]


def _read_xlsx(path: Path) -> list[list[SheetCell]]:
    if not path.is_file():
        raise _absent(path)
    try:
        with Container(path), warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = [
            [_cell(value, f"{get_column_letter(column)}{number}") for column, value in enumerate(row, 1)]
            for number, row in enumerate(sheet.iter_rows(values_only=True, max_row=_MOST_ROWS), 1)
        ]
        book.close()
    except (FormatError, InvalidFileException, zipfile.BadZipFile, OSError, KeyError, ValueError, IndexError) as cause:
        raise _unusable(
            path,
            message(
                "读不了这个 XLSX 文件：{reason}",
                "the XLSX file cannot be read: {reason}",
                reason=cause.message if isinstance(cause, FormatError) else str(cause),
            ),
            message("请用表格软件打开并重新保存", "open it in a spreadsheet program and save it again"),
        ) from cause
    return rows


def _cell(value: object, name: str) -> SheetCell:
    if value is None:
        return SheetCell("", name)
    if isinstance(value, datetime):
        return SheetCell(value.date().isoformat(), name)
    if isinstance(value, bool):
        return SheetCell(str(value), name)
    if isinstance(value, int | float):
        whole = isinstance(value, int) or value.is_integer()
        return SheetCell(str(int(value)) if whole else str(value), name, was_number=True)
    return SheetCell(from_spreadsheet(str(value).strip()), name)


def _absent(path: Path) -> NotFoundError:
    return NotFoundError(
        message("没有这个文件：{path}", "there is no such file: {path}", path=str(path)), subject=str(path)
    )


def _unusable(path: Path, reason: Message, advice: Message) -> FormatError:
    return FormatError(
        message("{file}：{reason}", "{file}: {reason}", file=path.name, reason=reason), subject=str(path), advice=advice
    )
