"""Plain text in the encodings that people write: UTF-8, UTF-16 with a mark, GB18030."""

from collections.abc import Iterator
from pathlib import Path

from archives.errors import FormatError
from archives.message import message
from formats.kinds.kind import Kind

_LARGEST_BYTES = 64 << 20


def decode_text(data: bytes) -> str:
    """Return the characters of plain text in UTF-8, UTF-16 with a mark, or GB18030 (a superset of GB2312 and GBK).

    Raises ``FormatError`` when it is none of them.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "gb18030")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as cause:
        raise FormatError(message("不认识的文字编码", "the encoding of the text is not known")) from cause


def read_plain_text(path: Path) -> Iterator[str]:
    """Yield the whole text as one page; raises ``FormatError``."""
    if path.stat().st_size > _LARGEST_BYTES:
        raise FormatError(message("文本过大", "the text is too large"), subject=path.name)
    yield decode_text(path.read_bytes())


KIND = Kind(
    endings=dict.fromkeys(("text/plain", "text/csv", "text/markdown"), ()),
    named={".txt": "text/plain", ".csv": "text/csv", ".md": "text/markdown"},
    look=None,
    draw=None,
    read=read_plain_text,
)
