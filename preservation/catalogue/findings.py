"""What was found wrong with what came in: findings stand in packages, and live until a person settled them.

A finding is known by its package, its kind, its place, the values that it names, and the bytes of the file that it is
about: the same one is settled in the next version too, and in a package that takes the place of its own, one about
another file of that name is not.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sql

from archives.findings import Finding, Severity
from archives.message import Message, message
from archives.record.holding import StoredFile
from archives.record.identifiers import archival_code_key
from archives.record.record import PackageKind
from preservation.catalogue import tables

_IDENTIFIER_DIGITS = 12
_KEYS_AT_ONCE = 500
RECORD_IS_IN = ("此档号的档案已入库（批次 {id}）", "the record of this code is in (batch {id})")
"""Why what was wrong with a rejected row is settled: its record came later."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """When findings were settled, by whom and why."""

    at: datetime
    settled_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """A finding about a record, or about what a batch came with.

    ``archival_code`` is empty then, but for what is wrong with a row that was rejected; ``title`` is.
    ``identifier`` tells it from all others; ``settlement`` is None as long as it lives.
    """

    identifier: str
    package_id: str
    repository: str
    archival_code: str
    title: str
    batch_id: str
    finding: Finding
    settlement: Settlement | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings are meant; what is empty chooses none away. ``kind`` is the code of a finding.

    ``about`` is the archival code of rows that were rejected.
    """

    package_id: str = ""
    batch_id: str = ""
    kind: str = ""
    identifiers: tuple[str, ...] = ()
    about: str = ""


class Findings:
    """The findings of packages in their newest version, as far as the catalogue has read them; notes are none.

    What was wrong with a row that was rejected is settled by its record, when that was stored later.
    """

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine

    def of(self, wanted: Wanted) -> tuple[KeptFinding, ...]:
        """Return findings, settled ones too, in the order in which packages were stored and findings made."""
        package, found, version = tables.package.c, tables.finding.c, tables.version.c
        newest = (version.number == package.number) & (version.version == package.version)
        settled = (tables.settled.c.package_id == package.package_id) & (
            tables.settled.c.identifier == found.identifier
        )
        query = (
            sql.select(tables.finding, package.package_id, package.kind, package.repository, package.batch_id)
            .add_columns(version.archival_code, tables.content.c.description)
            .add_columns(tables.settled.c.at, tables.settled.c.settled_by, tables.settled.c.reason)
            .join(tables.package, package.number == found.number)
            .join(tables.version, newest)
            .join(tables.content, tables.content.c.number == package.number)
            .outerjoin(tables.settled, settled)
            .order_by(found.number, found.place)
        )
        for column, value in (
            (package.package_id, wanted.package_id),
            (package.batch_id, wanted.batch_id),
            (found.code, wanted.kind),
        ):
            query = query.where(column == value) if value else query
        if wanted.identifiers:
            query = query.where(found.identifier.in_(wanted.identifiers))
        with self._engine.connect() as connection:
            rows = [(row._mapping, _kept(row._mapping)) for row in connection.execute(query)]
            stored = went_in(connection, {archival_code_key(one.finding.about) for _, one in rows})
            went = {
                (one.repository, archival_code_key(one.finding.about)): number
                for row, one in rows
                if (number := stored.get((one.repository, archival_code_key(one.finding.about)), 0)) > row["number"]
            }
            by_record = _by_records(connection, went.values())
        kept = tuple(
            replace(one, settlement=by_record.get(went.get(key, 0)))
            if one.settlement is None and (key := (one.repository, archival_code_key(one.finding.about)))
            else one
            for _, one in rows
        )
        about = archival_code_key(wanted.about)
        return tuple(one for one in kept if not about or archival_code_key(one.finding.about) == about)

    def open_about(self, package_id: str) -> tuple[Finding, ...]:
        """Return the findings about a package that nobody settled."""
        return tuple(one.finding for one in self.of(Wanted(package_id=package_id)) if one.settlement is None)

    def batches_open(self, repository: str) -> tuple[str, ...]:
        """Return the batches of a repository about which something waits that stands in no record."""
        package, found, settled = tables.package.c, tables.finding.c, tables.settled.c
        query = sql.select(package.batch_id).distinct().select_from(tables.package)
        query = query.join(tables.finding, package.number == found.number)
        query = query.join(tables.batch, tables.batch.c.batch_id == package.batch_id)
        is_same = (settled.package_id == package.package_id) & (settled.identifier == found.identifier)
        query = query.outerjoin(tables.settled, is_same).where(settled.identifier.is_(None))
        query = query.where(package.repository == repository, package.kind == PackageKind.SUBMISSION)
        with self._engine.connect() as connection:
            return tuple(connection.scalars(query.order_by(package.batch_id)))

    def digests(self, package_id: str) -> dict[str, str]:
        """Return the SHA-256 of the files of a package's newest version, by the names with which they came."""
        package, file = tables.package.c, tables.file.c
        query = sql.select(file.value).join(tables.package, package.number == file.number)
        with self._engine.connect() as connection:
            rows = connection.scalars(query.where(package.package_id == package_id))
            files = [tables.FILE.validate_json(row) for row in rows]
        return {one.original_name: one.sha256 for one in files}

    def settled_of_batch(self, batch_id: str) -> frozenset[Finding]:
        """Return the findings about what a batch came with that were settled."""
        found = self.of(Wanted(batch_id=batch_id))
        return frozenset(one.finding for one in found if one.settlement and not one.title)


def went_in(connection: sql.Connection, keys: Iterable[str]) -> dict[tuple[str, str], int]:
    """Return the number of the record that was stored under each of these keys, by repository and key: a rejected row's."""
    package = tables.package.c
    found: dict[tuple[str, str], int] = {}
    wanted = sorted(filter(None, keys))
    for place in range(0, len(wanted), _KEYS_AT_ONCE):
        some = wanted[place : place + _KEYS_AT_ONCE]
        query = sql.select(package.repository, package.code_key, package.number).where(
            package.kind == PackageKind.RECORD, package.code_key.in_(some)
        )
        found |= {(row.repository, row.code_key): row.number for row in connection.execute(query)}
    return found


def _by_records(connection: sql.Connection, numbers: Iterable[int]) -> dict[int, Settlement]:
    """Return how records that were stored later settle what had been wrong with their rows, by the records' numbers."""
    package = tables.package.c
    found: dict[int, Settlement] = {}
    wanted = sorted(set(numbers))
    for place in range(0, len(wanted), _KEYS_AT_ONCE):
        query = sql.select(package.number, package.stored_at, package.batch_id, package.package_id)
        for row in connection.execute(query.where(package.number.in_(wanted[place : place + _KEYS_AT_ONCE]))):
            said = message(*RECORD_IS_IN, id=row.batch_id)
            reason = f"{said.text('zh')} {said.text('en')}"
            found[row.number] = Settlement(datetime.fromisoformat(row.stored_at), "jinkui", reason)
    return found


def finding_rows(
    number: int, package_id: str, findings: Sequence[Finding], files: Iterable[StoredFile]
) -> list[dict[str, object]]:
    """Return the rows of a package's findings; of two that are the same the first stands.

    ``package_id`` is the first of those that took one another's place: so a finding stays the same in all of them.
    """
    digests = {file.original_name: file.sha256 for file in files}
    rows: dict[str, dict[str, object]] = {}
    for place, found in enumerate(findings):
        if found.severity is Severity.NOTE:
            continue
        identifier = _identifier_of(package_id, found, digests.get(found.file or "", ""))
        row = {"number": number, "identifier": identifier, "place": place, "code": found.code}
        rows.setdefault(identifier, {**row, "value": tables.FINDING.as_json(found)})
    return list(rows.values())


def _identifier_of(package_id: str, found: Finding, sha256: str) -> str:
    said = [package_id, found.code, found.file, found.row, found.cell, _values(found.message), sha256]
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_IDENTIFIER_DIGITS]


def _values(said: Message) -> list[object]:
    return [[name, _values(value) if isinstance(value, Message) else value] for name, value in said.values]


def _kept(row: sql.RowMapping) -> KeptFinding:
    found = tables.FINDING.validate_json(row["value"])
    is_record = row["kind"] == PackageKind.RECORD and row["description"] is not None
    settlement = Settlement(datetime.fromisoformat(row["at"]), row["settled_by"], row["reason"]) if row["at"] else None
    return KeptFinding(
        row["identifier"],
        row["package_id"],
        row["repository"],
        row["archival_code"] if is_record else found.about,
        tables.DESCRIPTION.validate_json(row["description"]).title if is_record else "",
        row["batch_id"],
        found,
        settlement,
    )
