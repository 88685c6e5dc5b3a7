"""After a crash: what was begun is finished or set aside; every writing command begins with this.

The journal tells what was begun and not ended. A version that lies complete in one store is completed in the others
that it was promised to; a disposal that the journal bears out is carried to its end, any other given up; a store that was away obeys the tombstones it missed; what
a dead process left in work folders is swept when no other process is writing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from archives.errors import StorageError, UnfinishedError
from archives.journal.facts import (
    CopiesReplicated,
    DisposalAbandoned,
    DisposalIntended,
    PackageAbandoned,
    PackageDisposed,
    PackageIntended,
    PackageStored,
    ReplicationAbandoned,
    Unproved,
)
from archives.message import Message, message
from archives.record.identifiers import PackageId
from preservation.catalogue.anchors import Anchors
from preservation.catalogue.decisions import Decisions
from preservation.catalogue.journal_fold import JournalReading
from preservation.package.ocfl import object_folder
from preservation.stores.passed_over import is_passed_over
from preservation.stores.store import WORK, Store
from preservation.vault.merged_rows import missing_rows
from preservation.vault.removal import (
    abandon_disposal,
    bring_back_abandoned,
    clear_disposed,
    finish_disposal,
    obey_tombstones,
)
from preservation.vault.replication import settle_replication
from preservation.vault.stored_object import complete_version, copy_version, no_good_copy, set_version_aside
from preservation.vault.vault import Vault

Recovered = (
    PackageAbandoned | PackageStored | PackageDisposed | DisposalAbandoned | CopiesReplicated | ReplicationAbandoned
)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What became of what was left open, and why some of it stays open."""

    outcomes: tuple[Recovered, ...]
    left_open: tuple[StorageError | UnfinishedError, ...]


@dataclass(frozen=True, slots=True)
class Welcomed:
    """(Store, package identifier) of what was destroyed in stores that returned, and of what stays there and why."""

    destroyed: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, str, Unproved], ...]


def recover(vault: Vault, reading: JournalReading, *, today: date) -> Recovery:
    """Finish or set aside what a crash left open.

    What concerns stores that are not there, or that cannot be read or written now, stays open until they can; so does a
    disposal under a plan of earlier software, whose proof is in the plan's file.
    """
    outcomes: list[Recovered] = []
    left_open: list[StorageError | UnfinishedError] = []
    decisions = Decisions(reading)

    def settle(act: Callable[[], Iterable[Recovered]]) -> None:
        try:
            outcomes.extend(act())
        except (StorageError, UnfinishedError) as failure:
            left_open.append(failure)

    for intent in tuple(reading.refresh().intents.values()):
        settle(partial(_settle_version, vault, reading, intent))
    for (store, package_id), version in tuple(reading.refresh().replications.items()):
        settle(partial(settle_replication, vault, reading, store, package_id, version))
    for disposal in tuple(reading.refresh().disposals.values()):
        settle(partial(_settle_disposal, vault, decisions, reading, disposal, today=today))
    return Recovery(tuple(outcomes), tuple(left_open))


def welcome(vault: Vault, reading: JournalReading, names: Collection[str]) -> Welcomed:
    """Do with stores that were away what they missed.

    Packages that were disposed of go for good, where the journal bears that out; what a write left that failed there goes
    to quarantine; what a disposal had set aside that was given up comes back.
    """
    anchors, decisions = reading.refresh(), Decisions(reading)
    destroyed: list[tuple[str, str]] = []
    kept: list[tuple[str, str, Unproved]] = []
    for store in (store for store in vault.stores if store.name in names):
        gone, left = obey_tombstones(vault, store, anchors, partial(_judge_tombstone, vault, decisions, anchors, store))
        destroyed += [(store.name, package_id) for package_id in gone]
        kept += [(store.name, *one) for one in left]
        for package_id, version in sorted(anchors.leftovers_in(store.name), reverse=True):
            with vault.locks.package_exclusive(PackageId(package_id)):
                set_version_aside(store, PackageId(package_id), version, vault.stamp())
        bring_back_abandoned(vault, store, anchors)
    return Welcomed(tuple(destroyed), tuple(kept))


def sweep(vault: Vault, disposed: Collection[str], judge: Callable[[str], Unproved | None]) -> tuple[str, ...]:
    """Clear work folders, and of quarantine what belongs to disposed packages; return the stores that had some.

    Only for a process that writes alone: what lies there is then nobody's. Stores that are not there are passed over.
    ``judge`` says why a disposal is not borne out by the journal; it is asked only of what is found.
    """
    swept: list[str] = []
    for store in vault.stores:
        try:
            names = {entry.path.parts[1] for entry in store.walk(WORK) if len(entry.path.parts) > 1}
            ours = {name for name in names if not any(is_passed_over(name, is_folder=kind) for kind in (True, False))}
            left = {WORK / name for name in ours}
            for place in sorted(left):
                store.remove(place)
            if clear_disposed(store, disposed, judge) or left:
                swept.append(store.name)
        except StorageError:
            continue
    return tuple(swept)


def _settle_version(
    vault: Vault, reading: JournalReading, intent: PackageIntended
) -> tuple[PackageAbandoned | PackageStored, ...]:
    package_id = PackageId(intent.package_id)
    with vault.locks.package_exclusive(package_id):
        if (intent.package_id, intent.version) not in reading.refresh().intents:
            return ()
        promised = [s for s in vault.stores if not intent.stores or s.name in intent.stores]
        there = [store for store in promised if store.name not in vault.ledger.away]
        needed = max(1, min(vault.promise.minimum, len(promised)))
        if len(there) < needed:
            return ()
        if intent.together:  # whatever lies there: what counts with it was not acknowledged either
            return (vault.abandon_version(intent, there, cause="crash"),)
        complete, failure = _complete(there, intent)
        if not complete and failure is not None:
            raise failure
        if not complete:
            return (vault.abandon_version(intent, there, cause="crash"),)
        whole, failure = _complete_others(vault, complete, there, intent)
        if len(whole) < needed:
            raise failure or no_good_copy(object_folder(package_id))
        failed = [store for store in there if store not in whole]
        return (vault.anchor_version(intent, whole, leaving=failed),)


def _complete(stores: Sequence[Store], intent: PackageIntended) -> tuple[list[Store], StorageError | None]:
    """Return the stores in which the version is whole, and what kept one from being looked at."""
    complete: list[Store] = []
    failure: StorageError | None = None
    for store in stores:
        try:
            package_id = PackageId(intent.package_id)
            if complete_version(store, package_id, intent.version, intent.inventory_sha512) is not None:
                complete.append(store)
        except StorageError as cause:
            failure = cause
    return complete, failure


def _complete_others(
    vault: Vault, complete: Sequence[Store], there: Sequence[Store], intent: PackageIntended
) -> tuple[list[Store], StorageError | None]:
    """Copy a version that is whole in one store into the others; one that cannot take it is owed its copy."""
    whole = list(complete)
    failure: StorageError | None = None
    for store in (store for store in there if store not in complete):
        try:
            set_version_aside(store, PackageId(intent.package_id), intent.version, vault.stamp())
            copy_version(complete, store, _as_stored(intent))
        except StorageError as cause:
            failure = cause
        else:
            whole.append(store)
    return [store for store in there if store in whole], failure


def _as_stored(intent: PackageIntended) -> PackageStored:
    return PackageStored(
        intent.package_id,
        intent.version,
        intent.inventory_sha512,
        intent.size_bytes,
        intent.kind,
        intent.repository,
        intent.archival_code,
        intent.batch_id,
        (),
    )


def _settle_disposal(
    vault: Vault, decisions: Decisions, reading: JournalReading, disposal: DisposalIntended, *, today: date
) -> tuple[PackageDisposed | DisposalAbandoned, ...]:
    with vault.locks.package_exclusive(PackageId(disposal.package_id)):
        anchors = reading.refresh()
        if disposal.package_id not in anchors.disposals:
            return ()
        unproved = judge_removal(vault, decisions, anchors, disposal, today=today)
        if unproved is None:
            return (finish_disposal(vault, anchors, disposal, mistake=decisions.mistake_of(disposal.plan_id)),)
        if unproved is Unproved.NO_CORE:
            raise _needs_its_plan(disposal)
        return (abandon_disposal(vault, disposal, unproved),)


def judge_removal(
    vault: Vault, decisions: Decisions, anchors: Anchors, intent: DisposalIntended, *, today: date
) -> Unproved | None:
    """Return why a package may not be destroyed by now: the journal does not bear it out, or rows of it would be lost."""
    unproved = decisions.judge(intent, today=today)
    if unproved is None and intent.plan_id in anchors.versions:
        there = [store for store in vault.stores if store.name not in vault.ledger.away]
        return missing_rows(vault, anchors, intent.package_id, intent.plan_id, there)
    return unproved


def _judge_tombstone(
    vault: Vault, decisions: Decisions, anchors: Anchors, store: Store, package_id: str
) -> Unproved | None:
    unproved = decisions.judge_tombstone(package_id)
    into = anchors.tombstones[package_id].plan_id
    if unproved is None and (into in anchors.versions or into in anchors.tombstones):
        return missing_rows(vault, anchors, package_id, into, (store,))
    return unproved


def _needs_its_plan(disposal: DisposalIntended) -> UnfinishedError:
    return UnfinishedError(
        message(
            "按较早版本的计划 {plan} 销毁 {id} 时中断：须有计划文件才能了结，请运行 jinkui dispose run 计划文件",
            "destroying {id} under the plan {plan} of an earlier version was interrupted: only the plan's file can end it; "
            "run jinkui dispose run PLAN",
            id=disposal.package_id,
            plan=disposal.plan_id,
        ),
        subject=disposal.package_id,
    )


def told_recovery(recovery: Recovery, versions: Mapping[str, Sequence[PackageStored]]) -> Iterator[Message]:
    """Yield the sentence about each thing that a crash left open, packages by their archival codes as far as they are known."""
    for outcome in recovery.outcomes:
        package_id = getattr(outcome, "package_id", "")
        known = versions.get(package_id, ())
        code = getattr(outcome, "archival_code", "") or (known[-1].archival_code if known else "")
        yield _told(outcome, f"{code} ({package_id})" if code else package_id)
    yield from (failure.message for failure in recovery.left_open)


def _told(outcome: Recovered, package: str) -> Message:
    match outcome:
        case PackageAbandoned():
            return message("已将未完成的信息包移入隔离区：{id}", "set an unfinished package aside: {id}", id=package)
        case PackageStored():
            return message("已补全中断的信息包：{id}", "completed an interrupted package: {id}", id=package)
        case PackageDisposed():
            return message("已完成中断的销毁：{id}", "completed an interrupted disposal: {id}", id=package)
        case DisposalAbandoned():
            return message(
                "已放弃销毁，信息包仍在：{id}（{why}）",
                "gave a disposal up, the package stays: {id} ({why})",
                id=package,
                why=outcome.reason.said,
            )
        case CopiesReplicated():
            return message(
                "已确认中断的复制：存储“{store}”",
                "acknowledged an interrupted copying into the store “{store}”",
                store=outcome.store,
            )
        case _:
            return message(
                "已将未完成的复制移入隔离区：存储“{store}”",
                "set an unfinished copying into the store “{store}” aside",
                store=outcome.store,
            )


def told_kept(store: str, package_id: str, why: Unproved) -> Message:
    """Return the sentence about a package that a store keeps though the journal calls it disposed of."""
    return message(
        "存储“{store}”仍有日志称已销毁的 {id}，因{why}而未清除；请运行 jinkui journal verify",
        "store “{store}” keeps {id}, which the journal calls disposed of: {why}; run jinkui journal verify",
        store=store,
        id=package_id,
        why=why.said,
    )
