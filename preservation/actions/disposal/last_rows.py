"""What is said last of units whose content leaves: their descriptions stay in the catalogue, with the plan and the day."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from archives.message import message
from archives.record.holding import Holding
from archives.units.state import State
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.archive import Archive
from preservation.disposal.plan import DisposalPlan


def say_gone(archive: Archive, plan: DisposalPlan) -> None:
    """Say of every unit of a plan that it is destroyed, or taken back where it came in by mistake; once a plan.

    Said before anything is removed: afterwards nobody could read what a package alone says of its unit.
    """
    state = State.TAKEN_BACK if plan.mistake else State.DESTROYED
    day = archive.world.today().isoformat()
    what = message("移除", "removed") if plan.mistake else message("销毁", "destroyed")
    said = message(
        "{day} 按计划 {id} {what}", "{what} on {day} under the plan {id}", day=day, id=plan.plan_id, what=what
    )
    whose = Said(plan.plan_id, archive.operator, f"{said.text('zh')} {said.text('en')}")
    for repository in archive.refresh().repositories():
        leaving = [one.package_id for one in plan.records if one.repository == repository.code.value]
        for _ in describe_units(archive, repository, _changes(archive, leaving, state, plan.plan_id), whose):
            pass


def _changes(archive: Archive, package_ids: Collection[str], state: State, plan_id: str) -> Iterator[Change]:
    catalogue, tombstones = archive.catalogue, archive.fresh_reading.refresh().tombstones
    there = [one for one in package_ids if one not in tombstones]
    holdings = {one.package_id.value: one for one in catalogue.named(there)}
    whose = catalogue.units.packages.whose(there)
    units = catalogue.units.get(unit_id for one in there for unit_id in _units_of(whose[one], holdings.get(one)))
    for listed in units.values():
        if plan_id not in listed.unit.reason:
            yield Change(replace(listed.unit, state=state), listed.digest)


def _units_of(unit_id: str, holding: Holding | None) -> Iterator[str]:
    """Yield whom the package of a unit holds: the unit and, of a volume, its items."""
    yield unit_id
    if holding is not None and holding.volume is not None:
        yield from (item.unit_id for item in holding.volume.items)
