"""HTML and XML: what is to be read between the marks, in the encoding that they name or that it is in."""

import html
import re
from pathlib import Path

from formats.encoding.decoding import Decoded, doubts
from formats.kinds.embedded import not_read
from formats.kinds.kind import Kind, Look, Reading
from formats.kinds.plain_text import decoded_file

_NAMED = re.compile(
    rb"""(?i)(?:<\?xml\b[^>]{0,200}?\bencoding|<meta\b[^>]{0,400}?\bcharset)\s*=\s*["']?\s*([\w.:-]{1,40})"""
)
_HEAD_BYTES = 4096
_UNREAD = re.compile(
    r"(?is)<(script|style|(?:\w+:)?(?:binData|binaryData|binary-data|fldData))\b[^>]{0,2000}(?<!/)>.*?</\1\s*>"
)
"""What is no text between marks: programs, looks, and the bytes of pictures and objects (Word 2003 XML, Flat OPC, flat ODF)."""
_EMBEDDED = re.compile(r"<(?:\w+:)?OLEObject\b")
_TAG = re.compile(r"<[^>]{0,2000}>|<[^<>]*>")  # the first may hold a <, the second be of any length
_WITHIN_WORDS = re.compile(
    r"(?i)</?(?:(?:a|abbr|b|big|del|em|font|i|ins|mark|s|small|span|strike|strong|sub|sup|tt|u|text:span)(?![\w:.-])"
    r"|w:(?!(?:p|br|cr|tab|tc|tr|tbl|footnote|endnote)\b))[^>]{0,2000}>"
)
"""What stands between letters of a word (HTML §4.5, and of Word 2003 XML all but what begins another line or cell)."""
_APART = re.compile(r"<!--(?!\[if).*?-->|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
"""Remarks, and characters that are as they stand (XML §2.5, §2.7): either holds the other as its own."""
_FIELD = re.compile(r"(?i)<input\b[^>]{0,2000}>")
_UNSEEN_FIELD = re.compile(r"""(?i)\btype\s*=\s*["']?(?:hidden|password|checkbox|radio|image)\b""")
_VALUE = re.compile(r"""(?i)\bvalue\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def without_markup(text: str) -> str:
    """Return a text without tags, remarks, scripts and styles, its entities resolved; what fields are filled in with is text."""
    visible = _APART.sub(lambda found: " " if found[1] is None else html.escape(found[1]), text)
    visible = _UNREAD.sub(" ", visible)
    visible = _FIELD.sub(_filled_in, visible)
    return html.unescape(_TAG.sub(" ", _WITHIN_WORDS.sub("", visible)))


def _filled_in(field: re.Match[str]) -> str:
    if _UNSEEN_FIELD.search(field[0]):
        return " "
    value = _VALUE.search(field[0])
    return f" {(value[1] or value[2] or '').replace('<', '&lt;')} " if value else " "


def encoding_named(data: bytes) -> str | None:
    """Return the encoding that a page or a document says it is in (HTML §4.2.5.4, XML §4.3.3)."""
    found = _NAMED.search(data[:_HEAD_BYTES])
    return found[1].decode("ascii") if found else None


def _decoded(path: Path) -> Decoded:
    with path.open("rb") as file:
        return decoded_file(path, label=encoding_named(file.read(_HEAD_BYTES)))


def _looked(path: Path) -> Look:
    return Look((("encoding", _decoded(path).encoding),))


def _read(path: Path) -> Reading:
    read = _decoded(path)
    yield without_markup(read.text)
    if embedded := len(_EMBEDDED.findall(read.text)):
        yield not_read(embedded)
    yield from doubts(read)


KIND = Kind(
    endings=dict.fromkeys(("text/html", "application/xhtml+xml", "text/xml", "application/xml", "image/svg+xml"), ()),
    named={".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".xml": "text/xml"},
    look=_looked,
    draw=None,
    read=_read,
)
