"""Units as the catalogue's rows hold them, with what was decided about them, and for which version."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sql

from archives.record.description import Fonds, Repository
from archives.record.holding import Decided, Holding
from archives.record.identifiers import PackageId, RecordKey, reference_code
from archives.record.rights import OpeningDecision, Withdrawal
from archives.record.volume.structure import VolumeItem
from archives.reviewed import reviewed_digest
from archives.units.state import GONE
from archives.units.unit import read_unit_row
from preservation.catalogue import tables
from preservation.catalogue.folding.known import codes_had
from preservation.catalogue.folding.unit_rows import described_items
from preservation.catalogue.folding.volumes import below_volume

_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def perhaps_changed() -> "sql.CompoundSelect[tuple[str]]":
    """Return the query of the units with a decision that stands for something else than what they are now.

    Of a unit without content it tells those of which something was said since.
    """
    decision, package, content, unit = tables.decision.c, tables.package.c, tables.content.c, tables.unit.c
    differs = sql.case(
        (decision.reviewed == "", decision.version.between(1, package.version - 1)),
        else_=decision.reviewed != content.reviewed,
    )
    records = sql.select(package.unit_id).join(tables.decision, decision.unit_id == package.unit_id)
    records = records.join(tables.content, content.number == package.number)
    others = sql.select(unit.unit_id).join(tables.decision, decision.unit_id == unit.unit_id)
    items = others.where(unit.number.is_not(None), unit.reviewed.is_not(None), decision.reviewed != unit.reviewed)
    uncounted = unit.unit_id.in_(sql.select(tables.former_code.c.unit_id))  # by decisions of earlier software
    bare = others.where(unit.number.is_(None), sql.or_(unit.sequence > decision.sequence, uncounted))
    changed: sql.CompoundSelect[tuple[str]] = sql.union(records.where(differs, content.reviewed != ""), items, bare)
    return changed


@dataclass(frozen=True, slots=True)
class _Decisions:
    """The decisions about one unit, in the journal's order, with the last that concluded a review."""

    values: tuple[OpeningDecision | Withdrawal, ...] = ()
    last: "sql.Row[tuple[object, ...]] | None" = None


@dataclass(frozen=True, slots=True)
class _Above:
    """What a unit stands below: its repository, its fonds, and the last that was decided about that itself."""

    repository: Repository
    fonds: Fonds | None
    decision: OpeningDecision | Withdrawal | None


def holding_of(connection: sql.Connection, row: "sql.Row[tuple[object, ...]]") -> Holding:
    """Return the record of a row of packages with what is read of their newest version."""
    fields = row._mapping
    package_id, repository, key = fields["package_id"], fields["repository"], fields["code_key"]
    description = tables.DESCRIPTION.validate_json(fields["description"])
    files = connection.scalars(_FILES, {"number": fields["number"]})
    unit_id = fields["unit_id"]
    decided = _decisions(connection, repository, {unit_id: key})[unit_id]
    approved, version = _approved(connection, fields, decided.last) if decided.last is not None else ("", 0)
    volume = tables.VOLUME.validate_json(fields["volume"]) if fields["volume"] else None
    above = _above(connection, repository, description.code.fonds)
    items: dict[str, Decided] = {}
    if volume:
        volume = described_items(connection, fields["number"], volume)
        items = _items_decided(connection, repository, fields["number"], volume.items)
        since = decided.last._mapping["sequence"] if decided.last is not None else 0
        items |= _others_decided(connection, RecordKey(repository, key), fields["number"], unit_id, since=since)
    return Holding(
        package_id=PackageId(package_id),
        version=fields["version"],
        key=RecordKey(repository, key),
        repository=above.repository,
        fonds=above.fonds.on(description.formed, description.year) if above.fonds else None,
        description=description,
        files=tuple(tables.FILE.validate_json(file) for file in files),
        decisions=decided.values,
        sequence=fields["sequence"],
        stored_at=datetime.fromisoformat(fields["stored_at"]),
        reviewed=fields["reviewed"],
        approved=approved,
        approved_version=version,
        volume=volume,
        items=items,
        record=unit_id,
        fonds_decision=above.decision,
    )


def bare_units(
    connection: sql.Connection, rows: Sequence["sql.Row[tuple[object, ...]]"], *, for_review: bool = False
) -> Iterator[Holding]:
    """Yield the units without content that rows of ``unit`` hold.

    What a review looks at is worked out of those about which something was decided, and of all of them ``for_review``.
    """
    known: dict[tuple[str, str], _Above] = {}
    decided: dict[str, _Decisions] = {}
    for repository in {row.repository for row in rows}:
        keys = {row.unit_id: row.code_key for row in rows if row.repository == repository}
        decided |= _decisions(connection, repository, keys)
    had = codes_had(connection, [row.unit_id for row in rows])
    for row in rows:
        description = read_unit_row(row.value.encode("utf-8")).description
        place = (row.repository, description.code.fonds)
        if place not in known:
            known[place] = _above(connection, *place)
        above = known[place]
        mine = decided[row.unit_id]
        yield Holding(
            package_id=PackageId(row.unit_id),
            version=0,
            key=RecordKey(row.repository, row.code_key),
            repository=above.repository,
            fonds=above.fonds.on(description.formed, description.year) if above.fonds else None,
            description=description,
            files=(),
            decisions=mine.values,
            sequence=row.sequence,
            stored_at=_NEVER,
            state=row.state,
            level=row.level,
            reviewed=_reviewed(row, had) if mine.values or for_review else "",
            approved=_approved_by(mine),
            fonds_decision=above.decision,
        )


def _items_decided(
    connection: sql.Connection, repository: str, number: int, items: Sequence[VolumeItem]
) -> dict[str, Decided]:
    keys = {one.unit_id: one.description.code.key for one in items}
    unit = tables.unit.c
    query = sql.select(unit.unit_id, unit.reviewed).where(unit.number == number, unit.reviewed.is_not(None))
    reviewed = {row.unit_id: row.reviewed for row in connection.execute(query)}
    return {
        unit_id: Decided(one.values, reviewed.get(unit_id, ""), _approved_by(one), keys[unit_id])
        for unit_id, one in _decisions(connection, repository, keys).items()
    }


def _others_decided(
    connection: sql.Connection, key: RecordKey, number: int, volume: str, *, since: int
) -> dict[str, Decided]:
    """Return what was decided about the units below a volume that do not stand in its package.

    One that was taken back or purged after the last opening decision about the volume stays among them, closed: the list
    of contents names it until somebody reviews it again.
    """
    unit = tables.unit.c
    elsewhere = unit.number.is_(None) | (unit.number != number)
    gone = unit.state.in_(GONE)
    inside = sql.union_all(*below_volume(volume, key.repository, reference_code(key.code_key)))
    below = sql.select(tables.unit).where(unit.unit_id.in_(inside), elsewhere)
    left = connection.scalars(below.with_only_columns(unit.unit_id).where(gone, unit.sequence > since)).all()
    rows = connection.execute(below.where(~gone)).all()
    keys = {row.unit_id: row.code_key for row in rows}
    decided = _decisions(connection, key.repository, keys) if keys else {}
    had = codes_had(connection, [*keys])
    answer = {unit_id: Decided(()) for unit_id in left}
    for row in rows:
        one = decided[row.unit_id]
        reviewed = row.reviewed or _reviewed(row, had)
        answer[row.unit_id] = Decided(one.values, reviewed, _approved_by(one), row.code_key)
    return answer


def _reviewed(row: "sql.Row[tuple[object, ...]]", had: Mapping[str, Collection[str]]) -> str:
    """Return what a review looks at of a unit without content, by its row."""
    said = read_unit_row(row._mapping["value"].encode("utf-8"))
    return reviewed_digest(said.description, (), had=had.get(said.unit_id, ()))


def _approved_by(decided: _Decisions) -> str:
    return str(decided.last._mapping["reviewed"]) if decided.last is not None else ""


def _decisions(connection: sql.Connection, repository: str, keys: Mapping[str, str]) -> dict[str, _Decisions]:
    """Return what was decided about units, by identifier; those that only their code names are found by their keys."""
    rows: defaultdict[str, list[sql.Row[tuple[object, ...]]]] = defaultdict(list)
    of_codes: defaultdict[str, list[str]] = defaultdict(list)
    for unit_id, key in keys.items():
        of_codes[key].append(unit_id)
    asked = {"units": [*keys], "repository": repository, "codes": [*of_codes]}
    for row in connection.execute(_DECISIONS, asked):
        for unit_id in [row.unit_id] if row.unit_id else of_codes[row.code_key]:
            if not rows[unit_id] or rows[unit_id][-1].sequence != row.sequence:
                rows[unit_id].append(row)
    return {unit_id: _decided(rows[unit_id]) for unit_id in keys}


def _decided(rows: Sequence["sql.Row[tuple[object, ...]]"]) -> _Decisions:
    values = tuple(tables.DECISION.validate_json(row._mapping["value"]) for row in rows)
    last = next((n for n in reversed(range(len(values))) if isinstance(values[n], OpeningDecision)), None)
    return _Decisions(values, rows[last] if last is not None else None)


def _above(connection: sql.Connection, repository: str, fonds: str) -> _Above:
    row = connection.execute(_ABOVE, {"repository": repository, "fonds": fonds}).one()
    return _Above(
        tables.REPOSITORY.validate_json(row.repository),
        tables.FONDS.validate_json(row.fonds) if row.fonds else None,
        tables.DECISION.validate_json(row.decision) if row.decision and fonds else None,
    )


def _approved(
    connection: sql.Connection, package: sql.RowMapping, decision: "sql.Row[tuple[object, ...]]"
) -> tuple[str, int]:
    """Return the digest that a decision stands for, and the newest version at that time.

    A decision of before digests stands for that version; where it cannot be read, for nothing that is there.
    """
    said = decision._mapping
    if said["reviewed"] or said["version"] in (0, package["version"]):
        return said["reviewed"] or package["reviewed"], said["version"]
    before = tables.reviewed_before.c
    query = sql.select(before.reviewed).where(before.number == package["number"], before.version == said["version"])
    return connection.scalar(query) or "unknown", said["version"]


def _asked(name: str) -> "sql.BindParameter[str]":
    return sql.bindparam(name, type_=sql.String)


_FILES = sql.select(tables.file.c.value).where(tables.file.c.number == sql.bindparam("number", type_=sql.Integer))
_FILES = _FILES.order_by(tables.file.c.path)
_ABOVE = sql.select(
    sql.select(tables.repository.c.value)
    .where(tables.repository.c.code == _asked("repository"))
    .scalar_subquery()
    .label("repository"),
    sql.select(tables.fonds.c.value)
    .where(tables.fonds.c.repository == _asked("repository"), tables.fonds.c.number == _asked("fonds"))
    .scalar_subquery()
    .label("fonds"),
    sql.select(tables.decision.c.value)
    .where(tables.decision.c.repository == _asked("repository"), tables.decision.c.code_key == _asked("fonds"))
    .order_by(tables.decision.c.sequence.desc())
    .limit(1)
    .scalar_subquery()
    .label("decision"),
)
_DECISIONS = (
    sql.select(tables.decision)
    .where(
        tables.decision.c.unit_id.in_(sql.bindparam("units", expanding=True))
        | (
            (tables.decision.c.unit_id == "")
            & (tables.decision.c.repository == _asked("repository"))
            & tables.decision.c.code_key.in_(sql.bindparam("codes", expanding=True))
        )
    )
    .order_by(tables.decision.c.sequence)
)
"""Asked for every record that is read: made once, because making one takes longer than asking."""
