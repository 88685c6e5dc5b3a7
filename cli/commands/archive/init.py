"""The command that makes a new archive."""

from archives.errors import ConfigurationError, ConflictError, StorageError
from archives.message import message
from cli.commands.archive.keys import NOT_EXPORTED
from cli.frame.commands import Call, command
from cli.frame.output import Result
from cli.home.founding import make_home
from cli.upkeep.whereabouts import device_warnings


@command(example="jinkui --home /srv/archive init", exits=(ConfigurationError, ConflictError, StorageError))
def init(call: Call) -> Result:
    """Make a new archive."""
    home = make_home(call)
    stores = [{"name": s.name, "path": s.properties(home.folder).where} for s in home.settings.stores]
    lines = [
        message("已建立档案库：{home}", "made the archive {home}", home=str(home.folder)),
        *device_warnings(home),
        NOT_EXPORTED,
    ]
    return Result({"home": str(home.folder), "stores": stores}, lines=tuple(lines))
