"""Fonds that the journal alone describes, given the row that every other unit has: what is made public of one is in it."""

from collections.abc import Iterable

from archives.record.holding import Holding
from archives.units.fonds import plain_fonds
from archives.units.unit import Level
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.archive import Archive


def rowless_fonds(archive: Archive, holdings: Iterable[Holding]) -> tuple[Holding, ...]:
    """Return those of these units that are fonds and have no row."""
    fonds = {one.unit_id: one for one in holdings if one.level == Level.FONDS.value}
    known = archive.catalogue.units.there(fonds)
    return tuple(one for unit_id, one in fonds.items() if unit_id not in known)


def give_rows(archive: Archive, holdings: Iterable[Holding]) -> None:
    """Say in rows what the journal says of these fonds; one that has a row by now is left as it is."""
    repositories = {one.code.value: one for one in archive.catalogue.repositories()}
    numbers: dict[str, set[str]] = {}
    for one in holdings:
        numbers.setdefault(one.key.repository, set()).add(one.key.code_key)
    if numbers:
        archive.begin_writing()
    for place, wanted in sorted(numbers.items()):
        said = Said(archive.world.new_identifier(), archive.operator)
        found = (archive.fonds(place, number) for number in sorted(wanted))
        changes = [Change(plain_fonds(one)) for one in found if one is not None]
        for _ in describe_units(archive, repositories[place], changes, said):
            pass
