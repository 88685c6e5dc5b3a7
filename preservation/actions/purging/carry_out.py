"""A purge carried out: packages without the data take the place of those that have some, which then leave every store.

The order: what stays of units without rows is said; of every package the one in its place is stored, verified and
journalled; then the old ones are removed as everything is. Each step looks first whether it was done, so that running
again finishes what was stopped; nothing goes before what takes its place lies in every store that is there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archives.findings import Finding
from archives.journal.concern import the_package
from archives.journal.facts import PackageStored, PackageSucceeded
from archives.message import Message, message
from archives.record.identifiers import PackageId
from archives.record.record import PackageKind
from archives.units.unit import purged, read_unit_row, unit_row
from preservation.actions.overview.intakes import Intakes
from preservation.actions.purging.prepare import Purge, alone, new_id, require_proved
from preservation.actions.purging.reach import Reach, beyond_reach, closings_beside
from preservation.actions.purging.wording import Wording, not_about
from preservation.actions.replicate import require_everywhere
from preservation.actions.units.describing import Change, Said, description_packages, next_rows
from preservation.archive import Archive
from preservation.disposal.plan import DisposalPlan, PlannedDisposal
from preservation.package.description_package import FINDINGS, UNITS, package_of_rows, read_findings
from preservation.package.new_package import NewPackage, software
from preservation.vault.removal import remove_package


@dataclass(frozen=True, slots=True)
class Without:
    """What a package is made of that takes another's place: the old one, the identifier of the new, what is to be left out."""

    old: PackageStored
    package_id: PackageId
    reach: Reach
    folder: Path


@dataclass(frozen=True, slots=True)
class Remainder:
    """What stays of a package of content (None: nothing), and what of it could not be told apart.

    Of that ``left`` stays, too, and ``beside`` went with what is purged.
    """

    package: NewPackage | None
    left: tuple[Message, ...] = ()
    beside: tuple[Message, ...] = ()


Refound = Callable[[Without], Remainder]
"""Makes the package without what is purged of a volume, or of what a batch came with."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many packages left now, how many of them have another in their place, what went with them, what was not reached."""

    plan: DisposalPlan
    removed: int
    succeeded: int
    beside: tuple[Message, ...]
    beyond: tuple[Message, ...]


def carry_out_purge(archive: Archive, purge: Purge, *, refound: Refound, progress: Callable[[int], None]) -> Purged:
    """Carry a purge to its end; may be called again after it was stopped. ``progress`` is told how many packages left.

    Whatever was decided or said since it was prepared is looked at again under the locks that deciding and saying take, so
    that nothing is written, not even an entry of the journal, where anything stands against it by now: ``RefusedError``.
    """
    plan = purge.plan
    with alone(archive, plan) as reach:
        beyond, beside = list(beyond_reach(archive, reach)), list[Message]()
        if closings := closings_beside(archive, reach, _reason(plan)):  # before nothing tells what shares pages
            archive.vault.ledger.append(closings)
        _say_purged(archive, plan, reach)
        left = [one for one in plan.records if one.package_id not in archive.fresh_reading.refresh().tombstones]
        for record in _in_order(archive, left):
            stays = _succeed(archive, plan, reach, record, refound)
            beyond += stays.left
            beside += stays.beside
        Intakes(archive.work).forget(_batches(archive, left))
        for record in left:  # all of them, before the first goes
            require_proved(archive, plan, record)
        removed = 0
        for record in left:
            removed += _remove(archive, plan, record)
            progress(removed)
    archive.refresh()
    succeeded = sum(
        1 for one in plan.records if new_id(plan, one.package_id).value in archive.fresh_reading.anchors.versions
    )
    return Purged(plan, removed, succeeded, tuple(dict.fromkeys(beside)), tuple(dict.fromkeys(beyond)))


def _in_order(archive: Archive, records: Sequence[PlannedDisposal]) -> Sequence[PlannedDisposal]:
    """Return packages of content before rows, by which whose data go is known, and the newest rows last."""
    versions = archive.fresh_reading.anchors.versions
    stored = {package_id: number for number, package_id in enumerate(archive.catalogue.anchors())}

    def place(one: PlannedDisposal) -> tuple[bool, int]:
        return versions[one.package_id][-1].kind is PackageKind.DESCRIPTION, stored.get(one.package_id, 0)

    return sorted(records, key=place)


def _batches(archive: Archive, left: Sequence[PlannedDisposal]) -> set[str]:
    """Return the batches that packages came with: their folders may be called after somebody."""
    versions = archive.fresh_reading.refresh().versions
    return {version.batch_id for one in left for version in versions[one.package_id]}


def _say_purged(archive: Archive, plan: DisposalPlan, reach: Reach) -> None:
    """Say of every unit of which only its package said anything that it is purged, once a plan; nobody else describes."""
    said = Said(plan.plan_id, archive.operator, _reason(plan))
    ids = {one.unit_id for one in reach.units if not one.revision}
    found = archive.refresh().units.get(ids).values()
    for repository in archive.catalogue.repositories():
        own = [one for one in found if not one.unit.revision and one.unit.repository == repository.code.value]
        changes = [Change(purged(one.unit, _reason(plan)), one.digest) for one in own]
        for package in description_packages(archive, repository, next_rows(archive, changes, said), said):
            archive.vault.put(package, note="describe")


def _reason(plan: DisposalPlan) -> str:
    said = message("按计划 {id} 清除", "purged under the plan {id}", id=plan.plan_id)
    return f"{said.text('zh')} {said.text('en')}"


def _succeed(
    archive: Archive, plan: DisposalPlan, reach: Reach, record: PlannedDisposal, refound: Refound
) -> Remainder:
    """Store what takes a package's place, and journal it; returns what stays, and what of it could not be told apart."""
    facts = (entry.fact for entry in archive.fresh_reading.entries_about(the_package(record.package_id)))
    if any(isinstance(one, PackageSucceeded) and one.plan_id == plan.plan_id for one in facts):
        return Remainder(None)
    anchors = archive.fresh_reading.refresh()
    old, new = anchors.versions[record.package_id][-1], new_id(plan, record.package_id)
    made = Remainder(None)
    if new.value not in anchors.versions:
        with archive.work_folder() as folder:
            if old.kind is PackageKind.DESCRIPTION:
                made = Remainder(_rows_without(archive, plan, Without(old, new, reach, folder)))
            elif record.package_id not in reach.whole:
                made = refound(Without(old, new, reach, folder))
            if made.package is None:
                archive.vault.ledger.append([PackageSucceeded(record.package_id, "", plan.plan_id)])
                return made
            archive.vault.put(made.package, note="purge")
    require_everywhere(archive, new)
    archive.vault.ledger.append([PackageSucceeded(record.package_id, new.value, plan.plan_id)])
    return made


def _rows_without(archive: Archive, plan: DisposalPlan, without: Without) -> NewPackage:
    """Return a package with the rows of another, byte for byte; of those of purged units nothing but the stub."""
    old, reach = without.old, without.reach
    inventory = archive.vault.inventory(old)
    going = {one.unit_id.encode() for one in reach.units}
    rows, gone = [], []
    for row in archive.vault.read(inventory, UNITS).splitlines(keepends=True):
        if _unit_id(row) in going:
            gone.append(read_unit_row(row))
            row = unit_row(purged(gone[-1], _reason(plan)))
        rows.append(row)
    findings: tuple[Finding, ...] = ()
    if FINDINGS in inventory.logical_files():
        said = replace(reach, units=(*reach.units, *gone))
        findings = not_about(
            read_findings(archive.vault.read(inventory, FINDINGS)), Wording(said.words, said.codes), gone
        )
    return package_of_rows(
        without.package_id,
        next(one for one in archive.catalogue.repositories() if one.code.value == old.repository),
        b"".join(rows),
        findings,
        code=old.archival_code,
        batch_id=old.batch_id,
        now=archive.world.now(),
        software=software(),
        succeeds=old.package_id,
    )


_BEGINNING = b'{"unit_id":"'


def _unit_id(row: bytes) -> bytes:
    if not row.startswith(_BEGINNING):
        return read_unit_row(row).unit_id.encode()
    return row[len(_BEGINNING) : row.index(b'"', len(_BEGINNING))]


def _remove(archive: Archive, plan: DisposalPlan, record: PlannedDisposal) -> bool:
    """Remove one package whose place is taken; returns whether it was there."""
    with archive.vault.locks.package_exclusive(PackageId(record.package_id)):
        anchors = archive.fresh_reading.refresh()
        if record.package_id in anchors.tombstones:
            return False
        require_proved(archive, plan, record)
        remove_package(archive.vault, anchors, record.package_id, plan_id=plan.plan_id)
        return True
