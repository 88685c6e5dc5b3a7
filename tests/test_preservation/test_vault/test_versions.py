"""Versions of a package: unchanged bytes lie once, every version comes back, a death leaves the old one whole."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path, PurePosixPath

import bagit
import ocfl
import pytest

from archives.errors import ConflictError, IntegrityError, NotFoundError, PathTakenError
from archives.exchange.premis import write_premis
from archives.journal.facts import PackageStored
from archives.record.identifiers import RecordKey
from preservation.locks import Locks
from preservation.package.new_package import PREMIS, NewPackage, PayloadFile, payload_bytes
from preservation.package.ocfl import object_folder
from preservation.vault.export import export_version
from preservation.vault.vault import Vault
from tests.support.vaults import ORIGINAL, audit_all, make_package, make_vault, recover_all, repair_all, unasked
from tests.test_archives.test_exchange.test_package_metadata import make_record
from tests.test_preservation.test_vault.test_vault import DyingStore, _DeathError

BOTH = ("first", "second")
METS = make_package().payload[1].path
NEW_FILE = ORIGINAL.with_name("page-2.bin")


def changed_package(*, mets: bytes, more: bytes | None = None) -> NewPackage:
    """Return the package with its original kept, another METS, and a second page if one is given."""
    package = make_package()
    original = package.payload[0]
    payload = [PayloadFile(original.path, None, original.digests), payload_bytes(METS, mets)]
    if more is not None:
        payload.append(payload_bytes(NEW_FILE, more))
    return replace(package, payload=tuple(payload))


def three_versions(vault: Vault) -> PackageStored:
    """Store three versions and return the newest one's anchor."""
    anchor = vault.put(make_package(), note="ingest")
    anchor = vault.put_next(
        changed_package(mets=b"<two/>", more=b"two"), anchor, holders=BOTH, note="update", require_newest=unasked
    )
    return vault.put_next(
        changed_package(mets=b"<three/>"), anchor, holders=BOTH, note="update", require_newest=unasked
    )


def test_unchanged_bytes_lie_once_and_every_version_comes_back(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    anchor = three_versions(vault)
    inventory = vault.inventory(anchor)
    assert anchor.version == 3
    for name in BOTH:
        folder = tmp_path / name / object_folder(make_package().package_id)
        assert [p.relative_to(folder).parts[0] for p in folder.rglob(ORIGINAL.name)] == ["v1"]
        assert bagit.Bag(str(folder / "v1" / "content")).validate()
        root = ocfl.StorageRoot(root=str(tmp_path / name / "packages"))
        assert root.validate(), root.log.status_str()
    for number in (1, 2, 3):
        out, restored = tmp_path / f"out-{number}", tmp_path / f"restored-{number}"
        export_version(vault, inventory, out, version=number)
        program = tmp_path / "second" / "restore.py"
        urn = make_package().package_id.urn
        subprocess.run([sys.executable, "-I", program, "get", urn, restored, f"v{number}"], check=True)
        for bag in (out, restored):
            assert bagit.Bag(str(bag)).validate()
            assert (bag / NEW_FILE).exists() == (number == 2)
    assert audit_all(vault).problems == ()


def test_two_codes_that_share_a_lock_are_held_at_once(tmp_path: Path) -> None:
    keys = [RecordKey("990001", f"Z109-{number}") for number in range(300)]
    with Locks(tmp_path).records(keys):
        assert 1 < len(list(tmp_path.iterdir())) <= 256


def test_damage_in_the_first_version_is_found_and_mended_when_the_third_is_newest(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    anchor = three_versions(vault)
    damaged = tmp_path / "first" / object_folder(make_package().package_id) / "v1" / "content" / ORIGINAL
    damaged.write_bytes(b"\x01" + damaged.read_bytes()[1:])
    problems = audit_all(vault).problems
    assert len(problems) == 1
    repair_all(vault, problems)
    assert audit_all(vault).problems == ()
    assert vault.read(vault.inventory(anchor), ORIGINAL, version=1) == b"\x00scan" * 1000


def test_an_export_makes_the_folders_in_which_nothing_lay_and_none_elsewhere(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    top = PurePosixPath("data/representations/original/data")
    empty = (
        top / "空" / "空",
        PurePosixPath("/tmp/x"),
        top / ".." / ".." / ".." / ".." / "out",
        PurePosixPath("data/y"),
    )
    premis = write_premis(make_record(empty_folders=empty))
    package = changed_package(mets=b"<one/>")
    payload = tuple(payload_bytes(one.path, b"x") if one.content is None else one for one in package.payload)
    anchor = vault.put(replace(package, payload=(*payload, payload_bytes(PREMIS, premis))), note="ingest")
    export_version(vault, vault.inventory(anchor), tmp_path / "to" / "bag", version=1)
    bag = tmp_path / "to" / "bag"
    assert (bag / top / "空" / "空").is_dir()
    assert bagit.Bag(str(bag)).validate()
    assert [one.name for one in (tmp_path / "to").iterdir()] == ["bag"]
    assert not (bag / "data" / "y").exists()


def test_an_export_that_cannot_be_whole_leaves_nothing(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    inventory = vault.inventory(three_versions(vault))
    place = tmp_path / "out"
    place.mkdir()
    with pytest.raises(NotFoundError):
        export_version(vault, inventory, place / "bag", version=4)
    with pytest.raises(PathTakenError):
        export_version(vault, inventory, place, version=1)
    for name in BOTH:
        (tmp_path / name / object_folder(make_package().package_id) / "v1" / "content" / ORIGINAL).unlink()
    with pytest.raises(IntegrityError):
        export_version(vault, inventory, place / "bag", version=3)
    assert list(place.iterdir()) == []


def test_a_kept_file_that_no_version_stores_is_refused(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    anchor = vault.put(make_package(), note="ingest")
    other = payload_bytes(NEW_FILE, b"never stored")
    package = changed_package(mets=b"<two/>")
    wrong = replace(package, payload=(*package.payload, PayloadFile(other.path, None, other.digests)))
    with pytest.raises(ConflictError):
        vault.put_next(wrong, anchor, holders=BOTH, note="update", require_newest=unasked)
    assert audit_all(vault).problems == ()


@pytest.mark.parametrize("survived", range(0, 40, 3))
def test_a_death_at_any_change_leaves_the_old_version_or_the_new_one_whole(tmp_path: Path, survived: int) -> None:
    anchor = make_vault(tmp_path).put(make_package(), note="ingest")
    changes = [survived]
    dying = tuple(DyingStore(name, tmp_path / name, changes) for name in BOTH)
    package = changed_package(mets=b"<two/>", more=b"two")
    acknowledged = False
    try:
        make_vault(tmp_path, stores=dying, found=False).put_next(
            package, anchor, holders=BOTH, note="update", require_newest=unasked
        )
        acknowledged = True
    except _DeathError:
        pass
    vault = make_vault(tmp_path, found=False)
    recover_all(vault)
    assert audit_all(vault).problems == ()
    stored = [entry.fact for entry in vault.ledger.entries() if isinstance(entry.fact, PackageStored)]
    assert not acknowledged or stored[-1].version == 2
    inventory = vault.inventory(stored[-1])
    assert vault.read(inventory, ORIGINAL) == b"\x00scan" * 1000
    assert vault.read(inventory, METS, version=1) == b"<mets/>"
    if stored[-1].version == 1:
        assert vault.put_next(package, anchor, holders=BOTH, note="again", require_newest=unasked).version == 2
    for name in BOTH:
        assert ocfl.StorageRoot(root=str(tmp_path / name / "packages")).validate()
