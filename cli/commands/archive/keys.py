"""Commands about the archive's signing key: show it, keep it in the safe, bring it back, replace it."""

from collections.abc import Sized
from datetime import date
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, RefusedError, UsageProblem
from archives.journal.chain import Entry
from archives.journal.facts import KeyBegunAnew
from archives.journal.seal import key_name
from archives.message import Message, message
from archives.proof.signing import is_under_passphrase, key_text
from cli import wiring
from cli.commands.person.passphrase import new_passphrase, read_passphrase
from cli.commands.person.signing import SignerKeys, SignerPassphrases, signers_with
from cli.commands.shared import LOOKS, NOT_DONE, WRITES, Yes
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing, moment
from cli.frame.output import Result, Table
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from preservation.actions.journal.keys import (
    KeyState,
    begin_key_anew,
    entries_since,
    export_key,
    import_key,
    key_state,
    rotate_key,
)
from preservation.actions.journal.proofs import read_proofs
from preservation.stores.files import require_place

PassphraseFile = Annotated[
    str | None,
    Option(message("口令文件（首行），- 为标准输入", "file whose first line is the passphrase; - is the input")),
]
_ENTRIES: tuple[Field[Entry], ...] = (
    Field("entry", message("条目", "entry"), lambda one: one.sequence),
    moment("at", message("时间", "when"), lambda one: one.at),
    Field("agent", message("经办人", "by"), lambda one: one.agent),
    Field("type", None, lambda one: one.fact.type),
    Field("says", message("内容", "what it says"), lambda one: one.fact.said()),
    Field("", message("复查意见", "found right?"), lambda one: ""),
)
NOT_EXPORTED = message(
    "签章私钥只在这台机器上；请运行 jinkui key export 文件，存入保险柜",
    "the signing key lies on this machine alone; run jinkui key export FILE and put that into the safe",
)


@command(example="jinkui key show", exits=LOOKS)
def show(call: Call) -> Result:
    """Show which key signs, with its public part for the safe; the private part is never shown."""
    return _result(key_state(home_of(call).archive), message("签章密钥", "the signing key"))


@command(example="jinkui key export /media/usb/archive-key.pem", exits=(*LOOKS, RefusedError))
def export(
    call: Call,
    *,
    file: Annotated[Path, Argument(message("写入的文件", "the file to write"))],
    passphrase_file: PassphraseFile = None,
) -> Result:
    """Write the private key under a passphrase to a file, to be kept in the safe."""
    require_place(file)
    home = home_of(call)
    state = export_key(home.archive, file, passphrase=new_passphrase(call.output, passphrase_file))
    return _result(
        state, message("私钥（加口令）已写入 {path}", "the private key, under its passphrase: {path}", path=str(file))
    )


@command(example="jinkui key import /media/usb/archive-key.pem", exits=(*LOOKS, RefusedError, FormatError))
def import_file(
    call: Call,
    *,
    file: Annotated[Path, Argument(message("私钥文件", "file of the private key"))],
    passphrase_file: PassphraseFile = None,
) -> Result:
    """Bring the archive's private key back from the safe."""
    home = home_of(call)
    state = import_key(home.archive, file, passphrase=asked_passphrase(call, file, passphrase_file))
    return _result(state, message("私钥已放回", "the private key is back"))


@command(example="jinkui key rotate", exits=WRITES)
def rotate(call: Call) -> Result:
    """Let a new key sign from now on; the old one vouches for it and signs nothing any more."""
    home = home_of(call)
    state = rotate_key(home.archive, new_seed=wiring.new_key_seed)
    return _result(state, message("新密钥开始签章", "a new key signs from now on"))


@command(
    example='jinkui key begin-anew --reason "the safe was broken into" --suspect-since 2026-11-01 '
    "--signer-key zhang.key --signer-key li.key",
    exits=(*WRITES, RefusedError, FormatError),
)
def begin_anew(
    call: Call,
    *,
    reason: Annotated[str, Option(message("原因", "reason"))],
    suspect_since: Annotated[
        date,
        Option(message("从哪一天起可能被他人使用", "since which day somebody else may have signed with it")),
    ],
    signer_key: SignerKeys = (),
    signer_passphrase_file: SignerPassphrases = (),
    yes: Yes = False,
) -> Result:
    """Let a new key sign where the old one is lost or stolen, signed by two persons: told by every verification from then on.

    What was written since the suspected day is listed, to be looked at entry by entry.
    """
    home = home_of(call)
    question = message(
        "旧密钥不再有效，此后每次验证日志都会说明。继续？[y/N]",
        "the old key will sign nothing any more, and every verification will tell of it. Continue? [y/N]",
    )
    if not (yes or call.output.confirm(question)):
        return Result({"review": []}, lines=(NOT_DONE,), exit_code=5)
    signers = signers_with(call, signer_key, signer_passphrase_file)
    begun, *again = begin_key_anew(
        home.archive, signers, reason=reason, suspect_since=suspect_since, new_seed=wiring.new_key_seed
    )
    if again:
        home.follow()
    told = _result(key_state(home.archive), begun.fact.said())
    more = (
        *(entry.fact.said() for entry in again),
        message(
            "请打印公钥，存入保险柜，并亲手交给每一个验证日志的人：存储中的说法不作数",
            "print the public key for the safe, and give it by hand to everybody who verifies the journal: what stores say "
            "of it proves nothing",
        ),
    )
    table, listed = _review(home, begun.sequence, suspect_since)
    data = {**told.data, "entry": begun.sequence, "review": listed}
    return Result(data, (table,), (*told.lines, *more, _to_review(listed, suspect_since)))


@command(example="jinkui key review --report review.xlsx", exits=LOOKS)
def review(
    call: Call,
    *,
    since: Annotated[
        date | None,
        Option(message("从哪一天起（默认为重新开始密钥时所写）", "since which day (by default the suspected one)")),
    ] = None,
) -> Result:
    """List what was written since the key is suspected, up to where it was begun anew."""
    home = home_of(call)
    begun = read_proofs(home.archive).keys_begun_anew
    last = begun[-1] if begun else None
    suspected = last.fact.suspect_since if last and isinstance(last.fact, KeyBegunAnew) else None
    day = since or suspected
    if day is None:
        raise UsageProblem(
            message("密钥没有重新开始过；请写明 --since", "the key was never begun anew; name a day"), subject="--since"
        )
    end = last.sequence if last else home.vault.ledger.head().sequence + 1
    table, data = _review(home, end, day)
    return Result({"since": day.isoformat(), "review": data}, (table,), (_to_review(data, day),))


def _review(home: Home, end: int, day: date) -> tuple[Table, list[dict[str, object]]]:
    entries = entries_since(home.archive, day, before=end)
    return listing(message("须复查的日志条目", "entries to be looked at"), _ENTRIES, entries)


def _to_review(found: Sized, day: date) -> Message:
    return message(
        "{day} 起写入、须复查的条目：{n}（jinkui key review 可再列出）",
        "entries written since {day} that are to be looked at: {n} (jinkui key review lists them again)",
        day=day.isoformat(),
        n=len(found),
    )


def asked_passphrase(call: Call, file: Path, passphrase_file: str | None) -> str | None:
    """Return the passphrase of a key file: from a file, asked on a terminal, None for a key that has none."""
    if passphrase_file is not None:
        return read_passphrase(passphrase_file)
    if file.is_file() and not is_under_passphrase(file.read_bytes()):
        return None
    return call.output.ask_secret(message("口令：", "passphrase: "))


def _result(state: KeyState, said: Message) -> Result:
    lines = [
        said,
        message("密钥 {name}", "key {name}", name=state.name),
        message("公钥 {key}", "public key {key}", key=key_text(state.public_key)),
    ]
    if not state.is_exported:
        lines.append(NOT_EXPORTED)
    data = {
        "name": state.name,
        "public_key": key_text(state.public_key),
        "exported": state.is_exported,
        "former": [key_name(one) for one in state.former],
    }
    return Result(data, lines=tuple(lines))
