"""Records as the catalogue's rows hold them, with what was decided about them, and for which version."""

from datetime import datetime

import sqlalchemy as sql

from archives.record.holding import Holding
from archives.record.identifiers import PackageId, RecordKey
from archives.record.rights import OpeningDecision
from preservation.catalogue import tables


def perhaps_changed() -> "sql.Select[tuple[str]]":
    """Return the query of the packages with a decision that stands for something else than their newest version."""
    decision, package, content = tables.decision.c, tables.package.c, tables.content.c
    same_record = (decision.repository == package.repository) & (decision.code_key == package.code_key)
    differs = sql.case(
        (decision.reviewed == "", decision.version.between(1, package.version - 1)),
        else_=decision.reviewed != content.reviewed,
    )
    query = sql.select(package.package_id).join(tables.decision, same_record)
    query = query.join(tables.content, content.number == package.number)
    return query.where(differs, content.reviewed != "").distinct()


def holding_of(connection: sql.Connection, row: "sql.Row[tuple[object, ...]]") -> Holding:
    """Return the record of a row of packages with what is read of their newest version."""
    fields = row._mapping
    package_id, repository, key = fields["package_id"], fields["repository"], fields["code_key"]
    mine = tables.file.c.number == fields["number"]
    description = tables.DESCRIPTION.validate_json(fields["description"])
    files = connection.scalars(sql.select(tables.file.c.value).where(mine).order_by(tables.file.c.path))
    decisions = connection.execute(
        sql.select(tables.decision)
        .where(tables.decision.c.repository == repository, tables.decision.c.code_key == key)
        .order_by(tables.decision.c.sequence)
    ).all()
    decided = tuple(tables.DECISION.validate_json(row.value) for row in decisions)
    last = next((n for n in reversed(range(len(decided))) if isinstance(decided[n], OpeningDecision)), None)
    approved, version = _approved(connection, fields, decisions[last]) if last is not None else ("", 0)
    fonds = connection.scalar(
        sql.select(tables.fonds.c.value).where(
            tables.fonds.c.repository == repository, tables.fonds.c.number == description.code.fonds
        )
    )
    known = connection.execute(
        sql.select(tables.repository.c.value).where(tables.repository.c.code == repository)
    ).scalar_one()
    return Holding(
        package_id=PackageId(package_id),
        version=fields["version"],
        key=RecordKey(repository, key),
        repository=tables.REPOSITORY.validate_json(known),
        fonds=tables.FONDS.validate_json(fonds).on(description.formed, description.year) if fonds else None,
        description=description,
        files=tuple(tables.FILE.validate_json(file) for file in files),
        decisions=decided,
        sequence=fields["sequence"],
        stored_at=datetime.fromisoformat(fields["stored_at"]),
        reviewed=fields["reviewed"],
        approved=approved,
        approved_version=version,
        volume=tables.VOLUME.validate_json(fields["volume"]) if fields["volume"] else None,
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
