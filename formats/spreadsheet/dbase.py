"""Tables of dBASE III to 7, FoxBASE, FoxPro and Clipper (DBF), record by record, as those programs show them.

Every record has one length, the fields stand in it one after another; texts of no fixed length (memos) lie in a second
file (DBT, FPT). Most old catalogues of Chinese archives are in this format, in GBK, whatever their code page byte says.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import MappingProxyType

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import listed, message
from formats.encoding.decoding import codec_of, decode, doubts
from formats.processes.opened import Opened
from formats.spreadsheet.cells import How, SeenCell, SeenRow, Worksheet, column_letters
from formats.spreadsheet.dbase_fields import DBASE_7, Field, binary_number, day, descriptors, digits, fields, is_number
from formats.spreadsheet.dbase_memos import Memos

_VERSIONS = frozenset(
    (0x02, 0x03, 0x04, 0x05, 0x07, 0x30, 0x31, 0x32, 0x43, 0x63, 0x7B, 0x83, 0x8B, 0x8C, 0x8E, 0xCB, 0xE5, 0xF5, 0xFB)
)
_FOXPRO = (0x30, 0x31, 0x32)
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
_FEW_BYTES = 256
_SAMPLED_RECORDS = 20_000
_BLOCK_BYTES = 1 << 20
_TOLD_ROWS = 20
_TEXT_TYPES = "CV"
_SYSTEM = "0"
"""The type of what FoxPro itself keeps in a record: which empties are empties."""
_LEAST_SYSTEM_TEXT = 3
_DIVIDED = re.compile(r"[\x00-\x20\x7f\u3000\ufffd]+")


def _is_whole(data: bytes | bytearray) -> bool:
    """Say whether texts that fill their fields end in no half letter of the usual encoding."""
    try:
        return bool(data.decode("gb18030"))
    except UnicodeDecodeError:
        return False


def is_dbase(head: bytes) -> bool:
    """Say whether a file that begins so is a table of this format: the sign of its first byte alone is worth little."""
    if len(head) < 65 or head[0] not in _VERSIONS or head[2] > 12 or head[3] > 31:
        return False
    header, record = struct.unpack_from("<HH", head, 8)
    return header >= 65 and record >= 2 and bool(descriptors(head[: max(header, 65)]))


class DbaseTable:
    """An opened table; its memos are read from ``memo`` where that is given."""

    def __init__(self, path: Path, memo: Opened | None = None) -> None:
        self._path = path
        with path.open("rb") as file:
            head = file.read(32)
            header, self._record_bytes = struct.unpack_from("<HH", head, 8)
            head += file.read(header - 32)
        self._version, (self._count,), self._begins = head[0], struct.unpack_from("<I", head, 4), header
        described = tuple(fields(descriptors(head), is_seven=head[0] in DBASE_7))
        self._fields = tuple(one for one in described if one.kind != _SYSTEM)
        self._system = tuple(one for one in described if one.kind == _SYSTEM)
        if not self._fields or max(one.start + one.length for one in self._fields) > self._record_bytes:
            said = message("DBF 的字段定义损坏", "the fields of the DBF table are not as its head says")
            raise FormatError(said, subject=path.name)
        self._doubts: tuple[Finding, ...] = ()
        self._codec = self._judged(_CODE_PAGES.get(head[29], ""))
        self._memos = Memos(memo, self._version) if memo else None
        self._unread: dict[str, int] = {}

    def properties(self) -> Iterator[tuple[str, str]]:
        """Yield nothing: such a table says nothing of itself."""
        return iter(())

    def unseen(self) -> Iterator[tuple[str, str, str]]:
        """Yield nothing: its one worksheet says it."""
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
        damaged: list[int] = []
        number = 1
        for number, record in enumerate(self._records(), 2):
            before = self._memos.lost if self._memos else 0
            seen = ((place, *self._seen(one, record)) for place, one in enumerate(self._fields, 1))
            cells = tuple(SeenCell(place, text, how) for place, text, how in seen if text or how)
            sheet.unseen += self._of_system(number, record)
            if record[:1] == b"*":
                deleted.append(number)
                sheet.unseen += ((f"{column_letters(c.column)}{number}", c.text, names[c.column - 1]) for c in cells)
                continue
            if self._memos and self._memos.lost > before:
                damaged.append(number)
            yield SeenRow(number, cells)
        if self._memos:
            sheet.unseen += ((place, self._letters(data), "") for place, data in self._memos.others())
        sheet.unseen += self._behind(sheet, number - 1)
        sheet.findings += self._about(deleted, damaged, found=number - 1)

    def _about(self, deleted: Sequence[int], damaged: Sequence[int], *, found: int) -> Iterator[Finding]:
        if deleted:
            said = message(
                "{n} 条记录带有删除标记，未读入：第 {rows} 行（记录号加 1）；仍需要的，请在原系统中恢复（RECALL）后重新导出",
                "{n} records are marked as deleted and were not read: rows {rows} (the number of the record and 1); recall those still wanted and export the table again",
                n=len(deleted),
                rows=listed(deleted, most=_TOLD_ROWS),
            )
            yield warning("rows-deleted", said)
        if found < self._count:
            said = message(
                "文件不完整：表头写明 {n} 条记录，只有 {found} 条",
                "the file is cut short: its head names {n} records, {found} are there",
                n=self._count,
                found=found,
            )
            yield warning("table-cut-short", said)
        if found > self._count:
            said = message(
                "表头只写明 {n} 条记录，文件中有 {found} 条，都已读入；请核对第 {row} 行以后",
                "the head names {n} records only, {found} are there and all were read: look at row {row} and those after it",
                n=self._count,
                found=found,
                row=self._count + 2,
            )
            yield warning("records-beyond-count", said)
        if any(one.kind == "M" for one in self._fields) and self._memos is None:
            said = message(
                "备注字段的内容在另一个文件（.DBT 或 .FPT）中，未随表提供，未读入",
                "what stands in memo fields lies in a second file (.DBT or .FPT) that is not there; it was not read",
            )
            yield warning("memo-file-missing", said)
        if damaged:
            said = message(
                "第 {rows} 行的备注不在备注文件中，或没有读全",
                "memos of the rows {rows} are not in the file of memos, or not whole",
                rows=listed(damaged, most=_TOLD_ROWS),
            )
            yield warning("memo-not-whole", said)
        if self._unread:
            said = message(
                "字段类型不认识：{fields}；读得出文字的照录，其余未读入",
                "fields of types that are not known: {fields}; what reads as text is kept as written, the rest was not read",
                fields=listed([f"{name}（{n}）" for name, n in self._unread.items()]),
            )
            yield warning("field-type-unknown", said)

    def _of_system(self, number: int, record: bytes) -> Iterator[tuple[str, str, str]]:
        """Yield what reads as text where FoxPro keeps what is its own."""
        for one in self._system:
            text = self._read_text(record[one.start : one.start + one.length])
            if len(text) >= _LEAST_SYSTEM_TEXT or len(text.encode()) > 2 * _LEAST_SYSTEM_TEXT - 1:
                name = self._text(one.name)
                self._unread[name] = self._unread.get(name, 0) + 1
                yield f"{name}{number}", text, name

    def _behind(self, sheet: Worksheet, found: int) -> Iterator[tuple[str, str, str]]:
        """Yield the words behind the last record, and tell that something is there."""
        is_told, rest = False, b""
        with self._path.open("rb") as file:
            file.seek(self._begins + found * self._record_bytes)
            while block := file.read(_BLOCK_BYTES):
                words = [one for one in _DIVIDED.split(self._letters(rest + block)) if one]
                rest = block[-64:]
                if words and not is_told and found >= self._count:  # else that is half a record, which is told
                    said = message(
                        "最后一条记录之后还有内容，未读入",
                        "something stands behind the last record and was not read",
                    )
                    sheet.findings.append(warning("bytes-behind-records", said))
                    is_told = True
                yield from ((f"#{found + 2}", one, "") for one in words)

    def _records(self) -> Iterator[bytes]:
        """Yield the records that are there whole; more than the head names where they are plainly records."""
        at_once = max(1, _BLOCK_BYTES // self._record_bytes) * self._record_bytes
        left = self._count
        with self._path.open("rb") as file:
            file.seek(self._begins)
            while block := file.read(at_once):
                for start in range(0, len(block) - self._record_bytes + 1, self._record_bytes):
                    if block[start] == 0x1A or (left <= 0 and block[start] not in b" *"):
                        return
                    yield block[start : start + self._record_bytes]
                    left -= 1

    def _judged(self, named: str) -> str:
        """Return the codec of the letters; a code page of Europe's is not believed where the letters say otherwise."""
        sample, filled = bytearray(), bytearray()
        texts = [one for one in self._fields if one.kind in _TEXT_TYPES]
        for place, record in enumerate(self._records()):
            if place > _SAMPLED_RECORDS or len(sample) > _SAMPLE_BYTES:
                break
            for one in texts:
                cell = record[one.start : one.start + one.length]
                plain = cell.strip(b" \0")
                if not plain.isascii():  # what fills its field may end in half a letter
                    into = sample if len(plain) < len(cell) else filled
                    into += plain + b"\n" if len(into) <= _SAMPLE_BYTES else b""
        if len(sample) < _FEW_BYTES and _is_whole(filled):
            sample += filled
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

    def _seen(self, field: Field, record: bytes) -> tuple[str, How]:
        data = record[field.start : field.start + field.length]
        match field.kind:
            case "C" | "V":
                return data.rstrip(b"\0 ").decode(self._codec, "replace").replace("\0", "").strip(), How.WRITTEN
            case "N" | "F":
                return digits(data), How.WRITTEN
            case "D":
                return day(data.decode("ascii", "replace").strip(" \0")), How.WRITTEN
            case "L":
                return {"t": "TRUE", "y": "TRUE", "f": "FALSE", "n": "FALSE"}.get(digits(data).lower(), ""), How.WRITTEN
            case "M":
                return self._of_memo(data), How.WRITTEN
            case "I" | "+" | "Y" | "B" | "O" | "T" | "@":
                return binary_number(field, data, is_foxpro=self._version in _FOXPRO), How.WRITTEN
        if any(data.strip(b" \0")):
            name = self._text(field.name)
            self._unread[name] = self._unread.get(name, 0) + 1
        return self._read_text(data), How.WRITTEN

    def _read_text(self, data: bytes) -> str:
        """Return what reads as text where none is promised; empty where it is none."""
        try:
            text = data.strip(b" \0").decode(self._codec)
        except UnicodeDecodeError:
            return ""
        return text if text.isprintable() and any(map(str.isalpha, text)) else ""

    def _of_memo(self, data: bytes) -> str:
        block = struct.unpack("<I", data)[0] if len(data) == 4 else int(digits(data) or "0") if is_number(data) else 0
        return self._letters(self._memos.text(block)) if block and self._memos else ""

    def _letters(self, data: bytes) -> str:
        text = data.decode(self._codec, "replace")
        return text.replace("\x8d\n", "").replace("\r\n", "\n").strip("\0\x1a \n")
