"""OFD (GB/T 33190-2016), the Chinese fixed-layout document: version, pages and their text in reading order.

Elements are matched by local name, because real files use several namespaces; paths are matched without regard to
case, because real files break it.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from archives.errors import FormatError
from archives.exchange.xml import parse_xml
from archives.record.record import FormatIdentification
from formats.kinds.kind import Kind, Look
from formats.unpack import Container

_MIME = "application/ofd"
_NAMESPACE = "http://www.ofdspec.org"
_LINE_TOLERANCE_MM = 1.5


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A run of characters on a page; ``x`` and ``y`` are the baseline's start in millimetres from the upper left."""

    x: float
    y: float
    text: str


def _recognised(path: Path) -> FormatIdentification | None:
    """Recognise a ZIP whose ``OFD.xml`` has the OFD namespace; its version is "" when it names none."""
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
    for page in _named(document, "Page"):
        location = page.get("BaseLoc")
        if location:
            yield _page_text(container, _resolve(place, location), templates)


def _page_text(container: Container, place: str, templates: dict[str, str]) -> str:
    root = parse_xml(container.read(place), subject=place)
    pieces: list[TextPiece] = []
    for template in _named(root, "Template"):
        location = templates.get(template.get("TemplateID", ""))
        if location:
            pieces += _pieces(parse_xml(container.read(location), subject=location))
    pieces += _pieces(root)
    return "\n".join(_lines(pieces))


def _pieces(root: etree._Element) -> Iterator[TextPiece]:
    for text_object in _named(root, "TextObject"):
        left, top = _numbers(text_object.get("Boundary", ""))[:2] or (0.0, 0.0)
        for code in _named(text_object, "TextCode"):
            text = (code.text or "").strip("\n")
            if text.strip():
                x, y = (_numbers(code.get(axis, "0")) or (0.0,) for axis in ("X", "Y"))
                yield TextPiece(left + x[0], top + y[0], text)


def _lines(pieces: list[TextPiece]) -> Iterator[str]:
    rows: list[list[TextPiece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.y):
        if rows and abs(rows[-1][0].y - piece.y) <= _LINE_TOLERANCE_MM:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        yield "".join(piece.text for piece in sorted(row, key=lambda piece: piece.x))


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


KIND = Kind(endings={_MIME: (".ofd",)}, recognise=_recognised, look=_looked, draw=None, read=_pages)
