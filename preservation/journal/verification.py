"""Verifying the journal wholly: every store's groups, chain and head against the others', the root over all entries.

Stores are read side by side, so that what they hold alike is computed once. Where two stores continue one chain
differently, each continuation is followed to its end: the journal is the one that ends in what the home signed last. What
else a store holds is damage or foreign, and a clone's or a thief's work where this archive's own key signed it. A home of
earlier software signed nothing: there a continuation counts when a store's head bears it out, and two that do are a fork.
Facts are not looked at: the chain is over the exact bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from archives.errors import IntegrityError, NotFoundError, StorageError
from archives.journal.chain import Group, Head
from archives.proof.merkle import MerkleTree
from preservation.journal.breaks import break_in, is_altered_before
from preservation.journal.chain import NOT_WHOLE, GroupSource, group_firsts, held_after, read_head, read_next
from preservation.journal.faults import Fault, JournalFault, apart_from_elsewhere, fault_of
from preservation.journal.memory import Memory
from preservation.stores.store import Store


@dataclass(frozen=True, slots=True)
class VouchedFor:
    """What a checkpoint says: the root over so many first entries."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class JournalVerification:
    """What reading the whole journal found; ``root`` is that of the longest chain, ``end`` its end."""

    end: Head
    root: bytes
    faults: tuple[JournalFault, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where every store's journal ended at one moment; ``heads`` holds those that could be read.

    ``signed`` is the newest entry that the home signed, ``confirmed`` how far each store was known to go; the home's
    ``memory`` is None for one of earlier software, which has none.
    """

    stores: tuple[Store, ...]
    heads: Mapping[str, Head]
    faults: tuple[JournalFault, ...]
    memory: Memory | None = None
    signed: Head = field(default_factory=Head)
    confirmed: Mapping[str, Head] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """The number of the newest entry that there should be."""
        if self.memory is not None:
            return self.signed.sequence
        return max((head.sequence for head in self.heads.values()), default=0)

    @property
    def sources(self) -> tuple[GroupSource, ...]:
        """Where groups are read from."""
        return (*self.stores, self.memory) if self.memory is not None else self.stores

    def has_signed(self, group: Group) -> bool:
        """Say whether this archive's key signed a group."""
        return self.memory is not None and self.memory.has_signed(group)


@dataclass(slots=True)
class _Chain:
    """A continuation on its way to its end, over the groups of every store.

    ``origin`` is where it left another chain, ``ends`` the digest after each group, ``vouched`` the roots at the sizes
    that are vouched for, ``missing`` the first entry that a store has not.
    """

    origin: int = 0
    end: Head = field(default_factory=Head)
    tree: MerkleTree = field(default_factory=MerkleTree)
    ends: dict[int, str] = field(default_factory=dict)
    vouched: dict[int, bytes] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    faults: list[JournalFault] = field(default_factory=list)
    breaks_at: int = 0

    def take(self, group: Group, sizes: Sequence[int]) -> None:
        """Go on with a group."""
        at = self.tree.size
        for size in sizes:
            if at < size <= group.end.sequence:
                self.tree.extend(group.lines[self.tree.size - at : size - at])
                self.vouched[size] = self.tree.root()
        self.tree.extend(group.lines[self.tree.size - at :])
        self.end = group.end
        self.ends[group.end.sequence] = group.end.digest

    def branch(self) -> "_Chain":
        """Return a chain that goes on differently from here."""
        return replace(
            self,
            origin=self.end.sequence,
            tree=self.tree.copy(),
            ends=dict(self.ends),
            vouched=dict(self.vouched),
            missing=dict(self.missing),
            faults=list(self.faults),
        )

    def supporters(self, heads: Mapping[str, Head]) -> tuple[str, ...]:
        """Return the stores whose head lies on this chain, after it left any other."""
        return tuple(
            name
            for name, head in heads.items()
            if self.origin < head.sequence and self.ends.get(head.sequence) == head.digest
        )


@dataclass(slots=True)
class _Step:
    """What the stores hold after one end: valid groups with their holders, stores without, faults."""

    groups: list[tuple[Group, list[str]]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    faults: list[JournalFault] = field(default_factory=list)


def take_snapshot(stores: Sequence[Store], memory: Memory | None = None) -> Snapshot:
    """Read where every store's journal ends; to be called while nobody appends (the journal lock)."""
    there: list[Store] = []
    heads: dict[str, Head] = {}
    faults: list[JournalFault] = []
    for store in stores:
        try:
            heads[store.name] = read_head(store)
            there.append(store)
        except StorageError as failure:
            faults.append(JournalFault(fault_of(failure), (store.name,), 0))
        except IntegrityError:
            there.append(store)
            faults.append(JournalFault(Fault.DAMAGED, (store.name,), 0))
    if memory is None or not memory.is_there:
        return Snapshot(tuple(there), heads, tuple(faults))
    confirmed = {store.name: memory.confirmed(store.name) for store in there}
    return Snapshot(tuple(there), heads, tuple(faults), memory, memory.end, confirmed)


def verify_journal(snapshot: Snapshot, vouched: Sequence[VouchedFor] = ()) -> JournalVerification:
    """Read every group of every store up to the snapshot and say everything that is wrong."""
    sizes = sorted({one.size for one in vouched})
    waiting, ended = [_Chain()], []
    while waiting:
        chain = waiting.pop()
        waiting += _follow(chain, snapshot, sizes)
        ended.append(chain)
    if snapshot.memory is not None:
        sound = [chain for chain in ended if chain.end == snapshot.signed]
    else:
        sound = [chain for chain in ended if chain.supporters(snapshot.heads)]
    best = max(sound or ended, key=lambda chain: chain.end.sequence)
    faults = list(snapshot.faults)
    if len(sound) > 1:
        names = tuple(sorted({name for chain in sound for name in chain.supporters(snapshot.heads)}))
        faults.append(JournalFault(Fault.FORKED, names, max(chain.origin for chain in sound) + 1))
        for chain in sound:
            faults += _judge_vouched(chain, chain.supporters(snapshot.heads), vouched)
    elif snapshot.stores:
        faults += apart_from_elsewhere([*best.faults, *_judge_end(best, snapshot)])
        faults += _judge_vouched(best, tuple(store.name for store in snapshot.stores), vouched)
    return JournalVerification(best.end, best.tree.root(), tuple(dict.fromkeys(faults)))


def _follow(chain: _Chain, snapshot: Snapshot, sizes: Sequence[int]) -> list[_Chain]:
    """Follow a chain to its end and return the others that leave it on the way."""
    others: list[_Chain] = []
    while chain.end.sequence < snapshot.end or (not snapshot.heads and snapshot.memory is None):
        step = _look(chain.end, snapshot.sources)
        if not step.groups:
            if step.faults or chain.end.sequence < snapshot.end:
                chain.breaks_at = min((f.entry for f in step.faults), default=chain.end.sequence + 1)
                if chain.breaks_at == chain.end.sequence + 1 and _is_altered(chain.end, snapshot):
                    chain.breaks_at -= 1
                chain.faults += [found for found in step.faults if found.fault is Fault.UNREADABLE]
            break
        for group, _ in step.groups[1:]:
            other = chain.branch()
            _advance(other, group, step, sizes, snapshot)
            others.append(other)
        _advance(chain, step.groups[0][0], step, sizes, snapshot)
    return others


def _is_altered(at: Head, snapshot: Snapshot) -> bool:
    ends = [snapshot.signed] if snapshot.memory is not None else list(snapshot.heads.values())
    return any(is_altered_before(store, at, end) for store in snapshot.stores for end in ends)


def _look(end: Head, stores: Sequence[GroupSource]) -> _Step:
    """Sort what every store holds next; a group that is the beginning of another's was cut short."""
    step = _Step()
    read: dict[bytes, tuple[Group, list[str]]] = {}
    for held in held_after(stores, end):
        name = held.store.name
        match held.found:
            case Group() as group:
                read.setdefault(held.data, (group, []))[1].append(name)
            case NotFoundError():
                if not isinstance(held.store, Memory):  # which holds only what was not in every store yet
                    step.missing.append(name)
            case IntegrityError():
                step.faults.append(JournalFault(Fault.DAMAGED, (name,), break_in(held.store, end, held.data)))
            case _:
                step.faults.append(JournalFault(Fault.UNREADABLE, (name,), end.sequence + 1))
    for data in sorted(read, key=len, reverse=True):
        group, names = read[data]
        if any(longer.data.startswith(data) for longer, _ in step.groups):
            step.faults += [JournalFault(Fault.DAMAGED, (name,), group.end.sequence + 1) for name in names]
        else:
            step.groups.append((group, names))
    return step


def _advance(chain: _Chain, group: Group, step: _Step, sizes: Sequence[int], snapshot: Snapshot) -> None:
    chain.faults += step.faults
    for other, names in step.groups:
        if other is not group:
            entry = _first_difference(group, other)
            fault = Fault.ELSEWHERE if snapshot.has_signed(other) else Fault.DAMAGED
            chain.faults += [JournalFault(fault, (name,), entry) for name in names]
        for name in names:
            if name in chain.missing:
                chain.faults.append(JournalFault(Fault.DAMAGED, (name,), chain.missing.pop(name)))
    for name in step.missing:
        chain.missing.setdefault(name, group.first)
    chain.take(group, sizes)


def _first_difference(one: Group, other: Group) -> int:
    pairs = zip(one.lines, other.lines, strict=False)
    return one.first + next((n for n, (left, right) in enumerate(pairs) if left != right), len(other.lines))


def _judge_end(chain: _Chain, snapshot: Snapshot) -> Iterator[JournalFault]:
    """Judge where the best chain ends against every store's head."""
    names = tuple(store.name for store in snapshot.stores)
    end = chain.end
    beyond = dict(_beyond(snapshot)) if end == snapshot.signed else {}
    yield from beyond.values()
    if any(fault.fault is Fault.UNREADABLE and fault.entry > end.sequence for fault in chain.faults):
        return
    if chain.breaks_at and any(n > end.sequence for store in snapshot.stores for n in group_firsts(store)):
        yield JournalFault(Fault.BROKEN, names, chain.breaks_at)
    elif chain.breaks_at:
        yield JournalFault(Fault.TRUNCATED, names, chain.breaks_at)
    elif (snapshot.memory is not None and end != snapshot.signed) or (
        snapshot.memory is None and end.sequence and not chain.supporters(snapshot.heads)
    ):
        yield JournalFault(Fault.BROKEN, names, end.sequence)
    for name, head in snapshot.heads.items():
        if name in beyond or (head.sequence > end.sequence and (snapshot.memory is None or end != snapshot.signed)):
            continue  # where the chain breaks before it, nobody can judge a head
        missing = chain.missing.get(name)
        if head.sequence and chain.ends.get(head.sequence) != head.digest:
            yield JournalFault(Fault.DAMAGED, (name,), head.sequence)
        elif missing and missing <= head.sequence:
            yield JournalFault(Fault.DAMAGED, (name,), missing)
        elif head.sequence < end.sequence:
            known = snapshot.confirmed.get(name, Head()).sequence
            yield JournalFault(Fault.PUT_BACK if head.sequence < known else Fault.BEHIND, (name,), head.sequence + 1)


def _beyond(snapshot: Snapshot) -> Iterator[tuple[str, JournalFault]]:
    """Yield what stores hold after the newest entry that the home signed, by store."""
    entry = snapshot.signed.sequence + 1
    ours = Fault.GONE_ON if snapshot.memory is not None and snapshot.memory.retired_at else Fault.ELSEWHERE
    for store in snapshot.stores:
        try:
            if not any(first >= entry for first in group_firsts(store)):
                continue
            is_ours = snapshot.has_signed(read_next(store, snapshot.signed))
        except NOT_WHOLE:
            is_ours = False
        yield store.name, JournalFault(ours if is_ours else Fault.FOREIGN, (store.name,), entry)


def _judge_vouched(chain: _Chain, names: tuple[str, ...], vouched: Sequence[VouchedFor]) -> Iterator[JournalFault]:
    """Judge a chain against what was vouched for: the same beginning, and not shorter."""
    same = [one.size for one in vouched if chain.vouched.get(one.size) == one.root]
    other = [one.size for one in vouched if chain.vouched.get(one.size, one.root) != one.root]
    if other:
        yield JournalFault(Fault.REWRITTEN, names, max((size for size in same if size < min(other)), default=0) + 1)
    elif any(one.size > chain.end.sequence for one in vouched):
        yield JournalFault(Fault.SHORTENED, names, chain.end.sequence + 1)
