"""Packages go into every store, are read from any, and a crash leaves nothing half."""

import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import bagit
import ocfl
import pytest

from archives.errors import ConflictError, IntegrityError, NotFoundError, PathTakenError, StorageError
from archives.journal.facts import PackageAbandoned, PackageIntended, PackageStored
from archives.message import message
from preservation.package.new_package import PayloadFile
from preservation.package.ocfl import object_folder
from preservation.stores.local import LocalStore
from preservation.vault.vault import Vault
from tests.support.vaults import ORIGINAL, audit_all, make_package, make_vault, recover_all, unsign_newest


def intents_of(vault: Vault) -> list[PackageIntended]:
    """Return the intents that are still open."""
    open_: dict[str, PackageIntended] = {}
    for entry in vault.ledger.entries():
        match entry.fact:
            case PackageIntended() as fact:
                open_[fact.package_id] = fact
            case PackageStored() | PackageAbandoned() as fact:
                open_.pop(fact.package_id, None)
    return list(open_.values())


def test_a_stored_package_is_a_valid_bag_in_place_and_a_valid_ocfl_object(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    package = make_package()
    anchor = vault.put(package, note="ingest")
    assert anchor.stores == ("first", "second")
    for name in anchor.stores:
        content = tmp_path / name / object_folder(package.package_id) / "v1" / "content"
        assert bagit.Bag(str(content)).validate()
        assert (content / "bagit.txt").read_text().startswith("BagIt-Version: 1.0\n")
        root = ocfl.StorageRoot(root=str(tmp_path / name / "packages"))
        assert root.validate(), root.log.status_str()


def test_a_file_is_read_from_any_store_that_has_it_whole(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    package = make_package()
    anchor = vault.put(package, note="ingest")
    damaged = tmp_path / "first" / object_folder(package.package_id) / "v1" / "content" / ORIGINAL
    damaged.write_bytes(b"\x01" + damaged.read_bytes()[1:])
    inventory = vault.inventory(anchor)
    assert vault.read(inventory, ORIGINAL) == b"\x00scan" * 1000
    (tmp_path / "second" / object_folder(package.package_id) / "v1" / "content" / ORIGINAL).unlink()
    with pytest.raises(IntegrityError):
        vault.read(inventory, ORIGINAL)
    with pytest.raises(NotFoundError):
        vault.read(inventory, PurePosixPath("data/nothing"))


def test_packages_stored_together_are_each_whole_and_share_the_journal(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    answers = vault.put_together([make_package(number) for number in (1, 2, 3)], note="ingest")
    assert [isinstance(one, PackageStored) and one.stores for one in answers] == [("first", "second")] * 3
    groups = [[type(entry.fact) for entry in entries] for _, entries in vault.ledger.groups()]
    assert [group[:-1] for group in groups[1:]] == [[PackageIntended] * 3, [PackageStored] * 3]
    assert audit_all(vault).problems == ()
    assert vault.put_together([], note="ingest") == ()


def test_packages_under_way_are_intended_and_not_acknowledged_before_they_are_finished(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    under_way = vault.begin_together([make_package(1), make_package(2)], note="ingest")
    assert [type(entry.fact) for entry in [*vault.ledger.groups()][-1][1][:-1]] == [PackageIntended] * 2
    first, second = under_way.finished()
    assert isinstance(first, PackageStored)
    assert isinstance(second, PackageStored)
    assert under_way.is_written
    assert audit_all(vault).problems == ()


def test_packages_under_way_that_are_left_are_ended_by_recovery_and_their_locks_are_free(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    vault.begin_together([make_package(1)], note="ingest").left()
    assert len(intents_of(vault)) == 1
    with vault.locks.packages_exclusive([make_package(1).package_id]):
        pass
    recover_all(vault)
    assert intents_of(vault) == []
    assert audit_all(vault).problems == ()


def test_of_packages_stored_together_one_whose_source_changed_keeps_no_other_out(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    source = tmp_path / "scan.bin"
    source.write_bytes(b"other bytes")
    package = make_package(2)
    original, mets = package.payload
    changed = replace(package, payload=(PayloadFile(original.path, source, original.digests), mets))
    first, second, third = vault.put_together([make_package(1), changed, make_package(3)], note="ingest")
    assert isinstance(first, PackageStored)
    assert isinstance(second, ConflictError)
    assert isinstance(third, PackageStored)
    assert audit_all(vault).problems == ()
    assert intents_of(vault) == []
    assert isinstance(vault.put(package, note="again"), PackageStored)


def test_a_source_that_changed_is_not_stored_and_leaves_nothing(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    package = make_package()
    source = tmp_path / "scan.bin"
    source.write_bytes(b"other bytes")
    original, mets = package.payload
    changed = PayloadFile(original.path, source, original.digests)
    with pytest.raises(ConflictError):
        vault.put(replace(package, payload=(changed, mets)), note="ingest")
    assert audit_all(vault).problems == ()
    assert intents_of(vault) == []
    assert vault.put(package, note="again").version == 1


def test_export_writes_a_bag_that_stock_tools_accept_and_never_over_something(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    anchor = vault.put(make_package(), note="ingest")
    vault.export(vault.inventory(anchor), tmp_path / "out")
    assert bagit.Bag(str(tmp_path / "out")).validate()
    with pytest.raises(PathTakenError):
        vault.export(vault.inventory(anchor), tmp_path / "out")


def test_the_restore_program_of_a_store_needs_no_jinkui(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    package = make_package()
    vault.put(package, note="ingest")
    program = tmp_path / "second" / "restore.py"
    listed = subprocess.run([sys.executable, "-I", program, "list"], capture_output=True, text=True, check=True)
    assert package.package_id.urn in listed.stdout
    target = tmp_path / "restored"
    subprocess.run([sys.executable, "-I", program, "get", package.package_id.urn, target], check=True)
    assert bagit.Bag(str(target)).validate()


class _DeathError(Exception):
    """The process is gone."""


class DyingStore(LocalStore):
    """A store whose process dies at the n-th change."""

    def __init__(self, name: str, root: Path, changes: list[int]) -> None:
        super().__init__(name, root)
        self.changes = changes

    def _count(self) -> None:
        self.changes[0] -= 1
        if self.changes[0] < 0:
            raise _DeathError

    def create(self, path: PurePosixPath, blocks: Iterable[bytes]) -> None:
        self._count()
        super().create(path, blocks)

    def put(self, path: PurePosixPath, data: bytes, *, over: bytes | None) -> None:
        self._count()
        super().put(path, data, over=over)


@pytest.mark.parametrize("survived", range(0, 44, 3))
def test_a_death_at_any_change_leaves_a_whole_package_or_none(tmp_path: Path, survived: int) -> None:
    make_vault(tmp_path)
    changes = [survived]
    dying = tuple(DyingStore(name, tmp_path / name, changes) for name in ("first", "second"))
    package = make_package()
    try:
        make_vault(tmp_path, stores=dying, found=False).put(package, note="ingest")
        acknowledged = True
    except _DeathError:
        acknowledged = False
    vault = make_vault(tmp_path, found=False)
    recover_all(vault)
    result = audit_all(vault)
    assert result.problems == ()
    stored = [entry.fact for entry in vault.ledger.entries() if isinstance(entry.fact, PackageStored)]
    assert len(stored) <= 1
    assert not acknowledged or stored
    assert intents_of(vault) == []
    if not stored:
        vault.put(package, note="again")
        assert audit_all(vault).problems == ()


def test_a_version_complete_in_one_store_is_completed_in_the_other(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    package = make_package()
    vault.put(package, note="ingest")
    unsign_newest(tmp_path, "first", "second")
    shutil.rmtree(tmp_path / "second" / object_folder(package.package_id))
    again = make_vault(tmp_path, found=False)
    (outcome,) = recover_all(again)
    assert isinstance(outcome, PackageStored)
    assert audit_all(again).problems == ()


def test_an_error_of_a_store_is_a_storage_error_with_its_name() -> None:
    error = StorageError(message("坏", "bad"), subject="first: x")
    assert error.exit_code == 9
    assert error.subject == "first: x"
