"""What the page of results tells: a record once, with the pages below it in which words stand, and what narrows them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from markupsafe import Markup

from archives.message import Language
from search.doors.portal.marked import excerpt
from search.doors.portal.record_page import record_path
from search.index.answer import Answer, Found, Hit
from search.index.query import Facet, Query, parse_query
from search.published.view import PublishedView, as_published
from search.published.views import PublishedViews

PAGE_SIZE = 20
_COUNTED = (Facet.REPOSITORY, Facet.YEAR)
_MOST_YEARS = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address of the page of results asks for: words, repository and year (empty: any), the number of the page."""

    words: str
    repository: str
    year: str
    number: int

    def query(self, hidden: frozenset[str]) -> Query:
        """Return the query, which finds nothing of what is hidden."""
        query = parse_query(self.words, hidden=hidden)
        narrowed = replace(query.narrowed, repository=self.repository, year=self.year)
        return replace(query, narrowed=narrowed, counted=_COUNTED)

    def path(self, **other: str | int) -> str:
        """Return the address of the same with something else, which begins with its first page."""
        asked = {"q": self.words, "repository": self.repository, "year": self.year, **other}
        return "/search?" + urlencode({key: value for key, value in asked.items() if value})


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A page below a record, and its place on the site."""

    page: int
    label: str
    excerpt: Markup
    href: str


@dataclass(frozen=True, slots=True)
class _Result:
    """A record as it stands among the results; ``more`` is how many pages have words beside those that are shown."""

    view: PublishedView
    href: str
    excerpt: Markup
    pages: tuple[_Leaf, ...]
    more: int


@dataclass(frozen=True, slots=True)
class _Choice:
    """A value by which results can be narrowed, how many there are then, and whether they are."""

    value: str
    name: str
    records: int
    href: str
    is_chosen: bool


def results_values(
    views: PublishedViews, asked: Asked, language: Language, search: Callable[[Query], Answer]
) -> dict[str, object]:
    """Return what the template is filled with; ``search`` answers from the offset of the page that is asked for."""
    answer = search(asked.query(views.hidden()))
    views_of = views.of(one.record.package_id for one in answer.found)
    answer = as_published(answer, views_of, is_signed=views.is_signed)
    results = [
        _result(views_of[found.record.package_id], asked.words, found, is_signed=views.is_signed)
        for found in answer.found
    ]
    repositories = views.repositories()
    names = {code: name if language == "zh" or not name_en else name_en for code, name, name_en, _ in repositories}
    holders = _choices(asked, Facet.REPOSITORY, answer)
    return {
        "words": asked.words,
        "chosen": asked.repository,
        "total": answer.total,
        "places": answer.places,
        "results": results,
        "number": asked.number,
        "last": max(1, -(-answer.total // PAGE_SIZE)),
        "repositories": repositories,
        "holders": [replace(one, name=names[one.value]) for one in holders if one.value in names],
        "years": sorted(_choices(asked, Facet.YEAR, answer, most=_MOST_YEARS), key=lambda one: one.value),
        "turn": lambda to: asked.path(page=to),
    }


def _result(view: PublishedView, words: str, found: Found, *, is_signed: bool) -> _Result:
    """Return what is shown of a record; what an index says of its description nobody signed."""
    pages = tuple(_leaf(view, words, hit) for hit in found.hits)
    said = excerpt(found.record.text, found.marks) if found.marks and not is_signed else Markup()
    href = pages[0].href if pages else record_path(view, words=words)
    return _Result(view, href, said, pages, found.places - len(found.hits))


def _leaf(view: PublishedView, words: str, hit: Hit) -> _Leaf:
    page = next(page for page in view.pages if page.number == hit.place.page)
    href = record_path(view, page=page.number, words=words)
    return _Leaf(page.number, page.label, excerpt(hit.place.text, hit.marks), href)


def _choices(asked: Asked, facet: Facet, answer: Answer, *, most: int | None = None) -> list[_Choice]:
    """Return the values with the most records, and the chosen one in any case: else nothing would lead back from it."""
    chosen = getattr(asked, facet.value)
    counted = [(value, records) for value, records in answer.counts.get(facet, ())]
    told = counted[:most]
    if chosen and chosen not in dict(told):
        told.append((chosen, dict(counted).get(chosen, answer.total)))
    return [
        _Choice(value, value, records, asked.path(**{facet.value: "" if value == chosen else value}), value == chosen)
        for value, records in told
    ]
