"""How many copies are owed, overdue or damaged, and how fast stores have grown, counted without reading every copy."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sql

from preservation.catalogue import tables
from preservation.catalogue.folding.counts import UNREAD, read_at


@dataclass(frozen=True, slots=True)
class CopySum:
    """What is to be said of one store's copies; ``oldest`` is when the longest unread one was last found whole.

    ``unread``: so many of the overdue were not read since their store was moved or set back.
    """

    store: str
    copies: int
    size_bytes: int
    owed: int
    overdue: int
    oldest: datetime | None
    damaged: int
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Growth:
    """How many bytes of copies came to a store since a day; ``first`` is the first day on which any came, or None."""

    store: str
    size_bytes: int
    first: date | None


def copies_of(
    engine: sql.Engine, names: Sequence[str], *, due: Collection[str], sealed: Collection[str], read_since: datetime
) -> tuple[CopySum, ...]:
    """Return the sums of stores, in this order.

    ``due`` are the stores to which every package is promised: owed is what ``plan_replication`` of the vault plans. A copy
    that was not read since ``read_since`` is overdue; those of sealed sets are not.
    """
    with engine.connect() as connection:
        totals = {row.store: row for row in connection.execute(sql.select(tables.total))}
        packages = totals[""].copies if "" in totals else 0
        damage = tables.damage.c
        files = sql.select(damage.store, damage.file).distinct().subquery()
        found = sql.select(files.c.store, sql.func.count()).group_by(files.c.store)
        damaged = {str(store): int(number) for store, number in connection.execute(found)}
        answer = []
        for name in names:
            mine = totals.get(name)
            is_level = (mine.current if mine else 0) == packages
            owed = 0 if is_level else _owed(connection, name, is_due=name in due)
            copy = tables.copy.c
            oldest = connection.scalar(sql.select(sql.func.min(copy.verified_at)).where(copy.store == name))
            late = sql.select(sql.func.count()).where(copy.store == name, copy.verified_at < read_since.isoformat())
            overdue = 0 if name in sealed else connection.execute(late).scalar_one()
            moment = read_at(oldest) if oldest else None
            anew = sql.select(sql.func.count()).where(copy.store == name, copy.verified_at == UNREAD)
            unread = 0 if name in sealed else connection.execute(anew).scalar_one()
            copies, size_bytes = (mine.copies, mine.size_bytes) if mine else (0, 0)
            answer.append(CopySum(name, copies, size_bytes, owed, overdue, moment, damaged.get(name, 0), unread))
    return tuple(answer)


def damaged_elsewhere(engine: sql.Engine, names: Collection[str]) -> int:
    """Return how many files were found damaged in stores that the settings name no more."""
    damage = tables.damage.c
    files = sql.select(damage.store, damage.file).distinct().where(damage.store.not_in([*names])).subquery()
    with engine.connect() as connection:
        return connection.execute(sql.select(sql.func.count()).select_from(files)).scalar_one()


def without_good_copy(engine: sql.Engine, verdicts: Collection[str]) -> int:
    """Return how many files of packages got one of these verdicts in every store that has the package."""
    damage, package, copy = tables.damage.c, tables.package.c, tables.copy.c
    wrong = (
        sql.select(damage.package_id, damage.file, sql.func.count(sql.distinct(damage.store)).label("stores"))
        .where(damage.package_id.is_not(None), damage.verdict.in_([*verdicts]))
        .group_by(damage.package_id, damage.file)
        .subquery()
    )
    holders = sql.select(sql.func.count()).where(copy.number == package.number).scalar_subquery()
    joined = wrong.join(tables.package, package.package_id == wrong.c.package_id)
    with engine.connect() as connection:
        query = sql.select(sql.func.count()).select_from(joined).where(wrong.c.stores >= holders)
        return connection.execute(query).scalar_one()


def growth_of(engine: sql.Engine, names: Sequence[str], *, since: date) -> tuple[Growth, ...]:
    """Return how much came to each of these stores from a day on."""
    grown = tables.growth.c
    query = sql.select(
        grown.store,
        sql.func.sum(sql.case((grown.day >= since.isoformat(), grown.size_bytes), else_=0)),
        sql.func.min(grown.day),
    ).group_by(grown.store)
    with engine.connect() as connection:
        found = {str(row[0]): row for row in connection.execute(query)}
    return tuple(
        Growth(name, int(found[name][1]), date.fromisoformat(found[name][2]))
        if name in found
        else Growth(name, 0, None)
        for name in names
    )


def _owed(connection: sql.Connection, store: str, *, is_due: bool) -> int:
    """Count the packages of which a store lacks the newest version: all of them, or only those that it has."""
    package, copy, leaving = tables.package.c, tables.copy.c, tables.disposal.c
    held = sql.and_(copy.number == package.number, copy.store == store)
    behind = copy.version < package.version
    query = sql.select(sql.func.count()).select_from(tables.package.outerjoin(tables.copy, held))
    query = query.where((copy.version.is_(None) | behind) if is_due else behind)
    stays = ~sql.exists(sql.select(leaving.package_id).where(leaving.package_id == package.package_id))
    return connection.execute(query.where(stays)).scalar_one()
