"""How many files came with a batch, and how many of them each row of its sheets has: kept with what the batch came with.

Files of rows that were refused are not stored, so that nothing else would say that they came. Of a row its place is told and
no word, for it may be of unknown secrecy.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_CAME = "收到文件数"
_OF_ROWS = "各行文件数"
_OF_CODE = "="
"""What stands before the code of a volume that no row describes."""
_RUN = re.compile(r"(\d+)(?:-(\d+))?:(\d+)")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FileCounts:
    """How many files came, and how many of them are each row's, by its place (``目录.csv 3``); ``by_code`` are volumes without a row.

    ``unplaced`` are those of volumes without a row of which no word may be kept.
    """

    came: int
    by_place: Mapping[str, int]
    by_code: Mapping[str, int]
    unplaced: int = 0


def place_without_row(code: str) -> str:
    """Return what stands for the place of a volume that no row describes; empty without a code where none may be told."""
    return f"{_OF_CODE}{code}"


def told(came: int, by_place: Iterable[tuple[str, int]]) -> Pairs:
    """Return counts as they stand beside the elements of a description: runs of rows that have as many files each."""
    rows: dict[str, list[tuple[int, int]]] = {}
    apart: list[tuple[str, str]] = []
    for place, number in by_place:
        sheet, _, row = place.rpartition(" ")
        if place.startswith(_OF_CODE):
            apart.append((f"{_OF_ROWS} {place}", str(number)))
        else:
            rows.setdefault(sheet, []).append((int(row), number))
    runs = ((f"{_OF_ROWS} {sheet}", " ".join(_runs(sorted(some)))) for sheet, some in rows.items())
    return ((_CAME, str(came)), *runs, *apart)


def read_counts(pairs: Sequence[tuple[str, str]]) -> FileCounts | None:
    """Return counts that were told so; None where none were."""
    came = next((int(text) for name, text in pairs if name == _CAME), None)
    if came is None:
        return None
    by_place: dict[str, int] = {}
    by_code: dict[str, int] = {}
    unplaced = 0
    for name, text in pairs:
        what, _, place = name.partition(" ")
        if what != _OF_ROWS:
            continue
        if place == _OF_CODE:
            unplaced += int(text)
        elif place.startswith(_OF_CODE):
            by_code[place.removeprefix(_OF_CODE)] = int(text)
        else:
            by_place |= {f"{place} {row}": number for row, number in _read_runs(text)}
    return FileCounts(came, by_place, by_code, unplaced)


def _runs(rows: Sequence[tuple[int, int]]) -> Iterator[str]:
    first = 0
    for at, (row, number) in enumerate(rows):
        is_last = at + 1 == len(rows) or rows[at + 1] != (row + 1, number)
        if is_last:
            begin = rows[first][0]
            yield f"{begin}:{number}" if begin == row else f"{begin}-{row}:{number}"
            first = at + 1


def _read_runs(text: str) -> Iterator[tuple[int, int]]:
    for first, last, number in _RUN.findall(text):
        for row in range(int(first), int(last or first) + 1):
            yield row, int(number)
