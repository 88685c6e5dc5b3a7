"""Which units wait for the opening review: nothing was decided about them, and how long ago they were formed; and the others."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sql

from archives.units.state import State
from archives.units.unit import Level
from preservation.catalogue import tables

OPENED = (Level.FILE, Level.GROUP, Level.ITEM)
"""The levels about which it is decided whether they are opened; a fonds or a series is not opened by itself."""
_LEFT = (State.HANDED_ON, State.DESTROYED, State.TAKEN_BACK, State.PURGED)
IS_HELD = tables.unit.c.state.not_in([state.value for state in _LEFT])
IS_UNDATED = tables.unit.c.last_day.is_(None) | (tables.unit.c.last_day == tables.NO_LAST_DAY)


@dataclass(frozen=True, slots=True)
class Undecided:
    """Units about whose opening nothing was decided: all of them, those formed by a day, or those of no known day."""

    formed_until: date | None = None
    undated: bool = False


@dataclass(frozen=True, slots=True)
class DecidedAbout:
    """Units about which something was decided; with ``saying`` only those where some decision has one of these words.

    More rather than less: whether it is the last decision is not looked at.
    """

    saying: tuple[str, ...] = ()


def was_formed_by(day: date) -> "sql.ColumnElement[bool]":
    """Return the condition that the last day of a unit's formation is no later than this."""
    return tables.unit.c.last_day <= day.isoformat()


def decided_about(which: DecidedAbout | None = None) -> "sql.CompoundSelect[tuple[str]]":
    """Return the query of the units about which anything was decided, also by the code alone, as it was done before."""
    unit, decision = tables.unit.alias("named"), tables.decision.c
    same = (unit.c.repository == decision.repository) & (unit.c.code_key == decision.code_key)
    by_code = sql.select(unit.c.unit_id).join(tables.decision, same).where(decision.unit_id == "")
    said = [decision.value.contains(f'"{one}"', autoescape=True) for one in (which.saying if which else ())]
    narrower = [sql.or_(*said)] if said else []
    return sql.select(decision.unit_id).where(*narrower).union_all(by_code.where(*narrower))


def those_undecided(which: Undecided) -> tuple["sql.ColumnElement[bool]", ...]:
    """Return the conditions under which a unit is one of these."""
    narrower = [was_formed_by(which.formed_until)] if which.formed_until else []
    narrower += [IS_UNDATED] if which.undated else []
    levels = [one.value for one in OPENED]
    unit = tables.unit.c
    return (unit.level.in_(levels), IS_HELD, unit.unit_id.not_in(decided_about()), *narrower)
