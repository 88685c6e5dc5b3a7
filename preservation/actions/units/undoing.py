"""An import taken back: its units leave the catalogue; what was said of them stays in the packages."""

from collections.abc import Iterator
from dataclasses import replace

from archives.errors import NotFoundError
from archives.message import message
from archives.record.identifiers import RepositoryCode
from archives.units.state import State
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.archive import Archive
from preservation.catalogue.levels.wanted import Wanted
from preservation.catalogue.units import Units


def take_back(archive: Archive, number: str, said: Said) -> tuple[int, int]:
    """Take the units of an import back; returns how many were, and how many stay: described anew since, or with content.

    Raises ``NotFoundError`` for an import that left no unit in the catalogue.
    """
    units = archive.refresh().units
    repositories = {key[0] for key in units.counts(Wanted(import_id=number))}
    if not repositories:
        raise NotFoundError(
            message("目录中没有导入号为 {id} 的著录", "the catalogue has no unit of the import {id}", id=number),
            subject=number,
            advice=message("用 jinkui catalogue list 查看", "jinkui catalogue list shows what there is"),
        )
    before = units.number(Wanted(import_id=number))
    gone = 0
    for code in sorted(repositories):
        place = next(one for one in archive.catalogue.repositories() if one.code == RepositoryCode(code))
        changes = _changes(units, Wanted(repository=code, import_id=number), said)
        gone += max(describe_units(archive, place, changes, said), default=0)
    return gone, before - gone


def _changes(units: Units, wanted: Wanted, said: Said) -> Iterator[Change]:
    """Yield the taking back of units of which nothing was said since, and to which no file was hooked, a page at a time."""
    for page in units.pages(wanted):
        identifiers = [one.unit.unit_id for one in page]
        untouched = units.packages.last_said_by(wanted.import_id, identifiers) - units.packages.with_package(
            identifiers
        )
        for one in page:
            if one.unit.unit_id in untouched:
                yield Change(replace(one.unit, state=State.TAKEN_BACK, reason=said.reason, source=""), one.digest)
