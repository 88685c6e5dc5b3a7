"""Where words that were looked for stand in a record: on the page that is shown, and where the hit before and behind is."""

from collections.abc import Iterable
from dataclasses import dataclass

from archives.text.folding import Phrase
from search.index.answer import marks_in
from search.index.query import parse_query
from search.published.view import PublishedView

Mark = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """A hit to go to: the page by its place in the record, and the number of the hit on it (from 1)."""

    place: int
    hit: int


@dataclass(frozen=True, slots=True)
class Hits:
    """The hits of the page that is shown; ``current`` is the one that was gone to (from 1), 0 where there is none."""

    marks: tuple[Mark, ...]
    current: int
    previous: Turn | None
    following: Turn | None


def marks_on(text: str, words: str) -> tuple[Mark, ...]:
    """Return where the words of a query stand in a text, as half-open places in order that do not overlap."""
    return marks_in(text, parse_query(words).phrases)


def first_page(view: PublishedView, words: str) -> int:
    """Return the place of the first page on which words stand; where they stand on none that of the first recording, or 0.

    What is said in a recording may stand before it: files stand by name.
    """
    phrases = parse_query(words).phrases
    if found := _next(view, phrases, range(len(view.pages))):
        return found[0]
    is_text = bool(view.pages) and not view.pages[0].image
    return next((n for n, page in enumerate(view.pages) if is_text and page.recording), 0)


def hits_on(view: PublishedView, place: int, words: str, hit: int) -> Hits:
    """Return the hits of the page at a place; ``hit`` is the number of the one that is asked for.

    Pages are looked through up to the next one that has a hit, either way.
    """
    phrases = parse_query(words).phrases
    if not phrases or not view.pages:
        return Hits((), 0, None, None)
    marks = marks_in(view.pages[place].text, phrases)
    current = min(max(1, hit), len(marks))
    before = after = None
    if current > 1:
        before = Turn(place, current - 1)
    elif found := _next(view, phrases, reversed(range(place))):
        before = Turn(*found)
    if current < len(marks):
        after = Turn(place, current + 1)
    elif found := _next(view, phrases, range(place + 1, len(view.pages))):
        after = Turn(found[0], 1)
    return Hits(marks, current, before, after)


def _next(view: PublishedView, phrases: tuple[Phrase, ...], places: Iterable[int]) -> tuple[int, int] | None:
    """Return the first of these places whose page has hits, and how many."""
    for place in places:
        if marks := marks_in(view.pages[place].text, phrases):
            return place, len(marks)
    return None
