"""Records as they lie in the file of the embedded index: rows written, replaced, struck out and read again.

Each document of a record (title, description, every place) has a number, the same among the words and the texts. Words
are struck out of a table of FTS5 without texts by giving them again as they were put in (https://sqlite.org/fts5.html
§6.4), so that they are cut anew from the text, by the same rules.
"""

import json
import sqlite3
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields

from archives.text.folding import folding_rules
from archives.text.tokens import index_tokens
from search.index.document import IndexedRecord, Named, Place
from search.index.query import TEXTS, Facet
from search.index.reading import begin_writing
from search.index.search_index import Change

TITLE, DESCRIPTION, PLACES = 0, 1, 2
"""Which of a record's documents is what; ``PLACES`` is where its places begin."""
NAMED = (Facet.REPOSITORY, Facet.FONDS, Facet.GENRE)
"""The facets whose values stand in the table of names."""
COLUMNS = ("first", "size", *NAMED, Facet.YEAR, Facet.TEXT, "date_from", "date_to")
"""What stands of every record in its packed row: its numbers, those of its names, its year (0: none), the place of its
text among ``TEXTS``, its first and last day."""
_PACKED = struct.Struct(f"<{len(COLUMNS)}q")
FORM = "records-3 "
"""How the name of the rules begins for files that have these tables."""
HOLDS_REMOVED = 1
"""SQLite's ``user_version`` of a file in which removed words may still stand."""
_MERGED_TOGETHER = 1000
"""How many pages of words a step of merging writes."""
_ANYTHING = 2  # changes that a step of merging makes at least, if any (fts5.html §6.8)
_HASH_BYTES = 1 << 25  # words in memory before they are written as a segment
_TABLES = (
    "CREATE TABLE state (schema TEXT NOT NULL, head INTEGER NOT NULL, following INTEGER NOT NULL, stamp TEXT NOT NULL)",
    "CREATE TABLE package (package_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, first INTEGER) WITHOUT ROWID",
    (
        "CREATE TABLE record (first INTEGER PRIMARY KEY, package_id TEXT NOT NULL, date_from INTEGER NOT NULL,"
        " shelf TEXT NOT NULL, packed BLOB NOT NULL)"
    ),
    "CREATE INDEX record_dated ON record (date_from, shelf, package_id, packed)",
    "CREATE INDEX record_coded ON record (shelf, package_id)",
    "CREATE TABLE name (number INTEGER PRIMARY KEY, value TEXT UNIQUE NOT NULL, used INTEGER NOT NULL)",
    ("CREATE TABLE document (number INTEGER PRIMARY KEY, text TEXT NOT NULL, named TEXT NOT NULL, told TEXT NOT NULL)"),
    "CREATE VIRTUAL TABLE word USING fts5(grams, content='', columnsize=0, tokenize='ascii')",
    f"INSERT INTO word(word, rank) VALUES ('hashsize', {_HASH_BYTES})",
)
_EVERY_TABLE = ("begun", "word", "document", "name", "record", "package", "state")
_STAMP = "hex(randomblob(16))"
_TOLD = tuple(one.name for one in fields(IndexedRecord) if one.name not in ("title", "text", "places"))
_TOLD_OF_PLACE = tuple(one.name for one in fields(Place) if one.name != "text")
_ENCODED = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def embedded_schema() -> str:
    """Return by which rules a file is written here: another one is filled anew."""
    return FORM + folding_rules()


def make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty index where there are none."""
    with one_step(connection):
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'state'").fetchone() is None:
            _fill_anew(connection)


def begin_again(connection: sqlite3.Connection) -> None:
    """Empty an index, whatever its tables are; no byte of before stays in the file."""
    connection.execute("PRAGMA cache_spill=ON")  # every page is written
    with one_step(connection):
        for table in _EVERY_TABLE:
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        _fill_anew(connection)
    connection.execute("VACUUM")
    connection.execute("PRAGMA cache_spill=OFF")


def merge_words(
    connection: sqlite3.Connection, *, timeout_seconds: float, may_go_on: Callable[[], bool] = lambda: True
) -> None:
    """Write the words anew, without those that were struck out, in steps so short that no reader waits for them.

    When it ends at any step, the next call goes on; what others wrote meanwhile is merged too. Before each step that is
    asked ``may_go_on``.
    """
    pages = -_MERGED_TOGETHER  # what is negative gathers all segments, to be merged into one (fts5.html §6.8)
    while True:
        begin_writing(connection, timeout_seconds=timeout_seconds)
        try:
            if not may_go_on():
                return
            before = connection.total_changes
            connection.execute("INSERT INTO word(word, rank) VALUES ('merge', ?)", (pages,))
            is_done = connection.total_changes - before < _ANYTHING
            if is_done and pages < 0:
                connection.execute("PRAGMA user_version=0")
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        if is_done and pages < 0:
            return
        pages = -_MERGED_TOGETHER if is_done else _MERGED_TOGETHER


def replace_rows(connection: sqlite3.Connection, change: Change) -> bool:
    """Replace what is found of a package, unless newer rows are there; return whether any words were removed.

    Where no word is another, as after a decision, the words stay as they are.
    """
    find = "SELECT sequence, first FROM package WHERE package_id = ?"
    known = connection.execute(find, (change.package_id,)).fetchone()
    if known[0] > change.sequence if known else not change.record:
        return False
    numbers = _numbers_held(connection, known[1]) if known and known[1] else range(0)
    record, new = change.record, _documents(change.record)
    stood = _row_of(connection, numbers)
    find = "SELECT text, named FROM document WHERE number >= ? AND number < ?"
    old = connection.execute(find, _ends(numbers)).fetchall()
    is_same = bool(old) and old == [(text, named) for text, named, _ in new]
    if numbers:
        _forget_record(connection, numbers)
    if record and is_same:
        told = [(told, number) for number, (_, _, told) in zip(numbers, new, strict=True)]
        connection.executemany("UPDATE document SET told = ? WHERE number = ?", told)
    else:
        _strike_out(connection, numbers, old)
        numbers = _write(connection, new)
    if record:
        _keep_record(connection, record, numbers)
    if _row_of(connection, numbers if record else range(0)) != stood:
        connection.execute(f"UPDATE state SET stamp = {_STAMP}")  # else the columns of all searches would be read anew
    row = (change.package_id, change.sequence, numbers.start if record else None)
    connection.execute("INSERT OR REPLACE INTO package VALUES (?, ?, ?)", row)
    return bool(old) and not is_same


def record_at(connection: sqlite3.Connection, first: int) -> IndexedRecord:
    """Return the record whose first number this is, without its places."""
    find = "SELECT text, told FROM document WHERE number BETWEEN ? AND ? ORDER BY number"
    (title, told), (text, _) = connection.execute(find, (first + TITLE, first + DESCRIPTION)).fetchall()
    return IndexedRecord(title=title, text=text, **json.loads(told))


def place_at(connection: sqlite3.Connection, number: int) -> Place:
    """Return the place with this number."""
    text, told = connection.execute("SELECT text, told FROM document WHERE number = ?", (number,)).fetchone()
    return Place(text=text, **json.loads(told))


def places_at(connection: sqlite3.Connection, first: int) -> tuple[Place, ...]:
    """Return all places of the record whose first number this is."""
    numbers = _numbers_held(connection, first)
    find = "SELECT text, told FROM document WHERE number >= ? AND number < ? ORDER BY number"
    rows = connection.execute(find, (numbers.start + PLACES, numbers.stop))
    return tuple(Place(text=text, **json.loads(told)) for text, told in rows)


@contextmanager
def one_step(connection: sqlite3.Connection) -> Iterator[None]:
    """Write in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _fill_anew(connection: sqlite3.Connection) -> None:
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute(f"INSERT INTO state VALUES (?, 0, 1, {_STAMP})", (embedded_schema(),))


def _documents(record: IndexedRecord | None) -> list[tuple[str, str, str]]:
    """Return the texts of a record's documents, each with what it says under names, and with what else is told of it."""
    if record is None:
        return []
    told = _ENCODED({name: getattr(record, name) for name in _TOLD})
    places = (
        (one.text, _named(one.named), _ENCODED({name: getattr(one, name) for name in _TOLD_OF_PLACE}))
        for one in record.places
    )
    return [(record.title, "", told), (record.text, _named(record.named), ""), *places]


def _named(named: Named) -> str:
    return _ENCODED([(field.sign, said) for field, said in named]) if named else ""


def _words(text: str, named: str) -> str:
    return " ".join(index_tokens(text, json.loads(named) if named else ()))


def _write(connection: sqlite3.Connection, documents: Sequence[tuple[str, str, str]]) -> range:
    """Write documents and return their numbers, which follow one another and are never given again."""
    give = "UPDATE state SET following = following + ? RETURNING following"
    following = connection.execute(give, (len(documents),)).fetchone()[0]
    numbers = range(following - len(documents), following)
    texts = ((number, *one) for number, one in zip(numbers, documents, strict=True))
    connection.executemany("INSERT INTO document VALUES (?, ?, ?, ?)", texts)
    words = ((number, _words(text, named)) for number, (text, named, _) in zip(numbers, documents, strict=True))
    connection.executemany("INSERT INTO word(rowid, grams) VALUES (?, ?)", words)
    return numbers


def _strike_out(connection: sqlite3.Connection, numbers: range, texts: Sequence[tuple[str, str]]) -> None:
    if not numbers:
        return
    connection.execute(f"PRAGMA user_version={HOLDS_REMOVED}")
    words = ((number, _words(*one)) for number, one in zip(numbers, texts, strict=True))
    connection.executemany("INSERT INTO word(word, rowid, grams) VALUES ('delete', ?, ?)", words)
    connection.execute("DELETE FROM document WHERE number >= ? AND number < ?", _ends(numbers))


def _keep_record(connection: sqlite3.Connection, record: IndexedRecord, numbers: range) -> None:
    use = "INSERT INTO name (value, used) VALUES (?, 1) ON CONFLICT (value) DO UPDATE SET used = used + 1 RETURNING number"
    named = [connection.execute(use, (facet.value_of(record),)).fetchone()[0] for facet in NAMED]
    text, days = TEXTS.index(Facet.TEXT.value_of(record)), (record.date_from, record.date_to)
    packed = _PACKED.pack(numbers.start, len(numbers), *named, record.year or 0, text, *days)
    row = (numbers.start, record.package_id, record.date_from, record.shelf, packed)
    connection.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?)", row)


def _forget_record(connection: sqlite3.Connection, numbers: range) -> None:
    """Forget a record but for its documents; a name that no other record has goes with it."""
    packed = connection.execute("DELETE FROM record WHERE first = ? RETURNING packed", (numbers.start,)).fetchone()[0]
    names = [(number,) for number in _PACKED.unpack(packed)[2 : 2 + len(NAMED)]]
    connection.executemany("UPDATE name SET used = used - 1 WHERE number = ?", names)
    connection.execute("DELETE FROM name WHERE used = 0")


def _row_of(connection: sqlite3.Connection, numbers: range) -> object:
    """Return what searches know of a record without reading it, None where there is none."""
    if not numbers:
        return None
    return connection.execute("SELECT * FROM record WHERE first = ?", (numbers.start,)).fetchone()


def _numbers_held(connection: sqlite3.Connection, first: int) -> range:
    packed = connection.execute("SELECT packed FROM record WHERE first = ?", (first,)).fetchone()[0]
    return range(first, first + _PACKED.unpack(packed)[1])


def _ends(numbers: range) -> tuple[int, int]:
    return (numbers.start, numbers.stop)
