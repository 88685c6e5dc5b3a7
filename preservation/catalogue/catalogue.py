"""The catalogue: what the packages and the journal say, in a database for quick look-up.

It is a cache and holds no fact of its own: every row is a fold over the journal, with descriptions and files read from
the packages. It remembers how far it has read, follows from there, and is thrown away and made again when its form
changes or ``jinkui rebuild`` says so.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sql

from archives.errors import ConflictError, NotFoundError
from archives.journal.chain import Head
from archives.journal.facts import PackageStored, StoreAdded
from archives.message import message
from archives.record.description import Fonds, Repository
from archives.record.holding import Holding
from archives.record.identifiers import PackageId, RecordKey, archival_code_key
from archives.record.record import PackageKind
from archives.units.former_codes import former_keys, had_by_several, held_by_several
from preservation.catalogue import tables
from preservation.catalogue.anchors import Anchors, CopyRecord
from preservation.catalogue.descriptions import Descriptions
from preservation.catalogue.findings import Findings
from preservation.catalogue.folding.counts import read_at
from preservation.catalogue.holdings.holding_rows import holding_of
from preservation.catalogue.holdings.tombstone import Tombstone
from preservation.catalogue.journal_fold import JournalFold
from preservation.catalogue.open_work import OpenWork
from preservation.catalogue.units import Units
from preservation.catalogue.upkeep import Upkeep

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class CopyState:
    """Up to which version one store has a package, and when its copy was last read whole and found good, where it lies."""

    store: str
    version: int
    verified_at: datetime | None


LOOK_FOR_IT = message(
    "请核对档号：用 jinkui search 或 jinkui catalogue list 查找；移除、销毁了的，经过见 jinkui explain 档号",
    "check the code: jinkui search and jinkui catalogue list find it; what happened to what is gone: jinkui explain CODE",
)


class Catalogue:
    """The catalogue of one home: the fold of its journal, with what the packages say of themselves."""

    def __init__(self, fold: JournalFold) -> None:
        self.fold = fold
        self._engine = fold.engine

    def head(self) -> Head:
        """Return how far the journal has been read."""
        return self.fold.head()

    def repositories(self) -> tuple[Repository, ...]:
        """Return every repository, by code."""
        query = sql.select(tables.repository.c.value).order_by(tables.repository.c.code)
        with self._engine.connect() as connection:
            return tuple(tables.REPOSITORY.validate_json(row) for row in connection.scalars(query))

    def fonds(self) -> tuple[Fonds, ...]:
        """Return every fonds, by repository and number."""
        query = sql.select(tables.fonds.c.value).order_by(tables.fonds.c.repository, tables.fonds.c.number)
        with self._engine.connect() as connection:
            return tuple(tables.FONDS.validate_json(row) for row in connection.scalars(query))

    def find(self, code: str, *, repository: str | None = None) -> Holding:
        """Return the record with this archival code, or that had it before it was renumbered, written in any way.

        Raises ``NotFoundError``, or ``AmbiguousError`` when several repositories hold the code and none is named.
        """
        key = archival_code_key(code)
        with self._engine.connect() as connection:
            rows = connection.execute(_narrowed(_records().where(tables.package.c.code_key == key), repository)).all()
            rows = rows or connection.execute(_narrowed(_renumbered(key), repository)).all()
            if len(rows) == 1:
                return holding_of(connection, rows[0])
        if not rows:
            said = message("没有档号为 {code} 的记录", "no record has the archival code {code}", code=code)
            raise NotFoundError(said, subject=code, advice=LOOK_FOR_IT)
        if len({row.repository for row in rows}) < len(rows):
            raise had_by_several(code, [f"{row.repository}:{row.code_key}" for row in rows])
        raise held_by_several(code, [f"{row.repository}:{code}" for row in rows])

    def find_key(self, key: RecordKey) -> Holding | None:
        """Return the record that has this key, or had it before it was renumbered; None when there is none."""
        named = {"repository": key.repository, "code_key": key.code_key}
        with self._engine.connect() as connection:
            row = connection.execute(_BY_KEY, named).one_or_none()
            had = [] if row else connection.execute(_BY_FORMER_KEY, named).fetchmany(2)
            row = had[0] if len(had) == 1 else row
            return holding_of(connection, row) if row else None

    def holdings(self, *, after_sequence: int = 0) -> Iterator[Holding]:
        """Yield the records that changed after a journal sequence, in the order of their changes."""
        package = tables.package.c
        query = _described().order_by(package.sequence, package.number).limit(_AT_ONCE)
        after = package.sequence > after_sequence
        with self._engine.connect() as connection:
            while rows := connection.execute(query.where(after)).all():
                for row in rows:
                    yield holding_of(connection, row)
                last = rows[-1]._mapping
                after = sql.tuple_(package.sequence, package.number) > (last["sequence"], last["number"])

    def named(self, identifiers: Collection[str]) -> Iterator[Holding]:
        """Yield the records whose packages, or units, these are."""
        package = tables.package.c
        with self._engine.connect() as connection:
            for one in identifiers:
                for row in connection.execute(
                    _described().where((package.package_id == one) | (package.unit_id == one))
                ):
                    yield holding_of(connection, row)

    def former_codes(self, holding: Holding) -> tuple[str, ...]:
        """Return the matching forms of the archival codes that a record had before."""
        found: set[str] = set()
        if holding.version:  # of a unit without content only what is said of it tells
            with self._engine.connect() as connection:
                found = {str(key) for key in connection.scalars(_ALIASES, {"unit_id": holding.unit_id})}
        return tuple(sorted(found | former_keys(holding.description)))

    def tombstone(self, key: RecordKey) -> Tombstone | None:
        """Return when and under which plan the record with this key was disposed of, or None."""
        return self.tombstones(key.repository, [key.code_key]).get(key.code_key)

    def tombstones(self, repository: str, codes: Collection[str]) -> dict[str, Tombstone]:
        """Return the same of many codes by their matching form; of which nothing was disposed, there is none."""
        found: dict[str, Tombstone] = {}
        wanted = [*codes]
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                named = {"repository": repository, "code_keys": wanted[start : start + _AT_ONCE]}
                for row in connection.execute(_GONE, named):
                    found[row.code_key] = Tombstone(row.plan_id, datetime.fromisoformat(row.disposed_at), row.mistake)
        return found

    def disposed_after(self, sequence: int) -> tuple[tuple[str, int], ...]:
        """Return the packages disposed of after a journal sequence, each with the sequence of its tombstone."""
        gone = tables.tombstone.c
        query = sql.select(gone.package_id, gone.sequence).where(gone.sequence > sequence)
        with self._engine.connect() as connection:
            return tuple((row.package_id, row.sequence) for row in connection.execute(query))

    def anchors(self, *, batch_id: str | None = None, kind: PackageKind | None = None) -> dict[str, PackageStored]:
        """Return the newest anchor of every package, or of those of a batch or a kind, by package identifier."""
        asked = (tables.package.c.batch_id, batch_id), (tables.package.c.kind, kind)
        with self._engine.connect() as connection:
            found = connection.execute(_newest().where(*(one == value for one, value in asked if value is not None)))
            return {row.package_id: tables.stored(row) for row in found}

    def anchor(self, package_id: PackageId) -> PackageStored:
        """Return the newest anchor of a package; raises ``NotFoundError``."""
        value = package_id.value
        with self._engine.connect() as connection:
            row = connection.execute(_newest().where(tables.package.c.package_id == value)).one_or_none()
        if row is None:
            raise NotFoundError(
                message("没有信息包 {id}", "there is no package {id}", id=value), subject=value, advice=LOOK_FOR_IT
            )
        return tables.stored(row)

    def stored(self, package_id: PackageId, version: int) -> PackageStored:
        """Return the anchor of one version of a package; raises ``NotFoundError``."""
        named = {"package_id": package_id.value, "version": version}
        with self._engine.connect() as connection:
            row = connection.execute(_STORED, named).one_or_none()
        if row is None:
            raise NotFoundError(
                message(
                    "信息包 {id} 没有第 {n} 版", "the package {id} has no version {n}", id=package_id.value, n=version
                ),
                subject=package_id.value,
            )
        return tables.stored(row)

    def copies(self, package_id: PackageId) -> tuple[CopyState, ...]:
        """Return the copies of a package, by store."""
        query = sql.select(tables.copy).join(tables.package, tables.package.c.number == tables.copy.c.number)
        query = query.where(tables.package.c.package_id == package_id.value).order_by(tables.copy.c.store)
        with self._engine.connect() as connection:
            return tuple(
                CopyState(one.store, one.version, read_at(one.verified_at)) for one in connection.execute(query)
            )

    def copy_records(self) -> Iterator[CopyRecord]:
        """Yield every copy that audits read, with the size of all its versions together; see ``Anchors.copy_records``."""
        return self._anchors().copy_records()

    @property
    def descriptions(self) -> Descriptions:
        """What packages say of themselves, and which have not been asked yet."""
        return Descriptions(self._engine)

    @property
    def upkeep(self) -> Upkeep:
        """Audits, open damage and restore drills."""
        return Upkeep(self._engine)

    @property
    def findings(self) -> Findings:
        """What was found wrong with what came in, and what of it was settled."""
        return Findings(self._engine)

    @property
    def units(self) -> Units:
        """Whatever is described."""
        return Units(self._engine)

    @property
    def open_work(self) -> OpenWork:
        """What was begun and neither ended nor given up."""
        return OpenWork(self._engine)

    def require_newest(self, anchor: PackageStored) -> None:
        """Raise ``ConflictError`` unless a version is its package's newest and nothing was begun on the package."""
        newest = None
        with suppress(NotFoundError):
            newest = self.anchor(PackageId(anchor.package_id))
        if newest != anchor:
            raise _overtaken(anchor)
        self.open_work.require_none_on(anchor)

    def stores(self) -> Mapping[str, StoreAdded]:
        """Return what the journal says of every store, by name."""
        return self._anchors().stores

    def away_stores(self) -> frozenset[str]:
        """Return the stores that the journal says are away."""
        return frozenset(self._anchors().away)

    def _anchors(self) -> Anchors:
        return Anchors(self._engine, self.fold.guard)


def _records() -> "sql.Select[tuple[object, ...]]":
    content = tables.content.c
    return (
        sql.select(tables.package, content.description, content.reviewed, content.volume)
        .join(tables.content, content.number == tables.package.c.number)
        .where(tables.package.c.kind == PackageKind.RECORD, content.description.is_not(None))
    )


def _described() -> "sql.Select[tuple[object, ...]]":
    """Return the query of the records whose newest version has been read."""
    return _records().where(tables.package.c.number.not_in(sql.select(tables.undescribed.c.number)))


def _newest() -> "sql.Select[tuple[object, ...]]":
    """Return the query of every package's newest version."""
    package, version = tables.package.c, tables.version.c
    same = (version.number == package.number) & (version.version == package.version)
    return sql.select(tables.version).join(tables.package, same).order_by(package.number)


def _narrowed(query: "sql.Select[tuple[object, ...]]", repository: str | None) -> "sql.Select[tuple[object, ...]]":
    chosen = query if repository is None else query.where(tables.package.c.repository == repository)
    return chosen.order_by(tables.package.c.repository)


def _renumbered(code_key: "str | sql.BindParameter[str]") -> "sql.Select[tuple[object, ...]]":
    """Return the query of the records that had this code before they were renumbered."""
    alias, former, unit_id = tables.alias.c, tables.former_code.c, tables.package.c.unit_id
    renumbered = sql.select(alias.package_id).where(alias.code_key == code_key)
    said = sql.select(former.unit_id).where(former.code_key == code_key)
    return _records().where(unit_id.in_(renumbered.union_all(said)))


def _overtaken(previous: PackageStored) -> ConflictError:
    said = ("{code} 刚有了新版本或已被销毁", "{code} has just got another version, or was disposed of")
    failure = message(*said, code=previous.archival_code)
    return ConflictError(failure, subject=previous.package_id, advice=message("请重试", "try again"))


_REPOSITORY, _CODE_KEY = sql.bindparam("repository", type_=sql.String), sql.bindparam("code_key", type_=sql.String)
_ALIASES = sql.select(tables.alias.c.code_key).where(tables.alias.c.package_id == sql.bindparam("unit_id"))
_BY_KEY = _records().where(tables.package.c.repository == _REPOSITORY, tables.package.c.code_key == _CODE_KEY)
_BY_FORMER_KEY = _renumbered(_CODE_KEY).where(tables.package.c.repository == _REPOSITORY)
_STORED = sql.select(tables.version).join(tables.package, tables.version.c.number == tables.package.c.number)
_STORED = _STORED.where(tables.package.c.package_id == sql.bindparam("package_id", type_=sql.String))
_STORED = _STORED.where(tables.version.c.version == sql.bindparam("version", type_=sql.Integer))
_GONE = (
    sql.select(tables.tombstone)
    .where(tables.tombstone.c.repository == _REPOSITORY)
    .where(tables.tombstone.c.code_key.in_(sql.bindparam("code_keys", expanding=True)))
    .order_by(tables.tombstone.c.sequence)
)
"""Asked for every row of a batch, or every record: made once, because making one takes longer than asking."""
