"""The one place where XML is read: no entities, no network, no document type, no huge trees.

Hostile XML (entity bombs, external entities, remote DTDs) is refused with ``FormatError``; nothing is ever
fetched. Source of the options: lxml's parser settings against OWASP's XXE list.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from io import BytesIO
from typing import IO, Literal

from lxml import etree

from archives.errors import FormatError
from archives.message import message

_NOT_ALLOWED = re.compile("[^\\t\\n\\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse_xml(data: bytes, *, subject: str = "") -> etree._Element:
    """Return the root element of an XML document.

    Raises ``FormatError`` when the bytes are not well-formed, carry a document type declaration or exceed
    what libxml2 takes by default (256 levels, 10 MB text nodes).
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
    )
    try:
        tree: etree._ElementTree[etree._Element] = etree.parse(BytesIO(data), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as cause:
        raise _broken(cause, subject) from cause
    if tree.docinfo.doctype:
        raise _with_doctype(subject)
    return tree.getroot()


def stream_xml(source: IO[bytes], tags: Collection[str], *, subject: str = "") -> Iterator[etree._Element]:
    """Yield the elements of these names (``{*}row``), each whole, as they end; what was yielded before is forgotten.

    Raises as ``parse_xml`` does, when what is wrong is reached.
    """
    for _, element in xml_events(source, ("end",), tags=tuple(tags), subject=subject):
        yield element
        forget(element)


def xml_events(
    source: IO[bytes],
    events: Sequence[Literal["start", "end", "comment", "pi"]],
    *,
    tags: Sequence[str] | None = None,
    subject: str = "",
) -> Iterator[tuple[str, etree._Element]]:
    """Yield the starts and ends of elements as they are read, and comments and processing instructions; whoever reads a long document ``forget``s what has ended.

    Raises as ``parse_xml`` does, when what is wrong is reached.
    """
    read = etree.iterparse(
        source,
        events=tuple(events),
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for number, (event, element) in enumerate(read):
            if number == 0 and element.getroottree().docinfo.doctype:
                raise _with_doctype(subject)
            yield event, element
    except (etree.XMLSyntaxError, ValueError, LookupError) as cause:
        raise _broken(cause, subject) from cause


def forget(element: etree._Element) -> None:
    """Give back the memory of an element that has ended, and of all that stand before it."""
    element.clear()
    while element.getprevious() is not None and (parent := element.getparent()) is not None:
        del parent[0]


def serialize_xml(root: etree._Element) -> bytes:
    """Return the document as UTF-8 bytes with declaration, indented, ending in a line feed."""
    etree.indent(root, space="  ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def xml_text(value: str) -> str:
    """Return the text with the characters that XML 1.0 cannot hold replaced by U+FFFD (XML 1.0 §2.2)."""
    return _NOT_ALLOWED.sub("�", value)


def _broken(cause: Exception, subject: str) -> FormatError:
    """Return where a document stops being XML, with the parser's own words quoted."""
    if not isinstance(cause, etree.XMLSyntaxError) or not cause.msg:
        said = message("不是完好的 XML（“{words}”）", "not well-formed XML (“{words}”)", words=str(cause))
        return FormatError(said, subject=subject)
    line, column = cause.position
    said = message(
        "不是完好的 XML：第 {line} 行第 {column} 列起读不下去（“{words}”）",
        "not well-formed XML: it cannot be read from line {line}, column {column} on (“{words}”)",
        line=line,
        column=column,
        words=cause.msg.partition(", line ")[0],
    )
    return FormatError(said, subject=subject)


def _with_doctype(subject: str) -> FormatError:
    return FormatError(
        message("XML 带有文档类型声明，已拒收", "the XML carries a document type declaration and is refused"),
        subject=subject,
    )
