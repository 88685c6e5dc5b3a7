"""What the options of a search ask for, and who answers: the staff's index, or the public's as the portal would."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from archives.errors import UsageProblem
from archives.message import Message, message
from archives.record.genre import GENRE_CODES
from cli.home.home import Home
from search.index.answer import Answer
from search.index.language.named import NamedWords
from search.index.language.suggestions import Suggestion
from search.index.language.terms import years_in
from search.index.language.told import told
from search.index.query import Narrowed, Order, Query, parse_query
from search.published.view import as_published

Search = Callable[[Query, int, int], Answer]
"""What answers a query from an offset with so many records at the most."""
Totals = Callable[[Sequence[Query]], Sequence[int]]
"""What says how many records queries find."""


def query_of(words: str, named: NamedWords, narrowed: Narrowed, order: str) -> Query:
    """Return the query; a class may be named, years be written in many ways, and a fonds be ``990001/Z109`` or a word.

    Raises ``UsageProblem`` for years that are none, and where there is nothing to look for.
    """
    is_one = "/" in narrowed.fonds
    narrowed = replace(narrowed, genre=_genre(narrowed.genre), year=_years(narrowed.year))
    if not is_one:
        named, narrowed = replace(named, of_fonds=narrowed.fonds), replace(narrowed, fonds="")
    query = replace(parse_query(words, named=named), narrowed=narrowed, order=Order(order))
    if query.asks_nothing:
        raise UsageProblem(
            message("检索词里没有可检索的文字", "there is nothing to look for in these words"), subject=words
        )
    return query


def of_staff(home: Home) -> Search:
    """Return what answers of everything."""
    return lambda query, offset, limit: home.staff_index.search(query, offset=offset, limit=limit)


def of_public(home: Home) -> Search:
    """Return what answers exactly as the portal would: every hit is checked against the published views."""
    views, index = home.public.views, home.public.index

    def ask(query: Query, offset: int, limit: int) -> Answer:
        answer = index.search(replace(query, hidden=views.hidden()), offset=offset, limit=limit)
        return as_published(answer, views.of(one.record.package_id for one in answer.found))

    return ask


def totals_of(home: Home, *, is_public: bool) -> Totals:
    """Return what says how many records queries find among what the public can find, or among everything."""
    if not is_public:
        return home.staff_index.totals
    views, index = home.public.views, home.public.index
    return lambda queries: index.totals([replace(one, hidden=views.hidden()) for one in queries])


def nothing_found(query: Query, offers: tuple[Suggestion, ...]) -> list[Message]:
    """Say what was searched, and what would find something."""
    lines = [message("检索了：{said}", "searched: {said}", said=one) for one in told(query)]
    for one in offers:
        lines.append(
            message(
                "可以试试 {told}：{n} 件", "would find: {told}: {n} {n:record|records}", told=one.told, n=one.records
            )
        )
    return lines


def offer_data(one: Suggestion) -> Mapping[str, object]:
    """Return a way to find something as JSON holds it: how it differs, the words and what narrows them, how many it finds."""
    named = {field.value: words for field, words in one.query.named.by()}
    narrowed = {facet.value: value for facet, value in one.query.narrowed.by()}
    return {"told": one.told.text("en"), "records": one.records, "words": one.query.words, **named, **narrowed}


def _genre(said: str) -> str:
    """Return the 门类代码 that is meant, by itself or by its name."""
    named = {name.text(language): code for code, name in GENRE_CODES.items() for language in ("zh", "en")}
    return {key.lower(): code for key, code in named.items()}.get(said.strip().lower(), said.strip().upper())


def _years(said: str) -> str:
    if said and not years_in(said):
        raise UsageProblem(
            message("年度写作 1986 或 1986-1990", "a year is written 1986, years 1986-1990"), subject=said
        )
    return years_in(said)
