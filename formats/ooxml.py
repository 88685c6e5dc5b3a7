"""A package of Office Open XML (ISO/IEC 29500-2): its parts, found by what they are to one another, never by their names.

Elements are matched by local name, because the strict and the transitional form of the standard differ in nothing else.
"""

import posixpath
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from lxml import etree

from archives.errors import FormatError
from archives.exchange.xml import parse_xml
from archives.message import message
from archives.record.record import FormatIdentification
from formats.unpack import Container, may_be_container

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Package:
    """An opened package; parts are named as in the container, without the leading slash."""

    def __init__(self, container: Container, name: str) -> None:
        self._container = container
        self._name = name
        self.related = cache(self._related)

    @property
    def main(self) -> str:
        """The part that the package is about; raises ``FormatError`` when there is none."""
        found = next(iter(self.related("", "officeDocument")), None)
        if found is None:
            raise FormatError(message("包中没有主文档", "the package has no main part"), subject=self._name)
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parts."""
        return self._container.names

    def xml(self, part: str) -> etree._Element:
        """Return the root of a part; raises ``FormatError`` that names the part which is damaged."""
        try:
            return parse_xml(self._container.read(part), subject=part)
        except FormatError as broken:
            said = message(
                "文件损坏（{part}）：{reason}", "it is damaged ({part}): {reason}", part=part, reason=broken.message
            )
            raise FormatError(said, subject=self._name) from broken

    def read(self, part: str) -> bytes:
        """Return the bytes of a part; raises ``FormatError``."""
        return self._container.read(part)

    def head(self, part: str, size_bytes: int) -> bytes:
        """Return the first bytes of a part; raises ``FormatError``."""
        return self._container.head(part, size_bytes)

    def target(self, part: str, relation: str) -> str | None:
        """Return the part that a relation of a part (``rId1``) leads to; None when it leads to none."""
        return next((to for identifier, _, to in self._relations(part) if identifier == relation), None)

    def _related(self, part: str, *kinds: str) -> tuple[str, ...]:
        """Return the parts that are of these kinds (the last word of the relation's type) to a part, in order."""
        return tuple(to for _, kind, to in self._relations(part) if kind in kinds)

    def _relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        folder, name = posixpath.split(part)
        place = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self._container.has(place):
            return
        for one in parse_xml(self._container.read(place), subject=place).iter("{*}Relationship"):
            if one.get("TargetMode") == "External":
                continue
            to = posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
            if self._container.has(to):
                yield one.get("Id", ""), one.get("Type", "").rpartition("/")[2], to


@contextmanager
def opened_package(path: Path) -> Iterator[Package]:
    """Open a package; raises ``FormatError``, for a bomb before anything is unpacked."""
    with Container(path) as container:
        yield Package(container, path.name)


def recognised_package(path: Path, mimes: Collection[str], name: str) -> FormatIdentification | None:
    """Recognise a package by the type that it gives its main part, where that is one of these MIME types."""
    if not may_be_container(path):
        return None
    try:
        with opened_package(path) as package:
            main = package.main
            for one in package.xml("[Content_Types].xml").iter("{*}Override"):
                if one.get("PartName", "").lstrip("/") == main:
                    mime = one.get("ContentType", "").removesuffix(".main+xml")
                    mime += ".12" if mime.endswith("macroEnabled") else ""
                    return FormatIdentification(None, name, "", mime, f"its part {main}") if mime in mimes else None
    except FormatError:
        return None
    return None


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for a comment or an instruction."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element | None, name: str) -> str | None:
    """Return an attribute whatever its namespace is; None without it."""
    if element is None:
        return None
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """Return the first child of this local name."""
    return None if element is None else element.find("{*}" + name)


def drawn_words(root: etree._Element) -> str:
    """Return what a drawing, a diagram, or a chart says (DrawingML ``a:t``), a paragraph a line."""
    paragraphs = ("".join(text.text or "" for text in one.iter("{*}t")) for one in root.iter("{*}p"))
    return "\n".join(words for words in (*paragraphs, *_charted(root)) if words.strip())


def _charted(root: etree._Element) -> Iterator[str]:
    """Yield the names and values that a chart was drawn from, as the file keeps them (ISO/IEC 29500-1 §21.2.2)."""
    if local(root) == "chartSpace":
        for one in root.iter("{*}strCache", "{*}numCache", "{*}strLit", "{*}numLit", "{*}lvl"):
            yield "\t".join(value.text for value in one.iter("{*}v", "{*}pt") if value.text and value.text.strip())


def run_text(item: etree._Element) -> str:
    """Return a text of one or several runs, without what only says how it is pronounced (§18.4.3, §18.4.6)."""
    texts: list[str] = []
    for run in item:
        kind = str(run.tag).rpartition("}")[2]
        if kind == "t":
            texts.append(run.text or "")
        elif kind == "r":
            texts += [one.text or "" for one in run.iterchildren("{*}t")]
    return unescaped("".join(texts))


def spoken_text(item: etree._Element) -> Iterator[str]:
    """Yield how the words of a string are pronounced, where it says so (§18.4.6)."""
    if spoken := "".join(text.text or "" for one in item.iterchildren("{*}rPh") for text in one.iter("{*}t")):
        yield spoken


def unescaped(text: str) -> str:
    """Return text with its escaped characters (ST_Xstring, §22.9.2.19) as they are, ends of lines as one character."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: _character(int(found[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _character(point: int) -> str:
    return chr(point) if not 0xD800 <= point <= 0xDFFF else "�"
