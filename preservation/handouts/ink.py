"""Text as it is set: which installed font has each character, how wide it is, and where a line may end.

A character that no font has is printed as 〓 (U+3013), the printers' sign for a missing type, and told by a finding.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

from archives.errors import ToolMissingError
from archives.findings import Finding, warning
from archives.message import Message, message
from archives.text.harmless import harmless
from archives.text.unseen import without_unseen
from preservation.handouts.fonts import NO_FONT, chinese_font, face_number, installed_fonts

GETA = "〓"

_POINT_MM = 25.4 / 72
_NEVER_FIRST = frozenset("，。、；：！？）》】」』〉〕］｝”’…—～·,.;:!?)]}%％℃°")
_NEVER_LAST = frozenset("（《【「『〈〔［｛“‘([{￥$№")
_TO_THE_LEFT = frozenset(("R", "AL", "AN"))
"""Classes of direction (UAX #9) of scripts whose letters are not set one after another."""

_BY_FONT = message(
    "请安装含有此字的字体（如 fonts-hanazono）后再印，或手工补写",
    "install a font that has it (fonts-hanazono, for one) and print again, or write it in by hand",
)
_BY_HAND = message("请手工补写", "write it in by hand")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one font, and how wide they are at 1 pt, in mm."""

    face: str
    text: str
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text as it is set."""

    runs: tuple[Run, ...]

    @property
    def width(self) -> float:
        """How wide it is at 1 pt, in mm."""
        return sum(run.width for run in self.runs)


class Ink:
    """The fonts of one document. Raises ``ToolMissingError`` where no Chinese font is installed."""

    def __init__(self, document: FPDF) -> None:
        chinese = chinese_font()
        if chinese is None:
            raise ToolMissingError(NO_FONT)
        self._document = document
        self._missing: dict[str, tuple[int, Message]] = {}
        self._faces = [self._load(chinese)]
        self._known: dict[str, tuple[str, float] | None] = {}

    def lines(self, text: str, width_mm: float, *, size_pt: float, place: Message) -> tuple[Line, ...]:
        """Return text in lines that are no wider; ``place`` is where it stands, for what cannot be printed. None is empty."""
        shown = [self._printable(part, place) for part in self._plain(text).split("\n")]
        return tuple(self._set(piece) for part in shown for piece in self._broken(part, width_mm / size_pt))

    def findings(self) -> tuple[Finding, ...]:
        """Return which characters could not be printed, each once, with the first place where it stands."""
        return tuple(_missing_glyph(char, count, place) for char, (count, place) in self._missing.items())

    def _plain(self, text: str) -> str:
        whole = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        return without_unseen(unicodedata.normalize("NFC", harmless(whole))).strip()

    def _printable(self, text: str, place: Message) -> str:
        shown = []
        for char in text:
            if self._face_of(char):
                shown.append(char)
                continue
            count, first = self._missing.get(char, (0, place))
            self._missing[char] = (count + 1, first)
            shown.append(GETA)
        return "".join(shown)

    def _face_of(self, char: str) -> tuple[str, float] | None:
        """Return the font that has a character, and its width at 1 pt in mm."""
        if char not in self._known:
            self._known[char] = self._look_up(char)
        return self._known[char]

    def _look_up(self, char: str) -> tuple[str, float] | None:
        if _is_never_set(char):
            return None
        code = ord(char)
        while True:
            for font in self._faces:
                if code in font.cmap:
                    return font.fontkey, font.cw[code] / 1000 * _POINT_MM
            if not self._more:
                return None
            self._faces.append(self._load(self._more.pop(0)))

    @cached_property
    def _more(self) -> list[Path]:
        """The other fonts, none of which goes into the document before a character needs it."""
        return [path for path in installed_fonts() if path != self._faces[0].ttffile]

    def _load(self, path: Path) -> TTFFont:
        family = path.stem
        self._document.add_font(family, fname=str(path), collection_font_number=face_number(path))
        font = self._document.fonts[family.lower()]
        assert isinstance(font, TTFFont)
        return font

    def _broken(self, text: str, width: float) -> Iterator[str]:
        """Yield the lines of a paragraph; ``width`` is in mm at 1 pt. What is wider than a line by itself is cut."""
        line, used = "", 0.0
        for piece in _pieces(text):
            wide = self._width(piece)
            if line and used + wide > width:
                yield line.rstrip(" ")
                line, used = "", 0.0
                piece = piece.lstrip(" ")
                wide = self._width(piece)
            if wide > width:
                *full, piece = self._cut(piece, width)
                yield from full
                wide = self._width(piece)
            line, used = line + piece, used + wide
        yield line.rstrip(" ")

    def _cut(self, piece: str, width: float) -> Sequence[str]:
        parts, used = [""], 0.0
        for char in piece:
            wide = self._width(char)
            if parts[-1] and used + wide > width:
                parts.append("")
                used = 0.0
            parts[-1] += char
            used += wide
        return parts

    def _width(self, text: str) -> float:
        return sum(found[1] for char in text if (found := self._face_of(char)))

    def _set(self, text: str) -> Line:
        runs: list[Run] = []
        for char in text:
            face, width = self._face_of(char) or ("", 0.0)
            if runs and runs[-1].face == face:
                runs[-1] = Run(face, runs[-1].text + char, runs[-1].width + width)
            else:
                runs.append(Run(face, char, width))
        return Line(tuple(runs))


def _pieces(text: str) -> Iterator[str]:
    """Yield what a line may not end within: a word, or a character with the marks that cling to it."""
    piece = ""
    for char in text:
        if piece and _may_end(piece[-1], char):
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _may_end(last: str, following: str) -> bool:
    """Whether a line may end between two characters (GB/T 15834-2011 5.1; UAX #14 in short)."""
    if following in _NEVER_FIRST or last in _NEVER_LAST or following == " " or unicodedata.combining(following):
        return False
    return last in " -/_·" or _is_wide(last) or _is_wide(following)


def _is_never_set(char: str) -> bool:
    """Whether a character is somebody's own (造字), or of a script that is written to the left."""
    return unicodedata.category(char) == "Co" or unicodedata.bidirectional(char) in _TO_THE_LEFT


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in ("W", "F")


def _missing_glyph(char: str, count: int, place: Message) -> Finding:
    said = message(
        "“{char}”（{code}）没有可用的字形，共 {count} 处印成了“〓”，第一处：{place}；{advice}",
        "“{char}” ({code}) cannot be printed: 〓 stands for it in {count} places, the first: {place}; {advice}",
        char=char,
        code=f"U+{ord(char):04X}",
        count=count,
        place=place,
        advice=_BY_HAND if _is_never_set(char) else _BY_FONT,
    )
    return warning("glyph-missing", said)
