"""Judging a copy of a package, and the rest of a store, by what the journal anchors.

Before any verdict but OK the journal is read again and everything looked at again, so that what is being written at
the moment is never called damage. What a begun and not ended version, replication or append explains is left to
recovery.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from archives.errors import IntegrityError, StorageError
from archives.journal.facts import PackageStored
from archives.message import message
from archives.record.identifiers import PackageId
from preservation.audit.expectation import Expectation, expect, expected_copy, expected_own_files, folders_above
from preservation.audit.judge_journal import judge_journal
from preservation.audit.verdicts import (
    PERMISSIONS_LOST,
    CopyAudit,
    Verdict,
    VerdictSheet,
    entry_mark,
    is_whole,
    mark_of,
)
from preservation.catalogue.anchors import Anchors
from preservation.catalogue.journal_fold import JournalReading
from preservation.package.ocfl import INVENTORY, SIDECAR, object_folder, sidecar_of
from preservation.stores.passed_over import passed_over_in
from preservation.stores.store import (
    JOURNAL,
    QUARANTINE,
    RESTORE_PROGRAM,
    WORK,
    EntryKind,
    Store,
    StoreEntry,
)
from preservation.vault.founding import has_own_program, own_restore_program
from preservation.vault.vault import Vault


def audit_copy(vault: Vault, store: Store, package_id: str, *, reading: JournalReading) -> CopyAudit:
    """Read every byte of one package's copy in one store while nobody may change it.

    Raises ``StoreAbsentError`` when the store is not there. A package that was disposed of meanwhile has no problems.
    """
    with vault.locks.package_shared(PackageId(package_id)):
        result = _judge_copy(vault, store, package_id, reading.anchors)
        if result.problems:
            result = _judge_copy(vault, store, package_id, reading.refresh())
        return result


def mark_of_copy(vault: Vault, store: Store, package_id: str) -> str:
    """Return the mark that ``audit_copy`` would give a whole copy as it lies now, without reading its bytes."""
    with vault.locks.package_shared(PackageId(package_id)):
        return mark_of(entry_mark(entry) for entry in store.walk(object_folder(PackageId(package_id))))


def audit_store(vault: Vault, store: Store, *, reading: JournalReading) -> CopyAudit:
    """Judge everything in a store that is in no package: its own files, its journal, strays among the packages.

    What is not OK is looked at again while nobody may append to the journal.
    """
    result = _judge_store(vault, store, reading.anchors)
    if result.problems:
        with vault.locks.journal():
            result = _judge_store(vault, store, reading.refresh())
    return result


def _judge_copy(vault: Vault, store: Store, package_id: str, anchors: Anchors) -> CopyAudit:
    if package_id not in anchors.versions or package_id in anchors.disposals:
        return CopyAudit(store.name, package_id, 0, 0, ())
    versions = anchors.copy_versions(store.name, package_id)
    folder = object_folder(PackageId(package_id))
    sheet = VerdictSheet(store, package_id)
    try:
        expected = expected_copy(vault, versions)
    except (IntegrityError, StorageError):
        _judge_inventories(folder, versions, sheet)
    else:
        _judge_entries(expected, sheet.entries(folder, passing_over=frozenset()), sheet)
        _explain_begun(folder, anchors, package_id, sheet)
    return sheet.result(version=versions[-1].version)


def _judge_inventories(folder: PurePosixPath, versions: Sequence[PackageStored], sheet: VerdictSheet) -> None:
    """Judge what can be judged without the newest inventory: the inventories themselves, by the journal's digests."""
    next(iter(sheet.store.walk(folder)), None)  # a store that is not there says so itself
    for anchor in versions:
        sheet.judge(f"{folder}/v{anchor.version}/{INVENTORY}", Expectation(anchor.inventory_sha512))
    reason = message("没有可用的锚定清单", "the anchored inventory is nowhere in reach")
    sheet.say(str(folder), Verdict.NOT_CHECKED, reason)


def _explain_begun(folder: PurePosixPath, anchors: Anchors, package_id: str, sheet: VerdictSheet) -> None:
    """Take back what only says that a version is being written or was left half by a crash."""
    begun = anchors.begun(sheet.store.name, package_id)
    if not begun:
        return
    written = anchors.intents | anchors.leftovers_in(sheet.store.name)
    digests = {fact.inventory_sha512 for key, fact in written.items() if key[0] == package_id}
    digests |= {anchor.inventory_sha512 for anchor in anchors.versions[package_id] if anchor.version in begun}
    begun_folders = tuple(f"{folder}/v{version}/" for version in begun)
    for place in tuple(sheet.verdicts):
        if f"{place}/".startswith(begun_folders):
            sheet.take_back(place)
        elif (
            place in (f"{folder}/{INVENTORY}", f"{folder}/{SIDECAR}")
            and sheet.verdicts[place].verdict is Verdict.DAMAGED
        ):
            is_inventory = place.endswith(f"/{INVENTORY}")
            wanted = [Expectation(d) if is_inventory else expect(sidecar_of(d)) for d in digests]
            if any(is_whole(sheet.store, place, one) for one in wanted):
                sheet.take_back(place)


def _judge_store(vault: Vault, store: Store, anchors: Anchors) -> CopyAudit:
    sheet = VerdictSheet(store, None)
    own = frozenset({WORK, QUARANTINE, JOURNAL}) | anchors.folders(store.name)
    entries = sheet.entries(PurePosixPath(), passing_over=own)
    _judge_entries(expected_own_files(anchors.stores[store.name]), entries, sheet, ways=own)
    if str(RESTORE_PROGRAM) in sheet.verdicts and _is_being_renewed(store, anchors):
        sheet.take_back(str(RESTORE_PROGRAM))
    judge_journal(vault.ledger, anchors, sheet)
    return sheet.result()


def _is_being_renewed(store: Store, anchors: Anchors) -> bool:
    """Say whether an upgrade put this software's restore program there, a moment ago or before it was killed."""
    is_known = has_own_program(anchors.stores[store.name])
    return not is_known and is_whole(store, RESTORE_PROGRAM, expect(own_restore_program()))


def _judge_entries(
    expected: Mapping[str, Expectation],
    entries: Iterable[StoreEntry],
    sheet: VerdictSheet,
    *,
    ways: Iterable[PurePosixPath] = (),
) -> None:
    """Judge what is there against what must be, and name what is not there."""
    on_the_way = folders_above((*expected, *map(str, ways)))
    wanted = dict(expected)
    locked: set[str] = set()
    for entry in entries:
        if (due := wanted.pop(entry.place, None)) is not None:
            sheet.judge_entry(entry, due)
        elif entry.kind is EntryKind.LOCKED_FOLDER and entry.place in on_the_way:
            sheet.say(entry.place, Verdict.DAMAGED, PERMISSIONS_LOST)
            locked.add(entry.place)
        elif entry.kind is not EntryKind.EMPTY_FOLDER or entry.place not in on_the_way:
            sheet.say(entry.place, Verdict.UNTRACKED)  # what is missing from an emptied folder is named itself
    is_unlisted = sheet.is_unlisted
    for place, due in wanted.items():
        if locked and locked & folders_above((place,)):
            sheet.say(place, Verdict.NOT_CHECKED, PERMISSIONS_LOST)
        elif passed_over_in(place):  # no walk names it
            sheet.judge(place, due)
            sheet.marks.append(place)  # nor can anybody say without reading that nobody wrote to it
        elif is_unlisted:  # nobody can tell by the walk, which ended there
            sheet.judge(place, due)
        else:
            sheet.say(place, Verdict.MISSING)
