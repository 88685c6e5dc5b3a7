"""Tables as plain text of any length: the encoding judged by lines from all of it, the cells divided as they come."""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import message
from formats.encoding.decoding import Decoded, codec_of, decode, doubts
from ingest.sheets.delimited import BrokenRowError, Manner, divided, manner_of

_HEAD_BYTES = 1 << 16
_SAMPLE_BYTES = 1 << 19
_LEAST_ALIKE = 0.98
_BY_LINES = ("utf-8", "gb18030")
"""Encodings of which a line can be told from the other: tables are joined by people who do not look."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """What was found out of a text before its rows are read."""

    path: Path
    codec: str
    manner: Manner
    has_lines: bool
    findings: tuple[Finding, ...]

    def rows(self, odd_lines: list[int]) -> Iterator[list[str]]:
        """Yield the cells of each row; ``odd_lines`` gets the numbers of those that are in another encoding.

        Raises ``FormatError``.
        """
        try:
            if self.codec in _BY_LINES and self.has_lines:
                with self.path.open("rb") as file:
                    yield from divided(_decoded(file, self.codec, odd_lines), self.manner)
            else:
                with self.path.open(encoding=self.codec, errors="replace", newline="") as lines:
                    yield from divided(_unmarked(lines), self.manner)
        except BrokenRowError as cause:
            raise cause.told(self.path.name) from cause


def text_table(path: Path) -> TextTable:
    """Find out how a table is written; raises ``FormatError`` for an encoding that nobody knows.

    Cells between tabulators may stand in quotation marks, or hold them as letters like any other: the first where that
    reads the whole table, the second where it alone gives rows of one width.
    """
    head, sample = _looked_at(path)
    decoded = _decoded_sample(sample)
    codec = codec_of(decoded.encoding) or "utf-8"
    if decoded.encoding == "UTF-16" and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codec = "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"
    text = decoded.text.removeprefix("\ufeff")
    findings = tuple(doubts(replace(decoded, faults=0)))
    table = TextTable(path, codec, manner_of(text), b"\n" in head, findings)
    if table.manner.separator == "\t" and not _is_whole(table):
        plain = replace(table, manner=replace(table.manner, has_quotes=False))
        return plain if _is_even(plain) else table
    return table


def about_odd_lines(numbers: list[int]) -> Iterator[Finding]:
    """Yield that some lines are in another encoding than the rest."""
    if numbers:
        said = message(
            "有 {n} 行的文字编码与其余不同（首先是第 {row} 行），各按自己的编码读取；请核对这些行的文字",
            "{n} lines are in another encoding than the others (the first is line {row}); each was read in its own: look at their text",
            n=len(numbers),
            row=numbers[0],
        )
        yield warning("encoding-mixed", said)


def _looked_at(path: Path) -> tuple[bytes, bytes]:
    """Return the head of a file, and lines that tell its encoding, from wherever they stand."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in head:
            return head, head[: len(head) - len(head) % 2]
        whole = head[: head.rfind(b"\n") + 1] or head
        if len(head) < _HEAD_BYTES or head.startswith(codecs.BOM_UTF8) or not whole.endswith(b"\n"):
            return head, whole if len(head) == _HEAD_BYTES else head
        sample = bytearray(whole)
        file.seek(len(sample))
        for line in file:
            if not line.isascii():
                sample += line
            if len(sample) > _SAMPLE_BYTES:
                break
    return head, bytes(sample)


def _decoded_sample(sample: bytes) -> Decoded:
    """Return the text of the lines that are in the encoding of most of them."""
    try:
        return decode(sample)
    except FormatError:
        lines = [line for line in sample.split(b"\n") if not line.isascii()]
        alike = {codec: [one for one in lines if _strict(one, codec) is not None] for codec in _BY_LINES}
        most = max(alike.values(), key=len)
        if 2 * len(most) < len(lines):
            raise
        first = sample.split(b"\n")[0]
        return decode(b"\n".join(most if first in most else [*([first] if first.isascii() else []), *most]))


def _unmarked(lines: TextIO) -> Iterator[str]:
    yield next(lines, "").removeprefix("\ufeff")
    yield from lines


def _decoded(file: io.BufferedReader, codec: str, odd_lines: list[int]) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if line.isascii():
            yield line.decode("ascii")
            continue
        text = _of_line(line, codec)
        if text is None:
            odd_lines.append(number)
            text = _judged(line, codec)
        yield text


def _of_line(line: bytes, codec: str) -> str | None:
    """Return a line in the encoding of the others; None where it is in another."""
    if codec == "gb18030" and _strict(line, "utf-8") is not None and decode(line).encoding == "UTF-8":
        return None
    return _strict(line, codec)


def _judged(line: bytes, codec: str) -> str:
    try:
        return decode(line).text
    except FormatError:
        return line.decode(codec, "replace")


def _strict(line: bytes, codec: str) -> str | None:
    try:
        return line.decode(codec)
    except UnicodeDecodeError:
        return None


def _is_whole(table: TextTable) -> bool:
    try:
        return all(True for _ in table.rows([]))
    except FormatError:
        return False


def _is_even(table: TextTable) -> bool:
    """Say whether nearly every row has as many cells as the commonest."""
    widths: dict[int, int] = {}
    for row in table.rows([]):
        widths[len(row)] = widths.get(len(row), 0) + bool(row)
    return max(widths.values(), default=0) >= _LEAST_ALIKE * sum(widths.values())
