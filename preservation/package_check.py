"""One package checked in every store that was promised a copy, with what is wrong told by file and digest."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from archives.errors import IntegrityError, JinkuiError, NotFoundError, StorageError
from archives.facts import Fact
from archives.message import message
from preservation.anchors import JournalReading
from preservation.expectation import expected_copy
from preservation.fixity import facts_of
from preservation.judgement import audit_copy
from preservation.stored_object import sha512_of
from preservation.vault import Vault
from preservation.verdicts import CopyAudit, FileVerdict, Verdict


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file whose bytes are not what they must be, with both SHA-512 digests; ``actual`` empty when unreadable."""

    store: str
    file: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class PackageCheck:
    """What a check found: ``success`` is None when a copy could not be looked at, and ``reasons`` says why."""

    success: bool | None
    reasons: tuple[str, ...]
    missing: tuple[FileVerdict, ...]
    changed: tuple[ChangedFile, ...]
    untracked: tuple[FileVerdict, ...]
    facts: tuple[Fact, ...]


def check_package(vault: Vault, reading: JournalReading, package_id: str) -> PackageCheck:
    """Read every byte of every copy of a package; ``facts`` is what the journal is to remember.

    Raises ``NotFoundError`` for a package that the journal does not hold.
    """
    anchors = reading.refresh()
    if package_id not in anchors.versions:
        raise _unknown(package_id)
    names = anchors.holders(package_id, 1)
    audits: list[CopyAudit] = []
    unlooked: list[str] = []
    broken: list[str] = []
    for store in (store for store in vault.stores if store.name in names):
        if store.name in vault.promise.sealed:
            continue
        try:
            audits.append(audit_copy(vault, store, package_id, reading=reading))
        except StorageError as failure:
            unlooked.append(f"{store.name}: {failure}")
        except IntegrityError as failure:
            broken.append(f"{store.name}: {failure}")
    problems = [found for audit in audits for found in audit.problems]
    unlooked += [f"{p.store}: {p.file}: {p.reason or ''}" for p in problems if p.verdict is Verdict.UNREADABLE]
    bad = [found for found in problems if found.verdict is not Verdict.UNREADABLE]
    success = None if unlooked and not bad else not bad and not broken
    return PackageCheck(
        success=success,
        reasons=(*unlooked, *broken),
        missing=_with(bad, Verdict.MISSING, Verdict.NOT_CHECKED),
        changed=tuple(_changed(vault, reading, found) for found in bad if found.verdict is Verdict.DAMAGED),
        untracked=_with(bad, Verdict.UNTRACKED),
        facts=facts_of(audits, reading.anchors),
    )


def _with(problems: Iterable[FileVerdict], *verdicts: Verdict) -> tuple[FileVerdict, ...]:
    return tuple(found for found in problems if found.verdict in verdicts)


def _changed(vault: Vault, reading: JournalReading, found: FileVerdict) -> ChangedFile:
    store = next(store for store in vault.stores if store.name == found.store)
    try:
        versions = reading.anchors.copy_versions(found.store, found.package_id or "")
        expected = expected_copy(vault, versions)[found.file].sha512
    except (JinkuiError, KeyError):
        expected = ""
    try:
        actual = sha512_of(store, PurePosixPath(found.file))
    except JinkuiError:
        actual = ""
    return ChangedFile(found.store, found.file, expected, actual)


def _unknown(package_id: str) -> NotFoundError:
    return NotFoundError(message("没有信息包 {id}", "there is no package {id}", id=package_id), subject=package_id)
