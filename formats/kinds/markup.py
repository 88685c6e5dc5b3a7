"""HTML and XML: what is to be read between the marks."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from formats.kinds.kind import Kind
from formats.kinds.plain_text import read_plain_text


def without_markup(text: str) -> str:
    """Return a text without tags, scripts and styles, its entities resolved."""
    visible = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", " ", text)
    return html.unescape(re.sub(r"<[^>]{0,2000}>", " ", visible))


def _read(path: Path) -> Iterator[str]:
    return (without_markup(text) for text in read_plain_text(path))


KIND = Kind(
    endings=dict.fromkeys(("text/html", "application/xhtml+xml", "text/xml", "application/xml"), ()),
    look=None,
    draw=None,
    read=_read,
)
