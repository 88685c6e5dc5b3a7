"""Questions of every kind to several engines: each answer has to be the same, to the order of what was found.

The records are drawn: of few words that come again and again, so that many records are alike in all that orders them
but their codes, and of texts in which words stand as they do in a language. Some are replaced, some taken back.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.chinese import Writer
from search.index.answer import Answer
from search.index.document import UNKNOWN_DATE, Field, IndexedRecord, Place, TextOrigin
from search.index.language.terms import parse_terms
from search.index.query import Facet, Narrowed, Order, Query, parse_query
from search.index.search_index import Change, Searchable, SearchIndex

_WORDS = (
    "防汛",
    "水库",
    "通知",
    "dredging",
    "harbors",
    "dredge",
    "re-organised children",
    "1986",
    "岭政〔1986〕3号",
    "Z109-WS-3",
    "，",
    " ",
)
_ASKED = (
    "防汛", "水库", "dredged", '"dredging"', "harbour", "1986", "1986年", "1985-1986", "岭政(1986)3号", "-通知", "-1990", "-1985-1986",
    '-"防汛水库"', "Z109 WS 3", "水", "防",
    "岭政〔一九八六〕三号", "岭政1986年3号", "1985..1986", "1986.5.1", "1985.12-1986.2", "reorganise", "child",
)  # fmt: skip
_TOGETHER = 250


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, with what of its answer is wanted."""

    query: Query
    offset: int
    limit: int


def changes(number: int, seed: int) -> list[Change]:
    """Return what happened to so many records: each is written, some again, some taken back."""
    chance, writer = random.Random(seed), Writer(seed)
    every = [Change(one.package_id, one, 1) for one in (_drawn(chance, writer, place) for place in range(number))]
    for place in range(number // 6):
        package = every[chance.randrange(number)].package_id
        other = replace(_drawn(chance, writer, number + place), package_id=package)
        every.append(Change(package, None if chance.random() < 0.4 else other, 2))
    return every


def standing(every: Sequence[Change]) -> list[Change]:
    """Return what there is after all that happened, as an index that is filled anew is given it."""
    last = {change.package_id: change for change in every}
    return [one._replace(sequence=2) for one in last.values() if one.record]


def fill(index: SearchIndex, every: Sequence[Change]) -> None:
    """Write what happened, in steps."""
    for begin in range(0, len(every), _TOGETHER):
        index.replace_all(every[begin : begin + _TOGETHER])
    index.commit(2)


def fill_anew(index: SearchIndex, every: Sequence[Change]) -> None:
    """Make an index again beside the one that is searched, and let it take its place."""
    new = index.beside()
    fill(new, every)
    new.take_place()


def questions(number: int, every: Sequence[Change], seed: int) -> Iterator[Asked]:
    """Yield so many questions: words of the texts, the whole language, fields, narrowing, hidden records, deep pages."""
    chance = random.Random(seed)
    records = [change.record for change in every if change.record]
    for place in range(number):
        query = _of_texts(chance, records) if place % 2 else of_language(chance)
        hidden = frozenset(one.package_id for one in chance.sample(records, chance.choice((0, 0, 3, 40))))
        query = replace(query, order=chance.choice(tuple(Order)), counted=tuple(Facet), hidden=hidden)
        limit = chance.choice((1, 9, 20, 100))
        yield Asked(query, chance.choice((0, 0, limit, 3 * limit)), limit)


def unlike(reference: Searchable, others: Mapping[str, Searchable], asked: Sequence[Asked]) -> tuple[list[str], int]:
    """Return what others answer otherwise than the one that is compared with, and how many questions found something."""
    wrong: list[str] = []
    found = 0
    for one in asked:
        first = _answer(reference, one)
        found += first.total > 0
        for name, other in others.items():
            if (answer := _answer(other, one)) != first:
                wrong.append(f"{name}: {one.query.words!r} {one.query.narrowed}: {_told(answer)} for {_told(first)}")
    queries = [one.query for one in asked]
    totals = reference.totals(queries)
    wrong += [f"{name}: totals" for name, other in others.items() if other.totals(queries) != totals]
    return wrong, found


def _answer(index: Searchable, one: Asked) -> Answer:
    return index.search(one.query, offset=one.offset, limit=one.limit)


def _told(answer: Answer) -> str:
    return f"{answer.total}/{answer.places} {[one.record.package_id for one in answer.found]}"


def _of_texts(chance: random.Random, records: Sequence[IndexedRecord]) -> Query:
    """Return a question for one to three pieces of the texts of records, one to six characters long."""
    pieces = []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        one = chance.choice(records)
        text = chance.choice([one.title, one.text, *(place.text for place in one.places)]) or "空"
        start = chance.randrange(len(text))
        pieces.append(text[start : start + chance.randint(1, 6)].replace('"', ""))
    words = " ".join(chance.choice((piece, piece, f'"{piece}"', f"-{piece}")) for piece in pieces)
    year = chance.choice(("", "", "", "1950-1990", "1986"))
    return replace(parse_query(words), narrowed=Narrowed(year=year, text=chance.choice(("", "", "yes", "extracted"))))


def of_language(chance: random.Random) -> Query:
    """Return a question of which everything is drawn: words, phrases, exclusions, years, fields, narrowing."""
    query = parse_query(" ".join(chance.sample(_ASKED, k=chance.choice((0, 1, 1, 2, 3)))))
    named = [(one, chance.choice(_ASKED)) for one in Field if chance.random() < 0.15]
    terms = (term for field, text in named for term in parse_terms(text, field))
    narrowed = Narrowed(genre=chance.choice(("", "", "WS")), year=chance.choice(("", "", "1986", "1985-1986")))
    return replace(query, terms=(*query.terms, *terms), narrowed=narrowed)


def _drawn(chance: random.Random, writer: Writer, number: int) -> IndexedRecord:
    """Return a record of a language's texts, or one of few words."""
    record = replace(writer.record(number), package_id=f"{number:06}")
    return record if number % 3 == 0 else of_few_words(chance, record)


def of_few_words(chance: random.Random, record: IndexedRecord) -> IndexedRecord:
    """Return a record of which everything is drawn, of few words that come again and again."""

    def text(most: int) -> str:
        return "".join(chance.choices(_WORDS, k=chance.randint(0, most)))

    days, first = (
        chance.choice((0, 0, 300, 9000)),
        chance.choice((UNKNOWN_DATE, 19850101, 19860512, 19861231, 19900101)),
    )
    items = [
        Place(None, text(3), "开放", item=f"i{n}", title=text(2), author=text(1), document_number=text(1))
        for n in range(chance.choice((0, 0, 1, 2)))
    ]
    pages = [Place(n, text(6), "开放") for n in range(1, chance.randint(1, 4))]
    return replace(
        record,
        title=text(3),
        text=text(4),
        author=text(1),
        document_number=text(1),
        fonds=chance.choice(("Z109", "J019", "")),
        fonds_name=text(1),
        genre=chance.choice(("WS", "KJ")),
        year=chance.choice((None, 1985, 1986, 1990)),
        date_from=first,
        date_to=0 if first == UNKNOWN_DATE else first + days,
        code_order=f"{chance.randint(0, 99)}",
        places=(*items, *pages),
        text_origin=chance.choice((*TextOrigin,)) if pages else "",
    )
