"""What lies below a folder, looked at once and never followed: the ground every validation stands on.

Paths are text with ``/`` between the parts, relative to the folder; there may be millions, so they are no objects. A
name that is no UTF-8 keeps its bytes as surrogates (PEP 383).
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archives.message import Message
from archives.system_reason import reason_of


@dataclass(frozen=True, slots=True)
class Tree:
    """Everything below a folder, each thing under its kind.

    ``files`` are regular files only. ``links`` are symbolic links, to whatever they point; ``specials`` are pipes,
    sockets and devices; ``unreadable`` says why a folder or an entry could not be looked at.
    """

    root: Path
    files: dict[str, os.stat_result] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    specials: list[str] = field(default_factory=list)
    empty_folders: list[str] = field(default_factory=list)
    unreadable: dict[str, Message] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        """The size of all regular files together."""
        return sum(state.st_size for state in self.files.values())


def read_tree(root: Path) -> Tree:
    """Return what lies below a folder; what cannot be looked at is named, nothing is raised."""
    tree = Tree(root)
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            entries = _entries(root, folder)
        except OSError as cause:
            tree.unreadable[folder or "."] = reason_of(cause)
            continue
        if not entries and folder:
            tree.empty_folders.append(folder)
        before = f"{folder}/" if folder else ""
        for entry in entries:
            _enter(tree, before + entry.name, entry)
        waiting += [before + entry.name for entry in reversed(entries) if before + entry.name in tree.folders]
    return tree


def top_of(folder: Path) -> tuple[str, ...]:
    """Return the names that stand directly in a folder, sorted; none when it cannot be looked at."""
    try:
        return tuple(sorted(os.listdir(folder)))  # noqa: PTH208 - names, not paths
    except OSError:
        return ()


def open_regular(root: Path, path: str) -> int:
    """Open a regular file for reading and return its descriptor; never waits, never follows a last link.

    Raises ``OSError`` also for what is no regular file.
    """
    handle = os.open(root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(0, "not a regular file")
    return handle


def read_regular(root: Path, path: str, *, at_most: int) -> bytes:
    """Return a regular file's bytes, of a larger one the first ``at_most`` + 1; raises ``OSError``."""
    with os.fdopen(open_regular(root, path), "rb") as source:
        return source.read(at_most + 1)


def _entries(root: Path, folder: str) -> list["os.DirEntry[str]"]:
    with os.scandir(os.path.join(root, folder) if folder else root) as scan:  # noqa: PTH118 - for every folder
        return sorted(scan, key=lambda entry: entry.name)


def _enter(tree: Tree, path: str, entry: "os.DirEntry[str]") -> None:
    try:
        if entry.is_dir(follow_symlinks=False):
            tree.folders.add(path)
        elif entry.is_symlink():
            tree.links.append(path)
        elif entry.is_file(follow_symlinks=False):
            tree.files[path] = entry.stat(follow_symlinks=False)
        else:
            tree.specials.append(path)
    except OSError as cause:
        tree.unreadable[path] = reason_of(cause)


def parents_of(path: str) -> Iterator[str]:
    """Yield the folders above a path, the nearest first."""
    while (cut := path.rfind("/")) > 0:
        path = path[:cut]
        yield path
