"""Scanned volumes whose images have printed on them what they are called on paper, in a batch whose sheet says nothing but 档号."""

import csv
from pathlib import Path

from PIL import Image, ImageDraw

SHOWN = "45-1"
LABELS = ("FM", "ML001", *(f"{n:03}" for n in range(1, 46)), "045-1", *(f"{n:03}" for n in range(46, 121)), "BK")
"""The pages of the volume: cover, list, 1 to 120, a slip at 45, the note at the end."""
FIRST_PAGES = (1, 6, 11, 19, 26, 34, 42, 47, 60, 66, 75, 88, 97, 110)
"""The first pages of its 14 items: the sixth begins on page 34 and ends where the seventh begins."""


GOING = 9


def write_volume(folder: Path, code: str, labels: tuple[str, ...] = LABELS) -> None:
    """Write the images of a volume into a folder of its own, each with its label printed on it."""
    (folder / code).mkdir(parents=True)
    for label in labels:
        page = Image.new("L", (300, 424), 247)
        draw = ImageDraw.Draw(page)
        draw.rectangle((20, 20, 280, 404), outline=60)
        draw.text((60, 180), f"{code}\n{label}", fill=10, font_size=34)
        page.save(folder / code / f"{code}-{label}.jpg", quality=60, dpi=(100, 100))


def write_catalogue(folder: Path, code: str, few: list[str], going: str) -> list[Path]:
    """Write the tables of the volume and its items, which an import describes before a page is scanned.

    ``few`` are volumes of which only the list of volumes knows; ``going`` stands in the title of one item, the ninth.
    """
    fonds, series, number = code.split("-")
    folder.mkdir(parents=True, exist_ok=True)
    volume, items = folder / "案卷.csv", folder / "卷内.csv"
    others = [(*one.split("-"), f"移民安置材料之{at}", "1984-1985", "30年", "3", "") for at, one in enumerate(few, 1)]
    _write(volume, ("全宗号", "目录号", "案卷号", "案卷题名", "起止日期", "保管期限", "卷内页数", "件数"),
           (fonds, series, number, "青峤水库除险加固工程文件材料", "19830104-19831220", "永久", "120", "14"), *others)  # fmt: skip
    rows = [
        (
            fonds,
            series,
            number,
            str(at),
            "县水利局",
            f"{going}的申请" if at == GOING else f"青峤水库第{at}期工程的报告",
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


def _write(path: Path, *rows: tuple[str, ...]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
