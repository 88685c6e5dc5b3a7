"""What the catalogue knows of batches: that they were received, what of them is stored, where their submissions are."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sql

from archives.findings import Severity
from archives.record.identifiers import archival_code_key
from archives.record.record import PackageKind
from preservation.catalogue import tables

_AT_ONCE = 500
DIFFERENCES = ("description-differs", "file-differs", "file-new", "file-moved", "file-absent")
"""The findings about rows whose record is in and otherwise than they say: those were not refused."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the journal says of a batch: when it was first received (and at last), by whom; ``records`` that could go in."""

    batch_id: str
    repository: str
    records: int
    files: int
    at: datetime
    agent: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Submission:
    """What a batch came with: the package in which it lies, or that it was disposed of.

    ``plan_id`` is the plan under which it left, at ``gone_at``. ``ended_at`` is when an ingest of it last came to its end, for storing this is its last step; None where that cannot be
    told, as of one in whose place another came.
    """

    package_id: str
    is_gone: bool = False
    ended_at: datetime | None = None
    plan_id: str = ""
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """That a batch is not gone on with: since when, and why."""

    at: datetime
    reason: str


def closed_batches(engine: sql.Engine) -> dict[str, Closed]:
    """Return the batches that a person gave up, by identifier."""
    with engine.connect() as connection:
        rows = connection.execute(sql.select(tables.batch_closed))
        return {row.batch_id: Closed(datetime.fromisoformat(row.at), row.reason) for row in rows}


def receipts(engine: sql.Engine, batch_ids: Collection[str] = ()) -> tuple[Receipt, ...]:
    """Return what the journal says of every batch, or of these, in the order in which they were first received."""
    batch = tables.batch.c
    query = sql.select(tables.batch).order_by(batch.sequence)
    query = query.where(batch.batch_id.in_([*batch_ids])) if batch_ids else query
    found: dict[str, Receipt] = {}
    with engine.connect() as connection:
        for row in connection.execute(query):
            first = found.get(row.batch_id)
            now = datetime.fromisoformat(row.at)
            at, agent = (first.at, first.agent) if first else (now, row.agent)
            found[row.batch_id] = Receipt(row.batch_id, row.repository, row.records, row.files, at, agent, now)
    return tuple(found.values())


def submissions(engine: sql.Engine, batch_ids: Iterable[str]) -> dict[str, Submission]:
    """Return what these batches came with, by batch; of one whose ingest never came to its end there is none."""
    keys = {submission_key(batch_id): batch_id for batch_id in batch_ids}
    package, gone = tables.package.c, tables.tombstone.c
    found: dict[str, Submission] = {}
    with engine.connect() as connection:
        for some in _some(keys):
            left = sql.select(gone.code_key, gone.package_id, gone.plan_id, gone.disposed_at)
            found |= {
                keys[row.code_key]: _gone(row.package_id, row.plan_id, row.disposed_at)
                for row in connection.execute(left.where(gone.code_key.in_(some)))
            }
            kept = sql.select(package.code_key, package.package_id, package.stored_at, package.unit_id).where(
                package.code_key.in_(some), package.kind == PackageKind.SUBMISSION.value
            )
            found |= {
                keys[row.code_key]: _kept(row.package_id, row.unit_id, row.stored_at)
                for row in connection.execute(kept)
            }
    return found


def _gone(package_id: str, plan_id: str, disposed_at: str) -> Submission:
    return Submission(package_id, is_gone=True, plan_id=plan_id, gone_at=datetime.fromisoformat(disposed_at))


def _kept(package_id: str, unit_id: str, stored_at: str) -> Submission:
    is_the_first = unit_id == package_id
    return Submission(package_id, ended_at=datetime.fromisoformat(stored_at) if is_the_first else None)


def stored_by(engine: sql.Engine, batch_id: str = "") -> dict[str, int]:
    """Return how many records each batch brought, as new ones or as other versions; all are looked through."""
    version = tables.version.c
    query = sql.select(version.batch_id, sql.func.count(version.number.distinct()).label("records"))
    query = query.where(version.kind == PackageKind.RECORD.value).group_by(version.batch_id)
    query = query.where(version.batch_id == batch_id) if batch_id else query
    with engine.connect() as connection:
        return {str(row.batch_id): int(row.records) for row in connection.execute(query)}


def removed_by_plan(engine: sql.Engine) -> dict[str, int]:
    """Return how many records each plan removed that had been taken in by mistake, by plan."""
    gone = tables.tombstone.c
    is_record = gone.archival_code.not_like("BATCH-%") & gone.archival_code.not_like("ROWS-%")
    query = sql.select(gone.plan_id, sql.func.count()).where(gone.mistake != "", is_record).group_by(gone.plan_id)
    with engine.connect() as connection:
        return {str(plan_id): int(number) for plan_id, number in connection.execute(query)}


def refused_by(engine: sql.Engine, batch_id: str = "") -> dict[str, int]:
    """Return how many rows of each batch were refused, as its submission says; later ones may have brought their records."""
    found, package = tables.finding.c, tables.package.c
    about, row = (sql.func.json_extract(found.value, path) for path in ("$.about", "$.row"))
    rows = sql.select(package.batch_id, about.label("about"), row.label("row")).distinct()
    rows = rows.join(tables.package, package.number == found.number)
    rows = rows.where(package.kind == PackageKind.SUBMISSION.value, about != "", found.code.not_in(DIFFERENCES))
    each = (rows.where(package.batch_id == batch_id) if batch_id else rows).subquery().c
    with engine.connect() as connection:
        query = sql.select(each.batch_id, sql.func.count()).group_by(each.batch_id)
        return {str(batch_id): int(number) for batch_id, number in connection.execute(query)}


def rejected_codes(engine: sql.Engine, batch_id: str) -> dict[str, Counter[str]]:
    """Return what the refused rows of a batch are known by (their codes), each with how often which kind of finding says why."""
    found, package = tables.finding.c, tables.package.c
    about = sql.func.json_extract(found.value, "$.about")
    query = sql.select(about.label("about"), found.code).select_from(tables.finding)
    query = query.join(tables.package, package.number == found.number)
    query = query.where(package.kind == PackageKind.SUBMISSION.value, about != "", package.batch_id == batch_id)
    query = query.where(sql.func.json_extract(found.value, "$.severity") == Severity.ERROR.value)
    rejected: dict[str, Counter[str]] = {}
    with engine.connect() as connection:
        for row in connection.execute(query):
            rejected.setdefault(str(row.about), Counter())[str(row.code)] += 1
    return rejected


def packages_of(engine: sql.Engine, batch_id: str) -> dict[str, int]:
    """Return the packages of the records that a batch brought, each with the newest version that came with it."""
    version = tables.version.c
    query = sql.select(version.package_id, sql.func.max(version.version).label("newest"), version.number)
    query = query.where(version.batch_id == batch_id, version.kind == PackageKind.RECORD.value)
    with engine.connect() as connection:
        found = connection.execute(query.group_by(version.number).order_by(version.number))
        return {str(row.package_id): int(row.newest) for row in found}


def submission_key(batch_id: str) -> str:
    """Return by which code the submission of a batch is found."""
    return archival_code_key(f"BATCH-{batch_id}")


def _some(values: Iterable[str]) -> Iterator[list[str]]:
    every = sorted(values)
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))
