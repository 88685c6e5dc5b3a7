"""DBF tables made byte by byte, as old programs wrote them."""

import struct
from collections.abc import Sequence
from pathlib import Path

Field = tuple[str, str, int]
"""A field: its name, its type, its length."""


def make_dbf(
    path: Path,
    fields: Sequence[Field],
    records: Sequence[Sequence[bytes | str]],
    *,
    encoding: str = "gbk",
    version: int = 0x03,
    code_page: int = 0,
    deleted: Sequence[int] = (),
    claims: int | None = None,
) -> Path:
    """Write a table; ``deleted`` are records by number from 1, ``claims`` how many its head says there are."""
    record_bytes = 1 + sum(length for _, _, length in fields)
    header = 32 + 32 * len(fields) + 1
    head = struct.pack("<4BIHH", version, 96, 5, 4, len(records) if claims is None else claims, header, record_bytes)
    out = bytearray(head.ljust(32, b"\0"))
    out[29] = code_page
    for name, kind, length in fields:
        own = name.encode(encoding)[:10].ljust(11, b"\0") + kind.encode() + bytes(4)
        out += (own + struct.pack("<BB", length % 256, length // 256)).ljust(32, b"\0")
    out += b"\r"
    for number, record in enumerate(records, 1):
        out += b"*" if number in deleted else b" "
        for (_, kind, length), value in zip(fields, record, strict=True):
            data = value if isinstance(value, bytes) else value.encode(encoding)
            out += data[:length].rjust(length) if kind in "NF" else data[:length].ljust(length)
    path.write_bytes(bytes(out) + b"\x1a")
    return path


def make_fpt(path: Path, texts: Sequence[str], *, encoding: str = "gbk") -> list[int]:
    """Write the memos of a FoxPro table; returns the block of each."""
    size = 64
    out = bytearray(struct.pack(">IHH", 0, 0, size).ljust(512, b"\0"))
    blocks = []
    for text in texts:
        blocks.append(len(out) // size)
        data = text.encode(encoding)
        piece = struct.pack(">II", 1, len(data)) + data
        out += piece.ljust(-(-len(piece) // size) * size, b"\0")
    path.write_bytes(bytes(out))
    return blocks


def make_dbt(path: Path, texts: Sequence[str], *, encoding: str = "gbk") -> list[int]:
    """Write the memos of a dBASE III table; returns the block of each."""
    out = bytearray(512)
    out[16] = 3
    blocks = []
    for text in texts:
        blocks.append(len(out) // 512)
        piece = text.encode(encoding) + b"\x1a\x1a"
        out += piece.ljust(-(-len(piece) // 512) * 512, b"\0")
    path.write_bytes(bytes(out))
    return blocks
