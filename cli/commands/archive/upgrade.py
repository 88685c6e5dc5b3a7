"""The command that brings a home of earlier software up to what this one needs."""

from archives.message import message
from archives.proof.signing import key_text
from cli import wiring
from cli.commands.shared import WRITES, DryRun
from cli.frame.commands import Call, command
from cli.frame.output import Result
from cli.home.home import home_of
from preservation.actions.journal import vouch
from preservation.actions.journal.adopt import adopt_history, history_to_adopt
from preservation.journal.key import archive_key


@command(example="jinkui upgrade --dry-run", exits=WRITES)
def upgrade(call: Call, *, dry_run: DryRun = False) -> Result:
    """Verify the journal against every checkpoint and sign it, so that no store can speak for the archive."""
    home = home_of(call)
    folder = home.folder / home.settings.journal.checkpoints
    filed = vouch.read_checkpoints(home.archive, folder) if any(folder.glob("*.txt")) else ()
    found = history_to_adopt(home.archive, [one.checkpoint for one in filed])
    if found is None:
        return Result({"adopted": 0}, lines=(message("日志已经签章", "the journal is signed already"),))
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
    if dry_run:
        lines.append(message("没有写入任何东西", "nothing was written"))
        return Result(data, lines=tuple(lines))
    key = archive_key(home.folder / "keys", new_seed=wiring.new_key_seed)
    adopt_history(home.archive, found, key, checkpoints=len(filed))
    home.follow()
    lines.append(message("已签章", "it is signed"))
    return Result(data, lines=tuple(lines))
