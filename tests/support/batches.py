"""Batches as archivists hand them over, small and made on the spot; one keyword breaks exactly one thing."""

import csv
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

COLUMNS = ("档号", "题名", "日期", "保管期限", "语种", "页数")


def make_image(path: Path, *, text: str = "FLOOD REPORT 1986") -> None:
    """Draw a small page with a line of text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", (800, 300), "white")
    draw = ImageDraw.Draw(image)
    draw.text((60, 100), text, fill="black", font_size=48)
    image.save(path, dpi=(200, 200))


def make_batch(
    folder: Path,
    rows: Sequence[tuple[str, ...]],
    *,
    columns: tuple[str, ...] = COLUMNS,
    encoding: str = "utf-8",
    images: bool = True,
) -> Path:
    """Write a batch of scans with one image a row."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "catalogue.csv").open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    if images:
        for row in rows:
            make_image(folder / f"{row[0]}-001.jpg")
    return folder
