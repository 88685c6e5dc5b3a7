"""Workbooks (XLSX, ISO/IEC 29500): every sheet is a page of tab-separated rows under its name."""

from collections.abc import Iterator
from pathlib import Path

from archives.exchange.xml import parse_xml
from archives.message import message
from formats.kinds.kind import Hidden, Kind
from formats.unpack import Container

_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _read(path: Path) -> Iterator[str]:
    import openpyxl

    with Container(path), path.open("rb") as file:  # a path would have to end as the library likes
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = (
                "\t".join("" if cell is None else str(cell) for cell in row).rstrip()
                for row in sheet.iter_rows(values_only=True)
            )
            yield "\n".join([sheet.title, *(row for row in rows if row)])


def _hides(path: Path) -> Iterator[Hidden]:
    import openpyxl

    with Container(path) as container, path.open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                yield Hidden(
                    "hidden-sheet", message("隐藏的工作表：{name}", "a hidden sheet: {name}", name=sheet.title)
                )
                continue
            rows, columns = _hidden_parts(container.read(_member(sheet)))
            if rows:
                said = message(
                    "工作表“{name}”有 {n} 个隐藏行",
                    "{n} hidden rows in the sheet “{name}”",
                    name=sheet.title,
                    n=rows,
                )
                yield Hidden("hidden-rows", said)
            if columns:
                said = message("工作表“{name}”有隐藏列", "hidden columns in the sheet “{name}”", name=sheet.title)
                yield Hidden("hidden-columns", said)


def _member(sheet: object) -> str:
    """Return the name of a sheet's member; the library keeps it for itself."""
    return str(vars(sheet)["_worksheet_path"]).lstrip("/")


def _hidden_parts(data: bytes) -> tuple[int, bool]:
    """Return how many rows of a sheet are hidden, and whether any column is (ISO/IEC 29500-1 §18.3.1.73, §18.3.1.13)."""
    root = parse_xml(data, subject="sheet")
    hidden = [str(one.tag).rpartition("}")[2] for one in root.iter() if one.get("hidden") in ("1", "true")]
    return hidden.count("row"), "col" in hidden


KIND = Kind(endings={_MIME: (".xlsx",)}, look=None, draw=None, read=_read, hides=_hides)
