"""Adds up the tables of a county by itself: rows a file and a fonds. Run as a program; it imports nothing of the product.

    python county_sums.py TABLE ...        prints {"rows": {FILE: N}, "fonds": {FONDS: N}} as JSON

Of each format it knows what it needs: XLSX by openpyxl, XLS by xlrd, ODS and DBF by their bytes, CSV by the standard library.
"""

import csv
import json
import re
import struct
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

Line = list[str]
_HEADINGS = {"档号", "案卷档号", "DH", "全宗号", "QZH"}
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def sums(paths: list[Path]) -> dict[str, dict[str, int]]:
    """Return how many rows each file has, and each fonds."""
    rows: Counter[str] = Counter()
    fonds: Counter[str] = Counter()
    for path in paths:
        for number in _fonds_of(path):
            rows[path.name] += 1
            fonds[number] += 1
    return {"rows": dict(rows), "fonds": dict(sorted(fonds.items()))}


def _fonds_of(path: Path) -> Iterator[str]:
    lines = [line for line in _READERS[path.suffix](path) if any(line)]
    at = next(
        place for place, line in enumerate(lines) if set(line) & _HEADINGS and len([one for one in line if one]) > 3
    )
    code = next((lines[at].index(one) for one in ("档号", "案卷档号", "DH") if one in lines[at]), None)
    number = next((lines[at].index(one) for one in ("全宗号", "QZH") if one in lines[at]), None)
    for line in lines[at + 1 :]:
        said = [one for one in line if one]
        if len(said) == 1 and re.match(r"合计|制表人", said[0]):
            continue
        written = line[code] if code is not None else ""
        yield written.split("-")[0] if written else line[number] if number is not None else ""


def _xlsx(path: Path) -> Iterator[Line]:
    import openpyxl

    for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True):
        yield ["" if cell is None else str(cell) for cell in row]


def _xls(path: Path) -> Iterator[Line]:
    import xlrd

    sheet = xlrd.open_workbook(path).sheet_by_index(0)
    for row in range(sheet.nrows):
        yield [str(sheet.cell_value(row, column)) for column in range(sheet.ncols)]


def _ods(path: Path) -> Iterator[Line]:
    with zipfile.ZipFile(path) as archive:
        tree = ElementTree.fromstring(archive.read("content.xml"))
    for row in tree.iter(f"{_TABLE}table-row"):
        yield [
            "\n".join("".join(one.itertext()) for one in cell.iter(f"{_TEXT}p"))
            for cell in row.iter(f"{_TABLE}table-cell")
        ]


def _csv(path: Path) -> Iterator[Line]:
    with path.open(encoding="gb18030", newline="") as file:
        yield from csv.reader(file)


def _dbf(path: Path) -> Iterator[Line]:
    data = path.read_bytes()
    count, header, length = struct.unpack("<IHH", data[4:12])
    fields = [data[at : at + 32] for at in range(32, header - 1, 32)]
    yield [field[:11].rstrip(b"\0").decode("gbk") for field in fields]
    for number in range(count):
        at = header + number * length + 1
        line = []
        for field in fields:
            line.append(data[at : at + field[16]].decode("gbk").strip())
            at += field[16]
        yield line


_READERS: Mapping[str, Callable[[Path], Iterator[Line]]] = {
    ".xlsx": _xlsx, ".xls": _xls, ".ods": _ods, ".csv": _csv, ".dbf": _dbf,
}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(sums([Path(one) for one in sys.argv[1:]]), ensure_ascii=False))
