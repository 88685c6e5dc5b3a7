"""The journal on disk: signed at home first, then the same groups in every store, under one lock.

What the home signed stands: where the chain ends is what the home remembers (``Memory``), never what a store says. A
store that is away is passed over as long as ``minimum`` stores take the group; the journal then says so
(``StoreAway``), and what the store missed is copied to it when it is there again (``StoreReturned``). A store whose
journal is not the archive's is set right before anything is written, and the journal says so too (``StoreSetRight``).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from archives.errors import IntegrityError, PathTakenError, StorageError
from archives.journal.chain import Entry, Group, Head, decode_entry, decode_group, extend
from archives.journal.facts import Fact, HomeInitialised, NotUnderstood, StoreAway, StoreReturned, StoreSetRight
from archives.journal.seal import is_seal
from archives.message import message
from preservation.journal.chain import (
    HEAD,
    GroupSource,
    follow,
    follow_to,
    group_between,
    group_path,
    read_head,
    read_heads,
)
from preservation.journal.departure import departure_of
from preservation.journal.level import bring_level
from preservation.journal.memory import Memory
from preservation.journal.refusals import put_back, retired, signed_by_another, too_few, unsigned
from preservation.locks import Locks
from preservation.stores.store import Store


class Ledger:
    """The journal of one home in its stores; ``agent`` is named by every entry this process appends.

    ``minimum`` is the number of stores that must take a group before it is acknowledged; ``away`` names the stores that
    the journal itself says are away (kept up to date by whoever folds the journal), ``foreign`` those in whose place
    another store lies: they are neither read nor written. ``set_right`` tells what was found and mended in stores.
    """

    def __init__(
        self,
        stores: Sequence[Store],
        locks: Locks,
        memory: Memory,
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
        self.set_right: list[StoreSetRight] = []
        self.memory = memory
        self._locks = locks
        self._now = now

    def append(self, facts: Sequence[Fact], *, enough: int | None = None) -> tuple[Entry, ...]:
        """Record facts as one group, on disk in at least ``minimum`` stores when this returns; no facts, no group.

        ``enough`` is another number of stores for facts that must not wait for them: with 0 the home alone remembers
        them until a store is there. Stores that are behind are brought level first. Raises ``StorageError`` when too few
        stores are there, ``IntegrityError`` when a store goes on with entries that this archive's key signed and this
        home does not know, ``ConfigurationError`` for a home of earlier software or without its key.
        """
        if not facts:
            return ()
        needed = max(1, self.minimum) if enough is None else enough
        with self._locks.journal():
            self._require_memory()
            present = self._level(needed)
            there = {store.name for store in present}
            known = self.away | {fact.store for fact in facts if isinstance(fact, StoreAway)}
            lost = [StoreAway(store.name) for store in self.stores if store.name not in there | known]
            group = extend(self.memory.end, [*lost, *facts], at=self._now(), agent=self.agent)
            entries = _read_back(group)
            sealed = self.memory.sign(group, at=self._now(), agent=self.agent)
            self.away.update(fact.store for fact in lost)
            self._in_enough(present, lambda store: self._give(store, sealed), needed)
            if self.memory.end != sealed.end:  # a store was set right on the way, and the journal says so
                self._level(needed)
            self._settle(only_when_long=True)
        return entries[len(lost) :]

    def append_at_home(self, facts: Sequence[Fact]) -> tuple[Entry, ...]:
        """Record facts that no store is asked about, not even to be brought level: the home alone remembers them for now."""
        with self._locks.journal():
            self._require_memory()
            group = extend(self.memory.end, facts, at=self._now(), agent=self.agent)
            entries = _read_back(group)
            self.memory.sign(group, at=self._now(), agent=self.agent)
        return entries

    def head(self) -> Head:
        """Return the end of the chain: what the home signed last.

        A home of earlier software has no memory: there it is the farthest head of a store that the groups bear out.
        """
        if self.memory.is_there:
            return self.memory.end
        end, *others = dict.fromkeys(read_heads(self._reachable()))
        if others:
            end = Head()
            for group in self.raw_groups():
                end = group.end
        return end

    def raw_groups(self, after: Head | None = None) -> Iterator[Group]:
        """Yield the groups written after ``after`` to the end of the chain, each from wherever it lies whole.

        Raises ``IntegrityError`` where no store holds the chain, or where it does not continue from ``after``.
        """
        if self.memory.is_there:
            yield from follow_to(self._sources(), after or Head(), self.memory.end)
        else:
            yield from follow(self._reachable(), after or Head())

    def groups(self, after: Head | None = None) -> Iterator[tuple[Head, tuple[Entry, ...]]]:
        """Yield what was recorded after ``after``, group by group, each with the head it ends in."""
        return ((group.end, tuple(decode_group(group))) for group in self.raw_groups(after))

    def entries_between(self, start: Head, end: Head) -> tuple[Entry, ...]:
        """Return the entries of the one group that leads from a head to another, from a store that has it whole.

        Raises ``IntegrityError`` when none has, ``StorageError`` when stores cannot be read and none is damaged.
        """
        return tuple(decode_group(group_between(self._sources(), start, end)))

    def entries(self) -> Iterator[Entry]:
        """Yield every entry from the first."""
        for _, entries in self.groups():
            yield from entries

    def level_stores(self, *, before_return: Callable[[frozenset[str]], None] = lambda _: None) -> tuple[str, ...]:
        """Bring every store that is there to the end of the chain; return the names of those that were not level.

        A store that is not there is recorded as away, one that was away and is level again as returned, after
        ``before_return`` has done with it what it missed. Raises as ``append`` does.
        """
        with self._locks.journal():
            self._require_memory()
            end = self.memory.end
            before = {store.name: _head_if_there(store) for store in self._reachable()}
            present = self._level(max(1, self.minimum))
            changed = tuple(store.name for store in present if before[store.name] != end)
        names = {store.name for store in present}
        lost = [StoreAway(s.name) for s in self.stores if s.name not in names | self.away]
        self.away |= {fact.store for fact in lost}
        self.append(lost)
        if back := frozenset(names & self.away):
            before_return(back)
            self.append([StoreReturned(name) for name in sorted(back)])
            self.away -= back
        return changed

    def name_foreign(self, store: Store) -> None:
        """Set aside in a store what this archive's key signed and this home does not know: a person judged it foreign."""
        with self._locks.journal():
            self._require_memory()
            self._bring_level(store, even_ours=True)

    def is_behind(self) -> bool:
        """Say whether a store goes on with entries that this home's key signed and the home does not know.

        Then the home was copied or put back: what it would publish may have been closed since, whatever it signed itself.
        """
        return self.memory.is_there and any(
            departure_of(store, self.memory, self._sources()) is not None for store in self._reachable()
        )

    @property
    def is_of_another(self) -> bool:
        """Whether the stores have a signed journal of which this home remembers nothing."""
        return not self.memory.is_there and any(is_seal(group.lines[-1]) for group in self.raw_groups())

    def settle(self) -> None:
        """Write down how far the stores go, so that an older state of one is known when it comes back."""
        if self.memory.is_there:
            with self._locks.journal():
                self._settle()

    def _settle(self, *, only_when_long: bool = False) -> None:
        end = self.memory.end
        holding = [store for store in self.stores if self.memory.confirmed(store.name) == end]
        if len(holding) >= max(1, self.minimum):
            self.memory.settle(end, only_when_long=only_when_long)

    def _require_memory(self) -> None:
        if not self.memory.is_there:
            raise signed_by_another() if self.is_of_another else unsigned()
        if since := self.memory.retired_at:
            raise retired(since)

    def _sources(self) -> tuple[GroupSource, ...]:
        return (self.memory, *self._reachable()) if self.memory.is_there else self._reachable()

    def _reachable(self) -> tuple[Store, ...]:
        return tuple(store for store in self.stores if store.name not in self.foreign)

    def _level(self, needed: int) -> tuple[Store, ...]:
        """Bring the stores that are there to the end of the chain and return them; the journal lock is held.

        A store that cannot be written (full, read-only) is passed over as one that is away, while enough others can.
        """
        before = self.memory.end
        try:
            present = self._in_enough(self._reachable(), self._bring_level, needed)
        except IntegrityError as broken:
            heads = [head for store in self._reachable() if (head := _head_if_there(store))]
            if heads and not self.is_behind() and all(head.sequence < self.memory.end.sequence for head in heads):
                raise put_back(self.memory.end) from broken
            raise
        if self.memory.end != before:  # what was found in one store is signed, and the others have to have it too
            return self._level(needed)
        return present

    def _bring_level(self, store: Store, *, even_ours: bool = False) -> None:
        stamp = f"{self._now():%Y%m%dT%H%M%S%f}"
        sources = self._sources()
        bring_level(store, self.memory, sources, stamp=stamp, tell=self._sign_finding, even_ours=even_ours)

    def _sign_finding(self, found: StoreSetRight) -> None:
        """Let the home remember what was found in a store before it is touched: a kill leaves no silence."""
        group = extend(self.memory.end, [found], at=self._now(), agent=self.agent)
        self.memory.sign(group, at=self._now(), agent=self.agent)
        self.set_right.append(found)

    def _give(self, store: Store, group: Group) -> None:
        """Put a group into a store that is level but for it; what stands in its place is not the archive's."""
        before = self.memory.confirmed(store.name)
        try:
            store.put(group_path(group.first), group.data, over=None)
            store.put(HEAD, group.end.encoded(), over=before.encoded() if before.sequence else None)
            self.memory.confirm(store.name, group.end)
        except PathTakenError:
            self._bring_level(store)

    def _in_enough(self, stores: Sequence[Store], act: Callable[[Store], object], needed: int) -> tuple[Store, ...]:
        """Return the stores with which acting succeeded; one that fails is passed over while ``needed`` others do not.

        A store that goes on with what our own key signed stops everything but what needs no store at all.
        """
        done: list[Store] = []
        failures: list[tuple[str, StorageError]] = []
        for store in stores:
            try:
                act(store)
                done.append(store)
            except StorageError as cause:
                failures.append((store.name, cause))
            except IntegrityError:
                if needed:
                    raise
        if len(done) < needed:
            raise too_few(len(done), needed, failures)
        return tuple(done)


def _read_back(group: Group) -> tuple[Entry, ...]:
    """Return the entries of a group that is about to be written; what could not be read back never is."""
    entries = tuple(decode_group(group))
    if any(isinstance(entry.fact, NotUnderstood) for entry in entries):
        raise IntegrityError(
            message("此条目写下后读不回来，未写入", "an entry could not be read back and is not written"),
            subject=f"journal entry {group.first}",
        )
    return entries


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


def _head_if_there(store: Store) -> Head | None:
    try:
        return read_head(store)
    except (StorageError, IntegrityError):
        return None
