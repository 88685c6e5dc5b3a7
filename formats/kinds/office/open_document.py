"""OpenDocument (ISO/IEC 26300): texts as one page, tables and slides a page each, with notes, boxes, headings and feet.

What was deleted with changes tracked, and what a style does not display, is left out.
"""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from archives.errors import FormatError
from archives.exchange.xml import parse_xml
from archives.message import message
from archives.record.record import FormatIdentification
from formats.kinds.embedded import not_read, unread_pictures
from formats.kinds.kind import Hidden, Kind, Look, Reading
from formats.kinds.office.lists.open_document_lists import OpenNumbering
from formats.ooxml import attribute, local
from formats.unpack import Container, may_be_container

_BASE = "application/vnd.oasis.opendocument."
_MIMES = {
    _BASE + "text": (".odt",),
    _BASE + "text-template": (".ott",),
    _BASE + "spreadsheet": (".ods",),
    _BASE + "spreadsheet-template": (".ots",),
    _BASE + "presentation": (".odp",),
    _BASE + "presentation-template": (".otp",),
    _BASE + "graphics": (".odg",),
}
_GONE = (
    "tracked-changes",
    "hidden-paragraph",
    "hidden-text",
    "bookmark-start",
    "sequence-decls",
    "forms",
    "title",
    "desc",
)
_HEADINGS = ("header", "header-left", "header-first", "footer", "footer-left", "footer-first")
_SHOWN_OF_MASTERS = ("header", "footer")
_DECLARED = ("header-decl", "footer-decl", "date-time-decl")
_MOST_REPEATED = 200
_UNSEEN_FIELDS = ("hidden", "password", "property", "list-property")


def _recognised(path: Path) -> FormatIdentification | None:
    """Recognise a ZIP that begins with its type (ISO/IEC 26300-3 §3.3), where an encrypted one has no more to know it by."""
    if not may_be_container(path):
        return None
    try:
        with Container(path) as container:
            mime = container.read("mimetype").decode("ascii", "replace").strip() if container.has("mimetype") else ""
    except FormatError:
        return None
    return FormatIdentification(None, "OpenDocument", "", mime, f"mimetype {mime}") if mime in _MIMES else None


def _looked(path: Path) -> Look:
    """Raise ``FormatError`` for one that is encrypted or damaged."""
    with Container(path) as container:
        root = _content(container, path)
    pages = [one for one in root.iter("{*}page") if attribute(one, "master-page-name") is not None]
    return Look((), len(pages) or None)


def _read(path: Path) -> Reading:
    with Container(path) as container:
        root = _content(container, path)
        styles = _part(container, "styles.xml")
        pictures = list(unread_pictures(container))
    unseen = _Unseen(root, styles)
    parts = [*root.iter("{*}spreadsheet"), *root.iter("{*}presentation"), *root.iter("{*}drawing")]
    if parts:
        declared = {attribute(one, "name"): "".join(one.itertext()) for name in _DECLARED for one in _named(root, name)}
        for page in parts[0]:
            if local(page) in ("table", "page"):
                shown = [*unseen.lines(page), *_of_master(styles, attribute(page, "master-page-name"), unseen)]
                uses = (attribute(page, f"use-{name.removesuffix('-decl')}-name") for name in _DECLARED)
                shown += (declared.get(one, "") for one in uses if one)
                yield "\n".join([attribute(page, "name") or "", *filter(None, shown)])
        if headings := _headings(styles, unseen):
            yield "\n".join(headings)
    else:
        for text in root.iter("{*}text"):
            if (above := text.getparent()) is not None and local(above) == "body":
                yield "\n".join(filter(None, [*_headings(styles, unseen), *unseen.lines(text), *_filled_in(text)]))
    enclosed = sum(1 for _ in root.iter("{*}object", "{*}object-ole"))
    if enclosed:
        yield not_read(enclosed)
    yield from pictures


def _hides(path: Path) -> Iterator[Hidden]:
    with Container(path) as container:
        root = _content(container, path)
        unseen = _Unseen(root, _part(container, "styles.xml"))
    if any(True for _ in root.iter("{*}deletion")):
        yield Hidden("deleted-text", message("保留有修订中已删除的文字", "it keeps text deleted with changes tracked"))
    if any(unseen.hides(one) and "".join(one.itertext()).strip() for one in root.iter("{*}p", "{*}span", "{*}h")):
        yield Hidden("hidden-text", message("有隐藏文字", "it has hidden text"))
    for table in root.iter("{*}table-row", "{*}table-column"):
        if attribute(table, "visibility") in ("collapse", "filter"):
            yield Hidden("hidden-rows", message("有隐藏的行或列", "it has hidden rows or columns"))
            break


def _filled_in(text: etree._Element) -> Iterator[str]:
    """Yield what the fields of forms are filled in with, and how those are called that have nothing to fill in."""
    for form in text.iter("{*}forms"):
        for one in form.iter():
            if local(one) not in _UNSEEN_FIELDS:
                yield attribute(one, "current-value") or attribute(one, "value") or attribute(one, "label") or ""


def _headings(styles: etree._Element | None, unseen: "_Unseen") -> list[str]:
    """Return what stands above and below the pages, each line once."""
    lines = (line for name in _HEADINGS for one in _named(styles, name) for line in unseen.lines(one))
    return [line for line in dict.fromkeys(lines) if line.strip()]


def _of_master(styles: etree._Element | None, name: str | None, unseen: "_Unseen") -> Iterator[str]:
    """Yield what a page shows of its master: the frames that are no places for its own text, and what stands in head and foot."""
    for master in _named(styles, "master-page") if name else ():
        if attribute(master, "name") == name:
            for frame in master:
                of_class = attribute(frame, "class")
                if (of_class is None or of_class in _SHOWN_OF_MASTERS) and local(frame) != "notes":
                    yield from unseen.lines(frame)


class _Unseen:
    """The reading of elements, without what styles hide, with the numbers that stand before paragraphs."""

    def __init__(self, *roots: etree._Element | None) -> None:
        self._styles = {
            attribute(style, "name")
            for root in roots
            if root is not None
            for style in root.iter("{*}style")
            if any(attribute(one, "display") == "none" for one in style.iter("{*}text-properties"))
        }

        self._numbering = OpenNumbering(*roots)

    def hides(self, element: etree._Element) -> bool:
        """Say whether the style of an element hides it."""
        return bool(self._styles) and attribute(element, "style-name") in self._styles

    def lines(self, element: etree._Element) -> Iterator[str]:
        """Yield the lines of whatever holds paragraphs."""
        for block in element:
            name = local(block)
            if name in _GONE or self.hides(block):
                continue
            if name in ("p", "h"):
                beside: list[str] = []
                text, label = "".join(self._inline(block, beside)), self._numbering.label(block)
                yield f"{label} {text}" if label and text.strip() else text
                yield from beside
            elif name == "table-row":
                yield self._row(block)
            else:
                yield from self.lines(block)

    def _row(self, row: etree._Element) -> str:
        cells: list[str] = []
        for cell in row:
            if local(cell) in ("table-cell", "covered-table-cell"):
                repeated = attribute(cell, "number-columns-repeated") or "1"
                times = min(int(repeated) if repeated.isdigit() else 1, _MOST_REPEATED)
                cells += ["\n".join(filter(None, self.lines(cell)))] * times
        return "\t".join(cells).rstrip()

    def _inline(self, element: etree._Element, beside: list[str]) -> Iterator[str]:
        yield element.text or ""
        for part in element:
            name = local(part)
            if name == "s":
                count = attribute(part, "c") or "1"
                yield " " * min(int(count) if count.isdigit() else 1, _MOST_REPEATED)
            elif name in ("tab", "line-break"):
                yield "\t" if name == "tab" else "\n"
            elif name in ("note", "annotation", "frame", "custom-shape", "g", "rect", "text-box"):
                beside += self.lines(part)
            elif name not in _GONE and not self.hides(part):
                yield from self._inline(part, beside)
            yield part.tail or ""


def _content(container: Container, path: Path) -> etree._Element:
    """Return the content; raises ``FormatError`` for what is encrypted (ISO/IEC 26300-3 §4.16.3) or damaged."""
    manifest = _part(container, "META-INF/manifest.xml")
    if next(_named(manifest, "encryption-data"), None) is not None:
        said = message("文件已加密，需要口令（password）才能打开", "it is encrypted and opens with a password only")
        raise FormatError(said, subject=path.name)
    try:
        return parse_xml(container.read("content.xml"), subject=path.name)
    except FormatError as broken:
        said = message(
            "文件损坏（content.xml）：{reason}", "it is damaged (content.xml): {reason}", reason=broken.message
        )
        raise FormatError(said, subject=path.name) from broken


def _part(container: Container, name: str) -> etree._Element | None:
    try:
        return parse_xml(container.read(name), subject=name) if container.has(name) else None
    except FormatError:
        return None


def _named(root: etree._Element | None, name: str) -> Iterator[etree._Element]:
    return iter(()) if root is None else root.iter("{*}" + name)


KIND = Kind(
    endings=_MIMES,
    recognise=_recognised,
    perhaps=lambda ends: ends.are_of_a_zip,
    look=_looked,
    draw=None,
    read=_read,
    hides=_hides,
    leaves_out=True,
)
