"""What was said of a unit, from the first row to the newest, read from the packages in which the rows lie."""

from collections.abc import Collection, Iterator, Mapping

from archives.errors import IntegrityError
from archives.message import message
from archives.record.identifiers import PackageId
from archives.units.unit import Unit, read_unit_row
from preservation.archive import Archive
from preservation.package.description_package import UNITS


def rows_about(archive: Archive, unit_id: str) -> Iterator[Unit]:
    """Yield every row of a unit, the first first; raises ``IntegrityError`` where no store has one whole."""
    for revision, package_id in archive.catalogue.units.packages.packages_of(unit_id):
        inventory = archive.vault.inventory(archive.catalogue.anchor(PackageId(package_id)))
        yield _row(archive.vault.read(inventory, UNITS), unit_id, revision)


def rows_at(archive: Archive, revisions: Mapping[str, int]) -> dict[str, Unit]:
    """Return units as they were at revisions, by identifier; every package is read once. Raises as ``rows_about`` does."""
    wanted: dict[str, list[str]] = {}
    for unit_id, revision in revisions.items():
        for number, package_id in archive.catalogue.units.packages.packages_of(unit_id):
            if number == revision:
                wanted.setdefault(package_id, []).append(unit_id)
    found: dict[str, Unit] = {}
    for package_id, identifiers in wanted.items():
        for unit in rows_in(archive, package_id, frozenset(identifiers)):
            if unit.revision == revisions[unit.unit_id]:
                found[unit.unit_id] = unit
    return found


def rows_in(archive: Archive, package_id: str, unit_ids: Collection[str]) -> Iterator[Unit]:
    """Yield the rows of units that lie in a package of rows. Raises as ``rows_about`` does."""
    inventory = archive.vault.inventory(archive.catalogue.anchor(PackageId(package_id)))
    for row in archive.vault.read(inventory, UNITS).splitlines(keepends=True):
        if row[_BEFORE_ID:_AFTER_ID].decode("ascii", "replace") in unit_ids:
            yield read_unit_row(row)


_BEFORE_ID = len('{"unit_id":"')
_AFTER_ID = _BEFORE_ID + len("00000000-0000-0000-0000-000000000000")


def _row(data: bytes, unit_id: str, revision: int) -> Unit:
    begins = f'{{"unit_id":"{unit_id}",'.encode()
    for row in data.splitlines(keepends=True):
        if row.startswith(begins) and (unit := read_unit_row(row)).revision == revision:
            return unit
    raise IntegrityError(
        message(
            "著录包中没有单元 {id} 的第 {n} 次修订",
            "the package of descriptions has no revision {n} of the unit {id}",
            id=unit_id,
            n=revision,
        ),
        subject=unit_id,
    )
