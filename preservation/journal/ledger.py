"""The journal on disk: the same groups in every store, appended under one lock, brought level after a crash.

A store that is away is passed over as long as ``minimum`` stores take the group; the journal then says so
(``StoreAway``), and what the store missed is copied to it when it is there again (``StoreReturned``).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from archives.errors import IntegrityError, NotFoundError, PathTakenError, StorageError
from archives.journal.chain import Entry, Group, Head, decode_entry, decode_group, extend
from archives.journal.facts import Fact, HomeInitialised, StoreAway, StoreReturned
from archives.message import message
from preservation.journal.chain import (
    HEAD,
    follow,
    follow_to,
    group_between,
    group_path,
    groups_of,
    passes,
    read_head,
    read_heads,
    settled_end,
)
from preservation.locks import Locks
from preservation.stores.store import QUARANTINE, Store

_One = TypeVar("_One")
_Done = TypeVar("_Done")


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

    def append(self, facts: Sequence[Fact], *, enough: int | None = None) -> tuple[Entry, ...]:
        """Record facts as one group, on disk in at least ``minimum`` stores when this returns; no facts, no group.

        A closing needs fewer: ``enough`` stores in place of ``minimum``.

        Stores that are behind are brought level first. Raises ``StorageError`` when too few stores are there,
        ``IntegrityError`` when two stores hold different continuations of one chain.
        """
        if not facts:
            return ()
        with self._locks.journal():
            present, head = self._level(enough)
            known = self.away | {fact.store for fact in facts if isinstance(fact, StoreAway)}
            lost = [StoreAway(s.name) for s in self.stores if s not in present and s.name not in known]
            group = extend(head, [*lost, *facts], at=self._now(), agent=self.agent)
            entries = tuple(decode_group(group))  # what could not be read back is not written
            self._write(present, head, group, enough)
            self.away.update(fact.store for fact in lost)
        return entries[len(lost) :]

    def head(self) -> Head:
        """Return the end of the chain as the stores' heads name it, the farthest that the groups bear out."""
        end, *others = dict.fromkeys(read_heads(self._reachable()))
        if others:
            end = Head()
            for group in self.raw_groups():
                end = group.end
        return end

    def raw_groups(self, after: Head | None = None) -> Iterator[Group]:
        """Yield the groups written after ``after``, each from a store that has it whole.

        The end is the farthest head of a store that the chain bears out. Raises ``IntegrityError`` where no store
        holds the chain, or where it does not continue from ``after``.
        """
        yield from follow(self._reachable(), after or Head())

    def groups(self, after: Head | None = None) -> Iterator[tuple[Head, tuple[Entry, ...]]]:
        """Yield what was recorded after ``after``, group by group, each with the head it ends in."""
        return ((group.end, tuple(decode_group(group))) for group in self.raw_groups(after))

    def entries_between(self, start: Head, end: Head) -> tuple[Entry, ...]:
        """Return the entries of the one group that leads from a head to another, from a store that has it whole.

        Raises ``IntegrityError`` when none has, ``StorageError`` when stores cannot be read and none is damaged.
        """
        return tuple(decode_group(group_between(self._reachable(), start, end)))

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

    def _level(self, enough: int | None = None) -> tuple[tuple[Store, ...], Head]:
        """Bring the stores that are there to one end and return them with it; the journal lock is held.

        A store that cannot be written (full, read-only) is passed over as one that is away, while enough others can.
        """
        ends = self._in_enough(self._reachable(), _end_of, enough)
        source = _longest(ends)
        return self._in_enough(ends, lambda one: self._bring_level(source, one), enough), source.end

    def _bring_level(self, source: "_End", one: "_End") -> Store:
        longest = source.end
        if one.end != longest:
            self._bring_on(source.store, one, longest)
        if one.stands != longest:
            one.store.put(HEAD, longest.encoded(), over=_standing(one.stands))
        return one.store

    def _bring_on(self, source: Store, behind: "_End", longest: Head) -> None:
        """Copy what a store lacks; groups that its own head never knew and the chain does not have go to quarantine."""
        start = behind.end
        if start != behind.stands and not passes(source, behind.stands, start):
            start = behind.stands
            stamp = self._now().strftime("%Y%m%dT%H%M%S%f")
            for group in groups_of(behind.store, behind.stands, behind.end):
                path = group_path(group.first)
                behind.store.move(path, QUARANTINE / f"{stamp}-unconfirmed" / path)
        try:
            for group in follow_to(self._reachable(), start, longest):
                behind.store.put(group_path(group.first), group.data, over=None)
        except (IntegrityError, NotFoundError) as cause:
            raise _forked(source, behind.store) from cause

    def _write(self, present: Sequence[Store], head: Head, group: Group, enough: int | None) -> None:
        """Put the group, then the heads; a store that fails is passed over while enough others took it."""

        def put_group(store: Store) -> Store:
            store.put(group_path(group.first), group.data, over=None)
            return store

        def put_head(store: Store) -> None:
            store.put(HEAD, group.end.encoded(), over=_standing(head))

        self._in_enough(self._in_enough(present, put_group, enough), put_head, enough)

    def _in_enough(
        self, ones: Sequence[_One], act: Callable[[_One], _Done], enough: int | None = None
    ) -> tuple[_Done, ...]:
        """Return what came of acting on each store; one that fails is passed over while enough others do not.

        Other bytes that stand where these should be are no failure of one store: they are raised.
        """
        done: list[_Done] = []
        failure: StorageError | None = None
        for one in ones:
            try:
                done.append(act(one))
            except PathTakenError:
                raise
            except StorageError as cause:
                failure = cause
        wanted = self.minimum if enough is None else enough
        if len(done) < max(1, wanted):
            raise failure or _too_few(len(done), wanted)
        return tuple(done)


def journal_lines(ledger: Ledger, size: int) -> Iterator[bytes]:
    """Yield the exact lines of the first ``size`` entries; raises ``IntegrityError`` where no store has them whole."""
    for group in ledger.raw_groups():
        yield from group.lines[: max(0, size - group.first + 1)]
        if group.end.sequence >= size:
            return


def first_home_id(ledger: Ledger) -> str:
    """Return the identifier that the journal's first entry gives the archive; raises ``IntegrityError``."""
    fact = decode_entry(next(journal_lines(ledger, 1))).fact
    if not isinstance(fact, HomeInitialised):
        raise IntegrityError(message("日志的开头不对", "the journal does not begin as it should"), subject="journal")
    return fact.home_id


@dataclass(frozen=True, slots=True)
class _End:
    """How far a store's head says its journal goes, and how far its groups go on after that."""

    store: Store
    stands: Head
    end: Head


def _end_of(store: Store) -> _End:
    stands = read_head(store)
    return _End(store, stands, settled_end(store, stands))


def _longest(ends: Sequence[_End]) -> _End:
    """Return the store with the longest chain that goes through the farthest head: heads are written last."""
    top = max((one.stands for one in ends), key=lambda head: head.sequence)
    through = [one for one in ends if one.stands == top or passes(one.store, one.stands, top)]
    return max(through, key=lambda one: one.end.sequence)


def _standing(head: Head) -> bytes | None:
    """Return the head file that is there when a journal ends at a head: an empty one has none."""
    return head.encoded() if head.sequence else None


def _head_if_there(store: Store) -> Head | None:
    try:
        return read_head(store)
    except (StorageError, IntegrityError):
        return None


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


def _forked(one: Store, other: Store) -> IntegrityError:
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
