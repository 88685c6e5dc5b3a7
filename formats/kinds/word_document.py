"""Word documents (DOCX, ISO/IEC 29500): all that their pages show, as one page of text.

Heading lines, paragraphs, tables (also in tables), text boxes, content controls, insertions, footing lines, notes and
comments. What was deleted (``w:del``) and hidden text (``w:vanish``, ISO/IEC 29500-1 §17.3.2.41) is left out: who looks
at the document does not see it.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from lxml import etree

from archives.message import message
from archives.record.record import FormatIdentification
from formats.kinds.embedded import unread_pictures
from formats.kinds.kind import Enclosed, Hidden, Kind, Reading
from formats.kinds.office.lists.word_lists import Numbering
from formats.ooxml import Package, attribute, child, drawn_words, local, opened_package, recognised_package

_LONGEST = 60
_MIMES = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template": (".dotx",),
    "application/vnd.ms-word.document.macroEnabled.12": (".docm",),
    "application/vnd.ms-word.template.macroEnabled.12": (".dotm",),
}
_GONE = ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "tblPr", "tcPr", "sdtPr", "sectPr")
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NO = ("0", "false", "off")


class _Styles:
    """Which styles hide their text; a style without a word of its own does what the one it is based on does."""

    def __init__(self, root: etree._Element | None, numbering: etree._Element | None = None) -> None:
        self.numbering = Numbering(numbering, root)
        self._hidden: dict[str, bool | None] = {}
        self._based: dict[str, str | None] = {}
        self._default: str | None = None
        for style in () if root is None else root.iter("{*}style"):
            name = attribute(style, "styleId") or ""
            self._hidden[name] = _vanishes(child(style, "rPr"))
            self._based[name] = attribute(child(style, "basedOn"), "val")
            if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true", "on"):
                self._default = name

    def hide(self, run: etree._Element) -> bool:
        """Say whether a run is hidden by itself, or by the styles of its characters or its paragraph."""
        own = child(run, "rPr")
        if (said := _vanishes(own)) is not None:
            return said
        paragraph = next(run.iterancestors("{*}p"), None)
        named = attribute(child(child(paragraph, "pPr"), "pStyle"), "val") or self._default
        for style in (attribute(child(own, "rStyle"), "val"), named):
            if (said := self._of(style)) is not None:
                return said
        return False

    def _of(self, style: str | None) -> bool | None:
        seen: set[str] = set()
        while style is not None and style not in seen:
            if self._hidden.get(style) is not None:
                return self._hidden[style]
            seen.add(style)
            style = self._based.get(style)
        return None


def _read(path: Path) -> Reading:
    with opened_package(path) as package:
        main = package.main
        styles = _styles(package, main)
        lines: list[str] = []
        for part in _parts(package, main):
            lines += _lines(package.xml(part), styles)
        for part in package.related(main, "diagramData", "chart", "chartEx"):
            lines.append(drawn_words(package.xml(part)))
        yield "\n".join(line for line in lines if line)
        for part in package.related(main, "package", "oleObject", "aFChunk"):
            yield Enclosed(PurePosixPath(part).name, package.read(part))
        yield from unread_pictures(package)


def _hides(path: Path) -> Iterator[Hidden]:
    with opened_package(path) as package:
        main = package.main
        styles = _styles(package, main)
        roots = [package.xml(part) for part in _parts(package, main)]
    runs = [run for root in roots for run in root.iter("{*}r")]
    hidden = "".join(_own_text(run) for run in runs if not _is_deleted(run) and styles.hide(run)).strip()
    if hidden:
        yield Hidden("hidden-text", message("隐藏文字：{text}", "hidden text: {text}", text=hidden[:_LONGEST]))
    deleted = "".join(one.text or "" for root in roots for one in root.iter("{*}delText")).strip()
    if deleted:
        said = message(
            "修订中已删除的文字：{text}", "text deleted with changes tracked: {text}", text=deleted[:_LONGEST]
        )
        yield Hidden("deleted-text", said)
    comments = " ".join("".join(one.itertext()) for root in roots for one in root.iter("{*}comment")).strip()
    if comments:
        yield Hidden("comment", message("批注：{text}", "comments: {text}", text=comments[:_LONGEST]))


def _styles(package: Package, main: str) -> _Styles:
    styles, numbering = (
        next((package.xml(part) for part in package.related(main, kind)), None) for kind in ("styles", "numbering")
    )
    return _Styles(styles, numbering)


def _parts(package: Package, main: str) -> Iterator[str]:
    """Yield the parts that have text in the order in which it is read: headings, body, footings, notes, comments."""
    body = package.xml(main)
    for reference in ("headerReference", "", "footerReference"):
        if not reference:
            yield main
            continue
        named = (package.target(main, attribute(one, "id") or "") for one in body.iter("{*}" + reference))
        yield from dict.fromkeys(part for part in named if part)
    for kind in ("footnotes", "endnotes", "comments"):
        yield from package.related(main, kind)


def _lines(root: etree._Element, styles: _Styles) -> Iterator[str]:
    """Yield the lines of whatever holds paragraphs and tables."""
    for block in _chosen(root):
        name = local(block)
        if name == "p":
            yield from _paragraph(block, styles)
        elif name == "comment":
            yield attribute(block, "author") or ""
            yield from _lines(block, styles)
        elif name == "tbl":
            yield from _rows(block, styles)
        elif name not in _GONE:
            yield from _lines(block, styles)


def _rows(table: etree._Element, styles: _Styles) -> Iterator[str]:
    for row in table.iter("{*}tr"):
        if next(row.iterancestors("{*}tbl"), None) is table and child(child(row, "trPr"), "del") is None:
            cells = [cell for cell in row.iter("{*}tc") if next(cell.iterancestors("{*}tr"), None) is row]
            yield "\t".join("\n".join(line for line in _lines(cell, styles) if line) for cell in cells)


def _paragraph(paragraph: etree._Element, styles: _Styles) -> Iterator[str]:
    """Yield the paragraph's text, then what stands in the boxes and above the letters that hang on it."""
    beside: list[str] = []
    text = "".join(_inline(paragraph, styles, beside))
    label = styles.numbering.label(paragraph)  # one without words counts too
    yield f"{label} {text}" if label and text.strip() else text
    yield from beside


def _inline(element: etree._Element, styles: _Styles, beside: list[str]) -> Iterator[str]:
    for part in _chosen(element):
        name = local(part)
        if name in _GONE or (name == "r" and styles.hide(part)):
            continue
        if name == "t":
            yield part.text or ""
        elif name in _CHARACTERS:
            yield _CHARACTERS[name]
        elif name == "sym":
            yield _symbol(part)
        elif name == "ddList":
            yield _selected(part)
        elif name == "txbxContent":
            beside += _lines(part, styles)
        elif name == "rt":
            beside.append("".join(_inline(part, styles, beside)))
        else:
            yield from _inline(part, styles, beside)


def _chosen(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the children; of alternatives (ISO/IEC 29500-3 §7.5) the first that says something, because all say the same."""
    for part in element:
        if local(part) == "AlternateContent":
            yield from next((one for one in part if next(one.iter("{*}t"), None) is not None), ())
        else:
            yield part


def _symbol(symbol: etree._Element) -> str:
    """Return a letter of a font of symbols; the private letters of such fonts say nothing elsewhere."""
    try:
        point = int(attribute(symbol, "char") or "", 16)
    except ValueError:
        return ""
    return chr(point) if 0x20 <= point < 0xD800 else ""


def _selected(choices: etree._Element) -> str:
    entries = [attribute(one, "val") or "" for one in choices.iter("{*}listEntry")]
    chosen = attribute(child(choices, "result"), "val") or "0"
    return entries[int(chosen)] if chosen.isdigit() and int(chosen) < len(entries) else ""


def _own_text(run: etree._Element) -> str:
    return "".join(part.text or "" for part in run if local(part) == "t")


def _is_deleted(run: etree._Element) -> bool:
    return any(local(one) in ("del", "moveFrom") for one in run.iterancestors())


def _vanishes(properties: etree._Element | None) -> bool | None:
    vanish = child(properties, "vanish")
    return None if vanish is None else attribute(vanish, "val") not in _NO


def _recognised(path: Path) -> FormatIdentification | None:
    return recognised_package(path, _MIMES, "Microsoft Word Document")


KIND = Kind(
    endings=_MIMES,
    recognise=_recognised,
    perhaps=lambda ends: ends.are_of_a_zip,
    look=None,
    draw=None,
    read=_read,
    hides=_hides,
    leaves_out=True,
)
