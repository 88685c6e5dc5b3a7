"""What changed with a row or a decision, so that whoever follows the journal looks at it again."""

import json
from collections.abc import Collection, Iterable

import sqlalchemy as sql

from archives.record.record import PackageKind
from preservation.catalogue import tables


def among(values: Iterable[str]) -> "sql.Select[tuple[str]]":
    """Return the query of these values: one statement whatever their number, which ``IN`` with a mark for each is not."""
    return sql.select(sql.func.json_each(json.dumps([*values])).table_valued("value").c.value)


def head(connection: sql.Connection) -> int:
    """Return how far the journal was followed.

    What is described now changed now, also where a catalogue is made anew: what was made of it before is never newer.
    """
    return int(connection.scalar(sql.select(tables.position.c.sequence)) or 0)


def look_again_above(connection: sql.Connection, sequence: int, unit_ids: Collection[str]) -> None:
    """Let volumes be looked at again below which something is described anew: their lists of contents may name it."""
    package = tables.package.c
    mine = package.unit_id.in_(unit_ids) & (package.kind == PackageKind.RECORD.value) & (package.sequence < sequence)
    if unit_ids:
        connection.execute(tables.package.update().where(mine).values(sequence=sequence))


def look_again_at_decided(connection: sql.Connection, unit_ids: Collection[str]) -> None:
    """Let packages be no older than the newest decision about a unit whose content they hold.

    What has no content was described at the head of the journal, and no decision is newer.
    """
    decision, unit, package = tables.decision.c, tables.unit.c, tables.package.c
    query = sql.select(unit.number, sql.func.max(decision.sequence).label("newest")).group_by(unit.number)
    query = query.where(unit.unit_id.in_(among(unit_ids)), unit.number.is_not(None))
    found = [*connection.execute(query.join(tables.decision, decision.unit_id == unit.unit_id))]
    if connection.scalar(sql.select(decision.sequence).where(decision.unit_id == "").limit(1)) is not None:
        same = (decision.repository == unit.repository) & (decision.code_key == unit.code_key)
        found += [*connection.execute(query.join(tables.decision, same & (decision.unit_id == "")))]
    for row in found:
        whole = (package.number == row.number) & (package.sequence < row.newest)
        connection.execute(tables.package.update().where(whole).values(sequence=row.newest))
