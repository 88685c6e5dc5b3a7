"""A sheet of paper: printed, typed, written and stamped text set on it, with the ground truth of what a reader reads."""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import numpy as np
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

SERIF = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
BOLD = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"
SONG = "/usr/share/fonts/truetype/arphic-gbsn00lp/gbsn00lp.ttf"
KAI = "/usr/share/fonts/truetype/arphic-gkai00mp/gkai00mp.ttf"
MONO = "/usr/share/fonts/opentype/courier-prime/Courier Prime.otf"

Colour = tuple[int, int, int]
INK: Colour = (28, 26, 30)
RED: Colour = (190, 30, 36)
PEN: Colour = (34, 42, 92)
PENCIL: Colour = (40, 52, 60)
_TRADITIONAL_INDEX = 3
_SIMPLIFIED_INDEX = 2
_NEVER_FIRST = "，。；：、？！）》”〕"
_NEVER_LAST = "（《“〔"


@dataclass
class Paper:
    """An A4 page at a resolution; places are in points (1/72 inch) from the upper left."""

    dpi: int = 200
    face: str = SERIF
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (round(8.27 * self.dpi), round(11.69 * self.dpi)), "white")
        self.draw = ImageDraw.Draw(self.image)

    def px(self, points: float) -> float:
        """Return points as pixels."""
        return points * self.dpi / 72

    def font(self, path: str, size: float, *, traditional: bool = False) -> ImageFont.FreeTypeFont:
        """Return a font at a size in points."""
        return _font(path, round(size * self.dpi / 72), traditional)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 16,
        font: str = "",
        colour: Colour = INK,
        anchor: str = "l",
        spread: float = 0.0,
        truth: bool = True,
    ) -> None:
        """Set one line of print; ``anchor`` is l, m or r; ``spread`` is added between characters, in points."""
        face = font or self.face
        widths = [self._width(character, face, size) + spread for character in text]
        start = x - {"l": 0.0, "m": 0.5, "r": 1.0}[anchor] * (sum(widths) - spread)
        random = _random(text, y)
        for character, width in zip(text, widths, strict=True):
            strength = random.uniform(0.9, 1.0)
            where = (self.px(start), self.px(y + random.normal(0, 0.08)))
            self.draw.text(where, character, font=self._font_for(character, face, size), fill=_inked(colour, strength))
            start += width
        if truth:
            self.lines.append(text)

    def paragraph(
        self,
        y: float,
        text: str,
        *,
        left: float = 78,
        right: float = 78,
        size: float = 16,
        leading: float = 27.5,
        font: str = "",
        indent: float = 2,
        pen: Colour | None = None,
    ) -> float:
        """Set a paragraph, first line indented by two characters; return where the next begins.

        With ``pen`` it is written by hand in that colour.
        """
        face = font or self.face
        room, x = 595 - left - right - indent * size, left + indent * size
        rest = text
        while rest:
            cut, used = 0, 0.0
            while cut < len(rest) and used + self._width(rest[cut], face, size) <= room + 0.5:
                used += self._width(rest[cut], face, size)
                cut += 1
            while 1 < cut < len(rest) and (rest[cut] in _NEVER_FIRST or rest[cut - 1] in _NEVER_LAST):
                cut -= 1
                used -= self._width(rest[cut], face, size)
            spread = (room - used) / (cut - 1) if cut < len(rest) and cut > 1 else 0.0
            if pen is None:
                self.text(x, y, rest[:cut], size=size, font=face, spread=spread)
            else:
                self.hand(x, y, rest[:cut], size=size, colour=pen)
            rest, y = rest[cut:], y + leading
            room, x = 595 - left - right, left
        return y

    def hand(self, x: float, y: float, text: str, *, size: float = 18, colour: Colour = PEN) -> None:
        """Write a line by hand: brush-like letters, no two alike."""
        random = _random(text, y)
        cell = round(self.px(size) * 1.5)
        drift = random.uniform(-0.05, 0.05)
        along = 0.0
        for place, character in enumerate(text):
            own = size * random.uniform(0.95, 1.06)
            width = size * (0.58 if character.isascii() else 0.98)
            centre = x + along + width / 2 + random.normal(0, 0.3)
            along += width
            glyph = Image.new("L", (cell, cell), 0)
            face = self._font_for(character, KAI, own)
            ImageDraw.Draw(glyph).text((cell / 2, cell / 2), character, font=face, fill=255, anchor="mm")
            glyph = glyph.rotate(random.uniform(-3.5, 3.5), Image.Resampling.BICUBIC)
            ink = Image.new("RGB", glyph.size, _inked(colour, random.uniform(0.78, 1.0)))
            left = self.px(centre) - cell / 2
            top = self.px(y + drift * place + random.normal(0, 0.35)) - (cell - self.px(size)) / 2
            self.image.paste(ink, (round(left), round(top)), glyph)
        self.lines.append(text)

    def typed(self, x: float, y: float, text: str, *, size: float = 12) -> None:
        """Type a line: fixed pitch, every type a little off its place and its strength."""
        random = _random(text, y)
        pitch = size * 0.6
        for place, character in enumerate(text):
            off = {"a": 0.25, "e": -0.2, "t": 0.2}.get(character, 0.0) + random.normal(0, 0.12)
            where = (self.px(x + place * pitch + random.normal(0, 0.08)), self.px(y + off))
            fill = _inked((26, 24, 38), random.uniform(0.82, 1.0))
            self.draw.text(where, character, font=self.font(MONO, size), fill=fill)
        self.lines.append(text)

    def rule(self, x1: float, y1: float, x2: float, y2: float, *, colour: Colour = INK, width: float = 0.8) -> None:
        """Draw a straight rule."""
        self.draw.line(
            [self.px(x1), self.px(y1), self.px(x2), self.px(y2)], fill=colour, width=max(1, round(self.px(width)))
        )

    def grid(self, xs: Sequence[float], ys: Sequence[float], *, colour: Colour = INK, width: float = 0.8) -> None:
        """Draw the rules of a table, its frame thicker."""
        for y in ys:
            self.rule(xs[0], y, xs[-1], y, colour=colour, width=width * (1.8 if y in (ys[0], ys[-1]) else 1))
        for x in xs:
            self.rule(x, ys[0], x, ys[-1], colour=colour, width=width * (1.8 if x in (xs[0], xs[-1]) else 1))

    def filing_stamp(self, rows: Sequence[Sequence[str]], *, x: float = 372, y: float = 26) -> None:
        """Stamp the archivist's box (归档章): fonds, year, item number; office, retention, pages."""
        edges = (x, x + 52, x + 106, x + 160)
        self.grid(edges, (y, y + 20, y + 40), colour=(206, 60, 62), width=0.9)
        for number, row in enumerate(rows):
            for (left, right), cell in zip(pairwise(edges), row, strict=True):
                self.text(
                    (left + right) / 2,
                    y + 20 * number + 3.5,
                    cell,
                    size=12,
                    font=SONG,
                    anchor="m",
                    colour=(190, 44, 50),
                )

    def seal(self, x: float, y: float, organ: str, *, radius: float = 54) -> None:
        """Stamp a round red seal with a star; its lettering is small and worn, not to be read."""
        r = round(self.px(radius))
        side = 2 * r + 8
        stamp = Image.new("L", (side, side), 0)
        pen = ImageDraw.Draw(stamp)
        pen.ellipse([4, 4, side - 4, side - 4], outline=200, width=max(3, round(r / 17)))
        points = [
            (side / 2 + q * math.cos(a), side / 2 + q * math.sin(a))
            for q, a in ((r * (0.3 if n % 2 == 0 else 0.115), math.radians(n * 36 - 90)) for n in range(10))
        ]
        pen.polygon(points, fill=200)
        step = 250 / max(1, len(organ) - 1)
        for place, character in enumerate(organ):
            angle = -125 + place * step
            glyph = Image.new("L", (r, r), 0)
            face = self.font(BOLD, radius * 0.16)
            ImageDraw.Draw(glyph).text((r / 2, r / 2), character, font=face, fill=170, anchor="mm")
            glyph = glyph.rotate(-angle, Image.Resampling.BICUBIC)
            cx = side / 2 + 0.76 * r * math.sin(math.radians(angle)) - r / 2
            cy = side / 2 - 0.76 * r * math.cos(math.radians(angle)) - r / 2
            stamp.paste(glyph, (round(cx), round(cy)), glyph)
        random = _random(organ, y)
        worn = Image.fromarray(random.integers(95, 255, (14, 14), dtype=np.uint8)).resize(
            stamp.size, Image.Resampling.BICUBIC
        )
        grain = Image.fromarray(random.integers(150, 255, (side, side), dtype=np.uint8))
        cover = np.asarray(stamp, np.float32) * np.asarray(worn, np.float32) * np.asarray(grain, np.float32) / 255**2
        mask = Image.fromarray(cover.clip(0, 255).astype(np.uint8)).rotate(
            random.uniform(-7, 7), Image.Resampling.BICUBIC
        )
        where = (round(self.px(x)) - side // 2, round(self.px(y)) - side // 2)
        box = (*where, where[0] + side, where[1] + side)
        under = np.asarray(self.image.crop(box), np.float32)
        share = np.asarray(mask, np.float32)[:, :, None] / 255
        over = under * (1 - share + share * np.array(RED, np.float32) / 255)
        self.image.paste(Image.fromarray(over.clip(0, 255).astype(np.uint8)), where)

    def column(self, x: float, top: float, text: str, *, size: float = 17, step: float = 1.13) -> None:
        """Set one column of vertical traditional print, its centre at ``x``."""
        random = _random(text, x)
        font = self.font(SERIF, size, traditional=True)
        for place, character in enumerate(text):
            where = (self.px(x + random.normal(0, 0.25)), self.px(top + place * size * step + random.normal(0, 0.25)))
            self.draw.text(where, character, font=font, fill=_inked(INK, random.uniform(0.8, 1.0)), anchor="ma")
        self.lines.append(text)

    def _width(self, character: str, face: str, size: float) -> float:
        if ord(character) > 0x2000:
            return size
        return float(self._font_for(character, face, size).getlength(character)) * 72 / self.dpi

    def _font_for(self, character: str, face: str, size: float) -> ImageFont.FreeTypeFont:
        known = face.endswith(".ttc") or face == MONO or ord(character) in _characters(face)
        return self.font(face if known else SERIF, size)


@cache
def _font(path: str, pixels: int, traditional: bool) -> ImageFont.FreeTypeFont:
    index = (_TRADITIONAL_INDEX if traditional else _SIMPLIFIED_INDEX) if path.endswith(".ttc") else 0
    return ImageFont.truetype(path, pixels, index=index)


@cache
def _characters(path: str) -> frozenset[int]:
    return frozenset(TTFont(path, lazy=True).getBestCmap())


def _random(text: str, place: float) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(f"{text}{place:.2f}".encode()))


def _inked(colour: Colour, strength: float) -> Colour:
    red, green, blue = (round(255 - (255 - channel) * strength) for channel in colour)
    return red, green, blue
