"""A purge prepared: everything read again that its plan needs, and whatever stands against it found before anything goes."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archives.errors import RefusedError, UsageProblem
from archives.journal.disposal import approvals_of
from archives.journal.facts import DisposalIntended, Unproved
from archives.journal.persons import read_persons
from archives.message import message
from archives.record.identifiers import PackageId, RecordKey, reference_code
from archives.record.record import PackageKind
from preservation.actions.purging.propose import require_not_held
from preservation.actions.purging.reach import Reach, reach_of
from preservation.archive import Archive
from preservation.disposal.plan import (
    DisposalPlan,
    PlannedDisposal,
    read_plan,
    require_approvals,
    require_plan_known,
    require_unchanged,
)
from preservation.stores.presence import presence_of


@dataclass(frozen=True, slots=True)
class Purge:
    """An approved plan that nothing stood against when it was read, and where the data lay then."""

    plan: DisposalPlan
    reach: Reach


def prepare_purge(archive: Archive, plan_file: Path) -> Purge:
    """Read everything again that a plan needs; raises ``RefusedError`` when anything stands against it.

    Raises ``StoreAbsentError`` when an online store is not there: what takes a package's place must lie in it first.
    """
    archive.begin_writing()
    plan = read_plan(plan_file)
    if not plan.purged:
        raise UsageProblem(
            message("这是销毁计划，请用 jinkui dispose run", "this is a plan of disposal: jinkui dispose run"),
            subject=str(plan_file),
        )
    return Purge(plan, _require_nothing_against(archive, plan))


@contextmanager
def alone(archive: Archive, plan: DisposalPlan) -> Iterator[Reach]:
    """Be the only one to describe, hold, change or renumber what a plan purges; gives where the data lie by now.

    Asked under the locks, once more, is everything that ``prepare_purge`` asks; raises as it does. The person who was to
    confirm may have thought about it for an hour.
    """
    locks = archive.vault.locks
    repositories = {one.repository for one in plan.records}
    with locks.imports(*repositories), locks.descriptions(*repositories), locks.records(_keys(archive, plan)):
        yield _require_nothing_against(archive, plan)


def new_id(plan: DisposalPlan, package_id: str) -> PackageId:
    """Return the identifier of the package that takes another's place: the same however often it is begun."""
    return PackageId(str(uuid.uuid5(uuid.UUID(package_id), f"{plan.plan_id}/{package_id}")))


def require_proved(
    archive: Archive, plan: DisposalPlan, record: PlannedDisposal, *, but: Unproved | None = None
) -> None:
    """Raise ``RefusedError`` unless the journal bears a removal out, whatever it lacks ``but`` for this."""
    intent = DisposalIntended(record.package_id, plan.plan_id)
    unproved = archive.decisions.judge(intent, today=archive.world.today())
    if unproved is not None and unproved is not but:
        said = message("{code}：{why}", "{code}: {why}", code=record.archival_code, why=unproved.said)
        raise RefusedError(said, subject=record.archival_code)


def _require_nothing_against(archive: Archive, plan: DisposalPlan) -> Reach:
    """Return where the data lie by now; raises ``RefusedError`` or ``StoreAbsentError`` where anything stands against."""
    entries = archive.decisions.refresh()
    planned = require_plan_known(plan, entries)
    require_approvals(plan, approvals_of(planned, entries, read_persons(entries)))
    anchors = archive.fresh_reading.refresh()
    require_unchanged(plan, anchors)
    reach = _reach_now(archive, plan)
    require_not_held(archive, reach.units)
    for record in plan.records:
        if record.package_id not in anchors.tombstones:
            require_proved(archive, plan, record, but=Unproved.NOT_SUCCEEDED)
    for store in archive.vault.stores:
        seen = presence_of(store, anchors.stores.get(store.name))
        if seen.is_there or store.name not in archive.vault.promise.offline:
            seen.require()
    return reach


def _reach_now(archive: Archive, plan: DisposalPlan) -> Reach:
    """Return where the data lie by now; raises ``RefusedError`` where the plan does not name a package that has some."""
    reach = reach_of(archive, plan.purged, apart=_apart(archive, plan))
    named = {one.package_id for one in plan.records}
    if others := sorted({one.package_id for one in reach.packages} - named):
        said = message(
            "计划之后又有 {n} 个信息包含这些数据，请重新提出计划",
            "{n} other packages have such data since it was planned; plan it anew",
            n=len(others),
        )
        raise RefusedError(said, subject=plan.plan_id)
    return reach


def _apart(archive: Archive, plan: DisposalPlan) -> frozenset[str]:
    """Return the packages that this very plan wrote: they have nothing of the units any more."""
    own = archive.refresh().anchors(batch_id=plan.plan_id)
    return frozenset({*own, *(new_id(plan, one.package_id).value for one in plan.records)})


def _keys(archive: Archive, plan: DisposalPlan) -> set[RecordKey]:
    """Return the keys of the records in the plan and of those of its units and above them: holds are placed on these."""
    anchors = archive.fresh_reading.refresh()
    keys = {
        RecordKey(one.repository, reference_code(one.archival_code).key)
        for one in plan.records
        if one.package_id not in anchors.tombstones and anchors.versions[one.package_id][-1].kind is PackageKind.RECORD
    }
    units = [listed.unit for listed in archive.refresh().units.get(plan.purged).values()]
    above = archive.catalogue.units.above_all(units)
    ids = {one.unit_id for unit in units for one in (unit, *above[unit.unit_id])}
    return keys | {one.key for one in archive.catalogue.named(sorted(ids))}
