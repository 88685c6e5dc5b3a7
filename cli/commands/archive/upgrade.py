"""The command that brings a home of earlier software up to what this one needs."""

from archives.message import Message, message
from archives.proof.signing import key_text
from cli import wiring
from cli.commands.shared import WRITES, DryRun
from cli.frame.commands import Call, command
from cli.frame.output import Result
from cli.home.home import Home, home_of
from preservation.actions.journal import vouch
from preservation.actions.journal.adopt import adopt_history, history_to_adopt
from preservation.actions.stores import plan_programs, renew_programs
from preservation.journal.key import archive_key


@command(example="jinkui upgrade --dry-run", exits=WRITES)
def upgrade(call: Call, *, dry_run: DryRun = False) -> Result:
    """Verify the journal against every checkpoint and sign it; give every store the restore program of this software."""
    home = home_of(call)
    adopted, lines = _adopted(home, dry_run=dry_run)
    renewed, told = _renewed(home, dry_run=dry_run)
    if dry_run:
        told.append(message("没有写入任何东西", "nothing was written"))
    return Result({**adopted, **renewed}, lines=(*lines, *told))


def _adopted(home: Home, *, dry_run: bool) -> tuple[dict[str, object], list[Message]]:
    folder = home.folder / home.settings.journal.checkpoints
    filed = vouch.read_checkpoints(home.archive, folder) if any(folder.glob("*.txt")) else ()
    found = history_to_adopt(home.archive, [one.checkpoint for one in filed])
    if found is None:
        return {"adopted": 0}, [message("日志已经签章", "the journal is signed already")]
    data = {
        "adopted": 0 if dry_run else found.end.sequence,
        "entries": found.end.sequence,
        "head": found.end.digest,
        "root": key_text(found.root),
        "checkpoints": len(filed),
    }
    lines = [
        message("日志共 {n} 条", "the journal has {n} entries", n=found.end.sequence),
        message("末条 {head}", "its newest entry: {head}", head=found.end.digest),
        message("与 {n} 个检查点相符", "it continues {n} checkpoints", n=len(filed)),
    ]
    if not dry_run:
        key = archive_key(home.folder / "keys", new_seed=wiring.new_key_seed)
        adopt_history(home.archive, found, key, checkpoints=len(filed))
        home.follow()
        lines.append(message("已签章", "it is signed"))
    return data, lines


def _renewed(home: Home, *, dry_run: bool) -> tuple[dict[str, object], list[Message]]:
    """Renew the restore programs of stores that are there; of the others say that they have to be come back to."""
    plan = plan_programs(home.archive)
    facts = () if dry_run else renew_programs(home.archive, plan)
    there, away = [one.store.name for one in plan if one.is_there], [one.store.name for one in plan if not one.is_there]
    told = [fact.said() for fact in facts]
    if dry_run:
        told += [
            message(
                "将更新存储“{store}”的 restore.py", "restore.py in the store “{store}” would be renewed", store=name
            )
            for name in there
        ]
    told += [
        message(
            "存储“{store}”不在，其 restore.py 没有更新；归位后请再运行 jinkui upgrade",
            "the store “{store}” is not there and its restore.py was not renewed; run jinkui upgrade again when it is back",
            store=name,
        )
        for name in away
    ]
    return {
        "restore_programs": {"renewed": [fact.store for fact in facts], "to_renew": there if dry_run else away}
    }, told
