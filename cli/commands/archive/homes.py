"""Commands about the home as a whole: backed up, moved away, taken up again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from archives.errors import ConfigurationError, ConflictError, RefusedError
from archives.message import Message, listed, message
from cli import wiring
from cli.commands.archive.keys import PassphraseFile
from cli.commands.person.passphrase import new_passphrase
from cli.commands.shared import LOOKS, NOT_DONE, WRITES, DryRun, Yes
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.backup.contents import Content, contents_of, named_elsewhere, survey
from cli.home.backup.copying import BackedUp, back_up, require_apart
from cli.home.home import Home, home_of
from cli.upkeep.duties import how_to_remove, installed_schedules
from preservation.actions.journal.retire import require_nobody_went_on, take_up
from preservation.journal.refusals import JUDGE_FIRST, told_retired
from preservation.stores.presence import states_of

_MOST_NAMED = 5
_CONTENTS: tuple[Field[Content], ...] = (
    Field("where", message("位置", "where"), lambda one: one.where),
    Field("kept", message("是否备份", "backed up"), lambda one: one.kept.name.lower(), lambda one: one.kept.said),
    Field("what", message("内容", "what"), lambda one: one.what),
)


@command(
    example="jinkui home backup /media/usb/backups",
    exits=(*WRITES, RefusedError),
)
def backup(
    call: Call,
    *,
    folder: Annotated[Path, Argument(message("存放备份的文件夹", "the folder in which backups are kept"))],
    move: Annotated[
        bool,
        Option(
            message(
                "迁往别处：此档案库从此停用", "to move the home: this one signs nothing any more, so that two never do"
            )
        ),
    ] = False,
    passphrase_file: PassphraseFile = None,
    dry_run: DryRun = False,
) -> Result:
    """Back the home up into a new folder, while other commands work on it, and read the backup again.

    It holds the settings, the keys (under a passphrase) and what could not be made again from the stores.
    """
    home = home_of(call)
    require_apart(home, folder)
    table, contents = listing(
        message("档案库里有什么", "what lies in a home"), _CONTENTS, contents_of(home.settings, home.folder)
    )
    if dry_run:
        unknown = survey(home.folder, contents_of(home.settings, home.folder)).unknown
        lines = (*_left_out(home, unknown), message("没有写入任何东西", "nothing was written"))
        elsewhere = list(named_elsewhere(home.settings, home.folder))
        return Result({"contents": contents, "unknown": list(unknown), "elsewhere": elsewhere}, (table,), lines)
    passphrase = new_passphrase(call.output, passphrase_file)
    done = back_up(home, folder, passphrase=passphrase, is_move=move)
    made = done.backup.made
    data = {
        "backup": str(done.backup.folder),
        "home": made.home_id,
        "entries": made.head.sequence,
        "head": made.head.digest,
        "files": len(done.backup.payload),
        "retired": made.is_move,
        "has_key": done.has_key,
        "unknown": list(done.unknown),
        "elsewhere": list(named_elsewhere(home.settings, home.folder)),
    }
    return Result(data, lines=_said_of(home, done))


@command(example="jinkui home resume", exits=(*LOOKS, ConfigurationError, ConflictError, RefusedError))
def resume(call: Call, *, yes: Yes = False) -> Result:
    """Let a home that retired for a move work again, where it was restored nowhere else."""
    archive = home_of(call).archive
    require_nobody_went_on(archive)
    away = [seen for seen in map(archive.presence, archive.vault.stores) if not seen.is_there]
    if away:
        said = message(
            "不能断定别处是否已继续：存储 {states}",
            "nobody can tell whether the archive went on elsewhere: stores {states}",
            states=states_of(away),
        )
        call.output.say(said)
    question = message(
        "若已在别处恢复，两处会各自签章，日志将分叉。确定没有在别处恢复？[y/N]",
        "if it was restored elsewhere, two homes sign from now on and the journal forks. Was it restored nowhere? [y/N]",
    )
    if not (yes or call.output.confirm(question)):
        return Result({"resumed": False}, lines=(NOT_DONE,), exit_code=5)
    take_up(archive)
    return Result({"resumed": True}, lines=(message("此档案库继续使用", "this home works again"),))


def _said_of(home: Home, done: BackedUp) -> tuple[Message, ...]:
    made, place = done.backup.made, done.backup.folder
    lines = [
        message(
            "备份写成并重读无误：{path}（日志第 {n} 条）",
            "backed up, and read again whole: {path} (journal at entry {n})",
            path=str(place),
            n=made.head.sequence,
        ),
        message(
            "私钥在口令之下；口令丢失，只能用保险柜中的密钥（jinkui key export）",
            "the private key lies under the passphrase: without it only the key from the safe (jinkui key export) is left",
        ),
    ]
    if not done.has_key:
        lines[1] = message(
            "备份中没有签章的私钥：它不在此档案库中",
            "the key that signs is not in the backup: it does not lie in this home",
        )
    if wiring.device_of(place) == wiring.device_of(home.folder):
        lines.append(
            message(
                "备份与档案库在同一块设备上，设备一坏一起失去；请复制到别处",
                "the backup lies on the device of the home and is lost with it: copy it elsewhere",
            )
        )
    lines += _left_out(home, done.unknown)
    if not made.is_move and home.vault.ledger.is_behind():
        lines += [
            message(
                "此备份落后：存储中有此处没有记录、由本档案库签章的日志",
                "this backup is behind: stores hold entries that this archive signed and this home does not know",
            ),
            JUDGE_FIRST,
        ]
    if made.is_move and not done.is_move:
        lines.append(told_retired(home.archive.memory.retired_at))
    if done.is_move:
        lines += [
            message(
                "此档案库已停用，不再写入。请停掉这台机器上的网站和定时任务",
                "this home has retired and writes nothing any more. Stop the site on this machine, and what the clock begins",
            ),
            *_schedules_to_take_away(home),
            message(
                "在新机器上运行：jinkui --home 新文件夹 home restore {path}",
                "on the other machine: jinkui --home FOLDER home restore {path}",
                path=str(place),
            ),
        ]
    return tuple(lines)


def _schedules_to_take_away(home: Home) -> tuple[Message, ...]:
    """Return how schedules of a home that was moved are taken away, where any are known."""
    if not (found := installed_schedules(home.folder)):
        return ()
    remove = how_to_remove(found, home.folder)
    return (message("删除定时任务：{remove}", "take the schedule away: {remove}", remove=remove),)


def _some(names: Sequence[str]) -> Message:
    """Return the first of some names; where there are more, how many in all and where all of them are told."""
    if len(names) <= _MOST_NAMED:
        return message("{names}", "{names}", names=listed(names))
    return message(
        "{names}（共 {n} 项，全部见 jinkui home backup 文件夹 --dry-run --json）",
        "{names} ({n} in all: jinkui home backup FOLDER --dry-run --json names them)",
        names=", ".join(names[:_MOST_NAMED]),
        n=len(names),
    )


def _left_out(home: Home, unknown: Sequence[str]) -> tuple[Message, ...]:
    """Say what is not in a backup and would be missed."""
    lines = [
        message(
            "存储不在备份中（各为彼此的备份）：{names}",
            "stores are not in it (each is the others' backup): {names}",
            names=", ".join(f"{s.name} ({s.properties(home.folder).where})" for s in home.settings.stores),
        )
    ]
    if elsewhere := named_elsewhere(home.settings, home.folder):
        lines.append(
            message(
                "设置所用、但在档案库之外，不在备份中：{names}",
                "named by the settings, outside the home, and not in it: {names}",
                names=_some(elsewhere),
            )
        )
    if unknown:
        lines.append(
            message(
                "档案库中不知用途、未备份：{names}",
                "in the home, of no known use, and not in it: {names}",
                names=_some(unknown),
            )
        )
    return tuple(lines)
