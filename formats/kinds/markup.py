"""HTML and XML: what is to be read between the marks, in the encoding that they name or that it is in."""

import html
import re
from pathlib import Path

from formats.encoding.decoding import Decoded, doubts
from formats.kinds.kind import Kind, Look, Reading
from formats.kinds.plain_text import decoded_file

_NAMED = re.compile(
    rb"""(?i)(?:<\?xml\b[^>]{0,200}?\bencoding|<meta\b[^>]{0,400}?\bcharset)\s*=\s*["']?\s*([\w.:-]{1,40})"""
)
_HEAD_BYTES = 4096


def without_markup(text: str) -> str:
    """Return a text without tags, scripts and styles, its entities resolved."""
    visible = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", " ", text)
    return html.unescape(re.sub(r"<[^>]{0,2000}>", " ", visible))


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
    yield from doubts(read)


KIND = Kind(
    endings=dict.fromkeys(("text/html", "application/xhtml+xml", "text/xml", "application/xml", "image/svg+xml"), ()),
    named={".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".xml": "text/xml"},
    look=_looked,
    draw=None,
    read=_read,
)
