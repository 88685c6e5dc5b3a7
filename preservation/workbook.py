"""Tables as a workbook: what an archivist or an auditor takes away from an archive."""

import time
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from openpyxl import Workbook

_FIRST_YEAR = 1980
"""The first year that a ZIP can say (PKWARE APPNOTE 4.4.6)."""


def workbook(sheets: Iterable[tuple[str, Iterable[Sequence[str | int]]]]) -> bytes:
    """Return an XLSX with a sheet for each title and its rows, whatever the clock of the machine says.

    A text is written as it is given: one that a spreadsheet would compute is quoted by the caller.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    save_workbook(book, out)
    return out.getvalue()


def save_workbook(book: "Workbook", out: IO[bytes] | Path) -> None:
    """Write a workbook, whatever the clock of the machine says."""
    from openpyxl.writer.excel import ExcelWriter

    ExcelWriter(book, _AnyClock(out, "w", ZIP_DEFLATED, strict_timestamps=False)).save()


class _AnyClock(ZipFile):
    """A ZIP that is written on a machine whose clock stands before the first year of the format, too."""

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *args: Any, **options: Any) -> None:
        if isinstance(zinfo_or_arcname, str):
            now = time.localtime()[:6]
            moment = now if now[0] >= _FIRST_YEAR else (_FIRST_YEAR, 1, 1, 0, 0, 0)
            zinfo_or_arcname = ZipInfo(zinfo_or_arcname, moment)
            zinfo_or_arcname.compress_type = self.compression
        super().writestr(zinfo_or_arcname, data, *args, **options)
