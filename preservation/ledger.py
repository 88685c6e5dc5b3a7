"""The journal on disk: the same groups in every store, appended under one lock, brought level after a crash."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from archives.errors import IntegrityError, JinkuiError, NotFoundError, StorageError, StoreAbsentError
from archives.facts import Fact
from archives.journal import Entry, Group, Head, decode_group, extend, parse_head, read_group
from archives.message import message
from preservation.locks import Locks
from preservation.store import JOURNAL, Store, read_whole

HEAD = JOURNAL / "head"


def group_path(first: int) -> PurePosixPath:
    """Return the path of the group that begins with this entry."""
    return JOURNAL / f"{first:012}.jsonl"


class Ledger:
    """The journal of one home in its stores; ``agent`` is named by every entry this process appends."""

    def __init__(self, stores: Sequence[Store], locks: Locks, *, now: Callable[[], datetime], agent: str) -> None:
        self.stores = tuple(stores)
        self.agent = agent
        self._locks = locks
        self._now = now

    def append(self, facts: Sequence[Fact]) -> tuple[Entry, ...]:
        """Record facts in every store as one group, on disk when this returns; no facts leave no group.

        Raises ``IntegrityError`` when the stores do not end alike: ``level_stores`` comes first.
        """
        if not facts:
            return ()
        with self._locks.journal():
            head = self._common_head()
            group = extend(head, facts, at=self._now(), agent=self.agent)
            entries = tuple(decode_group(group))  # what could not be read back is not written
            for store in self.stores:
                store.put(group_path(group.first), group.data, over=None)
            for store in self.stores:
                store.put(HEAD, group.end.encoded(), over=head.encoded() if head.sequence else None)
        return entries

    def head(self) -> Head:
        """Return the farthest end that a store's head names; stores that are away are passed over."""
        heads = []
        away: JinkuiError | None = None
        for store in self.stores:
            try:
                heads.append(read_head(store))
            except (StorageError, IntegrityError) as cause:
                away = cause
        if not heads and away:
            raise away
        return max(heads, key=lambda head: head.sequence, default=Head())

    def raw_groups(self, after: Head | None = None) -> Iterator[Group]:
        """Yield the groups written after ``after``, each from a store that has it whole.

        Raises ``IntegrityError`` where no store has, or where the last group does not end as the head says.
        """
        at, end = after or Head(), self.head()
        while at.sequence < end.sequence:
            group = self._group_after(at)
            at = group.end
            yield group
        if at != end:
            raise IntegrityError(
                message("日志末条与头记录不符", "the journal does not end as its head says"), subject="journal"
            )

    def groups(self, after: Head | None = None) -> Iterator[tuple[Head, tuple[Entry, ...]]]:
        """Yield what was recorded after ``after``, group by group, each with the head it ends in."""
        return ((group.end, tuple(decode_group(group))) for group in self.raw_groups(after))

    def entries(self) -> Iterator[Entry]:
        """Yield every entry from the first."""
        for _, entries in self.groups():
            yield from entries

    def level_stores(self) -> tuple[str, ...]:
        """Bring every store to the longest chain; return the names of the stores that were not level.

        A crash leaves a group in some stores only, or a head behind its group. Raises ``IntegrityError`` when two stores hold different continuations of one chain (a fork).
        """
        with self._locks.journal():
            ends = [(store, _settle(store)) for store in self.stores]
            source, longest = max(ends, key=lambda pair: pair[1].sequence)
            changed = []
            for store, end in ends:
                _copy_groups(source, store, end, longest)
                head = _head_file(store)
                if head != longest and longest.sequence:
                    store.put(HEAD, longest.encoded(), over=head.encoded() if head else None)
                    changed.append(store.name)
        return tuple(changed)

    def _common_head(self) -> Head:
        heads = [read_head(store) for store in self.stores]
        if len(set(heads)) != 1:
            raise IntegrityError(
                message("各存储中的日志结尾不一致", "the journals in the stores do not end alike"),
                subject="journal",
                advice=message("请重新运行写入命令，它会先恢复", "run a writing command again: it recovers first"),
            )
        return heads[0]

    def _group_after(self, head: Head) -> Group:
        failure: JinkuiError | None = None
        for store in self.stores:
            try:
                return read_group(head, read_whole(store, group_path(head.sequence + 1)))
            except (NotFoundError, StorageError, IntegrityError) as cause:
                failure = failure if isinstance(failure, IntegrityError) else cause
        if isinstance(failure, StoreAbsentError):
            raise failure
        raise IntegrityError(
            message(
                "第 {number} 条起的日志没有完好的副本",
                "no store holds the journal whole from entry {number}",
                number=head.sequence + 1,
            ),
            subject=str(group_path(head.sequence + 1)),
        ) from failure


def read_head(store: Store) -> Head:
    """Return where a store's journal ends by its head file; an empty journal has none."""
    return _head_file(store) or Head()


def group_firsts(store: Store) -> tuple[int, ...]:
    """Return the numbers that a store's groups begin with, in order."""
    names = (entry.path.name for entry in store.walk(JOURNAL))
    return tuple(sorted(int(name[:-6]) for name in names if name.endswith(".jsonl") and name[:-6].isdigit()))


def _head_file(store: Store) -> Head | None:
    try:
        return parse_head(read_whole(store, HEAD))
    except NotFoundError:
        return None


def _settle(store: Store) -> Head:
    """Return the end of a store's chain, with the groups that its head does not know of yet."""
    end = read_head(store)
    for first in group_firsts(store):
        if first > end.sequence:
            end = read_group(end, read_whole(store, group_path(first))).end
    return end


def _copy_groups(source: Store, store: Store, end: Head, longest: Head) -> None:
    while end.sequence < longest.sequence:
        try:
            group = read_group(end, read_whole(source, group_path(end.sequence + 1)))
        except (NotFoundError, IntegrityError) as cause:
            raise _forked(source, store) from cause
        store.put(group_path(group.first), group.data, over=None)
        end = group.end
    if end != longest:
        raise _forked(source, store)


def _forked(one: Store, other: Store) -> IntegrityError:
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
