"""The text of born-digital files, a page at a time, read by kept libraries; what cannot be read is a finding."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import message
from archives.record.record import FormatIdentification
from formats.foreign import words_of
from formats.kinds.registry import kind_of


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """A file's text by page (a sheet of a workbook counts as a page), and what was found on the way."""

    pages: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class TextLimits:
    """How much text is taken out of a file."""

    pages: int = 20_000
    characters: int = 24 << 20


def extract_text(path: Path, identification: FormatIdentification, limits: TextLimits | None = None) -> ExtractedText:
    """Return a file's text up to the limits; a kind of file that has none gives no pages and no finding."""
    read = kind_of(identification.mime).read
    if read is None:
        return ExtractedText()
    try:
        return _within(limits or TextLimits(), read(path))
    except FormatError as broken:
        reason = broken.message
    except (OSError, ValueError, KeyError, LookupError, TypeError, AttributeError, zipfile.BadZipFile) as cause:
        reason = words_of(cause, path)
    found = warning(
        "text-not-extracted", message("无法提取文本：{reason}", "its text cannot be extracted: {reason}", reason=reason)
    )
    return ExtractedText((), (found,))


def _within(limits: TextLimits, read: Iterator[str]) -> ExtractedText:
    """Return the pages up to a limit, and a finding when it was reached: what lies beyond is kept and not searched."""
    pages: list[str] = []
    characters = 0
    for page in read:
        room = limits.characters - characters
        if len(pages) == limits.pages or len(page) > room:
            if len(pages) < limits.pages:
                pages.append(_clean(page[:room]))
            said = message(
                "文本过多，只提取了前 {pages} 页、{characters} 字",
                "it has more text than is taken out: the first {pages} pages, {characters} characters",
                pages=len(pages),
                characters=sum(map(len, pages)),
            )
            return ExtractedText(tuple(pages), (warning("text-cut-off", said),))
        characters += len(page)
        pages.append(_clean(page))
    return ExtractedText(tuple(pages))


def _clean(text: str) -> str:
    text = text.encode("utf-8", "replace").decode("utf-8")  # halves of surrogate pairs, which nothing can write
    lines = (line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n"))
    return "\n".join(lines).strip("\n")
