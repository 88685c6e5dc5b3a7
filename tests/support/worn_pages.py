"""Pages as scanners give them: worn as good ones are, or damaged, turned, blank, written by hand."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.support.drawn_pages import KINDS, Sheet, body, drawn, english
from tests.support.fonts import Fonts

Pixels = NDArray[np.float32]
"""A page (height × width × 3, 0 = black, 255 = white)."""

_BASES = ("report", "letter", "table", "vertical", "english", "typed", "dense", "form")
_HANDS = ("by hand", "latin by hand")
_KINDS_OF_HANDS = {"by hand": "zh-Hans", "latin by hand": "en"}


@dataclass(frozen=True)
class Trial:
    """A page that is tried: its bytes and their ending, its text, and whether it is to be flagged."""

    name: str
    kind: str
    language: str
    is_bad: bool
    data: bytes
    ending: str
    truth: str


def good_page(seed: int, place: int, fonts: Fonts) -> Trial:
    """Return the page at a place of those that a person would call fine."""
    random = Random(f"{seed} good {place}")
    kind = random.choices(list(KINDS), [often for *_, often in KINDS.values()])[0]
    sheet = drawn(random, kind, fonts)
    data, ending = scanned(worn(_pixels(sheet), sheet.dpi, random), sheet.dpi, random, kind)
    return Trial(f"good-{place:03}-{kind}", kind, sheet.language, False, data, ending, "\n".join(sheet.lines))


def bad_page(seed: int, place: int, fonts: Fonts) -> Trial:
    """Return the page at a place of those with each damage in turn, blank ones, and ones by hand."""
    random = Random(f"{seed} bad {place}")
    way = list(DAMAGES)[place % len(DAMAGES)]
    sheet = by_hand(random, fonts) if way == "hand" else drawn(random, random.choice(_BASES), fonts)
    if way == "blank":
        sheet = Sheet(random, sheet.dpi, sheet.face, sheet.language)
    page = DAMAGES[way](worn(_pixels(sheet), sheet.dpi, random), sheet.dpi, random)
    data, ending = _as_jpeg(page, sheet.dpi, random, is_grey=random.random() < 0.5)
    name = f"bad-{place:03}-{way.replace(' ', '-')}"
    return Trial(name, way, sheet.language, True, data, ending, "\n".join(sheet.lines))


def real_hand(path: Path) -> Trial:
    """Return a picture of a real page by hand, with what stands on it if that lies beside; ``zh-`` names Chinese ones."""
    language, typed = "zh-Hans" if path.name.startswith("zh-") else "en", path.with_suffix(".txt")
    truth = typed.read_text("utf-8") if typed.exists() else ""
    return Trial(path.stem, "real hand", language, True, path.read_bytes(), path.suffix.lower(), truth)


def worn(page: Pixels, dpi: int, random: Random) -> Pixels:
    """Return a page as it lies on the glass: tinted paper, ink not quite black, a little askew, soft and noisy."""
    numbers = np.random.default_rng(random.randrange(1 << 30))
    height, width = page.shape[:2]
    strength = random.uniform(0.75, 1.0)
    page = 255 - (255 - page) * strength * _cloud(page, 40, numbers, 0.9, 1.0)
    if random.random() < 0.3:  # thin paper: the back shows through
        back = cv2.GaussianBlur(np.roll(page[:, ::-1], height // 30, 0), (0, 0), dpi / 100)
        page = _floats(page * (1 - random.uniform(0.01, 0.06) * (1 - back / 255)))
    yellow = random.choice((0.0, 0.02, 0.05, 0.12))
    page = (
        page * np.array((0.985, 0.985 - yellow * 0.4, 0.985 - yellow), np.float32) * _cloud(page, 6, numbers, 0.96, 1.0)
    )
    skew = random.uniform(-1, 1)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    page = np.asarray(
        cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    )
    if random.random() < 0.25:
        for share in (0.33, 0.5, 0.67):
            cv2.circle(page, (round(dpi * 0.35), round(height * share)), round(dpi * 0.06), (60, 56, 50), -1)
    page = _floats(cv2.GaussianBlur(page, (0, 0), random.uniform(0.3, 0.6) * dpi / 200))
    noise = numbers.normal(0, random.uniform(0.5, 4), (height, width)).astype(np.float32)
    return _floats(page + noise[:, :, None]).clip(0, 255)


def scanned(page: Pixels, dpi: int, random: Random, kind: str) -> tuple[bytes, str]:
    """Return a page's bytes as a scanner writes them, and their ending: colour or grey JPEG, or black and white."""
    way = random.choice(("colour", "colour", "grey", "grey", "bitonal"))
    if way == "bitonal" and kind != "caption":
        grey = page.mean(axis=2).astype(np.uint8)
        _, two = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        written = io.BytesIO()
        Image.fromarray(two).convert("1").save(written, "TIFF", compression="group4", dpi=(dpi, dpi))
        return written.getvalue(), ".tif"
    return _as_jpeg(page, dpi, random, is_grey=way == "grey")


def by_hand(random: Random, fonts: Fonts) -> Sheet:
    """Return a page in a face that looks written by hand, each letter a little off its place and its line."""
    purpose = random.choice([one for one in _HANDS if fonts.faces[one]] or ["latin"])
    sheet = Sheet(random, 200, random.choice(fonts.faces[purpose]), _KINDS_OF_HANDS.get(purpose, "en"))
    y, size, colour = sheet.margin, 20, (30, 34, 92)
    text = " ".join(random.sample(english(), 6)) if sheet.language == "en" else "".join(body(random, 5))
    for line in sheet.broken(text, size, sheet.width - 2 * sheet.margin):
        if y > sheet.height - sheet.margin:
            break
        x, slope = sheet.margin + random.uniform(-8, 8), random.uniform(-0.012, 0.012)
        for letter in sheet.known(line):
            place = (x + random.uniform(-0.4, 0.4), y + slope * (x - sheet.margin) + random.uniform(-1, 1))
            sheet.draw.text((sheet.px(place[0]), sheet.px(place[1])), letter, font=sheet.font(size), fill=colour)
            x += sheet.font(size).getlength(letter) * 72 / sheet.dpi * random.uniform(0.94, 1.0)
        sheet.lines.append(sheet.known(line))
        y += size * 1.5
    return sheet


def _turned(times: int) -> Callable[[Pixels, int, Random], Pixels]:
    return lambda page, dpi, random: np.rot90(page, times)


def _as_it_is(page: Pixels, dpi: int, random: Random) -> Pixels:
    return page


def _mirrored(page: Pixels, dpi: int, random: Random) -> Pixels:
    return page[:, ::-1]


def _torn(page: Pixels, dpi: int, random: Random) -> Pixels:
    """Half the sheet is gone: along a ragged edge the black of the scanner's lid is seen."""
    height, width = page.shape[:2]
    edge = np.interp(
        np.arange(height), np.linspace(0, height, 40), [width * random.uniform(0.35, 0.6) for _ in range(40)]
    )
    return np.where((np.arange(width)[None, :] > edge[:, None])[:, :, None], np.float32(20), page)


def _washed(page: Pixels, dpi: int, random: Random) -> Pixels:
    """Water ran over it: ink ran, and stains."""
    run = cv2.GaussianBlur(page, (0, 0), dpi / 200 * random.uniform(5, 8)) * np.array((0.88, 0.8, 0.66), np.float32)
    wet = (_cloud(page, 5, np.random.default_rng(random.randrange(1 << 30)), -1.0, 3.0)).clip(0, 1)
    return _floats(page * (1 - wet) + run * wet)


def _noisy(page: Pixels, dpi: int, random: Random) -> Pixels:
    numbers = np.random.default_rng(random.randrange(1 << 30))
    return _floats(page + numbers.normal(0, random.uniform(80, 130), page.shape))


def _blurred(page: Pixels, dpi: int, random: Random) -> Pixels:
    return _floats(cv2.GaussianBlur(page, (0, 0), dpi / 200 * random.uniform(3.5, 6)))


def _moved(page: Pixels, dpi: int, random: Random) -> Pixels:
    side = round(dpi / 200 * random.uniform(16, 28))
    return _floats(cv2.filter2D(page, -1, np.eye(side, dtype=np.float32) / side))


def _faded(page: Pixels, dpi: int, random: Random) -> Pixels:
    numbers = np.random.default_rng(random.randrange(1 << 30))
    paper = np.float32(230) - (255 - page) * random.uniform(0.03, 0.08)
    return _floats(paper + numbers.normal(0, 5, page.shape))


def _coarse(page: Pixels, dpi: int, random: Random) -> Pixels:
    """It went through a copy of 45 dots an inch or so."""
    height, width = page.shape[:2]
    share = random.uniform(38, 50) / dpi
    small = cv2.resize(page, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return _floats(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))


def _shifted(page: Pixels, dpi: int, random: Random) -> Pixels:
    """Its rows were put together wrongly."""
    rows = [np.roll(page[top : top + 6], random.randint(-200, 200), 1) for top in range(0, page.shape[0], 6)]
    return np.concatenate(rows)


def _cut(page: Pixels, dpi: int, random: Random) -> Pixels:
    page = page.copy()
    page[round(page.shape[0] * random.uniform(0.2, 0.8)) :] = 128
    return page


DAMAGES: dict[str, Callable[[Pixels, int, Random], Pixels]] = {
    "blank": _as_it_is,
    "turned 90": _turned(1),
    "turned 180": _turned(2),
    "turned 270": _turned(3),
    "mirrored": _mirrored,
    "torn": _torn,
    "washed": _washed,
    "noisy": _noisy,
    "out of focus": _blurred,
    "moved": _moved,
    "faded": _faded,
    "coarse": _coarse,
    "rows shifted": _shifted,
    "cut short": _cut,
    "hand": _as_it_is,
}
"""What befell a page, by its name."""


def _pixels(sheet: Sheet) -> Pixels:
    return _floats(sheet.image)


def _floats(pixels: object) -> Pixels:
    return np.asarray(pixels, np.float32)


def _cloud(page: Pixels, cells: int, numbers: np.random.Generator, low: float, high: float) -> Pixels:
    height, width = page.shape[:2]
    coarse = numbers.uniform(low, high, (round(cells * 1.41), cells)).astype(np.float32)
    return _floats(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))[:, :, None]


def _as_jpeg(page: Pixels, dpi: int, random: Random, *, is_grey: bool) -> tuple[bytes, str]:
    picture = Image.fromarray(page.clip(0, 255).astype(np.uint8))
    written = io.BytesIO()
    quality = random.choice((60, 75, 85, 92))
    (picture.convert("L") if is_grey else picture).save(written, "JPEG", quality=quality, dpi=(dpi, dpi))
    return written.getvalue(), ".jpg"
