"""The catalogue: what the packages and the journal say, in a database for quick look-up.

It is a cache and holds no fact of its own: every row is a fold over the journal, with descriptions and files read from
the packages. It remembers how far it has read, follows from there, and is thrown away and made again when its form
changes or ``jinkui rebuild`` says so.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sql
from pydantic import TypeAdapter

from archives.description import Description, Fonds, Repository
from archives.errors import AmbiguousError, FormatError, IntegrityError, NotFoundError, StorageError
from archives.facts import (
    CopiesReplicated,
    CopyRepaired,
    DamageFound,
    DisposalIntended,
    FixityChecked,
    FondsDescribed,
    OpeningDecided,
    OpeningWithdrawn,
    PackageAbandoned,
    PackageDisposed,
    PackageIntended,
    PackageStored,
    ReplicationAbandoned,
    ReplicationIntended,
    RepositoryAdded,
    StoreAway,
    StoreReturned,
)
from archives.holding import Holding, StoredFile
from archives.identifiers import PackageId, RecordKey, archival_code_key, parse_archival_code
from archives.journal import Entry, Head
from archives.message import message
from archives.record import PackageKind
from archives.rights import OpeningDecision, Withdrawal
from preservation.forecast import CopyRecord
from preservation.upkeep import METADATA, Upkeep, remember_verification, take_over_upkeep

_SCHEMA = 5
Value = TypeVar("Value")

_metadata = METADATA
_position = sql.Table(
    "position",
    _metadata,
    sql.Column("schema", sql.Integer, nullable=False),
    sql.Column("sequence", sql.Integer, nullable=False),
    sql.Column("digest", sql.String, nullable=False),
)
_repository = sql.Table(
    "repository",
    _metadata,
    sql.Column("code", sql.String, primary_key=True),
    sql.Column("value", sql.String, nullable=False),
)
_fonds = sql.Table(
    "fonds",
    _metadata,
    sql.Column("repository", sql.String, primary_key=True),
    sql.Column("number", sql.String, primary_key=True),
    sql.Column("value", sql.String, nullable=False),
)
_package = sql.Table(
    "package",
    _metadata,
    sql.Column("package_id", sql.String, primary_key=True),
    sql.Column("kind", sql.String, nullable=False),
    sql.Column("repository", sql.String, nullable=False, index=True),
    sql.Column("code_key", sql.String, nullable=False, index=True),
    sql.Column("fonds_number", sql.String, nullable=False),
    sql.Column("batch_id", sql.String, nullable=False, index=True),
    sql.Column("anchor", sql.String, nullable=False),
    sql.Column("size_bytes", sql.Integer, nullable=False),
    sql.Column("description", sql.String),
    sql.Column("stored_at", sql.String, nullable=False),
    sql.Column("sequence", sql.Integer, nullable=False, index=True),
)
_file = sql.Table(
    "file",
    _metadata,
    sql.Column("package_id", sql.String, primary_key=True),
    sql.Column("path", sql.String, primary_key=True),
    sql.Column("value", sql.String, nullable=False),
)
_decision = sql.Table(
    "decision",
    _metadata,
    sql.Column("sequence", sql.Integer, primary_key=True),
    sql.Column("repository", sql.String, nullable=False),
    sql.Column("code_key", sql.String, nullable=False),
    sql.Column("awaits", sql.Boolean, nullable=False),
    sql.Column("value", sql.String, nullable=False),
    sql.Index("decision_record", "repository", "code_key"),
)
_copy = sql.Table(
    "copy",
    _metadata,
    sql.Column("package_id", sql.String, primary_key=True),
    sql.Column("store", sql.String, primary_key=True),
    sql.Column("version", sql.Integer, nullable=False),
    sql.Column("verified_at", sql.String, nullable=False),
)
_alias = sql.Table(
    "alias",
    _metadata,
    sql.Column("repository", sql.String, primary_key=True),
    sql.Column("code_key", sql.String, primary_key=True),
    sql.Column("package_id", sql.String, nullable=False),
)
_tombstone = sql.Table(
    "tombstone",
    _metadata,
    sql.Column("package_id", sql.String, primary_key=True),
    sql.Column("repository", sql.String, nullable=False),
    sql.Column("code_key", sql.String, nullable=False),
    sql.Column("sequence", sql.Integer, nullable=False, index=True),
    sql.Column("disposed_at", sql.String, nullable=False),
    sql.Column("plan_id", sql.String, nullable=False),
)
_begun = sql.Table(
    "begun",
    _metadata,
    sql.Column("what", sql.String, primary_key=True),
    sql.Column("store", sql.String, primary_key=True),
    sql.Column("package_id", sql.String, primary_key=True),
)
_away = sql.Table("away", _metadata, sql.Column("store", sql.String, primary_key=True))
_intent = sql.Table(
    "intent",
    _metadata,
    sql.Column("package_id", sql.String, primary_key=True),
    sql.Column("version", sql.Integer, primary_key=True),
    sql.Column("value", sql.String, nullable=False),
)
_entry = sql.Table(
    "entry",
    _metadata,
    sql.Column("sequence", sql.Integer, primary_key=True),
    sql.Column("package_id", sql.String, index=True),
    sql.Column("repository", sql.String),
    sql.Column("code_key", sql.String),
    sql.Column("value", sql.String, nullable=False),
    sql.Index("entry_record", "repository", "code_key"),
)


@dataclass(frozen=True, slots=True)
class PackageContent:
    """What the catalogue takes over from a package: its description (None for a submission) and its files."""

    description: Description | None
    files: tuple[StoredFile, ...]


@dataclass(frozen=True, slots=True)
class CopyState:
    """Up to which version one store has a package, and when its copy was last read whole and found good."""

    store: str
    version: int
    verified_at: datetime


@dataclass(frozen=True, slots=True)
class Tombstone:
    """When a record was disposed of, and under which plan."""

    plan_id: str
    disposed_at: datetime


ContentReader = Callable[[PackageStored], PackageContent]
"""Reads what a package says of itself; raises ``IntegrityError`` or ``FormatError`` when no copy can be read."""


class Catalogue:
    """The catalogue of one home in an SQLite file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._engine = sql.create_engine(f"sqlite:///{path}", connect_args={"timeout": 60})
        sql.event.listen(self._engine, "connect", _erase_what_is_deleted)
        sql.event.listen(self._engine, "handle_error", lambda context: _unusable(path, context))
        with self._engine.begin() as connection:
            _metadata.create_all(connection)
            schema = connection.scalar(sql.select(_position.c.schema))
            if schema is not None and schema != _SCHEMA:
                _metadata.drop_all(connection)
                _metadata.create_all(connection)
                schema = None
            if schema is None:
                connection.execute(_position.insert().values(schema=_SCHEMA, sequence=0, digest=Head().digest))

    def clear(self) -> None:
        """Forget everything, in one step, while others go on."""
        with self._engine.begin() as connection:
            for table in _metadata.sorted_tables:
                connection.execute(table.delete())
            connection.execute(_position.insert().values(schema=_SCHEMA, sequence=0, digest=Head().digest))

    def close(self) -> None:
        """Let go of the database file."""
        self._engine.dispose()

    def head(self) -> Head:
        """Return how far the journal has been read."""
        with self._engine.connect() as connection:
            row = connection.execute(sql.select(_position.c.sequence, _position.c.digest)).one()
        return Head(row.sequence, row.digest)

    def catch_up(
        self, groups: Iterable[tuple[Head, tuple[Entry, ...]]], read_content: ContentReader
    ) -> tuple[PackageStored, ...]:
        """Read the groups that follow ``head()``; return the packages whose content no copy could give.

        Each group is taken over wholly or not at all; a second call goes on where the first stopped.
        """
        unreadable: list[PackageStored] = []
        for head, entries in groups:
            with self._engine.begin() as connection:
                for entry in entries:
                    unreadable += _take_over(connection, entry, read_content)
                connection.execute(_position.update().values(sequence=head.sequence, digest=head.digest))
        disposed = {package_id for package_id, _ in self.disposed_after(0)} if unreadable else set()
        return tuple(anchor for anchor in unreadable if anchor.package_id not in disposed)

    def repositories(self) -> tuple[Repository, ...]:
        """Return every repository, by code."""
        with self._engine.connect() as connection:
            rows = connection.scalars(sql.select(_repository.c.value).order_by(_repository.c.code)).all()
        return tuple(_REPOSITORY.validate_json(row) for row in rows)

    def fonds(self) -> tuple[Fonds, ...]:
        """Return every fonds, by repository and number."""
        query = sql.select(_fonds.c.value).order_by(_fonds.c.repository, _fonds.c.number)
        with self._engine.connect() as connection:
            return tuple(_FONDS.validate_json(row) for row in connection.scalars(query))

    def find(self, code: str, *, repository: str | None = None) -> Holding:
        """Return the record with this archival code, or that had it before it was renumbered, written in any way.

        Raises ``NotFoundError``, or ``AmbiguousError`` when several repositories hold the code and none is named.
        """
        key = archival_code_key(code)
        with self._engine.connect() as connection:
            rows = connection.execute(_narrowed(_records().where(_package.c.code_key == key), repository)).all()
            rows = rows or connection.execute(_narrowed(_renumbered(key), repository)).all()
            if len(rows) == 1:
                return _holding(connection, rows[0])
        if not rows:
            raise NotFoundError(
                message("没有档号为 {code} 的记录", "no record has the archival code {code}", code=code), subject=code
            )
        candidates = tuple(f"{row.repository}:{code}" for row in rows)
        raise AmbiguousError(
            message(
                "档号 {code} 在几个馆（室）中都有", "several repositories hold the archival code {code}", code=code
            ),
            candidates=candidates,
            subject=code,
            advice=message("请写明其中一个：{all}", "name one of them: {all}", all=", ".join(candidates)),
        )

    def find_key(self, key: RecordKey) -> Holding | None:
        """Return the record that has this key, or had it before it was renumbered; None when there is none."""
        query = _records().where(_package.c.repository == key.repository, _package.c.code_key == key.code_key)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
            row = row or connection.execute(_narrowed(_renumbered(key.code_key), key.repository)).one_or_none()
            return _holding(connection, row) if row else None

    def holdings(self, *, after_sequence: int = 0) -> Iterator[Holding]:
        """Yield the records that changed after a journal sequence, in the order of their changes."""
        query = _records().where(_package.c.sequence > after_sequence).order_by(_package.c.sequence)
        with self._engine.connect() as connection:
            for row in connection.execute(query).all():
                yield _holding(connection, row)

    def awaiting(self) -> Iterator[Holding]:
        """Yield the records with a decision that was to take effect later than it was recorded."""
        awaited = sql.select(_decision.c.repository, _decision.c.code_key).where(_decision.c.awaits)
        query = _records().where(sql.tuple_(_package.c.repository, _package.c.code_key).in_(awaited))
        with self._engine.connect() as connection:
            for row in connection.execute(query).all():
                yield _holding(connection, row)

    def former_codes(self, holding: Holding) -> tuple[str, ...]:
        """Return the matching forms of the archival codes that a record had before."""
        query = sql.select(_alias.c.code_key).where(_alias.c.package_id == holding.package_id.value)
        with self._engine.connect() as connection:
            return tuple(connection.scalars(query.order_by(_alias.c.code_key)))

    def tombstone(self, key: RecordKey) -> Tombstone | None:
        """Return when and under which plan the record with this key was disposed of, or None."""
        query = sql.select(_tombstone.c.plan_id, _tombstone.c.disposed_at).where(
            _tombstone.c.repository == key.repository, _tombstone.c.code_key == key.code_key
        )
        with self._engine.connect() as connection:
            row = connection.execute(query.order_by(_tombstone.c.sequence.desc())).first()
        return Tombstone(row.plan_id, datetime.fromisoformat(row.disposed_at)) if row else None

    def disposed_after(self, sequence: int) -> tuple[tuple[str, int], ...]:
        """Return the packages disposed of after a journal sequence, each with the sequence of its tombstone."""
        query = sql.select(_tombstone.c.package_id, _tombstone.c.sequence).where(_tombstone.c.sequence > sequence)
        with self._engine.connect() as connection:
            return tuple((row.package_id, row.sequence) for row in connection.execute(query))

    def anchors(self, *, batch_id: str | None = None) -> dict[str, PackageStored]:
        """Return the newest anchor of every package, records and submissions, by package identifier."""
        query = sql.select(_package.c.package_id, _package.c.anchor)
        if batch_id is not None:
            query = query.where(_package.c.batch_id == batch_id)
        with self._engine.connect() as connection:
            return {row.package_id: _ANCHOR.validate_json(row.anchor) for row in connection.execute(query)}

    def anchor(self, package_id: PackageId) -> PackageStored:
        """Return the newest anchor of a package; raises ``NotFoundError``."""
        query = sql.select(_package.c.anchor).where(_package.c.package_id == package_id.value)
        with self._engine.connect() as connection:
            row = connection.scalar(query)
        if row is None:
            raise NotFoundError(
                message("没有信息包 {id}", "there is no package {id}", id=package_id.value), subject=package_id.value
            )
        return _ANCHOR.validate_json(row)

    def copies(self, package_id: PackageId) -> tuple[CopyState, ...]:
        """Return the copies of a package, by store."""
        query = sql.select(_copy).where(_copy.c.package_id == package_id.value).order_by(_copy.c.store)
        with self._engine.connect() as connection:
            return tuple(
                CopyState(row.store, row.version, datetime.fromisoformat(row.verified_at))
                for row in connection.execute(query)
            )

    def copy_records(self) -> Iterator[CopyRecord]:
        """Yield every copy there is, with the size of all its versions together, in no order."""
        query = sql.select(_copy.c.store, _copy.c.package_id, _package.c.size_bytes, _copy.c.verified_at).join(
            _package, _package.c.package_id == _copy.c.package_id
        )
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                yield CopyRecord(row[0], row[1], row[2], datetime.fromisoformat(row[3]))

    @property
    def upkeep(self) -> Upkeep:
        """Audits, open damage and restore drills."""
        return Upkeep(self._engine)

    def has_open_work(self) -> bool:
        """Return whether anything was begun (a version, a replication, a disposal) and neither ended nor given up."""
        with self._engine.connect() as connection:
            return any(connection.execute(sql.select(table).limit(1)).first() for table in (_intent, _begun))

    def away_stores(self) -> frozenset[str]:
        """Return the stores that the journal says are away."""
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(sql.select(_away.c.store)))

    def history(self, holding: Holding) -> tuple[Entry, ...]:
        """Return what the journal holds about one record, in order."""
        query = (
            sql.select(_entry.c.value)
            .where(
                (_entry.c.package_id == holding.package_id.value)
                | ((_entry.c.repository == holding.key.repository) & (_entry.c.code_key == holding.key.code_key))
            )
            .order_by(_entry.c.sequence)
        )
        with self._engine.connect() as connection:
            return tuple(_ENTRY.validate_json(row) for row in connection.scalars(query))


def _erase_what_is_deleted(connection: sqlite3.Connection, _: object) -> None:
    """Leave no trace of deleted rows in the file: what was disposed of is gone here too."""
    connection.execute("PRAGMA secure_delete = ON")


def _unusable(path: Path, context: sql.engine.ExceptionContext) -> None:
    raise StorageError(
        message(
            "目录数据库不能用：{reason}",
            "the catalogue cannot be used: {reason}",
            reason=str(context.original_exception),
        ),
        subject=str(path),
        advice=message("可用 jinkui rebuild 重建", "jinkui rebuild makes it again"),
    ) from context.original_exception


def _records() -> "sql.Select[tuple[object, ...]]":
    return sql.select(_package).where(_package.c.kind == PackageKind.RECORD, _package.c.description.is_not(None))


def _narrowed(query: "sql.Select[tuple[object, ...]]", repository: str | None) -> "sql.Select[tuple[object, ...]]":
    chosen = query if repository is None else query.where(_package.c.repository == repository)
    return chosen.order_by(_package.c.repository)


def _renumbered(code_key: str) -> "sql.Select[tuple[object, ...]]":
    """Return the query of the records that had this code before they were renumbered."""
    return _records().where(_package.c.package_id == _alias.c.package_id, _alias.c.code_key == code_key)


def _take_over(connection: sql.Connection, entry: Entry, read_content: ContentReader) -> tuple[PackageStored, ...]:
    """Apply one entry; return the package whose content could not be read, if that was the case."""
    take_over_upkeep(connection, entry)
    match entry.fact:
        case RepositoryAdded(repository):
            _replace(connection, _repository, code=repository.code.value, value=_json(_REPOSITORY, repository))
            _touch(connection, entry, _package.c.repository == repository.code.value)
        case FondsDescribed(fonds):
            _replace(
                connection,
                _fonds,
                repository=fonds.repository.value,
                number=fonds.number,
                value=_json(_FONDS, fonds),
            )
            _touch(
                connection,
                entry,
                (_package.c.repository == fonds.repository.value) & (_package.c.fonds_number == fonds.number),
            )
        case PackageIntended() as fact:
            _replace(
                connection,
                _intent,
                package_id=fact.package_id,
                version=fact.version,
                value=_json(_INTENT, fact),
            )
            _remember(connection, entry, package_id=fact.package_id)
        case PackageAbandoned() as fact:
            _close_intent(connection, fact)
            _remember(connection, entry, package_id=fact.package_id)
        case PackageStored() as fact:
            _close_intent(connection, fact)
            _remember(connection, entry, package_id=fact.package_id)
            return _store_package(connection, entry, fact, read_content)
        case OpeningDecided(repository_code, code, decision):
            opens = decision.takes_effect_on
            _decide(
                connection, entry, (repository_code, code), decision, awaits=bool(opens and opens > entry.at.date())
            )
        case OpeningWithdrawn(repository_code, code, withdrawal):
            _decide(connection, entry, (repository_code, code), withdrawal, awaits=False)
        case FixityChecked(store, packages):
            _checked(connection, packages, store, entry.at)
        case CopiesReplicated(store, versions):
            for package_id, version in versions:
                _verified(connection, package_id, store, version, entry.at)
            _end(connection, "replication", store, [package_id for package_id, _ in versions])
        case ReplicationIntended(store, versions):
            for package_id, _ in versions:
                _replace(connection, _begun, what="replication", store=store, package_id=package_id)
        case ReplicationAbandoned(store, versions):
            _end(connection, "replication", store, [package_id for package_id, _ in versions])
        case StoreAway(store):
            _replace(connection, _away, store=store)
        case StoreReturned(store):
            connection.execute(_away.delete().where(_away.c.store == store))
        case DisposalIntended() as fact:
            _replace(connection, _begun, what="disposal", store="", package_id=fact.package_id)
            _remember(connection, entry, package_id=fact.package_id)
        case PackageDisposed() as fact:
            _remember(connection, entry, package_id=fact.package_id)
            _bury(connection, entry, fact)
        case DamageFound() | CopyRepaired() as fact if fact.package_id:
            _remember(connection, entry, package_id=fact.package_id)
        case _:
            pass
    return ()


def _store_package(
    connection: sql.Connection, entry: Entry, fact: PackageStored, read_content: ContentReader
) -> tuple[PackageStored, ...]:
    try:
        content = read_content(fact)
    except (IntegrityError, FormatError, NotFoundError):
        content = PackageContent(_bare(fact), ())
    description = content.description
    key = archival_code_key(fact.archival_code)
    former = connection.scalar(sql.select(_package.c.code_key).where(_package.c.package_id == fact.package_id))
    if former is not None and former != key:
        _renumber(connection, fact, former)
    _replace(
        connection,
        _package,
        package_id=fact.package_id,
        kind=fact.kind,
        repository=fact.repository,
        code_key=key,
        fonds_number=description.code.fonds if description else "",
        batch_id=fact.batch_id,
        anchor=_json(_ANCHOR, fact),
        size_bytes=fact.size_bytes + _size_before(connection, fact),
        description=_json(_DESCRIPTION, description) if description else None,
        stored_at=entry.at.astimezone(UTC).isoformat(),
        sequence=entry.sequence,
    )
    connection.execute(_file.delete().where(_file.c.package_id == fact.package_id))
    if content.files:
        connection.execute(
            _file.insert(),
            [
                {"package_id": fact.package_id, "path": str(file.path), "value": _json(_FILE, file)}
                for file in content.files
            ],
        )
    for store in fact.stores:
        _verified(connection, fact.package_id, store, fact.version, entry.at)
    return () if content.files else (fact,)


def _bare(fact: PackageStored) -> Description | None:
    """Return what the journal alone knows of a record, so that it is never taken for absent."""
    if fact.kind is not PackageKind.RECORD:
        return None
    return Description(parse_archival_code(fact.archival_code), title="")


def _decide(
    connection: sql.Connection,
    entry: Entry,
    record: tuple[str, str],
    decided: OpeningDecision | Withdrawal,
    *,
    awaits: bool,
) -> None:
    repository, key = record[0], _present_key(connection, record[0], archival_code_key(record[1]))
    value = _json(_DECISION, decided)
    _replace(
        connection, _decision, sequence=entry.sequence, repository=repository, code_key=key, awaits=awaits, value=value
    )
    _remember(connection, entry, repository=repository, code_key=key)
    _touch(connection, entry, (_package.c.repository == repository) & (_package.c.code_key == key))


def _present_key(connection: sql.Connection, repository: str, key: str) -> str:
    """Return the key under which the record stands now that has, or had, this one."""
    has = sql.select(_package.c.package_id).where(_package.c.repository == repository, _package.c.code_key == key)
    if connection.scalar(has) is not None:
        return key
    had = sql.select(_package.c.code_key).where(
        _package.c.package_id == _alias.c.package_id, _alias.c.repository == repository, _alias.c.code_key == key
    )
    return connection.scalar(had) or key


def _holding(connection: sql.Connection, row: "sql.Row[tuple[object, ...]]") -> Holding:
    fields = row._mapping
    package_id, repository, key = fields["package_id"], fields["repository"], fields["code_key"]
    description = _DESCRIPTION.validate_json(fields["description"])
    files = connection.scalars(sql.select(_file.c.value).where(_file.c.package_id == package_id).order_by(_file.c.path))
    decisions = connection.scalars(
        sql.select(_decision.c.value)
        .where(_decision.c.repository == repository, _decision.c.code_key == key)
        .order_by(_decision.c.sequence)
    )
    fonds = connection.scalar(
        sql.select(_fonds.c.value).where(_fonds.c.repository == repository, _fonds.c.number == description.code.fonds)
    )
    known = connection.execute(sql.select(_repository.c.value).where(_repository.c.code == repository)).scalar_one()
    return Holding(
        package_id=PackageId(package_id),
        version=_ANCHOR.validate_json(fields["anchor"]).version,
        key=RecordKey(repository, key),
        repository=_REPOSITORY.validate_json(known),
        fonds=_FONDS.validate_json(fonds) if fonds else None,
        description=description,
        files=tuple(_FILE.validate_json(file) for file in files),
        decisions=tuple(_DECISION.validate_json(decision) for decision in decisions),
        sequence=fields["sequence"],
        stored_at=datetime.fromisoformat(fields["stored_at"]),
    )


def _size_before(connection: sql.Connection, fact: PackageStored) -> int:
    """Return the size of the versions before this one, which every copy keeps."""
    query = sql.select(_package.c.anchor, _package.c.size_bytes).where(_package.c.package_id == fact.package_id)
    row = connection.execute(query).one_or_none()
    return row.size_bytes if row and _ANCHOR.validate_json(row.anchor).version < fact.version else 0


def _verified(connection: sql.Connection, package_id: str, store: str, version: int, at: datetime) -> None:
    known = sql.select(_copy.c.verified_at).where(_copy.c.store == store, _copy.c.package_id == package_id)
    before = connection.scalar(known)
    remember_verification(connection, store, at, before=[before or ""])
    moment = at.astimezone(UTC).isoformat()
    _replace(connection, _copy, package_id=package_id, store=store, version=version, verified_at=moment)


def _checked(connection: sql.Connection, package_ids: Sequence[str], store: str, at: datetime) -> None:
    checked = (_copy.c.store == store) & _copy.c.package_id.in_(package_ids)
    before = connection.scalars(sql.select(_copy.c.verified_at).where(checked)).all()
    remember_verification(connection, store, at, before=before)
    connection.execute(_copy.update().where(checked).values(verified_at=at.astimezone(UTC).isoformat()))


def _renumber(connection: sql.Connection, fact: PackageStored, former: str) -> None:
    """Let a record be found by its former code too, and take its decisions along."""
    key = archival_code_key(fact.archival_code)
    taken = (_alias.c.repository == fact.repository) & (_alias.c.code_key == key)
    connection.execute(_alias.delete().where(taken, _alias.c.package_id == fact.package_id))
    _replace(connection, _alias, repository=fact.repository, code_key=former, package_id=fact.package_id)
    for table in (_decision, _entry):
        mine = (table.c.repository == fact.repository) & (table.c.code_key == former)
        connection.execute(table.update().where(mine).values(code_key=key))


def _end(connection: sql.Connection, what: str, store: str, package_ids: list[str]) -> None:
    mine = (_begun.c.what == what) & (_begun.c.store == store) & _begun.c.package_id.in_(package_ids)
    connection.execute(_begun.delete().where(mine))


def _bury(connection: sql.Connection, entry: Entry, fact: PackageDisposed) -> None:
    """Forget a package that was disposed of, all but its tombstone."""
    _replace(
        connection,
        _tombstone,
        package_id=fact.package_id,
        repository=fact.repository,
        code_key=archival_code_key(fact.archival_code),
        sequence=entry.sequence,
        disposed_at=entry.at.astimezone(UTC).isoformat(),
        plan_id=fact.plan_id,
    )
    _end(connection, "disposal", "", [fact.package_id])
    for table in (_package, _file, _copy, _alias):
        connection.execute(table.delete().where(table.c.package_id == fact.package_id))


def _close_intent(connection: sql.Connection, fact: PackageStored | PackageAbandoned) -> None:
    connection.execute(
        _intent.delete().where(_intent.c.package_id == fact.package_id, _intent.c.version == fact.version)
    )


def _touch(connection: sql.Connection, entry: Entry, which: "sql.ColumnElement[bool]") -> None:
    connection.execute(_package.update().where(which).values(sequence=entry.sequence))


def _remember(
    connection: sql.Connection,
    entry: Entry,
    *,
    package_id: str | None = None,
    repository: str | None = None,
    code_key: str | None = None,
) -> None:
    _replace(
        connection,
        _entry,
        sequence=entry.sequence,
        package_id=package_id,
        repository=repository,
        code_key=code_key,
        value=_json(_ENTRY, entry),
    )


def _replace(connection: sql.Connection, table: sql.Table, **values: object) -> None:
    connection.execute(table.insert().prefix_with("OR REPLACE"), values)


def _json(adapter: "TypeAdapter[Value]", value: Value) -> str:
    return adapter.dump_json(value).decode("utf-8")


_REPOSITORY = TypeAdapter(Repository)
_FONDS = TypeAdapter(Fonds)
_DESCRIPTION = TypeAdapter(Description)
_FILE = TypeAdapter(StoredFile)
_ANCHOR = TypeAdapter(PackageStored)
_INTENT = TypeAdapter(PackageIntended)
_ENTRY = TypeAdapter(Entry)
_DECISION: TypeAdapter[OpeningDecision | Withdrawal] = TypeAdapter(OpeningDecision | Withdrawal)
