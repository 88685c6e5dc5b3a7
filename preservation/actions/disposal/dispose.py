"""Disposal (鉴定销毁) of an archive's records: approved, carried out; each record under its lock."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archives.errors import RefusedError, UsageProblem
from archives.journal.concern import the_package
from archives.journal.disposal import approvals_of, approved_text, require_approver
from archives.journal.facts import DisposalApproved, DisposalIntended, DisposalPlanned, PackageStored, Unproved
from archives.journal.persons import Person, read_persons
from archives.message import message
from archives.proof.signing import key_text, sign
from archives.record.holding import Holding
from archives.record.identifiers import PackageId, RecordKey, reference_code
from archives.record.record import PackageKind
from preservation.actions.disposal.last_rows import say_gone
from preservation.actions.disposal.mistakes import needed_by, require_not_needed
from preservation.actions.disposal.propose import acting_person, is_on_hold, refused_for
from preservation.actions.disposal.withdrawn import withdraw_all
from preservation.archive import Archive
from preservation.audit.judge_copy import audit_copy
from preservation.audit.verdicts import FileVerdict
from preservation.disposal.plan import (
    DisposalPlan,
    Obstacle,
    PlannedDisposal,
    obstacle_to,
    read_plan,
    require_approvals,
    require_plan_known,
    require_unchanged,
)
from preservation.disposal.register import (
    Register,
    register_batch,
    register_code,
    write_register,
)
from preservation.journal.key import read_key
from preservation.package.new_package import NewPackage
from preservation.stores.presence import presence_of
from preservation.vault.removal import remove_package

NOT_WHOLE = message(
    "有副本不完好，没有销毁任何东西；请先 jinkui repair",
    "not every copy is whole; nothing was destroyed; run jinkui repair first",
)

FORMER_KEYS = Path("keys/persons")
"""Where earlier software kept persons' keys: below the home."""

Pack = Callable[[DisposalPlan, Sequence[Path]], NewPackage]
"""Makes the package in which a plan's register of destruction is kept, from the plan and the files."""


Close = Callable[[Collection[str]], None]
"""Takes back whatever the public can see of what the journal closed; raises where some of these units may still be seen."""


_KEYS = message(
    "请用 --key-file 给出此人登记的私钥；登记见 jinkui person list",
    "give the key registered for this person with --key-file; see jinkui person list",
)
_ANEW = message("请用 jinkui dispose plan 重新提出计划", "plan it anew with jinkui dispose plan")


@dataclass(frozen=True, slots=True)
class Approver:
    """A person who may approve a plan, and how many did before."""

    plan: DisposalPlan
    planned: DisposalPlanned
    person: Person
    given: int


@dataclass(frozen=True, slots=True)
class Disposal:
    """An approved plan that nothing stands against but the copies in ``problems``; carried out as long as there are none.

    ``plan_file`` is kept with the register. What was decided is looked at again for every record.
    """

    plan: DisposalPlan
    plan_file: Path
    register: Register
    problems: tuple[FileVerdict, ...]


@dataclass(frozen=True, slots=True)
class Disposed:
    """What is gone now (what was gone before is not in it), and the files of the register."""

    plan: DisposalPlan
    archival_codes: tuple[str, ...]
    files: tuple[Path, ...]


def choose_approver(archive: Archive, plan_file: Path, *, by: str) -> Approver:
    """Return the registered person who is to sign a plan; raises ``RefusedError`` for one who may not."""
    archive.begin_writing()
    plan = read_plan(plan_file)
    entries = archive.decisions.refresh()
    planned = require_plan_known(plan, entries)
    persons = read_persons(entries)
    person = acting_person(persons.known, by)
    given = approvals_of(planned, entries, persons)
    require_approver(planned, person, persons.known, given)
    return Approver(plan, planned, person, len(given))


def usual_key(archive: Archive, person: Person) -> Path:
    """Return where a person's key is looked for: in this folder, or where earlier software put it in the home."""
    former = archive.folder / FORMER_KEYS / f"{person.person_id}.pem"
    return former if former.is_file() else Path(f"{person.person_id}.key")


def approve(archive: Archive, approver: Approver, *, key_file: Path, passphrase: str) -> None:
    """Sign a plan with the person's key.

    Raises ``NotFoundError`` where there is no key, ``RefusedError`` for a wrong passphrase or somebody else's key.
    """
    planned, person = approver.planned, approver.person
    text = approved_text(planned)
    signature = sign(read_key(key_file), passphrase, text)
    if not person.has_signed(text, signature):
        name = person.person_id
        said = message("私钥不是 {id} 登记的那一把", "the private key is not the one registered for {id}", id=name)
        raise RefusedError(said, subject=name, advice=_KEYS)
    fact = DisposalApproved(planned.plan_id, planned.plan_sha256, person.person_id, key_text(signature))
    archive.vault.ledger.append([fact])
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
    if plan.purged:
        raise UsageProblem(
            message("这是清除计划，请用 jinkui purge run", "this is a plan of a purge: jinkui purge run"),
            subject=str(plan_file),
        )
    entries = archive.decisions.refresh()
    planned = require_plan_known(plan, entries)
    persons = read_persons(entries)
    approvals = approvals_of(planned, entries, persons)
    require_approvals(plan, approvals)
    _require_runnable(archive, plan)
    register = Register(
        plan=plan,
        planner=persons.known[plan.planner].name,
        approvals=tuple((one.person.name, one.entry.at) for one in approvals),
        supervisors=(names[0], names[1]),
        day=archive.world.today(),
    )
    return Disposal(plan, plan_file, register, _damaged(archive, plan))


def done_before(archive: Archive, plan: DisposalPlan) -> datetime | None:
    """Return when a plan was carried out wholly, its register kept; None as long as anything is left to do."""
    catalogue = archive.refresh()
    kept = catalogue.anchors(batch_id=register_batch(plan))
    tombstones = archive.fresh_reading.refresh().tombstones
    if not kept or any(one.package_id not in tombstones for one in plan.records):
        return None
    (package_id, *_) = kept
    about = archive.reading.entries_about(the_package(package_id))
    return next((one.at for one in about if isinstance(one.fact, PackageStored)), None)


def carry_out(
    archive: Archive, disposal: Disposal, *, out: Path, pack: Pack, close: Close = lambda withdrawn: None
) -> Disposed:
    """Remove the plan's records everywhere, write the register of destruction into ``out`` and keep it.

    Of what came in by mistake every opening is taken back first, and ``close`` is told of which units. May be called again
    after it was stopped. Raises ``RefusedError`` when copies were not whole, or a record was put
    under a hold meanwhile.
    """
    plan = disposal.plan
    if disposal.problems:
        advice = message(
            "请用 jinkui audit、jinkui repair 核查修复后再运行", "run jinkui audit and jinkui repair, then this again"
        )
        raise RefusedError(NOT_WHOLE, subject=plan.plan_id, advice=advice)
    out.mkdir(parents=True, exist_ok=True)
    if plan.mistake:
        close(withdraw_all(archive, plan))
    say_gone(archive, plan)
    gone = tuple(record.archival_code for record in plan.records if _remove(archive, disposal, record))
    files = write_register(disposal.register, out, archive.world.tell)
    _keep_register(archive, plan, [disposal.plan_file, *files], pack)
    return Disposed(plan, gone, files)


def _require_runnable(archive: Archive, plan: DisposalPlan) -> None:
    anchors = archive.fresh_reading.refresh()
    require_unchanged(plan, anchors)
    for record in plan.records:
        if record.package_id in anchors.tombstones:
            continue
        newest = anchors.versions[record.package_id][-1]
        if plan.mistake and newest.kind is PackageKind.SUBMISSION:
            leaving = {one.package_id for one in plan.records} | set(anchors.tombstones)
            why = needed_by(archive, newest, leaving)
            require_not_needed([newest], {newest.package_id: why} if why else {})
            continue
        holding = archive.catalogue.find_key(_key(record))
        if holding is None or not _is_named(holding, record):
            raise _renumbered(record)
        held = is_on_hold(archive, holding)
        obstacle = obstacle_to(holding, archive.world.today(), held=held)
        if plan.mistake:
            obstacle = Obstacle.HELD if held else None
        if obstacle is not None:
            raise refused_for(holding, obstacle)


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
        if holding is not None and not _is_named(holding, record):
            raise _renumbered(record)
        if holding is not None and is_on_hold(archive, holding):
            raise refused_for(holding, Obstacle.HELD)
        anchors = archive.fresh_reading.refresh()
        if record.package_id in anchors.tombstones:
            return False
        require_unchanged(disposal.plan, anchors)
        plan = disposal.plan
        _require_proved(archive, plan, record)
        remove_package(archive.vault, anchors, record.package_id, plan_id=plan.plan_id, mistake=plan.mistake)
        return True


def _require_proved(archive: Archive, plan: DisposalPlan, record: PlannedDisposal) -> None:
    """Raise ``RefusedError`` unless the journal alone bears it out; of a plan of earlier software the file is in hand."""
    intent = DisposalIntended(record.package_id, plan.plan_id)
    unproved = archive.decisions.judge(intent, today=archive.world.today())
    if unproved is not None and not (unproved is Unproved.NO_CORE and not plan.core()):
        said = message("{code}：{why}", "{code}: {why}", code=record.archival_code, why=unproved.said)
        raise RefusedError(said, subject=record.archival_code, advice=_ANEW)


def _keep_register(archive: Archive, plan: DisposalPlan, files: Sequence[Path], pack: Pack) -> None:
    """Keep plan and register in a package of their own, once a plan."""
    key = RecordKey(plan.records[0].repository, register_code(plan).key)
    with archive.vault.locks.record(key):
        if not archive.refresh().anchors(batch_id=register_batch(plan)):
            archive.catalogue.open_work.require_none_under(key)
            archive.vault.put(pack(plan, files), note="register of destruction")


def _key(record: PlannedDisposal) -> RecordKey:
    return RecordKey(record.repository, reference_code(record.archival_code).key)


def _is_named(holding: Holding, record: PlannedDisposal) -> bool:
    """Say whether what is called so now is what the plan names: the package, and under no other code than then."""
    return holding.package_id.value == record.package_id and holding.key == _key(record)


def _renumbered(record: PlannedDisposal) -> RefusedError:
    return RefusedError(
        message("{code} 已改号或不在", "{code} was renumbered or is gone", code=record.archival_code),
        subject=record.archival_code,
        advice=_ANEW,
    )
