"""Disks that fail, fill, lie or go away: a clean error, nothing acknowledged, nothing old touched, and on it goes."""

import errno
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

import pytest

from archives.errors import IntegrityError, StorageError
from archives.journal.facts import GroupSigned, PackageIntended, PackageStored
from preservation.audit.audit import audit
from preservation.audit.plan import AuditSelection, plan_audit
from preservation.audit.verdicts import CopyAudit, Verdict
from preservation.catalogue.journal_fold import JournalReading
from preservation.package.ocfl import object_folder
from preservation.stores.local import LocalStore
from preservation.stores.promise import Promise
from preservation.stores.store import PACKAGES
from preservation.vault.replication import plan_replication, replicate
from preservation.vault.vault import Vault
from tests.support.vaults import MOMENT, ORIGINAL, audit_all, make_package, make_vault, recover_all, repair_all

CONTENT = str(object_folder(make_package(2).package_id))


def stored(vault: Vault) -> list[str]:
    """Return what the journal acknowledges."""
    return [entry.fact.package_id for entry in vault.ledger.entries() if isinstance(entry.fact, PackageStored)]


def nothing_is_left(folder: Path, vault: Vault) -> None:
    """Require that a second package left no trace and the first is whole."""
    recover_all(vault)
    assert stored(vault) == [make_package(1).package_id.value]
    assert audit_all(vault).problems == ()
    for name in ("first", "second"):
        assert not (folder / name / CONTENT).exists()
        kept = [path for path in (folder / name / "quarantine").rglob("*") if path.is_file()]
        assert kept == [], "what was never acknowledged does not pile up"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    made = make_vault(tmp_path)
    made.put(make_package(1), note="ingest")
    return made


def failing(call: Callable[..., object], code: int, *, when: Callable[..., bool]) -> Callable[..., object]:
    """Return a system call that fails when it is told to."""

    def act(*arguments: object, **named: object) -> object:
        if when(*arguments):
            raise OSError(code, os.strerror(code))
        return call(*arguments, **named)

    return act


def path_of(handle: object) -> str:
    """Return what a descriptor is open on."""
    return os.readlink(f"/proc/self/fd/{handle}")


def in_second(handle: object, *_: object) -> bool:
    """Return whether a descriptor is open on the second package's copy in the second store."""
    place = path_of(handle)
    return "/second/" in place and CONTENT in place


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT])
def test_a_write_that_fails_acknowledges_nothing(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(os, "write", failing(os.write, code, when=in_second))
        with pytest.raises(StorageError) as told:
            vault.put(make_package(2), note="ingest")
    assert "second" in told.value.subject
    nothing_is_left(tmp_path, vault)
    vault.put(make_package(2), note="again")
    assert audit_all(vault).problems == ()


def test_a_flush_that_fails_is_never_tried_again_and_acknowledges_nothing(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    failed: list[str] = []
    flush = os.fsync

    def fail_once(handle: int) -> None:
        flushed.append(path_of(handle))
        if in_second(handle) and not failed:
            failed.append(path_of(handle))
            raise OSError(errno.EIO, "lost")
        flush(handle)

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail_once)
        with pytest.raises(StorageError):
            vault.put(make_package(2), note="ingest")
    assert flushed.count(failed[0]) == 1
    nothing_is_left(tmp_path, vault)


def test_a_disk_that_is_full_everywhere_ends_in_one_error_and_goes_on_when_there_is_room(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = vault.ledger.head()
    with monkeypatch.context() as full:
        full.setattr(os, "write", failing(os.write, errno.ENOSPC, when=lambda *_: True))
        with pytest.raises(StorageError):
            vault.put(make_package(2), note="ingest")
    left = [entry.fact for _, entries in vault.ledger.groups(before) for entry in entries]
    assert {type(fact) for fact in left} <= {PackageIntended, GroupSigned}, (
        "what the home signed stands, and is no more"
    )
    recover_all(vault)
    nothing_is_left(tmp_path, vault)
    vault.put(make_package(2), note="again")
    assert audit_all(vault).problems == ()


class LyingStore(LocalStore):
    """A store that writes other bytes than it is given, and says nothing."""

    def create(self, path: PurePosixPath, blocks: Iterable[bytes]) -> None:
        """Write a new file wrongly."""
        super().create(path, (block[:-1] + b"?" if path.name == "page.bin" else block for block in blocks))


def test_a_store_that_lies_is_found_out_before_anything_is_acknowledged(tmp_path: Path) -> None:
    make_vault(tmp_path)
    stores = (LocalStore("first", tmp_path / "first"), LyingStore("second", tmp_path / "second"))
    vault = make_vault(tmp_path, stores=stores, found=False)
    with pytest.raises(IntegrityError):
        vault.put(make_package(2), note="ingest")
    assert stored(vault) == []
    assert not (tmp_path / "first" / CONTENT).exists()


def test_with_a_lower_minimum_the_failing_store_is_owed_its_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_vault(tmp_path)
    made.ledger.minimum = 1
    vault = Vault(made.stores, made.ledger, made.locks, now=lambda: MOMENT, promise=Promise(2, 1))
    with monkeypatch.context() as broken:
        broken.setattr(os, "write", failing(os.write, errno.EIO, when=in_second))
        anchor = vault.put(make_package(2), note="ingest")
    assert anchor.stores == ("first",)
    reading = JournalReading(vault.ledger)
    owed = plan_replication(reading.anchors, vault.promise, ("first", "second"))
    assert [(one.store, one.package_id) for one in owed] == [("second", anchor.package_id)]
    assert audit_all(vault).problems == ()
    assert [one.failure for one in replicate(vault, reading, owed)] == [None]
    assert len(audit_all(vault).good_copies) == 2


def on_second(handle: object, *_: object) -> bool:
    """Return whether a descriptor is open on anything in the second store."""
    return "/second/" in path_of(handle)


def test_with_a_lower_minimum_a_full_store_is_passed_over_as_long_as_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_vault(tmp_path)
    made.ledger.minimum = 1
    vault = Vault(made.stores, made.ledger, made.locks, now=lambda: MOMENT, promise=Promise(2, 1))
    with monkeypatch.context() as full:
        full.setattr(os, "write", failing(os.write, errno.ENOSPC, when=on_second))
        anchors = [vault.put(make_package(number), note="ingest") for number in (1, 2, 3)]
        recover_all(vault)
    assert [anchor.stores for anchor in anchors] == [("first",)] * 3
    recover_all(vault)
    reading = JournalReading(vault.ledger)
    owed = plan_replication(reading.anchors, vault.promise, ("first", "second"))
    assert [one.failure for one in replicate(vault, reading, owed)] == [None] * 3
    found = audit_all(vault)
    assert (found.problems, found.away, len(found.good_copies)) == ((), (), 6)


def test_recovery_goes_on_when_a_full_store_cannot_take_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_vault(tmp_path)
    made.ledger.minimum = 1
    vault = Vault(made.stores, made.ledger, made.locks, now=lambda: MOMENT, promise=Promise(2, 1))

    class _DeathError(Exception):
        """The process is gone."""

    def die(*_: object, **__: object) -> None:
        raise _DeathError

    with monkeypatch.context() as dying, pytest.raises(_DeathError):
        dying.setattr(vault, "_anchor", die)
        vault.put(make_package(2), note="ingest")
    (tmp_path / "second" / CONTENT / "v1/content" / ORIGINAL).unlink()
    with monkeypatch.context() as full:
        full.setattr(os, "write", failing(os.write, errno.ENOSPC, when=in_second))
        recover_all(vault)
    assert [
        anchor.stores for anchor in JournalReading(vault.ledger).anchors.versions[make_package(2).package_id.value]
    ] == [("first",)]


def test_a_sector_that_cannot_be_read_is_unreadable_never_bad_and_can_be_replaced(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = tmp_path / "second" / object_folder(make_package(1).package_id) / "v1/content" / ORIGINAL
    number = victim.stat().st_ino

    def bad(handle: int, *_: object) -> bool:
        return os.fstat(handle).st_ino == number

    with monkeypatch.context() as broken:
        broken.setattr(os, "read", failing(os.read, errno.EIO, when=bad))
        found = audit_all(vault).problems
        assert [(p.store, p.verdict) for p in found] == [("second", Verdict.UNREADABLE)]
        assert found[0].reason is not None
        repair_all(vault, found)
        assert audit_all(vault).problems == ()


def test_a_store_that_is_unmounted_while_it_is_read_is_named_once(vault: Vault, tmp_path: Path) -> None:
    for number in range(2, 12):
        vault.put(make_package(number), note="ingest")
    reading = JournalReading(vault.ledger)
    names = frozenset({"first", "second"})
    plan = plan_audit(reading.anchors, AuditSelection(), there=names, now=MOMENT, draw=lambda tasks, n: tasks[:n])
    seen: list[CopyAudit] = []

    def unmount(done: CopyAudit) -> None:
        seen.append(done)
        if len(seen) == 16:
            shutil.move(tmp_path / "second", tmp_path / "unplugged")
            (tmp_path / "second").mkdir()

    result = audit(vault, reading, plan, workers=2, clock=lambda: 0.0, progress=unmount)
    assert [one.store.name for one in result.away] == ["second"]
    assert result.problems == ()
    assert 0 < result.not_reached < 11
    assert len(result.good_copies) + result.not_reached == 22


def test_an_absent_package_folder_is_told_file_by_file_but_an_absent_store_once(vault: Vault, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "second" / PACKAGES)
    found = audit_all(vault)
    assert found.away == ()
    assert {p.verdict for p in found.problems} == {Verdict.MISSING}
    shutil.rmtree(tmp_path / "second")
    found = audit_all(vault)
    assert (found.problems, len(found.away)) == ((), 1)
