"""A home that lost its memory, gone on with from what its key signed in the stores; with a backup, from there at least."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from archives.errors import ConflictError, IntegrityError, NotFoundError, RefusedError, StorageError, StoreAbsentError
from archives.journal.chain import Entry, Head, decode_entry
from archives.journal.facts import (
    HistoryAdopted,
    HomeInitialised,
    HomeRestored,
    KeyBegunAnew,
    KeyRotated,
    PersonAdded,
    PersonRetired,
    PersonsBegunAnew,
    PersonsFounded,
    PublishingConfirmed,
    StoreAdded,
    StoreAway,
    StoreReplaced,
    StoreRetired,
    StoreReturned,
)
from archives.journal.persons import read_persons
from archives.journal.seal import key_name, rotation_text, sealed_with
from archives.message import message
from archives.proof.signing import key_text, parse_key, parse_signature, verify
from preservation.actions.journal.backed_up import BackedUpMemory
from preservation.archive import Archive
from preservation.journal.chain import groups_from
from preservation.journal.key import SigningKey
from preservation.journal.refusals import put_back, still_remembers
from preservation.stores.store import MARKER, Store, read_whole

_READ = (
    HomeInitialised,
    HomeRestored,
    HistoryAdopted,
    KeyRotated,
    KeyBegunAnew,
    PersonsFounded,
    PersonsBegunAnew,
    PersonAdded,
    PersonRetired,
    StoreAdded,
    StoreAway,
    StoreReplaced,
    StoreRetired,
    StoreReturned,
)
_NAMES = tuple(f'"type":"{kind.__dataclass_fields__["type"].default}"'.encode() for kind in _READ)


@dataclass(frozen=True, slots=True)
class Farthest:
    """The farthest entry that a key signed in the stores, the store that has it, and the keys by then, the newest first.

    ``ends`` are the digests after each of its groups, by the last entry's number; ``restored`` the entries of restored homes.
    """

    end: Head
    store: str
    home_id: str
    public_keys: tuple[bytes, ...]
    ends: Mapping[int, str]
    restored: tuple[Entry, ...] = ()


def restore_home(archive: Archive, key: SigningKey, *, without: Collection[str]) -> Farthest:
    """Let a home without its memory go on from the farthest entry that its key signed in the stores; it starts dark.

    A damaged memory is kept beside. Raises ``ConflictError`` for a home that remembers, and as ``farthest_signed`` does.
    """
    if archive.memory.is_whole:
        raise still_remembers(str(archive.folder))
    farthest = farthest_signed(archive.vault.stores, key, without=without)
    instance = archive.world.new_identifier()
    judged = archive.memory.set_aside(farthest.ends)
    archive.memory.begin(
        farthest.home_id, instance, farthest.public_keys, last=farthest.end, judged=judged, is_dark=True
    )
    _go_on(archive, HomeRestored(instance, tuple(sorted(without))))
    return farthest


def restore_backup(archive: Archive, memory: BackedUpMemory, farthest: Farthest, *, without: Collection[str]) -> None:
    """Let a home go on from what it had signed when it was backed up, and in the stores since then; it starts dark.

    What it signed that no store had yet is carried to them. Raises ``IntegrityError`` as ``require_continued`` does.
    """
    require_continued(memory, farthest)
    instance, last = archive.world.new_identifier(), memory.last
    if farthest.end.sequence >= memory.end.sequence:
        keys, end, tail = farthest.public_keys, farthest.end, b""
    else:
        keys, end, tail = last.public_keys, last.last, memory.tail
    archive.memory.begin(last.home_id, instance, keys, last=end, tail=tail, judged=last.judged, is_dark=True)
    _go_on(archive, HomeRestored(instance, tuple(sorted(without)), memory.end.sequence))


def require_continued(memory: BackedUpMemory, farthest: Farthest) -> None:
    """Raise ``IntegrityError`` unless the stores go on from what a home remembered when it was backed up, or end within it."""
    if farthest.end.sequence < memory.last.last.sequence:
        raise put_back(memory.last.last)
    if not memory.is_gone_on_from(farthest.home_id, farthest.end, farthest.ends):
        raise IntegrityError(
            message(
                "存储“{store}”的日志不是由备份接续的",
                "the journal of the store “{store}” does not continue that of the backup",
                store=farthest.store,
            ),
            subject="journal",
            advice=message(
                "请查明哪一份是对的：换用另一个备份，或用 --without 略去该存储",
                "find out which is right: use another backup, or name the store with --without",
            ),
        )


def farthest_signed(
    stores: Sequence[Store], key: SigningKey, *, without: Collection[str], memory: BackedUpMemory | None = None
) -> Farthest:
    """Return the farthest entry that a key signed in stores, or that a home remembered when it was backed up.

    What the home judged foreign then counts for nothing. Raises ``StoreAbsentError`` when a store is not there that is
    promised, neither called away by the journal nor named in ``without``; ``IntegrityError`` where no store holds anything that the key signed, or where two go on differently;
    ``RefusedError`` for a key that was replaced.
    """
    there = [walk for store in stores if (walk := _walk(store, key, memory)) is not None]
    if stores and not there:
        raise _not_there(store.name for store in stores)
    signed = [walk for walk in there if walk.end.sequence]
    if not signed:
        for walk in there:
            _require_readable(walk.store)
        raise IntegrityError(
            message("没有存储含有用此密钥签章的日志", "no store holds a journal that this key signed"),
            subject="journal",
            advice=message(
                "请核对：各存储的位置，以及密钥或备份，是否属于同一档案库",
                "look whether the places of the stores and the key, or the backup, are of one archive",
            ),
        )
    best = max(signed, key=lambda walk: walk.end.sequence)
    is_replaced = any(walk.is_begun_anew for walk in signed)
    if is_replaced or (best.public_keys and best.public_keys[0] != key.public_key):
        raise RefusedError(
            message("此密钥已被更换，不再签章", "this key was replaced and signs nothing any more"),
            subject=key_name(key.public_key),
            advice=message("请用更换后的密钥", "use the key that took its place"),
        )
    for other in signed:
        if other.end.sequence not in best.ends or best.ends[other.end.sequence] != other.end.digest:
            raise _go_on_differently(best.store, other.store)
    if missing := best.promised - {walk.store.name for walk in there} - set(without):
        raise _not_there(missing)
    others = [one for one in best.public_keys if one != key.public_key]
    restored = tuple(entry for entry in best.taken if isinstance(entry.fact, HomeRestored))
    return Farthest(best.end, best.store.name, best.home_id, (key.public_key, *others), best.ends, restored)


def confirm_publishing(archive: Archive, *, reason: str) -> None:
    """Let a restored home publish again; raises ``ConflictError`` for one that may already."""
    archive.begin_writing()
    if not archive.memory.is_dark:
        raise ConflictError(message("公布没有被暂停", "publishing is not suspended"), subject="public")
    archive.vault.ledger.append([PublishingConfirmed(reason)])
    with archive.vault.locks.journal():
        archive.memory.lighten()


@dataclass(slots=True)
class _Walk:
    """One store's journal from its first entry to the newest that a key signed."""

    store: Store
    end: Head
    ends: dict[int, str]
    home_id: str = ""
    public_keys: tuple[bytes, ...] = ()
    promised: frozenset[str] = frozenset()
    is_begun_anew: bool = False
    taken: list[Entry] = field(default_factory=list)

    def take(self, entry: Entry) -> None:
        self.taken.append(entry)
        match entry.fact:
            case HomeInitialised(home_id, public_key):
                self.home_id = home_id
                self.public_keys = (parse_key(public_key),) if public_key else ()
            case KeyRotated(public_key) | KeyBegunAnew(public_key):
                self.public_keys = (parse_key(public_key), *self.public_keys)
            case StoreAdded(_, name) | StoreReplaced(_, name) | StoreReturned(name):
                self.promised |= {name}
            case StoreAway(name) | StoreRetired(name):
                self.promised -= {name}
            case _:
                pass


def _go_on(archive: Archive, restored: HomeRestored) -> None:
    """Bring the stores level with what a home begins with, and let the journal remember that it was restored."""
    archive.begin_writing()
    archive.vault.ledger.append([restored])
    archive.refresh()


def _require_readable(store: Store) -> None:
    """Raise ``StorageError`` where a store cannot be read: that nothing was found in it says nothing then."""
    try:
        read_whole(store, MARKER)
    except (NotFoundError, StoreAbsentError):
        return
    except StorageError as failure:
        raise StorageError(
            failure.message,
            subject=store.name,
            advice=message(
                "请让运行 jinkui 的账户能读写存储“{store}”（如 chown -R）：{place}",
                "let the account that runs jinkui read and write the store “{store}” (as with chown -R): {place}",
                store=store.name,
                place=store.properties.where,
            ),
        ) from failure


def _walk(store: Store, key: SigningKey, memory: BackedUpMemory | None) -> _Walk | None:
    """Return how far a store's journal is signed, None for a store that is not there."""
    walk, at = _Walk(store, Head(), {}), Head()
    known, judged = (memory.ends, memory.last.judged) if memory else ({}, ())
    pending: list[Entry] = []
    try:
        for group in groups_from(store, at):
            if group.end.digest in judged:
                break
            lines = (line for line in group.lines if any(name in line[:200] for name in _NAMES))
            pending += [decode_entry(line) for line in lines]
            facts = [entry.fact for entry in pending]
            walk.ends[group.end.sequence] = group.end.digest
            home_id = walk.home_id or next((f.home_id for f in facts if isinstance(f, HomeInitialised)), "")
            signers = (key.public_key, *_handed_on_by(facts, home_id, key))
            if known.get(group.end.sequence) != group.end.digest and sealed_with(group, home_id, signers) is None:
                continue
            for entry in pending:
                walk.take(entry)
            pending, walk.end = [], group.end
    except StoreAbsentError:
        return None
    walk.is_begun_anew = any(isinstance(e.fact, KeyBegunAnew) and _is_signed(walk, e) for e in pending)
    return walk


def _handed_on_by(facts: Sequence[object], home_id: str, key: SigningKey) -> tuple[bytes, ...]:
    """Return the key that handed on to another, by the proof that the other one made: it signed the group that says so."""
    named = {f.public_key for f in facts if isinstance(f, HomeInitialised | KeyRotated | KeyBegunAnew) and f.public_key}
    return tuple(
        old
        for fact in facts
        if isinstance(fact, KeyRotated) and fact.public_key == key_text(key.public_key)
        for old in map(parse_key, sorted(named - {fact.public_key}))
        if verify(key.public_key, rotation_text(home_id, old, key.public_key), parse_signature(fact.proof))
    )


def _is_signed(walk: _Walk, entry: Entry) -> bool:
    """Say whether two persons who were registered with the key signed an entry that begins another one."""
    return entry in read_persons((*walk.taken, entry)).keys_begun_anew


def _not_there(stores: Iterable[str]) -> StoreAbsentError:
    names = ", ".join(sorted(stores))
    return StoreAbsentError(
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


def _go_on_differently(one: Store, other: Store) -> IntegrityError:
    return IntegrityError(
        message(
            "存储“{one}”与“{other}”中签章的日志互不相合",
            "the stores “{one}” and “{other}” go on differently, both signed with this key",
            one=one.name,
            other=other.name,
        ),
        subject="journal",
        advice=message(
            "请查明哪一份是对的，用 --without 略去另一个", "find out which is right and name the other with --without"
        ),
    )
