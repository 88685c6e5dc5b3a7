"""Text as it is searched: folded character by character, cut into bigrams, the same for every index.

Folding makes widths, case, simplified and traditional forms equal and keeps a map back to the source. The truth of
every search is: the folded query stands in the folded text. Runs of Han characters become overlapping bigrams and
their last character alone, so that a phrase of tokens is exactly a substring; words of letters and digits stay whole
and are never entered in their middle.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

_HAN = "㐀-鿿豈-﫿𠀀-𿿽\ue000-\uf8ff々"
_HAN_RUN = re.compile(f"[{_HAN}]+")
_TOKEN_RUN = re.compile(f"[{_HAN}]+|[^ {_HAN}]+")
_VARIANTS = {"〇": "零", "○": "零", "◯": "零", "Ο": "o"}


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; ``offsets[i]`` is the place in the source of the character that became ``text[i]``."""

    text: str
    offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a person looks for: its folded form, and the tokens that must follow one another.

    With ``open_end`` the last token is only the beginning of one (a lone Han character).
    """

    folded: str
    tokens: tuple[str, ...]
    open_end: bool


def fold(text: str) -> Folded:
    """Fold a text: blanks between Han characters vanish, punctuation and other blanks become one space."""
    characters: list[str] = []
    offsets: list[int] = []
    pending: int | None = None
    soft = True
    for place, source in enumerate(text):
        for character in _folded(source):
            if character == " ":
                soft = soft and source.isspace() if pending is not None else source.isspace()
                pending = place if pending is None else pending
                continue
            if pending is not None:
                between_han = characters and _is_han(characters[-1]) and _is_han(character)
                if characters and not (soft and between_han):
                    characters.append(" ")
                    offsets.append(pending)
                pending = None
            characters.append(character)
            offsets.append(place)
    return Folded("".join(characters), tuple(offsets))


def index_grams(folded: str) -> list[str]:
    """Return the tokens of a folded text in order."""
    tokens: list[str] = []
    for run in _TOKEN_RUN.finditer(folded):
        tokens += _run_tokens(run[0], _follows_word(folded, run.start()))
    return tokens


def phrase_of(text: str) -> Phrase | None:
    """Return the phrase that finds a text, or None when nothing in it can be looked for."""
    folded = fold(text).text.strip()
    runs = list(_TOKEN_RUN.finditer(folded))
    if not runs:
        return None
    tokens: list[str] = []
    for run in runs[:-1]:
        tokens += _run_tokens(run[0], _follows_word(folded, run.start()))
    last = runs[-1]
    follows = _follows_word(folded, last.start())
    ending = _run_tokens(last[0], follows)
    if not _HAN_RUN.fullmatch(last[0]):
        return Phrase(folded, (*tokens, *ending), open_end=False)
    if len(last[0]) > 1 or follows:
        return Phrase(folded, (*tokens, *ending[:-1]), open_end=False)
    return Phrase(folded, (*tokens, *ending), open_end=True)


def places_of(phrase: Phrase, folded: Folded) -> tuple[tuple[int, int], ...]:
    """Return where a phrase stands, as half-open offsets into the source text, in order, overlaps left out."""
    places: list[tuple[int, int]] = []
    start = folded.text.find(phrase.folded)
    while start >= 0:
        end = start + len(phrase.folded)
        if _at_word_edge(folded.text, start) and _at_word_edge(folded.text, end):
            places.append((folded.offsets[start], folded.offsets[end - 1] + 1))
            start = folded.text.find(phrase.folded, end)
        else:
            start = folded.text.find(phrase.folded, start + 1)
    return tuple(places)


def _run_tokens(run: str, follows_word: bool) -> list[str]:
    if not _HAN_RUN.fullmatch(run):
        return [run]
    first = [run[0]] if follows_word else []
    return [*first, *(one + other for one, other in pairwise(run)), run[-1]]


def _follows_word(folded: str, start: int) -> bool:
    return start > 0 and folded[start - 1] != " " and not _is_han(folded[start - 1])


def _at_word_edge(folded: str, place: int) -> bool:
    if place in (0, len(folded)):
        return True
    return not (_is_word(folded[place - 1]) and _is_word(folded[place]))


def _is_word(character: str) -> bool:
    return character != " " and not _is_han(character)


@cache
def _is_han(character: str) -> bool:
    return bool(_HAN_RUN.match(character))


@lru_cache(maxsize=200_000)
def _folded(source: str) -> str:
    return "".join(_folded_one(character) for character in unicodedata.normalize("NFKC", source).lower()) or " "


def _folded_one(character: str) -> str:
    character = _VARIANTS.get(character, character)
    if _is_han(character):
        simplified: str = _converter().convert(character)
        return _VARIANTS.get(simplified, simplified)
    category = unicodedata.category(character)
    return character if category[0] in "LMN" else " "


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")
