"""What the page of results tells: a record once, with the pages below it in which words stand, and what narrows them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from urllib.parse import parse_qsl, urlencode

from markupsafe import Markup

from archives.message import Language, Message, message
from archives.record.genre import GENRE_CODES
from search.doors.portal.browsing.fonds_page import page_path
from search.doors.portal.marked import excerpt, marked
from search.doors.portal.record.address import record_path
from search.doors.portal.record.said_hits import marks_under, said_hits
from search.doors.portal.record.turning import thumbnail_path
from search.doors.portal.words import WORDS
from search.index.answer import MOST_COUNTS, Answer, Found, Hit
from search.index.language.named import NO_NAMES, NamedWords, named_words
from search.index.language.terms import years_in
from search.index.language.told import told_beside, told_unsearched
from search.index.query import LONGEST_QUERY, TEXTS, WITH_TEXT, Facet, Narrowed, Order, Query, parse_query
from search.published.lists.line import line_of
from search.published.lists.online import catalogue_only
from search.published.lists.pages import fonds_names
from search.published.view import PublishedView, as_published
from search.published.views import PublishedViews

PAGE_SIZE = 20
_PAGES_TOLD = 2  # of a record, with words around the first hit of each
LONGEST_STATE = 1_000
"""How long what an address says of a search may be, for the way back to it."""
_MOST_CHOICES = 40
"""How many values of a facet are offered, those with the most records first; years are offered all, in their order."""
_OURS = (Facet.GENRE, Facet.TEXT)  # what their values are called is said by the site
_SHOWN_AT_FIRST = 8
_MOST_DIGITS = 7
_YEAR = re.compile(r"[0-9]{1,4}(-[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address of the page of results asks for: words, what narrows them, the order, the number of the page.

    ``named`` are words that are to be found under names alone, ``unread_year`` what was typed for a year and is none.
    """

    words: str
    narrowed: Narrowed
    order: Order
    number: int
    named: NamedWords = NO_NAMES
    unread_year: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was asked for yet."""
        return not (self.words or any(self.named.by()) or any(self.narrowed.by()) or self.unread_year)

    def query(self, hidden: frozenset[str]) -> Query:
        """Return the query, which finds nothing of what is hidden, and counts by everything that can narrow it."""
        query = parse_query(self.words, hidden=hidden, named=self.named)
        return replace(query, narrowed=self.narrowed, order=self.order, counted=tuple(Facet), places=_PAGES_TOLD)

    def path(self, **other: str | int) -> str:
        """Return the address of the same with something else, which begins with its first page."""
        asked = {"q": self.words, **self._beside(), **other}
        return "/search?" + urlencode({key: value for key, value in asked.items() if value})

    @property
    def state(self) -> str:
        """What is asked for beside the words, its page too, as an address says it; empty where that is nothing."""
        asked = {**self._beside(), "page": str(self.number) if self.number > 1 else ""}
        return urlencode({key: value for key, value in asked.items() if value})

    def _beside(self) -> dict[str, str]:
        order = "" if self.order is Order.OURS else self.order.value
        named = {field.value: words for field, words in self.named.by()}
        return {**named, **{facet.value: value for facet, value in self.narrowed.by()}, "order": order}


def asked_for(parameters: Mapping[str, str]) -> Asked:
    """Return what the parameters of an address ask for; what cannot be meant narrows nothing.

    A year is one (``1986``) or from one to another (``1986-1990``), whichever is named first. A fonds may be named by its
    number alone beside its repository.
    """
    narrowed = Narrowed(**{facet.value: parameters.get(facet.value, "")[:LONGEST_QUERY] for facet in Facet})
    typed = narrowed.year.strip()
    years = typed if _YEAR.fullmatch(typed) else years_in(typed)
    narrowed = replace(narrowed, year="-".join(sorted(years.split("-"), key=int)) if "-" in years else years)
    if narrowed.fonds and narrowed.repository and "/" not in narrowed.fonds:
        narrowed = replace(narrowed, fonds=f"{narrowed.repository}/{narrowed.fonds}")
    order = parameters.get("order", "")
    return Asked(
        parameters.get("q", "").strip(),
        narrowed,
        Order(order) if order in {one.value for one in Order} else Order.OURS,
        number_in(parameters.get("page", "")),
        named_words(parameters),
        typed if typed and not years else "",
    )


def way_back(words: str, state: str) -> str:
    """Return the address of the results of words in a state that ``Asked.state`` told; of nothing else, whatever it says."""
    asked = asked_for({**dict(parse_qsl(state[:LONGEST_STATE])), "q": words})
    return asked.path(page=asked.number if asked.number > 1 else "")


def number_in(text: str) -> int:
    """Return the number of a page that an address names, the first where it names none."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else 1


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A page below a record, and its place on the site."""

    page: int
    label: str
    excerpt: Markup
    href: str
    thumbnail: str


@dataclass(frozen=True, slots=True)
class _Result:
    """A record as it stands among the results; ``more`` is how many pages have words beside those that are shown.

    ``said`` is what its description says with words in it, each with what that is called; ``glance`` where its picture is.
    """

    view: PublishedView
    href: str
    title: Markup
    said: tuple[tuple[Message, Markup], ...]
    pages: tuple[_Leaf, ...]
    more: int
    glance: str


@dataclass(frozen=True, slots=True)
class _Choice:
    """A value by which results can be narrowed, how many there are then, and whether they are; whether its name is our word."""

    value: str
    name: str
    records: int
    href: str
    is_chosen: bool
    is_ours: bool


def results_values(
    views: PublishedViews, asked: Asked, language: Language, search: Callable[[Query], Answer]
) -> dict[str, object]:
    """Return what the template is filled with; ``search`` answers from the offset of the page that is asked for."""
    query = asked.query(views.hidden())
    answer, left_out = search(query), told_beside(query)
    views_of = views.of(one.record.package_id for one in answer.found)
    answer = as_published(answer, views_of)
    results = [_result(views, views_of[found.record.package_id], asked, found, query) for found in answer.found]
    lines = [line_of(view) for view in views_of.values()]
    return {
        "words": asked.words,
        "left_out": left_out,
        "unread_year": asked.unread_year,
        "is_nothing": asked.is_nothing,
        "unsearched": told_unsearched(query),
        "chosen": asked.narrowed.repository,
        "total": answer.total,
        "places": answer.places,
        "results": results,
        "catalogue_only": catalogue_only(views, lines),
        "pages_online": {line.view_id: line.pages for line in lines},
        "number": asked.number,
        "last": max(1, -(-answer.total // PAGE_SIZE)),
        "repositories": views.repositories(),
        "shown_at_first": _SHOWN_AT_FIRST,
        "choices": [
            (name, told)
            for facet in Facet
            for name, told in [_choices(views, asked, facet, answer, language)]
            if _is_worth_telling(told)
        ],
        "orders": [
            (WORDS[f"order_{one.value}"].text(language), asked.path(order=one.value), one is asked.order)
            for one in Order
        ],
        "turn": lambda to: asked.path(page=to),
    }


def _result(views: PublishedViews, view: PublishedView, asked: Asked, found: Found, query: Query) -> _Result:
    """Return what is shown of a record, all that is said of it from its view: nobody signed what an index says."""
    pages = tuple(_leaf(view, asked, hit) for hit in found.hits)
    title = view.said("title")
    marks = marks_under(query, "title", title)
    said = tuple(
        (one.label, excerpt(one.text, one.marks)) for one in said_hits(view, query, beside=bool(marks or pages))
    )
    href = pages[0].href if pages else page_path(views, line_of(view), words=asked.words, search=asked.state)
    pictures = chain((one.thumbnail for one in pages), (thumbnail_path(view, page) for page in view.pages))
    glance = next(filter(None, pictures), "")
    return _Result(view, href, marked(title, marks), said, pages, found.places - len(found.hits), glance)


def _leaf(view: PublishedView, asked: Asked, hit: Hit) -> _Leaf:
    page = next(page for page in view.pages if page.number == hit.place.page)
    href = record_path(view, page=page.number, words=asked.words, search=asked.state)
    return _Leaf(page.number, page.label, excerpt(hit.place.text, hit.marks), href, thumbnail_path(view, page))


def _is_worth_telling(choices: Sequence[_Choice]) -> bool:
    return len(choices) > 1 or any(one.is_chosen for one in choices)


def _choices(
    views: PublishedViews, asked: Asked, facet: Facet, answer: Answer, language: Language
) -> tuple[str, list[_Choice]]:
    """Return what a facet is called, which says how many values are not told, and the values with the most records.

    The chosen one is among them in any case: else nothing would lead back from it.
    """
    chosen, called = getattr(asked.narrowed, facet.value), WORDS[facet.value].text(language)
    counted = dict(answer.counts.get(facet, ()))
    told = list(counted if facet is Facet.YEAR else islice(counted, _MOST_CHOICES))
    if chosen and chosen not in told:
        told.append(chosen)
    if others := len(counted.keys() - told):
        called = _cut(called, _MOST_CHOICES, others, are_all=len(counted) < MOST_COUNTS).text(language)
    names = names_of(views, facet, told, language)
    choices = [
        _Choice(
            value,
            names.get(value, value),
            counted.get(value, answer.total),
            asked.path(**{facet.value: "" if value == chosen else value}),
            value == chosen,
            facet in _OURS,
        )
        for value in told
        if value in names or value == chosen
    ]
    return called, sorted(choices, key=lambda one: one.value) if facet is Facet.YEAR else choices


def _cut(name: str, told: int, others: int, *, are_all: bool) -> Message:
    """Return what a facet is called of which others are not told; ``are_all`` where there are no more than those."""
    if are_all:
        return message(
            "{name}（件数最多的 {n} 个，另有 {others} 个未列出）",
            "{name} (the {n} with the most; {others} more not listed)",
            name=name,
            n=told,
            others=others,
        )
    return message(
        "{name}（件数最多的 {n} 个，另有至少 {others} 个未列出）",
        "{name} (the {n} with the most; at least {others} more not listed)",
        name=name,
        n=told,
        others=others,
    )


def narrowed_names(
    views: PublishedViews, asked: Asked, language: Language, own: Callable[[str], str]
) -> dict[Facet, str]:
    """Return what that by which a search is narrowed is called, without what has no name; ``own`` writes words of ours."""
    called = {facet: names_of(views, facet, [value], language).get(value, "") for facet, value in asked.narrowed.by()}
    return {facet: own(name) if facet in _OURS else name for facet, name in called.items() if name}


def names_of(views: PublishedViews, facet: Facet, values: Sequence[str], language: Language) -> dict[str, str]:
    """Return what values are called; a repository or a fonds of which nothing is public has no name."""
    match facet:
        case Facet.REPOSITORY:
            holders = {
                code: name_en if language == "en" and name_en else name
                for code, name, name_en, _ in views.repositories()
            }
            return {value: holders[value] for value in values if value in holders}
        case Facet.FONDS:
            called = fonds_names(views, map(_parts, values))
            return {value: f"{of[1]} {called[of]}" for value in values if (of := _parts(value)) in called}
        case Facet.GENRE:
            return {value: GENRE_CODES[value].text(language) if value in GENRE_CODES else value for value in values}
        case Facet.TEXT:
            return {
                value: WORDS[f"with_text_{value}"].text(language) for value in values if value in (*TEXTS, WITH_TEXT)
            }
    return {value: value for value in values}


def _parts(fonds_value: str) -> tuple[str, str]:
    repository, _, number = fonds_value.partition("/")
    return repository, number
