"""The one door to workbooks: what is inside decides who reads it, whatever its name says."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archives.errors import FormatError
from archives.message import message
from formats.spreadsheet.cells import Spreadsheet
from formats.spreadsheet.open_xml import opened_open_xml
from formats.unpack import Container

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods", ".et")
"""What the names of workbooks end with."""


@contextmanager
def opened_spreadsheet(path: Path) -> Iterator[Spreadsheet]:
    """Open a workbook (XLSX, XLSM, XLS, XLSB, ODS); raises ``FormatError``, now or when what is wrong is reached."""
    if _is_open_xml(path):
        with opened_open_xml(path) as book:
            yield book
        return
    from formats.spreadsheet.other_workbooks import opened_other  # slow to load, seldom needed

    with opened_other(path) as other:
        yield other


def _is_open_xml(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(1 << 12)
        if head.startswith(_COMPOUND):
            file.seek(0)
            if _ENCRYPTED in file.read(1 << 22):
                said = message("工作簿已加密", "the workbook is encrypted")
                advice = message("请去掉密码后另存", "take its password away and save it again")
                raise FormatError(said, subject=path.name, advice=advice)
            return False
    if not head.startswith(b"PK"):
        return not head.startswith(b"\x09")  # BIFF of before 1997 begins so; what is neither is refused as no ZIP
    with Container(path) as container:
        names = [name.lower() for name in container.names]
    return not ("content.xml" in names or any(name.endswith("workbook.bin") for name in names))
