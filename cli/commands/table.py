"""Every command there is, in the order in which help lists them."""

from cli.commands.words import archive, disposing, keeping, operating, records, storing, trust
from cli.frame.commands import Command, Group

COMMANDS: tuple[Command | Group, ...] = (
    *archive.COMMANDS,
    *records.COMMANDS,
    *keeping.COMMANDS,
    *disposing.COMMANDS,
    *storing.COMMANDS,
    *trust.COMMANDS,
    *operating.COMMANDS,
)
