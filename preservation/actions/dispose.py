"""Disposal (鉴定销毁) of an archive's records: proposed, approved, carried out; each record under its lock."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from archives.errors import NotFoundError, RefusedError, UsageProblem
from archives.journal.facts import DisposalApproved, DisposalPlanned
from archives.message import message
from archives.proof.signing import key_text, sign
from archives.record.holding import Holding
from archives.record.identifiers import PackageId, RecordKey, parse_archival_code
from preservation.archive import Archive
from preservation.audit.judge_copy import audit_copy
from preservation.audit.verdicts import FileVerdict
from preservation.catalogue.naming import named_record
from preservation.disposal.decisions import Decisions
from preservation.disposal.holds import is_held, standing_holds
from preservation.disposal.plan import (
    DisposalPlan,
    Obstacle,
    PlannedDisposal,
    approvals_of,
    obstacle_to,
    planned_disposal,
    read_plan,
    require_approvals,
    require_approver,
    require_plan_known,
    require_unchanged,
)
from preservation.disposal.register import NO_FONT, Register, register_batch, register_code, write_register
from preservation.journal.persons import Person, registered_persons, require_active
from preservation.package.new_package import NewPackage
from preservation.stores.files import require_place, write_new
from preservation.stores.presence import presence_of
from preservation.vault.removal import remove_package

NOT_WHOLE = message(
    "有副本不完好，没有销毁任何东西；请先 jinkui repair",
    "not every copy is whole; nothing was destroyed; run jinkui repair first",
)

Pack = Callable[[DisposalPlan, Sequence[Path]], NewPackage]
"""Makes the package in which a plan's register of destruction is kept, from the plan and the files."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may go (no plan when nothing may), and what may not with the reason."""

    plan: DisposalPlan | None
    excluded: tuple[tuple[Holding, Obstacle], ...]


@dataclass(frozen=True, slots=True)
class Approver:
    """A person who may approve a plan, and how many did before."""

    plan: DisposalPlan
    person: Person
    given: int


@dataclass(frozen=True, slots=True)
class Disposal:
    """An approved plan that nothing stands against but the copies in ``problems``; carried out as long as there are none.

    ``plan_file`` is kept with the register. ``decisions`` are looked at again for every record.
    """

    plan: DisposalPlan
    plan_file: Path
    register: Register
    problems: tuple[FileVerdict, ...]
    decisions: Decisions


@dataclass(frozen=True, slots=True)
class Disposed:
    """What is gone now (what was gone before is not in it), and the files of the register."""

    plan: DisposalPlan
    archival_codes: tuple[str, ...]
    files: tuple[Path, ...]


def propose(
    archive: Archive, *, by: str, codes: Sequence[str], opinion: str, day: date, repository: str | None, out: Path
) -> Proposal:
    """Propose what is to go: the records that were named, or all whose retention period has run out on a day.

    The plan is written to ``out`` and journalled. Raises ``RefusedError`` for a planner who is no registered person, and
    for a record that was named and never may go.
    """
    archive.begin_writing()
    entries = Decisions(archive.vault.ledger).refresh()
    planner = _person(registered_persons(entries), by)
    holds = tuple(standing_holds(entries).values())
    catalogue = archive.catalogue
    chosen = [named_record(catalogue, one, repository) for one in codes] or list(catalogue.holdings())
    records: list[PlannedDisposal] = []
    excluded: list[tuple[Holding, Obstacle]] = []
    for holding in chosen:
        if repository is not None and holding.key.repository != repository:
            continue
        held = is_held(holding, holds, former_keys=catalogue.former_codes(holding))
        obstacle = obstacle_to(holding, day, held=held)
        if obstacle is None:
            records.append(planned_disposal(holding, catalogue.anchor(holding.package_id)))
        elif codes and obstacle.is_absolute:
            raise _refused(holding, obstacle)
        else:
            excluded.append((holding, obstacle))
    if not records:
        return Proposal(None, tuple(excluded))
    require_place(out)
    plan = DisposalPlan(archive.world.new_identifier(), planner.person_id, opinion, day, tuple(records))
    write_new(out, plan.encoded() + b"\n", mode=0o644)
    ids = tuple(record.package_id for record in records)
    archive.vault.ledger.append([DisposalPlanned(plan.plan_id, plan.sha256, planner.person_id, ids)])
    archive.refresh()
    return Proposal(plan, tuple(excluded))


def choose_approver(archive: Archive, plan_file: Path, *, by: str) -> Approver:
    """Return the registered person who is to sign a plan; raises ``RefusedError`` for one who may not."""
    archive.begin_writing()
    plan = read_plan(plan_file)
    entries = Decisions(archive.vault.ledger).refresh()
    require_plan_known(plan, entries)
    persons = registered_persons(entries)
    person = _person(persons, by)
    given = approvals_of(plan, entries, persons)
    require_approver(plan, person, persons, given)
    return Approver(plan, person, len(given))


def approve(archive: Archive, approver: Approver, *, key_file: Path | None, passphrase: str) -> None:
    """Sign a plan's digest, with the person's key in its usual place unless a file is named.

    Raises ``NotFoundError`` where there is no key, ``RefusedError`` for a wrong passphrase or somebody else's key.
    """
    plan, person = approver.plan, approver.person
    path = key_file or archive.folder / "keys" / "persons" / f"{person.person_id}.pem"
    digest = plan.sha256.encode("ascii")
    try:
        signature = sign(path.read_bytes(), passphrase, digest)
    except OSError as cause:
        raise NotFoundError(
            message("读不到私钥：{path}", "the private key cannot be read: {path}", path=str(path)), subject=str(path)
        ) from cause
    if not person.has_signed(digest, signature):
        name = person.person_id
        said = message("私钥不是 {id} 登记的那一把", "the private key is not the one registered for {id}", id=name)
        raise RefusedError(said, subject=name)
    archive.vault.ledger.append([DisposalApproved(plan.plan_id, plan.sha256, person.person_id, key_text(signature))])
    archive.refresh()


def prepare(archive: Archive, plan_file: Path, *, supervisors: Sequence[str]) -> Disposal:
    """Read everything again that a plan needs, from the journal itself, and every byte of every copy that is there.

    Raises ``RefusedError`` when anything stands against the plan, ``StoreAbsentError`` when an online store is not there.
    """
    names = tuple(name.strip() for name in supervisors)
    if len(names) != 2 or len(set(names)) != 2 or not all(names):
        raise UsageProblem(
            message("须写明两位不同的监销人", "two different people watch: name both"), subject="--supervisor"
        )
    archive.begin_writing()
    plan = read_plan(plan_file)
    decisions = Decisions(archive.vault.ledger)
    entries = decisions.refresh()
    require_plan_known(plan, entries)
    persons = registered_persons(entries)
    approvals = approvals_of(plan, entries, persons)
    require_approvals(plan, approvals)
    _require_runnable(archive, plan, decisions)
    register = Register(
        plan=plan,
        planner=persons[plan.planner].name,
        approvals=tuple((one.person.name, one.entry.at) for one in approvals),
        supervisors=(names[0], names[1]),
        day=archive.world.today(),
    )
    return Disposal(plan, plan_file, register, _damaged(archive, plan), decisions)


def carry_out(archive: Archive, disposal: Disposal, *, out: Path, pack: Pack) -> Disposed:
    """Remove the plan's records everywhere, write the register of destruction into ``out`` and keep it.

    May be called again after it was stopped. Raises ``RefusedError`` when copies were not whole, or a record was put
    under a hold meanwhile.
    """
    plan = disposal.plan
    if disposal.problems:
        raise RefusedError(NOT_WHOLE, subject=plan.plan_id)
    out.mkdir(parents=True, exist_ok=True)
    gone = tuple(record.archival_code for record in plan.records if _remove(archive, disposal, record))
    files = write_register(disposal.register, out)
    if len(files) == 1:
        archive.world.tell(NO_FONT)
    _keep_register(archive, plan, [disposal.plan_file, *files], pack)
    return Disposed(plan, gone, files)


def _require_runnable(archive: Archive, plan: DisposalPlan, decisions: Decisions) -> None:
    anchors = archive.fresh_reading.refresh()
    require_unchanged(plan, anchors)
    for record in plan.records:
        if record.package_id in anchors.tombstones:
            continue
        holding = archive.catalogue.find_key(_key(record))
        if holding is None or holding.package_id.value != record.package_id:
            raise RefusedError(
                message("{code} 已改号或不在", "{code} was renumbered or is gone", code=record.archival_code),
                subject=record.archival_code,
            )
        obstacle = obstacle_to(holding, archive.world.today(), held=_is_held(archive, holding, decisions))
        if obstacle is not None:
            raise _refused(holding, obstacle)


def _damaged(archive: Archive, plan: DisposalPlan) -> tuple[FileVerdict, ...]:
    anchors = archive.fresh_reading.anchors
    copies = set(anchors.copies())
    problems: list[FileVerdict] = []
    for store in archive.vault.stores:
        seen = presence_of(store, anchors.stores.get(store.name))
        if not seen.is_there and store.name in archive.vault.promise.offline:
            continue
        seen.require()
        for record in plan.records:
            if (store.name, record.package_id) in copies:
                problems += audit_copy(archive.vault, store, record.package_id, reading=archive.fresh_reading).problems
    return tuple(problems)


def _remove(archive: Archive, disposal: Disposal, record: PlannedDisposal) -> bool:
    """Remove one record, after a last look at its holds: verifying every copy may have taken hours."""
    key, locks = _key(record), archive.vault.locks
    with locks.record(key), locks.package_exclusive(PackageId(record.package_id)):
        holding = archive.refresh().find_key(key)
        if holding is not None and _is_held(archive, holding, disposal.decisions):
            raise _refused(holding, Obstacle.HELD)
        anchors = archive.fresh_reading.refresh()
        if record.package_id in anchors.tombstones:
            return False
        require_unchanged(disposal.plan, anchors)
        remove_package(archive.vault, anchors, record.package_id, plan_id=disposal.plan.plan_id)
        return True


def _keep_register(archive: Archive, plan: DisposalPlan, files: Sequence[Path], pack: Pack) -> None:
    """Keep plan and register in a package of their own, once a plan."""
    key = RecordKey(plan.records[0].repository, register_code(plan).key)
    with archive.vault.locks.record(key):
        if not archive.refresh().anchors(batch_id=register_batch(plan)):
            archive.catalogue.open_work.require_none_under(key)
            archive.vault.put(pack(plan, files), note="register of destruction")


def _is_held(archive: Archive, holding: Holding, decisions: Decisions) -> bool:
    holds = standing_holds(decisions.refresh()).values()
    return is_held(holding, holds, former_keys=archive.catalogue.former_codes(holding))


def _key(record: PlannedDisposal) -> RecordKey:
    return RecordKey(record.repository, parse_archival_code(record.archival_code).key)


def _person(persons: Mapping[str, Person], named: str) -> Person:
    """Return a registered person who acts; a name that is typed stands for nobody."""
    try:
        return require_active(persons, named)
    except NotFoundError as unknown:
        raise RefusedError(unknown.message, subject=named, advice=unknown.advice) from unknown


def _refused(holding: Holding, obstacle: Obstacle) -> RefusedError:
    code = holding.description.code.written
    return RefusedError(
        message("{code} 不得销毁：{why}", "{code} may not be disposed of: {why}", code=code, why=obstacle.said),
        subject=code,
    )
