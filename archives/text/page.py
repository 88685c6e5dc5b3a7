"""The text of one page as it stands on the image: words in lines in reading order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["horizontal", "vertical"]
"""Horizontal text runs left to right, lines top to bottom; vertical text top to bottom, columns right to left."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page image in pixels, origin at the upper left."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters that belong together: a Chinese line's characters, or a Latin word.

    ``confidence`` is the engine's own, from 0 to 1.
    """

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line (or column, where text is vertical) and its words in reading order."""

    words: tuple[Word, ...]
    box: Box
    separator: str = ""

    @property
    def text(self) -> str:
        """The line's characters; Latin words are joined by one space, Chinese by none."""
        return self.separator.join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Page:
    """A page's lines in reading order; boxes refer to the original image, not to a prepared copy.

    ``left_out`` is how many places that may be lines were not read with any certainty; nothing that is kept tells it.
    """

    width_px: int
    height_px: int
    resolution_dpi: int
    language: str
    direction: Direction
    lines: tuple[Line, ...]
    engine: str = ""
    left_out: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """The page's text, one printed line a line."""
        return "\n".join(line.text for line in self.lines)

    @property
    def has_letters(self) -> bool:
        """Whether a letter or a digit was read; signs alone are what holes and stains look like."""
        return any(one.isalnum() for line in self.lines for word in line.words for one in word.text)

    @property
    def confidence(self) -> float | None:
        """The mean confidence of the page's characters; None for a page without text."""
        return confidence_of(self.lines)


def confidence_of(lines: Sequence[Line]) -> float | None:
    """Return the mean confidence of the characters of lines; None where there are none."""
    weighed = [(word.confidence, len(word.text)) for line in lines for word in line.words if word.text]
    total = sum(weight for _, weight in weighed)
    return sum(value * weight for value, weight in weighed) / total if total else None
