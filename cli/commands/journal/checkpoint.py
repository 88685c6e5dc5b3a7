"""The command that vouches for the journal: signs what it is now, to be kept elsewhere."""

from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, ToolError
from archives.message import message
from archives.proof.checkpoint import VerifierKey
from archives.proof.signing import key_text
from cli import wiring
from cli.commands.shared import WRITES
from cli.frame.commands import Call, command
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import Home, home_of
from cli.upkeep.alarms import send_checkpoint
from cli.upkeep.clock import on_duty
from cli.upkeep.duties import CHECKPOINT
from cli.upkeep.timestamping import ask_authority, judge_reply
from preservation.actions.journal import vouch
from preservation.journal.key import public_key_path
from preservation.journal.timestamp import ask_about
from preservation.stores.files import require_place, write_new

Out = Annotated[Path | None, Option(message("写入的文件", "the file to write"))]


@command(example="jinkui journal checkpoint --out 2026.txt", exits=(*WRITES, FormatError, ToolError))
def checkpoint(call: Call, *, out: Out = None) -> Result:
    """Verify the journal, sign what it is now, send that where a command is set, and have the time stamped."""
    if out:
        require_place(out)
    home = home_of(call)
    with on_duty(home, CHECKPOINT) as duty:
        result = _vouched(home, out)
        duty.is_done = True
    return result


def _vouched(home: Home, out: Path | None) -> Result:
    with_ = voucher_of(home)
    signed = vouch.sign_journal(home.archive, with_)
    made = signed.checkpoint
    path = out or with_.checkpoints / f"{made.size}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_new(path, signed.note.encode("utf-8"), mode=0o644)
    public_key = VerifierKey(made.origin, with_.key.public_key).text()
    lines = [
        message(
            "检查点（第 {n} 条）写入 {path}", "checkpoint of {n} {n:entry|entries}: {path}", n=made.size, path=str(path)
        ),
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
    note = signed.note.encode("utf-8")
    failure = send_checkpoint(home, note)
    data["sent"] = bool(home.settings.journal.checkpoint_command) and failure is None
    if failure:
        lines.append(message("检查点没有寄出：{why}", "the checkpoint was not sent: {why}", why=failure.message))
        data["not_sent"] = failure.message
    code = failure.exit_code if failure else 0
    url = home.settings.journal.timestamp_url
    if not url:
        return Result(data, lines=tuple(lines), exit_code=code)
    try:
        stamp = _stamp(home, url, path, note)
    except ToolError as failure:
        said = message("缺少时间戳：{why}", "the time stamp is missing: {why}", why=failure.message)
        return Result({**data, "missing": said}, lines=(*lines, said), exit_code=ToolError.exit_code)
    lines.append(message("时间戳：{p}", "time stamp: {p}", p=str(stamp)))
    return Result({**data, "time_stamp": str(stamp)}, lines=tuple(lines), exit_code=code)


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
