"""The one door to workbooks: what is inside decides who reads it, whatever its name says."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path

from archives.errors import FormatError
from archives.message import message
from formats.processes.opened import Opened
from formats.spreadsheet.cells import Spreadsheet
from formats.spreadsheet.dbase import DbaseTable, is_dbase
from formats.spreadsheet.open_document import opened_open_document
from formats.spreadsheet.open_xml import opened_open_xml
from formats.unpack import Container, ContainerLimits

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods", ".et")
"""What the names of workbooks end with."""

_PAGE = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|meta|table|!--)", re.IGNORECASE)
"""How the tables begin that web systems hand out under the name of a workbook."""


class _Written(Enum):
    """In what format a workbook is written."""

    OPEN_XML = auto()
    OPEN_DOCUMENT = auto()
    BINARY = auto()
    DBASE = auto()
    OTHERWISE = auto()


@contextmanager
def opened_spreadsheet(
    path: Path, *, limits: ContainerLimits | None = None, memo: Opened | None = None
) -> Iterator[Spreadsheet]:
    """Open a workbook (XLSX, XLSM, XLS, XLSB, ODS, DBF); raises ``FormatError``, now or when what is wrong is reached.

    ``limits`` are those of workbooks that are ZIP containers; ``memo`` is the second file that a DBF table may have.
    """
    kind = _kind_of(path)
    if kind is _Written.OPEN_XML:
        with opened_open_xml(path, limits) as book:
            yield book
    elif kind is _Written.OPEN_DOCUMENT:
        with opened_open_document(path, limits) as document:
            yield document
    elif kind is _Written.DBASE:
        yield DbaseTable(path, memo)
    elif kind is _Written.BINARY and (binary := _binary(path)):
        yield binary
    else:
        from formats.spreadsheet.other_workbooks import opened_other  # slow to load, seldom needed

        with opened_other(path) as other:
            yield other


def _binary(path: Path) -> Spreadsheet | None:
    """Return an XLS workbook; None for one that the reader of number formats does not understand."""
    from formats.spreadsheet.binary_workbook import BinaryWorkbook

    try:
        return BinaryWorkbook(path)
    except FormatError:
        return None


def _kind_of(path: Path) -> "_Written":
    with path.open("rb") as file:
        head = file.read(1 << 12)
        if head.startswith(_COMPOUND):
            file.seek(0)
            if _ENCRYPTED in file.read(1 << 22):
                said = message("工作簿已加密", "the workbook is encrypted")
                advice = message("请去掉密码后另存", "take its password away and save it again")
                raise FormatError(said, subject=path.name, advice=advice)
            return _Written.BINARY
    if is_dbase(head):
        return _Written.DBASE
    if _PAGE.search(head):
        said = message("这是网页，不是工作簿", "this is a web page, not a workbook")
        advice = message("请用表格软件打开后另存为 .xlsx", "open it with a spreadsheet program and save it as .xlsx")
        raise FormatError(said, subject=path.name, advice=advice)
    if not head.startswith(b"PK"):  # BIFF of before 1997 begins with 09; what is neither is refused as no ZIP
        return _Written.BINARY if head.startswith(b"\x09") else _Written.OPEN_XML
    with Container(path) as container:
        names = [name.lower() for name in container.names]
    if "content.xml" in names:
        return _Written.OPEN_DOCUMENT
    return _Written.OTHERWISE if any(name.endswith("workbook.bin") for name in names) else _Written.OPEN_XML
