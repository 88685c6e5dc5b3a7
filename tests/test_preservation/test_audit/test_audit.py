"""Every damage is found in the right file of the right copy, and repair makes it good from what the journal anchors."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from archives.errors import IntegrityError
from preservation.audit.repair import RepairAction
from preservation.audit.verdicts import Verdict
from preservation.package.new_package import payload_bytes
from preservation.package.ocfl import object_folder
from preservation.stores.presence import Presence
from preservation.vault.vault import Vault
from tests.support.vaults import ORIGINAL, audit_all, make_package, make_vault, repair_all

FOLDER = object_folder(make_package().package_id)
CONTENT = FOLDER / "v1" / "content"
PAGE = str(CONTENT / ORIGINAL)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    made = make_vault(tmp_path)
    made.put(make_package(1), note="ingest")
    made.put(make_package(2, content=b"other" * 999), note="ingest")
    return made


def outside(path: Path) -> Path:
    """Return a place beside the stores."""
    return next(folder for folder in path.parents if folder.name == "second").parent / "kept.bin"


def append(path: Path) -> None:
    """Add a byte."""
    path.write_bytes(path.read_bytes() + b"x")


def flip(path: Path) -> None:
    """Flip one bit."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def swap_equal(path: Path) -> None:
    """Put other bytes of the same size."""
    path.write_bytes(bytes(path.stat().st_size))


def link(path: Path) -> None:
    """Replace a file by a link to the same bytes."""
    kept = outside(path)
    shutil.move(path, kept)
    path.symlink_to(kept)


def hard_link(path: Path) -> None:
    """Give a file's bytes a second name outside."""
    os.link(path, outside(path))


DAMAGES: tuple[tuple[str, str, Callable[[Path], object], Verdict], ...] = (
    ("a flipped bit", PAGE, flip, Verdict.DAMAGED),
    ("other bytes of equal size", PAGE, swap_equal, Verdict.DAMAGED),
    ("a truncated file", PAGE, lambda p: os.truncate(p, 10), Verdict.DAMAGED),
    ("appended bytes", PAGE, append, Verdict.DAMAGED),
    ("a missing file", PAGE, Path.unlink, Verdict.MISSING),
    ("a symbolic link", PAGE, link, Verdict.DAMAGED),
    ("a hard link", PAGE, hard_link, Verdict.DAMAGED),
    ("a changed tag file", str(CONTENT / "bag-info.txt"), flip, Verdict.DAMAGED),
    ("a missing tag manifest", str(CONTENT / "tagmanifest-sha512.txt"), Path.unlink, Verdict.MISSING),
    ("a changed inventory", str(FOLDER / "inventory.json"), flip, Verdict.DAMAGED),
    ("a missing version inventory", str(FOLDER / "v1/inventory.json"), Path.unlink, Verdict.MISSING),
    ("a changed sidecar", str(FOLDER / "inventory.json.sha512"), flip, Verdict.DAMAGED),
    ("a missing declaration", str(FOLDER / "0=ocfl_object_1.1"), Path.unlink, Verdict.MISSING),
    ("a changed journal group", "journal/000000000001.jsonl", flip, Verdict.DAMAGED),
    ("a missing journal group", "journal/000000000005.jsonl", Path.unlink, Verdict.MISSING),
    ("a changed journal head", "journal/head", flip, Verdict.DAMAGED),
    ("a missing marker", "store.json", Path.unlink, Verdict.MISSING),
    ("a changed restore program", "restore.py", flip, Verdict.DAMAGED),
    ("a missing root declaration", "packages/0=ocfl_1.1", Path.unlink, Verdict.MISSING),
    ("a stray file", str(CONTENT / "data/stray.txt"), lambda p: p.write_bytes(b"x"), Verdict.UNTRACKED),
    ("a stray file in the root", "packages/stray.txt", lambda p: p.write_bytes(b"x"), Verdict.UNTRACKED),
    ("an empty folder", "packages/empty", Path.mkdir, Verdict.UNTRACKED),
)


@pytest.mark.parametrize(("what", "file", "damage", "verdict"), DAMAGES, ids=[d[0] for d in DAMAGES])
def test_damage_is_named_and_repaired(
    vault: Vault, tmp_path: Path, what: str, file: str, damage: Callable[[Path], object], verdict: Verdict
) -> None:
    damage(tmp_path / "second" / file)
    result = audit_all(vault)
    assert [(p.store, p.file, p.verdict) for p in result.problems] == [("second", file, verdict)], what
    plan = repair_all(vault, result.problems)
    assert all(step.action is not RepairAction.NO_GOOD_COPY for step in plan)
    assert audit_all(vault).problems == ()


@pytest.mark.parametrize(
    "folder", [FOLDER, FOLDER.parent, FOLDER.parents[2], FOLDER / "v1/content/data", PurePosixPath("journal")]
)
def test_a_folder_behind_a_link_is_no_copy_and_is_written_again(
    vault: Vault, tmp_path: Path, folder: PurePosixPath
) -> None:
    place, kept = tmp_path / "second" / folder, tmp_path / "outside"
    shutil.move(place, kept)
    place.symlink_to(kept)
    before = sorted((str(path), path.stat().st_mtime_ns) for path in kept.rglob("*"))
    problems = audit_all(vault).problems
    assert {p.verdict for p in problems} <= {Verdict.MISSING, Verdict.DAMAGED, Verdict.UNTRACKED}
    assert str(folder) in {p.file for p in problems}
    repair_all(vault, problems)
    for _ in range(2):
        repair_all(vault, audit_all(vault).problems)
    assert audit_all(vault).problems == ()
    assert not place.is_symlink()
    assert sorted((str(path), path.stat().st_mtime_ns) for path in kept.rglob("*")) == before


def test_what_file_systems_keep_at_the_top_of_a_disk_is_left_alone(vault: Vault, tmp_path: Path) -> None:
    kept = tmp_path / "second" / "lost+found" / "#12"
    kept.parent.mkdir()
    kept.write_bytes(b"x")
    (tmp_path / "first" / "System Volume Information").mkdir()
    assert audit_all(vault).problems == ()
    inside = tmp_path / "second" / FOLDER / "lost+found"
    inside.mkdir()
    problems = audit_all(vault).problems
    assert [p.file for p in problems] == [str(FOLDER / "lost+found")], "in a package it is a stray as any other"
    repair_all(vault, problems)
    assert kept.read_bytes() == b"x"
    assert not inside.exists()


def test_what_servers_keep_in_every_folder_is_no_alarm_in_a_package_either(vault: Vault, tmp_path: Path) -> None:
    for place in (FOLDER, FOLDER / "v1/content/data", PurePosixPath("journal"), PurePosixPath("packages")):
        for name in (".DS_Store", ".nfs000000000123abcd00000001", "@eaDir/page.bin/SYNO_THUMB.jpg"):
            kept = tmp_path / "second" / place / name
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(b"x")
    assert audit_all(vault).problems == ()
    assert repair_all(vault, ()) == ()
    assert len(list((tmp_path / "second").rglob(".DS_Store"))) == 4


def test_a_file_of_a_package_that_is_called_like_one_of_those_is_judged_as_any_other(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    litter = ORIGINAL.with_name(".DS_Store")
    package = make_package(7)
    vault.put(replace(package, payload=(*package.payload, payload_bytes(litter, b"Bud1"))), note="ingest")
    assert audit_all(vault).problems == ()
    place = object_folder(package.package_id) / "v1/content" / litter
    (tmp_path / "first" / place).write_bytes(b"Bud2")
    (tmp_path / "second" / place).unlink()
    found = {(p.store, p.file, p.verdict) for p in audit_all(vault).problems}
    assert found == {("first", str(place), Verdict.DAMAGED), ("second", str(place), Verdict.MISSING)}


def test_a_whole_lost_package_comes_back(vault: Vault, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "first" / FOLDER)
    problems = audit_all(vault).problems
    assert problems
    assert {p.verdict for p in problems} == {Verdict.MISSING}
    repair_all(vault, problems)
    assert audit_all(vault).problems == ()


def test_different_files_damaged_in_different_copies_are_both_mended(vault: Vault, tmp_path: Path) -> None:
    flip(tmp_path / "first" / PAGE)
    flip(tmp_path / "second" / CONTENT / "data/METS.xml")
    repair_all(vault, audit_all(vault).problems)
    assert audit_all(vault).problems == ()


def test_without_a_good_copy_nothing_is_changed(vault: Vault, tmp_path: Path) -> None:
    for name in ("first", "second"):
        flip(tmp_path / name / PAGE)
    before = (tmp_path / "first" / PAGE).read_bytes()
    plan = repair_all(vault, audit_all(vault).problems)
    assert [step.action for step in plan] == [RepairAction.NO_GOOD_COPY] * 2
    assert (tmp_path / "first" / PAGE).read_bytes() == before


def test_a_consistent_rewrite_of_one_copy_is_damage_all_the_same(vault: Vault, tmp_path: Path) -> None:
    other = object_folder(make_package(2).package_id)
    for name in ("inventory.json", "inventory.json.sha512", "v1/inventory.json", "v1/inventory.json.sha512"):
        shutil.copy(tmp_path / "second" / other / name, tmp_path / "second" / FOLDER / name)
    named = {Path(p.file).name for p in audit_all(vault).problems}
    assert named == {"inventory.json", "inventory.json.sha512"}


def test_an_absent_store_is_said_once_and_no_file_is_called_missing(vault: Vault, tmp_path: Path) -> None:
    shutil.move(tmp_path / "second", tmp_path / "unplugged")
    result = audit_all(vault)
    assert [(one.store.name, one.presence) for one in result.away] == [("second", Presence.ABSENT)]
    assert result.problems == ()


def test_a_journal_that_no_store_has_whole_stops_everything(vault: Vault, tmp_path: Path) -> None:
    vault.ledger.settle()
    for name in ("first", "second"):
        flip(tmp_path / name / "journal/000000000001.jsonl")
    with pytest.raises(IntegrityError):
        audit_all(vault)
