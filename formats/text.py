"""The text of born-digital files, a page at a time, read by kept libraries; what cannot be read is a finding."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import message
from archives.record.record import FormatIdentification
from formats.kinds.registry import kind_of


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """A file's text by page (a sheet of a workbook counts as a page), and what was found on the way."""

    pages: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def extract_text(path: Path, identification: FormatIdentification) -> ExtractedText:
    """Return a file's text; a kind of file that has none gives no pages and no finding."""
    read = kind_of(identification.mime).read
    if read is None:
        return ExtractedText()
    try:
        return ExtractedText(tuple(_clean(page) for page in read(path)))
    except FormatError as broken:
        reason = broken.message
    except (OSError, ValueError, KeyError, LookupError, TypeError, AttributeError, zipfile.BadZipFile) as cause:
        reason = message("{reason}", "{reason}", reason=f"{type(cause).__name__}: {cause}")
    found = warning(
        "text-not-extracted", message("无法提取文本：{reason}", "its text cannot be extracted: {reason}", reason=reason)
    )
    return ExtractedText((), (found,))


def _clean(text: str) -> str:
    lines = (line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n"))
    return "\n".join(lines).strip("\n")
