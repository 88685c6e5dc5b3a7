"""Rows of description packages taken over: of every unit the one with the highest revision, whatever the order they come in.

What the newest row says of a unit that has a package is what the record is called from then on.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sql

from archives.findings import Finding, error
from archives.message import message
from archives.record.description import Description
from archives.record.record import PackageKind
from archives.reviewed import reviewed_digest
from archives.units.fonds import fonds_of
from archives.units.former_codes import former_keys
from archives.units.unit import Level, State, Unit, read_unit_row, row_digest, unit_row
from preservation.catalogue import tables

_AT_ONCE = 500


def keep_rows(connection: sql.Connection, number: int, data: bytes) -> list[Finding]:
    """Take over the rows of ``units.jsonl`` of the package with this number; returns what contradicts a row known before.

    Raises ``FormatError`` for what is no row.
    """
    found: list[Finding] = []
    every = [(read_unit_row(row), row) for row in data.splitlines(keepends=True)]  # all, before any is taken over
    for start in range(0, len(every), _AT_ONCE):
        units = every[start : start + _AT_ONCE]
        known = _known(connection, {unit.unit_id for unit, _ in units})
        found += (
            _contradiction(unit)
            for unit, row in units
            if (unit.revision, row_digest(row)) != known.get(unit.unit_id, (0, ""))
            and unit.revision == known.get(unit.unit_id, (0, ""))[0]
        )
        newest = {unit.unit_id: (unit, row) for unit, row in sorted(units, key=lambda one: one[0].revision)}
        new = [one for one in newest.values() if one[0].revision > known.get(one[0].unit_id, (0, ""))[0]]
        if new:
            connection.execute(_UPSERT, [_values(*one) for one in new])
            _keep_former(connection, [unit for unit, _ in new])
            for unit, _ in new:
                if unit.level is Level.FONDS and unit.state is not State.TAKEN_BACK:
                    _keep_fonds(connection, number, unit)
            _describe_records(connection, number, {unit.unit_id: unit for unit, _ in new})
        connection.execute(
            tables.unit_revision.insert().prefix_with("OR IGNORE"),
            [{"unit_id": unit.unit_id, "revision": unit.revision, "number": number} for unit, _ in units],
        )
    return found


def keep_record(connection: sql.Connection, package_id: str, repository: str, description: Description) -> Description:
    """Let a record that has a package be a unit; returns what is said of it now, by its newest row where it has any."""
    unit = tables.unit.c
    value = connection.scalar(sql.select(unit.value).where(unit.unit_id == package_id, unit.revision > 0))
    if value is not None:
        _is_digitised(connection, [package_id])
        return read_unit_row(str(value).encode("utf-8")).description
    bare = Unit(package_id, repository, _level_of(description), description, revision=0)
    connection.execute(_UPSERT_OF_PACKAGE, [_values(bare, unit_row(bare))])
    _keep_former(connection, [bare])
    return description


def _keep_former(connection: sql.Connection, units: Sequence[Unit]) -> None:
    """Let units be found by the codes that they had before, as they say now."""
    former = tables.former_code
    again = [unit.unit_id for unit in units if unit.revision != 1]
    if again:
        connection.execute(former.delete().where(former.c.unit_id.in_(again)))
    had = {(unit.unit_id, key) for unit in units for key in former_keys(unit.description)}
    if had:
        rows = [{"unit_id": unit_id, "code_key": key} for unit_id, key in sorted(had)]
        connection.execute(former.insert().prefix_with("OR IGNORE"), rows)


def _keep_fonds(connection: sql.Connection, number: int, unit: Unit) -> None:
    """Let a fonds be what its newest row says, and what stands below it be looked at again."""
    said = fonds_of(unit)
    if not said.number:
        return
    where = {"repository": unit.repository, "number": said.number}
    row = {**where, "value": tables.FONDS.as_json(said)}
    connection.execute(tables.fonds.insert().prefix_with("OR REPLACE"), row)
    package = tables.package
    sequence = connection.scalar(sql.select(package.c.sequence).where(package.c.number == number)) or 0
    mine = (package.c.repository == unit.repository) & (package.c.fonds_number == said.number)
    connection.execute(package.update().where(mine, package.c.sequence < sequence).values(sequence=sequence))


def _is_digitised(connection: sql.Connection, unit_ids: Collection[str]) -> None:
    """Let no unit that has content be one that was not digitised, whatever was said of it before it had."""
    unit = tables.unit.c
    said = (unit.unit_id.in_(unit_ids)) & (unit.state == State.NOT_DIGITISED.value)
    connection.execute(tables.unit.update().where(said).values(state=State.HELD.value))


def _known(connection: sql.Connection, unit_ids: Collection[str]) -> dict[str, tuple[int, str]]:
    unit = tables.unit.c
    query = sql.select(unit.unit_id, unit.revision, unit.digest).where(unit.unit_id.in_(unit_ids), unit.revision > 0)
    return {row.unit_id: (row.revision, row.digest) for row in connection.execute(query)}


def _describe_records(connection: sql.Connection, number: int, units: Mapping[str, Unit]) -> None:
    """Let records be called what their newest rows say, and be looked at again by whoever follows changes."""
    package, content = tables.package, tables.content
    gone = sql.select(tables.tombstone.c.package_id).where(tables.tombstone.c.package_id.in_(units))
    for unit_id in connection.scalars(gone).all():
        connection.execute(
            tables.unit.update().where(tables.unit.c.unit_id == unit_id).values(state=State.DESTROYED.value)
        )
    held = sql.select(package.c.number, package.c.package_id).where(
        package.c.package_id.in_(units), package.c.kind == PackageKind.RECORD.value
    )
    sequence = sql.select(package.c.sequence).where(package.c.number == number).scalar_subquery()
    found = connection.execute(held).all()
    if found:
        _is_digitised(connection, [package_id for _, package_id in found])
    for mine, package_id in found:
        description = units[package_id].description
        files = connection.scalars(sql.select(tables.file.c.value).where(tables.file.c.number == mine))
        reviewed = reviewed_digest(description, [tables.FILE.validate_json(file) for file in files])
        values = {"description": tables.DESCRIPTION.as_json(description), "reviewed": reviewed}
        connection.execute(content.update().where(content.c.number == mine).values(values))
        touched = package.update().where(package.c.number == mine, package.c.sequence < sequence)
        connection.execute(touched.values(sequence=sequence))


def _level_of(description: Description) -> Level:
    parts = description.code.key.split("-")
    return Level.FILE if len(parts) == 3 and all(part.isdigit() for part in parts[1:]) else Level.ITEM


def _values(unit: Unit, row: bytes) -> dict[str, object]:
    code = unit.description.code
    return {
        "unit_id": unit.unit_id,
        "revision": unit.revision,
        "repository": unit.repository,
        "fonds": code.fonds,
        "level": unit.level.value,
        "parent": unit.parent,
        "place": code.order,
        "code_key": code.key,
        "state": unit.state.value,
        "import_id": unit.import_id,
        "digest": row_digest(row),
        "value": row.decode("utf-8"),
    }


def _contradiction(unit: Unit) -> Finding:
    said = message(
        "单元 {id} 的第 {n} 次修订有两种内容，以先见的为准",
        "revision {n} of the unit {id} is there with two contents; the first that was seen holds",
        id=unit.unit_id,
        n=unit.revision,
    )
    advice = message(
        "请比较两行（jinkui show），以对的为准重新更正（jinkui describe）",
        "compare both (jinkui show), and say anew what is right (jinkui describe)",
    )
    return replace(error("description-contradicts", said), advice=advice)


def _upsert(where: str) -> sql.TextClause:
    columns: Sequence[str] = [column.name for column in tables.unit.columns]
    others = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "unit_id")
    return sql.text(
        f"INSERT INTO unit ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})"
        f" ON CONFLICT (unit_id) DO UPDATE SET {others} WHERE {where}"
    )


_UPSERT = _upsert("excluded.revision > unit.revision")
_UPSERT_OF_PACKAGE = _upsert("unit.revision = 0")
