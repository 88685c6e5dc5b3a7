"""What a day changes: the decisions of which a day has come, or is still to come, and the units that they are about."""

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sql

from archives.record.identifiers import fonds_of_key
from preservation.catalogue import tables


def due(since: str, today: date) -> "sql.ColumnElement[bool]":
    """Return the condition on decisions of which a day, ahead when they were recorded, has come since (an ISO date)."""
    decision = tables.decision.c
    return sql.or_(*(one.between(since or "0", today.isoformat()) for one in (decision.opens_on, decision.closes_on)))


def ahead_of(today: date) -> "sql.ColumnElement[bool]":
    """Return the condition on decisions of which a day is still to come."""
    return sql.or_(*(one > today.isoformat() for one in (tables.decision.c.opens_on, tables.decision.c.closes_on)))


def decided_units(connection: sql.Connection, which: "sql.ColumnElement[bool]") -> Iterator[str]:
    """Yield the units of some decisions; those that name a record by its code alone stand for what has it now."""
    decision, package = tables.decision.c, tables.package.c
    yield from connection.scalars(sql.select(decision.unit_id).distinct().where(which, decision.unit_id != ""))
    coded = (package.repository == decision.repository) & (package.code_key == decision.code_key)
    query = sql.select(package.unit_id).distinct().join(tables.decision, coded)
    yield from connection.scalars(query.where(which, decision.unit_id == ""))


def units_of_decided_fonds(connection: sql.Connection, which: "sql.ColumnElement[bool]") -> Iterator[str]:
    """Yield the units of every fonds that some decisions are about: each is shown with its name, or without."""
    decision, unit = tables.decision.c, tables.unit.c
    query = sql.select(decision.repository, decision.code_key).distinct().where(which)
    for repository, key in connection.execute(query).all():
        if fonds_of_key(key) == key:
            yield from connection.scalars(
                sql.select(unit.unit_id).where(unit.repository == repository, unit.fonds == key)
            )


def followed_on(connection: sql.Connection, sequence: int, today: date) -> str:
    """Return a day before a journal entry was made, empty where the journal does not tell, or a clock was wrong.

    What followed the journal up to that entry has seen this day.
    """
    days: list[date] = []
    for one in (tables.decision.c, tables.audit.c):
        at = sql.select(one.at).where(one.sequence <= sequence).order_by(one.sequence.desc()).limit(1)
        days += [date.fromisoformat(found[:10]) - timedelta(days=1) for found in connection.scalars(at)]
    return max(days).isoformat() if days and max(days) <= today else ""
