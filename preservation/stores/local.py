"""A store in a local folder."""

import errno
import itertools
import os
import shutil
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Annotated, ClassVar

from archives.errors import JinkuiError, StorageError, StoreAbsentError
from archives.message import message
from archives.system_reason import reason_of
from preservation.stores.files import begin_to_write, flush_file, flush_folder, let_in, wait_for_bytes, what_shuts_out
from preservation.stores.passed_over import is_passed_over
from preservation.stores.setting import Kind, StoreSetting, Told
from preservation.stores.store import (
    BLOCK_BYTES,
    JOURNAL,
    MARKER,
    PACKAGES,
    QUARANTINE,
    WORK,
    EntryKind,
    Properties,
    StoreEntry,
    absent,
    denied,
    emptied,
    failed,
    no_file,
    require_inside,
    require_removable,
    taken,
)

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FLUSHED_AT_ONCE = 200
_FOLDER_MODE = 0o700
_LOOKED_INTO = stat.S_IRUSR | stat.S_IXUSR
_FILE_MODE = 0o600
_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO)  # ENXIO: a socket was opened

_DENIED = (errno.EACCES, errno.EPERM)

_ADVICE = {
    errno.ENOSPC: message("请腾出空间后再运行一次", "free space there, then run the command again"),
    errno.EDQUOT: message("请提高配额后再运行一次", "raise the quota there, then run the command again"),
    errno.EROFS: message("请以可写方式重新挂载后再运行一次", "mount it writable, then run the command again"),
}
_MOUNT = message("请检查磁盘是否已挂载、路径是否正确", "check that its disk is mounted and its path is right")


@dataclass(frozen=True, kw_only=True)
class FolderSetting(StoreSetting):
    """A folder, of this machine or mounted there."""

    kind: ClassVar[Kind] = Kind("folder", message("文件夹", "a folder"), address="path")
    path: Annotated[str, Told(message("文件夹", "a folder"), "/mnt/third")]

    def properties(self, home: Path) -> Properties:
        """See ``StoreSetting.properties``."""
        return LocalStore(self.name, home / self.path).properties

    def names_there(self, home: Path, environment: Mapping[str, str]) -> frozenset[str]:
        """See ``StoreSetting.names_there``."""
        try:
            with os.scandir(home / self.path) as scan:
                return frozenset(one.name for one in scan if not is_passed_over(one.name, is_folder=one.is_dir()))
        except FileNotFoundError:
            return frozenset()
        except OSError as cause:
            store = self.open(home, environment)
            raise store.failure(".", cause) from cause

    def open(self, home: Path, environment: Mapping[str, str]) -> "LocalStore":
        """See ``StoreSetting.open``."""
        return LocalStore(self.name, home / self.path)


class LocalStore:
    """A folder of this machine; files are its owner's alone, links are never followed."""

    def __init__(self, name: str, root: Path) -> None:
        self._name = name
        self.root = root
        self._root_text = str(root)

    @property
    def name(self) -> str:
        """The name the operator gave it."""
        return self._name

    @property
    def properties(self) -> Properties:
        """Its folder, whose files may be read without it."""
        return Properties(self._root_text, self.root)

    def create(self, path: PurePosixPath, blocks: Iterable[bytes]) -> None:
        """Write a new file; see ``Store.create``."""
        try:
            folder = self._opened_folder(path)
            try:
                handle = os.open(path.name, _NEW_FILE, _FILE_MODE, dir_fd=folder)
            finally:
                os.close(folder)
            try:
                for block in blocks:
                    _write_all(handle, block)
            finally:
                os.close(handle)
        except OSError as cause:
            raise self._error(path, cause) from cause

    def put(self, path: PurePosixPath, data: bytes, *, over: bytes | None) -> None:
        """Put a small file in place at once; see ``Store.put``."""
        place = self._place(path)
        temporary = self._place(WORK / str(path).replace("/", "+"))
        try:
            stands = os.path.lexists(place)
            if stands if over is None else b"".join(self.read(path)) != over:
                raise taken(self, path)
            self._make_folders(place.parent)
            self._make_folders(temporary.parent)
            temporary.unlink(missing_ok=True)
            self.create(WORK / temporary.name, [data])
            flush_file(temporary)
            temporary.replace(place)
            self._flush_folders({place.parent})
        except OSError as cause:
            raise self._error(path, cause) from cause

    def read(self, path: PurePosixPath | str) -> Iterator[bytes]:
        """Yield a file's bytes; see ``Store.read``. What is shorter than one block is read at once, in one call."""
        try:
            handle = os.open(self._place_text(path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as cause:
            raise self._error(path, cause) from cause
        try:
            state = os.fstat(handle)
            if not stat.S_ISREG(state.st_mode) or not self._lies_at(handle, path):
                raise self._missing(path)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            if state.st_size >= BLOCK_BYTES:
                kept, handle = handle, -1
                return self._blocks(path, kept)
            block = os.read(handle, BLOCK_BYTES if state.st_size == 0 else state.st_size + 1)
            if len(block) != state.st_size:  # it grew or shrank meanwhile
                kept, handle = handle, -1
                return itertools.chain((block,), self._blocks(path, kept))
            return iter((block,) if block else ())
        except OSError as cause:
            raise self._error(path, cause) from cause
        finally:
            if handle >= 0:
                os.close(handle)

    def walk(
        self, folder: PurePosixPath, *, passing_over: Collection[PurePosixPath] = frozenset()
    ) -> Iterator[StoreEntry]:
        """Yield everything below a folder; see ``Store.walk``."""
        self._require_presence()
        return self._walk(str(folder), {str(path) for path in passing_over})

    def flush(self, paths: Iterable[PurePosixPath]) -> None:
        """Put files and the folders on the way to them on disk; see ``Store.flush``."""
        folders: set[str] = set()
        rest = iter(paths)
        while together := list(itertools.islice(rest, _FLUSHED_AT_ONCE)):
            self._flush_files(together)
            folders |= {f"{self._root_text}/{folder}" for folder in {str(path.parent) for path in together}}
        self._flush_folders(folders)

    def move(self, source: PurePosixPath, target: PurePosixPath) -> None:
        """Rename within the store; see ``Store.move``."""
        self._flush_folders(self._renamed(source, target))

    def move_below(self, paths: Iterable[PurePosixPath], target: PurePosixPath) -> None:
        """Rename one after another, and wait for the disk once; see ``Store.move_below``."""
        changed: set[Path] = set()
        try:
            for path in paths:
                changed |= self._renamed(path, target / path)
        finally:
            self._flush_folders({folder for folder in changed if folder.is_dir()})

    def remove(self, path: PurePosixPath) -> None:
        """Delete for good; see ``Store.remove``."""
        require_removable(self, path)
        place = self._place(path)
        try:
            if not os.path.lexists(place):
                return
            if place.is_dir() and not place.is_symlink():
                _unlock_folders(place)
                shutil.rmtree(place)
            else:
                place.unlink()
            self._flush_folders({place.parent})
        except OSError as cause:
            raise self._error(path, cause) from cause

    def _renamed(self, source: PurePosixPath, target: PurePosixPath) -> set[Path]:
        """Rename, not yet on disk, and return the folders that changed by it."""
        old, new = self._place(source), self._place(target)
        try:
            if not os.path.lexists(old):
                raise self._missing(source)
            self._make_folders(new.parent)
            if os.path.lexists(new):
                raise taken(self, target)
            if old.is_dir() and not old.is_symlink() and old.stat().st_mode & _FOLDER_MODE != _FOLDER_MODE:
                old.chmod(_FOLDER_MODE)  # without the right to write in it a folder cannot change its parent
            old.rename(new)
            return {self._prune(old.parent), new.parent}
        except OSError as cause:
            raise self._error(source, cause) from cause

    def _opened_folder(self, path: PurePosixPath) -> int:
        """Return a descriptor of the folder that a new file is to lie in, made where it is not there; raises ``OSError``.

        Once it is known that no link led there, nothing that is put in the way afterwards can lead elsewhere.
        """
        require_inside(self, path)
        folder = f"{self._root_text}/{path.parent}"
        try:
            handle = os.open(folder, _FOLDER)
        except OSError:
            self._make_folders(self._place(path).parent)
            handle = os.open(folder, _FOLDER)
        try:
            if not self._lies_at(handle, path.parent):
                self._place(path)
        except BaseException:
            os.close(handle)
            raise
        return handle

    def _flush_files(self, paths: Sequence[PurePosixPath]) -> None:
        """Return when these files are on disk: all are sent on their way first, and only then each is waited for.

        Their bytes are waited for before any is flushed: a file system writes its journal again for each file whose bytes
        arrive after it was written for another.
        """
        handles: list[int] = []
        try:
            for path in paths:
                try:
                    require_inside(self, path)
                    handles.append(os.open(f"{self._root_text}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC))
                    if not self._lies_at(handles[-1], path):
                        self._place(path)
                except OSError as cause:
                    raise self._error(path, cause) from cause
            steps = (begin_to_write, wait_for_bytes, os.fsync)
            for step, (path, handle) in itertools.product(steps, zip(paths, handles, strict=True)):
                try:
                    step(handle)
                except OSError as cause:
                    raise self._error(path, cause) from cause
        finally:
            for handle in handles:
                os.close(handle)

    def _place(self, path: PurePosixPath) -> Path:
        """Return the place of what is to be written, moved or removed; never one that a link on the way leads to."""
        require_inside(self, path)
        in_quarantine = path.parts[0] == QUARANTINE.name  # there links lie that were set aside
        if not in_quarantine and (folder := self._link_above(path)):
            raise StorageError(
                message(
                    "存储“{store}”中的文件夹被换成了链接：{folder}",
                    "a folder of the store “{store}” was replaced by a link: {folder}",
                    store=self._name,
                    folder=str(folder),
                ),
                subject=f"{self._name}: {folder}",
                advice=message("请运行 jinkui audit，再运行 jinkui repair", "run jinkui audit, then jinkui repair"),
            )
        return self.root / path

    def _link_above(self, path: PurePosixPath) -> PurePosixPath | None:
        """Return a folder on the way to a path that is a link, None where there is none."""
        place = self._root_text
        for number, name in enumerate(path.parts[:-1], 1):
            place = f"{place}/{name}"
            if os.path.islink(place):  # noqa: PTH114 - asked of every folder: a path object costs more than the call
                return PurePosixPath(*path.parts[:number])
        return None

    def _lies_at(self, handle: int, path: PurePosixPath | str) -> bool:
        """Say whether what was opened lies in the store at its path, and was not reached through a link on the way."""
        there = os.readlink(f"/proc/self/fd/{handle}")  # noqa: PTH115 - a path object costs more than the call
        return there == f"{self._real_root}/{path}" or not self._link_above(PurePosixPath(path))

    @cached_property
    def _real_root(self) -> str:
        return os.path.realpath(self._root_text)

    def _place_text(self, path: PurePosixPath | str) -> str:
        text = str(path)
        if text[0] == "/" or ".." in text or "\0" in text:
            return str(self._place(PurePosixPath(path)))
        return f"{self._root_text}/{text}"

    def _blocks(self, path: PurePosixPath | str, handle: int) -> Iterator[bytes]:
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_SEQUENTIAL)
            while block := os.read(handle, BLOCK_BYTES):
                yield block
        except OSError as cause:
            raise self._error(path, cause) from cause
        finally:
            os.close(handle)

    def _walk(self, top: str, passing_over: set[str]) -> Iterator[StoreEntry]:
        if self._link_above(PurePosixPath(top)):
            return
        try:
            state = os.lstat(f"{self._root_text}/{top}")
        except OSError as cause:
            if cause.errno in _GONE:
                return
            raise self._error(PurePosixPath(top), cause) from cause
        if not _is_open_folder(state.st_mode):
            yield _entry(top, state)
            return
        open_folders = [("" if top == "." else f"{top}/", iter(self._listing(top)))]
        while open_folders:
            prefix, rest = open_folders[-1]
            entry = next(rest, None)
            if entry is None:
                open_folders.pop()
                continue
            place = f"{prefix}{entry.name}"
            try:
                state = entry.stat(follow_symlinks=False)
            except OSError as cause:
                if cause.errno in _GONE:
                    self._require_presence()
                    continue  # it went after its folder was listed
                raise self._error(PurePosixPath(place), cause) from cause
            is_folder = stat.S_ISDIR(state.st_mode)
            if (is_folder and place in passing_over) or is_passed_over(place, is_folder=is_folder):
                continue
            if not _is_open_folder(state.st_mode):
                yield _entry(place, state)
            elif listing := self._listing(place):
                open_folders.append((f"{place}/", iter(listing)))
            else:
                yield StoreEntry(place, EntryKind.EMPTY_FOLDER)

    def _listing(self, folder: str) -> "list[os.DirEntry[str]]":
        try:
            with os.scandir(f"{self._root_text}/{folder}") as scan:
                return sorted(scan, key=lambda entry: entry.name)
        except OSError as cause:
            if cause.errno in _GONE:
                return []
            raise self._error(PurePosixPath(folder), cause) from cause

    def _make_folders(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        except (FileNotFoundError, NotADirectoryError):
            self._make_folders(folder.parent)
            folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)

    def _prune(self, folder: Path) -> Path:
        """Remove folders that a move left empty, but none directly below the root; return the first that stays."""
        while folder.parent != self.root and folder != self.root:
            try:
                folder.rmdir()
            except OSError as cause:
                if cause.errno == errno.ENOTEMPTY:
                    break
                raise
            folder = folder.parent
        return folder

    def _flush_folders(self, folders: Iterable[Path | str]) -> None:
        every: set[str] = set()
        for place in map(str, folders):
            while place not in every and len(place) > len(self._root_text):
                every.add(place)
                place = place.rpartition("/")[0]
            every.add(self._root_text)
        for place in sorted(every, key=len, reverse=True):  # what is below before what is above it
            try:
                flush_folder(place) if place == self._root_text else flush_file(place)
            except OSError as cause:
                raise self._error(PurePosixPath(place).name, cause) from cause

    def _require_presence(self) -> None:
        try:
            is_there = any((self.root / known).exists() for known in (MARKER, PACKAGES, JOURNAL))
            is_empty = not is_there and self.root.is_dir() and _is_empty(self.root)
        except OSError as cause:  # nobody can tell
            raise self.failure(".", cause) from cause
        if not is_there:
            raise emptied(self) if is_empty else absent(self, _MOUNT)

    def _missing(self, path: PurePosixPath | str) -> JinkuiError:
        try:
            self._require_presence()
        except StoreAbsentError as gone:
            return gone
        return no_file(self, path)

    def _error(self, path: PurePosixPath | str, cause: OSError) -> JinkuiError:
        if cause.errno in _GONE:
            return self._missing(path)
        if cause.errno == errno.EEXIST:
            return taken(self, path)
        return self.failure(path, cause)

    def failure(self, path: PurePosixPath | str, cause: OSError) -> StorageError:
        """Return the error for what the system refused at a path of the store."""
        if cause.errno in _DENIED:
            shut = what_shuts_out(self.root, PurePosixPath(path))
            return denied(self, path, let_in(self.root / shut if shut else self.root), place=shut or "")
        return failed(self, path, reason_of(cause), _ADVICE.get(cause.errno or 0))


def _is_empty(folder: Path) -> bool:
    with os.scandir(folder) as scan:
        return all(is_passed_over(one.name, is_folder=one.is_dir(follow_symlinks=False)) for one in scan)


def _is_open_folder(mode: int) -> bool:
    """Say whether its owner may list and enter a folder; that nobody may write in it hides nothing of what lies there."""
    return stat.S_ISDIR(mode) and mode & _LOOKED_INTO == _LOOKED_INTO


def _entry(place: str, state: os.stat_result) -> StoreEntry:
    """Return what stands at a place that is no folder one may enter."""
    if stat.S_ISREG(state.st_mode):
        kind = EntryKind.FILE if state.st_mode & stat.S_IRUSR else EntryKind.LOCKED_FILE
    else:
        kind = EntryKind.LOCKED_FOLDER if stat.S_ISDIR(state.st_mode) else EntryKind.OTHER
    return StoreEntry(place, kind, state.st_size, state.st_nlink, f"{state.st_ino}:{state.st_ctime_ns}:{state.st_size}")


def _unlock_folders(place: Path) -> None:
    """Let the owner into a folder and every folder below it again."""
    place.chmod(_FOLDER_MODE)
    with os.scandir(place) as scan:
        folders = [Path(entry.path) for entry in scan if entry.is_dir(follow_symlinks=False)]
    for folder in folders:
        _unlock_folders(folder)


def _write_all(handle: int, block: bytes) -> None:
    rest = memoryview(block)
    while rest:
        rest = rest[os.write(handle, rest) :]
