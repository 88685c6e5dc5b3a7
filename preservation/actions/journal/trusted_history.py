"""What the home believes of its journal, changed by a person: adopted, found again in the stores, reconciled."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from archives.errors import ConflictError, IntegrityError, RefusedError, StorageError, StoreAbsentError
from archives.journal.chain import Entry, Group, Head, decode_entry, decode_group
from archives.journal.facts import (
    Fact,
    HistoryAdopted,
    HoldPlaced,
    HomeInitialised,
    HomeRestored,
    JournalReconciled,
    KeyRotated,
    OpeningWithdrawn,
    PublishingConfirmed,
    StoreAdded,
    StoreAway,
    StoreReturned,
)
from archives.journal.seal import is_seal, key_name, rotation_text, sealed_with
from archives.message import message
from archives.proof.checkpoint import Checkpoint
from archives.proof.signing import key_text, parse_key, parse_signature, verify
from preservation.actions.journal.vouch import read_journal
from preservation.archive import Archive
from preservation.journal.chain import NOT_WHOLE, GroupSource, read_next
from preservation.journal.key import SigningKey
from preservation.journal.ledger import first_home_id
from preservation.journal.verification import JournalVerification
from preservation.stores.store import Store

_KEYS_AND_STORES = (HomeInitialised, KeyRotated, StoreAdded, StoreAway, StoreReturned)
_NAMES = tuple(f'"type":"{kind.__dataclass_fields__["type"].default}"'.encode() for kind in _KEYS_AND_STORES)


@dataclass(frozen=True, slots=True)
class Restored:
    """A home that goes on from the stores: its newest entry, and the store that had it."""

    end: Head
    store: str


@dataclass(frozen=True, slots=True)
class OtherBranch:
    """What a store holds after the newest entry of this home, or instead of some: signed with this archive's key.

    ``public_keys`` are the keys of the archive by its end, the newest first: the key may have been replaced on the way.
    """

    store: Store
    groups: tuple[Group, ...]
    continues: bool
    public_keys: tuple[bytes, ...]

    @property
    def first(self) -> int:
        """The number of its first entry."""
        return self.groups[0].first

    @property
    def end(self) -> Head:
        """Its newest entry."""
        return self.groups[-1].end

    def entries(self) -> Iterator[Entry]:
        """Yield what it says."""
        for group in self.groups:
            yield from decode_group(group)


def history_to_adopt(archive: Archive, checkpoints: Sequence[Checkpoint]) -> JournalVerification | None:
    """Return what is to be adopted by a home whose journal is not signed, verified against all its checkpoints.

    None when there is nothing to adopt. Raises ``IntegrityError`` for a journal that is broken or was rewritten.
    """
    if archive.memory.is_there and any(is_seal(g.lines[-1]) for g in archive.vault.ledger.raw_groups()):
        return None
    found = read_journal(archive, checkpoints)
    fatal = next((one for one in found.faults if one.fault.is_of_the_journal), None)
    if fatal is not None:
        raise IntegrityError(
            message(
                "不为这样的日志签章（第 {n} 条起）：{why}",
                "not adopted, from entry {n}: {why}",
                n=fatal.entry,
                why=fatal.fault.said,
            ),
            subject="journal",
            advice=message("请运行 jinkui journal verify", "run jinkui journal verify"),
        )
    if not found.end.sequence:
        raise StorageError(message("没有可读的日志", "no journal could be read"), subject="journal")
    return found


def adopt_history(archive: Archive, found: JournalVerification, key: SigningKey, *, checkpoints: int) -> None:
    """Sign the journal so far; may be called again after it was interrupted."""
    if not archive.memory.is_there:
        home_id = first_home_id(archive.vault.ledger)
        archive.memory.begin(home_id, archive.world.new_identifier(), [key.public_key], last=found.end)
    archive.begin_writing()
    fact = HistoryAdopted(found.end.sequence, found.end.digest, key_text(found.root), checkpoints)
    archive.vault.ledger.append([fact])


def restore_home(archive: Archive, key: SigningKey, *, without: Collection[str]) -> Restored:
    """Let a home without its memory go on from the farthest entry that its key signed in the stores; it starts dark.

    Raises ``ConflictError`` for a home that remembers, ``StoreAbsentError`` when a store is not there that is promised,
    neither called away by the journal nor named in ``without``; ``IntegrityError`` where no store holds anything that the
    key signed, or where two go on differently.
    """
    if archive.memory.is_there:
        raise ConflictError(
            message(
                "此档案库的日志记忆还在，无须由密钥重建", "this home remembers its journal; it needs no key for that"
            ),
            subject=str(archive.folder),
        )
    there = [walk for store in archive.vault.stores if (walk := _walk(store, key)) is not None]
    signed = [walk for walk in there if walk.end.sequence]
    if not signed:
        raise IntegrityError(
            message("没有存储含有用此密钥签章的日志", "no store holds a journal that this key signed"),
            subject="journal",
        )
    best = max(signed, key=lambda walk: walk.end.sequence)
    if best.public_keys and best.public_keys[0] != key.public_key:
        raise RefusedError(
            message("此密钥已被更换，不再签章", "this key was replaced and signs nothing any more"),
            subject=key_name(key.public_key),
            advice=message("请用更换后的密钥", "use the key that took its place"),
        )
    for other in signed:
        if other.end.sequence not in best.ends or best.ends[other.end.sequence] != other.end.digest:
            raise IntegrityError(
                message(
                    "存储“{one}”与“{other}”中签章的日志互不相合",
                    "the stores “{one}” and “{other}” go on differently, both signed with this key",
                    one=best.store.name,
                    other=other.store.name,
                ),
                subject="journal",
                advice=message(
                    "请查明哪一份是对的，用 --without 略去另一个",
                    "find out which is right and name the other with --without",
                ),
            )
    missing = best.promised - {walk.store.name for walk in there} - set(without)
    if missing:
        names = ", ".join(sorted(missing))
        raise StoreAbsentError(
            message(
                "存储不在，不能断定日志到哪里：{names}",
                "not there, so nobody knows how far it goes: {names}",
                names=names,
            ),
            subject=names,
            advice=message(
                "请接上它；确已失去的用 --without 写明", "bring it; what is lost for good is named with --without"
            ),
        )
    others = [one for one in best.public_keys if one != key.public_key]
    instance = archive.world.new_identifier()
    archive.memory.begin(best.home_id, instance, [key.public_key, *others], last=best.end, is_dark=True)
    archive.begin_writing()
    archive.vault.ledger.append([HomeRestored(instance, tuple(sorted(without)))])
    archive.refresh()
    return Restored(best.end, best.store.name)


def confirm_publishing(archive: Archive, *, reason: str) -> None:
    """Let a restored home publish again; raises ``ConflictError`` for one that may already."""
    archive.begin_writing()
    if not archive.memory.is_dark:
        raise ConflictError(message("公布没有被暂停", "publishing is not suspended"), subject="public")
    archive.vault.ledger.append([PublishingConfirmed(reason)])
    with archive.vault.locks.journal():
        archive.memory.lighten()


def other_branches(archive: Archive) -> tuple[OtherBranch, ...]:
    """Return what stores hold that this archive's key signed and this home does not know."""
    found = (_other_branch(archive, store) for store in archive.vault.stores)
    return tuple(branch for branch in found if branch is not None)


def reconcile(archive: Archive, branch: OtherBranch, *, adopt: bool, reason: str) -> tuple[Entry, ...]:
    """Take a branch over, or name it foreign: then what it closed and held is recorded again, what it opened is not.

    Raises ``RefusedError`` for a branch that does not continue what this home signed.
    """
    ledger, memory = archive.vault.ledger, archive.memory
    judged = JournalReconciled(branch.store.name, branch.first, branch.end.sequence, adopt, reason)
    if adopt:
        if not branch.continues:
            raise RefusedError(
                message(
                    "存储“{store}”的日志与此处的不相衔接，不能采用",
                    "the journal of the store “{store}” does not continue this home's and cannot be taken over",
                    store=branch.store.name,
                ),
                subject=branch.store.name,
            )
        with archive.vault.locks.journal():
            memory.adopt(branch.end, branch.public_keys)
        archive.begin_writing()
        entries = ledger.append([judged])
    else:
        again = [e.fact for e in branch.entries() if isinstance(e.fact, OpeningWithdrawn | HoldPlaced)]
        entries = ledger.append([judged, *again], enough=0)  # at home before anything is moved
        ledger.name_foreign(branch.store)
        with suppress(IntegrityError):  # another store has a branch of its own, to be judged next
            archive.begin_writing()
    archive.refresh()
    return entries


@dataclass(slots=True)
class _Walk:
    """One store's journal from its first entry to the newest that a key signed."""

    store: Store
    end: Head
    ends: dict[int, str]
    home_id: str = ""
    public_keys: tuple[bytes, ...] = ()
    promised: frozenset[str] = frozenset()

    def take(self, fact: Fact) -> None:
        match fact:
            case HomeInitialised(home_id, public_key):
                self.home_id = home_id
                self.public_keys = (parse_key(public_key),) if public_key else ()
            case KeyRotated(public_key):
                self.public_keys = (parse_key(public_key), *self.public_keys)
            case StoreAdded(_, name) | StoreReturned(name):
                self.promised |= {name}
            case StoreAway(name):
                self.promised -= {name}
            case _:
                pass


def _walk(store: Store, key: SigningKey) -> _Walk | None:
    """Return how far a store's journal is signed, None for a store that is not there."""
    walk, at = _Walk(store, Head(), {}), Head()
    pending: list[Fact] = []
    try:
        for group in _groups_after(store, at):
            lines = (line for line in group.lines if any(name in line[:200] for name in _NAMES))
            pending += [decode_entry(line).fact for line in lines]
            walk.ends[group.end.sequence] = group.end.digest
            home_id = walk.home_id or next((f.home_id for f in pending if isinstance(f, HomeInitialised)), "")
            handed_on = any(isinstance(f, KeyRotated) and f.public_key == key_text(key.public_key) for f in pending)
            signers = (key.public_key, *(walk.public_keys[:1] if handed_on else ()))
            if sealed_with(group, home_id, signers) is None:
                continue
            for fact in pending:
                walk.take(fact)
            pending, walk.end = [], group.end
    except StoreAbsentError:
        return None
    return walk


def _groups_after(source: GroupSource, at: Head) -> Iterator[Group]:
    while True:
        try:
            group = read_next(source, at)
        except StoreAbsentError:
            raise
        except NOT_WHOLE:
            return
        yield group
        at = group.end


def _other_branch(archive: Archive, store: Store) -> OtherBranch | None:
    at = Head()
    end = archive.memory.end
    groups: tuple[Group, ...] = ()
    for group in archive.vault.ledger.raw_groups():
        try:
            held = read_next(store, at)
        except NOT_WHOLE:
            return None
        if held != group:
            groups = (held, *_groups_after(store, held.end))
            break
        at = group.end
    else:
        groups = tuple(_groups_after(store, end))
    keys = archive.memory.public_keys
    signed = 0
    for number, group in enumerate(groups, 1):
        if sealed_with(group, archive.memory.home_id, keys[:1]) is not None:
            signed, keys = number, _keys_after(group, archive.memory.home_id, keys)
    return OtherBranch(store, groups[:signed], at == end, keys) if signed else None


def _keys_after(group: Group, home_id: str, keys: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return the keys after a group that the first of them signed: a new one takes over where it proves itself."""
    for entry in decode_group(group):
        if isinstance(entry.fact, KeyRotated):
            new = parse_key(entry.fact.public_key)
            if verify(new, rotation_text(home_id, keys[0], new), parse_signature(entry.fact.proof)):
                keys = (new, *keys)
    return keys
