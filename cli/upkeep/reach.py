"""What of a home and its stores other accounts of this machine can reach."""

import stat
from contextlib import suppress
from pathlib import Path

from archives.message import Message, message
from cli import wiring
from cli.home.home import Home


def reached_by_others(home: Home) -> list[str]:
    """Return what stands at the top of a home and of its stores and is open to others, but for what is published."""
    folders = (home.folder, *(setting.properties(home.folder).folder for setting in home.settings.stores))
    open_folders = [folder for folder in folders if folder is not None and _is_open(folder)]
    within = [path for folder in open_folders for path in _within(folder)]
    return sorted(str(path) for path in within if path != home.shown_folder and _is_open(path))


def told_published(home: Home) -> tuple[Message, Message | None]:
    """Return who beside the archive's account can read what is published; where the settings want something else, what to do."""
    name = home.settings.portal.group
    group = wiring.group_number(name) if name else None
    if name and group is None:
        said = message("没有用户组“{group}”", "there is no group “{group}”", group=name)
        make = message("请运行 groupadd {group}", "run groupadd {group}", group=name)
        return said, make
    wanted = stat.S_IRWXU if group is None else stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP
    with suppress(OSError):  # nothing is published yet
        state = home.shown_folder.stat()
        if stat.S_IMODE(state.st_mode) != wanted or group not in (None, state.st_gid):
            said = message(
                "{path} 的权限与设置不符",
                "who can read {path} is not what the settings say",
                path=str(home.shown_folder),
            )
            advice = message(
                "请运行 jinkui opening publish；仍不行的，请把档案库的账户加入该用户组",
                "run jinkui opening publish; where that does not help, make the archive's account a member of the group",
            )
            return said, advice
    if group is None:
        own = message(
            "只有档案库自己的账户可读；以另一账户运行网站时请设 [portal] group",
            "read by the archive's own account alone; for a site under another account set group under [portal]",
        )
        return own, None
    return message("用户组“{group}”可读", "the group “{group}” can read it", group=name), None


def _is_open(path: Path) -> bool:
    """Say whether others than the owner can do anything with a file or folder."""
    with suppress(OSError):  # a store that is away
        return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    return False


def _within(folder: Path) -> list[Path]:
    """Return what stands in a folder, nothing where it may not be looked into: that is told of the store."""
    with suppress(OSError):
        return list(folder.iterdir())
    return []
