"""Units that no row describes: plain fonds, of which the journal tells, and series that only the codes below them name.

They are worked out when they are asked for. A row that describes one takes its place, whenever it came in.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sql

from archives.record.identifiers import CodeRule, archival_code_key, fonds_of_key
from archives.units.by_rule import implied_series, key_above, keys_above
from archives.units.fonds import plain_fonds
from archives.units.state import GONE
from archives.units.unit import Level, Unit, read_unit_row
from preservation.catalogue import tables
from preservation.catalogue.folding.changed import among
from preservation.catalogue.folding.volumes import AFTER_ANY, Place, may_stand_in_a_volume, places_above, volumes_at

IS_THERE = tables.unit.c.state.not_in(GONE)
_LEVELS = [*Level]
_BY_PROFILE = '"series":"'
"""How a row says its series; in no text of a row can this stand, for there its quotation marks have strokes before them."""
_KEYS = f"""
WITH RECURSIVE one(key) AS (
  SELECT min(above) FROM unit WHERE repository = :repository AND above >= :first AND above < :last
  UNION ALL
  SELECT (SELECT min(above) FROM unit WHERE repository = :repository AND above > one.key AND above < :last)
  FROM one WHERE key IS NOT NULL
)
SELECT key FROM one WHERE key IS NOT NULL AND EXISTS (
  SELECT 1 FROM unit WHERE repository = :repository AND above = key AND instr(value, :said)
  AND state NOT IN ({", ".join(f"'{one.value}'" for one in GONE)})
)
"""


def unwritten(connection: sql.Connection, repository: str, fonds: str = "") -> list[Unit]:
    """Return the plain fonds and the implied series of a repository, or of one fonds; its series are all read, no unit below."""
    return [*_plain(connection, repository, fonds), *_implied(connection, repository, fonds)]


def unwritten_of(connection: sql.Connection, repository: str, codes: Iterable[str]) -> dict[str, Unit]:
    """Return the units of these codes that no row describes, by the matching form of the code."""
    keys = {key for code in codes if (key := archival_code_key(code))}
    found: dict[str, Unit] = {}
    for fonds in {fonds_of_key(key) for key in keys}:
        found |= {one.description.code.key: one for one in unwritten(connection, repository, fonds)}
    return {key: one for key, one in found.items() if key in keys}


def standing_above(connection: sql.Connection, units: Collection[Unit]) -> dict[str, Unit]:
    """Return what stands above units by rule, by their identifiers: only of those whose rows name nothing.

    That is the volume from whose code theirs goes on, else the series or the fonds that their code tells.
    """
    found = _volumes_above(connection, units)
    asked = {one.unit_id: (one, keys) for one in units if one.unit_id not in found and (keys := keys_above(one))}
    for repository in {one.repository for one, _ in asked.values()}:
        mine = {unit_id: of for unit_id, of in asked.items() if of[0].repository == repository}
        known = _described(connection, repository, {key for _, keys in mine.values() for key in keys})
        plain = {one.description.code.key: one for one in _plain(connection, repository) if mine}
        is_free = _rule(connection, repository) is CodeRule.FREE
        for unit_id, (unit, keys) in mine.items():
            above = _first(unit, keys, known, plain, is_free=is_free)
            if above is not None:
                found[unit_id] = above
    return found


def _volumes_above(connection: sql.Connection, units: Collection[Unit]) -> dict[str, Unit]:
    """Return the nearest volume from whose code that of each unit goes on; zeros aside only where one alone may be meant."""
    asked = [one for one in units if may_stand_in_a_volume(one.level.value, one.parent) and one.description.code.key]
    wanted = {
        one.unit_id: [
            (one.repository, one.description.code.fonds, at) for at in places_above(one.description.code.order)
        ]
        for one in asked
    }
    query = sql.select(tables.unit.c.value, tables.unit.c.fonds, tables.unit.c.place).order_by(tables.unit.c.unit_id)
    volumes: dict[Place, list[Unit]] = {}
    for condition in volumes_at(place for places in wanted.values() for place in places):
        for row in connection.execute(query.where(condition, IS_THERE)):
            volume = read_unit_row(row.value.encode("utf-8"))
            volumes.setdefault((volume.repository, row.fonds, row.place), []).append(volume)
    found: dict[str, Unit] = {}
    for one in asked:
        meant = (_meant(one, volumes.get(place, ())) for place in wanted[one.unit_id])
        if (nearest := next(filter(None, meant), None)) is not None:
            found[one.unit_id] = nearest
    return found


def _meant(unit: Unit, volumes: Sequence[Unit]) -> Unit | None:
    others = [one for one in volumes if one.unit_id != unit.unit_id]
    exact = [one for one in others if unit.description.code.rest_below(one.description.code) is not None]
    return exact[0] if exact else others[0] if len(others) == 1 else None


def _first(
    unit: Unit, keys: Collection[str], known: Mapping[str, Unit | None], plain: Mapping[str, Unit], *, is_free: bool
) -> Unit | None:
    """Return the nearest unit that one of these codes names; the series is there although nobody described it."""
    for key in keys:
        described = known.get(key)
        if described is not None and described.unit_id != unit.unit_id:
            return described
        if key in plain:
            return plain[key]
        is_series = key == key_above(unit) != fonds_of_key(key) and unit.level is not Level.SERIES
        if is_series and key not in known and (unit.series or not is_free):
            return implied_series(unit.repository, key)
    return None


def _described(connection: sql.Connection, repository: str, keys: Collection[str]) -> dict[str, Unit | None]:
    """Return the unit that may have others below it of each code that something has; None where it may not."""
    unit = tables.unit.c
    query = sql.select(unit.code_key, unit.level, unit.value).where(
        unit.code_key.in_(among(sorted(keys))), unit.repository == repository, IS_THERE
    )
    found: dict[str, Unit | None] = {}
    for row in sorted(connection.execute(query), key=lambda row: _LEVELS.index(Level(row.level))):
        is_above = row.level != Level.ITEM.value
        found.setdefault(row.code_key, read_unit_row(row.value.encode("utf-8")) if is_above else None)
    return found


def _plain(connection: sql.Connection, repository: str, fonds: str = "") -> Iterator[Unit]:
    """Yield the fonds that are described in the journal and in no row."""
    query = sql.select(tables.fonds.c.value).where(tables.fonds.c.repository == repository)
    query = query.where(tables.fonds.c.number == fonds) if fonds else query
    units = [plain_fonds(tables.FONDS.validate_json(value)) for value in connection.scalars(query)]
    known = _described(connection, repository, {one.description.code.key for one in units}) if units else {}
    for one in units:
        described = known.get(one.description.code.key)
        if described is None or described.level is not Level.FONDS:
            yield one


def _implied(connection: sql.Connection, repository: str, fonds: str) -> Iterator[Unit]:
    """Yield the series that codes name and nothing describes; by free codes only those that a profile made."""
    said = _BY_PROFILE if _rule(connection, repository) is CodeRule.FREE else ""
    span = {"first": fonds or " ", "last": f"{fonds}{AFTER_ANY}", "repository": repository, "said": said or "{"}
    keys = [key for key in connection.scalars(sql.text(_KEYS), span) if key != fonds_of_key(key)]
    if fonds:
        keys = [key for key in keys if fonds_of_key(key) == fonds]
    known = _described(connection, repository, keys) if keys else {}
    yield from (implied_series(repository, key) for key in keys if key not in known)


def _rule(connection: sql.Connection, repository: str) -> CodeRule:
    query = sql.select(tables.repository.c.value).where(tables.repository.c.code == repository)
    value = connection.scalar(query)
    return tables.REPOSITORY.validate_json(value).codes if value else CodeRule.DA_T
