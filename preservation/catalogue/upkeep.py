"""The catalogue's memory of upkeep: audits, open damage, restore drills, and when copies were verified day by day.

Like the rest of the catalogue it is a fold over the journal and holds no fact of its own.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sql
from pydantic import TypeAdapter

from archives.journal.chain import Entry
from archives.journal.facts import (
    AuditCompleted,
    CopyRepaired,
    DamageFound,
    FixityChecked,
    PackageDisposed,
    RestoreDrilled,
)
from preservation.audit.forecast import VerificationMove

METADATA = sql.MetaData()
"""The tables of the catalogue's database."""

_READINGS_THAT_COUNT = 20
_WHOLE = "all"

_audit = sql.Table(
    "audit",
    METADATA,
    sql.Column("sequence", sql.Integer, primary_key=True),
    sql.Column("at", sql.String, nullable=False),
    sql.Column("value", sql.String, nullable=False),
)
_drill = sql.Table(
    "drill",
    METADATA,
    sql.Column("sequence", sql.Integer, primary_key=True),
    sql.Column("at", sql.String, nullable=False),
    sql.Column("value", sql.String, nullable=False),
)
_damage = sql.Table(
    "damage",
    METADATA,
    sql.Column("store", sql.String, primary_key=True),
    sql.Column("file", sql.String, primary_key=True),
    sql.Column("package_id", sql.String, index=True),
    sql.Column("verdict", sql.String, nullable=False),
    sql.Column("sequence", sql.Integer, nullable=False),
)
_verification = sql.Table(
    "verification",
    METADATA,
    sql.Column("store", sql.String, primary_key=True),
    sql.Column("verified_on", sql.String, primary_key=True),
    sql.Column("previous_on", sql.String, primary_key=True),
    sql.Column("copies", sql.Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class OpenDamage:
    """A file of a copy that was found not as it should be, and since then neither mended nor found whole."""

    store: str
    package_id: str | None
    file: str
    verdict: str


@dataclass(frozen=True, slots=True)
class PastAudit:
    """An audit that came to its end at a moment."""

    at: datetime
    audit: AuditCompleted


@dataclass(frozen=True, slots=True)
class PastDrill:
    """A restore drill that was made at a moment."""

    at: datetime
    drill: RestoreDrilled


class Upkeep:
    """What the journal says of upkeep, as far as the catalogue has read it."""

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine

    def last_audit(self) -> PastAudit | None:
        """Return the newest audit that was completed, or None."""
        rows = self._newest(_audit, 1)
        return PastAudit(rows[0][0], _AUDIT.validate_json(rows[0][1])) if rows else None

    def last_drill(self) -> PastDrill | None:
        """Return the newest restore drill, or None."""
        rows = self._newest(_drill, 1)
        return PastDrill(rows[0][0], _DRILL.validate_json(rows[0][1])) if rows else None

    def reading_speeds(self) -> dict[str, float]:
        """Return bytes a second by store, measured over its newest readings; stores that were never read are left out."""
        size_bytes: Counter[str] = Counter()
        seconds: dict[str, float] = {}
        for _, value in self._newest(_audit, _READINGS_THAT_COUNT):
            for reading in _AUDIT.validate_json(value).readings:
                size_bytes[reading.store] += reading.size_bytes
                seconds[reading.store] = seconds.get(reading.store, 0.0) + reading.seconds
        return {store: size_bytes[store] / spent for store, spent in seconds.items() if spent > 0 and size_bytes[store]}

    def open_damage(self) -> tuple[OpenDamage, ...]:
        """Return the damage that is open, by store and file."""
        query = sql.select(_damage).order_by(_damage.c.store, _damage.c.file)
        with self._engine.connect() as connection:
            return tuple(
                OpenDamage(row.store, row.package_id, row.file, row.verdict) for row in connection.execute(query)
            )

    def verification_moves(self) -> tuple[VerificationMove, ...]:
        """Return on which days copies were verified, and when they had been verified before."""
        with self._engine.connect() as connection:
            rows = connection.execute(sql.select(_verification)).all()
        return tuple(
            VerificationMove(date.fromisoformat(row.verified_on), _day(row.previous_on), row.copies) for row in rows
        )

    def _newest(self, table: sql.Table, count: int) -> list[tuple[datetime, str]]:
        query = sql.select(table.c.at, table.c.value).order_by(table.c.sequence.desc()).limit(count)
        with self._engine.connect() as connection:
            return [(datetime.fromisoformat(row.at), row.value) for row in connection.execute(query)]


def take_over_upkeep(connection: sql.Connection, entry: Entry) -> None:
    """Apply one journal entry; entries about anything else change nothing."""
    match entry.fact:
        case DamageFound() as fact:
            _put(
                connection,
                _damage,
                store=fact.store,
                file=fact.file,
                package_id=fact.package_id,
                verdict=fact.verdict,
                sequence=entry.sequence,
            )
        case CopyRepaired() as fact:
            connection.execute(_damage.delete().where(_damage.c.store == fact.store, _damage.c.file == fact.file))
        case FixityChecked() as fact:
            found_whole = _damage.c.package_id.in_(fact.packages)
            connection.execute(_damage.delete().where(_damage.c.store == fact.store, found_whole))
        case PackageDisposed() as fact:
            connection.execute(_damage.delete().where(_damage.c.package_id == fact.package_id))
        case AuditCompleted() as fact:
            _close_what_is_gone(connection, fact)
            _put(
                connection, _audit, sequence=entry.sequence, at=_moment(entry.at), value=_AUDIT.dump_json(fact).decode()
            )
        case RestoreDrilled() as fact:
            _put(
                connection, _drill, sequence=entry.sequence, at=_moment(entry.at), value=_DRILL.dump_json(fact).decode()
            )
        case _:
            pass


def remember_verification(connection: sql.Connection, store: str, at: datetime, *, before: Iterable[str]) -> None:
    """Count copies that were verified at a moment by when each had been verified before: ISO text, empty for never."""
    for previous_on, count in Counter(moment[:10] for moment in before).items():
        key = {"store": store, "verified_on": at.astimezone(UTC).date().isoformat(), "previous_on": previous_on}
        same = sql.and_(*(_verification.c[name] == value for name, value in key.items()))
        known = connection.scalar(sql.select(_verification.c.copies).where(same)) or 0
        _put(connection, _verification, **key, copies=known + count)


def _close_what_is_gone(connection: sql.Connection, fact: AuditCompleted) -> None:
    """Close damage outside packages when a whole audit found nothing wrong: nobody says of such files that they are whole."""
    if fact.selection == _WHOLE and not fact.problems:
        read = [reading.store for reading in fact.readings]
        connection.execute(_damage.delete().where(_damage.c.package_id.is_(None), _damage.c.store.in_(read)))


def _put(connection: sql.Connection, table: sql.Table, **values: object) -> None:
    connection.execute(table.insert().prefix_with("OR REPLACE"), values)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


_AUDIT = TypeAdapter(AuditCompleted)
_DRILL = TypeAdapter(RestoreDrilled)
