"""How the page of results lets one ask again: a form with every field, and where nothing was found, what would find."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from archives.message import Message, message
from archives.record.genre import GENRE_CODES
from search.doors.portal.results_page import Asked
from search.doors.portal.words import WORDS
from search.index.language.suggestions import suggestions
from search.index.language.told import FIELD_NAMES, told
from search.index.query import LONGEST_QUERY, Facet, Query

_WORDS: dict[str, Message] = {
    **{key: WORDS[key] for key in ("advanced", "genre", "year", "search")},
    "any": message("全部", "Any"),
    "year_hint": message("1986 或 1986-1990", "1986 or 1986-1990"),
    "hint": message(
        "用空格隔开的词须同时出现；引号内的按原样查找；词前加短横（-）则排除该词。",
        "Words separated by spaces must all appear. Use quotation marks for an exact phrase, and a hyphen before a word to exclude it.",
    ),
    "searched": message("检索条件", "Search criteria"),
    "offered": message("可以试试", "Try instead"),
}


@dataclass(frozen=True, slots=True)
class _Input:
    """A field of the form: its name in addresses, what it is called, what stands in it."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class _Offer:
    """A way to find something: how it differs, where it leads, how many records it finds."""

    told: str
    href: str
    records: int


def form_values(asked: Asked, tell: Callable[[Message], str], *, is_found: bool) -> dict[str, object]:
    """Return what the advanced form is filled with; where results are shown it is folded, and says what was typed into it.

    It is open where its fields were used in vain: nothing was found, or a year is none. ``tell`` says a sentence in the
    reader's language.
    """
    named = asdict(asked.named)
    typed = any((*named.values(), asked.narrowed.genre, asked.narrowed.year))
    inputs = [_Input(field.value, tell(name), named[field.value]) for field, name in FIELD_NAMES.items()]
    genres = {code: tell(name) for code, name in GENRE_CODES.items()}
    if asked.narrowed.genre:
        genres.setdefault(asked.narrowed.genre, asked.narrowed.genre)
    return {
        "inputs": inputs,
        "genres": [(code, name, code == asked.narrowed.genre) for code, name in genres.items()],
        "year": asked.narrowed.year or asked.unread_year,
        "longest": LONGEST_QUERY,
        "is_open": bool(asked.unread_year) or (typed and not is_found),
        "typed": [one for one in inputs if one.value],
        "said": {key: tell(one) for key, one in _WORDS.items()},
    }


def nothing_values(
    asked: Asked,
    query: Query,
    tell: Callable[[Message], str],
    totals: Callable[[Sequence[Query]], Sequence[int]],
    called: Mapping[Facet, str],
) -> dict[str, object]:
    """Return what is told where nothing was found: what was searched, and each way to find something with its count.

    ``called`` is what narrows, by name.
    """
    offers = [_Offer(tell(one.told), _path(asked, one.query), one.records) for one in suggestions(query, totals)]
    return {
        "terms": [tell(one) for one in told(query, called)],
        "offers": offers,
        "said": {key: tell(one) for key, one in _WORDS.items()},
    }


def _path(asked: Asked, query: Query) -> str:
    return replace(asked, words=query.words, named=query.named, narrowed=query.narrowed, number=1).path()
