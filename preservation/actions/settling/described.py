"""Findings settled by what is said of units: a doubtful element corrected, units taken back, a fonds described."""

from collections.abc import Iterator, Mapping, Sequence

from archives.findings import Finding
from archives.message import message
from archives.record.elements.table import ELEMENTS
from archives.units.state import State
from archives.units.unit import Unit
from preservation.actions.settling.reasons import CORRECTED, KNOWN_FONDS, TAKEN_BACK, settle_where
from preservation.actions.units.history import rows_at
from preservation.archive import Archive
from preservation.catalogue.findings import KeptFinding
from preservation.catalogue.findings import Wanted as WantedFindings
from preservation.catalogue.levels.wanted import Wanted

FONDS_UNKNOWN = "fonds-unknown"
"""The finding about a code whose fonds nobody described."""
_ELEMENTS = {element.key: element for element in ELEMENTS}


def settle_corrected(archive: Archive, changed: Sequence[Unit], *, reason: str, settled_by: str) -> int:
    """Settle the findings of imports of which every unit says something else of the doubtful element by now.

    ``changed`` are units that were just described anew; returns how many findings are settled.
    """
    ids = {one.unit_id for one in changed}

    def is_corrected(found: Finding) -> bool:
        return bool(found.element and ids & {*found.units}) and _say_otherwise(archive, found)

    batches = sorted({one.import_id for one in changed if one.import_id})
    said = message(*CORRECTED, reason=reason)
    wanted = [WantedFindings(batch_id=one) for one in batches]
    return sum(settle_where(archive, one, lambda kept: is_corrected(kept.finding), said, settled_by) for one in wanted)


def settle_taken_back(archive: Archive, import_id: str, *, reason: str, settled_by: str) -> int:
    """Settle the findings about units that were taken back; of those that name no units when nothing of the import is left."""
    units = archive.refresh().units
    is_gone = not units.number(Wanted(import_id=import_id))

    def is_about_nothing(found: Finding) -> bool:
        states = [one.unit.state for one in units.get(found.units).values()]
        return is_gone or (bool(states) and all(state is State.TAKEN_BACK for state in states))

    said = message(*TAKEN_BACK, reason=reason)
    wanted = WantedFindings(batch_id=import_id)
    return settle_where(archive, wanted, lambda kept: is_about_nothing(kept.finding), said, settled_by)


def settle_known_fonds(archive: Archive, *, settled_by: str) -> int:
    """Settle the findings about fonds that nobody had described, and somebody has by now."""
    known = {(one.repository.value, one.number) for one in archive.refresh().fonds()}

    def is_known(kept: KeptFinding) -> bool:
        numbers = _fonds_of(archive, kept)
        return bool(numbers) and all((kept.repository, one) in known for one in numbers)

    said = message(*KNOWN_FONDS)
    return settle_where(archive, WantedFindings(kind=FONDS_UNKNOWN), is_known, said, settled_by)


def _fonds_of(archive: Archive, kept: KeptFinding) -> set[str]:
    """Return the numbers of the fonds that a finding is about: its units', else the one that it names, else all of its import."""
    units = archive.catalogue.units
    if kept.finding.units:
        return {one.unit.description.code.fonds for one in units.get(kept.finding.units).values()}
    named = {str(value) for name, value in kept.finding.message.values if name == "number"}
    return named or units.packages.fonds_of(kept.batch_id)


def _say_otherwise(archive: Archive, found: Finding) -> bool:
    """Say whether all units of a finding say something else of its element than when they came in."""
    element = _ELEMENTS.get(found.element)
    now = {unit_id: one.unit for unit_id, one in archive.catalogue.units.get(found.units).items()}
    if element is None or now.keys() != {*found.units}:
        return False
    first = rows_at(archive, dict(_first(archive, now)))
    return all(element.of(first[one].description) != element.of(now[one].description) for one in now if one in first)


def _first(archive: Archive, units: Mapping[str, Unit]) -> Iterator[tuple[str, int]]:
    """Yield the revision with which each unit came in."""
    for unit_id in units:
        (revision, _), *_ = archive.catalogue.units.packages.packages_of(unit_id)
        yield unit_id, revision
