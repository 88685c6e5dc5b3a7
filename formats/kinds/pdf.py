"""PDF through pdfium: its pages as they lie (a page that is one JPEG is passed through) or drawn, and its text."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import Message, listed, message
from archives.record.record import FormatIdentification
from archives.text.legible import is_legible
from formats.foreign import words_of
from formats.kinds.kind import Enclosed, Ends, Hidden, Kind, Look, PageImage, Reading
from formats.pdf_text.compared import MOST_COMPARED, words_missed
from formats.pdf_text.page import IMAGE, drawn_size, is_mostly_drawn, words_of_page
from formats.pdf_text.words import frame_of, oddities, page_words, undrawn_notes, unread_forms
from formats.picture.decoding import DECODER_ERRORS, MAX_PIXELS, SHOWN_PIXELS
from formats.picture.viewing import pixels_of

_WHOLE = 0.95
_SQUARE = 0.03
_COMPARED_PX = 640
_SQUARE_PX = 32
_MOST_DIFFERENCE = 48  # of 256
_LOOK_SCALE = 1.5  # of 72 dpi
_LEAST_CONTRAST = 24  # of 256
_LONGEST = 60
_FEW_CHARACTERS = 50
_BROKEN = Message("{reason}", "{reason}")
_NOT_DRAWN = Message("无法显示 PDF 页面：{reason}", "a page of the PDF cannot be drawn: {reason}")


@dataclass(frozen=True, slots=True)
class _Scan:
    """A page that is one JPEG, and its resolution on that page."""

    jpeg: bytes
    resolution_dpi: int


@contextmanager
def _opened(path: Path, said: Message = _BROKEN) -> Iterator[Any]:
    """Open a document and turn what pdfium raises, now or while it is used, into ``FormatError``."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            yield document
    except pypdfium2.PdfiumError as cause:
        raise FormatError(message(said.zh, said.en, reason=words_of(cause, path)), subject=path.name) from cause


def _looked(path: Path) -> Look:
    with _opened(path) as document:
        version, pages = document.get_version() or 0, len(document)
    frame = frame_of(path)
    found = tuple(oddities(frame)) if frame else ()
    return Look((("pdf_version", f"{version / 10:.1f}"), ("pages", str(pages))), pages, found)


def _recognised(path: Path) -> FormatIdentification | None:
    """Recognise a PDF that other bytes stand before, or whose end is not as PRONOM wants it."""
    frame = frame_of(path)
    if frame is None:
        return None
    basis = f"%PDF- at byte {frame.bytes_before}"
    return FormatIdentification(None, "Portable Document Format", frame.version, "application/pdf", basis)


def _perhaps(ends: Ends) -> bool:
    return b"%PDF-" in ends.head


def _read(path: Path) -> Reading:
    with _opened(path) as document:
        yield from unread_forms(document)
        yield from undrawn_notes(document)
        document.init_forms()
        first = [page_words(document, index) for index in range(min(len(document), MOST_COMPARED))]
        missed = dict(words_missed(path, first))
        for index, text in enumerate(first):
            yield "\n".join([text, " ".join(missed[index])]) if index in missed else text
        for index in range(len(first), len(document)):
            yield page_words(document, index)
        for index in range(document.count_attachments()):
            attached = document.get_attachment(index)
            yield Enclosed(attached.get_name(), bytes(attached.get_data()))
    yield from _doubted(missed)


def _doubted(missed: Mapping[int, tuple[str, ...]]) -> Iterator[Finding]:
    """Yield that two readers differ about the letters of some pages."""
    if missed:
        words = [word for found in missed.values() for word in found]
        said = message(
            "第 {pages} 页的字体没有可靠地写明字符，两个阅读程序读出的文字不同，两种读法都已收入；请对照页面：{words}",
            "fonts on page {pages} do not tell their letters reliably: two readers differ, and both readings are kept; compare with the page: {words}",
            pages=listed([index + 1 for index in missed]),
            words=" ".join(words)[:_LONGEST],
        )
        yield warning("letters-doubtful", said)


def _unwritten(path: Path) -> Iterator[bool]:
    """Yield of each page whether what it shows has to be recognised.

    So it is where it shows something and has no text, text in which nobody can read, or a few words (a stamp, the name of
    a scanning program) beside pictures that cover most of it, or beside much that is drawn (letters made into lines).
    """
    with _opened(path) as document:
        for page in document:
            text = "".join(page.get_textpage().get_text_bounded().split())
            if not is_legible(text):
                yield any(True for _ in page.get_objects(max_depth=1))
            else:
                yield len(text) < _FEW_CHARACTERS and is_mostly_drawn(page)


def _hides(path: Path) -> Iterator[Hidden]:
    """Yield the words of the text that the drawn page does not show (on their place it is of one colour), and embedded files."""
    with _opened(path) as document:
        for number, page in enumerate(document, 1):
            width, height = page.get_size()
            if width * height * _LOOK_SCALE**2 > MAX_PIXELS:
                continue
            pixels = np.asarray(page.render(scale=_LOOK_SCALE).to_pil().convert("L"))
            unseen = " ".join(word for word, place in words_of_page(page, height) if _is_of_one_colour(pixels, place))
            if unseen:
                said = message(
                    "第 {n} 页有看不见的文字：{words}",
                    "words on page {n} that are not seen: {words}",
                    n=number,
                    words=unseen[:_LONGEST],
                )
                yield Hidden("unseen-words", said)
        for index in range(document.count_attachments()):
            said = message(
                "内嵌文件“{name}”：其文字如能读取，排在第 {n} 页之后，各成没有图像的一页",
                "the embedded file {name}: its text, where it can be read, follows page {n} as pages without an image",
                name=document.get_attachment(index).get_name(),
                n=len(document),
            )
            yield Hidden("embedded-file", said)


def _is_of_one_colour(pixels: NDArray[np.uint8], place: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = (round(edge * _LOOK_SCALE) for edge in place)
    cut = pixels[max(0, top) : bottom + 1, max(0, left) : right + 1]
    return cut.size > 0 and int(cut.max()) - int(cut.min()) < _LEAST_CONTRAST


def _drawn(path: Path, page_index: int) -> PageImage:
    with _opened(path, _NOT_DRAWN) as document:
        scan = _scan(document[page_index])
    if scan:  # decoded when pdfium has let go of what it decoded to compare
        with suppress(*DECODER_ERRORS), Image.open(io.BytesIO(scan.jpeg), formats=("JPEG",)) as opened:
            return PageImage(pixels_of(opened), scan.resolution_dpi, scan.jpeg)
    with _opened(path, _NOT_DRAWN) as document:
        document.init_forms()  # fields are drawn only where they are known before the page is
        page = document[page_index]
        scale, dpi = drawn_size(page, path, page_index)
        return PageImage(_rendered(page, scale), dpi, None)


def _rendered(page: Any, scale: float) -> NDArray[np.uint8]:
    """Return a page as a viewer shows it, with its notes, stamps and fields (height × width × 3, RGB)."""
    bitmap = page.render(scale=scale, may_draw_forms=True, draw_annots=True)
    return np.ascontiguousarray(bitmap.to_numpy()[:, :, ::-1])


def _scan(page: Any) -> _Scan | None:
    """Return the picture of a page that is nothing but one upright JPEG, if that is what a viewer shows."""
    objects = list(page.get_objects(max_depth=1))
    if len(objects) != 1 or objects[0].type != IMAGE or page.get_rotation() or _has_notes(page):
        return None
    (picture,) = objects
    left, bottom, right, top = picture.get_bounds()
    matrix = picture.get_matrix()
    if not _fills(page, picture.get_bounds()) or picture.get_filters() != ["DCTDecode"]:
        return None
    if matrix.b or matrix.c or matrix.a <= 0 or matrix.d <= 0:
        return None
    jpeg = bytes(picture.get_data())
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
            width, height = opened.size
            across, down = width * 72 / (right - left), height * 72 / (top - bottom)
            is_plain = opened.mode in ("RGB", "L") and width * height <= SHOWN_PIXELS
            if not is_plain or abs(across / down - 1) > _SQUARE or not _is_shown(page, opened):
                return None
    except DECODER_ERRORS:
        return None
    return _Scan(jpeg, round(across))


def _has_notes(page: Any) -> bool:
    """Say whether anything is laid over a page: a note, a stamp, a field."""
    from pypdfium2 import raw

    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, number)
        kind = raw.FPDFAnnot_GetSubtype(note)
        raw.FPDFPage_CloseAnnot(note)
        if kind not in (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP):
            return True
    return False


def _fills(page: Any, bounds: tuple[float, float, float, float]) -> bool:
    """Say whether an object covers what is shown of a page, and hardly more."""
    left, bottom, right, top = page.get_cropbox()
    width, height = page.get_size()
    covered = (min(right, bounds[2]) - max(left, bounds[0])) * (min(top, bounds[3]) - max(bottom, bounds[1]))
    own = (bounds[2] - bounds[0]) * (bounds[3] - bounds[1])
    return bool(covered >= _WHOLE * max(width * height, own))


def _is_shown(page: Any, picture: Image.Image) -> bool:
    """Say whether a page looks like a picture: it may be inverted, masked, or in colours that are not its own."""
    shown = Image.fromarray(_rendered(page, _COMPARED_PX / max(page.get_size())))
    squares = max(1, shown.width // _SQUARE_PX), max(1, shown.height // _SQUARE_PX)
    picture.draft("RGB", shown.size)
    one, other = (
        np.asarray(side.convert("RGB").resize(squares, Image.Resampling.BOX), dtype=np.int16)
        for side in (shown, picture)
    )
    return int(np.abs(one - other).max()) <= _MOST_DIFFERENCE


KIND = Kind(
    endings={"application/pdf": (".pdf",)},
    recognise=_recognised,
    perhaps=_perhaps,
    look=_looked,
    draw=_drawn,
    read=_read,
    unwritten=_unwritten,
    hides=_hides,
)
