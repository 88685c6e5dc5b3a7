"""The one door to workbooks: what is inside decides who reads it, whatever its name says."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path

from archives.errors import FormatError
from archives.message import Message, message
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

_EMPTY = message("文件是空的", "the file is empty")
_NO_WORKBOOK = message(
    "既不是 XLSX、XLS、ODS 工作簿，也不是 DBF 表", "it is neither a workbook (XLSX, XLS, ODS) nor a DBF table"
)
_SAVE = message(
    "请核对是否为所指的文件；是的，用表格软件打开，另存为 XLSX，或 UTF-8 编码的 CSV",
    "see whether it is the file that is meant; where it is, open it in a spreadsheet program, and save it as XLSX, or as CSV in UTF-8",
)
_AGAIN = message(
    "请核对文件是否传输完整，重新取一份；表格软件打得开的，另存为 XLSX",
    "see whether it was copied wholly, and get it again; where a spreadsheet program opens it, save it as XLSX",
)
_ARCHIVE = message("这是 ZIP 压缩包，不是工作簿", "it is a ZIP archive, not a workbook")
_UNPACK = message("请先解压，再写明其中的表", "unpack it, and name the table that lies in it")


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
    if not head.startswith(b"PK"):  # BIFF of before 1997 begins with 09
        if head.startswith(b"\x09"):
            return _Written.BINARY
        raise _no_workbook(path, _EMPTY if not head else _NO_WORKBOOK, _SAVE)
    try:
        with Container(path) as container:
            names = [name.lower() for name in container.names]
    except FormatError as cause:
        raise _no_workbook(
            path, message("不是完好的工作簿：{why}", "no whole workbook: {why}", why=cause.message), _AGAIN
        ) from cause
    if "content.xml" in names:
        return _Written.OPEN_DOCUMENT
    if any(name.endswith("workbook.bin") for name in names):
        return _Written.OTHERWISE
    if not any(re.search(r"(?:workbook\w*\.xml|\.rels|\[content_types\]\.xml)$", name) for name in names):
        raise _no_workbook(path, _ARCHIVE, _UNPACK)
    return _Written.OPEN_XML


def _no_workbook(path: Path, said: Message, advice: Message) -> FormatError:
    return FormatError(said, subject=path.name, advice=advice)
