"""One package checked in every store that was promised a copy, with what is wrong told by file and digest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from archives.errors import IntegrityError, JinkuiError, NotFoundError, StorageError
from archives.journal.facts import Fact
from archives.message import Message, message
from archives.record.identifiers import PackageId
from preservation.audit.audit import facts_of
from preservation.audit.expectation import expected_copy
from preservation.audit.judge_copy import audit_copy
from preservation.audit.verdicts import CopyAudit, Failure, FileVerdict
from preservation.catalogue.anchors import Anchors
from preservation.catalogue.journal_fold import JournalReading
from preservation.digests.of_store import sha512_of
from preservation.package.ocfl import INVENTORY, object_folder
from preservation.stores.presence import presence_of
from preservation.stores.store import Store
from preservation.vault.replication import owed_copies
from preservation.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that is not what it must be; of a changed one both SHA-512 digests, each empty where it cannot be had.

    ``found`` says why: the digests may agree, where it is no regular file or was read rightly at last.
    """

    found: FileVerdict
    expected: str = ""
    actual: str = ""


@dataclass(frozen=True, slots=True)
class PackageCheck:
    """What a check found.

    ``success`` is True only when every promised copy was read and is whole, None when a copy could not be looked at and
    nothing else is wrong; ``reasons`` says what no file does. ``facts`` is what the journal is to remember.
    """

    success: bool | None
    reasons: tuple[Message, ...] = ()
    failures: Mapping[Failure, tuple[FailedFile, ...]] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()


def check_package(vault: Vault, reading: JournalReading, package_id: str) -> PackageCheck:
    """Read every byte of every copy of a package that is in reach; changes nothing.

    Offline sets that are sealed and not due are not expected and not looked for. A journal that no store has whole is
    a failure, a journal that cannot be read none. Raises ``NotFoundError`` for a package that the journal never held.
    """
    try:
        anchors = reading.refresh()
    except StorageError as failure:
        return PackageCheck(None, (failure.message,))
    except IntegrityError as broken:
        return PackageCheck(False, (broken.message,))
    if package_id in anchors.tombstones or package_id in anchors.disposals:
        return PackageCheck(None, (_DISPOSED,))
    if package_id not in anchors.versions:
        raise NotFoundError(message("没有信息包 {id}", "there is no package {id}", id=package_id), subject=package_id)
    looked = _look(vault, reading, package_id)
    owed = _owed(vault, anchors, package_id)
    return _summed_up(vault, anchors, looked, owed)


_DISPOSED = message("信息包已销毁或正在销毁", "the package was disposed of, or is being disposed of")
_NOWHERE = message("没有一份副本在位", "no copy of it is in reach")


@dataclass(frozen=True, slots=True)
class _Looked:
    """The copies that were read, and why others were not (``unlooked``) or cannot be judged (``broken``)."""

    audits: tuple[CopyAudit, ...]
    unlooked: tuple[Message, ...]
    broken: tuple[Message, ...]


def _look(vault: Vault, reading: JournalReading, package_id: str) -> _Looked:
    audits: list[CopyAudit] = []
    unlooked: list[Message] = []
    broken: list[Message] = []
    holders = reading.anchors.holders(package_id, 1)
    for store in vault.stores:
        if store.name not in holders or store.name in vault.promise.sealed:
            continue
        presence = presence_of(store, reading.anchors.stores.get(store.name))
        if not presence.is_there:
            unlooked.append(_of_store(store, presence.reason or presence.presence.said))
            continue
        try:
            audit = audit_copy(vault, store, package_id, reading=reading)
        except StorageError as failure:
            unlooked.append(_of_store(store, failure.message))
        except IntegrityError as failure:
            broken.append(_of_store(store, failure.message))
        else:
            if audit.checked_files or audit.problems:
                audits.append(audit)
            else:  # what was disposed of while it waited for its turn has no files to read
                unlooked.append(_of_store(store, _DISPOSED))
    if not (audits or unlooked or broken):
        unlooked.append(_NOWHERE)
    return _Looked(tuple(audits), tuple(unlooked), tuple(broken))


def _owed(vault: Vault, anchors: Anchors, package_id: str) -> tuple[Message, ...]:
    online = [store.name for store in vault.stores if store.name not in vault.promise.offline]
    return tuple(
        message(
            "存储“{store}”欠缺一份副本，请运行 jinkui replicate",
            "a copy is owed to store “{store}”; run jinkui replicate",
            store=owed.store,
        )
        for owed in owed_copies(anchors, vault.promise, online, package_id)
    )


def _summed_up(vault: Vault, anchors: Anchors, looked: _Looked, owed: Sequence[Message]) -> PackageCheck:
    problems = tuple(found for audit in looked.audits for found in audit.problems)
    damaged = tuple(_with_digests(vault, anchors, [found for found in problems if found.verdict.is_damage]))
    unlooked = (*looked.unlooked, *(_of_file(found) for found in problems if not found.verdict.is_damage))
    wrong = bool(damaged or looked.broken or owed)
    return PackageCheck(
        success=False if wrong else None if unlooked else True,
        reasons=(*unlooked, *looked.broken, *owed),
        failures={kind: tuple(one for one in damaged if one.found.verdict.failure is kind) for kind in Failure},
        facts=facts_of(looked.audits, anchors),
    )


def _with_digests(vault: Vault, anchors: Anchors, damaged: Sequence[FileVerdict]) -> Iterator[FailedFile]:
    expected: dict[str, Mapping[str, str]] = {}
    for found in damaged:
        if found.verdict.failure is not Failure.CHANGED:
            yield FailedFile(found)
            continue
        if found.store not in expected:
            expected[found.store] = _expected(vault, anchors, found)
        actual = _actual(vault.store(found.store), found)
        yield FailedFile(found, expected[found.store].get(found.file, ""), actual)


def _expected(vault: Vault, anchors: Anchors, found: FileVerdict) -> Mapping[str, str]:
    """Return the digests a copy must have, by path; those of its inventories only, where no store has them whole."""
    assert found.package_id is not None
    try:
        versions = anchors.copy_versions(found.store, found.package_id)
    except KeyError:  # disposed of meanwhile
        return {}
    folder = object_folder(PackageId(found.package_id))
    try:
        return {place: due.sha512 for place, due in expected_copy(vault, versions).items()}
    except JinkuiError:
        return {f"{folder}/v{anchor.version}/{INVENTORY}": anchor.inventory_sha512 for anchor in versions}


def _actual(store: Store, found: FileVerdict) -> str:
    try:
        return sha512_of(store, PurePosixPath(found.file))
    except JinkuiError:
        return ""


def _of_store(store: Store, reason: Message) -> Message:
    return message("{store}：{reason}", "{store}: {reason}", store=store.name, reason=reason)


def _of_file(found: FileVerdict) -> Message:
    return message(
        "{store}/{file}：{reason}", "{store}/{file}: {reason}", store=found.store, file=found.file, reason=found.why
    )
