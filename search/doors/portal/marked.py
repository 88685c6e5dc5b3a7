"""Text as it is shown, with the places marked that were looked for."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from search.index.answer import Marks, marks_in
from search.index.query import parse_query
from search.published.view import PublishedPage

_AROUND = 60


def marked_text(page: PublishedPage, words: str) -> Markup:
    """Return a page's text, the places marked where the words of a query stand."""
    return _markup(page.text, marks_in(page.text, parse_query(words).phrases))


def excerpt(text: str, marks: Marks) -> Markup:
    """Return a text around its first mark, all marks in it shown."""
    first = marks[0][0] if marks else 0
    start, end = max(0, first - _AROUND), min(len(text), first + 2 * _AROUND)
    within = [(a - start, min(b, end) - start) for a, b in marks if a >= start and a < end]
    shown = _markup(text[start:end], within)
    return Markup("…") * (start > 0) + shown + Markup("…") * (end < len(text))


def _markup(text: str, marks: Iterable[tuple[int, int]]) -> Markup:
    parts: list[Markup] = []
    at = 0
    for start, end in marks:
        if start >= at:
            parts += [escape(text[at:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
            at = end
    return Markup("").join([*parts, escape(text[at:])])
