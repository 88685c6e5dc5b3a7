"""The command that verifies the journal wholly."""

from functools import partial
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, JinkuiError, ToolError, worst_exit_code
from archives.message import Message, listed, message
from archives.proof.signing import key_text
from cli.commands.shared import LOOKS
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.backup.copying import moved_with
from cli.home.carried import to_carry, told_to_carry
from cli.home.home import Home, home_of
from cli.upkeep.timestamping import judge_reply
from preservation.actions.journal import vouch
from preservation.actions.journal.proofs import Proofs, read_proofs
from preservation.journal.faults import Fault, JournalFault
from preservation.journal.refusals import JUDGE_FIRST, ahead, told_retired

_AWAY = (Fault.ABSENT, Fault.EMPTIED)
_FIELDS: tuple[Field[JournalFault], ...] = (
    Field("fault", None, lambda one: one.fault.value),
    Field("stores", message("存储", "stores"), lambda one: one.stores, lambda one: ", ".join(one.stores)),
    Field("entry", message("自第几条", "from entry"), lambda one: one.entry, lambda one: one.entry or "—"),
    Field("message", message("发现", "finding"), lambda one: one.fault.said),
)


@command(example="jinkui journal verify --against checkpoints", exits=(*LOOKS, FormatError, ToolError, FINDINGS))
def verify(
    call: Call,
    *,
    against: Annotated[
        Path | None,
        Option(
            message(
                "以前的检查点（文件或文件夹；默认用本档案库自己的）",
                "an earlier checkpoint, or a folder of them (its own, unless others are named)",
            )
        ),
    ] = None,
    key: Annotated[Path | None, Option(message("检查点的公钥文件", "file of the checkpoints' public key"))] = None,
) -> Result:
    """Verify the journal of every store: that it is what this home signed and continues what its checkpoints vouch for."""
    home = home_of(call)
    own = home.folder / home.settings.journal.checkpoints
    place = against or (own if any(own.glob("*.txt")) else None)
    signed = vouch.read_checkpoints(home.archive, place, key_file=key) if place else ()
    found = vouch.read_journal(home.archive, tuple(one.checkpoint for one in signed))
    stamps = [(one.path, _stamp_fault(home, one)) for one in signed if one.path.with_suffix(".tsr").is_file()]
    bad_stamps = [(path, fault) for path, fault in stamps if fault]
    table, faults = listing(message("日志的问题", "what is wrong with the journal"), _FIELDS, found.faults)
    data: dict[str, object] = {
        "entries": found.end.sequence,
        "head": found.end.digest,
        "root": key_text(found.root),
        "against": [{"file": str(one.path), "entries": one.checkpoint.size} for one in signed],
        "faults": faults,
        "time_stamps": [{"file": str(path), "message": fault.message} for path, fault in bad_stamps],
    }
    lines = [message("日志共 {n} 条", "the journal has {n} {n:entry|entries}", n=found.end.sequence)]
    lines += [*_told_retired(home, found.faults), *_told_behind(home, found.faults)]
    data["retired_at"] = (home.archive.memory.is_there and home.archive.memory.retired_at) or None
    proofs = read_proofs(home.archive)
    data["unproved"] = [{"package_id": package_id, "reason": why.value} for package_id, why in proofs.unproved]
    data["disregarded"] = [entry.sequence for entry in proofs.disregarded]
    data["begun_anew"] = [entry.sequence for entry in proofs.begun_anew]
    data["keys_begun_anew"] = [entry.sequence for entry in proofs.keys_begun_anew]
    data["unsigned_openings"] = list(proofs.unsigned)
    lines += _told(proofs)
    lines += [
        message("时间戳不成立：{path}（{why}）", "{path}: {why}", path=str(path), why=fault.message)
        for path, fault in bad_stamps
    ]
    code = _exit_code(home, found.faults) or (ToolError.exit_code if bad_stamps else 0)
    code = code or (FINDINGS.code if proofs.unproved or proofs.disregarded or proofs.unsigned else 0)
    if code == 0:
        lines.append(message("验证无误", "verified; nothing is wrong"))
    return Result(data, (table,) if faults else (), tuple(lines), exit_code=code)


def _told_retired(home: Home, faults: tuple[JournalFault, ...]) -> list[Message]:
    """Say of a home that was moved that it was, and where its archive goes on as far as anything here tells."""
    memory = home.archive.memory
    if not (memory.is_there and memory.retired_at):
        return []
    told = [told_retired(memory.retired_at)]
    gone_on = [one for one in faults if one.fault is Fault.GONE_ON]
    if gone_on:
        told.append(
            message(
                "档案库已在别处继续，自第 {n} 条起（存储 {stores}）：请在那里运行 jinkui journal verify",
                "the archive went on elsewhere from entry {n} on (in {stores}): run jinkui journal verify there",
                n=min(one.entry for one in gone_on),
                stores=listed(sorted({name for one in gone_on for name in one.stores})),
            )
        )
    if folder := moved_with(home.folder):
        told.append(message("迁移所用的备份在 {folder}", "the backup it was moved with is {folder}", folder=folder))
    return told


def _told_behind(home: Home, faults: tuple[JournalFault, ...]) -> list[Message]:
    """Say once of a home that stores are ahead of what that is, and which closings lie here alone."""
    found = [one for one in faults if one.fault is Fault.ELSEWHERE]
    if not found:
        return []
    names = sorted({name for one in found for name in one.stores})
    told = [ahead(names, min(one.entry for one in found)), JUDGE_FIRST]
    if known := to_carry(home.folder):
        told += told_to_carry(home.folder, known, is_elsewhere=True)
    return told


def _told(proofs: Proofs) -> list[Message]:
    told = [
        message(
            "日志称已销毁 {id}，但{why}",
            "the journal calls {id} destroyed, but {why}",
            id=package_id,
            why=why.said,
        )
        for package_id, why in proofs.unproved
    ]
    told += [
        message(
            "日志第 {n} 条未经有权者签名，不作数：{said}",
            "entry {n} counts for nothing, nobody who may has signed it: {said}",
            n=entry.sequence,
            said=entry.fact.said(),
        )
        for entry in proofs.disregarded
    ]
    told += [
        message("日志第 {n} 条：{said}", "entry {n}: {said}", n=entry.sequence, said=entry.fact.said())
        for entry in (*proofs.begun_anew, *proofs.keys_begun_anew)
    ]
    told += [
        message(
            "日志第 {n} 条的开放决定没有两人签名，不作数",
            "entry {n} opens nothing: two registered persons did not sign it",
            n=sequence,
        )
        for sequence in proofs.unsigned
    ]
    if proofs.could_not_be_read:
        told.append(
            message(
                "日志读不全，未能核查人员和销毁",
                "the journal cannot be read whole; persons and disposals were not judged",
            )
        )
    return told


def _stamp_fault(home: Home, signed: vouch.Filed) -> JinkuiError | None:
    """Return why a checkpoint's time stamp does not hold; it is not judged where nobody named trusted certificates."""
    ca_file = home.settings.journal.timestamp_ca
    if not ca_file:
        return None
    judge = partial(judge_reply, ca_file=home.folder / ca_file)
    try:
        judge(signed.note.encode("utf-8"), signed.path.with_suffix(".tsr").read_bytes())
    except JinkuiError as fault:
        return fault
    return None


def _exit_code(home: Home, faults: tuple[JournalFault, ...]) -> int:
    offline = home.vault.promise.offline
    expected = (f for f in faults if not (f.fault in _AWAY and offline & set(f.stores)))
    return worst_exit_code(found.fault.exit_code for found in expected)
