"""How paper ages and how a scanner sees it: yellowing, show-through, folds, holes, skew, noise; all of it seeded."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from maker.paper import Paper

_LID = np.array((222, 221, 217), dtype=np.float32)


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
    yellow: float = 0.0
    spots: int = 0
    holes: bool = False
    stitches: bool = False
    fold: bool = False


CLEAN = Wear("clean", (253, 252, 249), noise=1.2, blur=0.4)
TYPED = Wear("typed, thin paper", (247, 243, 232), noise=0.0, blur=0.45, show_through=0.03)
NOISY = Wear("noise", (246, 240, 226), noise=4.5, skew_degrees=0.5, blur=0.55, yellow=0.06)
SKEWED = Wear("skew", (244, 236, 218), noise=3.2, skew_degrees=2.0, holes=True, yellow=0.05)
TILTED = Wear("skew", (243, 236, 220), noise=3.0, skew_degrees=-1.6, stitches=True, yellow=0.07, spots=5)
THROUGH = Wear("show-through", (243, 234, 214), noise=3.2, skew_degrees=-0.8, show_through=0.11, yellow=0.06)
FAINT = Wear("low contrast", (236, 228, 208), noise=2.8, contrast=0.62, skew_degrees=0.6, fold=True, yellow=0.08)
OLD = Wear(
    "yellowed", (232, 217, 184), noise=3.0, contrast=0.86, skew_degrees=-0.5, blur=0.5, show_through=0.05, yellow=0.18,
    spots=26, stitches=True,
)  # fmt: skip
OLD_FOLDED = Wear(
    "yellowed and folded", (229, 213, 178), noise=3.2, contrast=0.8, skew_degrees=0.9, blur=0.5, show_through=0.07,
    yellow=0.2, spots=30, fold=True, stitches=True,
)  # fmt: skip


def age(paper: Paper, wear: Wear, verso: Image.Image | None, seed: int) -> Image.Image:
    """Return a page as a scanner would see it; the same seed gives the same page."""
    random = np.random.default_rng(seed)
    ink = np.asarray(paper.image, dtype=np.float32) / 255
    height, width = ink.shape[:2]
    ink = 1 - (1 - ink) * (wear.contrast * _cloud((height, width), 40, random, 0.88, 1.0))[:, :, None]
    if wear.show_through and verso is not None:
        ink = ink * _back(verso, (width, height), wear.show_through)
    page = ink * np.array(wear.paper, dtype=np.float32)
    page *= _cloud((height, width), 6, random, 0.968, 1.0)[:, :, None]
    if wear.noise:
        page *= _cloud((height, width), 420, random, 0.985, 1.0)[:, :, None]
    if wear.yellow:
        page *= 1 - _edges((height, width), random)[:, :, None] * wear.yellow * np.array((0.55, 0.9, 1.6), np.float32)
    _foxing(page, wear.spots, paper, random)
    if wear.fold:
        page *= _fold((height, width), random)[:, :, None]
    if wear.stitches:
        _stitches(page, paper, random)
    if wear.holes:
        _punch(page, paper)
    page = _on_the_glass(page, wear)
    if wear.blur:
        page = cv2.GaussianBlur(page, (0, 0), wear.blur * paper.dpi / 200)
    page += random.normal(0, wear.noise, (height, width)).astype(np.float32)[:, :, None]
    return Image.fromarray(np.clip(page, 0, 255).astype(np.uint8))


def _back(verso: Image.Image, size: tuple[int, int], strength: float) -> NDArray[np.float32]:
    mirrored = verso.transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize(size)
    back = np.asarray(mirrored, dtype=np.float32).mean(axis=2) / 255
    back = cv2.GaussianBlur(back, (0, 0), 2.0 * size[0] / 1654)
    return np.asarray((1 - strength * (1 - back))[:, :, None], dtype=np.float32)


def _cloud(
    shape: tuple[int, int], cells: int, random: np.random.Generator, low: float, high: float
) -> NDArray[np.float32]:
    coarse = random.uniform(low, high, (round(cells * 1.41), cells)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def _edges(shape: tuple[int, int], random: np.random.Generator) -> NDArray[np.float32]:
    rows = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    columns = np.linspace(0, 1, shape[1], dtype=np.float32)[None, :]
    distance = np.minimum(np.minimum(rows, 1 - rows) * 1.3, np.minimum(columns, 1 - columns))
    return np.asarray(np.exp(-distance / 0.07) * _cloud(shape, 9, random, 0.5, 1.1), dtype=np.float32)


def _foxing(page: NDArray[np.float32], spots: int, paper: Paper, random: np.random.Generator) -> None:
    stain = np.zeros(page.shape[:2], dtype=np.float32)
    for _ in range(spots):
        centre = (int(random.integers(0, page.shape[1])), int(random.integers(0, page.shape[0])))
        cv2.circle(stain, centre, round(paper.px(float(random.uniform(0.6, 4)))), float(random.uniform(0.05, 0.22)), -1)
    if spots:
        stain = cv2.GaussianBlur(stain, (0, 0), paper.px(0.9))
        page *= 1 - stain[:, :, None] * np.array((0.5, 0.8, 1.2), np.float32)


def _fold(shape: tuple[int, int], random: np.random.Generator) -> NDArray[np.float32]:
    rows = np.arange(shape[0], dtype=np.float32)[:, None]
    wander = cv2.resize(random.normal(0, 1.2, (1, 9)).astype(np.float32), (shape[1], 1), interpolation=cv2.INTER_CUBIC)
    away = (rows - shape[0] * 0.505 - wander) / (shape[0] * 0.0032)
    shade = 1 - 0.10 * np.exp(-(away**2) / 2) + 0.05 * np.exp(-((away + 3.2) ** 2) / 4)
    return np.asarray(shade, dtype=np.float32)


def _stitches(page: NDArray[np.float32], paper: Paper, random: np.random.Generator) -> None:
    """The three holes of a thread-bound volume, taken apart for scanning."""
    for y in (262, 421, 580):
        centre = (round(paper.px(31 + float(random.normal(0, 0.8)))), round(paper.px(y)))
        cv2.circle(page, centre, round(paper.px(2.6)), (176, 166, 140), -1, cv2.LINE_AA)
        cv2.circle(page, centre, round(paper.px(1.5)), (66, 60, 52), -1, cv2.LINE_AA)


def _punch(page: NDArray[np.float32], paper: Paper) -> None:
    for y in (308, 535):
        centre = (round(paper.px(30)), round(paper.px(y)))
        cv2.circle(page, centre, round(paper.px(8.8)), (186, 180, 166), -1, cv2.LINE_AA)
        cv2.circle(page, (centre[0] + 1, centre[1] + 2), round(paper.px(8)), (222, 221, 217), -1, cv2.LINE_AA)


def _on_the_glass(page: NDArray[np.float32], wear: Wear) -> NDArray[np.float32]:
    """Lay the page askew on the glass: beyond its edges the scanner's lid and the shadow of the paper show."""
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), wear.skew_degrees, 0.994 if wear.skew_degrees else 1.0)
    size = (width, height)
    turned = cv2.warpAffine(page, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpAffine(np.ones((height, width), np.float32), matrix, size, borderValue=0)[:, :, None]
    near = cv2.GaussianBlur(np.roll(cover[:, :, 0], (4, 4), (0, 1)), (0, 0), 5)[:, :, None]
    lid = _LID * (1 - 0.35 * near)
    return np.asarray(turned * cover + lid * (1 - cover), dtype=np.float32)
