"""Which repositories let readers take files away, and what makes these; ``cli`` hands both in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from archives.text.page import Page


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a PDF: its picture, and the text on it in pixels of the page itself, of which the picture may be a smaller one."""

    jpeg: bytes
    page: Page


class PdfOf(Protocol):
    """Makes a searchable PDF."""

    def __call__(self, sheets: Sequence[Sheet], *, title: str, code: str, holder: str, language: str) -> bytes:
        """Return the PDF, which says its title, reference code and who keeps the record; raises ``FormatError`` or ``ToolError`` where there comes none of it."""


@dataclass(frozen=True, slots=True)
class Downloads:
    """The codes of the repositories that let files be taken away; without ``pdf_of`` no PDF is among these."""

    repositories: frozenset[str] = frozenset()
    pdf_of: PdfOf | None = None


NO_DOWNLOADS = Downloads()
