"""How one journal entry changes the catalogue: a fold that is taken over wholly or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sql

from archives.errors import FormatError, IntegrityError, NotFoundError
from archives.journal.chain import Entry
from archives.journal.facts import (
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
    StoreAdded,
    StoreAway,
    StoreReturned,
)
from archives.record.description import Description
from archives.record.holding import StoredFile
from archives.record.identifiers import archival_code_key, parse_archival_code
from archives.record.record import PackageKind
from archives.record.rights import OpeningDecision, Withdrawal
from preservation.catalogue import tables
from preservation.catalogue.upkeep import remember_verification, take_over_upkeep


@dataclass(frozen=True, slots=True)
class PackageContent:
    """What the catalogue takes over from a package: its description (None for a submission) and its files."""

    description: Description | None
    files: tuple[StoredFile, ...]


ContentReader = Callable[[PackageStored], PackageContent]
"""Reads what a package says of itself; raises ``IntegrityError`` or ``FormatError`` when no copy can be read."""


def take_over(connection: sql.Connection, entry: Entry, read_content: ContentReader) -> tuple[PackageStored, ...]:
    """Apply one entry; return the package whose content could not be read, if that was the case."""
    take_over_upkeep(connection, entry)
    match entry.fact:
        case RepositoryAdded(repository):
            _replace(
                connection,
                tables.repository,
                code=repository.code.value,
                value=tables.as_json(tables.REPOSITORY, repository),
            )
            _touch(connection, entry, tables.package.c.repository == repository.code.value)
        case FondsDescribed(fonds):
            _replace(
                connection,
                tables.fonds,
                repository=fonds.repository.value,
                number=fonds.number,
                value=tables.as_json(tables.FONDS, fonds),
            )
            _touch(
                connection,
                entry,
                (tables.package.c.repository == fonds.repository.value)
                & (tables.package.c.fonds_number == fonds.number),
            )
        case PackageIntended() as fact:
            _replace(
                connection,
                tables.intent,
                package_id=fact.package_id,
                version=fact.version,
                value=tables.as_json(tables.INTENT, fact),
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
                _replace(connection, tables.begun, what="replication", store=store, package_id=package_id)
        case ReplicationAbandoned(store, versions):
            _end(connection, "replication", store, [package_id for package_id, _ in versions])
        case StoreAdded() as fact:
            _replace(connection, tables.store, name=fact.name, value=tables.as_json(tables.STORE, fact))
        case StoreAway(store):
            _replace(connection, tables.away, store=store)
        case StoreReturned(store):
            connection.execute(tables.away.delete().where(tables.away.c.store == store))
        case DisposalIntended() as fact:
            _replace(connection, tables.begun, what="disposal", store="", package_id=fact.package_id)
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
    former = connection.scalar(
        sql.select(tables.package.c.code_key).where(tables.package.c.package_id == fact.package_id)
    )
    if former is not None and former != key:
        _renumber(connection, fact, former)
    _replace(
        connection,
        tables.package,
        package_id=fact.package_id,
        kind=fact.kind,
        repository=fact.repository,
        code_key=key,
        fonds_number=description.code.fonds if description else "",
        batch_id=fact.batch_id,
        anchor=tables.as_json(tables.ANCHOR, fact),
        size_bytes=fact.size_bytes + _size_before(connection, fact),
        description=tables.as_json(tables.DESCRIPTION, description) if description else None,
        stored_at=entry.at.astimezone(UTC).isoformat(),
        sequence=entry.sequence,
    )
    connection.execute(tables.file.delete().where(tables.file.c.package_id == fact.package_id))
    if content.files:
        connection.execute(
            tables.file.insert(),
            [
                {"package_id": fact.package_id, "path": str(file.path), "value": tables.as_json(tables.FILE, file)}
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
    value = tables.as_json(tables.DECISION, decided)
    _replace(
        connection,
        tables.decision,
        sequence=entry.sequence,
        repository=repository,
        code_key=key,
        awaits=awaits,
        value=value,
    )
    _remember(connection, entry, repository=repository, code_key=key)
    _touch(connection, entry, (tables.package.c.repository == repository) & (tables.package.c.code_key == key))


def _present_key(connection: sql.Connection, repository: str, key: str) -> str:
    """Return the key under which the record stands now that has, or had, this one."""
    has = sql.select(tables.package.c.package_id).where(
        tables.package.c.repository == repository, tables.package.c.code_key == key
    )
    if connection.scalar(has) is not None:
        return key
    had = sql.select(tables.package.c.code_key).where(
        tables.package.c.package_id == tables.alias.c.package_id,
        tables.alias.c.repository == repository,
        tables.alias.c.code_key == key,
    )
    return connection.scalar(had) or key


def _size_before(connection: sql.Connection, fact: PackageStored) -> int:
    """Return the size of the versions before this one, which every copy keeps."""
    query = sql.select(tables.package.c.anchor, tables.package.c.size_bytes).where(
        tables.package.c.package_id == fact.package_id
    )
    row = connection.execute(query).one_or_none()
    return row.size_bytes if row and tables.ANCHOR.validate_json(row.anchor).version < fact.version else 0


def _verified(connection: sql.Connection, package_id: str, store: str, version: int, at: datetime) -> None:
    known = sql.select(tables.copy.c.verified_at).where(
        tables.copy.c.store == store, tables.copy.c.package_id == package_id
    )
    before = connection.scalar(known)
    remember_verification(connection, store, at, before=[before or ""])
    moment = at.astimezone(UTC).isoformat()
    _replace(connection, tables.copy, package_id=package_id, store=store, version=version, verified_at=moment)


def _checked(connection: sql.Connection, package_ids: Sequence[str], store: str, at: datetime) -> None:
    checked = (tables.copy.c.store == store) & tables.copy.c.package_id.in_(package_ids)
    before = connection.scalars(sql.select(tables.copy.c.verified_at).where(checked)).all()
    remember_verification(connection, store, at, before=before)
    connection.execute(tables.copy.update().where(checked).values(verified_at=at.astimezone(UTC).isoformat()))


def _renumber(connection: sql.Connection, fact: PackageStored, former: str) -> None:
    """Let a record be found by its former code too, and take its decisions along."""
    key = archival_code_key(fact.archival_code)
    taken = (tables.alias.c.repository == fact.repository) & (tables.alias.c.code_key == key)
    connection.execute(tables.alias.delete().where(taken, tables.alias.c.package_id == fact.package_id))
    _replace(connection, tables.alias, repository=fact.repository, code_key=former, package_id=fact.package_id)
    for table in (tables.decision, tables.entry):
        mine = (table.c.repository == fact.repository) & (table.c.code_key == former)
        connection.execute(table.update().where(mine).values(code_key=key))


def _end(connection: sql.Connection, what: str, store: str, package_ids: list[str]) -> None:
    mine = (tables.begun.c.what == what) & (tables.begun.c.store == store) & tables.begun.c.package_id.in_(package_ids)
    connection.execute(tables.begun.delete().where(mine))


def _bury(connection: sql.Connection, entry: Entry, fact: PackageDisposed) -> None:
    """Forget a package that was disposed of, all but its tombstone."""
    _replace(
        connection,
        tables.tombstone,
        package_id=fact.package_id,
        repository=fact.repository,
        code_key=archival_code_key(fact.archival_code),
        sequence=entry.sequence,
        disposed_at=entry.at.astimezone(UTC).isoformat(),
        plan_id=fact.plan_id,
    )
    _end(connection, "disposal", "", [fact.package_id])
    for table in (tables.package, tables.file, tables.copy, tables.alias):
        connection.execute(table.delete().where(table.c.package_id == fact.package_id))


def _close_intent(connection: sql.Connection, fact: PackageStored | PackageAbandoned) -> None:
    connection.execute(
        tables.intent.delete().where(
            tables.intent.c.package_id == fact.package_id, tables.intent.c.version == fact.version
        )
    )


def _touch(connection: sql.Connection, entry: Entry, which: "sql.ColumnElement[bool]") -> None:
    connection.execute(tables.package.update().where(which).values(sequence=entry.sequence))


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
        tables.entry,
        sequence=entry.sequence,
        package_id=package_id,
        repository=repository,
        code_key=code_key,
        value=tables.as_json(tables.ENTRY, entry),
    )


def _replace(connection: sql.Connection, table: sql.Table, **values: object) -> None:
    connection.execute(table.insert().prefix_with("OR REPLACE"), values)
