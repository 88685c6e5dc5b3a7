"""What was said of a unit, from the first row to the newest, read from the packages in which the rows lie."""

from collections.abc import Iterator

from archives.errors import IntegrityError
from archives.message import message
from archives.record.identifiers import PackageId
from archives.units.unit import Unit, read_unit_row
from preservation.archive import Archive
from preservation.package.description_package import UNITS


def rows_about(archive: Archive, unit_id: str) -> Iterator[Unit]:
    """Yield every row of a unit, the first first; raises ``IntegrityError`` where no store has one whole."""
    for revision, package_id in archive.catalogue.units.packages_of(unit_id):
        inventory = archive.vault.inventory(archive.catalogue.anchor(PackageId(package_id)))
        yield _row(archive.vault.read(inventory, UNITS), unit_id, revision)


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
