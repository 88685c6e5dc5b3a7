"""Commands of disposal (鉴定销毁): plan, approve, run; two registered people approve, two others watch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archives.errors import NotFoundError, RefusedError, UsageProblem
from archives.journal.chain import Entry
from archives.journal.facts import DisposalApproved, DisposalPlanned
from archives.message import Message, message
from archives.proof.signing import key_text, sign
from archives.record.holding import Holding
from archives.record.identifiers import PackageId, RecordKey, parse_archival_code
from cli import wiring
from cli.commands.audit.verdict_telling import verdict_data, verdict_table
from cli.commands.dispose.destruction_register import NO_FONT, keep_register, write_register
from cli.commands.person.persons import read_passphrase
from cli.commands.record.rendering import the_record
from cli.frame.commands import Call
from cli.frame.output import Result, Table
from cli.home.home import Home, home_of
from preservation.audit.judge_copy import audit_copy
from preservation.audit.verdicts import FileVerdict
from preservation.disposal.plan import (
    Approval,
    DisposalPlan,
    Obstacle,
    PlannedDisposal,
    approvals_of,
    is_held,
    obstacle_to,
    parse_plan,
    planned_disposal,
    require_approvals,
    require_approver,
    require_plan_known,
    require_unchanged,
    standing_holds,
)
from preservation.disposal.register import Register
from preservation.journal.persons import Person, registered_persons, require_active
from preservation.stores.files import require_place, write_new
from preservation.stores.presence import presence_of
from preservation.vault.removal import remove_package


def plan(
    call: Call,
    *,
    by: str,
    out: Path,
    code: tuple[str, ...],
    opinion: str,
    due_on: datetime | None,
    repository: str | None,
) -> Result:
    """Propose what is to go: the records that were named, or all whose retention period has run out."""
    home = home_of(call)
    home.begin_writing()
    entries = tuple(home.vault.ledger.entries())
    planner = _person(registered_persons(entries), by)
    day = due_on.date() if due_on else wiring.today()
    chosen = [the_record(home, one, repository) for one in code] or list(home.catalogue.holdings())
    holds = tuple(standing_holds(entries).values())
    records: list[PlannedDisposal] = []
    excluded: list[tuple[Holding, Obstacle]] = []
    for holding in chosen:
        if repository is not None and holding.key.repository != repository:
            continue
        held = is_held(holding, holds, former_keys=home.catalogue.former_codes(holding))
        obstacle = obstacle_to(holding, day, held=held)
        if obstacle is None:
            records.append(planned_disposal(holding, home.catalogue.anchor(holding.package_id)))
        elif code and obstacle.is_absolute:
            raise _refused(holding, obstacle)
        else:
            excluded.append((holding, obstacle))
    if not records:
        return _planned(None, excluded)
    require_place(out)
    proposed = DisposalPlan(wiring.new_identifier(), planner.person_id, opinion, day, tuple(records))
    write_new(out, proposed.encoded() + b"\n", mode=0o644)
    ids = tuple(record.package_id for record in records)
    home.vault.ledger.append([DisposalPlanned(proposed.plan_id, proposed.sha256, planner.person_id, ids)])
    home.refresh()
    return _planned(proposed, excluded, out)


def approve(call: Call, *, plan: Path, by: str, key_file: Path | None, passphrase_file: str | None) -> Result:
    """Sign a plan's digest as a registered person who did not plan it."""
    home = home_of(call)
    home.begin_writing()
    proposed = _read_plan(plan)
    entries = tuple(home.vault.ledger.entries())
    require_plan_known(proposed, entries)
    persons = registered_persons(entries)
    person = _person(persons, by)
    given = approvals_of(proposed, entries, persons)
    require_approver(proposed, person, persons, given)
    path = key_file or home.folder / "keys" / "persons" / f"{person.person_id}.pem"
    passphrase = _passphrase(call, passphrase_file)
    digest = proposed.sha256.encode("ascii")
    try:
        signature = sign(path.read_bytes(), passphrase, digest)
    except OSError as cause:
        raise NotFoundError(
            message("读不到私钥：{path}", "the private key cannot be read: {path}", path=str(path)), subject=str(path)
        ) from cause
    if not person.has_signed(digest, signature):
        raise RefusedError(
            message("私钥不是 {id} 登记的那一把", "the private key is not the one registered for {id}", id=by),
            subject=by,
        )
    fact = DisposalApproved(proposed.plan_id, proposed.sha256, person.person_id, key_text(signature))
    home.vault.ledger.append([fact])
    home.refresh()
    said = message(
        "{name} 已批准，共 {n} 人批准", "{name} approved; {n} people have", name=person.name, n=len(given) + 1
    )
    return Result({"plan_id": proposed.plan_id, "approvals": len(given) + 1}, lines=(said,))


def run(call: Call, *, plan: Path, supervisor: tuple[str, ...], out: Path, dry_run: bool, yes: bool) -> Result:
    """Carry an approved plan out: verify every copy, remove it everywhere, write the register of destruction."""
    home = home_of(call)
    names = tuple(name.strip() for name in supervisor)
    if len(names) != 2 or len(set(names)) != 2 or not all(names):
        raise UsageProblem(
            message("须写明两位不同的监销人", "two different people watch: name both"), subject="--supervisor"
        )
    home.begin_writing()
    proposed = _read_plan(plan)
    approved = _require_runnable(home, proposed)
    problems = _verify_copies(home, proposed)
    if problems:
        said = message(
            "有副本不完好，没有销毁任何东西；请先 jinkui repair",
            "not every copy is whole; nothing was destroyed; run jinkui repair first",
        )
        data: dict[str, object] = {
            "plan_id": proposed.plan_id,
            "disposed": [],
            "copies": [verdict_data(p) for p in problems],
        }
        return Result(data, (verdict_table(problems),), (said,), exit_code=12)
    if dry_run or not (yes or call.output.confirm(_question(proposed))):
        said = message("将销毁 {n} 件", "{n} records would be destroyed", n=len(proposed.records))
        data = {
            "plan_id": proposed.plan_id,
            "disposed": [],
            "would_dispose": [r.archival_code for r in proposed.records],
        }
        return Result(data, lines=(said,), exit_code=0 if dry_run else RefusedError.exit_code)
    out.mkdir(parents=True, exist_ok=True)
    disposed = [record.archival_code for record in proposed.records if _remove(home, proposed, record)]
    register = _register(approved, proposed, (names[0], names[1]))
    files = write_register(home, register, out)
    keep_register(home, proposed, [plan, *files])
    home.follow()
    return _ran(proposed, disposed, files)


@dataclass(frozen=True, slots=True)
class _Approved:
    persons: Mapping[str, Person]
    approvals: tuple[Approval, ...]


def _require_runnable(home: Home, proposed: DisposalPlan) -> _Approved:
    """Read everything again from the journal itself; raises ``RefusedError`` when anything stands against it."""
    entries: tuple[Entry, ...] = tuple(home.vault.ledger.entries())
    require_plan_known(proposed, entries)
    persons = registered_persons(entries)
    approvals = approvals_of(proposed, entries, persons)
    require_approvals(proposed, approvals)
    anchors = home.archive.fresh_reading.refresh()
    require_unchanged(proposed, anchors)
    holds = tuple(standing_holds(entries).values())
    for record in proposed.records:
        if record.package_id in anchors.tombstones:
            continue
        holding = home.catalogue.find_key(RecordKey(record.repository, parse_archival_code(record.archival_code).key))
        if holding is None or holding.package_id.value != record.package_id:
            raise RefusedError(
                message("{code} 已改号或不在", "{code} was renumbered or is gone", code=record.archival_code),
                subject=record.archival_code,
            )
        held = is_held(holding, holds, former_keys=home.catalogue.former_codes(holding))
        obstacle = obstacle_to(holding, wiring.today(), held=held)
        if obstacle is not None:
            raise _refused(holding, obstacle)
    return _Approved(persons, approvals)


def _verify_copies(home: Home, proposed: DisposalPlan) -> tuple[FileVerdict, ...]:
    """Read every byte of every copy that is there; raises ``StoreAbsentError`` when an online store is not."""
    anchors = home.archive.fresh_reading.anchors
    problems: list[FileVerdict] = []
    for store in home.vault.stores:
        seen = presence_of(store, anchors.stores.get(store.name))
        if not seen.is_there and store.name in home.vault.promise.offline:
            continue
        seen.require()
        for record in proposed.records:
            if (store.name, record.package_id) in set(anchors.copies()):
                problems += audit_copy(
                    home.vault, store, record.package_id, reading=home.archive.fresh_reading
                ).problems
    return tuple(problems)


def _remove(home: Home, proposed: DisposalPlan, record: PlannedDisposal) -> bool:
    """Remove one record, after a last look at its holds: verifying every copy may have taken hours."""
    key = RecordKey(record.repository, parse_archival_code(record.archival_code).key)
    with home.vault.locks.record(key), home.vault.locks.package_exclusive(PackageId(record.package_id)):
        holding = home.refresh().find_key(key)
        holds = tuple(standing_holds(home.vault.ledger.entries()).values())
        if holding is not None and is_held(holding, holds, former_keys=home.catalogue.former_codes(holding)):
            raise _refused(holding, Obstacle.HELD)
        anchors = home.archive.fresh_reading.refresh()
        if record.package_id in anchors.tombstones:
            return False
        require_unchanged(proposed, anchors)
        remove_package(home.vault, anchors, record.package_id, plan_id=proposed.plan_id)
        return True


def _register(approved: _Approved, proposed: DisposalPlan, supervisors: tuple[str, str]) -> Register:
    return Register(
        plan=proposed,
        planner=approved.persons[proposed.planner].name,
        approvals=tuple((one.person.name, one.entry.at) for one in approved.approvals),
        supervisors=supervisors,
        day=wiring.today(),
    )


def _ran(proposed: DisposalPlan, disposed: list[str], files: list[Path]) -> Result:
    said = message(
        "已销毁 {n} 件，清册：{files}",
        "destroyed {n} records; the register: {files}",
        n=len(disposed),
        files="、".join(str(path) for path in files),
    )
    data = {
        "plan_id": proposed.plan_id,
        "disposed": disposed,
        "already_disposed": len(proposed.records) - len(disposed),
        "register": [str(path) for path in files],
    }
    without_page = not any(path.suffix == ".pdf" for path in files)
    return Result(data, lines=(said, NO_FONT) if without_page else (said,), exit_code=7 if without_page else 0)


def _planned(
    proposed: DisposalPlan | None, excluded: list[tuple[Holding, Obstacle]], out: Path | None = None
) -> Result:
    records = proposed.records if proposed else ()
    columns = (message("档号", "archival code"), message("题名", "title"), message("保管期限", "retention"))
    tables = [
        Table(
            message("拟销毁", "proposed"),
            columns,
            tuple((record.archival_code, record.title, record.retention) for record in records),
        ),
        Table(
            message("不可销毁", "left out"),
            (message("档号", "archival code"), message("理由", "why")),
            tuple((holding.description.code.written, obstacle.said) for holding, obstacle in excluded),
        ),
    ]
    lines: list[Message] = [message("拟销毁 {n} 件", "{n} records are proposed", n=len(records))]
    if proposed:
        lines.append(
            message(
                "计划：{path}，SHA-256 {digest}",
                "the plan: {path}, SHA-256 {digest}",
                path=str(out),
                digest=proposed.sha256,
            )
        )
    data = {
        "plan_id": proposed.plan_id if proposed else None,
        "plan_sha256": proposed.sha256 if proposed else None,
        "records": [{"archival_code": r.archival_code, "package_id": r.package_id} for r in records],
        "excluded": [{"archival_code": h.description.code.written, "reason": o.value} for h, o in excluded],
    }
    return Result(data, tuple(table for table in tables if table.rows), tuple(lines))


def _read_plan(path: Path) -> DisposalPlan:
    try:
        return parse_plan(path.read_bytes())
    except OSError as cause:
        raise NotFoundError(
            message("读不到计划：{path}", "the plan cannot be read: {path}", path=str(path)), subject=str(path)
        ) from cause


def _person(persons: Mapping[str, Person], named: str) -> Person:
    """Return a registered person who acts; a name that is typed stands for nobody."""
    try:
        return require_active(persons, named)
    except NotFoundError as unknown:
        raise RefusedError(unknown.message, subject=named, advice=unknown.advice) from unknown


def _passphrase(call: Call, file: str | None) -> str:
    if file is not None:
        return read_passphrase(file)
    answer = call.output.ask_secret(message("口令：", "passphrase: "))
    if answer is None:
        raise RefusedError(
            message("没有终端，不能询问口令", "there is no terminal to ask for the passphrase on"),
            subject="passphrase",
            advice=message("请用 --passphrase-file", "use --passphrase-file"),
        )
    return answer


def _question(proposed: DisposalPlan) -> Message:
    return message("销毁 {n} 件，不可恢复。继续？[y/N]", "destroy {n} records for good? [y/N]", n=len(proposed.records))


def _refused(holding: Holding, obstacle: Obstacle) -> RefusedError:
    code = holding.description.code.written
    return RefusedError(
        message("{code} 不得销毁：{why}", "{code} may not be disposed of: {why}", code=code, why=obstacle.said),
        subject=code,
    )
