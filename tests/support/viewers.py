"""What other programs show of a page, and whether it is what we show of it: poppler, ImageMagick, tifffile, a browser."""

import base64
import importlib
import io
import logging
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from archives.errors import JinkuiError
from formats.examined import look_at
from formats.kinds.registry import PAGE_ENDINGS, kind_of
from formats.page_image import load_page
from formats.picture.decoding import opened_picture
from formats.picture.tiff import frames_of
from formats.processes.answers import Blob
from formats.processes.children import ChildExecutor
from formats.processes.opened import Opened
from formats.processes.tools import run_tool

_LONGEST_PX = 400
_FINER = 3  # hairlines are a dot wide, and heavier the fewer dots there are
_GRID = 24
_SHAPE = 0.03
_MEAN, _MOST = 12, 90  # of 256
_MOST_PAGES = 3
_SECONDS = 60.0
_MEMORY_BYTES = 1 << 30
_SAID = frozenset(
    ("image-damaged", "file-unreadable", "format-not-supported", "file-encrypted", "file-empty", "pictures-beside-page")
)
"""Findings with which a page that is not shown, or not shown as elsewhere, is nobody's surprise."""

Viewer = Callable[[Path, str, int], Image.Image | None]
"""Shows a page (file, MIME type, index from 0), not larger than it has to be; None where it cannot."""


class Shown(NamedTuple):
    """A page as we show it, made small (rows of greys), whether its levels were guessed, and its place in the file."""

    height: int
    width: int
    greys: Blob
    is_guessed: bool
    frame: int


@dataclass(frozen=True, slots=True)
class Compared:
    """How a page looks beside what the viewers show: the names of those that agree and that differ, and what was said."""

    path: Path
    page_index: int
    ours: Image.Image | None
    agree: tuple[str, ...]
    differ: tuple[tuple[str, str, Image.Image], ...]
    said: tuple[str, ...]

    @property
    def is_odd(self) -> bool:
        """Whether no viewer shows what we show, and nothing was said about it."""
        return bool(self.differ) and not self.agree and not self.said


def sample(folders: Sequence[Path], times: int, seed: int) -> list[Path]:
    """Return so many of the files below the folders that have pages, drawn by the seed."""
    every = sorted(
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.suffix.lower() in PAGE_ENDINGS
    )
    return sorted(random.Random(seed).sample(every, min(times, len(every))))


class Viewers:
    """The viewers that are installed; ``missing`` names the others."""

    def __init__(self) -> None:
        self._running = ExitStack()
        self._children = self._running.enter_context(
            ChildExecutor(1, timeout_seconds=_SECONDS, memory_bytes=_MEMORY_BYTES)
        )
        viewers: dict[str, Viewer | None] = {
            "poppler": _poppler(),
            "pdfium": _pdfium,
            "ImageMagick": _image_magick(),
            "tifffile": _tifffile(),
        }
        viewers |= {"a browser": _browser(self._running)}
        self._viewers: dict[str, Viewer] = {name: viewer for name, viewer in viewers.items() if viewer}
        self.missing = tuple(name for name, viewer in viewers.items() if not viewer)

    def close(self) -> None:
        """End what was started."""
        self._running.close()

    def compared(self, path: Path) -> Iterator[Compared]:
        """Yield the first pages of a file beside what the viewers show."""
        with Opened.at(path.resolve()) as opened:
            try:
                found, character, *_ = self._children.submit(look_at, opened).result()
            except JinkuiError as broken:
                yield self._beside(path, "", 0, None, (str(broken),))
                return
            if kind_of(found.mime).draw is None:
                return
            said = tuple(one.code for one in character.findings if one.code in _SAID)
            for index in range(min(_MOST_PAGES, character.pages or 1)):
                try:
                    shown = self._children.submit(small_page, opened, found.mime, index).result()
                    guessed = ("levels-guessed",) if shown.is_guessed else ()
                    yield self._beside(path, found.mime, index, shown, (*said, *guessed))
                except JinkuiError as broken:
                    yield self._beside(path, found.mime, index, None, (*said, str(broken)))

    def _beside(self, path: Path, mime: str, index: int, shown: Shown | None, said: tuple[str, ...]) -> Compared:
        ours = Image.frombytes("L", (shown.width, shown.height), bytes(shown.greys)) if shown else None
        agree, differ = [], []
        for name, viewer in self._viewers.items():
            try:
                theirs = viewer(path, mime, shown.frame if shown else index)
            except Exception as failed:
                del failed
                continue
            if theirs is None:
                continue
            if way := difference(ours, grey := on_white(theirs)):
                differ.append((name, way, grey))
            else:
                agree.append(name)
        return Compared(path, index, ours, tuple(agree), tuple(differ), said)


def small_page(opened: Opened, mime: str, page_index: int) -> Shown:
    """Return a page as we show it, made small; in a child."""
    page = load_page(opened.path, mime, page_index)
    picture = Image.fromarray(np.ascontiguousarray(page.pixels)).convert("L")
    picture.thumbnail((_LONGEST_PX, _LONGEST_PX), Image.Resampling.BOX)
    frame = page_index
    if mime == "image/tiff":
        with opened_picture(opened.path) as file:
            frame = frames_of(file).pages[page_index]
    return Shown(picture.height, picture.width, picture.tobytes(), bool(page.oddities), frame)


def drawn_beside(one: Compared, folder: Path) -> None:
    """Put a page and what the viewers show of it side by side into a folder, to be looked at."""
    views = [one.ours or Image.new("L", (40, 40), 128), *(theirs for _, _, theirs in one.differ)]
    sheet = Image.new("L", (sum(view.width + 10 for view in views), max(view.height for view in views)), 90)
    left = 0
    for view in views:
        sheet.paste(view, (left, 0))
        left += view.width + 10
    folder.mkdir(parents=True, exist_ok=True)
    sheet.save(folder / f"{one.path.parent.name}-{one.path.name}-{one.page_index + 1}.png")


def difference(ours: Image.Image | None, theirs: Image.Image) -> str:
    """Say how two greys of a page differ in shape or in light; "" where they do not."""
    if ours is None:
        return "not shown"
    ratio = (ours.width / ours.height) / (theirs.width / theirs.height)
    if abs(ratio - 1) > max(_SHAPE, 1.5 / min(*ours.size, *theirs.size)):
        return f"shape {ours.size} {theirs.size}"
    one, other = (_grid(side) for side in (ours, theirs))
    away = np.abs(one - other)
    if away.mean() > _MEAN or away.max() > _MOST:
        return f"light {away.mean():.0f} {away.max():.0f}"
    return ""


def on_white(picture: Image.Image) -> Image.Image:
    """Return what a viewer shows as greys, on white, no larger than ours."""
    if picture.mode in ("LA", "PA", "RGBA", "P"):
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture.convert("RGBA"))
        picture = paper
    small = picture.convert("L")
    small.thumbnail((_LONGEST_PX, _LONGEST_PX), Image.Resampling.BOX)
    return small


def _grid(picture: Image.Image) -> NDArray[np.float64]:
    return np.asarray(picture.resize((_GRID, _GRID), Image.Resampling.BOX), dtype=np.float64)


def _poppler() -> Viewer | None:
    if not shutil.which("pdftoppm"):
        return None

    def view(path: Path, mime: str, index: int) -> Image.Image | None:
        if mime != "application/pdf":
            return None
        page = str(index + 1)
        argv = [
            "pdftoppm",
            "-f",
            page,
            "-l",
            page,
            "-cropbox",
            "-scale-to",
            str(_FINER * _LONGEST_PX),
            "-png",
            str(path),
        ]
        return _opened(run_tool(argv, timeout_seconds=_SECONDS).stdout)

    return view


def _pdfium(path: Path, mime: str, index: int) -> Image.Image | None:
    if mime != "application/pdf":
        return None
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        document.init_forms()
        page = document[index]
        drawn: Image.Image = page.render(scale=_FINER * _LONGEST_PX / max(page.get_size()), draw_annots=True).to_pil()
        return drawn


def _image_magick() -> Viewer | None:
    program = next((name for name in ("convert-im6.q16", "magick") if shutil.which(name)), None)
    if not program:
        return None
    names = {"image/jpeg": "jpg", "image/tiff": "tif", "image/png": "png", "image/jp2": "jp2", "image/jpx": "jp2"}
    names |= {"image/bmp": "bmp", "image/webp": "webp", "image/heic": "heic", "image/heif": "heic", "image/apng": "png"}

    def view(path: Path, mime: str, index: int) -> Image.Image | None:
        if mime not in names:
            return None
        form = "j2c" if mime == "image/jp2" and path.read_bytes()[:2] == b"\xff\x4f" else names[mime]
        argv = [program, f"{form}:{path}[{index}]", "-auto-orient", "-background", "white", "-alpha", "remove"]
        argv += ["-colorspace", "sRGB", "-resize", f"{_LONGEST_PX}x{_LONGEST_PX}>", "-depth", "8", "png:-"]
        return _opened(run_tool(argv, timeout_seconds=_SECONDS).stdout)

    return view


def _tifffile() -> Viewer | None:
    try:
        tifffile: Any = importlib.import_module("tifffile")
        logging.getLogger("tifffile").setLevel(logging.CRITICAL)
    except ImportError:
        return None

    def view(path: Path, mime: str, index: int) -> Image.Image | None:
        if mime != "image/tiff":
            return None
        with tifffile.TiffFile(path) as file:
            page = file.pages[index]
            samples = np.asarray(page.asarray())
            kind = int(page.photometric)
            turn = page.tags.valueof(274, 1)
        shown = _pictured(samples, kind)
        if shown:
            shown.getexif()[274] = turn
        return ImageOps.exif_transpose(shown) if shown else None

    return view


def _pictured(samples: NDArray[Any], photometric: int) -> Image.Image | None:
    """Return plain greys or colours of 1, 8 or 16 bits as a picture; None for whatever takes more than that."""
    if samples.dtype == np.uint16:
        samples = (samples >> 8).astype(np.uint8)
    if samples.dtype == np.bool_:
        samples = samples.astype(np.uint8) * 255
    if samples.dtype != np.uint8 or photometric not in (0, 1, 2) or samples.ndim not in (2, 3):
        return None
    if samples.ndim == 3 and samples.shape[0] == 3:
        samples = samples.transpose(1, 2, 0)
    return Image.fromarray(255 - samples if photometric == 0 else samples)


def _browser(running: ExitStack) -> Viewer | None:
    program = shutil.which("chromium")
    try:
        playwright: Any = importlib.import_module("playwright.sync_api")
    except ImportError:
        return None
    if not program:
        return None
    driver = running.enter_context(playwright.sync_playwright())
    try:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
    except playwright.Error:
        return None
    running.callback(browser.close)
    page = browser.new_page(viewport={"width": _LONGEST_PX, "height": _LONGEST_PX})

    def view(path: Path, mime: str, index: int) -> Image.Image | None:
        if mime not in ("image/jpeg", "image/png", "image/webp", "image/bmp", "image/apng"):
            return None
        data = base64.b64encode(path.read_bytes()).decode()
        page.set_content(
            f'<body style="margin:0"><img style="max-width:100%;max-height:100vh" src="data:{mime};base64,{data}">'
        )
        wide = page.evaluate(
            "async () => { const i = document.images[0]; try { await i.decode() } catch {} return i.naturalWidth }"
        )
        return _opened(page.locator("img").screenshot()) if wide else None

    return view


def _opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture
