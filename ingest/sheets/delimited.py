"""Tables as plain text: which sign stands between the cells, found out from what is written."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from archives.errors import FormatError
from archives.message import message

ENDINGS = (".csv", ".tsv", ".tab", ".txt")
_SEPARATORS = (",", "\t", ";", "|", "，", "；")
_LOOKED_AT = 20
_SAMPLE_CHARACTERS = 1 << 20


def table_rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each row; the sign between cells is the one that divides most rows alike.

    Raises ``BrokenRowError``.
    """
    yield from divided(io.StringIO(text, newline=""), manner_of(text))


class BrokenRowError(ValueError):
    """A row that does not end as it begins; ``line`` is the one in which it begins, from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line

    def told(self, file: str) -> FormatError:
        """Return the error that a person is told of a table of this name."""
        return FormatError(
            message(
                "第 {line} 行起不是完好的 CSV（“{reason}”）",
                "from line {line} on it is no whole CSV file (“{reason}”)",
                line=self.line,
                reason=str(self),
            ),
            subject=file,
            advice=message(
                "请看这一行的引号是否成对；或用表格软件打开，另存为 XLSX",
                "see whether a quotation mark of this line is not closed, or open it in a spreadsheet program and save it as XLSX",
            ),
        )


@dataclass(frozen=True, slots=True)
class Manner:
    """How a table is written: the sign between its cells, whether it is named in a line before them, what quotes mean."""

    separator: str
    is_named: bool = False
    quotes_after_blanks: bool = False
    has_quotes: bool = True


def manner_of(text: str) -> Manner:
    """Return how a table is written, seen in its first lines or in all of it."""
    named = re.match(r"sep=(.)\r?\n", text)  # what spreadsheet programs write to say it themselves
    separator = named[1] if named else _separator(text)
    return Manner(separator, named is not None, _quotes_after_blanks(text, separator))


def divided(lines: Iterable[str], manner: Manner) -> Iterator[list[str]]:
    """Yield the cells of each row; raises ``BrokenRowError``."""
    lines = iter(lines)
    if manner.is_named:
        next(lines)
        yield []
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if manner.has_quotes else csv.QUOTE_NONE
    blanks = manner.quotes_after_blanks
    rows = csv.reader(
        lines, delimiter=manner.separator, strict=manner.has_quotes, quoting=quoting, skipinitialspace=blanks
    )
    while True:
        begins = rows.line_num + (2 if manner.is_named else 1)
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as cause:
            raise BrokenRowError(begins, str(cause)) from cause
        yield row


def _quotes_after_blanks(text: str, separator: str) -> bool:
    """Say whether cells in quotes stand after a blank, and nothing else would then be taken for one (``1, "a, b"``)."""
    if not re.search(rf'{re.escape(separator)} +"', text):
        return False
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True)
        return all(True for _ in rows)
    except csv.Error:
        return False


def _separator(text: str) -> str:
    sample = "\n".join(text[:_SAMPLE_CHARACTERS].splitlines()[:_LOOKED_AT])
    scored = [(_evenness(sample, one), -place, one) for place, one in enumerate(_SEPARATORS)]
    best, _, separator = max(scored)
    return separator if best else ","


def _evenness(sample: str, separator: str) -> float:
    """Return how evenly a sign divides the rows: the commonest number of cells, by its share; 0 where it is one cell."""
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(sample), delimiter=separator) if any(row)]
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    width, times = max(Counter(widths).items(), key=lambda item: (item[1], item[0]))
    return width * times / len(widths) if width > 1 else 0.0
