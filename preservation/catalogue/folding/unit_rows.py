"""Rows of description packages taken over: of every unit the one with the highest revision, whatever the order they come in.

What the newest row says of a unit that has a package is what the record is called from then on.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sql

from archives.findings import Finding, error
from archives.message import message
from archives.record.description import Description
from archives.record.holding import PagedFiles, StoredFile, own_pages
from archives.record.record import PackageKind
from archives.record.volume.structure import VolumeStructure
from archives.reviewed import reviewed_digest
from archives.units.by_rule import fonds_by_rule, key_by_rule
from archives.units.state import State
from archives.units.unit import (
    Level,
    RowHead,
    Unit,
    head_of,
    read_row_head,
    read_unit_row,
    row_digest,
    unit_row,
)
from preservation.catalogue import tables
from preservation.catalogue.folding.changed import (
    among,
    head,
    look_again_above,
    look_again_at_decided,
)
from preservation.catalogue.folding.collection import no_collection
from preservation.catalogue.folding.fonds_rows import forget_fonds, keep_fonds
from preservation.catalogue.folding.known import NOTHING, Known, codes_had, held_among, keep_former, known_units
from preservation.catalogue.folding.volumes import look_again_at_volumes, may_stand_in_a_volume, places_above

_AT_ONCE = 2_000


def keep_rows(connection: sql.Connection, number: int, data: bytes) -> list[Finding]:
    """Take over the rows of ``units.jsonl`` of the package with this number; returns what contradicts a row known before.

    Raises ``FormatError`` for what is no row.
    """
    with no_collection():
        return _kept_rows(connection, number, data)


def _kept_rows(connection: sql.Connection, number: int, data: bytes) -> list[Finding]:
    found: list[Finding] = []
    every = [(read_row_head(row), row) for row in data.splitlines(keepends=True)]  # all, before any is taken over
    sequence = head(connection)
    for start in range(0, len(every), _AT_ONCE):
        units = every[start : start + _AT_ONCE]
        known = known_units(connection, {unit.unit_id for unit, _ in units})
        found += (_contradiction(unit) for unit, row in units if _contradicts(unit, row, known.get(unit.unit_id)))
        newest = {unit.unit_id: (unit, row) for unit, row in sorted(units, key=lambda one: _rank(one[0]))}
        new = [one for one in newest.values() if _rank(one[0]) > known.get(one[0].unit_id, NOTHING).rank]
        if new:
            gone = [unit.unit_id for unit, _ in new if unit.level is Level.FONDS and unit.state is State.PURGED]
            forget_fonds(connection, sequence, gone)
            rows = [_values(*one, sequence=sequence) for one in new]
            connection.exec_driver_sql(_UPSERT, rows)
            if held := held_among(connection, [unit.unit_id for unit, _ in new], known):
                _describe_records(connection, sequence, {one[0].unit_id: one for one in new if one[0].unit_id in held})
                look_again_at_decided(connection, held)
            _look_again_above(
                connection, sequence, rows, [known[one.unit_id] for one, _ in new if one.unit_id in known]
            )
            keep_former(connection, [unit for unit, _ in new])
            for unit, row in new:
                if unit.level is Level.FONDS and unit.state is not State.TAKEN_BACK:
                    keep_fonds(connection, sequence, read_unit_row(row))
        connection.exec_driver_sql(_LIES_IN, [(unit.unit_id, unit.revision, number) for unit, _ in units])
    return found


def keep_record(
    connection: sql.Connection,
    number: int,
    repository: str,
    content: "tuple[Description, Sequence[StoredFile], VolumeStructure | None]",
) -> Description:
    """Let a record that has a package be a unit, and every item of a volume one below it.

    Returns what is said of the record now, by its newest row where it has any.
    """
    description, files, volume = content
    unit_id = str(connection.scalar(_UNIT_OF, {"number": number}))
    said = connection.scalar(_SAID_OF, {"unit": unit_id})
    level = Level.FILE if volume and volume.items else _level_of(description)
    units = [Unit(unit_id, repository, level, description, revision=0)]
    items = volume.items if volume else ()
    units += [Unit(one.unit_id, repository, Level.ITEM, one.description, parent=unit_id, revision=0) for one in items]
    connection.exec_driver_sql(_UPSERT_OF_PACKAGE, [_values(head_of(one), unit_row(one)) for one in units])
    mine = [one.unit_id for one in units]
    by_rows = sql.select(tables.unit.c.unit_id).where(
        tables.unit.c.unit_id.in_(among(mine)), tables.unit.c.revision > 0
    )
    described = {*connection.scalars(by_rows)} if items else {unit_id} if said is not None else set[str]()
    keep_former(connection, [head_of(one) for one in units if one.unit_id not in described])
    for statement in (_DROP_LEFT, _LET_GO, _TAKE_IN):
        connection.execute(statement, {"mine": number, "units": mine})
    _is_digitised(connection, mine)
    if volume and items:
        _review_items(connection, number, files, volume)
        look_again_at_decided(connection, mine)
    return read_unit_row(str(said).encode("utf-8")).description if said is not None else description


def _look_again_above(
    connection: sql.Connection, sequence: int, rows: Sequence[tuple[object, ...]], before: Sequence[Known]
) -> None:
    """Let volumes be looked at again below which something is described anew, or is no more."""
    now = [(str(row[5]), str(row[4]), (str(row[2]), str(row[3]), str(row[7]))) for row in rows]  # see _SAID
    stood = {*now, *((one.parent, one.level, one.place) for one in before)}
    look_again_above(connection, sequence, {parent for parent, _, _ in stood if parent})
    by_code = {place for parent, level, place in stood if may_stand_in_a_volume(level, parent)}
    above = {(repository, fonds, at) for repository, fonds, order in by_code for at in places_above(order)}
    look_again_at_volumes(connection, sequence, above)


def described_items(connection: sql.Connection, number: int, volume: VolumeStructure) -> VolumeStructure:
    """Return the structure of the volume with this number with its items as they are described now."""
    unit = tables.unit.c
    query = sql.select(unit.unit_id, unit.value).where(unit.number == number, unit.revision > 0)
    said = {row.unit_id: read_unit_row(row.value.encode("utf-8")).description for row in connection.execute(query)}
    items = (replace(one, description=said.get(one.unit_id, one.description)) for one in volume.items)
    return replace(volume, items=tuple(items)) if said else volume


def _review_items(
    connection: sql.Connection, number: int, files: Sequence[StoredFile], volume: VolumeStructure
) -> None:
    """Remember what a review of each item of a volume looks at."""
    paged = PagedFiles(files)
    had = codes_had(connection, [one.unit_id for one in volume.items])
    for one in described_items(connection, number, volume).items:
        digest = reviewed_digest(one.description, paged.on(one.pages), one.pages, had=had.get(one.unit_id, ()))
        connection.execute(tables.unit.update().where(tables.unit.c.unit_id == one.unit_id).values(reviewed=digest))


def _is_digitised(connection: sql.Connection, unit_ids: Collection[str]) -> None:
    """Let no unit that has content be one that was not digitised or is gone, whatever was said of it before.

    That it is gone is said before its content is removed, which may be stopped.
    """
    connection.execute(_IS_DIGITISED, {"units": [*unit_ids]})


def _rank(unit: RowHead) -> tuple[int, bool]:
    """Return by what the row that holds is told: its revision; of a row that was purged, what is left holds."""
    return unit.revision, unit.state is State.PURGED


def _contradicts(unit: RowHead, row: bytes, known: Known | None) -> bool:
    return known is not None and _rank(unit) == known.rank and row_digest(row) != known.digest


def _describe_records(connection: sql.Connection, sequence: int, units: Mapping[str, tuple[RowHead, bytes]]) -> None:
    """Let records, and items of volumes, be called what their newest rows say, and be looked at again."""
    package, content, unit = tables.package, tables.content, tables.unit.c
    number = sql.func.coalesce(package.c.number, unit.number).label("number")
    own = (package.c.unit_id == unit.unit_id) & (package.c.kind == PackageKind.RECORD.value)
    held = sql.select(unit.unit_id, number, package.c.package_id).outerjoin(package, own & (package.c.code_key != ""))
    found = connection.execute(held.where(unit.unit_id.in_(among(units)), number.is_not(None))).all()
    with_content = {row.unit_id for row in found}
    tombstone = tables.tombstone.c
    gone = sql.select(tombstone.unit_id, tombstone.mistake).where(tombstone.unit_id.in_(among(units)))
    for unit_id, mistake in connection.execute(gone.order_by(tombstone.sequence)).all():
        is_told = units[unit_id][0].state is State.PURGED or (mistake and units[unit_id][0].import_id)
        if unit_id not in with_content and not is_told:
            state = State.TAKEN_BACK if mistake else State.DESTROYED
            connection.execute(tables.unit.update().where(unit.unit_id == unit_id).values(state=state.value))
    if not found:
        return
    _is_digitised(connection, with_content)
    had = codes_had(connection, [row.unit_id for row in found])
    read: dict[int, tuple[list[StoredFile], VolumeStructure | None]] = {}
    for row in found:
        mine = row.number
        description = read_unit_row(units[row.unit_id][1]).description
        if mine not in read:
            read = {mine: _content_of(connection, mine)}
        files, volume = read[mine]
        pages = own_pages(volume, "" if row.package_id else row.unit_id)
        reviewed = reviewed_digest(description, files, pages, had=had.get(row.unit_id, ()))
        if row.package_id:
            values = {"description": tables.DESCRIPTION.as_json(description), "reviewed": reviewed}
            connection.execute(content.update().where(content.c.number == mine).values(values))
        else:
            connection.execute(tables.unit.update().where(unit.unit_id == row.unit_id).values(reviewed=reviewed))
        touched = package.update().where(package.c.number == mine, package.c.sequence < sequence)
        connection.execute(touched.values(sequence=sequence))


def _content_of(connection: sql.Connection, number: int) -> tuple[list[StoredFile], VolumeStructure | None]:
    files = connection.scalars(sql.select(tables.file.c.value).where(tables.file.c.number == number))
    volume = connection.scalar(sql.select(tables.content.c.volume).where(tables.content.c.number == number))
    return [*map(tables.FILE.validate_json, files)], tables.VOLUME.validate_json(volume) if volume else None


def _level_of(description: Description) -> Level:
    parts = description.code.key.split("-")
    return Level.FILE if len(parts) == 3 and all(part.isdigit() for part in parts[1:]) else Level.ITEM


def _values(unit: RowHead, row: bytes, *, sequence: int = 0) -> tuple[object, ...]:
    """Return what stands in a row of units, in the order of ``_SAID``."""
    code = unit.code
    return (
        unit.unit_id,
        unit.revision,
        unit.repository,
        fonds_by_rule(code, unit.series),
        unit.level.value,
        unit.parent,
        (not unit.parent and key_by_rule(unit.code, unit.level, unit.series)) or None,
        code.order,
        code.key,
        unit.state.value,
        unit.import_id,
        row_digest(row),
        row.decode("utf-8"),
        sequence,
    )


def _contradiction(unit: RowHead) -> Finding:
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


def _upsert(where: str) -> str:
    """Return the statement that writes a row, and leaves what is known of the unit's content as it is."""
    others = ", ".join(f"{name} = excluded.{name}" for name in _SAID if name != "unit_id")
    return (
        f"INSERT INTO unit ({', '.join(_SAID)}) VALUES ({', '.join('?' * len(_SAID))})"
        f" ON CONFLICT (unit_id) DO UPDATE SET {others} WHERE {where}"
    )


_SAID = (
    "unit_id", "revision", "repository", "fonds", "level", "parent", "above", "place", "code_key", "state", "import_id",
    "digest", "value", "sequence",
)  # fmt: skip
_LIES_IN = "INSERT OR IGNORE INTO unit_revision (unit_id, revision, number) VALUES (?, ?, ?)"
_UPSERT = _upsert("TRUE")
_UPSERT_OF_PACKAGE = _upsert("unit.revision = 0")
_SAID_OF = sql.select(tables.unit.c.value).where(
    tables.unit.c.unit_id == sql.bindparam("unit", type_=sql.String), tables.unit.c.revision > 0
)
_UNIT_OF = sql.select(tables.package.c.unit_id).where(
    tables.package.c.number == sql.bindparam("number", type_=sql.Integer)
)
_UNITS = sql.bindparam("units", expanding=True, type_=sql.String)
_MINE = sql.bindparam("mine", type_=sql.Integer)
_LEFT = (tables.unit.c.number == _MINE) & tables.unit.c.unit_id.not_in(_UNITS)
_DROP_LEFT = tables.unit.delete().where(_LEFT, tables.unit.c.revision == 0)
_LET_GO = (
    tables.unit.update()
    .where(_LEFT)
    .values(
        number=None,
        reviewed=None,
        sequence=sql.func.coalesce(sql.select(tables.position.c.sequence).scalar_subquery(), 0),
    )
)
_TAKE_IN = tables.unit.update().where(tables.unit.c.unit_id.in_(_UNITS)).values(number=_MINE)
_WITHOUT = (State.NOT_DIGITISED.value, State.DESTROYED.value, State.TAKEN_BACK.value)
_IS_DIGITISED = (
    tables.unit.update()
    .where(tables.unit.c.unit_id.in_(_UNITS), tables.unit.c.state.in_(_WITHOUT))
    .values(state=State.HELD.value)
)
"""Asked for every record that is read: made once, because making one takes longer than asking."""
