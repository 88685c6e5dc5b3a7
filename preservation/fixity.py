"""Audits: every byte of every copy is read again and judged by what the journal anchors.

A verdict is about one file of one copy. DAMAGED is given only after a second reading; what could not be looked at is
UNREADABLE, never good and never bad. The inventory an audit judges by is the one whose digest the journal holds, from
whichever store has it whole, so that a copy cannot vouch for itself.
"""

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath

from archives.errors import IntegrityError, NotFoundError, StorageError, StoreAbsentError
from archives.facts import DamageFound, Fact, FixityChecked, PackageStored
from archives.identifiers import PackageId
from archives.journal import Head, read_group
from preservation.anchors import Anchors
from preservation.ledger import HEAD, group_firsts, group_path, read_head
from preservation.ocfl import (
    INVENTORY,
    OBJECT_DECLARATION,
    SIDECAR,
    object_declaration,
    object_folder,
    root_files,
)
from preservation.store import MARKER, QUARANTINE, RESTORE_PROGRAM, WORK, EntryKind, Store, read_whole
from preservation.vault import Vault

_PACKAGES_AN_ENTRY = 1000


class Verdict(StrEnum):
    """What an audit says of one file of one copy."""

    OK = "OK"
    DAMAGED = "DAMAGED"
    MISSING = "MISSING"
    UNTRACKED = "UNTRACKED"
    UNREADABLE = "UNREADABLE"
    NOT_CHECKED = "NOT_CHECKED"


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """One file that is not OK; ``file`` is relative to the store, ``package_id`` None outside any package."""

    store: str
    package_id: str | None
    file: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class CopyAudit:
    """What was found in one package's copy (or, without a package, in the rest of a store)."""

    store: str
    package_id: str | None
    checked_files: int
    checked_bytes: int
    problems: tuple[FileVerdict, ...]


@dataclass(frozen=True, slots=True)
class AuditResult:
    """A whole audit: how much was read, every file that is not OK, stores that were away, copies that are good."""

    checked_files: int
    checked_bytes: int
    problems: tuple[FileVerdict, ...]
    absent_stores: tuple[str, ...]
    good_copies: tuple[tuple[str, str], ...]

    def facts(self) -> tuple[Fact, ...]:
        """Return what the journal is to remember of the audit."""
        facts: list[Fact] = []
        for store in sorted({name for name, _ in self.good_copies}):
            packages = [package for name, package in self.good_copies if name == store]
            for start in range(0, len(packages), _PACKAGES_AN_ENTRY):
                facts.append(FixityChecked(store, tuple(packages[start : start + _PACKAGES_AN_ENTRY])))
        facts += [
            DamageFound(found.store, found.package_id, found.file, found.verdict)
            for found in self.problems
            if found.verdict in (Verdict.DAMAGED, Verdict.MISSING, Verdict.UNTRACKED)
        ]
        return tuple(facts)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must lie at one path of a store: these very bytes, or bytes with this SHA-512."""

    sha512: str
    data: bytes | None = None


def expect(data: bytes) -> Expectation:
    """Return the expectation of exactly these bytes."""
    return Expectation(hashlib.sha512(data).hexdigest(), data)


class JournalReading:
    """The anchors as the journal holds them, brought up to date when a verdict depends on it."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._head = Head()
        self._guard = threading.Lock()
        self.anchors = Anchors()
        self.refresh()

    def refresh(self) -> Anchors:
        """Read what was recorded since the last reading."""
        with self._guard:
            for head, entries in self._vault.ledger.groups(self._head):
                self.anchors.take(entries)
                self._head = head
            return self.anchors


def audit(vault: Vault, *, workers: int, progress: Callable[[CopyAudit], None] = lambda _: None) -> AuditResult:
    """Read every byte of every copy, of the journal and of the stores' own files.

    Appends nothing and changes nothing. Raises ``IntegrityError`` when the journal itself has no whole copy.
    """
    results: list[CopyAudit] = []

    def take(result: CopyAudit) -> None:
        results.append(result)
        progress(result)

    with vault.locks.journal():
        reading = JournalReading(vault)
        present, absent = _presence(vault)
        for store in present:
            take(_audit_outside_packages(store, vault, reading.anchors))
    tasks = [(store, package_id) for package_id in reading.anchors.versions for store in present]
    with ThreadPoolExecutor(workers) as pool:
        for result in pool.map(lambda task: audit_copy(vault, *task, reading=reading), tasks):
            take(result)
    return AuditResult(
        checked_files=sum(result.checked_files for result in results),
        checked_bytes=sum(result.checked_bytes for result in results),
        problems=tuple(found for result in results for found in result.problems),
        absent_stores=absent,
        good_copies=tuple((r.store, r.package_id) for r in results if r.package_id and not r.problems),
    )


def audit_copy(vault: Vault, store: Store, package_id: str, *, reading: JournalReading) -> CopyAudit:
    """Read one package's copy in one store while nobody may change it."""
    with vault.locks.package_shared(PackageId(package_id)):
        versions = tuple(reading.anchors.versions[package_id])
        result = _audit_versions(vault, store, versions)
        if result.problems and versions != tuple(reading.refresh().versions[package_id]):
            result = _audit_versions(vault, store, tuple(reading.anchors.versions[package_id]))
        return result


def expected_files(vault: Vault, versions: Sequence[PackageStored]) -> dict[PurePosixPath, Expectation]:
    """Return what every copy of a package must hold, by path in the store.

    Raises ``IntegrityError`` when no store has an anchored inventory whole.
    """
    folder = object_folder(PackageId(versions[-1].package_id))
    expected = {folder / OBJECT_DECLARATION: expect(object_declaration())}
    for anchor in versions:
        sidecar = expect(f"{anchor.inventory_sha512} {INVENTORY}\n".encode("ascii"))
        for place in (folder / f"v{anchor.version}", folder):
            expected[place / INVENTORY] = Expectation(anchor.inventory_sha512)
            expected[place / SIDECAR] = sidecar
    for path, sha512 in vault.inventory(versions[-1]).content_files().items():
        expected[folder / path] = Expectation(sha512)
    return expected


def expected_outside_packages(store: Store, vault: Vault, anchors: Anchors) -> dict[PurePosixPath, Expectation]:
    """Return what must lie in a store beside packages: marker, restore program, storage root, journal."""
    expected = {path: expect(data) for path, data in root_files().items()}
    promised = anchors.stores[store.name]
    expected[MARKER] = expect(promised.marker.encode("utf-8"))
    expected[RESTORE_PROGRAM] = Expectation(promised.restore_program_sha512)
    head = Head()
    for group in vault.ledger.raw_groups():
        expected[group_path(group.first)] = Expectation(hashlib.sha512(group.data).hexdigest())
        head = group.end
    expected[HEAD] = expect(head.encoded())
    return expected


def judge_file(store: Store, path: PurePosixPath, expected: Expectation) -> tuple[Verdict, int]:
    """Read one file and return its verdict and how many bytes were read; a bad one is read twice."""
    verdict, size_bytes = _read_once(store, path, expected)
    if verdict is Verdict.DAMAGED:
        verdict, size_bytes = _read_once(store, path, expected)
    return verdict, size_bytes


def _presence(vault: Vault) -> tuple[tuple[Store, ...], tuple[str, ...]]:
    present, absent = [], []
    for store in vault.stores:
        try:
            next(iter(store.walk(PurePosixPath("journal"))), None)
        except StoreAbsentError:
            absent.append(store.name)
        else:
            present.append(store)
    return tuple(present), tuple(absent)


def _audit_outside_packages(store: Store, vault: Vault, anchors: Anchors) -> CopyAudit:
    expected = expected_outside_packages(store, vault, anchors)
    own = frozenset({WORK, QUARANTINE}) | anchors.folders()
    found = _audit_folder(store, PurePosixPath(), expected, None, own)
    if not found.problems:
        return found
    explained = {str(path) for path in _interrupted_append(store, vault)}
    return replace(found, problems=tuple(problem for problem in found.problems if problem.file not in explained))


def _interrupted_append(store: Store, vault: Vault) -> set[PurePosixPath]:
    """Return the journal files of a store that are only an append which a crash cut short; recovery settles them.

    That is a valid group after the head, or a store whose head and last group are still the ones before.
    """
    groups = list(vault.ledger.raw_groups())
    end = groups[-1].end if groups else Head()
    before = groups[-2].end if len(groups) > 1 else Head()
    explained: set[PurePosixPath] = set()
    try:
        read_group(end, read_whole(store, group_path(end.sequence + 1)))
        explained.add(group_path(end.sequence + 1))
    except (NotFoundError, StorageError, IntegrityError):
        pass
    try:
        if groups and read_head(store) == before:
            explained.add(HEAD)
            if groups[-1].first not in group_firsts(store):
                explained.add(group_path(groups[-1].first))
    except (StorageError, IntegrityError):
        pass
    return explained


def _audit_versions(vault: Vault, store: Store, versions: Sequence[PackageStored]) -> CopyAudit:
    package_id = versions[-1].package_id
    folder = object_folder(PackageId(package_id))
    try:
        expected = expected_files(vault, versions)
    except IntegrityError:
        lost = FileVerdict(store.name, package_id, str(folder / INVENTORY), Verdict.DAMAGED)
        rest = FileVerdict(store.name, package_id, str(folder), Verdict.NOT_CHECKED)
        return CopyAudit(store.name, package_id, 0, 0, (lost, rest))
    return _audit_folder(store, folder, expected, package_id, frozenset())


def _audit_folder(
    store: Store,
    folder: PurePosixPath,
    expected: Mapping[PurePosixPath, Expectation],
    package_id: str | None,
    passing_over: frozenset[PurePosixPath],
) -> CopyAudit:
    verdicts: dict[PurePosixPath, Verdict] = {}
    read_files = read_bytes = 0
    ways = {parent for path in (*expected, *passing_over) for parent in path.parents}
    for entry in store.walk(folder, passing_over=passing_over):
        if entry.kind is EntryKind.EMPTY_FOLDER and entry.path in ways:
            continue  # what is missing from it is named itself
        if entry.path not in expected:
            verdicts[entry.path] = Verdict.UNTRACKED
        elif entry.kind is not EntryKind.FILE or entry.links > 1:
            verdicts[entry.path] = Verdict.DAMAGED
        else:
            verdicts[entry.path], size_bytes = judge_file(store, entry.path, expected[entry.path])
            read_files, read_bytes = read_files + 1, read_bytes + size_bytes
    for path in expected:
        verdicts.setdefault(path, Verdict.MISSING)
    problems = tuple(
        FileVerdict(store.name, package_id, str(path), verdict)
        for path, verdict in sorted(verdicts.items())
        if verdict is not Verdict.OK
    )
    return CopyAudit(store.name, package_id, read_files, read_bytes, problems)


def _read_once(store: Store, path: PurePosixPath, expected: Expectation) -> tuple[Verdict, int]:
    digest = hashlib.sha512()
    size_bytes = 0
    try:
        for block in store.read(path):
            digest.update(block)
            size_bytes += len(block)
    except NotFoundError:
        return Verdict.MISSING, 0
    except StorageError:
        return Verdict.UNREADABLE, size_bytes
    return (Verdict.OK if digest.hexdigest() == expected.sha512 else Verdict.DAMAGED), size_bytes
