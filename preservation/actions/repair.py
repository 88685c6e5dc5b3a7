"""Repair in two steps, with a person between them: what can be mended is planned, then mended."""

from collections.abc import Sequence
from dataclasses import dataclass

from archives.errors import StoreAbsentError
from archives.message import listed, message
from preservation.actions.audit import AuditRequest, Watch, look
from preservation.actions.journal.reconcile import other_branches
from preservation.archive import Archive
from preservation.audit.audit import AuditResult
from preservation.audit.repair import RepairStep, plan_repair, repair
from preservation.audit.unread import forget_unread, is_unread
from preservation.audit.verdicts import FileVerdict
from preservation.journal.refusals import fewer_advice, not_done_while_behind, retired
from preservation.stores.presence import StorePresence, states_of
from preservation.stores.store import Store


@dataclass(frozen=True, slots=True)
class RepairPlan:
    """What can be done about each file, the stores of which nothing could be said, and what could not be read in the others."""

    steps: tuple[RepairStep, ...]
    away: tuple[StorePresence, ...]
    unread: tuple[FileVerdict, ...] = ()


def plan(archive: Archive, *, workers: int, watch: Watch, beside: Sequence[Store] = ()) -> RepairPlan:
    """Read every copy and return what can be done about each file that is not as it should be; changes nothing.

    ``beside`` are further places to read from, such as the disk of a store that was replaced. What only a store that is
    away may still have is out of reach, never lost.

    Raises ``IntegrityError`` where stores go on, or went another way, with entries that this archive's key signed and this home
    does not know: they are another home's work, or a thief's, and no damage; ``ConfigurationError`` in a home that retired; ``StoreAbsentError`` when so few stores are there that the journal could not remember what was mended.
    """
    if archive.memory.is_there and (since := archive.memory.retired_at):
        raise retired(since)
    if branches := other_branches(archive):
        names, first = [one.store.name for one in branches], min(one.first for one in branches)
        raise not_done_while_behind(message("没有修复任何东西", "nothing was repaired"), names, first)
    found = look(archive, AuditRequest(), workers=workers, watch=watch)
    promise = archive.vault.promise
    not_there = {one.store.name for one in found.away} | promise.sealed
    there = sum(store.name not in not_there for store in archive.vault.stores)
    if found.away and there < max(1, promise.minimum):
        raise _absent(found, there)
    steps = plan_repair(archive.vault, archive.fresh_reading, found.problems, beside=beside)
    planned = {(step.store, step.file) for step in steps}
    unread = (one for one in found.problems if is_unread(one) and (one.store, one.file) not in planned)
    return RepairPlan(steps, tuple(found.away), tuple(unread))


def mend(archive: Archive, steps: Sequence[RepairStep], *, beside: Sequence[Store] = ()) -> tuple[RepairStep, ...]:
    """Carry a plan out and return the steps that were done.

    The stores' own files are mended first, so that the journal can be written; then what a crash left is recovered; then
    packages are mended.
    """
    stamp = archive.vault.stamp()
    own = [step for step in steps if step.package_id is None]
    done = repair(archive.vault, own, reading=archive.fresh_reading, stamp=stamp)
    archive.begin_writing()
    packages = [step for step in steps if step.package_id is not None]
    done += repair(archive.vault, packages, reading=archive.fresh_reading, stamp=stamp, beside=beside)
    archive.refresh()
    forget_unread(archive.work, [(step.store, step.file) for step in done])
    return done


def _absent(found: AuditResult, there: int) -> StoreAbsentError:
    names = listed([f"“{one.store.name}”" for one in found.away])
    reason = next((one.advice or one.reason for one in found.away if one.advice or one.reason), None)
    return StoreAbsentError(
        message(
            "没有修复任何东西：存储 {states}", "nothing was repaired: stores {states}", states=states_of(found.away)
        ),
        subject=names,
        advice=fewer_advice(there, reason),
    )
