"""Disposal (鉴定销毁) proposed: what has run out; written as a plan and journalled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from archives.errors import NotFoundError, RefusedError
from archives.journal.facts import BatchSum, DisposalPlanned
from archives.journal.holds import is_held, standing_holds
from archives.journal.persons import Person, read_persons, require_active
from archives.message import Message, message
from archives.record.holding import Holding
from preservation.archive import Archive
from preservation.catalogue.naming import named_record
from preservation.disposal.plan import (
    DisposalPlan,
    Obstacle,
    PlannedDisposal,
    obstacle_to,
    planned_disposal,
)
from preservation.stores.files import require_place, write_new


@dataclass(frozen=True, slots=True)
class Going:
    """A package that is to go, as a person is told it: what it is, how many items it holds, whether the public has any of it.

    ``described`` are how many of its units were described before it came: they stay in the catalogue, without content.
    """

    planned: PlannedDisposal
    what: Message
    items: int = 0
    is_public: bool = False
    described: int = 0


@dataclass(frozen=True, slots=True)
class Staying:
    """What belongs to it and stays, and why."""

    archival_code: str
    package_id: str
    why: Message


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may go (no plan when nothing may), and what may not with the reason; of a mistake also what else stays."""

    plan: DisposalPlan | None
    excluded: tuple[tuple[Holding, Obstacle], ...]
    going: tuple[Going, ...] = ()
    staying: tuple[Staying, ...] = ()


def propose(
    archive: Archive,
    *,
    by: str,
    codes: Sequence[str],
    opinion: str,
    day: date,
    repository: str | None,
    out: Path | None,
) -> Proposal:
    """Propose what is to go: the records that were named, or all whose retention period has run out on a day.

    The plan is written to ``out`` and journalled; without ``out`` nothing is. Raises ``RefusedError`` for a planner who is
    no registered person, and for a record that was named and never may go.
    """
    planner = planner_of(archive, by, is_written=out is not None)
    catalogue = archive.catalogue
    chosen = [named_record(catalogue, one, repository) for one in codes] or list(catalogue.holdings())
    chosen = [holding for holding in chosen if repository in (None, holding.key.repository)]
    seen = [(holding, obstacle_to(holding, day, held=is_on_hold(archive, holding))) for holding in chosen]
    records, excluded = sorted_out(archive, seen, named=bool(codes))
    plan = DisposalPlan(archive.world.new_identifier(), planner, opinion, day, records)
    going = tuple(Going(one, RECORD) for one in records)
    return proposed(archive, Proposal(plan, excluded, going), out=out)


RECORD = message("件", "record")


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
        advice=message(
            "去掉它再提出计划；经过见 jinkui explain {code}",
            "plan it without this one; jinkui explain {code} tells more of it",
            code=code,
        ),
    )


def planner_of(archive: Archive, by: str, *, is_written: bool) -> str:
    """Return the registered person who plans; of what is only looked at, whoever was named.

    Raises ``RefusedError`` for one who is not registered.
    """
    if not is_written:
        archive.refresh()
        return by
    archive.begin_writing()
    return acting_person(read_persons(archive.decisions.refresh()).known, by).person_id


def sorted_out(
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


def proposed(archive: Archive, made: Proposal, *, out: Path | None, sums: tuple[BatchSum, ...] = ()) -> Proposal:
    """Write a plan to a file and let the journal say that it was proposed; nothing without a file, or where nothing goes."""
    plan = made.plan
    if plan is None or not plan.records:
        return replace(made, plan=None)
    if out is None:
        return made
    require_place(out)
    write_new(out, plan.encoded() + b"\n", mode=0o644)
    ids = tuple(record.package_id for record in plan.records)
    fact = DisposalPlanned(
        plan.plan_id, plan.sha256, plan.planner, ids, plan.core(), plan.mistake, batch=plan.batch, sums=sums
    )
    archive.vault.ledger.append([fact])
    archive.refresh()
    return made
