"""Where a store is to lie: what is doubtful of a folder before it is taken into use, and what would do harm."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from archives.errors import ConflictError, StorageError, StoreDeniedError, UsageProblem
from archives.findings import Finding, warning
from archives.message import Message, listed, message
from preservation.stores.files import is_mounted_read_only, let_in, let_in_to_make
from preservation.stores.setting import StoreSetting

_OF_THE_HOME = ("keys", "journal", "checkpoints", "public", "locks", "work", "owed")
NO_DISK = "store-on-no-disk-of-its-own"
"""The code of what is told of a place where no disk is mounted."""

_LINK = message(
    "请在设置中写真正的位置：链接一改，存储就像不在了一样",
    "name the real place in the settings: when the link is changed the store is no longer found",
)
_MOUNT = message(
    "若该处应挂载一块磁盘，请先挂载，再运行一次",
    "where a disk should be mounted there, mount it and run this again",
)
_APART = message(
    "这块磁盘一坏，其上的副本一起失去；请把存储放在不同的磁盘上",
    "when that disk fails all copies on it are lost: put the stores on different disks",
)


def doubts_about(setting: StoreSetting, others: Iterable[StoreSetting], home: Path) -> tuple[Finding, ...]:
    """Return what a person should know of a store's place, none of which keeps it from working.

    A link; no disk of its own where one may have been meant; the disk of another store. Nothing is said of places that are
    no folders of this machine.
    """
    folder = setting.properties(home).folder
    return () if folder is None else tuple(_doubts(folder, others, home))


def require_apart(setting: StoreSetting, others: Iterable[StoreSetting], home: Path) -> None:
    """Raise ``ConflictError`` for a folder within that of another store, or around it: each would call the other's files strays.

    A folder in which the home keeps its own is none for a store either.
    """
    folder = setting.properties(home).folder
    if folder is None:
        return
    own = folder.resolve()
    for inside in _OF_THE_HOME:
        if own.is_relative_to((home / inside).resolve()):
            said = message("档案库自己用 {name}/", "the home keeps its own in {name}/", name=inside)
            raise _taken(setting.name, folder, said)
    for other in others:
        there = other.properties(home).folder
        if there is not None and (own.is_relative_to(there.resolve()) or there.resolve().is_relative_to(own)):
            said = message("存储“{other}”在那里", "the store “{other}” lies there", other=other.name)
            raise _taken(setting.name, folder, said)


def require_writable(setting: StoreSetting, home: Path) -> None:
    """Raise ``StorageError`` for a folder that cannot be written, or not be made where it is to lie.

    ``StoreDeniedError`` where that is shut to this account, and whoever has it may write there.
    ``UsageProblem`` where it cannot be a folder at all: a file stands there, or on the way to it.
    """
    folder = setting.properties(home).folder
    if folder is None:
        return
    on_the_way = (folder, *folder.parents)
    if link := next((one for one in on_the_way if _is_link(one) and not os.access(one, os.F_OK)), None):
        raise _leads_nowhere(setting.name, link)
    there = _standing(folder)
    if not there.is_dir():
        raise UsageProblem(
            message("{path} 是文件，存储是文件夹", "{path} is a file, and a store is a folder", path=str(there)),
            subject=setting.name,
            advice=message("请换一个位置", "choose another place"),
        )
    if os.access(there, os.W_OK | os.X_OK):
        return
    if is_mounted_read_only(there):
        raise StorageError(
            message("{path} 只读，写不进去", "{path} is read-only, nothing can be written there", path=str(there)),
            subject=setting.name,
            advice=message("请以可写方式挂载，或换一个位置", "mount it writable, or choose another place"),
        )
    is_shut = there == folder.resolve() or not os.access(there, os.X_OK)
    raise StoreDeniedError(
        message("没有权限写入 {path}", "permission denied: {path} cannot be written", path=str(there)),
        subject=setting.name,
        advice=let_in(folder) if is_shut else let_in_to_make(folder),
    )


def require_disk(setting: StoreSetting, doubts: Iterable[Finding], home: Path) -> None:
    """Raise ``ConflictError`` where a disk that died was mounted and none is now: a place that nobody named is not taken."""
    folder = setting.properties(home).folder
    if folder is None or folder.resolve().is_relative_to(home.resolve()):
        return
    if no_disk := next((one for one in doubts if one.code == NO_DISK), None):
        raise ConflictError(
            no_disk.message,
            subject=setting.name,
            advice=message(
                "请先在该处挂载新磁盘；确要就用此处的，用 --path 写明",
                "mount the new disk there first; to take the place as it is, name it with --path",
            ),
        )


def not_empty(name: str, where: str, what: Message | str) -> ConflictError:
    """Return the error that a place which is to become a store is not free."""
    return ConflictError(
        message("{where} 不是空的：{what}", "{where} is not empty: {what}", where=where, what=what),
        subject=name,
        advice=message("请换一个空的位置，例如其下的新文件夹", "choose an empty place, such as a new folder below it"),
    )


def _taken(name: str, folder: Path, what: Message) -> ConflictError:
    """Return the error that a folder is within, or around, what has a use already; nothing below it would be free either."""
    return ConflictError(
        message("{path} 已有用处：{what}", "{path} has a use already: {what}", path=str(folder), what=what),
        subject=name,
        advice=message("请换一个与它互不包含的位置", "choose a place that is neither within it nor around it"),
    )


def _leads_nowhere(name: str, link: Path) -> StorageError:
    return StorageError(
        message(
            "{path} 是链接，指向 {real}，那里什么也没有",
            "{path} is a link to {real}, and nothing is there",
            path=str(link),
            real=os.path.realpath(link),
        ),
        subject=name,
        advice=message(
            "请先挂载或建立它所指的文件夹，或用 --path 写真正的位置",
            "mount or make the folder that it leads to, or name the real place with --path",
        ),
    )


def named(names: Iterable[str]) -> str:
    """Return what lies in a place as a message names it."""
    return listed(sorted(names), most=5)


def _doubts(folder: Path, others: Iterable[StoreSetting], home: Path) -> Iterator[Finding]:
    if _is_link(folder):
        said = message(
            "{path} 是链接，指向 {real}", "{path} is a link to {real}", path=str(folder), real=str(folder.resolve())
        )
        yield replace(warning("store-behind-link", said), advice=_LINK)
    device = _device(folder)
    if device in (_device(Path("/")), _device(home)):
        said = message(
            "{path} 没有单独的磁盘，在 {mount} 所在的磁盘上",
            "{path} is on no disk of its own, but on that of {mount}",
            path=str(folder),
            mount=str(_mount_point(folder)),
        )
        yield replace(warning(NO_DISK, said), advice=_MOUNT)
    folders = ((other.name, other.properties(home).folder) for other in others)
    if same := [name for name, there in folders if there is not None and _device(there) == device]:
        said = message(
            "{path} 与存储 {names} 在同一块磁盘上",
            "{path} is on the same disk as {names}",
            path=str(folder),
            names=listed([f"“{name}”" for name in same]),
        )
        yield replace(warning("store-on-disk-of-another", said), advice=_APART)


def _is_link(path: Path) -> bool:
    """Say whether a link stands at a path; of what may not be looked at nobody can say so."""
    with suppress(OSError):
        return path.is_symlink()
    return False


def _standing(path: Path) -> Path:
    """Return a path, or the nearest folder above it that is there."""
    path = Path(os.path.realpath(path))
    while not os.access(path, os.F_OK) and path != path.parent:
        path = path.parent
    return path


def _device(path: Path) -> int:
    return _standing(path).stat().st_dev


def _mount_point(path: Path) -> Path:
    at = _standing(path)
    while at != at.parent and at.parent.stat().st_dev == at.stat().st_dev:
        at = at.parent
    return at
