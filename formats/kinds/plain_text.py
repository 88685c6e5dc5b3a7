"""Plain text in the encodings that people write; which one it was read in is a property, and a finding where in doubt."""

import re
from collections.abc import Iterator
from pathlib import Path

from archives.errors import FormatError
from archives.message import message
from archives.record.record import FormatIdentification
from formats.encoding.decoding import Decoded, decode, doubts
from formats.kinds.kind import Ends, Kind, Look, Reading

_LARGEST_BYTES = 64 << 20
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_BYTE = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_TEXTS = (
    *("text/plain", "text/csv", "text/markdown", "application/json", "application/toml", "application/yaml"),
    *("application/x-yaml", "application/javascript", "application/ecmascript", "application/sql", "application/x-tex"),
    *("application/x-sh", "application/x-csh", "application/x-perl", "application/x-subrip"),
)
PLAIN = FormatIdentification("x-fmt/111", "Plain Text File", "", "text/plain", "all of it is text")
NAMED_OTHERWISE = "possibilities based on extension"
"""What PRONOM's caution says of a file whose name is that of formats which its content is not of."""


def decoded_file(path: Path, *, label: str | None = None) -> Decoded:
    """Return the text of a whole file; raises ``FormatError``."""
    if path.stat().st_size > _LARGEST_BYTES:
        raise FormatError(message("文本过大", "the text is too large"), subject=path.name)
    return decode(path.read_bytes(), label=label)


def read_plain_text(path: Path) -> Iterator[str]:
    """Yield the whole text as one page; raises ``FormatError``."""
    yield decoded_file(path).text


def looks_plain(path: Path) -> bool:
    """Say whether all of a file is text in UTF-8, UTF-16 or GB18030 without a control character."""
    try:
        read = decoded_file(path)
    except FormatError:
        return False
    is_usual = read.encoding in ("UTF-8", "UTF-16", "GB18030") and not read.rivals and not read.faults
    return is_usual and bool(read.text.strip()) and not _CONTROL.search(read.text)


def may_look_plain(ends: Ends) -> bool:
    """Say by a file's first bytes whether ``looks_plain`` need be asked."""
    return ends.head[:2] in (b"\xff\xfe", b"\xfe\xff") or not _CONTROL_BYTE.search(ends.head)


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
    endings=dict.fromkeys(_TEXTS, ()),
    named={".txt": "text/plain", ".csv": "text/csv", ".md": "text/markdown"},
    look=look_at_text,
    draw=None,
    read=_read,
)
