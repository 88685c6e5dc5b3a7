"""What would find something where nothing was found: a word less, a long one in parts, wider years, less narrowing, a character taken for another.

Nothing of it is searched in the asker's place: each is told with the exact number of records that it finds.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from archives.errors import SearchBusyError
from archives.message import Message, message
from archives.text.folding import folded_text
from search.index.document import Field
from search.index.language.confusions import taken_for
from search.index.language.dates_in_words import with_dates_in_figures
from search.index.language.english import ways_to_divide
from search.index.language.named import NamedWords
from search.index.language.operators import operators_in, without_operators
from search.index.language.parts import MOST_ASKED, SHORTEST, standing_parts
from search.index.language.short_years import with_the_year_otherwise
from search.index.language.terms import HAN, MOST_TERMS, Term
from search.index.query import Facet, Narrowed, Query, parse_query

Totals = Callable[[Sequence[Query]], Sequence[int]]
Parts = Mapping[Term, tuple[str, ...]]
MOST_TOLD = 6
_MOST_SEARCHED = 28
_MOST_CHARACTERS = 12
_MOST_DIVIDED = 12
_WIDER = (1, 5, 10)
_YEARS = re.compile(r"([0-9]{1,4})(?:-([0-9]{1,4}))?")
_ANY: dict[Facet, Message] = {
    Facet.REPOSITORY: message("不限馆（室）", "any repository"),
    Facet.FONDS: message("不限全宗", "any fonds"),
    Facet.GENRE: message("不限门类", "any class"),
    Facet.YEAR: message("不限年度", "any year"),
    Facet.TEXT: message("不论有无全文", "with or without text"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query that finds something: how it differs from the one that was asked, and how many records it finds."""

    told: Message
    query: Query
    records: int


def suggestions(query: Query, totals: Totals) -> tuple[Suggestion, ...]:
    """Return what would find something, those that change the least first; ``totals`` says how many records queries find.

    Only where no one change finds anything, each word alone is tried, and the parts of a long one, whatever else was
    asked for. No more is counted than four dozen queries or so, half of them to find the parts, and no longer than the
    query itself may take: what was not counted by then is not told.
    """
    known, parts = {_asked(query)}, _parts(query, totals)
    for others in (_others(query, parts), _each_word_alone(query, parts)):
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


def _in_time(totals: Totals, queries: Sequence[Query]) -> Sequence[int]:
    try:
        return totals(queries) if queries else ()
    except SearchBusyError:
        return ()


def _parts(query: Query, totals: Totals) -> Parts:
    """Return the parts of every long word that stand anywhere, whatever else is asked for."""
    long = [term for term in query.wanted if _is_long(term)]
    found = {}
    for term in long:

        def standing(texts: Sequence[str], term: Term = term) -> list[str]:
            alone = replace(query, terms=(term,), narrowed=Narrowed())
            tried = [(text, other) for text in texts if not (other := _instead(alone, term, text)).asks_nothing]
            counted = zip(tried, _in_time(totals, [other for _, other in tried]), strict=False)
            return [text for (text, _), records in counted if records]

        found[term] = standing_parts(term.said, standing, most=MOST_ASKED // len(long))
    return found


def _is_long(term: Term) -> bool:
    """Say whether a term is one word in Chinese, or begins as one, that nobody kept together and no rule of ours reads."""
    is_word = len(term.phrases) == 1 and not term.days and not re.search(r"\W", term.said[:SHORTEST])
    return is_word and len(term.said) >= SHORTEST and bool(re.search(f"[{HAN}]", term.said))


def _others(query: Query, parts: Parts) -> Iterator[tuple[Message, Query]]:
    yield from _without_operators(query)
    yield from _with_the_year_of_a_number_otherwise(query)
    yield from _with_dates_in_figures(query)
    yield from _with_english_words_in_one(query)
    yield from _with_a_word_less(query)
    yield from islice(_with_an_english_word_in_two(query), _MOST_DIVIDED)
    yield from _with_a_word_in_parts(query, parts)
    yield from _of_more_years(query)
    yield from _of_the_month_or_year(query)
    yield from islice(_with_a_character_for_another(query), _MOST_CHARACTERS)
    yield from _with_a_part_of_a_word(query, parts)
    for facet, _ in query.narrowed.by():
        yield _ANY[facet], replace(query, narrowed=query.narrowed.but(facet))


def _without_operators(query: Query) -> Iterator[tuple[Message, Query]]:
    if operators_in(query.terms):
        for words in without_operators(query.words):
            yield _alone(words), replace(query, words=words, terms=parse_query(words, named=query.named).terms)


def _with_the_year_of_a_number_otherwise(query: Query) -> Iterator[tuple[Message, Query]]:
    for term in query.wanted:
        for said in with_the_year_otherwise(term.said, query.this_year):
            told = message("文号的年份另写：{words}", "the year of the document number as {words}", words=said)
            yield told, _instead(query, term, said)


def _with_dates_in_figures(query: Query) -> Iterator[tuple[Message, Query]]:
    if (words := with_dates_in_figures(query.words)) != query.words:
        told = message("按日期检索：{words}", "as a date: {words}", words=words)
        yield told, replace(query, words=words, terms=parse_query(words, named=query.named).terms)


def _with_a_word_less(query: Query) -> Iterator[tuple[Message, Query]]:
    if len(query.wanted) > 1:
        for term in query.wanted:
            yield message("不要求“{word}”", "without “{word}”", word=term.said), _instead(query, term, "")


def _with_english_words_in_one(query: Query) -> Iterator[tuple[Message, Query]]:
    """Yield the query with two words that follow one another as one: waterworks for water works."""
    for place, (first, second) in enumerate(pairwise(query.terms)):
        one = first.said + second.said
        is_one_kind = first.field == second.field and not (first.is_unwanted or second.is_unwanted)
        if is_one_kind and one.isascii() and one.isalpha():
            alone = _instead(query, second, "")
            yield message("连写：{word}", "as one word: {word}", word=one), _instead(alone, alone.terms[place], one)


def _with_an_english_word_in_two(query: Query) -> Iterator[tuple[Message, Query]]:
    for term in query.wanted:
        for said in ways_to_divide(term.said):
            yield message("分写：{words}", "as two words: {words}", words=said), _instead(query, term, said)


def _with_a_word_in_parts(query: Query, parts: Parts) -> Iterator[tuple[Message, Query]]:
    """Yield the query with a long word in those of its parts that stand somewhere, which need not follow one another."""
    room = MOST_TERMS - len(query.terms) + 1
    for term, found in parts.items():
        if 1 < len(found) <= room:
            said = " ".join(found)
            yield message("分开检索：{words}", "as separate words: {words}", words=said), _instead(query, term, said)


def _with_a_part_of_a_word(query: Query, parts: Parts) -> Iterator[tuple[Message, Query]]:
    """Yield the query with the one part of a long word that stands anywhere, where that is long itself."""
    is_all = len(query.wanted) == 1 and not any(query.narrowed.by())
    for term, found in parts.items():
        if len(found) == 1 and SHORTEST <= len(found[0]) < len(term.said):
            told = message("“{word}”只取“{part}”", "only “{part}” of “{word}”", word=term.said, part=found[0])
            yield _alone(found[0]) if is_all else told, _instead(query, term, found[0])


def _each_word_alone(query: Query, parts: Parts) -> Iterator[tuple[Message, Query]]:
    for term in query.wanted:
        alone = replace(query, terms=(term,), narrowed=Narrowed())
        longest_first = sorted(parts.get(term, ()), key=len, reverse=True)
        for word in dict.fromkeys((term.said, *longest_first)):
            yield _alone(word), _instead(alone, term, word)


def _alone(word: str) -> Message:
    return message("只检索“{word}”", "only “{word}”", word=word)


def _of_more_years(query: Query) -> Iterator[tuple[Message, Query]]:
    if years := _YEARS.fullmatch(query.narrowed.year):
        for wider in _widened(int(years[1]), int(years[2] or years[1]), query.this_year):
            yield _years(wider), replace(query, narrowed=replace(query.narrowed, year=wider))
    for term in query.wanted:
        if term.days and term.days.years:
            for wider in _widened(*term.days.years, query.this_year):
                yield _years(wider), _instead(query, term, wider)


def _of_the_month_or_year(query: Query) -> Iterator[tuple[Message, Query]]:
    """Yield the query with the month and the year of a day in its place, of a month with its year."""
    for term in query.wanted:
        if term.days and not term.days.years and not term.days.is_range:
            year, month = divmod(term.days.first // 100, 100)
            is_day = term.days.first == term.days.last
            for wider in [f"{year}-{month:02}"] * is_day + [f"{year}年"]:
                told = message("日期放宽到 {dates}", "dated {dates}", dates=wider.removesuffix("年"))
                yield told, _instead(query, term, wider)


def _widened(first: int, last: int, this_year: int | None) -> list[str]:
    """Return years around others, none later than the year in which they are asked for or than those themselves."""
    latest = last + max(_WIDER) if this_year is None else max(last, this_year)
    return [f"{max(1, first - by)}-{min(last + by, latest)}" for by in _WIDER]


def _years(years: str) -> Message:
    return message("年份放宽到 {years}", "years {years}", years=years)


def _with_a_character_for_another(query: Query) -> Iterator[tuple[Message, Query]]:
    """Yield the query with one character in the place of another; of a word that is one alone, nothing."""
    for term in query.wanted:
        is_alone = len(folded_text(term.said)) == 1
        for place, character in enumerate("" if is_alone else term.said):
            for other in taken_for(character):
                said = term.said[:place] + other + term.said[place + 1 :]
                told = message(
                    "“{one}”作“{other}”：{words}",
                    "{other} instead of {one}: {words}",
                    one=character,
                    other=other,
                    words=said,
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
