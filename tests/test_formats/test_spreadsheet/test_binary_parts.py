"""What a binary workbook of 2007 and later says beside its cells is read record by record."""

import struct

from formats.spreadsheet import binary_parts


def wide(text: str | None) -> bytes:
    """Return a text as records hold it, None for none."""
    return struct.pack("<I", 0xFFFFFFFF) if text is None else struct.pack("<I", len(text)) + text.encode("utf-16-le")


def record(kind: bytes, body: bytes) -> bytes:
    """Return a record of less than 128 bytes."""
    return kind + bytes([len(body)]) + body


def test_comments_are_told() -> None:
    assert list(binary_parts.comments(b"\x74\x01\0" + record(b"\xfd\x04", b"\0" + wide("批注")) + b"\xfd")) == ["批注"]


def test_heads_and_feet_are_told_part_by_part_each_with_its_place() -> None:
    texts = [wide("&L秘密&R第 &P 页"), wide(None), wide(None), wide('&C&"宋体"&12foot'), wide(None), wide("")]
    data = record(b"\xdf\x03", b"\0\0" + b"".join(texts))
    said = [("oddHeader", "秘密"), ("oddHeader", "第   页"), ("evenFooter", "foot")]
    assert list(binary_parts.heads_and_feet(data)) == said


def test_how_words_are_pronounced_is_told_behind_their_runs() -> None:
    rich = b"\3" + wide("豊田") + struct.pack("<I4x", 1) + wide("トヨタ")
    data = (
        record(b"\x13", b"\0" + wide("東"))
        + record(b"\x13", b"\2" + wide("車") + wide("クルマ"))
        + record(b"\x13", rich)
    )
    assert list(binary_parts.readings(data)) == ["クルマ", "トヨタ"]
