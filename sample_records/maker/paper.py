"""A sheet of paper: text set on it with its ground truth, boxes, rules and a seal, then aged like a real scan."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

SERIF = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
BOLD = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc"
KAI = "/usr/share/fonts/truetype/arphic-gkai00mp/gkai00mp.ttf"
MONO = "/usr/share/fonts/opentype/courier-prime/Courier Prime.otf"
_TRADITIONAL_INDEX = 3
_SIMPLIFIED_INDEX = 2
INK = (28, 26, 30)
RED = (190, 30, 36)
_NEVER_FIRST = "，。；：、？！）》”"


@dataclass
class Paper:
    """An A4 page at a resolution; places are in points (1/72 inch) from the upper left."""

    dpi: int = 200
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (round(8.27 * self.dpi), round(11.69 * self.dpi)), "white")
        self.draw = ImageDraw.Draw(self.image)

    def font(self, path: str, size: float, *, traditional: bool = False) -> ImageFont.FreeTypeFont:
        """Return a font at a size in points."""
        index = (_TRADITIONAL_INDEX if traditional else _SIMPLIFIED_INDEX) if path.endswith(".ttc") else 0
        return ImageFont.truetype(path, round(size * self.dpi / 72), index=index)

    def px(self, points: float) -> float:
        """Return points as pixels."""
        return points * self.dpi / 72

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 16,
        font: str = SERIF,
        colour: tuple[int, int, int] = INK,
        anchor: str = "la",
        truth: bool = True,
    ) -> None:
        """Set one line; with ``truth`` it is something a reader reads."""
        self.draw.text((self.px(x), self.px(y)), text, font=self.font(font, size), fill=colour, anchor=anchor)
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
        leading: float = 29,
        font: str = SERIF,
    ) -> float:
        """Set a paragraph, first line indented by two characters; return where the next begins."""
        per_line = int((595 - left - right) // size)
        rest, first = text, True
        while rest:
            room = per_line - 2 if first else per_line
            cut = min(room, len(rest))
            while cut < len(rest) and rest[cut] in _NEVER_FIRST and cut > room - 2:
                cut -= 1
            x = left + (2 * size if first else 0)
            for place, character in enumerate(rest[:cut]):
                self.text(x + place * size, y, character, size=size, font=font, truth=False)
            self.lines.append(rest[:cut])
            rest, first, y = rest[cut:], False, y + leading
        return y

    def rule(
        self, x1: float, y1: float, x2: float, y2: float, *, colour: tuple[int, int, int] = INK, width: float = 0.8
    ) -> None:
        """Draw a straight rule."""
        self.draw.line(
            [self.px(x1), self.px(y1), self.px(x2), self.px(y2)], fill=colour, width=max(1, round(self.px(width)))
        )

    def seal(self, x: float, y: float, radius: float = 52) -> None:
        """Stamp a round red seal with a star; its lettering is worn and not to be read."""
        r = self.px(radius)
        layer = Image.new("RGBA", self.image.size, (0, 0, 0, 0))
        pen = ImageDraw.Draw(layer)
        cx, cy = self.px(x), self.px(y)
        pen.ellipse([cx - r, cy - r, cx + r, cy + r], outline=(*RED, 120), width=max(2, round(r / 16)))
        angles = np.deg2rad(np.arange(10) * 36 - 90)
        radii = np.where(np.arange(10) % 2 == 0, r * 0.3, r * 0.12)
        pen.polygon(
            [(cx + q * np.cos(a), cy + q * np.sin(a)) for a, q in zip(angles, radii, strict=True)], fill=(*RED, 120)
        )
        for angle in np.deg2rad(np.arange(200, 341, 20)):
            px, py = cx + 0.78 * r * np.cos(angle), cy + 0.78 * r * np.sin(angle)
            pen.rectangle([px - r / 14, py - r / 14, px + r / 14, py + r / 14], outline=(*RED, 60))
        self.image.paste(Image.alpha_composite(self.image.convert("RGBA"), layer).convert("RGB"))
        self.draw = ImageDraw.Draw(self.image)

    def columns(
        self, text: str, *, size: float = 19, top: float = 92, bottom: float = 742, right: float = 505, step: float = 34
    ) -> None:
        """Set vertical text in columns from right to left."""
        per_column = int((bottom - top) // (size * 1.12))
        font = self.font(SERIF, size, traditional=True)
        for number, start in enumerate(range(0, len(text), per_column)):
            column = text[start : start + per_column]
            for place, character in enumerate(column):
                self.draw.text(
                    (self.px(right - number * step), self.px(top + place * size * 1.12)),
                    character,
                    font=font,
                    fill=INK,
                    anchor="ma",
                )
            self.lines.append(column)


@dataclass(frozen=True)
class Wear:
    """How a page has aged and how it was scanned."""

    name: str
    paper: tuple[int, int, int] = (250, 247, 240)
    noise: float = 3.0
    skew_degrees: float = 0.0
    show_through: float = 0.0
    contrast: float = 1.0
    blur: float = 0.0
    holes: bool = False
    fold: bool = False


CLEAN = Wear("clean", (255, 255, 254), noise=0.8)
TYPED = Wear("clean", (252, 250, 244), noise=0.0)
NOISY = Wear("noise", (246, 240, 226), noise=5.0, skew_degrees=0.5, blur=0.5)
SKEWED = Wear("skew", (244, 236, 218), noise=4.0, skew_degrees=2.0, holes=True)
THROUGH = Wear("show-through", (243, 234, 214), noise=4.0, skew_degrees=-0.8, show_through=0.10)
FAINT = Wear("low contrast", (236, 228, 208), noise=3.5, contrast=0.62, skew_degrees=0.6, fold=True)


def age(paper: Paper, wear: Wear, verso: Image.Image | None, seed: int) -> Image.Image:
    """Return a page as a scanner would see it; the same seed gives the same page."""
    random = np.random.default_rng(seed)
    ink = np.asarray(paper.image, dtype=np.float32) / 255
    if wear.show_through and verso is not None:
        back = (
            np.asarray(verso.transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize(paper.image.size), dtype=np.float32)
            / 255
        )
        back = cv2.GaussianBlur(back, (0, 0), 2.2)
        ink = ink * (1 - wear.show_through * (1 - back))
    ink = 1 - (1 - ink) * wear.contrast
    page = ink * np.array(wear.paper, dtype=np.float32)
    page *= _unevenness(page.shape[:2], random)[:, :, None]
    if wear.fold:
        page *= _fold(page.shape[:2])[:, :, None]
    if wear.holes:
        _punch(page, paper)
    page = _turn(page, wear)
    if wear.blur:
        page = cv2.GaussianBlur(page, (0, 0), wear.blur)
    page += random.normal(0, wear.noise, page.shape[:2]).astype(np.float32)[:, :, None]
    return Image.fromarray(np.clip(page, 0, 255).astype(np.uint8))


def _unevenness(shape: tuple[int, int], random: np.random.Generator) -> NDArray[np.float32]:
    coarse = random.uniform(0.965, 1.0, (6, 5)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def _fold(shape: tuple[int, int]) -> NDArray[np.float32]:
    rows = np.arange(shape[0], dtype=np.float32)[:, None]
    shadow = 1 - 0.10 * np.exp(-((rows - shape[0] * 0.505) ** 2) / (2 * (shape[0] * 0.004) ** 2))
    return np.asarray(np.repeat(shadow, shape[1], axis=1), dtype=np.float32)


def _punch(page: NDArray[np.float32], paper: Paper) -> None:
    for y in (330, 512):
        cv2.circle(page, (round(paper.px(26)), round(paper.px(y))), round(paper.px(8)), (70, 66, 60), -1)


def _turn(page: NDArray[np.float32], wear: Wear) -> NDArray[np.float32]:
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), wear.skew_degrees, 1.0)
    border = tuple(float(channel) * 0.82 for channel in wear.paper)
    return np.asarray(
        cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=border), dtype=np.float32
    )
