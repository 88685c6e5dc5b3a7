"""OFD (GB/T 33190-2016), the Chinese fixed-layout document: version, pages and their text in reading order.

Elements are matched by local name, because real files use several namespaces; paths are matched without regard to
case, because real files break it.
"""

import posixpath
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from lxml import etree

from archives.errors import FormatError
from archives.exchange.xml import parse_xml
from archives.record.record import FormatIdentification
from formats.kinds.kind import Kind, Look
from formats.unpack import Container, may_be_container

_MIME = "application/ofd"
_NAMESPACE = "http://www.ofdspec.org"
_USUAL_SIZE_MM = 3.2
_LEAST_ROWS, _LEAST_LETTERS = 3, 6  # of a column: less is a table, whose rows are read from the left to the right


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A run of characters on a page; ``x`` and ``y`` are the baseline's start in millimetres from the upper left.

    ``size`` is that of its letters, ``end`` where it ends on the right, both in millimetres.
    """

    x: float
    y: float
    text: str
    size: float
    end: float


def _recognised(path: Path) -> FormatIdentification | None:
    """Recognise a ZIP whose ``OFD.xml`` has the OFD namespace; its version is "" when it names none."""
    if not may_be_container(path):
        return None
    try:
        with Container(path) as container:
            root = parse_xml(container.read("OFD.xml"), subject=path.name)
    except FormatError:
        return None
    name = etree.QName(root)
    if name.localname != "OFD" or not (name.namespace or "").startswith(_NAMESPACE):
        return None
    return FormatIdentification(None, "OFD", root.get("Version", ""), _MIME, "OFD.xml with the OFD namespace in a ZIP")


def _looked(path: Path) -> Look:
    pages = sum(1 for _ in _pages(path))
    return Look((("pages", str(pages)),), pages)


def _pages(path: Path) -> Iterator[str]:
    """Yield the text of every page of every document in the file."""
    with Container(path) as container:
        root = parse_xml(container.read("OFD.xml"), subject=path.name)
        for place in _named(root, "DocRoot"):
            yield from _document_pages(container, _resolve("", place.text or ""))


def _document_pages(container: Container, place: str) -> Iterator[str]:
    document = parse_xml(container.read(place), subject=place)
    templates = {t.get("ID", ""): _resolve(place, t.get("BaseLoc", "")) for t in _named(document, "TemplatePage")}
    notes = _annotations(container, document, place)
    for page in _named(document, "Page"):
        location = page.get("BaseLoc")
        if location:
            yield _page_text(container, _resolve(place, location), templates, notes.get(page.get("ID", ""), ()))


def _annotations(container: Container, document: etree._Element, place: str) -> dict[str, tuple[TextPiece, ...]]:
    """Return the text that is written on each page by its ID: stamps, notes, watermarks (GB/T 33190-2016 §15)."""
    found: dict[str, tuple[TextPiece, ...]] = {}
    for listing in document.iter("{*}Annotations", "Annotations"):
        origin = _resolve(place, listing.text or "")
        for page in _named(parse_xml(container.read(origin), subject=origin), "Page"):
            for location in _named(page, "FileLoc"):
                where = _resolve(origin, location.text or "")
                root = parse_xml(container.read(where), subject=where)
                pieces = [piece for note in _named(root, "Annot") for piece in _note_pieces(note)]
                found[page.get("PageID", "")] = (*found.get(page.get("PageID", ""), ()), *pieces)
    return found


def _note_pieces(note: etree._Element) -> Iterator[TextPiece]:
    """Yield the text of an annotation that can be seen, at its place on the page."""
    if note.get("Visible", "true").lower() in ("false", "0"):
        return
    for shown in _named(note, "Appearance"):
        left, top = _numbers(shown.get("Boundary", ""))[:2] or (0.0, 0.0)
        for piece in _pieces(shown):
            yield replace(piece, x=left + piece.x, y=top + piece.y, end=left + piece.end)


def _page_text(container: Container, place: str, templates: dict[str, str], notes: Sequence[TextPiece]) -> str:
    root = parse_xml(container.read(place), subject=place)
    pieces: list[TextPiece] = []
    for template in _named(root, "Template"):
        location = templates.get(template.get("TemplateID", ""))
        if location:
            pieces += _pieces(parse_xml(container.read(location), subject=location))
    pieces += _pieces(root)
    pieces += notes
    return "\n".join(_lines(pieces))


def _pieces(root: etree._Element) -> Iterator[TextPiece]:
    for text_object in _named(root, "TextObject"):
        left, top = _numbers(text_object.get("Boundary", ""))[:2] or (0.0, 0.0)
        size = (_numbers(text_object.get("Size", "")) or (_USUAL_SIZE_MM,))[0]
        x, y = 0.0, 0.0  # one without X or Y begins where the one before it does (GB/T 33190-2016 §11.3)
        for code in _named(text_object, "TextCode"):
            x, y = (_numbers(code.get("X", "")) or (x,))[0], (_numbers(code.get("Y", "")) or (y,))[0]
            text = (code.text or "").strip("\n")
            if text.strip():
                yield TextPiece(left + x, top + y, text, size, left + x + _width(code, text, size))


def _width(code: etree._Element, text: str, size: float) -> float:
    """Return how far a run reaches: its steps, where it names them all, and its last letter."""
    steps = _numbers(code.get("DeltaX", ""))
    if len(steps) == len(text) - 1:
        return sum(steps) + size
    return sum(size if unicodedata.east_asian_width(letter) in "WF" else size / 2 for letter in text)


def _lines(pieces: Iterable[TextPiece]) -> Iterator[str]:
    """Yield the lines from the top; where two columns stand side by side, those of the left one come first."""
    rows: list[list[TextPiece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.y):
        if rows and piece.y - rows[-1][0].y <= max(piece.size, rows[-1][0].size) / 2:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for block in _blocks([sorted(row, key=lambda piece: piece.x) for row in rows]):
        yield from ("".join(piece.text for piece in row) for row in block)


def _blocks(rows: list[list[TextPiece]]) -> Iterator[list[list[TextPiece]]]:
    """Yield the rows in reading order, cut where a gutter runs down between two columns."""
    start = 0
    while start < len(rows):
        end, gutter = _gutter(rows, start)
        left = [[piece for piece in row if piece.x < gutter] for row in rows[start:end]]
        right = [[piece for piece in row if piece.x >= gutter] for row in rows[start:end]]
        if min(_fullness(left), _fullness(right)) >= _LEAST_LETTERS and end - start >= _LEAST_ROWS:
            yield left
            yield from _blocks(right)
            start = end
        else:
            yield [rows[start]]
            start += 1


def _gutter(rows: list[list[TextPiece]], start: int) -> tuple[int, float]:
    """Return before which row a white strip ends that begins in this row, and where it lies; (start, 0) without one."""
    strips = _gaps(rows[start])
    end = start + 1
    while strips and end < len(rows):
        both = [(max(a, c), min(b, d)) for a, b in strips for c, d in _gaps(rows[end])]
        both = [(low, high) for low, high in both if high - low >= rows[end][0].size]
        if not both:
            break
        strips = both
        end += 1
    return (end, sum(strips[0]) / 2) if strips else (start, 0.0)


def _gaps(row: list[TextPiece]) -> list[tuple[float, float]]:
    return [(one.end, other.x) for one, other in pairwise(row) if other.x - one.end >= one.size]


def _fullness(rows: list[list[TextPiece]]) -> float:
    return sum(len(piece.text) for row in rows for piece in row) / len(rows) if rows else 0.0


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (element for element in root.iter("{*}" + name, name))


def _numbers(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split())
    except ValueError:
        return ()


def _resolve(origin: str, location: str) -> str:
    location = location.strip()
    joined = location if location.startswith("/") else posixpath.join(posixpath.dirname(origin), location)
    return posixpath.normpath(joined.lstrip("/"))


KIND = Kind(
    endings={_MIME: (".ofd",)},
    recognise=_recognised,
    perhaps=lambda ends: ends.are_of_a_zip,
    look=_looked,
    draw=None,
    read=_pages,
)
