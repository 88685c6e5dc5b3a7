"""One store's copy of the journal: its head, its groups, and how far it goes; what the ledger is made of."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from archives.errors import IntegrityError, NotFoundError, StorageError
from archives.journal.chain import Head, parse_head, read_group
from archives.message import message
from preservation.stores.store import JOURNAL, Store, read_whole

HEAD = JOURNAL / "head"


def group_path(first: int) -> PurePosixPath:
    """Return the path of the group that begins with this entry."""
    return JOURNAL / f"{first:012}.jsonl"


def read_head(store: Store) -> Head:
    """Return where a store's journal ends by its head file; an empty journal has none."""
    try:
        return parse_head(read_whole(store, HEAD))
    except NotFoundError:
        return Head()


def group_firsts(store: Store) -> tuple[int, ...]:
    """Return the numbers that a store's groups begin with, in order."""
    names = (entry.path.name for entry in store.walk(JOURNAL))
    return tuple(sorted(int(name[:-6]) for name in names if name.endswith(".jsonl") and name[:-6].isdigit()))


def passes(store: Store, start: Head, end: Head) -> bool:
    """Return whether a store's groups lead from one head to another."""
    try:
        at = start
        while at.sequence < end.sequence:
            at = read_group(at, read_whole(store, group_path(at.sequence + 1))).end
    except (NotFoundError, StorageError, IntegrityError):
        return False
    return at == end


def groups_between(store: Store, start: Head, end: Head) -> Iterator[PurePosixPath]:
    """Yield the paths of the groups that lead from one head to another."""
    at = start
    while at.sequence < end.sequence:
        path = group_path(at.sequence + 1)
        at = read_group(at, read_whole(store, path)).end
        yield path


def settled_end(store: Store, head: Head) -> Head:
    """Return the end of a store's chain, with the groups that its head does not know of yet."""
    while True:
        try:
            data = read_whole(store, group_path(head.sequence + 1))
        except NotFoundError:
            return head
        head = read_group(head, data).end


def forked(one: Store, other: Store) -> IntegrityError:
    """Return the error that says that two stores' journals continue differently."""
    return IntegrityError(
        message(
            "存储“{one}”与“{other}”的日志分叉",
            "the journals of the stores “{one}” and “{other}” continue differently",
            one=one.name,
            other=other.name,
        ),
        subject="journal",
        advice=message(
            "已停止写入；请先查明哪一份日志可信",
            "nothing more is written; find out first which journal is to be trusted",
        ),
    )
