"""How many units there are, by fonds and level, with content and without, and which of them wait for an opening review."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sql

from archives.units.state import State
from archives.units.unit import Level
from preservation.catalogue import tables
from preservation.catalogue.levels.undecided import IS_HELD, IS_UNDATED, OPENED, decided_about, was_formed_by


@dataclass(frozen=True, slots=True)
class LevelSum:
    """The units of one level of a fonds that are held; ``missing`` are those of them that could not be found."""

    repository: str
    fonds: str
    level: Level
    units: int
    with_content: int
    missing: int


@dataclass(frozen=True, slots=True)
class ToReview:
    """The units of a level about whose opening nothing was decided yet.

    ``due`` of them were formed so long ago that they are to be opened, of ``undated`` it is not known when they were.
    """

    level: Level
    units: int
    due: int
    undated: int


def holdings_of(engine: sql.Engine) -> tuple[LevelSum, ...]:
    """Return the sums of every level of every fonds, in their order; what was handed on, destroyed or taken back is none."""
    unit = tables.unit.c
    columns = (unit.repository, unit.fonds, unit.level)
    query = sql.select(
        *columns,
        sql.func.count().label("units"),
        sql.func.count(unit.number).label("with_content"),
        _those(unit.state == State.MISSING.value).label("missing"),
    )
    query = query.where(IS_HELD).group_by(*columns).order_by(unit.repository, unit.fonds)
    with engine.connect() as connection:
        found = [_level_sum(r) for r in connection.execute(query)]
    order = [*Level]
    return tuple(sorted(found, key=lambda one: (one.repository, one.fonds, order.index(one.level))))


def to_review(
    engine: sql.Engine, holdings: Sequence[LevelSum] | None = None, *, formed_until: date
) -> tuple[ToReview, ...]:
    """Return by level how many units nothing was decided about; due are those whose last day is no later than this.

    ``holdings`` are those of ``holdings_of``, where they are known already: nothing is counted twice.
    """
    units: Counter[Level] = Counter()
    for one in holdings_of(engine) if holdings is None else holdings:
        units[one.level] += one.units
    is_due = was_formed_by(formed_until)
    with engine.connect() as connection:
        due, undated = _by_level(connection, is_due), _by_level(connection, IS_UNDATED)
        level = tables.unit.c.level
        decided = sql.select(level, sql.func.count(), _those(is_due), _those(IS_UNDATED)).group_by(level)
        for row in connection.execute(decided.where(IS_HELD, tables.unit.c.unit_id.in_(decided_about()))):
            for count, number in zip((units, due, undated), _numbers(row[1:]), strict=True):
                count[Level(row[0])] -= number
    return tuple(ToReview(level, units[level], due[level], undated[level]) for level in OPENED if units[level])


def next_change(engine: sql.Engine, today: date) -> date | None:
    """Return the next day after today on which a decision opens or closes anything, None where no such day is known."""
    decision = tables.decision.c
    days: list[str] = []
    with engine.connect() as connection:
        for column in (decision.opens_on, decision.closes_on):
            day = connection.scalar(sql.select(sql.func.min(column)).where(column > today.isoformat()))
            days += [day] if day else []
    return date.fromisoformat(min(days)) if days else None


def _level_sum(row: "sql.Row[Any]") -> LevelSum:
    return LevelSum(row.repository, row.fonds, Level(row.level), *_numbers(row[3:]))


def _by_level(connection: sql.Connection, which: "sql.ColumnElement[bool]") -> Counter[Level]:
    level = tables.unit.c.level
    query = sql.select(level, sql.func.count()).where(which, IS_HELD).group_by(level)
    return Counter({Level(name): int(number) for name, number in connection.execute(query)})


def _those(which: "sql.ColumnElement[bool]") -> "sql.Function[int]":
    """Return how many rows of a group are such; a sum of conditions would be taken for a condition."""
    return sql.func.sum(sql.case((which, 1), else_=0))


def _numbers(values: Sequence[object]) -> list[int]:
    return [int(str(value)) for value in values]
