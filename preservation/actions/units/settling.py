"""Findings of imports settled by what is done about them: the doubtful element corrected, the units taken back."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from archives.findings import Finding
from archives.journal.facts import FindingsSettled
from archives.message import Message, message
from archives.record.elements.table import ELEMENTS
from archives.units.state import State
from archives.units.unit import Unit
from preservation.actions.units.history import rows_at
from preservation.archive import Archive
from preservation.catalogue.findings import Wanted as WantedFindings
from preservation.catalogue.levels.wanted import Wanted

_ELEMENTS = {element.key: element for element in ELEMENTS}


def settle_corrected(archive: Archive, changed: Sequence[Unit], *, reason: str, settled_by: str) -> int:
    """Settle the findings of imports of which every unit says something else of the doubtful element by now.

    ``changed`` are units that were just described anew; returns how many findings are settled.
    """
    ids = {one.unit_id for one in changed}

    def is_corrected(found: Finding) -> bool:
        return bool(found.element and ids & {*found.units}) and _say_otherwise(archive, found)

    batches = sorted({one.import_id for one in changed if one.import_id})
    said = message("已更正：{reason}", "corrected: {reason}", reason=reason)
    return sum(_settle(archive, one, is_corrected, said, settled_by) for one in batches)


def settle_taken_back(archive: Archive, import_id: str, *, reason: str, settled_by: str) -> int:
    """Settle the findings about units that were taken back; of those that name no units when nothing of the import is left."""
    units = archive.refresh().units
    is_gone = not units.number(Wanted(import_id=import_id))

    def is_about_nothing(found: Finding) -> bool:
        states = [one.unit.state for one in units.get(found.units).values()]
        return is_gone or (bool(states) and all(state is State.TAKEN_BACK for state in states))

    said = message("所涉著录已撤销：{reason}", "what it is about was taken back: {reason}", reason=reason)
    return _settle(archive, import_id, is_about_nothing, said, settled_by)


def _settle(
    archive: Archive, batch_id: str, is_settled: Callable[[Finding], bool], reason: Message, settled_by: str
) -> int:
    every = archive.refresh().findings.of(WantedFindings(batch_id=batch_id))
    done = [one for one in every if one.settlement is None and is_settled(one.finding)]
    by_package: dict[str, list[str]] = {}
    for one in done:
        by_package.setdefault(one.package_id, []).append(one.identifier)
    said = f"{reason.text('zh')} {reason.text('en')}"
    facts = [FindingsSettled(package_id, tuple(ids), said, settled_by) for package_id, ids in by_package.items()]
    if facts:
        archive.vault.ledger.append(facts)
        archive.refresh()
    return len(done)


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
