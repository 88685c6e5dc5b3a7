"""Open units that wait for another review, because something else is said of them than was reviewed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from archives.record.description import Description
from archives.record.holding import LEFT, Holding, PagedFiles, StoredFile, own_pages
from archives.record.record import PackageKind
from archives.record.volume.structure import VolumeStructure
from archives.reviewed import reviewed_digest
from archives.units.state import State
from archives.units.unit import read_row_head, read_unit_row
from preservation.archive import Archive
from preservation.catalogue.holdings.unit_holdings import UnitHoldings
from preservation.package.description_package import UNITS
from preservation.package.new_package import ITEMS_XML, NewPackage
from preservation.vault.content import content_to_be, markings

_AT_ONCE = 500


def number_waiting(archive: Archive, said: Mapping[str, Description]) -> int:
    """Return how many of these units are open and wait for another review once this is said of them, by identifier.

    Asked before or after it is said; what waited already counts, too.
    """
    catalogue = archive.refresh()
    waiting, every = 0, [*said]
    for start in range(0, len(every), _AT_ONCE):
        some = every[start : start + _AT_ONCE]
        decided = catalogue.units.packages.decided({one: said[one].code.key for one in some})
        for holding in UnitHoldings(catalogue).named(sorted(decided)):
            is_other = reviewed_digest(said[holding.unit_id], ()) != reviewed_digest(holding.description, ())
            waiting += (replace(holding, reviewed="") if is_other else holding).waits_for_review
    return waiting


@dataclass(frozen=True, slots=True)
class _ToBe:
    """What a unit is to be: how it is described, its files and which of their pages are its own, None for one that leaves."""

    description: Description
    files: tuple[StoredFile, ...]
    pages: tuple[int, ...] | None


def reviewed_anew(
    archive: Archive, package: NewPackage, is_public: Callable[[str], bool], *, keeps_reviewed: bool = False
) -> Iterator[Holding]:
    """Yield the units that have to be reviewed again once a package is stored, of those that are public, as they are now.

    Of a volume these are the items that are described anew or whose pages change; all of them, where its items do not stand
    on the pages on which they stood. With ``keeps_reviewed`` what was reviewed of a record stays public, unless something
    marks it as secret or withheld now.
    """
    match package.kind:
        case PackageKind.RECORD:
            changes = _of_record(archive, package, is_public)
        case PackageKind.DESCRIPTION:
            changes = _of_rows(archive, package, is_public)
        case _:
            return
    catalogue = UnitHoldings(archive.catalogue)
    for holding, to_be in changes:
        if to_be is None:
            yield holding
            continue
        had = catalogue.codes_had(holding.unit_id)
        if reviewed_digest(to_be.description, to_be.files, to_be.pages, had=had) == holding.reviewed:
            continue
        marked = markings(to_be.description, to_be.files) - markings(holding.description, holding.files)
        if not keeps_reviewed or holding.own_pages is not None or not holding.version or marked:
            yield holding


def _of_record(
    archive: Archive, package: NewPackage, is_public: Callable[[str], bool]
) -> Iterator[tuple[Holding, _ToBe | None]]:
    """Yield the public units of a record, each with what it is to be by its next package."""
    before = next(archive.catalogue.named([package.package_id.value]), None)
    named = dict(package.info).get("Unit-Identifier", "").removeprefix("urn:uuid:")
    own = before.unit_id if before else named or package.package_id.value
    stood = before.volume.items if before and before.volume else ()
    has_items = any(one.path == ITEMS_XML for one in package.payload)
    if not has_items and not any(map(is_public, (own, *(one.unit_id for one in stood)))):
        return
    content = content_to_be(package)
    volume, paged = content.volume, PagedFiles(content.files)
    assert content.description is not None
    to_be = {own: _ToBe(content.description, content.files, own_pages(volume))}
    for item in volume.items if volume else ():
        to_be[item.unit_id] = _ToBe(item.description, paged.on(item.pages), item.pages)
    is_moved = before is not None and _places(before.volume) != _places(volume)
    public = [one for one in dict.fromkeys((*to_be, *(one.unit_id for one in stood))) if is_public(one)]
    for holding in UnitHoldings(archive.catalogue).named(public):
        yield holding, None if is_moved else to_be.get(holding.unit_id)


def _places(volume: VolumeStructure | None) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.unit_id, one.pages) for one in volume.items] if volume else []


def _of_rows(
    archive: Archive, package: NewPackage, is_public: Callable[[str], bool]
) -> Iterator[tuple[Holding, _ToBe | None]]:
    """Yield the public units that rows describe, each with what it is to be by them."""
    (rows,) = (b"".join(one.blocks()) for one in package.payload if one.path == UNITS)
    public = {
        head.unit_id: row for row in rows.splitlines(keepends=True) if is_public((head := read_row_head(row)).unit_id)
    }
    for holding in UnitHoldings(archive.catalogue).named(public):
        unit = read_unit_row(public[holding.unit_id])
        leaves = unit.state in LEFT or (unit.state is State.DESTROYED and holding.version)
        yield holding, None if leaves else _ToBe(unit.description, holding.files, holding.own_pages)
