"""What is said last of units whose content leaves: their descriptions stay in the catalogue, with the plan and the day.

A unit that was described before its content came is, after a mistake, what it was: described, and without content.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from archives.message import message
from archives.record.holding import Holding
from archives.record.identifiers import PackageId
from archives.units.state import State
from archives.units.unit import Unit
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.actions.units.history import rows_at
from preservation.archive import Archive
from preservation.catalogue.levels.wanted import Listed
from preservation.disposal.plan import DisposalPlan


def say_gone(archive: Archive, plan: DisposalPlan) -> None:
    """Say of every unit of a plan that it is destroyed, or what becomes of it after a mistake; once a plan.

    Said before anything is removed: afterwards nobody could read what a package alone says of its unit.
    """
    day = archive.world.today().isoformat()
    what = message("移除", "removed") if plan.mistake else message("销毁", "destroyed")
    said = message(
        "{day} 按计划 {id} {what}", "{what} on {day} under the plan {id}", day=day, id=plan.plan_id, what=what
    )
    whose = Said(plan.plan_id, archive.operator, f"{said.text('zh')} {said.text('en')}")
    for repository in archive.refresh().repositories():
        leaving = [one.package_id for one in plan.records if one.repository == repository.code.value]
        for _ in describe_units(archive, repository, _changes(archive, leaving, plan), whose):
            pass


def _changes(archive: Archive, package_ids: Collection[str], plan: DisposalPlan) -> Iterator[Change]:
    catalogue, anchors = archive.catalogue, archive.fresh_reading.refresh()
    there = [one for one in package_ids if one not in anchors.tombstones]
    holdings = {one.package_id.value: one for one in catalogue.named(there)}
    whose = catalogue.units.packages.whose(there)
    units = catalogue.units.get(unit_id for one in there for unit_id in _units_of(whose[one], holdings.get(one)))
    told = (one for one in units.values() if one.unit.state is not State.PURGED)  # of which nothing is said any more
    untold = [one for one in told if plan.plan_id not in one.unit.reason]
    batches = {version.batch_id for one in there for version in anchors.versions[one]}
    before = _described_before(archive, untold, batches) if plan.mistake else {}
    for listed in untold:
        unit = listed.unit
        if was := before.get(unit.unit_id):
            after = replace(unit, description=was.description, state=was.state, source="")
        else:
            after = replace(unit, state=State.TAKEN_BACK if plan.mistake else State.DESTROYED)
        yield Change(after, listed.digest)


def _described_before(archive: Archive, units: Collection[Listed], batches: Collection[str]) -> Mapping[str, Unit]:
    """Return what was said, by others than the batches that leave, of units that were described before they had content."""
    catalogue = archive.catalogue
    revisions: dict[str, int] = {}
    for unit in (one.unit for one in units if one.unit.import_id and one.unit.revision):
        for revision, package_id in catalogue.units.packages.packages_of(unit.unit_id):
            if catalogue.anchor(PackageId(package_id)).batch_id not in batches:
                revisions[unit.unit_id] = revision
    return rows_at(archive, revisions)


def _units_of(unit_id: str, holding: Holding | None) -> Iterator[str]:
    """Yield whom the package of a unit holds: the unit and, of a volume, its items."""
    yield unit_id
    if holding is not None and holding.volume is not None:
        yield from (item.unit_id for item in holding.volume.items)
