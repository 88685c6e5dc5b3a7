"""An import taken back: its units leave the catalogue; what was said of them stays in the packages."""

from collections.abc import Iterator
from dataclasses import replace

from archives.errors import NotFoundError
from archives.message import message
from archives.record.identifiers import RepositoryCode
from archives.units.unit import State
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.archive import Archive
from preservation.catalogue.units import Listed, Wanted


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
    gone = kept = 0
    for code in sorted(repositories):
        place = next(one for one in archive.catalogue.repositories() if one.code == RepositoryCode(code))
        mine = list(units.all(Wanted(repository=code, import_id=number)))
        with_content = _with_content(archive, [one.unit.unit_id for one in mine])
        away = [one for one in mine if one.unit.revision == 1 and one.unit.unit_id not in with_content]
        kept += len(mine) - len(away)
        gone += max(describe_units(archive, place, _changes(away, said), said), default=0)
    return gone, kept


def _changes(listed: list[Listed], said: Said) -> Iterator[Change]:
    for one in listed:
        yield Change(replace(one.unit, state=State.TAKEN_BACK, reason=said.reason), one.digest)


def _with_content(archive: Archive, unit_ids: list[str]) -> set[str]:
    return {one.package_id.value for one in archive.catalogue.named(unit_ids)}
