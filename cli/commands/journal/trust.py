"""Commands about the journal: verify it wholly, sign a checkpoint."""

from functools import partial
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, JinkuiError, ToolError, worst_exit_code
from archives.message import message
from archives.proof.checkpoint import VerifierKey
from archives.proof.signing import key_text
from cli import wiring
from cli.commands.shared import LOOKS, WRITES
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import Home, home_of
from cli.upkeep.timestamping import ask_authority, judge_reply
from preservation.actions import vouch
from preservation.journal.key import public_key_path
from preservation.journal.timestamp import ask_about
from preservation.journal.verification import Fault, JournalFault
from preservation.stores.files import require_place, write_new

Out = Annotated[Path | None, Option(message("写入的文件", "the file to write"))]

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
        Option(message("以前的检查点（文件，或存放检查点的文件夹）", "an earlier checkpoint, or a folder of them")),
    ] = None,
    key: Annotated[Path | None, Option(message("检查点的公钥文件", "file of the checkpoints' public key"))] = None,
) -> Result:
    """Verify the journal of every store, and that it continues what checkpoints vouch for."""
    home = home_of(call)
    signed = vouch.read_checkpoints(home.archive, against, key_file=key) if against else ()
    found = vouch.read_journal(home.archive, tuple(one.checkpoint for one in signed))
    stamps = [(one.path, _stamp_fault(home, one)) for one in signed if one.path.with_suffix(".tsr").is_file()]
    bad_stamps = [(path, fault) for path, fault in stamps if fault]
    table, faults = listing(message("日志的问题", "what is wrong with the journal"), _FIELDS, found.faults)
    data = {
        "entries": found.end.sequence,
        "head": found.end.digest,
        "root": key_text(found.root),
        "against": [{"file": str(one.path), "entries": one.checkpoint.size} for one in signed],
        "faults": faults,
        "time_stamps": [{"file": str(path), "message": fault.message} for path, fault in bad_stamps],
    }
    lines = [message("日志共 {n} 条", "the journal has {n} entries", n=found.end.sequence)]
    lines += [
        message("时间戳不成立：{path}（{why}）", "{path}: {why}", path=str(path), why=fault.message)
        for path, fault in bad_stamps
    ]
    code = _exit_code(home, found.faults) or (ToolError.exit_code if bad_stamps else 0)
    if code == 0:
        lines.append(message("验证无误", "verified; nothing is wrong"))
    return Result(data, (table,) if faults else (), tuple(lines), exit_code=code)


@command(example="jinkui journal checkpoint --out 2026.txt", exits=(*WRITES, FormatError, ToolError))
def checkpoint(call: Call, *, out: Out = None) -> Result:
    """Verify the journal, sign what it is now, and have the time stamped where a service is set."""
    if out:
        require_place(out)
    home = home_of(call)
    with_ = voucher_of(home)
    signed = vouch.sign_journal(home.archive, with_)
    made = signed.checkpoint
    path = out or with_.checkpoints / f"{made.size}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_new(path, signed.note.encode("utf-8"), mode=0o644)
    public_key = VerifierKey(made.origin, with_.key.public_key).text()
    lines = [
        message("检查点（第 {n} 条）写入 {path}", "checkpoint of {n} entries: {path}", n=made.size, path=str(path)),
        message("公钥：{key}", "public key: {key}", key=public_key),
    ]
    data: dict[str, object] = {
        "file": str(path),
        "entries": made.size,
        "root": key_text(made.root),
        "public_key": public_key,
        "public_key_file": str(public_key_path(home.folder / "keys")),
        "time_stamp": None,
    }
    url = home.settings.journal.timestamp_url
    if not url:
        return Result(data, lines=tuple(lines))
    try:
        stamp = _stamp(home, url, path, signed.note.encode("utf-8"))
    except ToolError as failure:
        said = message("缺少时间戳：{why}", "the time stamp is missing: {why}", why=failure.message)
        return Result({**data, "missing": said}, lines=(*lines, said), exit_code=ToolError.exit_code)
    return Result(
        {**data, "time_stamp": str(stamp)}, lines=(*lines, message("时间戳：{p}", "time stamp: {p}", p=str(stamp)))
    )


def voucher_of(home: Home) -> vouch.Voucher:
    """Return what a home's archive vouches with."""
    checkpoints = home.folder / home.settings.journal.checkpoints
    return vouch.voucher(home.archive, checkpoints=checkpoints, new_seed=wiring.new_key_seed)


def _stamp(home: Home, url: str, path: Path, note: bytes) -> Path:
    stamp = path.with_suffix(".tsr")
    if stamp.exists():
        return stamp
    question = ask_about(note)
    reply = ask_authority(url, question)
    ca_file = home.settings.journal.timestamp_ca
    if ca_file:
        judge_reply(note, reply, nonce=question.nonce, ca_file=home.folder / ca_file)
    write_new(stamp, reply, mode=0o644)
    return stamp


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
    expected = (f for f in faults if not (f.fault is Fault.ABSENT and offline & set(f.stores)))
    return worst_exit_code(found.fault.exit_code for found in expected)
