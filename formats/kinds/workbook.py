"""Workbooks (XLSX, ISO/IEC 29500): every sheet is a page of tab-separated rows under its name."""

from collections.abc import Iterator
from pathlib import Path

from formats.kinds.kind import Kind
from formats.unpack import Container

_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _read(path: Path) -> Iterator[str]:
    import openpyxl

    with Container(path):
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets:
            rows = (
                "\t".join("" if cell is None else str(cell) for cell in row).rstrip()
                for row in sheet.iter_rows(values_only=True)
            )
            yield "\n".join([sheet.title, *(row for row in rows if row)])
    finally:
        book.close()


KIND = Kind(endings={_MIME: (".xlsx",)}, look=None, draw=None, read=_read)
