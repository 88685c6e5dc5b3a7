"""A purge proposed: whose data are to go and why, in which packages they lie; written as a plan and journalled."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from archives.errors import RefusedError, UsageProblem
from archives.journal.facts import DisposalPlanned
from archives.journal.holds import is_held, standing_holds
from archives.journal.persons import read_persons
from archives.message import Message, message
from archives.record.identifiers import archival_code_key
from archives.units.former_codes import former_keys
from archives.units.unit import Unit
from preservation.actions.disposal.propose import acting_person
from preservation.actions.purging.reach import Reach, beyond_reach, closed_beside, reach_of, rows_beside
from preservation.actions.purging.wording import Wording
from preservation.archive import Archive
from preservation.disposal.plan import DisposalPlan, planned_submission
from preservation.stores.files import require_place, write_new


@dataclass(frozen=True, slots=True)
class PurgeProposal:
    """A plan, where the data lie, what goes with them though it is of others, and what a purge does not reach."""

    plan: DisposalPlan
    reach: Reach
    beside: tuple[Message, ...]
    beyond: tuple[Message, ...]


def propose_purge(
    archive: Archive, *, by: str, unit_ids: Iterable[str], reason: str, out: Path, tables: Collection[str] = ()
) -> PurgeProposal:
    """Propose to destroy the data of units in every package that has some; the plan is written to ``out`` and journalled.

    Neither plan nor journal say anything of the units but their identifiers; the plan also, how many others have rows in tables
    that go whole. Raises ``RefusedError`` for a planner who is
    no registered person, for a unit under a hold, and for a reason that names whom it is about: the journal is for ever.
    """
    archive.begin_writing()
    planner = acting_person(read_persons(archive.decisions.refresh()).known, by)
    if not reason.strip():
        raise UsageProblem(message("请用 --reason 写明理由", "say why with --reason"), subject="--reason")
    reach = reach_of(archive, unit_ids, tables=tables)
    if named := Wording(reach.words).first_in(reason):
        said = message(
            "理由将永远留在日志里，不能写要清除的内容：{word}",
            "the reason stays in the journal for ever and may not say what is to be purged: {word}",
            word=named,
        )
        advice = message("请改写理由，不提所涉的人和内容", "write the reason without whom or what it is about")
        raise RefusedError(said, subject="--reason", advice=advice)
    require_not_held(archive, reach.units)
    records = tuple(planned_submission(one) for one in reach.packages)
    purged = tuple(one.unit_id for one in reach.units)
    identifier, day = archive.world.new_identifier(), archive.world.today()
    beside = (*rows_beside(archive, reach), *closed_beside(archive, reach))
    opinion = "\n".join(f"{one.text('zh')} {one.text('en')}" for one in beside)  # which those who sign see, too
    plan = DisposalPlan(identifier, planner.person_id, opinion, day, records, purge=reason.strip(), purged=purged)
    require_place(out)
    write_new(out, plan.encoded() + b"\n", mode=0o644)
    ids = tuple(record.package_id for record in plan.records)
    fact = DisposalPlanned(plan.plan_id, plan.sha256, plan.planner, ids, plan.core(), purge=plan.purge)
    archive.vault.ledger.append([fact])
    archive.refresh()
    return PurgeProposal(plan, reach, beside, tuple(beyond_reach(archive, reach)))


def require_not_held(archive: Archive, units: Iterable[Unit]) -> None:
    """Raise ``RefusedError`` where a hold stands on a unit, under any code that it has or had, or on one above it."""
    holds = tuple(standing_holds(archive.decisions.refresh()).values())
    held = {(one.repository, archival_code_key(one.archival_code)) for one in holds}
    catalogue = archive.catalogue
    every = {one.unit_id: one for one in units} if held else {}
    above = catalogue.units.above_all([*every.values()])
    known = {one.unit_id: one for unit_id, unit in every.items() for one in (unit, *above[unit_id])}
    under_hold = {
        unit_id
        for unit_id, one in known.items()
        if any((one.repository, code) in held for code in (one.description.code.key, *former_keys(one.description)))
        or any(
            is_held(record, holds, former_keys=catalogue.former_codes(record)) for record in catalogue.named([unit_id])
        )
    }
    for unit_id, unit in every.items():
        if under_hold.intersection((unit_id, *(one.unit_id for one in above[unit_id]))):
            code = unit.description.code.written or unit_id
            said = message("{code} 已冻结，不得清除", "{code} is under a hold and may not be purged", code=code)
            advice = message(
                "冻结见 jinkui hold list，解除后再提出", "jinkui hold list has the hold; plan it when that is lifted"
            )
            raise RefusedError(said, subject=code, advice=advice)
