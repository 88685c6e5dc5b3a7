"""What is said now of the units of a package that leaves the archives: their newest rows, beside what was said in it."""

from collections.abc import Collection, Iterator
from pathlib import Path

from archives.journal.facts import PackageStored
from archives.record.identifiers import PackageId
from archives.record.record import PackageKind
from archives.units.unit import read_unit_row, unit_row
from preservation.archive import Archive
from preservation.catalogue.levels.wanted import Listed, Wanted
from preservation.package.description_package import UNITS
from preservation.stores.files import write_new


def place_of_present(folder: Path) -> Path:
    """Return where the rows lie that belong to a package written into this folder."""
    return folder.with_name(f"{folder.name}.present.jsonl")


def write_present(archive: Archive, unit_ids: Collection[str], folder: Path, *, made_in: Path | None = None) -> Path:
    """Write what is said now of units, and of those above them, beside a folder; return the file.

    ``made_in`` is as ``write_new`` takes it.
    """
    place = place_of_present(folder)
    data = b"".join(unit_row(one.unit) for one in _present(archive, unit_ids))
    write_new(place, data, mode=0o644, made_in=made_in)
    return place


def units_in(archive: Archive, anchor: PackageStored) -> frozenset[str]:
    """Return the units of which a package says something, of a record those below it too.

    Raises ``IntegrityError`` where no store has it whole.
    """
    if anchor.kind is PackageKind.DESCRIPTION:
        data = archive.vault.read(archive.vault.inventory(anchor), UNITS)
        return frozenset(read_unit_row(row).unit_id for row in data.splitlines(keepends=True))
    found = archive.catalogue.named([anchor.package_id])
    items = (item.unit_id for one in found if one.volume for item in one.volume.items)
    unit_id = archive.catalogue.units.packages.whose([anchor.package_id])[anchor.package_id]
    return frozenset({unit_id, *items, *below(archive, unit_id)})


def below(archive: Archive, unit_id: str) -> Iterator[str]:
    """Yield the units directly below one."""
    return (one.unit.unit_id for one in archive.catalogue.units.all(Wanted(parent=unit_id)))


def package_of(archive: Archive, identifier: str) -> PackageStored:
    """Return the newest version of the package with an identifier; raises ``NotFoundError``, ``IdentifierError``."""
    return archive.catalogue.anchor(PackageId(identifier.removeprefix("urn:uuid:")))


def _present(archive: Archive, unit_ids: Collection[str]) -> Iterator[Listed]:
    """Yield units and those above them, each once."""
    known = archive.catalogue.units.get(unit_ids)
    higher = archive.catalogue.units.above_all([one.unit for one in known.values()])
    yield from known.values()
    above = {one.unit_id for chain in higher.values() for one in chain}
    yield from archive.catalogue.units.get(above - known.keys()).values()
