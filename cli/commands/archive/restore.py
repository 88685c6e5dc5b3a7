"""The command that restores a home from its backup."""

import shlex
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, RefusedError
from archives.message import Message, listed, message
from cli import wiring
from cli.commands.archive.keys import PassphraseFile
from cli.commands.person.passphrase import passphrase_of
from cli.commands.shared import WRITES, DryRun
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import local_time
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.backup.contents import named_elsewhere
from cli.home.backup.folder import Backup, name_of, read_backup
from cli.home.backup.made import Made
from cli.home.backup.restoring import Restoring, plan_restoring, restore
from cli.home.backup.waiting import finish_restoring, restored_from
from cli.home.home import Home, home_of
from cli.home.settings_edit import places_of
from cli.upkeep.duties import install_command, scheduled_since


@command(
    example="jinkui --home /srv/archive home restore /media/usb/backups/jinkui-1b4e28ba-20261126T080000Z",
    exits=(*WRITES, RefusedError, FormatError, FINDINGS),
)
def restore_from(
    call: Call,
    *,
    backup: Annotated[Path, Argument(message("备份的文件夹", "the folder of the backup"))],
    store: Annotated[
        tuple[str, ...],
        Option(message("存储现在的位置，名称=位置（可多次）", "where a store is now, NAME=PLACE (may be repeated)")),
    ] = (),
    without: Annotated[
        tuple[str, ...], Option(message("确已失去的存储（可多次）", "a store that is lost for good (may be repeated)"))
    ] = (),
    other_is_lost: Annotated[
        bool,
        Option(
            message(
                "备份之后在别处恢复的那个档案库确已失去",
                "the home that was restored after this backup was made is lost for good",
            )
        ),
    ] = False,
    passphrase_file: PassphraseFile = None,
    dry_run: DryRun = False,
) -> Result:
    """Restore a home from its backup into an empty folder, and let it go on with its stores.

    Everything is looked at before anything is written. Run again after an interruption, it begins again, or goes on where
    all of the backup is in place.
    """
    places = places_of(store)
    found = read_backup(backup)
    call.output.say(_age(found.made))
    if (known := restored_from(call.home)) and known.backup == name_of(found):
        return _gone_on(call, found, dry_run=dry_run)
    passphrase = passphrase_of(call.output, passphrase_file, backup)
    plan = plan_restoring(
        call.home, found, passphrase=passphrase, places=places, without=without, other_is_lost=other_is_lost
    )
    data: dict[str, object] = {
        "home": str(call.home),
        "made_at": found.made.at.isoformat(),
        "entries": found.made.head.sequence,
        "journal": plan.farthest.end.sequence if plan.farthest else found.made.head.sequence,
        "gone_on": plan.gone_on,
        "not_there": list(plan.not_there),
    }
    if dry_run:
        return Result(data, lines=(*_planned(plan), message("没有写入任何东西", "nothing was written")))
    restore(plan, call.output)
    home = call.opened.enter_context(Home(call.home, plan.settings, call.output))
    return _followed(home, data, _planned(plan))


def _gone_on(call: Call, found: Backup, *, dry_run: bool) -> Result:
    """Make what was not made when the restoring was stopped: everything of the backup is in place."""
    home = home_of(call)
    data: dict[str, object] = {
        "home": str(call.home),
        "made_at": found.made.at.isoformat(),
        "entries": found.made.head.sequence,
        "journal": home.vault.ledger.head().sequence,
        "gone_on": 0,
        "not_there": [path for path in named_elsewhere(home.settings, call.home) if not Path(path).exists()],
    }
    said = message(
        "此处已由这个备份恢复，不再放入任何东西；由存储重建的目录和索引如有未完的，接着做。要重新恢复，请用 --home 指明空文件夹",
        "restored here from this backup before: nothing is put in place again, and what is made from the stores (catalogue, "
        "indexes) is gone on with. To restore anew, name an empty folder with --home",
    )
    if dry_run:
        return Result(data, lines=(said, message("没有写入任何东西", "nothing was written")))
    return _followed(home, data, (said,))


def _followed(home: Home, data: dict[str, object], said: tuple[Message, ...]) -> Result:
    """Make catalogue and indexes from the stores; with that the restoring ends."""
    done = home.follow()
    lost = [anchor.package_id for anchor in home.archive.unreadable]
    owed = [trouble.package_id for trouble in done.troubles]
    finish_restoring(home.folder)
    return Result(
        {**data, "indexed": done.indexed, "unreadable": lost, "owed": owed},
        lines=(*said, *_restored(home, done.indexed)),
        exit_code=FINDINGS.code if lost or owed else 0,
    )


def _age(made: Made) -> Message:
    return message(
        "备份作于 {at}（{ago}前），日志第 {n} 条",
        "the backup was made at {at} ({ago} ago), with the journal at entry {n}",
        at=local_time(made.at),
        ago=_long(wiring.now() - made.at),
        n=made.head.sequence,
    )


def _long(age: timedelta) -> Message:
    minutes = max(0, round(age.total_seconds() / 60))
    if minutes < 120:
        return message("{n} 分钟", "{n} min", n=minutes)
    if minutes < 48 * 60:
        return message("{n} 小时", "{n} {n:hour|hours}", n=minutes // 60)
    return message("{n} 天", "{n} {n:day|days}", n=minutes // (24 * 60))


def _planned(plan: Restoring) -> tuple[Message, ...]:
    lines = []
    if plan.farthest is None:
        lines.append(
            message(
                "此档案库的日志尚未签章；恢复后请运行 jinkui upgrade",
                "the journal of this archive is not signed yet: run jinkui upgrade afterwards",
            )
        )
    elif plan.gone_on:
        lines.append(
            message(
                "备份之后又签章了 {n} 条，存储“{store}”有到第 {end} 条：一律承认",
                "the archive signed {n} {n:entry|entries} after the backup; the store “{store}” has them, to entry {end}: they stand",
                n=plan.gone_on,
                store=plan.farthest.store,
                end=plan.farthest.end.sequence,
            )
        )
    else:
        lines.append(
            message(
                "存储与备份相接，没有更晚的条目", "the stores go on from the backup, and hold nothing that is newer"
            )
        )
    if plan.minimum:
        lines.append(
            message(
                "失去的存储（{names}）补上之前，minimum-copies 设为 {n}：恢复后运行 jinkui store replace 名称 --path 新位置、jinkui replicate，再改回原值",
                "until the lost stores ({names}) are replaced minimum-copies is {n}: run jinkui store replace NAME --path NEW and jinkui replicate once it is restored, then set it back",
                names=listed(plan.without),
                n=plan.minimum,
            )
        )
    if plan.not_there:
        lines.append(
            message(
                "设置所用、此机器上没有：{names}",
                "named by the settings and not on this machine: {names}",
                names=listed(plan.not_there),
            )
        )
    if not plan.backup.made.is_move:
        lines.append(
            message(
                "原来的档案库若还在运行，请先停用（jinkui home backup --move）：不得有两个同时写入",
                "if the home that was backed up still works, retire it (jinkui home backup --move): no two may write",
            )
        )
    return tuple(lines)


def _restored(home: Home, indexed: int) -> tuple[Message, ...]:
    """Return what became of it, and what is left for a person: nothing that was done already."""
    folder = shlex.quote(str(home.folder))
    lines = [
        message(
            "已恢复到 {path}：可检索 {of} 件，其中本次入索引 {n} 件",
            "restored into {path}: {of} {of:record|records} to be searched, {n} indexed now",
            path=str(home.folder),
            of=home.staff_index.count(),
            n=indexed,
        )
    ]
    if home.archive.memory.is_there and home.archive.memory.is_dark:
        lines.append(
            message(
                "核对最近的撤回后，恢复公布：jinkui --home {home} opening confirm --reason …",
                "after a look at what was closed last, let it publish: jinkui --home {home} opening confirm --reason …",
                home=folder,
            )
        )
    if scheduled_since(home) is None:
        lines.append(
            message(
                "让核查、检查点和公布在这台机器上定时进行：jinkui --home {home} {install}",
                "let audits, checkpoints and publishing run by this machine's clock: jinkui --home {home} {install}",
                home=folder,
                install=install_command().removeprefix("jinkui "),
            )
        )
    return tuple(lines)
