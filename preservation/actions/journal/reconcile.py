"""What a store holds that this archive's key signed and this home does not know, judged by a person."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from archives.errors import IntegrityError, NotFoundError, RefusedError, StorageError
from archives.journal.chain import Entry, Group, Head, decode_group
from archives.journal.concern import SubjectKind, the_store
from archives.journal.facts import (
    Fact,
    HoldPlaced,
    JournalReconciled,
    KeyRotated,
    OpeningDecided,
    OpeningWithdrawn,
)
from archives.journal.seal import rotation_text, sealed_with
from archives.message import message
from archives.proof.signing import parse_key, parse_signature, verify
from archives.record.identifiers import PackageId
from archives.record.rights import Conclusion
from preservation.archive import Archive
from preservation.journal.chain import HEAD, NOT_WHOLE, group_path, groups_from, read_next
from preservation.journal.refusals import retired
from preservation.package.ocfl import object_folder
from preservation.stores.store import JOURNAL, MARKER, QUARANTINE, RESTORE_PROGRAM, Store


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

    def explains(self) -> "Callable[[str | None, str], bool]":
        """Return what says of a file of the store, and of the package it lies in or beside none, whether this may be why.

        So are the groups themselves and the head, what the entries say was written, taken away or moved of packages, and,
        where they are about the store itself, its own files.
        """
        concerned = {subject for entry in self.entries() for subject in entry.fact.concerns()}
        packages = {subject.identifier for subject in concerned if subject.kind is SubjectKind.PACKAGE}
        folders = tuple(f"{object_folder(PackageId(one))}/" for one in packages if one)
        own = {str(HEAD), *(str(group_path(group.first)) for group in self.groups)}
        if the_store(self.store.name) in concerned:
            own |= {str(MARKER), str(RESTORE_PROGRAM)}
        return lambda package_id, file: package_id in packages or file in own or f"{file}/".startswith(folders)


def other_branches(archive: Archive) -> tuple[OtherBranch, ...]:
    """Return what stores hold that this archive's key signed and this home does not know."""
    if not archive.memory.is_there:
        return ()
    found = (_other_branch(archive, store) for store in archive.vault.stores)
    return tuple(branch for branch in found if branch is not None)


def put_aside(archive: Archive) -> tuple[str, PurePosixPath] | None:
    """Return the store in whose quarantine groups of a journal lie, and their newest folder there, None where none do."""
    for store in archive.vault.stores:
        with suppress(StorageError, NotFoundError):
            lying = [one.path for one in store.walk(QUARANTINE) if one.path.parent.name == JOURNAL.name]
            if folders := sorted({path.parent for path in lying if path.parent.parent.name.endswith("-not-ours")}):
                return store.name, folders[-1]
    return None


def adopt(archive: Archive, branch: OtherBranch, *, reason: str) -> tuple[Entry, ...]:
    """Take a branch over.

    Raises ``RefusedError`` for one that does not continue what this home signed, ``ConfigurationError`` for a home that
    retired: what it does not know is what its successor wrote.
    """
    _require_at_work(archive)
    if not branch.continues:
        raise RefusedError(
            message(
                "存储“{store}”的日志与此处的不相衔接，不能采用",
                "the journal of the store “{store}” does not continue this home's and cannot be taken over",
                store=branch.store.name,
            ),
            subject=branch.store.name,
            advice=message(
                "此处在其后记了封闭：在那一处继续，用 opening withdraw --sheet 办完此处 closings-to-carry.csv 所列；那一处已失去的，"
                "移走 journal 文件夹，运行 jinkui rebuild --key 私钥文件，再办完该表",
                "this home recorded closings since: go on where the other home is, and close there what closings-to-carry.csv "
                "lists (opening withdraw --sheet); where that home is lost, move the folder journal away, run jinkui rebuild "
                "--key FILE, and then close what the sheet lists",
            ),
        )
    with archive.vault.locks.journal():
        archive.memory.adopt(branch.end, branch.public_keys)
    archive.begin_writing()
    entries = archive.vault.ledger.append([_judged(branch, reason, adopted=True)])
    archive.refresh()
    return entries


def name_foreign(archive: Archive, branches: Sequence[OtherBranch], *, reason: str) -> tuple[Entry, ...]:
    """Name branches foreign: what they closed and held is recorded again, what they opened is not.

    Raises ``ConfigurationError`` as ``adopt`` does.
    """
    _require_at_work(archive)
    ledger = archive.vault.ledger
    entries = ledger.append(recorded_again(branches, reason=reason), enough=0)  # at home before anything is moved
    with archive.vault.locks.journal():
        archive.memory.judge_foreign(list(_each_once(branches)))
    for branch in branches:
        ledger.name_foreign(branch.store)
    with suppress(IntegrityError):  # another store has a branch of its own, to be judged next
        archive.begin_writing()
    archive.refresh()
    return entries


def left_unnamed(branches: Sequence[OtherBranch], named: Collection[str]) -> tuple[OtherBranch, ...]:
    """Return the branches that nobody named and that hold entries of one that was: what is judged is judged in them too."""
    judged = {group.end for branch in branches if branch.store.name in named for group in branch.groups}
    return tuple(
        branch
        for branch in branches
        if branch.store.name not in named and judged & {group.end for group in branch.groups}
    )


def may_live(archive: Archive, named: Sequence[OtherBranch]) -> bool:
    """Say whether another home may go on in the stores: where as many hold its entries as an entry needs."""
    return len(named) >= max(1, archive.promise.minimum)


def recorded_again(branches: Sequence[OtherBranch], *, reason: str) -> tuple[Fact, ...]:
    """Return what is recorded of branches that are foreign: that they are, and what they closed and held, once."""
    facts = (entry.fact for group in _each_once(branches) for entry in decode_group(group))
    judged = (_judged(branch, reason, adopted=False) for branch in branches)
    return (*judged, *(fact for fact in facts if _closes_or_holds(fact)))


def _require_at_work(archive: Archive) -> None:
    if since := archive.memory.retired_at:
        raise retired(since)


def _judged(branch: OtherBranch, reason: str, *, adopted: bool) -> JournalReconciled:
    return JournalReconciled(branch.store.name, branch.first, branch.end.sequence, adopted, reason)


def _each_once(branches: Sequence[OtherBranch]) -> Iterator[Group]:
    yield from {group.end: group for branch in branches for group in branch.groups}.values()


def _closes_or_holds(fact: Fact) -> bool:
    if isinstance(fact, OpeningDecided):
        return fact.decision.conclusion is not Conclusion.OPEN
    return isinstance(fact, OpeningWithdrawn | HoldPlaced)


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
            groups = (held, *groups_from(store, held.end))
            break
        at = group.end
    else:
        groups = tuple(groups_from(store, end))
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
