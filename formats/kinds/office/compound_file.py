"""Compound files (OLE2, [MS-CFB]) told apart by the streams in them, and those that are encrypted ([MS-OFFCRYPTO])."""

from dataclasses import replace
from pathlib import Path

from archives.errors import FormatError
from archives.findings import warning
from archives.message import message
from archives.record.record import FormatIdentification
from formats.compound import MAGIC, Compound, encrypted, opened_compound
from formats.kinds.embedded import embedded
from formats.kinds.kind import Kind, Look, Reading

_MIME = "application/x-ole-storage"
_KNOWN = (
    ("EncryptedPackage", "Encrypted Office document", _MIME),
    ("WordDocument", "Microsoft Word Document", "application/msword"),
    ("PowerPoint Document", "Microsoft PowerPoint Presentation", "application/vnd.ms-powerpoint"),
    ("Workbook", "Microsoft Excel Workbook", "application/vnd.ms-excel"),
    ("Book", "Microsoft Excel Workbook", "application/vnd.ms-excel"),
    ("__properties_version1.0", "Outlook Message", "application/vnd.ms-outlook"),
)
_UNTOLD = FormatIdentification("fmt/111", "OLE2 Compound Document Format", "", _MIME, "its first bytes")


def _recognised(path: Path) -> FormatIdentification | None:
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            return None
    try:
        with opened_compound(path) as compound:
            return _told(compound)
    except FormatError:
        return replace(_UNTOLD, puid=None)


def _told(compound: Compound) -> FormatIdentification:
    for stream, name, mime in _KNOWN:
        if compound.has(stream):
            return FormatIdentification(None, name, "", mime, f"the stream {stream} in a compound file")
    return _UNTOLD


def _looked(path: Path) -> Look:
    """Raise ``FormatError`` for one that is encrypted or damaged."""
    with opened_compound(path) as compound:
        if compound.has("EncryptedPackage"):
            raise encrypted(path.name)
    return Look()


def _read(path: Path) -> Reading:
    """Yield the files that were put into it; of one in which there are none it is said that nothing reads it."""
    with opened_compound(path) as compound:
        if compound.has("EncryptedPackage"):
            raise encrypted(path.name)
        found = list(embedded(compound))
    if not found:
        said = message(
            "已原样保存，未读取文字：没有可读 {name} 的程序",
            "kept, not read: there is no reader for {name}",
            name=_UNTOLD.name,
        )
        found = [warning("text-no-reader", said)]
    yield from found


KIND = Kind(
    endings={_MIME: ()},
    recognise=_recognised,
    perhaps=lambda ends: ends.head.startswith(MAGIC),
    look=_looked,
    draw=None,
    read=_read,
    is_general=True,
)
