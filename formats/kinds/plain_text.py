"""Plain text in the encodings that people write; which one it was read in is a property, and a finding where in doubt."""

import re
from collections.abc import Iterator
from pathlib import Path

from archives.errors import FormatError
from archives.message import message
from formats.encoding.decoding import Decoded, decode, doubts
from formats.kinds.kind import Kind, Look, Reading

_LARGEST_BYTES = 64 << 20
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decoded_file(path: Path, *, label: str | None = None) -> Decoded:
    """Return the text of a whole file; raises ``FormatError``."""
    if path.stat().st_size > _LARGEST_BYTES:
        raise FormatError(message("文本过大", "the text is too large"), subject=path.name)
    return decode(path.read_bytes(), label=label)


def read_plain_text(path: Path) -> Iterator[str]:
    """Yield the whole text as one page; raises ``FormatError``."""
    yield decoded_file(path).text


def looks_plain(path: Path) -> bool:
    """Say whether all of a file is text in UTF-8 or GB18030 without a control character."""
    try:
        read = decoded_file(path)
    except FormatError:
        return False
    return read.encoding in ("UTF-8", "GB18030") and not read.rivals and not _CONTROL.search(read.text)


def look_at_text(path: Path) -> Look:
    """Return which encoding a text is read in; nothing of one that cannot be read, which is told where it is read."""
    try:
        return Look((("encoding", decoded_file(path).encoding),))
    except FormatError:
        return Look()


def _read(path: Path) -> Reading:
    read = decoded_file(path)
    yield read.text
    yield from doubts(read)


KIND = Kind(
    endings=dict.fromkeys(("text/plain", "text/csv", "text/markdown"), ()),
    named={".txt": "text/plain", ".csv": "text/csv", ".md": "text/markdown"},
    look=look_at_text,
    draw=None,
    read=_read,
)
