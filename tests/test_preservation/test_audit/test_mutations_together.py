"""Changes that touch several files of a copy or several copies: found where they are, mended from what is anchored."""

import hashlib
import json
import os
import shutil
import stat
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import ocfl
import pytest

from preservation.audit.audit import present_stores
from preservation.audit.repair import RepairAction, plan_repair, repair
from preservation.audit.verdicts import Verdict
from preservation.catalogue.journal_fold import JournalReading
from preservation.package.new_package import payload_bytes
from preservation.package.ocfl import object_folder
from preservation.stores.presence import Presence
from preservation.vault.vault import Vault
from tests.support.vaults import ORIGINAL, audit_all, make_package, make_vault, repair_all

FOLDER = object_folder(make_package(1).package_id)
BAG = FOLDER / "v1/content"
TWIN = ORIGINAL.with_name("twin.bin")
ACCENTED = ORIGINAL.with_name("Añ.bin")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    made = make_vault(tmp_path)
    package = make_package(1)
    twin = payload_bytes(TWIN, b"\x01scan" * 1000)
    made.put(replace(package, payload=(*package.payload, twin, payload_bytes(ACCENTED, b"x" * 50))), note="ingest")
    made.put(make_package(2), note="ingest")
    return made


def swap(bag: Path) -> list[str]:
    """Give two files of one size each other's bytes."""
    one, other = bag / ORIGINAL, bag / TWIN
    assert one.stat().st_size == other.stat().st_size
    kept = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(kept)
    return [str(ORIGINAL), str(TWIN)]


def decompose(bag: Path) -> list[str]:
    """Spell a name with a combining character, as some file systems do."""
    spelt = unicodedata.normalize("NFD", ACCENTED.name)
    (bag / ACCENTED).rename((bag / ACCENTED).with_name(spelt))
    return [str(ACCENTED), str(ACCENTED.with_name(spelt))]


def twin_name(bag: Path) -> list[str]:
    """Add a file whose name differs from another's in its composition only."""
    added = ACCENTED.with_name(unicodedata.normalize("NFD", ACCENTED.name))
    (bag / added).write_bytes((bag / ACCENTED).read_bytes())
    return [str(added)]


def linked_folder(bag: Path) -> list[str]:
    """Put a link to the same files in a folder's place."""
    folder = bag / ORIGINAL.parent
    shutil.move(folder, bag.parents[7] / "outside")
    folder.symlink_to(bag.parents[7] / "outside")
    return [str(ORIGINAL.parent), str(ORIGINAL), str(TWIN), str(ACCENTED)]


def added_link(bag: Path) -> list[str]:
    """Add a link that leads nowhere."""
    (bag / "data/loop").symlink_to("loop")
    return ["data/loop"]


def fetch_list(bag: Path) -> list[str]:
    """Add a list of files to fetch."""
    (bag / "fetch.txt").write_text("http://127.0.0.1:9/x - data/METS.xml\n")
    return ["fetch.txt"]


def tag_manifests(bag: Path) -> list[str]:
    """Delete what vouches for the tag files."""
    gone = sorted(bag.glob("tagmanifest-*"))
    for path in gone:
        path.unlink()
    return [path.name for path in gone]


def device(bag: Path) -> list[str]:
    """Put a device in a file's place."""
    (bag / ORIGINAL).unlink()
    try:
        os.mknod(bag / ORIGINAL, stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root makes devices")
    return [str(ORIGINAL)]


def rewritten(bag: Path) -> list[str]:
    """Change a file and every manifest that names it, the inventory too: the copy vouches for itself."""
    changed = {(bag / ORIGINAL).read_bytes(): b"forged" * 100}
    files = [ORIGINAL]
    for pattern in ("manifest-*", "tagmanifest-*"):
        files += [PurePosixPath(path.name) for path in sorted(bag.glob(pattern))]
    for path in files:
        old = (bag / path).read_bytes()
        new = changed.get(old, old)
        for before, after in list(changed.items()):
            for algorithm in ("sha256", "sha512"):
                stood, stands = (hashlib.new(algorithm, data).hexdigest().encode() for data in (before, after))
                new = new.replace(stood, stands)
        (bag / path).write_bytes(new)
        changed[old] = new
    inventory = bag.parents[1] / "inventory.json"
    text = inventory.read_text("utf-8")
    for before, after in changed.items():
        text = text.replace(hashlib.sha512(before).hexdigest(), hashlib.sha512(after).hexdigest())
    json.loads(text)
    named = [str(path) for path in files]
    for place in (bag.parents[1], bag.parent):
        (place / "inventory.json").write_text(text, "utf-8")
        sidecar = f"{hashlib.sha512(text.encode()).hexdigest()} inventory.json\n"
        (place / "inventory.json.sha512").write_text(sidecar, "ascii")
        up = ".." if place == bag.parent else "../.."
        named += [f"{up}/inventory.json", f"{up}/inventory.json.sha512"]
    return named


CHANGES = (
    swap,
    decompose,
    twin_name,
    linked_folder,
    added_link,
    fetch_list,
    tag_manifests,
    device,
    rewritten,
)


@pytest.mark.parametrize("change", CHANGES, ids=[one.__name__ for one in CHANGES])
def test_what_bag_validation_does_not_see_is_named_file_by_file_and_mended(
    vault: Vault, tmp_path: Path, change: Callable[[Path], list[str]]
) -> None:
    second = tmp_path / "second"
    named = {os.path.normpath(f"{BAG}/{file}") for file in change(second / BAG)}
    if change is rewritten:
        assert ocfl.StorageRoot(root=str(second / "packages")).validate(), "the forgery is not consistent"
    found = audit_all(vault)
    assert {(p.store, p.package_id) for p in found.problems} == {("second", make_package(1).package_id.value)}
    assert {p.file for p in found.problems} == named
    for _ in range(2 if change is linked_folder else 1):
        repair_all(vault, audit_all(vault).problems)
    after = audit_all(vault)
    assert (after.problems, after.away) == ((), ())
    assert ocfl.StorageRoot(root=str(second / "packages")).validate()
    assert (second / BAG / ORIGINAL).read_bytes() == (tmp_path / "first" / BAG / ORIGINAL).read_bytes()


def test_different_files_damaged_in_different_copies_mend_each_other(vault: Vault, tmp_path: Path) -> None:
    hurt = (("first", BAG / ORIGINAL), ("second", BAG / TWIN), ("first", FOLDER / "inventory.json"))
    for store, file in hurt:
        (tmp_path / store / file).write_bytes(b"rotten")
    found = audit_all(vault).problems
    assert {(p.store, p.file) for p in found} == {(store, str(file)) for store, file in hurt}
    repair_all(vault, found)
    assert audit_all(vault).problems == ()


def test_without_a_good_copy_nothing_is_changed(vault: Vault, tmp_path: Path) -> None:
    for store in ("first", "second"):
        (tmp_path / store / BAG / ORIGINAL).write_bytes(store.encode())
    before = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    reading = JournalReading(vault.ledger)
    plan = plan_repair(vault, reading, audit_all(vault).problems)
    assert [step.action for step in plan] == [RepairAction.NO_GOOD_COPY] * 2
    assert repair(vault, plan, reading=reading, stamp="none") == ()
    assert {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()} == before


def test_mount_points_that_were_swapped_are_told_once_and_are_no_damage(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "first").rename(tmp_path / "x")
    (tmp_path / "second").rename(tmp_path / "first")
    (tmp_path / "x").rename(tmp_path / "second")
    there, away = present_stores(vault, JournalReading(vault.ledger).anchors)
    assert there == ()
    assert [one.presence for one in away] == [Presence.FOREIGN] * 2


def test_a_package_gone_from_every_store_is_missing_from_every_store(vault: Vault, tmp_path: Path) -> None:
    for store in ("first", "second"):
        shutil.rmtree(tmp_path / store / FOLDER)
    found = audit_all(vault).problems
    assert {p.store for p in found} == {"first", "second"}
    assert {p.verdict for p in found} <= {Verdict.MISSING, Verdict.DAMAGED, Verdict.NOT_CHECKED}
    reading = JournalReading(vault.ledger)
    assert {s.action for s in plan_repair(vault, reading, found)} == {RepairAction.NO_GOOD_COPY}
