"""Searching the embedded index: built beside a bare FTS5 of the same texts, then asked.

``--times 10`` is a million pages of 300 characters, in records of ten. The views of the public are not written. Figures of
searches are those of another process, the first search of which reads the columns and none of which remembers another's
words. ``portal.py`` measures the public site under load, ``indexing.py`` a server of Elasticsearch, and indexes that are
made again.
"""

import random
import resource
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archives.text.folding import folded_text, index_grams
from benchmarks.chinese import PAGES_A_RECORD, Writer, phrases_of
from benchmarks.figures import Bench, Figure, print_figures, seconds_of
from search.index.document import IndexedRecord
from search.index.embedded import EmbeddedIndex
from search.index.query import Facet, Query, parse_query
from search.index.search_index import Change, Searchable
from search.index.tables import columns

_RECORDS_TOGETHER = 500
_PAGES = 100_000
_PAGE_SIZE = 20
_FEW, _MANY = 5_000, 100_000


def searching(bench: Bench) -> Iterator[Figure]:
    """Build an index beside a bare one, each its turn, then search it."""
    pages = 2_000 if bench.quick else _PAGES * bench.times
    writer, index, bare = Writer(20261127), EmbeddedIndex(bench.folder / "index.db"), _bare(bench.folder / "bare.db")
    ours = by_hand = 0.0
    for begin in range(0, pages // PAGES_A_RECORD, _RECORDS_TOGETHER):
        last = min(begin + _RECORDS_TOGETHER, pages // PAGES_A_RECORD)
        records = [writer.record(number) for number in range(begin, last)]
        changes = [Change(one.package_id, one, 1) for one in records]
        ours += seconds_of(partial(index.replace_all, changes))
        by_hand += seconds_of(partial(_add_bare, bare, records))
    ours += seconds_of(partial(index.commit, 1))
    index.close()
    bare.close()
    bytes_a_page = (bench.folder / "index.db").stat().st_size / pages
    detail = {"pages": pages, "pages_a_second": pages / ours, "bare": pages / by_hand, "bytes_a_page": bytes_a_page}
    yield Figure("building, to a bare FTS5 of the same documents", by_hand / ours, "ratio", 0.75, detail=detail)
    with ProcessPoolExecutor(1, get_context("spawn")) as another:
        yield from another.submit(_searched, bench.folder / "index.db", phrases_of(writer), pages).result()


def finding(bench: Bench) -> Iterator[Figure]:
    """Compare what phrases of one to six letters find with where they stand, folded, in what is folded."""
    writer, index = Writer(7), EmbeddedIndex(bench.folder / "found.db")
    records = [writer.record(number) for number in range(50 if bench.quick else 2_000)]
    index.replace_all([Change(one.package_id, one, 1) for one in records])
    folded = {one.package_id: [folded_text(p.text) for p in one.places] for one in records}
    chance = random.Random(8)
    right = found = truth = 0
    for letters in range(1, 7):
        for _ in range(20):
            text = chance.choice(chance.choice(records).places).text
            place = chance.randrange(len(text) - letters)
            query = parse_query(f'"{text[place : place + letters]}"')
            if not query.phrases:
                continue
            answer = index.search(query, limit=len(records))
            told = {one.record.package_id for one in answer.found if one.places}
            stands = {key for key, texts in folded.items() if any(query.phrases[0].folded in text for text in texts)}
            right, found, truth = right + len(told & stands), found + len(told), truth + len(stands)
    index.close()
    yield Figure("recall of phrases of 1 to 6 letters", right / truth, "ratio", 1.0, detail={"records": len(records)})
    yield Figure("precision of the same", right / found, "ratio", 0.99)


BENCHMARKS: tuple[Callable[[Bench], Iterator[Figure]], ...] = (searching, finding)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query, in how many places it found words, and how many records it found."""

    query: Query
    places: int
    records: int


def _searched(path: Path, phrases: Sequence[str], pages: int) -> list[Figure]:
    columns._MOST_REMEMBERED = 0  # every search looks for its words, as if nobody had asked for them before
    index = EmbeddedIndex(path)
    first = seconds_of(partial(index.search, parse_query("地玄黄")))
    asked: list[_Asked] = []
    for words in phrases:
        answer = index.search(query := parse_query(words), limit=1)
        asked.append(_Asked(query, answer.places, answer.total))
    few = [one.query for one in asked if 0 < one.places <= _FEW]
    many = [one.query for one in asked if _FEW < one.places <= _MANY]
    most = [one.query for one in asked if one.places > pages / 2]
    figures = [
        Figure("first search of a process", first * 1000, "ms", detail={"records": index.count()}),
        timed(index, "phrase of at most 5,000 hits, p95", few, 50, share=0.95),
        timed(index, "phrase of at most 100,000 hits", many, 300),
        timed(index, "the same with counts by five facets", [replace(one, counted=tuple(Facet)) for one in many], 1000),
        timed(index, "words of most documents", most, 1000),
        timed(index, "the same with counts", [replace(one, counted=tuple(Facet)) for one in most], 1000),
        timed(index, "a lone letter", [parse_query(one.words[1]) for one in most]),
        timed(index, "two words, one of most documents", _pairs(most, few), 1000),
    ]
    deep = max(asked, key=lambda one: one.records)
    last = min(499, deep.records // _PAGE_SIZE)
    times = [
        [seconds_of(partial(index.search, deep.query, offset=page * _PAGE_SIZE)) for _ in range(7)]
        for page in (0, last)
    ]
    detail = {"page": last + 1, "first_ms": min(times[0]) * 1000}
    figures.append(
        Figure("page 500, to page 1", min(times[1]) / min(times[0]), "ratio", 1.5, at_most=True, detail=detail)
    )
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    return [*figures, Figure("most memory of the process", size, "MiB", 512, at_most=True)]


def timed(
    index: Searchable, named: str, queries: Sequence[Query], most: float | None = None, *, share: float = 1.0
) -> Figure:
    """Return how long the slowest of a share of these searches takes, each the better of two times."""
    times = sorted(min(seconds_of(partial(index.search, one)) for _ in range(2)) for one in queries) or [0.0]
    value = times[int(share * (len(times) - 1))] * 1000
    detail = {"queries": len(queries), "median": times[len(times) // 2] * 1000}
    return Figure(named, value, "ms", most, at_most=True, detail=detail)


def _pairs(most: Sequence[Query], few: Sequence[Query]) -> list[Query]:
    return [parse_query(f"{one.words} {other.words}") for one, other in zip(most, few[::5], strict=False)]


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("CREATE TABLE page (number INTEGER PRIMARY KEY, text TEXT)")
    connection.execute("CREATE VIRTUAL TABLE word USING fts5(grams, content='', tokenize='ascii')")
    return connection


def _add_bare(connection: sqlite3.Connection, records: Sequence[IndexedRecord]) -> None:
    texts = [text for one in records for text in (one.title, one.text, *(place.text for place in one.places))]
    start = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM page").fetchone()[0]
    with closing(connection.cursor()) as cursor:
        cursor.execute("BEGIN")
        cursor.executemany("INSERT INTO page VALUES (?, ?)", enumerate(texts, start))
        words = ((number, " ".join(index_grams(folded_text(text)))) for number, text in enumerate(texts, start))
        cursor.executemany("INSERT INTO word(rowid, grams) VALUES (?, ?)", words)
        cursor.execute("COMMIT")


if __name__ == "__main__":
    print_figures(__doc__, BENCHMARKS)
