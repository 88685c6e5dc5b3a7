"""The chain of the journal in the stores: what one store holds of it, and the one way to follow it over several.

A group says nothing of its own last line: the group after it, or a head, bears it out. So of several stores the chain is
read where it is whole, and where they hold different groups in one place, the one that leads on to a head is the chain's.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from archives.errors import IntegrityError, JinkuiError, NotFoundError, StorageError, StoreAbsentError
from archives.journal.chain import Group, Head, parse_head, read_group
from archives.message import message
from preservation.journal.refusals import not_as_the_head_says, nowhere_whole
from preservation.stores.presence import out_of_reach
from preservation.stores.store import JOURNAL, Store

HEAD = JOURNAL / "head"
_GROUP_FILE = re.compile(r"([0-9]{12,15})\.jsonl", re.ASCII)
_LONGEST_HEAD_BYTES, _LONGEST_GROUP_BYTES = 1 << 10, 1 << 28
NOT_WHOLE = (NotFoundError, StorageError, IntegrityError)
"""Why a store has no group after a head: there is none, it cannot be read, or it does not follow."""


class GroupSource(Protocol):
    """Where groups of the journal lie: a store, or what the home remembers of its own."""

    @property
    def name(self) -> str:
        """What it is called."""

    def read(self, path: PurePosixPath | str) -> Iterator[bytes]:
        """Yield a group's bytes; raises ``NotFoundError`` where there is none, ``StorageError`` where it cannot be read."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a store holds in the place after a head: a whole group, or why it has none; ``data`` as far as it was read."""

    store: GroupSource
    found: Group | JinkuiError
    data: bytes


def group_path(first: int) -> PurePosixPath:
    """Return the path of the group that begins with this entry."""
    return PurePosixPath(_place(first))


def group_firsts(store: Store) -> tuple[int, ...]:
    """Return the numbers that a store's groups begin with, in order."""
    found = (_GROUP_FILE.fullmatch(entry.path.name) for entry in store.walk(JOURNAL))
    return tuple(sorted(int(name[1]) for name in found if name))


def read_head(store: Store) -> Head:
    """Return where a store's journal ends by its head file; an empty journal has none."""
    try:
        return parse_head(read_bounded(store, HEAD))
    except NotFoundError:
        return Head()


def read_next(store: GroupSource, head: Head) -> Group:
    """Return a store's group after a head; raises ``NOT_WHOLE``."""
    return read_group(head, read_bounded(store, _place(head.sequence + 1)))


def read_bounded(store: GroupSource, path: PurePosixPath | str) -> bytes:
    """Return the bytes of a group or a head; raises ``IntegrityError`` when there are more than any of ours has."""
    most_bytes = _LONGEST_GROUP_BYTES if isinstance(path, str) or path != HEAD else _LONGEST_HEAD_BYTES
    blocks: list[bytes] = []
    size = 0
    for block in store.read(path):
        blocks.append(block)
        size += len(block)
        if size > most_bytes:
            raise IntegrityError(
                message("文件大得不像日志：{path}", "too large for a file of the journal: {path}", path=str(path)),
                subject=f"{store.name}: {path}",
            )
    return b"".join(blocks)


def groups_of(store: GroupSource, start: Head, end: Head) -> Iterator[Group]:
    """Yield a store's groups after one head as far as the number of another; raises ``NOT_WHOLE``."""
    while start.sequence < end.sequence:
        group = read_next(store, start)
        yield group
        start = group.end


def passes(store: GroupSource, start: Head, end: Head) -> bool:
    """Return whether a store's groups lead from one head to another."""
    at = start
    with suppress(*NOT_WHOLE):
        for group in groups_of(store, start, end):
            at = group.end
    return at == end


def read_heads(stores: Sequence[Store]) -> list[Head]:
    """Return the heads of the stores that are there and have one that can be read; raises when none has."""
    heads: list[Head] = []
    away: list[tuple[str, StorageError]] = []
    broken: IntegrityError | None = None
    for store in stores:
        try:
            heads.append(read_head(store))
        except StorageError as cause:
            away.append((store.name, cause))
        except IntegrityError as cause:
            broken = cause
    if not heads and (broken or away):
        raise broken or out_of_reach(away)
    return heads or [Head()]


def held_after(stores: Sequence[GroupSource], head: Head) -> Iterator[Held]:
    """Yield what each store holds after a head, read when it is asked for; what stores hold alike is computed once."""
    known: dict[bytes, Group] = {}
    place = _place(head.sequence + 1)
    for store in stores:
        data = b""
        try:
            data = read_bounded(store, place)
            known[data] = group = known.get(data) or read_group(head, data)
        except NOT_WHOLE as failure:
            yield Held(store, failure, data)
        else:
            yield Held(store, group, data)


def groups_after(stores: Sequence[GroupSource], head: Head) -> Iterator[Group]:
    """Yield the different groups that stores hold whole after a head, in the order of the stores."""
    known: list[Group] = []
    for held in held_after(stores, head):
        if isinstance(held.found, Group) and held.found not in known:
            known.append(held.found)
            yield held.found


def group_between(stores: Sequence[GroupSource], start: Head, end: Head) -> Group:
    """Return the one group that leads from a head to another.

    Raises ``IntegrityError`` when no store has it whole, ``StorageError`` when stores cannot be read and none is damaged.
    """
    for group in groups_after(stores, start):
        if group.end == end:
            return group
    raise _nowhere_whole(start, _worst(stores, start))


def follow(stores: Sequence[Store], at: Head) -> Iterator[Group]:
    """Yield the groups after a head, each from a store that has it whole, to the farthest head that they bear out.

    Raises ``IntegrityError`` where no store holds the chain, or where it does not continue from ``at``.
    """
    heads = read_heads(stores)
    farthest = max(head.sequence for head in heads)
    if at in heads and at.sequence == farthest:
        return
    if len(set(heads)) == 1:
        yield from follow_to(stores, at, heads[0])
        return
    unsure: list[Group] = []
    confirmed = at in heads
    while at.sequence < farthest and (group := _group_towards(stores, at, heads)):
        unsure.append(group)
        at = group.end
        if at in heads:
            yield from unsure
            unsure, confirmed = [], True
    if not confirmed:
        raise not_as_the_head_says()


def follow_to(stores: Sequence[GroupSource], at: Head, end: Head) -> Iterator[Group]:
    """Yield the groups that lead to an end: of one store that has them all, else each from wherever it lies whole."""
    whole = next((store for store in stores if passes(store, at, end)), None)
    if whole is not None:
        with suppress(*NOT_WHOLE):  # since it was looked at
            for group in groups_of(whole, at, end):
                yield group
                at = group.end
    yield from _from_several(stores, at, end)


def _from_several(stores: Sequence[GroupSource], at: Head, end: Head) -> Iterator[Group]:
    """Yield the groups that lead to an end, each from a store whose group those that follow, or the end, bear out."""
    while at.sequence < end.sequence:
        group = _leading(stores, tuple(groups_after(stores, at)), end)
        if group is None or not _goes_on(stores, group.end, end):
            after = group.end if group else at
            failure = _worst(stores, after)  # what does not follow a group that nothing bears out says it was altered
            raise _nowhere_whole(at if isinstance(failure, IntegrityError) else after, failure)
        yield group
        at = group.end
    if at != end:
        raise not_as_the_head_says()


def _place(first: int) -> str:
    return f"{JOURNAL}/{first:012}.jsonl"


def _goes_on(stores: Sequence[GroupSource], at: Head, end: Head) -> bool:
    return at == end or (at.sequence < end.sequence and any(groups_after(stores, at)))


def _leading(stores: Sequence[GroupSource], groups: Sequence[Group], end: Head) -> Group | None:
    """Return the group of several from which those of any stores lead to an end; where none does, the one that leads farthest.

    All are followed side by side until one is left, so that a forged group costs what was forged after it.
    """
    ways = {group.end: group for group in groups}
    left = groups[0] if groups else None
    while len(set(map(id, ways.values()))) > 1:
        if end in ways:
            return ways[end]
        left = next(iter(ways.values()))
        ways = {
            after.end: group
            for at, group in ways.items()
            if at.sequence < end.sequence
            for after in groups_after(stores, at)
        }
    return next(iter(ways.values()), left)


def _leads(stores: Sequence[GroupSource], at: Head, ends: Sequence[Head]) -> bool:
    """Say whether the groups after a head, each of any store, lead to one of these ends."""
    farthest = max(end.sequence for end in ends)
    ways = [at]
    while ways and not any(way in ends for way in ways):
        ways = [after.end for way in ways if way.sequence < farthest for after in groups_after(stores, way)]
    return bool(ways)


def _group_towards(stores: Sequence[Store], at: Head, heads: Sequence[Head]) -> Group | None:
    """Return the next group on the way to a head; where stores hold different ones, the one that leads there.

    None where the groups end and one store alone says that they go on: it may have taken an append that never counted.
    """
    groups = list(groups_after(stores, at))
    if len(groups) > 1:
        groups.sort(key=lambda group: not _leads(stores, group.end, heads))
    if groups:
        return groups[0]
    failure = _worst(stores, at)
    if isinstance(failure, NotFoundError) and heads.count(max(heads, key=lambda head: head.sequence)) == 1:
        return None
    raise _nowhere_whole(at, failure)


def _worst(stores: Sequence[GroupSource], head: Head) -> JinkuiError | None:
    """Return what keeps every store from having the next group: damage, else what the store looked at last says.

    Where that cannot be read, all that cannot be are named.
    """
    held = [one for one in held_after(stores, head) if isinstance(one.found, JinkuiError)]
    damaged = next((one.found for one in held if isinstance(one.found, IntegrityError)), None)
    away = [(one.store.name, one.found) for one in held if isinstance(one.found, StorageError)]
    last = held[-1].found if held else None
    if damaged is None and isinstance(last, StorageError):
        return out_of_reach(away)
    return damaged or (last if isinstance(last, JinkuiError) else None)


def _nowhere_whole(head: Head, failure: JinkuiError | None) -> JinkuiError:
    """Return the error that no store has the next group whole; a store that cannot be read might have it."""
    if isinstance(failure, StorageError):
        return failure
    error = nowhere_whole(head.sequence + 1, str(group_path(head.sequence + 1)))
    error.__cause__ = failure
    return error


def groups_from(source: GroupSource, at: Head) -> Iterator[Group]:
    """Yield a source's groups after a head as far as they go on; raises ``StoreAbsentError``."""
    while True:
        try:
            group = read_next(source, at)
        except StoreAbsentError:
            raise
        except NOT_WHOLE:
            return
        yield group
        at = group.end
