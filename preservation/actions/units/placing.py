"""Where a unit stands under its new code: below what the code names, where it stood by its code before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archives.findings import Finding, error
from archives.message import message
from archives.record.identifiers import SEPARATORS, ArchivalCode, archival_code_key
from archives.units.by_rule import key_by_rule
from archives.units.unit import Level, Unit
from preservation.catalogue.units import Units


@dataclass(frozen=True, slots=True)
class Placed:
    """What stands above a unit: the identifier of a unit, else the code of its series; both empty where its code tells."""

    parent: str
    series: str


AS_CODE_TELLS = Placed("", "")


def places_of(units: Units, repository: str, codes: Mapping[str, tuple[Unit, ArchivalCode]]) -> dict[str, Placed]:
    """Return where units stand under the codes to be, by identifier; one that stood elsewhere than its code says stays.

    As in an import that is the nearest unit with others below it whose code the new one goes on from, of those that are
    renumbered with it by their codes to be.
    """
    parents = units.get({unit.parent for unit, _ in codes.values() if unit.parent})
    by_code = {
        unit_id: (unit, code)
        for unit_id, (unit, code) in codes.items()
        if unit.parent and _stood_by_code(unit, parents[unit.parent].unit if unit.parent in parents else None)
    }
    described = units.by_code(repository, {key for _, code in by_code.values() for key in _shorter(code.key)})
    known = {
        key: one.unit
        for key, found in described.items()
        for one in found
        if len(found) == 1 and one.unit.level is not Level.ITEM and one.unit.unit_id not in codes
    }
    known |= {code.key: unit for unit, code in codes.values() if unit.level is not Level.ITEM}
    placed = {unit_id: Placed(unit.parent, _series(unit, code)) for unit_id, (unit, code) in codes.items()}
    for unit_id, (unit, code) in by_code.items():
        above = next((known[key] for key in _shorter(code.key) if key in known), None)
        series = placed[unit_id].series
        is_told = above is not None and _key(above, codes) == key_by_rule(code, unit.level, series)
        placed[unit_id] = Placed("" if above is None or is_told else above.unit_id, series)
    return placed


def in_packages(units: Units, codes: Mapping[str, tuple[Unit, ArchivalCode]]) -> Iterator[tuple[str, Finding]]:
    """Yield the items whose pages lie in the package of their volume, and whose new codes would take them out of it."""
    lies = {unit_id: whose for unit_id, (_, whose) in units.packages.with_content(codes).items() if whose != unit_id}
    volumes = units.get({*lies.values()})
    for unit_id, whose in lies.items():
        unit, code = codes[unit_id]
        volume = volumes[whose].unit.description.code if whose in volumes else None
        if volume is None or unit.description.code.rest_below(volume) is None:
            continue
        if code.rest_below(codes[whose][1] if whose in codes else volume) is None:
            said = message(
                "{old} 的页在案卷 {volume} 的存储包中，不能改到别的案卷：{new}",
                "the pages of {old} lie in the package of its volume {volume}; it cannot go into another: {new}",
                old=unit.description.code.written,
                volume=volume.written,
                new=code.written,
            )
            yield unit_id, error("content-in-volume", said)


def _stood_by_code(unit: Unit, parent: Unit | None) -> bool:
    code = unit.description.code
    return parent is not None and (not code.key or code.rest_below(parent.description.code) is not None)


def _shorter(key: str) -> Iterator[str]:
    """Yield the codes from which one may go on, the nearest first."""
    while (cut := max(map(key.rfind, SEPARATORS))) > 0:
        key = key[:cut]
        yield key


def _key(unit: Unit, codes: Mapping[str, tuple[Unit, ArchivalCode]]) -> str:
    return codes[unit.unit_id][1].key if unit.unit_id in codes else unit.description.code.key


def _series(unit: Unit, code: ArchivalCode) -> str:
    """Return the series that a profile said, where the new code goes on from it still."""
    said = archival_code_key(unit.series)
    return unit.series if said and code.key.startswith(said) else ""
