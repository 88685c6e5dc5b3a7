"""The command that makes everything again that can be made from the stores."""

from archives.message import message
from cli.commands.shared import LOOKS
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.output import Result
from cli.home.home import home_of


@command(example="jinkui rebuild", exits=(*LOOKS, FINDINGS))
def rebuild(call: Call) -> Result:
    """Make catalogue, indexes and public copies again from the stores alone."""
    home = home_of(call)
    done = home.rebuild()
    said = message(
        "已重建：{n} 件入索引，{p} 件公开",
        "made again: {n} records indexed, {p} published",
        n=done.indexed,
        p=done.published,
    )
    lost = [anchor.package_id for anchor in home.unreadable]
    left = [trouble.package_id for trouble in done.troubles]
    data = {"indexed": done.indexed, "published": done.published, "unreadable": lost, "owed": left}
    return Result(data, lines=(said,), exit_code=FINDINGS.code if lost or left else 0)
