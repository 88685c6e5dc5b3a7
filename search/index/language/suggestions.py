"""What would find something where nothing was found: a word less, a long one in parts, wider years, less narrowing, a character taken for another.

Nothing of it is searched in the asker's place: each is told with the exact number of records that it finds.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from archives.errors import SearchBusyError
from archives.message import Message, message
from archives.text.folding import folded_text
from search.index.document import Field
from search.index.language.confusions import taken_for
from search.index.language.named import NamedWords
from search.index.language.terms import HAN, MOST_TERMS, Term
from search.index.query import Facet, Narrowed, Query, parse_query

MOST_TOLD = 6
_MOST_SEARCHED = 28
_MOST_CHARACTERS = 12
_LEAST_IN_PARTS, _MOST_CUTS = 4, 3
"""How long a word without a blank is that is cut, and in how many places one cut is tried."""
_WIDER = (1, 5, 10)
_RUNS = re.compile(f"[{HAN}]+|[^{HAN}]+")
_YEARS = re.compile(r"([0-9]{1,4})(?:-([0-9]{1,4}))?")
_ANY: dict[Facet, Message] = {
    Facet.REPOSITORY: message("不限馆（室）", "in any repository"),
    Facet.FONDS: message("不限全宗", "in any fonds"),
    Facet.GENRE: message("不限门类", "of any class"),
    Facet.YEAR: message("不限年度", "of any year"),
    Facet.TEXT: message("不论有无全文", "with or without text"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query that finds something: how it differs from the one that was asked, and how many records it finds."""

    told: Message
    query: Query
    records: int


def suggestions(query: Query, totals: Callable[[Sequence[Query]], Sequence[int]]) -> tuple[Suggestion, ...]:
    """Return what would find something, those that change the least first; ``totals`` says how many records queries find.

    Only where no one change finds anything, each word alone is tried, and a part of a long one, whatever else was asked for. No more is counted than
    two dozen queries or so, and no longer than the query itself may take: what was not counted by then is not told.
    """
    known = {_asked(query)}
    for others in (_others(query), _each_word_alone(query)):
        tried: list[tuple[Message, Query]] = []
        for told, other in islice(others, _MOST_SEARCHED - len(known)):
            if _asked(other) not in known and not other.asks_nothing:
                known.add(_asked(other))
                tried.append((told, other))
        counted = zip(
            tried, _in_time(totals, [other for _, other in tried]), strict=False
        )  # those that there was time for
        if found := [Suggestion(told, other, records) for (told, other), records in counted if records]:
            return tuple(found[:MOST_TOLD])
    return ()


def _asked(query: Query) -> tuple[object, ...]:
    return (query.terms, query.narrowed)


def _in_time(totals: Callable[[Sequence[Query]], Sequence[int]], queries: Sequence[Query]) -> Sequence[int]:
    try:
        return totals(queries) if queries else ()
    except SearchBusyError:
        return ()


def _others(query: Query) -> Iterator[tuple[Message, Query]]:
    yield from _with_a_word_less(query)
    yield from _with_a_word_in_parts(query)
    yield from _of_more_years(query)
    yield from islice(_with_a_character_for_another(query), _MOST_CHARACTERS)
    for facet, _ in query.narrowed.by():
        yield _ANY[facet], replace(query, narrowed=query.narrowed.but(facet))


def _with_a_word_less(query: Query) -> Iterator[tuple[Message, Query]]:
    if len(query.wanted) > 1:
        for term in query.wanted:
            yield message("不要求“{word}”", "without “{word}”", word=term.said), _instead(query, term, "")


def _with_a_word_in_parts(query: Query) -> Iterator[tuple[Message, Query]]:
    """Yield the query with a long word in parts that need not follow one another: where letters change, in two, in twos."""
    room = MOST_TERMS - len(query.terms) + 1
    for term in query.wanted:
        for parts in dict.fromkeys(_parts(term)):
            if len(parts) <= room:
                said = " ".join(parts)
                yield message("分开检索：{words}", "in parts: {words}", words=said), _instead(query, term, said)


def _parts(term: Term) -> Iterator[tuple[str, ...]]:
    if not _is_long(term):
        return
    if len(runs := _RUNS.findall(term.said)) > 1:
        yield tuple(runs)
    else:
        yield from ((term.said[:at], term.said[at:]) for at in _cuts(term.said))
        ends = [*range(2, len(term.said) - 1, 2), len(term.said)]
        yield tuple(term.said[begin:end] for begin, end in pairwise([0, *ends]))


def _is_long(term: Term) -> bool:
    """Say whether a term is one word in Chinese, or begins as one, that nobody kept together and no rule of ours reads."""
    is_word = len(term.phrases) == 1 and not term.days and not re.search(r"\W", term.said[:_LEAST_IN_PARTS])
    return is_word and len(term.said) >= _LEAST_IN_PARTS and bool(re.search(f"[{HAN}]", term.said))


def _cuts(word: str) -> list[int]:
    """Return where a word is cut in two: in its middle first, an even number of characters before it or behind it."""
    middle = len(word) / 2
    return sorted(range(2, len(word) - 1), key=lambda at: (at % 2 and (len(word) - at) % 2, abs(at - middle)))[
        :_MOST_CUTS
    ]


def _each_word_alone(query: Query) -> Iterator[tuple[Message, Query]]:
    for term in query.wanted:
        alone = replace(query, terms=(term,), narrowed=Narrowed())
        for word in dict.fromkeys((term.said, *(part for parts in _parts(term) for part in parts if len(part) > 1))):
            yield message("只检索“{word}”", "“{word}” alone", word=word), _instead(alone, term, word)


def _of_more_years(query: Query) -> Iterator[tuple[Message, Query]]:
    if years := _YEARS.fullmatch(query.narrowed.year):
        for wider in _widened(int(years[1]), int(years[2] or years[1])):
            yield _years(wider), replace(query, narrowed=replace(query.narrowed, year=wider))
    for term in query.wanted:
        if term.days and term.days.years:
            for wider in _widened(*term.days.years):
                yield _years(wider), _instead(query, term, wider)


def _widened(first: int, last: int) -> list[str]:
    return [f"{max(1, first - by)}-{last + by}" for by in _WIDER]


def _years(years: str) -> Message:
    return message("年份放宽到 {years}", "from the years {years}", years=years)


def _with_a_character_for_another(query: Query) -> Iterator[tuple[Message, Query]]:
    """Yield the query with one character in the place of another; of a word that is one alone, nothing."""
    for term in query.wanted:
        is_alone = len(folded_text(term.said)) == 1
        for place, character in enumerate("" if is_alone else term.said):
            for other in taken_for(character):
                said = term.said[:place] + other + term.said[place + 1 :]
                told = message(
                    "“{one}”作“{other}”：{words}", "{other} for {one}: {words}", one=character, other=other, words=said
                )
                yield told, _instead(query, term, said)


def _instead(query: Query, term: Term, said: str) -> Query:
    """Return the query with something else in the place of a term, with nothing where that is empty."""
    words = _said(query, None, term, said)
    named = NamedWords(**{field.value: _said(query, field, term, said) for field in Field})
    other = parse_query(words, named=named)
    return replace(query, words=words, named=named, terms=other.terms)


def _said(query: Query, field: Field | None, term: Term, instead: str) -> str:
    each = ((instead if one is term else "-" * one.is_unwanted + one.said) for one in query.terms if one.field == field)
    return " ".join(one for one in each if one)
