"""Findings about records that a later version has no more: what became of them is told as of those that were settled."""

from collections.abc import Iterator
from dataclasses import replace

import sqlalchemy as sql

from archives.errors import IntegrityError
from archives.message import message
from archives.record.identifiers import PackageId
from archives.record.record import PackageKind
from preservation.actions.settling.reasons import MENDED
from preservation.archive import Archive
from preservation.catalogue import tables
from preservation.catalogue.findings import KeptFinding, Settlement, Wanted, finding_rows
from preservation.catalogue.sums.batches import packages_of
from preservation.package.ocfl import Inventory
from preservation.vault.content import read_content


def mended_by_version(archive: Archive, wanted: Wanted) -> Iterator[KeptFinding]:
    """Yield the findings of former versions of a record, or of those that a batch brought, that the next version has no more.

    ``settlement`` says with which version each went. Every former version is read from its package, and so nothing is
    yielded where neither a record nor a batch nor identifiers are wanted. Raises ``IntegrityError`` when no store has one whole.
    """
    packages = [wanted.package_id] if wanted.package_id else []
    if wanted.batch_id:
        packages = packages or [*packages_of(archive.catalogue.fold.engine, wanted.batch_id)]
    if wanted.identifiers and not packages:
        yield from _identified(archive, {*wanted.identifiers})
        return
    for package_id in packages:
        for one in _of_package(archive, PackageId(package_id)):
            is_named = not wanted.identifiers or one.identifier in wanted.identifiers
            if is_named and wanted.batch_id in ("", one.batch_id) and wanted.kind in ("", one.finding.code):
                yield one


def _identified(archive: Archive, identifiers: set[str]) -> Iterator[KeptFinding]:
    """Yield the findings with these identifiers, sought in every record of several versions, the last ones first.

    What cannot be read says nothing while they are found elsewhere; else its ``IntegrityError`` is raised in the end.
    """
    package, unread = tables.package.c, list[IntegrityError]()
    query = sql.select(package.package_id).where(package.version > 1, package.kind == PackageKind.RECORD)
    with archive.catalogue.fold.engine.connect() as connection:
        several = connection.scalars(query.order_by(package.number.desc())).all()
    for package_id in several:
        if not identifiers:
            return
        try:
            found = [one for one in _of_package(archive, PackageId(package_id)) if one.identifier in identifiers]
        except IntegrityError as damaged:
            unread.append(damaged)
            continue
        identifiers -= {one.identifier for one in found}
        yield from found
    if identifiers and unread:
        raise unread[0]


def _of_package(archive: Archive, package_id: PackageId) -> Iterator[KeptFinding]:
    newest = archive.catalogue.anchor(package_id)
    if newest.version == 1:
        return
    inventory = archive.vault.inventory(newest)
    unit_id = archive.catalogue.units.packages.whose([package_id.value])[package_id.value]
    before: dict[str, KeptFinding] = {}
    for version in range(1, newest.version + 1):
        anchor = archive.catalogue.stored(package_id, version)
        content = read_content(archive.vault, anchor)
        title = content.description.title if content.description else ""
        rows = finding_rows(0, unit_id, content.findings, content.files)
        now = {
            str(row["identifier"]): KeptFinding(
                str(row["identifier"]),
                package_id.value,
                anchor.repository,
                newest.archival_code,
                title,
                anchor.batch_id,
                tables.FINDING.validate_json(str(row["value"])),
                None,
            )
            for row in rows
        }
        for identifier in before.keys() - now.keys():
            yield _settled(before[identifier], inventory, version, anchor.batch_id)
        before = now


def _settled(one: KeptFinding, inventory: Inventory, version: int, batch_id: str) -> KeptFinding:
    stored = inventory.versions[version - 1]
    said = message(*MENDED, v=version, id=batch_id)
    settlement = Settlement(stored.created_at, stored.user, f"{said.text('zh')} {said.text('en')}")
    return replace(one, settlement=settlement)
