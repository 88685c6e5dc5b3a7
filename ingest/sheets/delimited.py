"""Tables as plain text: which sign stands between the cells, found out from what is written."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

ENDINGS = (".csv", ".tsv", ".tab", ".txt")
_SEPARATORS = (",", "\t", ";", "|", "，", "；")
_LOOKED_AT = 20
_SAMPLE_CHARACTERS = 1 << 20


def table_rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each row; the sign between cells is the one that divides most rows alike.

    Raises ``csv.Error``.
    """
    lines = io.StringIO(text, newline="")
    named = re.match(r"sep=(.)\r?\n", text)
    if named:  # what spreadsheet programs write to say it themselves
        lines.readline()
        yield []
    yield from csv.reader(lines, delimiter=named[1] if named else _separator(text), strict=True)


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
