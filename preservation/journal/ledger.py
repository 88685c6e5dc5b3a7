"""The journal on disk: the same groups in every store, appended under one lock, brought level after a crash.

A store that is away is passed over as long as ``minimum`` stores take the group; the journal then says so
(``StoreAway``), and what the store missed is copied to it when it is there again (``StoreReturned``).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from archives.errors import IntegrityError, JinkuiError, NotFoundError, PathTakenError, StorageError
from archives.journal.chain import Entry, Group, Head, decode_group, extend, read_group
from archives.journal.facts import Fact, StoreAway, StoreReturned
from archives.message import message
from preservation.journal.store_journal import (
    HEAD,
    forked,
    group_path,
    groups_between,
    passes,
    read_head,
    settled_end,
)
from preservation.locks import Locks
from preservation.stores.store import QUARANTINE, Store, read_whole


class Ledger:
    """The journal of one home in its stores; ``agent`` is named by every entry this process appends.

    ``minimum`` is the number of stores that must take a group before it counts; ``away`` names the stores that the
    journal itself says are away (kept up to date by whoever folds the journal), ``foreign`` those in whose place another
    store lies: they are neither read nor written.
    """

    def __init__(
        self,
        stores: Sequence[Store],
        locks: Locks,
        *,
        now: Callable[[], datetime],
        agent: str,
        minimum: int | None = None,
    ) -> None:
        self.stores = tuple(stores)
        self.agent = agent
        self.minimum = len(self.stores) if minimum is None else minimum
        self.away: set[str] = set()
        self.foreign: set[str] = set()
        self._locks = locks
        self._now = now

    def append(self, facts: Sequence[Fact]) -> tuple[Entry, ...]:
        """Record facts as one group, on disk in at least ``minimum`` stores when this returns; no facts, no group.

        Stores that are behind are brought level first. Raises ``StorageError`` when too few stores are there,
        ``IntegrityError`` when two stores hold different continuations of one chain.
        """
        if not facts:
            return ()
        with self._locks.journal():
            present, head = self._level()
            known = self.away | {fact.store for fact in facts if isinstance(fact, StoreAway)}
            lost = [StoreAway(s.name) for s in self.stores if s not in present and s.name not in known]
            group = extend(head, [*lost, *facts], at=self._now(), agent=self.agent)
            entries = tuple(decode_group(group))  # what could not be read back is not written
            self._write(present, head, group)
            self.away.update(fact.store for fact in lost)
        return entries[len(lost) :]

    def head(self) -> Head:
        """Return the end of the chain as the stores' heads name it, the farthest that the groups bear out."""
        heads = self._heads()
        if len(set(heads)) == 1:
            return heads[0]
        end = Head()
        for group in self.raw_groups():
            end = group.end
        return end

    def raw_groups(self, after: Head | None = None) -> Iterator[Group]:
        """Yield the groups written after ``after``, each from a store that has it whole.

        The end is the farthest head of a store that the chain bears out. Raises ``IntegrityError`` where no store
        holds the chain, or where it does not continue from ``after``.
        """
        at, heads = after or Head(), self._heads()
        farthest = max(head.sequence for head in heads)
        if at in heads and at.sequence == farthest:
            return
        if len(set(heads)) == 1:
            yield from self._up_to(at, heads[0])
            return
        unsure: list[Group] = []
        confirmed = at in heads
        while at.sequence < farthest and (group := self._branch_after(at, heads)):
            unsure.append(group)
            at = group.end
            if at in heads:
                yield from unsure
                unsure, confirmed = [], True
        if not confirmed:
            raise _not_as_the_head_says()

    def _up_to(self, at: Head, end: Head) -> Iterator[Group]:
        """Yield the groups that lead to an end: of one store that has them all, else each from wherever it lies whole."""
        whole = next((store for store in self._reachable() if passes(store, at, end)), None)
        while whole is not None and at.sequence < end.sequence:
            try:
                group = read_group(at, read_whole(whole, group_path(at.sequence + 1)))
            except (NotFoundError, StorageError, IntegrityError):  # since it was looked at
                break
            yield group
            at = group.end
        yield from self._from_several(at, end)

    def _from_several(self, at: Head, end: Head) -> Iterator[Group]:
        """Yield the groups that lead to an end, each when the next one, or the end, bears it out.

        A group alone says nothing of its last line: where the chain does not go on from it, the group that another
        store holds in its place is looked for.
        """
        held: Group | None = None
        while (tip := held.end if held else at).sequence < end.sequence:
            try:
                following = self._group_after(tip, required=True)
            except (IntegrityError, NotFoundError):
                held = self._other_than(held, at, end)
                if held is None:
                    raise
                continue
            assert following is not None
            if held:
                at = held.end
                yield held
            held = following
        if tip != end:
            held = self._other_than(held, at, end)
            if held is None:
                raise _not_as_the_head_says()
        if held:
            yield held

    def _other_than(self, unsure: Group | None, at: Head, end: Head) -> Group | None:
        """Return another group after ``at`` than one that leads nowhere: one that ends there or that some store goes on from."""
        for store in self._reachable() if unsure else ():
            try:
                group = read_group(at, read_whole(store, group_path(at.sequence + 1)))
                if group != unsure and (group.end == end or self._group_after(group.end, required=True)):
                    return group
            except (NotFoundError, StorageError, IntegrityError):
                continue
        return None

    def groups(self, after: Head | None = None) -> Iterator[tuple[Head, tuple[Entry, ...]]]:
        """Yield what was recorded after ``after``, group by group, each with the head it ends in."""
        return ((group.end, tuple(decode_group(group))) for group in self.raw_groups(after))

    def entries_between(self, start: Head, end: Head) -> tuple[Entry, ...]:
        """Return the entries of the one group that leads from a head to another, from a store that has it whole.

        Raises ``IntegrityError`` when none has.
        """
        for store in self._reachable():
            try:
                group = read_group(start, read_whole(store, group_path(start.sequence + 1)))
            except (NotFoundError, StorageError, IntegrityError):
                continue
            if group.end == end:
                return tuple(decode_group(group))
        raise _nowhere_whole(start)

    def entries(self) -> Iterator[Entry]:
        """Yield every entry from the first."""
        for _, entries in self.groups():
            yield from entries

    def level_stores(self, *, before_return: Callable[[frozenset[str]], None] = lambda _: None) -> tuple[str, ...]:
        """Bring every store that is there to the longest chain; return the names of those that were not level.

        A crash leaves a group in some stores only, or a head behind its group. A store that is not there is recorded as
        away, one that was away and is level again as returned, after ``before_return`` has done with it what it missed.
        Raises ``IntegrityError`` when two stores hold different continuations of one chain (a fork), ``StorageError``
        when fewer than ``minimum`` stores are there.
        """
        with self._locks.journal():
            before = {store.name: _head_if_there(store) for store in self._reachable()}
            present, head = self._level()
            changed = tuple(store.name for store in present if before[store.name] != head)
        names = {store.name for store in present}
        lost = [StoreAway(s.name) for s in self.stores if s.name not in names | self.away]
        self.away |= {fact.store for fact in lost}
        self.append(lost)
        if back := frozenset(names & self.away):
            before_return(back)
            self.append([StoreReturned(name) for name in sorted(back)])
            self.away -= back
        return changed

    def _reachable(self) -> tuple[Store, ...]:
        return tuple(store for store in self.stores if store.name not in self.foreign)

    def _heads(self) -> list[Head]:
        """Return the heads of the stores that are there and have one that can be read."""
        heads: list[Head] = []
        failure: JinkuiError | None = None
        for store in self._reachable():
            try:
                heads.append(read_head(store))
            except (StorageError, IntegrityError) as cause:
                failure = cause
        if not heads and failure:
            raise failure
        return heads or [Head()]

    def _level(self) -> tuple[tuple[Store, ...], Head]:
        """Bring the stores that are there to one end and return them with it; the journal lock is held.

        A store that cannot be written (full, read-only) is passed over as one that is away, while enough others can.
        """
        ends: list[_End] = []
        failure: JinkuiError | None = None
        for store in self._reachable():
            try:
                stands = read_head(store)
                ends.append(_End(store, stands, settled_end(store, stands)))
            except (StorageError, NotFoundError) as cause:
                failure = cause
        if len(ends) < max(1, self.minimum):
            raise failure or _too_few(len(ends), self.minimum)
        source = _longest(ends)
        longest = source.end
        level: list[Store] = []
        for one in ends:
            try:
                self._bring_level(source.store, one, longest)
            except PathTakenError:
                raise
            except StorageError as cause:
                failure = cause
            else:
                level.append(one.store)
        if len(level) < max(1, self.minimum):
            raise failure or _too_few(len(level), self.minimum)
        return tuple(level), longest

    def _bring_level(self, source: Store, one: "_End", longest: Head) -> None:
        if one.end != longest:
            self._bring_on(source, one, longest)
        if one.stands != longest:
            one.store.put(HEAD, longest.encoded(), over=one.stands.encoded() if one.stands.sequence else None)

    def _bring_on(self, source: Store, behind: "_End", longest: Head) -> None:
        """Copy what a store lacks; groups that its own head never knew and the chain does not have go to quarantine."""
        start = behind.end
        if start != behind.stands and not passes(source, behind.stands, start):
            start = behind.stands
            stamp = self._now().strftime("%Y%m%dT%H%M%S%f")
            for path in groups_between(behind.store, behind.stands, behind.end):
                behind.store.move(path, QUARANTINE / f"{stamp}-unconfirmed" / path)
        try:
            for group in self._up_to(start, longest):
                behind.store.put(group_path(group.first), group.data, over=None)
        except (IntegrityError, NotFoundError) as cause:
            raise forked(source, behind.store) from cause

    def _write(self, present: Sequence[Store], head: Head, group: Group) -> None:
        """Put the group, then the heads; a store that fails is passed over while enough others took it."""
        taken: list[Store] = []
        failure: JinkuiError | None = None
        for store in present:
            try:
                store.put(group_path(group.first), group.data, over=None)
            except PathTakenError:
                raise
            except StorageError as cause:
                failure = cause
            else:
                taken.append(store)
        if len(taken) < max(1, self.minimum):
            raise failure or _too_few(len(taken), self.minimum)
        for store in taken:
            try:
                store.put(HEAD, group.end.encoded(), over=head.encoded() if head.sequence else None)
            except PathTakenError:
                raise
            except StorageError as cause:
                failure = cause
                taken = [other for other in taken if other is not store]
        if len(taken) < max(1, self.minimum):
            raise failure or _too_few(len(taken), self.minimum)

    def _branch_after(self, at: Head, heads: Sequence[Head]) -> Group | None:
        """Return the next group on the way to a head; where stores hold different ones, the one that leads there."""
        groups: list[Group] = []
        for store in self._reachable():
            try:
                group = read_group(at, read_whole(store, group_path(at.sequence + 1)))
            except (NotFoundError, StorageError, IntegrityError):
                continue
            if group not in groups:
                groups.append(group)
        if len(groups) > 1:
            groups = [group for group in groups if group.end in heads or self._leads_on(group.end, heads)] or groups
        if groups:
            return groups[0]
        return self._group_after(at, required=heads.count(_top(heads)) > 1)

    def _leads_on(self, at: Head, heads: Sequence[Head]) -> bool:
        """Return whether some store's groups lead from here to a head."""
        return any(
            passes(store, at, head) for store in self._reachable() for head in heads if head.sequence > at.sequence
        )

    def _group_after(self, head: Head, *, required: bool) -> Group | None:
        """Return the next group from a store that has it whole; None where no store has one and none is required."""
        failure: JinkuiError | None = None
        for store in self._reachable():
            try:
                return read_group(head, read_whole(store, group_path(head.sequence + 1)))
            except (NotFoundError, StorageError, IntegrityError) as cause:
                failure = failure if isinstance(failure, IntegrityError) else cause
        if isinstance(failure, NotFoundError) and not required:
            return None
        if isinstance(failure, StorageError):
            raise failure
        raise _nowhere_whole(head) from failure


@dataclass(frozen=True, slots=True)
class _End:
    """How far a store's head says its journal goes, and how far its groups go on after that."""

    store: Store
    stands: Head
    end: Head


def _longest(ends: Sequence[_End]) -> _End:
    """Return the store with the longest chain that goes through the farthest head: heads are written last."""
    top = max((one.stands for one in ends), key=lambda head: head.sequence)
    through = [one for one in ends if one.stands == top or passes(one.store, one.stands, top)]
    return max(through, key=lambda one: one.end.sequence)


def _top(heads: Sequence[Head]) -> Head:
    return max(heads, key=lambda head: head.sequence)


def _head_if_there(store: Store) -> Head | None:
    try:
        return read_head(store)
    except (StorageError, IntegrityError):
        return None


def _not_as_the_head_says() -> IntegrityError:
    return IntegrityError(
        message("日志末条与头记录不符", "the journal does not end as its head says"), subject="journal"
    )


def _too_few(there: int, minimum: int) -> StorageError:
    return StorageError(
        message(
            "只有 {n} 个存储可写日志，至少需要 {m} 个",
            "only {n} stores can take the journal; {m} are needed",
            n=there,
            m=minimum,
        ),
        subject="journal",
        advice=message("请检查存储是否在位", "check that the stores are there"),
    )


def _nowhere_whole(head: Head) -> IntegrityError:
    return IntegrityError(
        message(
            "第 {number} 条起的日志没有完好的副本",
            "no store holds the journal whole from entry {number}",
            number=head.sequence + 1,
        ),
        subject=str(group_path(head.sequence + 1)),
    )
