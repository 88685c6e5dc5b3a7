"""The command that makes everything again that can be made from the stores."""

from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, JinkuiError, RefusedError, UsageProblem
from archives.message import Message, message
from archives.proof.signing import public_key_of
from cli import wiring
from cli.commands.archive.keys import PassphraseFile, asked_passphrase
from cli.commands.shared import WRITES
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.backup.remains import begin_rebuilding, end_rebuilding
from cli.home.home import Home, home_of
from cli.home.settings_edit import begin_settings, places_of
from cli.upkeep.duties import REBUILDING
from preservation.actions.journal.keys import opened_key_file
from preservation.actions.journal.restore import Farthest, restore_home
from preservation.actions.overview.duties import Runs
from preservation.journal.key import SigningKey, private_key_path
from preservation.stores.files import write_new


@command(example="jinkui rebuild", exits=(*WRITES, RefusedError, FormatError, FINDINGS))
def rebuild(
    call: Call,
    *,
    key: Annotated[
        Path | None,
        Option(
            message(
                "档案库的私钥：由存储重建失去记忆的档案库",
                "the archive's private key: restore a home that lost its memory",
            )
        ),
    ] = None,
    store: Annotated[
        tuple[str, ...],
        Option(
            message(
                "除存储外什么都没有时，存储的位置，名称=位置（可多次）",
                "where nothing but stores is left: where a store is, NAME=PLACE (may be repeated)",
            )
        ),
    ] = (),
    without: Annotated[
        tuple[str, ...], Option(message("确已失去的存储（可多次）", "a store that is lost for good (may be repeated)"))
    ] = (),
    passphrase_file: PassphraseFile = None,
) -> Result:
    """Make catalogue, indexes and public copies again from the stores alone."""
    if store and key is None:
        raise UsageProblem(message("--store 只与 --key 合用", "--store goes with --key alone"), subject="--store")
    private_pem = opened_key_file(key, asked_passphrase(call, key, passphrase_file)) if key is not None else None
    if store:
        places = places_of(store)
        begin_rebuilding(call.home)
        begin_settings(call.home, places)
    elif key is not None and not (call.home / wiring.SETTINGS_FILE).exists():
        raise _without_settings(call.home)
    home = home_of(call)
    lines: list[Message] = []
    if private_pem is not None:
        restored = _restore(home, private_pem, without=without)
        lines += _said_of(home, restored)
    runs = Runs(home.work)
    runs.begin(REBUILDING, now=wiring.now(), by_clock=wiring.is_begun_by_clock())
    with home.archive.locks.under_way(REBUILDING):
        done = home.rebuild()
    runs.end(REBUILDING, now=wiring.now())
    said = message(
        "已重建：{n} 件入索引，{p} 件公开",
        "made again: {n} {n:record|records} indexed, {p} published",
        n=done.indexed,
        p=done.published,
    )
    lost = [anchor.package_id for anchor in home.archive.unreadable]
    left = [trouble.package_id for trouble in done.troubles]
    behind = [one.audience for one in done.behind]
    data = {"indexed": done.indexed, "published": done.published, "unreadable": lost, "owed": left, "behind": behind}
    return Result(data, lines=(*lines, said), exit_code=FINDINGS.code if lost or left or behind else 0)


def _said_of(home: Home, restored: Farthest) -> tuple[Message, ...]:
    """Return where damaged memories lie now, and how far the journal goes."""
    return (
        *(
            message("损坏的记忆留在 {path}", "the damaged memory is kept at {path}", path=str(path))
            for path in home.archive.memory.kept_aside
        ),
        message(
            "日志恢复到第 {n} 条（存储“{store}”）；公布已暂停，核对最近的撤回后运行 jinkui opening confirm --reason 理由",
            "the journal goes to entry {n} (store “{store}”); nothing is published until jinkui opening confirm --reason WHY, "
            "after a look at what was closed last",
            n=restored.end.sequence,
            store=restored.store,
        ),
    )


def _without_settings(folder: Path) -> UsageProblem:
    return UsageProblem(
        message(
            "{home} 中没有设置文件，不知道存储在何处",
            "{home} has no settings: nothing says where the stores are",
            home=str(folder),
        ),
        subject="--store",
        advice=message(
            "请用 --store 名称=位置 逐一写明，或把备份中的 data/jinkui.toml 复制到此文件夹",
            "say it with --store NAME=PLACE for each, or copy data/jinkui.toml of a backup into this folder",
        ),
    )


def _restore(home: Home, private_pem: bytes, *, without: tuple[str, ...]) -> Farthest:
    key = SigningKey(private_pem, public_key_of(private_pem, None))
    folder = home.folder / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = private_key_path(folder)
    was_there = path.exists()
    if not home.archive.memory.is_whole:
        begin_rebuilding(home.folder)
    write_new(path, private_pem, mode=0o600)
    try:
        restored = restore_home(home.archive, key, without=without)
    except JinkuiError:
        if not was_there and not home.archive.memory.is_whole:
            path.unlink()
        raise
    end_rebuilding(home.folder)
    return restored
