"""Commands about the journal: verify it wholly, sign a checkpoint."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from archives.errors import IntegrityError, JinkuiError, NotFoundError, StorageError, ToolError, worst_exit_code
from archives.message import message
from archives.proof.checkpoint import (
    Checkpoint,
    VerifierKey,
    journal_origin,
    open_checkpoint,
    parse_verifier_keys,
    published_origin,
    sign_checkpoint,
)
from archives.proof.signing import key_text
from cli import wiring
from cli.frame.commands import Call
from cli.frame.output import Result, Table
from cli.home.home import Home, home_of
from cli.upkeep.timestamping import ask_authority, judge_reply
from preservation.journal.key import SigningKey, archive_key, public_key_path, read_text
from preservation.journal.timestamp import ask_about
from preservation.journal.verification import (
    Fault,
    JournalFault,
    JournalVerification,
    VouchedFor,
    first_home_id,
    take_snapshot,
    verify_journal,
)
from preservation.stores.files import require_place, write_new


@dataclass(frozen=True, slots=True)
class _Signed:
    path: Path
    note: str
    checkpoint: Checkpoint


def verify(call: Call, *, against: Path | None, key: Path | None) -> Result:
    """Verify the journal of every store, and that it continues what checkpoints vouch for."""
    home = home_of(call)
    signed = _read_checkpoints(home, against, key) if against else ()
    found = read_journal(home, tuple(one.checkpoint for one in signed))
    stamps = [(one, _stamp_fault(home, one)) for one in signed if one.path.with_suffix(".tsr").is_file()]
    bad_stamps = [(one.path, fault) for one, fault in stamps if fault]
    data = {
        "entries": found.end.sequence,
        "head": found.end.digest,
        "root": key_text(found.root),
        "against": [{"file": str(one.path), "entries": one.checkpoint.size} for one in signed],
        "faults": [
            {"fault": f.fault.value, "stores": list(f.stores), "entry": f.entry, "message": f.fault.said}
            for f in found.faults
        ],
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
    return Result(data, _fault_tables(found.faults), tuple(lines), exit_code=code)


def checkpoint(call: Call, *, out: Path | None) -> Result:
    """Verify the journal, sign what it is now, and have the time stamped where a service is set."""
    if out:
        require_place(out)
    home = home_of(call)
    key = signing_key(home)
    note, made = sign_journal(home, key)
    path = out or _folder(home) / f"{made.size}.txt"
    _write(path, note)
    lines = [
        message("检查点（第 {n} 条）写入 {path}", "checkpoint of {n} entries: {path}", n=made.size, path=str(path)),
        message("公钥：{key}", "public key: {key}", key=VerifierKey(made.origin, key.public_key).text()),
    ]
    data: dict[str, object] = {
        "file": str(path),
        "entries": made.size,
        "root": key_text(made.root),
        "public_key": VerifierKey(made.origin, key.public_key).text(),
        "public_key_file": str(public_key_path(home.folder / "keys")),
        "time_stamp": None,
    }
    url = home.settings.journal.timestamp_url
    if not url:
        return Result(data, lines=tuple(lines))
    try:
        stamp = _stamp(home, url, path, note.encode("utf-8"))
    except ToolError as failure:
        said = message("缺少时间戳：{why}", "the time stamp is missing: {why}", why=failure.message)
        return Result({**data, "missing": said}, lines=(*lines, said), exit_code=ToolError.exit_code)
    return Result(
        {**data, "time_stamp": str(stamp)}, lines=(*lines, message("时间戳：{p}", "time stamp: {p}", p=str(stamp)))
    )


def read_journal(home: Home, checkpoints: Sequence[Checkpoint] = ()) -> JournalVerification:
    """Verify the journal as it stands at this moment."""
    with home.vault.locks.journal():
        snapshot = take_snapshot(home.vault.stores)
    return verify_journal(snapshot, [VouchedFor(one.size, one.root) for one in checkpoints])


def signing_key(home: Home) -> SigningKey:
    """Return the archive's key, with its public part beside it."""
    folder = home.folder / "keys"
    key = archive_key(folder, new_seed=wiring.new_key_seed)
    home_id = first_home_id(home.vault.ledger)
    names = (journal_origin(home_id), published_origin(home_id))
    text = "".join(VerifierKey(name, key.public_key).text() + "\n" for name in names)
    write_new(public_key_path(folder), text.encode("utf-8"), mode=0o644)
    return key


def sign_journal(home: Home, key: SigningKey) -> tuple[str, Checkpoint]:
    """Return a signed checkpoint of the journal as it stands.

    Raises ``IntegrityError`` instead of vouching for a journal that is broken or does not continue what this archive
    vouched for before, ``StorageError`` when no store could be read.
    """
    folder = _folder(home)
    earlier = _read_checkpoints(home, folder, None) if any(folder.glob("*.txt")) else ()
    found = read_journal(home, tuple(one.checkpoint for one in earlier))
    fatal = next((f for f in found.faults if f.fault.is_of_the_journal), None)
    if fatal:
        raise IntegrityError(
            message(
                "不为这样的日志作保（第 {n} 条起）：{why}",
                "not vouched for, from entry {n}: {why}",
                n=fatal.entry,
                why=fatal.fault.said,
            ),
            subject="journal",
            advice=message("请运行 jinkui journal verify", "run jinkui journal verify"),
        )
    if not found.end.sequence:
        raise StorageError(message("没有可读的日志", "no journal could be read"), subject="journal")
    made = Checkpoint(
        journal_origin(first_home_id(home.vault.ledger)), found.end.sequence, found.root, found.end.digest
    )
    return sign_checkpoint(made, key.public_key, key.sign), made


def _folder(home: Home) -> Path:
    return home.folder / home.settings.journal.checkpoints


def _read_checkpoints(home: Home, place: Path, key: Path | None) -> tuple[_Signed, ...]:
    keys = parse_verifier_keys(_read_keys(home, place, key))
    paths = sorted(place.glob("*.txt")) if place.is_dir() else [place]
    if not paths:
        raise NotFoundError(
            message("{path} 中没有检查点", "no checkpoints in {path}", path=str(place)), subject=str(place)
        )
    notes = [(path, read_text(path)) for path in paths]
    return tuple(_Signed(path, note, open_checkpoint(note, keys)) for path, note in notes)


def _read_keys(home: Home, checkpoint: Path, key: Path | None) -> str:
    own = public_key_path(home.folder / "keys")
    try:
        return read_text(key or own)
    except NotFoundError as missing:
        raise NotFoundError(
            message(
                "检查点 {path} 无法验证：没有公钥 {key}",
                "the checkpoint {path} cannot be verified: there is no public key {key}",
                path=str(checkpoint),
                key=str(key or own),
            ),
            subject=str(key or own),
            advice=message("请用 --key 指明签署者的公钥", "name the signer's public key with --key"),
        ) from missing


def _write(path: Path, note: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_new(path, note.encode("utf-8"), mode=0o644)


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


def _stamp_fault(home: Home, signed: _Signed) -> JinkuiError | None:
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
    offline = {setting.name for setting in home.settings.stores if setting.offline}
    expected = (f for f in faults if not (f.fault is Fault.ABSENT and offline & set(f.stores)))
    return worst_exit_code(found.fault.exit_code for found in expected)


def _fault_tables(faults: tuple[JournalFault, ...]) -> tuple[Table, ...]:
    if not faults:
        return ()
    columns = (message("存储", "stores"), message("自第几条", "from entry"), message("发现", "finding"))
    rows = tuple((", ".join(f.stores), f.entry or "—", f.fault.said) for f in faults)
    return (Table(message("日志的问题", "what is wrong with the journal"), columns, rows),)
