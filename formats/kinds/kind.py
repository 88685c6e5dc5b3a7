"""What a kind of file is: one row that says how its files are named, known, measured, drawn and read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archives.findings import Finding
from archives.message import Message
from archives.record.record import FormatIdentification

UNKNOWN_MIME = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Look:
    """Technical properties of a file, how many pages it has (None where that has no meaning), and what is wrong with it.

    What is wrong keeps nobody from looking at the file: one that does not open at all is a ``FormatError``.
    """

    properties: tuple[tuple[str, str], ...] = ()
    pages: int | None = None
    findings: tuple[Finding, ...] = ()


class Oddity(StrEnum):
    """What is odd about a page image, so that somebody has to look at it."""

    LEVELS_GUESSED = "levels-guessed"
    ONE_COLOUR = "one-colour"
    TOO_SMALL = "too-small"
    CUT_OFF = "cut-off"
    WRITTEN_ON = "written-on"
    """Paper with ink on it: odd only where nothing was read of it."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a viewer shows it, in pixels (height × width × 3, uint8, RGB), upright, of square dots, on white paper.

    ``jpeg`` is the untouched JPEG stream where the page is one, so that a copy can pass it through. A resolution that
    the file does not name is worked out from the height of an A4 sheet. The pixels of a page that has very many are
    fewer than the file's, and the resolution is theirs.
    """

    pixels: NDArray[np.uint8]
    resolution_dpi: int
    jpeg: bytes | None
    oddities: frozenset[Oddity] = frozenset()


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file inside a file, as what is attached to a mail: its name as it is told there, and its bytes."""

    name: str
    data: bytes


Reading = Iterator[str | Finding | Enclosed]
"""What is read of a file, in its order: the text page by page, what was not understood, the files inside."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Something in a file that is not seen where the file is looked at: a stable code, and what it says."""

    code: str
    said: Message


class Ends(NamedTuple):
    """The first bytes of a file and its last ones, as many as its rules ask for: ``HEAD_BYTES`` and ``TAIL_BYTES``."""

    head: bytes
    tail: bytes

    @property
    def are_of_a_zip(self) -> bool:
        """Whether there is the end record of a ZIP."""
        return b"PK\5\6" in self.tail


HEAD_BYTES, TAIL_BYTES = 8 << 10, (64 << 10) + 22
"""The end record of a ZIP lies within the last of these (APPNOTE 4.3.16)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file; None where it has no such thing. Every function raises ``FormatError`` for a file it cannot open.

    ``endings`` are its MIME types, each with the endings that its files' names have (none: any name will do). ``draw``
    gives the page with an index from 0, ``read`` yields the text page by page. ``is_silent``: its files have no text. ``is_general``: files of
    many kinds are of this form, so that no name contradicts it. ``attaches``: what its files enclose was sent with them and
    is kept beside them as files of their own. Where PRONOM tells nothing: ``named``
    are endings that tell a MIME type, ``recognise`` is a rule of our own (None when the file is something else), and
    ``perhaps`` says by comparing a file's first and last bytes (``Ends``), without decoding any, when it need not be asked.
    ``unwritten`` yields of each page whether its text, if it has any, is not fit to be kept: then it has to be recognised.
    ``hides`` yields what the file has and a person who looks at it does not see; ``leaves_out``: what is so hidden or was
    deleted is no part of what ``read`` yields.
    """

    endings: Mapping[str, tuple[str, ...]]
    look: Callable[[Path], Look] | None
    draw: Callable[[Path, int], PageImage] | None
    read: Callable[[Path], Reading] | None
    named: Mapping[str, str] = field(default_factory=dict)
    recognise: Callable[[Path], FormatIdentification | None] | None = None
    unwritten: Callable[[Path], Iterator[bool]] | None = None
    perhaps: "Callable[[Ends], bool]" = lambda ends: True
    hides: Callable[[Path], Iterator[Hidden]] | None = None
    is_silent: bool = False
    is_general: bool = False
    attaches: bool = False
    leaves_out: bool = False


UNKNOWN = Kind(endings={}, look=None, draw=None, read=None)
"""What a file is of which nothing is known: it is kept as it is."""
