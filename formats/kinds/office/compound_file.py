"""Compound files (OLE2, [MS-CFB]) told apart by the streams in them, and those that are encrypted ([MS-OFFCRYPTO])."""

from dataclasses import replace
from pathlib import Path

from archives.errors import FormatError
from archives.record.record import FormatIdentification
from formats.compound import MAGIC, Compound, encrypted, opened_compound
from formats.kinds.kind import Kind, Look

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


KIND = Kind(
    endings={_MIME: ()},
    recognise=_recognised,
    perhaps=lambda ends: ends.head.startswith(MAGIC),
    look=_looked,
    draw=None,
    read=None,
    is_general=True,
)
