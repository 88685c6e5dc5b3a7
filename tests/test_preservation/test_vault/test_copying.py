"""What is written out of stores is whole, comes from whichever store has it, and agrees with its own manifests."""

from pathlib import Path

import bagit
import pytest

from archives.errors import IntegrityError, StorageError
from formats.processes.children import ChildExecutor
from preservation.digests.many_files import Digesting
from preservation.package.ocfl import object_folder
from preservation.stores.local import LocalStore
from preservation.vault.copying import flush_copies
from tests.support.memory_store import MemoryStore
from tests.support.vaults import ORIGINAL, make_package, make_vault


def test_a_damaged_file_comes_from_the_next_store(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    package = make_package()
    inventory = vault.inventory(vault.put(package, note="ingest"))
    damaged = tmp_path / "first" / object_folder(package.package_id) / "v1" / "content" / ORIGINAL
    damaged.write_bytes(b"\x01" + damaged.read_bytes()[1:])
    (damaged.parents[2] / "METS.xml").unlink(missing_ok=True)
    with Digesting(2, lambda: ChildExecutor(2, timeout_seconds=60)) as digesting:
        vault.export(inventory, tmp_path / "out", digesting=digesting)
    assert bagit.Bag(str(tmp_path / "out")).validate()
    assert (tmp_path / "out" / ORIGINAL).read_bytes() == b"\x00scan" * 1000


def test_a_file_that_no_store_has_whole_is_an_integrity_error(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    package = make_package()
    inventory = vault.inventory(vault.put(package, note="ingest"))
    for name in ("first", "second"):
        (tmp_path / name / object_folder(package.package_id) / "v1" / "content" / ORIGINAL).write_bytes(b"x")
    with pytest.raises(IntegrityError):
        vault.export(inventory, tmp_path / "out")
    assert not (tmp_path / "out" / ORIGINAL).exists()


def test_stores_that_lie_on_no_disk_are_read_through_their_verbs(tmp_path: Path) -> None:
    stores = (MemoryStore("first"), MemoryStore("second"))
    assert stores[0].properties.folder is None
    assert LocalStore("x", tmp_path).properties.folder == tmp_path
    vault = make_vault(tmp_path, stores=stores)
    vault.export(vault.inventory(vault.put(make_package(), note="ingest")), tmp_path / "out")
    assert bagit.Bag(str(tmp_path / "out")).validate()


def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    inventory = vault.inventory(vault.put(make_package(), note="ingest"))
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError):
        vault.export(inventory, tmp_path / "file" / "out")


def test_flushing_a_folder_that_is_gone_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        flush_copies(tmp_path / "gone")
