"""Adds up the sources of a county by itself. Run as a program; it imports nothing of the product.

    python county_sums.py TABLE|BATCH ...     prints, as JSON, {"rows": {FILE: N}, "series": {FILE: {"FONDS 目录": N}}} of tables,
                                              and {"listed": {FOLDER: N}, "images": N} of folders with a sheet and images

Of each format it knows what it needs: XLSX by openpyxl, XLS by xlrd, ODS and DBF by their bytes, CSV by the standard library.
"""

import codecs
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
_PARTS = (("全宗号", "QZH"), ("目录号", "案卷目录号", "MLH"))
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def sums(paths: list[Path]) -> dict[str, object]:
    """Return how many rows each table has, and each fonds and 目录 in it; of batches the rows of sheets, and the images."""
    series: dict[str, Counter[str]] = {}
    listed: dict[str, int] = {}
    images = 0
    for path in paths:
        if path.is_dir():
            listed[path.name] = sum(len([*_csv(one)]) - 1 for one in path.glob("*.csv"))
            images += len([*path.rglob("*.jpg")])
        else:
            series[f"{path.parent.name}/{path.name}"] = Counter(_series_of(path))
    rows = {name: found.total() for name, found in series.items()}
    return {"rows": rows, "series": series, "listed": listed, "images": images}


def _series_of(path: Path) -> Iterator[str]:
    lines = [line for line in _READERS[path.suffix](path) if any(line)]
    at = next(
        place for place, line in enumerate(lines) if set(line) & _HEADINGS and len([one for one in line if one]) > 3
    )
    code = next((lines[at].index(one) for one in ("档号", "案卷档号", "DH") if one in lines[at]), None)
    parts = [next((lines[at].index(one) for one in names if one in lines[at]), None) for names in _PARTS]
    for line in lines[at + 1 :]:
        said = [one for one in line if one]
        if len(said) == 1 and re.match(r"合计|制表人", said[0]):
            continue
        written = line[code] if code is not None else ""
        if written:
            number, *rest = written.split("-")
            yield f"{number} {_series(rest[0]) if len(rest) > 1 else ''}"
        else:
            yield " ".join(line[place] if place is not None else "" for place in parts)


def _series(part: str) -> str:
    """Return a 目录号 as it is, of ``WS·2014·D30·JCK`` 门类 and 年度: what stands behind is said of each record."""
    return "·".join(part.split("·")[:2])


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
    encoding = "utf-8-sig" if path.read_bytes().startswith(codecs.BOM_UTF8) else "gb18030"
    with path.open(encoding=encoding, newline="") as file:
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
