"""Disposal (鉴定销毁) proposed: what has run out, or what was taken in by mistake; written as a plan and journalled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from archives.errors import NotFoundError, RefusedError, UsageProblem
from archives.journal.facts import DisposalPlanned
from archives.journal.holds import is_held, standing_holds
from archives.journal.persons import Person, read_persons, require_active
from archives.message import message
from archives.record.holding import Holding
from archives.record.record import PackageKind
from preservation.archive import Archive
from preservation.catalogue.naming import named_record
from preservation.disposal.plan import (
    DisposalPlan,
    Obstacle,
    PlannedDisposal,
    obstacle_to,
    planned_disposal,
    planned_submission,
)
from preservation.disposal.register import REGISTER_BATCH
from preservation.stores.files import require_place, write_new


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may go (no plan when nothing may), and what may not with the reason."""

    plan: DisposalPlan | None
    excluded: tuple[tuple[Holding, Obstacle], ...]


def propose(
    archive: Archive, *, by: str, codes: Sequence[str], opinion: str, day: date, repository: str | None, out: Path
) -> Proposal:
    """Propose what is to go: the records that were named, or all whose retention period has run out on a day.

    The plan is written to ``out`` and journalled. Raises ``RefusedError`` for a planner who is no registered person, and
    for a record that was named and never may go.
    """
    planner = _planner(archive, by)
    catalogue = archive.catalogue
    chosen = [named_record(catalogue, one, repository) for one in codes] or list(catalogue.holdings())
    chosen = [holding for holding in chosen if repository in (None, holding.key.repository)]
    seen = [(holding, obstacle_to(holding, day, held=is_on_hold(archive, holding))) for holding in chosen]
    records, excluded = _sorted_out(archive, seen, named=bool(codes))
    plan = DisposalPlan(archive.world.new_identifier(), planner.person_id, opinion, day, records)
    return _proposed(archive, plan, excluded, out=out)


def propose_removal(
    archive: Archive,
    *,
    by: str,
    codes: Sequence[str],
    batch_id: str | None,
    mistake: str,
    repository: str | None,
    out: Path,
) -> Proposal:
    """Propose to remove what was taken in by mistake: the records that were named, or a batch with what it came with.

    Retention does not count, holds do. Raises as ``propose`` does, ``NotFoundError`` for an unknown batch.
    """
    planner = _planner(archive, by)
    if not mistake.strip() or bool(codes) == (batch_id is not None):
        raise UsageProblem(
            message("须写明原因，并写明档号或一个批次", "give the reason, and either records or one batch"),
            subject="--mistake",
        )
    catalogue = archive.catalogue
    came = catalogue.anchors(batch_id=batch_id) if batch_id is not None else {}
    if batch_id is not None and (not came or batch_id.startswith(REGISTER_BATCH)):
        raise NotFoundError(message("没有批次 {id}", "there is no batch {id}", id=batch_id), subject=batch_id)
    chosen = [named_record(catalogue, one, repository) for one in codes]
    chosen += [holding for holding in catalogue.holdings() if holding.package_id.value in came]
    seen = [(holding, _obstacle_to_removal(archive, holding, batch_id)) for holding in chosen]
    records, excluded = _sorted_out(archive, seen, named=bool(codes))
    if not excluded:
        records += tuple(planned_submission(one) for one in came.values() if one.kind is PackageKind.SUBMISSION)
    identifier, day = archive.world.new_identifier(), archive.world.today()
    plan = DisposalPlan(identifier, planner.person_id, "", day, records, mistake.strip())
    return _proposed(archive, plan, excluded, out=out)


def is_on_hold(archive: Archive, holding: Holding) -> bool:
    """Say whether a hold stands on a record, as the journal has it by now."""
    holds = standing_holds(archive.decisions.refresh()).values()
    return is_held(holding, holds, former_keys=archive.catalogue.former_codes(holding))


def acting_person(persons: Mapping[str, Person], named: str) -> Person:
    """Return a registered person who acts; raises ``RefusedError``: a name that is typed stands for nobody."""
    try:
        return require_active(persons, named)
    except NotFoundError as unknown:
        raise RefusedError(unknown.message, subject=named, advice=unknown.advice) from unknown


def refused_for(holding: Holding, obstacle: Obstacle) -> RefusedError:
    """Return the error that says what stands against the disposal of a record."""
    code = holding.description.code.written
    return RefusedError(
        message("{code} 不得销毁：{why}", "{code} may not be disposed of: {why}", code=code, why=obstacle.said),
        subject=code,
    )


def _planner(archive: Archive, by: str) -> Person:
    archive.begin_writing()
    return acting_person(read_persons(archive.decisions.refresh()).known, by)


def _sorted_out(
    archive: Archive, seen: Sequence[tuple[Holding, Obstacle | None]], *, named: bool
) -> tuple[tuple[PlannedDisposal, ...], tuple[tuple[Holding, Obstacle], ...]]:
    """Return what may go and what may not; raises ``RefusedError`` when what was ``named`` never may."""
    refused = [(holding, obstacle) for holding, obstacle in seen if named and obstacle and obstacle.is_absolute]
    if refused:
        raise refused_for(*refused[0])
    records = [
        planned_disposal(one, archive.catalogue.anchor(one.package_id)) for one, obstacle in seen if not obstacle
    ]
    return tuple(records), tuple((holding, obstacle) for holding, obstacle in seen if obstacle)


def _proposed(
    archive: Archive, plan: DisposalPlan, excluded: tuple[tuple[Holding, Obstacle], ...], *, out: Path
) -> Proposal:
    if not plan.records:
        return Proposal(None, excluded)
    require_place(out)
    write_new(out, plan.encoded() + b"\n", mode=0o644)
    ids = tuple(record.package_id for record in plan.records)
    fact = DisposalPlanned(plan.plan_id, plan.sha256, plan.planner, ids, plan.core(), plan.mistake)
    archive.vault.ledger.append([fact])
    archive.refresh()
    return Proposal(plan, excluded)


def _obstacle_to_removal(archive: Archive, holding: Holding, batch_id: str | None) -> Obstacle | None:
    """Return why a record that was taken in by mistake may not go: a hold, or versions that came with other batches."""
    if is_on_hold(archive, holding):
        return Obstacle.HELD
    versions = archive.fresh_reading.anchors.versions[holding.package_id.value]
    is_of_batch = batch_id is None or all(one.batch_id == batch_id for one in versions)
    return None if is_of_batch else Obstacle.OTHER_BATCH
