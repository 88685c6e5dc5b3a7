"""What the journal says of upkeep: audits, open damage, restore drills, and when copies were verified day by day."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sql

from archives.journal.facts import AuditCompleted, RestoreDrilled
from preservation.catalogue import tables

_READINGS_THAT_COUNT = 20


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


@dataclass(frozen=True, slots=True)
class VerificationMove:
    """So many copies were verified on a day; before, they had last been verified on ``previous_on`` (None: never)."""

    verified_on: date
    previous_on: date | None
    copies: int


class Upkeep:
    """What the journal says of upkeep, as far as the catalogue has read it."""

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine

    def last_audit(self) -> PastAudit | None:
        """Return the newest audit that was completed, or None."""
        rows = self._newest(tables.audit, 1)
        return PastAudit(rows[0][0], tables.AUDIT.validate_json(rows[0][1])) if rows else None

    def last_whole_audit(self) -> datetime | None:
        """Return when an audit last ended that read everything, or all that was due; None where none is known."""
        selection = sql.func.json_extract(tables.audit.c.value, "$.selection")
        query = sql.select(tables.audit.c.at).where((selection == "all") | selection.startswith("due"))
        with self._engine.connect() as connection:
            at = connection.scalar(query.order_by(tables.audit.c.sequence.desc()).limit(1))
        return datetime.fromisoformat(at) if at else None

    def last_drill(self) -> PastDrill | None:
        """Return the newest restore drill, or None."""
        rows = self._newest(tables.drill, 1)
        return PastDrill(rows[0][0], tables.DRILL.validate_json(rows[0][1])) if rows else None

    def reading_speeds(self) -> dict[str, float]:
        """Return bytes a second by store, measured over its newest readings; stores that were never read are left out."""
        size_bytes: Counter[str] = Counter()
        seconds: dict[str, float] = {}
        for _, value in self._newest(tables.audit, _READINGS_THAT_COUNT):
            for reading in tables.AUDIT.validate_json(value).readings:
                size_bytes[reading.store] += reading.size_bytes
                seconds[reading.store] = seconds.get(reading.store, 0.0) + reading.seconds
        return {store: size_bytes[store] / spent for store, spent in seconds.items() if spent > 0 and size_bytes[store]}

    def open_damage(self) -> tuple[OpenDamage, ...]:
        """Return the damage that is open, by store and file."""
        query = sql.select(tables.damage).order_by(tables.damage.c.sequence)
        with self._engine.connect() as connection:
            newest = {(row.store, row.file): row for row in connection.execute(query)}
        return tuple(OpenDamage(row.store, row.package_id, row.file, row.verdict) for _, row in sorted(newest.items()))

    def damaged_in(self, package_id: str) -> frozenset[str]:
        """Return the stores whose copy of a package has open damage."""
        damage = tables.damage.c
        query = sql.select(damage.store).distinct().where(damage.package_id == package_id)
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(query))

    def verification_moves(self) -> tuple[VerificationMove, ...]:
        """Return on which days copies were verified, and when they had been verified before."""
        with self._engine.connect() as connection:
            rows = connection.execute(sql.select(tables.verification)).all()
        return tuple(
            VerificationMove(date.fromisoformat(row.verified_on), _day(row.previous_on), row.copies) for row in rows
        )

    def _newest(self, table: sql.Table, count: int) -> list[tuple[datetime, str]]:
        query = sql.select(table.c.at, table.c.value).order_by(table.c.sequence.desc()).limit(count)
        with self._engine.connect() as connection:
            return [(datetime.fromisoformat(row.at), row.value) for row in connection.execute(query)]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
