"""Scanned volumes whose images have printed on them what they are called on paper, in a batch whose sheet says nothing but 档号."""

import csv
import hashlib
from pathlib import Path

from PIL import Image, ImageDraw

SHOWN = "45-1"
LABELS = ("FM", "ML001", *(f"{n:03}" for n in range(1, 46)), "045-1", *(f"{n:03}" for n in range(46, 121)), "BK")
"""The pages of the volume: cover, list, 1 to 120, a slip at 45, the note at the end."""
FIRST_PAGES = (1, 6, 11, 19, 26, 34, 42, 47, 60, 66, 75, 88, 97, 110)
"""The first pages of its 14 items: the sixth begins on page 34 and ends where the seventh begins."""


def write_volume(folder: Path, code: str, labels: tuple[str, ...] = LABELS) -> None:
    """Write the images of a volume into a folder of its own, each with its label printed on it."""
    (folder / code).mkdir(parents=True)
    for label in labels:
        page = Image.new("L", (300, 424), 247)
        draw = ImageDraw.Draw(page)
        draw.rectangle((20, 20, 280, 404), outline=60)
        draw.text((60, 180), f"{code}\n{label}", fill=10, font_size=34)
        page.save(folder / code / f"{code}-{label}.jpg", quality=60, dpi=(100, 100))


def write_catalogue(folder: Path, code: str) -> list[Path]:
    """Write the tables of the volume and its items, which an import describes before a page is scanned."""
    fonds, series, number = code.split("-")
    folder.mkdir(parents=True, exist_ok=True)
    volume, items = folder / "案卷.csv", folder / "卷内.csv"
    _write(volume, ("全宗号", "目录号", "案卷号", "案卷题名", "起止日期", "保管期限", "卷内页数", "件数"),
           (fonds, series, number, "青峤水库除险加固工程文件材料", "19830104-19831220", "永久", "120", "14"))  # fmt: skip
    rows = [
        (
            fonds,
            series,
            number,
            str(at),
            "县水利局",
            f"青峤水库第{at}期工程的报告",
            f"1983{at % 12 + 1:02}15",
            f"{first:03}",
        )
        for at, first in enumerate(FIRST_PAGES, 1)
    ]
    _write(items, ("全宗号", "目录号", "案卷号", "顺序号", "责任者", "题名", "日期", "页号"), *rows)
    return [volume, items]


def write_batch(folder: Path, codes: list[str], labels: tuple[str, ...] = LABELS) -> Path:
    """Write a batch of volumes whose sheet says nothing but 档号; its images are not recognised."""
    for code in codes:
        write_volume(folder, code, labels)
    _write(folder / "挂接.csv", ("档号",), *((code,) for code in codes))
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    return folder


def images_of(home: Path) -> dict[str, tuple[int, str]]:
    """Return every image in every store with its inode and its digest."""
    found = sorted((home / "stores").rglob("*.jpg"))
    return {str(one): (one.stat().st_ino, hashlib.sha256(one.read_bytes()).hexdigest()) for one in found}


def _write(path: Path, *rows: tuple[str, ...]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
