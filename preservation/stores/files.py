"""Files that are there whole or not at all, and what is on disk when one goes on."""

import ctypes
import errno
import os
import pwd
import shlex
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO

from archives.errors import PathTakenError, StorageError, UsageProblem
from archives.message import Message, message
from archives.system_reason import reason_of

_WAIT_BEFORE, _WRITE, _WAIT_AFTER = 1, 2, 4  # sync_file_range(2)
_OWNERS = 0o600
READABLE = 0o644
"""The mode of what other accounts are to read: units, figures for a collector."""


def let_in(root: Path) -> Message:
    """Return what to do where the system denies something of a store's folder: whose it is, which account asks, how it gets in.

    What is shut is the first folder above that this account may not pass, else the store itself. Folders above are only to
    be passed; what a store holds is to belong to the account, for its new files are their owner's alone.
    """
    on_the_way = [one for one in reversed(root.absolute().parents) if not os.access(one, os.X_OK)]
    place = on_the_way[0] if on_the_way else root.absolute()
    account = _account(os.geteuid())
    try:
        owner = _account(place.lstat().st_uid)
    except OSError:
        owner = ""
    if not owner or owner == account:
        return message(
            "运行 jinkui 的账户是 {account}：请运行 chmod -R u+rwX {place}；仍不行的，看挂载选项、ACL 和 SELinux",
            "the account that runs jinkui is {account}: run chmod -R u+rwX {place}; where that does not help, look at the "
            "options of the mount, ACLs and SELinux",
            account=account,
            place=shlex.quote(str(place)),
        )
    said = (
        message(
            "请让它能经过那里（setfacl -m u:{account}:x {place}）",
            "let it pass there (setfacl -m u:{account}:x {place})",
            account=account,
            place=shlex.quote(str(place)),
        )
        if on_the_way
        else message(
            "请用 chown -R {account} {place} 交给它",
            "give it what lies there (chown -R {account} {place})",
            account=account,
            place=shlex.quote(str(place)),
        )
    )
    return message(
        "{place} 属于 {owner}，运行 jinkui 的账户是 {account}：若 {owner} 才是档案库的账户，请以它运行；否则{said}",
        "{place} belongs to {owner}, and the account that runs jinkui is {account}: run it as {owner} where that is the "
        "archive's account, else {said}",
        place=str(place),
        owner=owner,
        account=account,
        said=said,
    )


def give_back(path: Path) -> Message | None:
    """Return what to do where this account may not write a file of its own folder: another one, as root, left it there."""
    folder = path.parent
    if not path.exists() or os.access(path, os.R_OK | os.W_OK):
        return None
    with suppress(OSError):
        owner = _account(folder.stat().st_uid)
        return message(
            "{path} 属于 {other}，其文件夹属于 {owner}：请让 root 运行 chown -R {owner} {place}，以后只以 {owner} 运行 jinkui",
            "{path} belongs to {other}, and its folder to {owner}: let root run chown -R {owner} {place}, and run jinkui as "
            "{owner} alone",
            path=str(path),
            other=_account(path.stat().st_uid),
            owner=owner,
            place=shlex.quote(str(folder)),
        )
    return None


def what_shuts_out(root: Path, path: PurePosixPath) -> PurePosixPath | None:
    """Return what below a folder keeps this account from reading a path: itself or a folder on the way; None where nothing does.

    Of folders that one foreign account owns the uppermost is named, so that what they hold is given back at once.
    """
    ways = [PurePosixPath(*path.parts[:end]) for end in range(1, len(path.parts) + 1)]
    for number, way in enumerate(ways):
        place = root / way
        try:
            state = place.lstat()
        except OSError:
            return None
        if os.access(place, os.R_OK | (os.X_OK if stat.S_ISDIR(state.st_mode) else 0)):
            continue
        if state.st_uid != os.geteuid() == root.lstat().st_uid:
            of_its_owner = [(root / above).lstat().st_uid == state.st_uid for above in ways[:number]]
            number = next((at for at in range(number) if all(of_its_owner[at:])), number)
        return ways[number]
    return None


def let_in_to_make(folder: Path) -> Message:
    """Return what to do where a folder is to be made and the system denies it: who has to make it, and for which account."""
    account = _account(os.geteuid())
    return message(
        "请由有权的账户建好并交给运行 jinkui 的账户 {account}：mkdir -p {place} && chown {account} {place}；或换一个位置",
        "have it made by who may, and given to {account}, the account that runs jinkui: mkdir -p {place} && chown {account} "
        "{place}; or choose another place",
        account=account,
        place=shlex.quote(str(folder)),
    )


def is_mounted_read_only(folder: Path) -> bool:
    """Say whether a folder lies on a file system that is mounted so that nobody writes to it, as far as that can be seen."""
    with suppress(OSError):
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    return False


def require_place(path: Path) -> None:
    """Raise ``UsageProblem``, before anything is done, when no file can be put there: without its folder, or on a folder."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise UsageProblem(
            message("没有文件夹 {folder}", "there is no folder {folder}", folder=str(folder)),
            subject=str(path),
            advice=_make_first(folder),
        )
    if path.is_dir():
        raise UsageProblem(
            message("{path} 是一个文件夹", "{path} is a folder", path=str(path)),
            subject=str(path),
            advice=message("请给出文件名", "name a file in it"),
        )


def write_whole(path: Path, data: bytes, *, mode: int = _OWNERS) -> None:
    """Put a file in place at once, on disk when this returns, instead of what stood there; makes no folder.

    Raises ``StorageError``.
    """
    write_streamed(path, lambda file: _write(file, data), mode=mode)


def write_streamed(path: Path, write: Callable[[IO[bytes]], None], *, mode: int = _OWNERS) -> None:
    """Do the same with what ``write`` writes into the file that it is given; what it raises leaves nothing behind."""
    with _beside(path, write, mode) as temporary:
        temporary.replace(path.absolute())


def write_new(path: Path, data: bytes, *, mode: int, made_in: Path | None = None) -> None:
    """Put a file in place at once, on disk when this returns; the same bytes may stand there already.

    ``made_in`` is a folder on the same disk in which it is made, that goes when all is done; else that is its own.
    Raises ``PathTakenError`` when other bytes do, ``StorageError`` when it cannot be written; makes no folder.
    """
    with _beside(path, lambda file: _write(file, data), mode, made_in) as temporary:
        try:
            path.absolute().hardlink_to(temporary)
        except FileExistsError as cause:
            if not (path.is_file() and path.read_bytes() == data):
                raise PathTakenError(
                    message("{path} 处已有别的文件", "something else stands at {path}", path=str(path)),
                    subject=str(path),
                ) from cause


def flush_file(path: Path | str) -> None:
    """Return when a file, or what stands directly in a folder, is on disk; follows no link and raises ``OSError``."""
    _flush(path, os.O_NOFOLLOW)


def flush_folder(path: Path | str) -> None:
    """Return when what stands directly in a folder is on disk, wherever the path leads; raises ``OSError``."""
    _flush(path, os.O_DIRECTORY)


def begin_to_write(handle: int) -> None:
    """Send the bytes of an open file on their way to the disk and go on; raises ``OSError``."""
    _sync_range(handle, _WRITE)


def wait_for_bytes(handle: int) -> None:
    """Return when the bytes of an open file were handed to the disk; raises ``OSError``.

    It is on disk only when it is flushed after that. Where many files are, the file system then writes its own journal
    once for all of them and not once for each.
    """
    _sync_range(handle, _WAIT_BEFORE | _WRITE | _WAIT_AFTER)


def flush_tree(folder: Path, paths: Iterable[str]) -> None:
    """Return when these files and folders below a folder, and the folder itself, are on disk; raises ``OSError``.

    Everything is sent on its way at once and only then waited for one by one: waiting for each in turn takes a
    revolution of the disk a file. Never tried twice.
    """
    os.sync()
    for path in (*paths, "."):
        flush_file(folder / path)


def _account(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _flush(path: Path | str, how: int) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | how)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_range(handle: int, flags: int) -> None:
    if _libc().sync_file_range(handle, ctypes.c_int64(0), ctypes.c_int64(0), flags):
        number = ctypes.get_errno()
        if number not in (
            errno.ENOSYS,
            errno.EINVAL,
            errno.ESPIPE,
        ):  # where there is no such call, flushing does it all
            raise OSError(number, os.strerror(number))


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _write(file: IO[bytes], data: bytes) -> None:
    file.write(data)


@contextmanager
def _beside(path: Path, write: Callable[[IO[bytes]], None], mode: int, made_in: Path | None = None) -> Iterator[Path]:
    """Give a file on disk beside a place, to be put into it; nothing of it is left, and the folder is flushed after."""
    place = path.absolute()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{place.name[:100]}.", dir=made_in or place.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                write(file)
                file.flush()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
            yield temporary
        finally:
            temporary.unlink(missing_ok=True)
        flush_folder(place.parent)
    except OSError as cause:
        raise StorageError(
            message(
                "{path} 写不了：{reason}", "{path} cannot be written: {reason}", path=str(path), reason=reason_of(cause)
            ),
            subject=str(path),
            advice=None if place.parent.is_dir() else _make_first(place.parent),
        ) from cause


def _make_first(folder: Path) -> Message:
    return message("请先建好文件夹 {folder}", "make the folder {folder} first", folder=str(folder))
