"""Tables of dBASE III to 7, FoxBASE, FoxPro and Clipper (DBF), record by record, as those programs show them.

Every record has one length, the fields stand in it one after another; texts of no fixed length (memos) lie in a second
file (DBT, FPT). Most old catalogues of Chinese archives are in this format, in GBK, whatever their code page byte says.
"""

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import listed, message
from formats.encoding.decoding import codec_of, decode, doubts
from formats.processes.opened import Opened
from formats.spreadsheet.cells import How, SeenCell, SeenRow, Worksheet

_VERSIONS = frozenset(
    (0x02, 0x03, 0x04, 0x05, 0x07, 0x30, 0x31, 0x32, 0x43, 0x63, 0x7B, 0x83, 0x8B, 0x8C, 0x8E, 0xCB, 0xE5, 0xF5, 0xFB)
)
_FOXPRO = (0x30, 0x31, 0x32)
_FOXPRO_MEMO = (0x30, 0x31, 0x32, 0xF5, 0xFB)
_DBASE_7 = (0x04, 0x8C)
_CODE_PAGES = MappingProxyType(
    {
        0x13: "cp932", 0x7B: "cp932", 0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5hkscs", 0x78: "big5hkscs",
        0x4E: "cp949", 0x79: "cp949", 0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x57: "cp1252", 0x58: "cp1252",
        0x59: "cp1252", 0x64: "cp852", 0x65: "cp866", 0x66: "cp865", 0xC8: "cp1250", 0xC9: "cp1251",
    }
)  # fmt: skip
"""The languages of byte 29 that are met here; without one, or in one of Europe's, the letters themselves decide."""
_OF_ASIA = ("cp932", "gb18030", "big5hkscs", "cp949")
_SAMPLE_BYTES = 1 << 18
_SAMPLED_RECORDS = 20_000
_BLOCK_BYTES = 1 << 20
_LONGEST_MEMO_BYTES = 1 << 20
_DAYS_BEFORE = 1_721_425  # from the day 1 of Julius Scaliger to that of Python's calendar
_TOLD_ROWS = 20


@dataclass(frozen=True, slots=True)
class _Field:
    name: bytes
    kind: str
    start: int
    length: int
    decimals: int


def is_dbase(head: bytes) -> bool:
    """Say whether a file that begins so is a table of this format: the sign of its first byte alone is worth little."""
    if len(head) < 65 or head[0] not in _VERSIONS or head[2] > 12 or head[3] > 31:
        return False
    header, record = struct.unpack_from("<HH", head, 8)
    return header >= 65 and record >= 2 and bool(_descriptors(head[: max(header, 65)]))


class DbaseTable:
    """An opened table; its memos are read from ``memo`` where that is given."""

    def __init__(self, path: Path, memo: Opened | None = None) -> None:
        self._path = path
        self._memo = memo
        with path.open("rb") as file:
            head = file.read(32)
            header, self._record_bytes = struct.unpack_from("<HH", head, 8)
            head += file.read(header - 32)
        self._version, (self._count,), self._begins = head[0], struct.unpack_from("<I", head, 4), header
        self._fields = tuple(_fields(_descriptors(head), is_seven=head[0] in _DBASE_7))
        if not self._fields or max(one.start + one.length for one in self._fields) > self._record_bytes:
            said = message("DBF 的字段定义损坏", "the fields of the DBF table are not as its head says")
            raise FormatError(said, subject=path.name)
        self._doubts: tuple[Finding, ...] = ()
        self._codec = self._judged(_CODE_PAGES.get(head[29], ""))

    def properties(self) -> Iterator[tuple[str, str]]:
        """Yield nothing: such a table says nothing of itself."""
        return iter(())

    def readings(self) -> Iterator[str]:
        """Yield nothing: such a table does not say how words are pronounced."""
        return iter(())

    def worksheets(self) -> Iterator[Worksheet]:
        """Yield the one table: its first row are the names of the fields, record n is row n + 1."""
        sheet = Worksheet("", False, iter(()))
        sheet.rows = self._rows(sheet)
        sheet.findings += self._doubts
        yield sheet

    def _rows(self, sheet: Worksheet) -> Iterator[SeenRow]:
        names = [self._text(one.name) for one in self._fields]
        yield SeenRow(1, tuple(SeenCell(place, name) for place, name in enumerate(names, 1) if name))
        deleted: list[int] = []
        number = 1
        for number, record in enumerate(self._records(), 2):
            if record[:1] == b"*":
                deleted.append(number)
                continue
            cells = ((place, *self._seen(one, record)) for place, one in enumerate(self._fields, 1))
            yield SeenRow(number, tuple(SeenCell(place, text, how) for place, text, how in cells if text or how))
        self._tell(sheet, deleted, found=number - 1)

    def _tell(self, sheet: Worksheet, deleted: Sequence[int], *, found: int) -> None:
        if deleted:
            said = message(
                "{n} 条记录带有删除标记，未读入：第 {rows} 行（记录号加 1）；仍需要的，请在原系统中恢复（RECALL）后重新导出",
                "{n} records are marked as deleted and were not read: rows {rows} (the number of the record and 1); recall those still wanted and export the table again",
                n=len(deleted),
                rows=listed(deleted, most=_TOLD_ROWS),
            )
            sheet.findings.append(warning("rows-deleted", said))
        if found < self._count:
            said = message(
                "文件不完整：表头写明 {n} 条记录，只有 {found} 条",
                "the file is cut short: its head names {n} records, {found} are there",
                n=self._count,
                found=found,
            )
            sheet.findings.append(warning("table-cut-short", said))
        memos = any(one.kind == "M" for one in self._fields)
        if memos and self._memo is None:
            said = message(
                "备注字段的内容在另一个文件（.DBT 或 .FPT）中，未随表提供，未读入",
                "what stands in memo fields lies in a second file (.DBT or .FPT) that is not there; it was not read",
            )
            sheet.findings.append(warning("memo-file-missing", said))

    def _records(self) -> Iterator[bytes]:
        """Yield the records that are there whole, no more than the head names."""
        at_once = max(1, _BLOCK_BYTES // self._record_bytes) * self._record_bytes
        left = self._count
        with self._path.open("rb") as file:
            file.seek(self._begins)
            while left and (block := file.read(at_once)):
                for start in range(0, len(block) - self._record_bytes + 1, self._record_bytes):
                    if not left or block[start] == 0x1A:
                        return
                    yield block[start : start + self._record_bytes]
                    left -= 1

    def _judged(self, named: str) -> str:
        """Return the codec of the letters; a code page of Europe's is not believed where the letters say otherwise."""
        sample = bytearray()
        texts = [one for one in self._fields if one.kind in "CV"]
        for place, record in enumerate(self._records()):
            if place > _SAMPLED_RECORDS or len(sample) > _SAMPLE_BYTES:
                break
            for one in texts:
                cell = record[one.start : one.start + one.length]
                plain = cell.strip(b" \0")
                if not plain.isascii() and len(plain) < len(cell):  # what fills its field may end in half a letter
                    sample += plain + b"\n"
        try:
            found = decode(bytes(sample), label=named if named in _OF_ASIA else None) if sample else None
        except FormatError:
            found = None
        if found is None or (found.encoding == "Windows-1252" and named):
            return named or "gb18030"
        self._doubts = tuple(doubts(found)) if found.rivals else ()
        return codec_of(found.encoding) or "gb18030"

    def _text(self, data: bytes) -> str:
        return data.split(b"\0")[0].decode(self._codec, "replace").strip()

    def _seen(self, field: _Field, record: bytes) -> tuple[str, How]:
        data = record[field.start : field.start + field.length]
        match field.kind:
            case "C" | "V":
                return data.rstrip(b"\0 ").decode(self._codec, "replace").replace("\0", "").strip(), How.WRITTEN
            case "N" | "F":
                return _digits(data), How.WRITTEN
            case "D":
                return _day(data.decode("ascii", "replace").strip(" \0")), How.WRITTEN
            case "L":
                return {"t": "TRUE", "y": "TRUE", "f": "FALSE", "n": "FALSE"}.get(
                    _digits(data).lower(), ""
                ), How.WRITTEN
            case "M":
                return self._of_memo(data), How.WRITTEN
            case "I" | "+" | "Y" | "B" | "O" | "T" | "@":
                return _binary_number(field, data, is_foxpro=self._version in _FOXPRO), How.WRITTEN
        return "", How.WRITTEN

    def _of_memo(self, data: bytes) -> str:
        block = struct.unpack("<I", data)[0] if len(data) == 4 else int(_digits(data) or "0") if _is_number(data) else 0
        if not block or self._memo is None:
            return ""
        text = _memo_foxpro(self._memo, block) if self._version in _FOXPRO_MEMO else _memo_dbase(self._memo, block)
        return text.decode(self._codec, "replace").replace("\x8d\n", "").replace("\r\n", "\n").strip("\0\x1a \n")


def memo_names(name: str) -> tuple[str, ...]:
    """Return what the file with the memos of a table may be called, in the same folder."""
    stem = name.rpartition(".")[0]
    return tuple(stem + ending for ending in (".fpt", ".FPT", ".dbt", ".DBT", ".Fpt", ".Dbt"))


def _descriptors(head: bytes) -> list[bytes]:
    """Return the descriptions of the fields, which end with a carriage return."""
    size, start = (48, 68) if head[0] in _DBASE_7 else (32, 32)
    found: list[bytes] = []
    while start + size <= len(head) and head[start] != 0x0D:
        one = head[start : start + size]
        if not chr(one[32 if size == 48 else 11]).isprintable() or not one[0]:
            return []
        found.append(one)
        start += size
    return found


def _fields(descriptors: Sequence[bytes], *, is_seven: bool) -> Iterator[_Field]:
    start = 1
    for one in descriptors:
        name, kind, length, decimals = (
            (one[:32], chr(one[32]), one[33], one[34]) if is_seven else (one[:11], chr(one[11]), one[16], one[17])
        )
        if kind == "C":
            length, decimals = length + 256 * decimals, 0  # as Clipper and FoxPro write long ones
        if kind != "0":  # which empties are empties, in FoxPro
            yield _Field(name, kind.upper(), start, length, decimals)
        start += length


def _digits(data: bytes) -> str:
    return data.decode("ascii", "replace").strip(" \0*")


def _is_number(data: bytes) -> bool:
    return _digits(data).isdigit()


def _day(text: str) -> str:
    """Return a day in ISO 8601; what is none stands there as it is."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])).isoformat() if len(text) == 8 else text
    except ValueError:
        return text


def _binary_number(field: _Field, data: bytes, *, is_foxpro: bool) -> str:
    if not any(data):
        return "0" if field.kind == "I" else ""
    if field.kind in ("I", "+") and len(data) == 4:
        return str(struct.unpack("<i", data)[0])
    if field.kind == "Y" and len(data) == 8:
        whole, rest = divmod(abs(struct.unpack("<q", data)[0]), 10_000)
        sign = "-" if data[7] & 0x80 else ""
        return f"{sign}{whole}.{rest:04}".rstrip("0").rstrip(".")
    if field.kind in ("B", "O") and len(data) == 8 and is_foxpro:
        return f"{struct.unpack('<d', data)[0]:.{field.decimals}f}"
    if field.kind in ("T", "@") and len(data) == 8:
        days, milliseconds = struct.unpack("<ii", data)
        try:
            day = date.fromordinal(days - _DAYS_BEFORE + 1)
        except (ValueError, OverflowError):
            return ""
        clock = str(timedelta(seconds=round(milliseconds / 1000)))
        return day.isoformat() if milliseconds == 0 else f"{day.isoformat()} {clock}"
    return ""


def _memo_foxpro(memo: Opened, block: int) -> bytes:
    size = struct.unpack(">H", os.pread(memo.handle, 2, 6) or b"\0\x40")[0] or 1
    head = os.pread(memo.handle, 8, block * size)
    if len(head) < 8:
        return b""
    kind, length = struct.unpack(">II", head)
    return os.pread(memo.handle, min(length, _LONGEST_MEMO_BYTES), block * size + 8) if kind == 1 else b""


def _memo_dbase(memo: Opened, block: int) -> bytes:
    size = struct.unpack("<H", os.pread(memo.handle, 2, 20) or b"\0\2")[0] or 512
    head = os.pread(memo.handle, 8, block * size)
    if head[:4] == b"\xff\xff\x08\x00":  # dBASE IV, which says how long each is
        length = max(0, struct.unpack("<I", head[4:])[0] - 8) if len(head) == 8 else 0
        return os.pread(memo.handle, min(length, _LONGEST_MEMO_BYTES), block * size + 8)
    return os.pread(memo.handle, _LONGEST_MEMO_BYTES, block * 512).split(b"\x1a")[0]
