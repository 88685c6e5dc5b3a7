"""What is said in a recording and when, read from the text of a caption file, and written anew with nothing beside that.

Sources: WebVTT (W3C Candidate Recommendation 2019-04-04) §4 and §6.3; SubRip, which has a comma before the milliseconds.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

Piece = tuple[int, int] | str
"""A part of the text by its half-open place, or what stands between such parts."""

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_TIME = r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]\d)[.,](\d{3})"
_TIMING = re.compile(rf"[ \t]*{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?")
_TAG = re.compile(r"<(?:v(?:\.[^\s>]*)?[ \t]+(?P<speaker>[^<>]*)|[^<>]*)>")
_MOST, _HEAD = 20_000, 2_000


@dataclass(frozen=True, slots=True)
class Cue:
    """Some words with the time at which they are shown; ``lines`` are these without marks, the speaker before them."""

    begin_ms: int
    end_ms: int
    lines: tuple[tuple[Piece, ...], ...]

    @property
    def begin(self) -> str:
        """When it begins, as people read it: 0:04:59."""
        seconds = self.begin_ms // 1000
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def read_cues(text: str) -> tuple[Cue, ...]:
    """Return the cues of a text in the order in which they begin; none of one that is no caption file.

    Notes, styles, regions, settings and identifiers are passed over, and what ends before it begins.
    """
    if not _is_captions(text[:_HEAD]):
        return ()
    return tuple(sorted(islice(_read(text), _MOST), key=lambda cue: cue.begin_ms))


def webvtt_of(text: str, cues: Iterable[Cue]) -> str:
    """Return a caption file of cues of a text: their times and their words, and nothing else."""
    blocks = ["WEBVTT\n"]
    for cue in cues:
        said = "\n".join(html.escape(words_of(text, line), quote=False) for line in cue.lines)
        blocks.append(f"{_written(cue.begin_ms)} --> {_written(cue.end_ms)}\n{said}\n")
    return "\n".join(blocks)


def words_of(text: str, line: Sequence[Piece]) -> str:
    """Return the words of a line of a cue."""
    words = "".join(one if isinstance(one, str) else text[slice(*one)] for one in line)
    return " ".join(html.unescape(words).split())


def _is_captions(head: str) -> bool:
    """Say whether a text begins as caption files do: with the name of the form, or with a number and a time."""
    first = [line for one in _LINE.findall(head) if (line := one.lstrip("\ufeff").strip())][:2]
    if not first or re.match(r"WEBVTT(?:\s|$)", first[0]):
        return bool(first)
    return bool(_TIMING.fullmatch(first[0])) or (first[0].isdecimal() and bool(_TIMING.fullmatch(first[-1])))


def _read(text: str) -> Iterator[Cue]:
    lines = [found.span(1) for found in _LINE.finditer(text)]
    at = 0
    while at < len(lines):
        timing = _TIMING.fullmatch(text, *lines[at])
        at += 1
        if timing is None:
            continue
        begin, end = _milliseconds(*timing.groups()[:4]), _milliseconds(*timing.groups()[4:])
        said: list[tuple[Piece, ...]] = []
        while at < len(lines) and text[slice(*lines[at])].strip() and not _TIMING.fullmatch(text, *lines[at]):
            line = tuple(_pieces(text, *lines[at]))
            said += [line] if words_of(text, line) else []
            at += 1
        if said and begin < end:
            yield Cue(begin, end, tuple(said))


def _pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    """Yield what a line says without its tags; who speaks is said before what is spoken."""
    for tag in _TAG.finditer(text, start, end):
        if start < tag.start():
            yield start, tag.start()
        if (tag["speaker"] or "").strip():
            yield tag.span("speaker")
            is_wide = unicodedata.east_asian_width(tag["speaker"].strip()[-1]) in "WF"
            yield "：" if is_wide else ": "
        start = tag.end()
    if start < end:
        yield start, end


def _milliseconds(hours: str | None, minutes: str, seconds: str, milliseconds: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(milliseconds)


def _written(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
