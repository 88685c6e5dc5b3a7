"""The fold of the journal in a database: how far it goes, what follows from it, which entries are about whom."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import sqlalchemy as sql

from archives.errors import StorageError
from archives.journal.chain import Entry, Head
from archives.journal.concern import Subject
from archives.message import message
from preservation.catalogue import tables
from preservation.catalogue.anchors import Anchors
from preservation.catalogue.folding.collection import no_collection
from preservation.catalogue.folding.fold import Fold
from preservation.catalogue.folding.renaming import subject_number
from preservation.journal.ledger import Ledger

_ENTRIES_AT_ONCE = 20_000
_CACHE_KIB = (
    3 << 16
)  # what is found by identifiers of six hundred thousand units, and less than half of what an import may take

Groups = Iterable[tuple[Head, tuple[Entry, ...]]]


class JournalFold:
    """A database that follows the journal; it holds no fact of its own and is made again when its form changes.

    Without a path it is a private one that vanishes with this object; ``guard`` then lets one thread at a time use it.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        if path is None:
            self.guard: AbstractContextManager[object] = threading.RLock()
            shared = {"check_same_thread": False}
            self.engine = sql.create_engine("sqlite:///file:?uri=true", connect_args=shared, poolclass=sql.StaticPool)
        else:
            self.guard = nullcontext()
            path.parent.mkdir(parents=True, exist_ok=True)
            self.engine = sql.create_engine(f"sqlite:///{path}", connect_args={"timeout": 60})
        sql.event.listen(self.engine, "connect", _set_passing if path is None else _set_durable)
        sql.event.listen(self.engine, "handle_error", lambda context: _unusable(path, context))
        with self.engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # two processes may find it missing at once
            known = sql.inspect(connection).has_table("position")
            schema = connection.scalar(sql.select(tables.position.c.schema)) if known else None
            if schema != tables.SCHEMA:
                former = sql.MetaData()
                former.reflect(connection)
                former.drop_all(connection)
                tables.METADATA.create_all(connection, checkfirst=False)
                connection.execute(_beginning())

    def clear(self) -> None:
        """Forget everything, in one step, while others go on."""
        with self.engine.begin() as connection:
            for table in tables.METADATA.sorted_tables:
                connection.execute(table.delete())
            connection.execute(_beginning())

    def close(self) -> None:
        """Let go of the database file."""
        self.engine.dispose()

    def head(self) -> Head:
        """Return how far the journal has been followed."""
        with self.guard, self.engine.connect() as connection:
            row = connection.execute(sql.select(tables.position.c.sequence, tables.position.c.digest)).one()
        return Head(row.sequence, row.digest)

    def follow(self, groups_after: Callable[[Head], Groups]) -> None:
        """Take over what was recorded since; a second call goes on where the first stopped.

        Groups are taken over wholly or not at all. Where another process went on meanwhile, it is gone on from there.
        """
        with no_collection():
            while not self._follow(groups_after):
                pass

    def _follow(self, groups_after: Callable[[Head], Groups]) -> bool:
        at = self.head()
        waiting: list[tuple[Head, tuple[Entry, ...]]] = []
        for group in groups_after(at):
            waiting.append(group)
            if group[0].sequence - at.sequence >= _ENTRIES_AT_ONCE:
                if not self._take(at, waiting):
                    return False
                at, waiting = waiting[-1][0], []
        return self._take(at, waiting)

    def _take(self, at: Head, groups: Sequence[tuple[Head, tuple[Entry, ...]]]) -> bool:
        if not groups:
            return True
        end = groups[-1][0]
        where = (tables.position.c.sequence == at.sequence) & (tables.position.c.digest == at.digest)
        with self.guard, self.engine.begin() as connection:
            moved = tables.position.update().where(where).values(sequence=end.sequence, digest=end.digest)
            if not connection.execute(moved).rowcount:
                return False
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            fold = Fold(raw)
            try:
                for head, entries in groups:
                    fold.take(entries, head)
                fold.flush()
            except sqlite3.Error as cause:
                raise _cannot_be_used(self._path, cause) from cause
        return True

    def places(self, subjects: Iterable[Subject], *, after: int = 0) -> tuple[tuple[Head, Head, tuple[int, ...]], ...]:
        """Return the groups that hold entries about subjects: the head before, the head after, the entries' numbers.

        Only entries that come after the one with the number ``after``.
        """
        numbers = [subject_number(subject) for subject in subjects]
        group = tables.journal_group.c
        with self.guard, self.engine.connect() as connection:
            concerned = tables.concern.c.subject.in_(numbers) & (tables.concern.c.sequence > after)
            query = sql.select(tables.concern.c.sequence).where(concerned).distinct()
            found: dict[tuple[Head, Head], list[int]] = {}
            for sequence in connection.scalars(query.order_by(tables.concern.c.sequence)).all():
                until = sql.select(group.first, group.last, group.digest).where(group.first <= sequence)
                holding, *before = connection.execute(until.order_by(group.first.desc()).limit(2)).all()
                start = Head(before[0].last, before[0].digest) if before else Head()
                found.setdefault((start, Head(holding.last, holding.digest)), []).append(sequence)
        return tuple((start, end, tuple(sequences)) for (start, end), sequences in found.items())


class JournalReading:
    """What the journal says, brought up to date when a verdict depends on it; for several threads.

    Without a fold that others keep, the journal is folded from its first entry: what is about to judge or destroy must
    not trust a cache.
    """

    def __init__(self, ledger: Ledger, fold: JournalFold | None = None) -> None:
        self._ledger = ledger
        self._guard = threading.Lock()
        self.fold = fold or JournalFold()
        self.anchors = Anchors(self.fold.engine, self.fold.guard)
        self.refresh()

    @property
    def head(self) -> Head:
        """How far the journal has been read."""
        return self.fold.head()

    def refresh(self) -> Anchors:
        """Read what was recorded since the last reading."""
        with self._guard:
            self.fold.follow(self._ledger.groups)
            self.anchors.look_again()
            self._ledger.away = set(self.anchors.away)
            return self.anchors

    def entries_about(self, *subjects: Subject, once: Iterable[Subject] = (), after: int = 0) -> Iterator[Entry]:
        """Yield the entries about any of these subjects, in order, as the journal holds them, from after a number on.

        A subject without an identifier stands for all persons, holds or plans. ``once`` is how the subjects were called
        before. Raises ``IntegrityError`` where no store has an entry as it was when it was followed.
        """
        named = {*subjects, *once}
        listed = {subject.kind for subject in subjects if not subject.identifier}
        for start, end, sequences in self.fold.places(subjects, after=after):
            for entry in self._ledger.entries_between(start, end):
                concerned = entry.fact.concerns() if entry.sequence in sequences else ()
                if any(one in named or one.kind in listed for one in concerned):
                    yield entry


def _beginning() -> sql.Insert:
    return tables.position.insert().values(schema=tables.SCHEMA, sequence=0, digest=Head().digest, next_number=1)


def _set_durable(connection: sqlite3.Connection, _: object) -> None:
    """Leave no trace of deleted rows in the file: what was disposed of is gone here too.

    Of what is looked up by identifier every row lies elsewhere: large pages are fewer to write.
    """
    connection.execute("PRAGMA page_size = 16384")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")


def _set_passing(connection: sqlite3.Connection, _: object) -> None:
    """Keep a database that does not outlive its process off the disk as far as possible."""
    for pragma in ("synchronous = OFF", "journal_mode = MEMORY", f"cache_size = -{_CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}")


def _unusable(path: Path | None, context: sql.engine.ExceptionContext) -> None:
    raise _cannot_be_used(path, context.original_exception) from context.original_exception


def _cannot_be_used(path: Path | None, cause: BaseException) -> StorageError:
    return StorageError(
        message("目录数据库不能用：{reason}", "the catalogue cannot be used: {reason}", reason=str(cause)),
        subject=str(path or "catalogue"),
        advice=message("可用 jinkui rebuild 重建", "jinkui rebuild makes it again"),
    )
