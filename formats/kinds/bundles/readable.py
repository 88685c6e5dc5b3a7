"""Bundles whose members can be read by themselves: ZIP, TAR, GZIP; what is damaged, encrypted or too much is told.

A name in a ZIP that is not said to be UTF-8 is in whatever its maker's system used (APPNOTE.TXT 4.4.4, bit 11).
"""

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from archives.errors import FormatError
from archives.findings import warning
from archives.message import message
from archives.record.record import FormatIdentification
from formats.encoding.decoding import decode
from formats.foreign import words_of
from formats.kinds.kind import Enclosed, Kind, Look, Reading
from formats.unpack import Container, ContainerLimits, may_be_container

_ZIP, _TAR, _GZIP = "application/zip", "application/x-tar", "application/gzip"
_HEADS = ((b"PK\x03\x04", _ZIP, "ZIP Format"), (b"\x1f\x8b\x08", _GZIP, "GZIP Format"))
_LIMITS = ContainerLimits(members=100_000, member_bytes=256 << 20, total_bytes=1 << 40)
_MOST_MEMBER_BYTES, _MOST_READ_BYTES = 128 << 20, 512 << 20
_BLOCK, _MOST_READ = 1 << 20, 2000
_BROKEN = (OSError, EOFError, ValueError, LookupError, zlib.error, tarfile.TarError, zipfile.BadZipFile, RuntimeError)
_JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_UTF8_FLAG = 0x800  # APPNOTE 4.4.4, bit 11


def _recognised(path: Path) -> FormatIdentification | None:
    """Recognise a bundle that is cut short, so that PRONOM does not find its end."""
    with path.open("rb") as file:
        head = file.read(8)
    found = next(((mime, name) for magic, mime, name in _HEADS if head.startswith(magic)), None)
    return FormatIdentification(None, found[1], "", found[0], "its first bytes") if found else None


def _looked(path: Path) -> Look:
    """Read every byte that is not too much, so that what is damaged is found; raises ``FormatError``."""
    left = _MOST_READ_BYTES
    count = 0
    with _told(path):
        for _, member in _members(path):
            count += 1
            while left > 0 and (block := next(member, b"")):
                left -= len(block)
    return Look((("members", str(count)),))


def _read(path: Path) -> Reading:
    left = _MOST_READ_BYTES
    names: list[str] = []
    with _told(path):
        for number, (name, member) in enumerate(_members(path)):
            if number == _MOST_READ:
                said = message(
                    "其中文件过多，只读取了前 {n} 个；请解开后归入",
                    "it holds too many files, the first {n} are read; unpack it and keep them as files of their own",
                    n=_MOST_READ,
                )
                yield warning("text-cut-off", said)
                break
            if any(junk in name for junk in _JUNK):
                continue
            names.append(name)
            data = bytearray()
            while len(data) <= min(_MOST_MEMBER_BYTES, left) and (block := next(member, b"")):
                data += block
            if len(data) > min(_MOST_MEMBER_BYTES, left):
                said = message("其中的“{name}”过大，未读取", "“{name}” in it is too large and is not read", name=name)
                yield warning("text-not-extracted", said)
                continue
            left -= len(data)
            yield Enclosed(name, bytes(data))
    if len(names) > 1 or (names and may_be_container(path)):  # who packs one file alone packs it under its own name
        yield "\n".join(names)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except _BROKEN as cause:
        said = message("文件损坏或残缺：{reason}", "it is damaged or cut short: {reason}", reason=words_of(cause, path))
        raise FormatError(said, subject=path.name) from cause


def _members(path: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the name of each member and its bytes, block by block."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(b"\x1f\x8b"):
        with gzip.open(path) as inside:
            if path.name.lower().endswith((".tar.gz", ".tgz")):
                with tarfile.open(fileobj=inside, mode="r|") as tar:
                    yield from _of_tar(tar)
            else:
                yield path.stem or "content", iter(partial(inside.read, _BLOCK), b"")
    elif head.startswith(b"PK"):
        with Container(path, _LIMITS) as box:
            for info, member in box.files():
                yield _name(info), iter(partial(member.read, _BLOCK), b"")
    else:
        with tarfile.open(path, mode="r:") as tar:
            yield from _of_tar(tar)
            _require_end(tar, path)


def _of_tar(tar: tarfile.TarFile) -> Iterator[tuple[str, Iterator[bytes]]]:
    for info in tar:
        if info.isfile() and (inside := tar.extractfile(info)):
            yield info.name, iter(partial(inside.read, _BLOCK), b"")


def _require_end(tar: tarfile.TarFile, path: Path) -> None:
    """Raise ``EOFError`` for a TAR whose last member ends beyond the file."""
    if tar.offset > path.stat().st_size:
        raise EOFError("its end is missing")


def _name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _UTF8_FLAG or info.filename.isascii():
        return info.filename
    try:
        return decode(info.filename.encode("cp437")).text
    except (FormatError, UnicodeEncodeError):
        return info.filename


KIND = Kind(
    endings={_ZIP: (), _TAR: (), _GZIP: ()},
    recognise=_recognised,
    perhaps=lambda ends: ends.head.startswith(tuple(magic for magic, _, _ in _HEADS)),
    look=_looked,
    draw=None,
    read=_read,
)
