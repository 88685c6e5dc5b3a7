"""Stores that are away at the wrong moment: nothing is called lost that is only out of reach, nothing stands still."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from archives.errors import StorageError
from archives.journal.chain import extend
from archives.journal.facts import BatchReceived, DisposalIntended, GroupSigned, PackageAbandoned, PackageStored
from archives.message import message
from preservation.audit.repair import RepairAction, plan_repair
from preservation.audit.verdicts import Verdict
from preservation.catalogue.journal_fold import JournalReading
from preservation.journal.chain import group_path, read_head
from preservation.package.new_package import payload_bytes
from preservation.package.ocfl import object_folder
from preservation.stores.local import LocalStore
from preservation.stores.promise import Promise
from preservation.vault.replication import plan_replication, replicate
from preservation.vault.vault import Vault
from tests.support.disposal import approve_disposal
from tests.support.vaults import (
    MOMENT,
    ORIGINAL,
    audit_all,
    make_package,
    make_vault,
    recover_all,
    repair_all,
    unasked,
    unsign_newest,
)

FOLDER = object_folder(make_package(1).package_id)
PAGE = FOLDER / "v1/content" / ORIGINAL


def vault_of(folder: Path, *names: str, minimum: int, found: bool = False) -> Vault:
    """Return a vault as a new process opens it, for which so many copies are enough."""
    made = make_vault(folder, stores=tuple(LocalStore(name, folder / name) for name in names), found=found)
    made.ledger.minimum = minimum
    return Vault(made.stores, made.ledger, made.locks, now=lambda: MOMENT, promise=Promise(len(names), minimum))


def unplug(folder: Path, name: str) -> Callable[[], object]:
    """Take a store away; return what brings it back."""
    shutil.move(folder / name, folder / f"{name}.away")
    return lambda: shutil.move(folder / f"{name}.away", folder / name)


def test_what_an_append_left_in_one_store_gives_way_to_the_chain_that_heads_bear_out(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, "a", "b", "c", minimum=2, found=True)
    dead = extend(read_head(vault.stores[0]), [BatchReceived("dead", "r", 1, 1)], at=MOMENT, agent="killed")
    vault.stores[0].put(group_path(dead.first), dead.data, over=None)
    back = unplug(tmp_path, "a")
    vault.put(make_package(1), note="ingest")
    back()
    fresh = vault_of(tmp_path, "a", "b", "c", minimum=2)
    assert audit_all(fresh).problems == () or {p.store for p in audit_all(fresh).problems} == {"a"}
    recover_all(fresh)
    assert len({read_head(store) for store in fresh.stores}) == 1
    assert audit_all(fresh).problems == ()
    assert any("not-ours" in str(path) for path in (tmp_path / "a/quarantine").rglob("*.jsonl"))


def test_a_store_that_is_found_away_is_journalled_and_stops_nobody(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, "a", "b", "c", minimum=1, found=True)
    back = unplug(tmp_path, "c")
    vault.put(make_package(1), note="ingest")
    back()
    recover_all(vault_of(tmp_path, "a", "b", "c", minimum=1))
    owing = vault_of(tmp_path, "a", "b", "c", minimum=1)
    reading = JournalReading(owing.ledger)
    plan = plan_replication(reading.anchors, owing.promise, ("a", "b", "c"))
    replicating = replicate(owing, reading, plan)
    unplug(tmp_path, "c")
    with pytest.raises(StorageError):
        list(replicating)
    again = vault_of(tmp_path, "a", "b", "c", minimum=1)
    recover_all(again)
    assert "c" in JournalReading(again.ledger).anchors.away
    again.put(make_package(2), note="ingest")


def test_a_good_copy_that_is_away_is_not_called_lost(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, "a", "b", minimum=1, found=True)
    vault.put(make_package(1), note="ingest")
    (tmp_path / "a" / PAGE).write_bytes(b"rotten")
    back = unplug(tmp_path, "b")
    problems = audit_all(vault).problems
    plan = plan_repair(vault, JournalReading(vault.ledger), problems)
    assert [step.action for step in plan] == [RepairAction.OUT_OF_REACH]
    back()
    repair_all(vault, audit_all(vault).problems)
    assert audit_all(vault).problems == ()


def test_a_rotten_inventory_beside_a_store_that_is_away_is_named_in_its_own_store(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, "a", "b", minimum=1, found=True)
    vault.put(make_package(1), note="ingest")
    for name in ("v1/inventory.json", "inventory.json"):
        (tmp_path / "a" / FOLDER / name).write_bytes(b"rotten")
    unplug(tmp_path, "b")
    found = audit_all(vault)
    assert [one.store.name for one in found.away] == ["b"]
    verdicts = {PurePosixPath(p.file).name: p.verdict for p in found.problems}
    assert verdicts["inventory.json"] is Verdict.DAMAGED
    assert Verdict.NOT_CHECKED in verdicts.values()


def test_the_twin_of_a_rotten_inventory_counts(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, "a", "b", minimum=2, found=True)
    anchor = vault.put(make_package(1), note="ingest")
    for name in ("a", "b"):
        (tmp_path / name / FOLDER / "v1/inventory.json").write_bytes(b"rotten")
    assert vault.read(vault.inventory(anchor), ORIGINAL)
    found = audit_all(vault).problems
    assert {p.file for p in found} == {str(FOLDER / "v1/inventory.json")}
    repair_all(vault, found)
    assert audit_all(vault).problems == ()


def test_a_version_that_fails_never_puts_rot_into_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = vault_of(tmp_path, "a", "b", minimum=2, found=True)
    anchor = vault.put(make_package(1), note="ingest")
    (tmp_path / "a" / FOLDER / "v1/inventory.json").write_bytes(b"rotten")
    root = (tmp_path / "a" / FOLDER / "inventory.json").read_bytes()
    package = make_package(1)
    changed = replace(package, payload=(*package.payload, payload_bytes(PurePosixPath("data/new"), b"x")))

    def full(*_: object, **__: object) -> None:
        raise StorageError(message("满", "full"), subject="b: x")

    monkeypatch.setattr(vault.stores[1], "create", full)
    with pytest.raises(StorageError):
        vault.put_next(changed, anchor, holders=("a", "b"), note="update", require_newest=unasked)
    assert (tmp_path / "a" / FOLDER / "inventory.json").read_bytes() == root


def test_a_version_that_was_given_up_while_its_store_was_away_is_set_aside_when_it_is_back(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, "a", "b", "c", minimum=2, found=True)
    anchor = vault.put(make_package(1), note="ingest")
    package = make_package(1)
    changed = replace(package, payload=(*package.payload, payload_bytes(PurePosixPath("data/new"), b"x")))
    vault.put_next(changed, anchor, holders=("a", "b", "c"), note="update", require_newest=unasked)
    unsign_newest(tmp_path, "a", "b", "c")  # as if the process had died before the anchor was journalled
    for name in ("b", "c"):
        shutil.rmtree(tmp_path / name / FOLDER / "v2/content")
    back = unplug(tmp_path, "a")
    without = vault_of(tmp_path, "a", "b", "c", minimum=2)
    recover_all(without)
    facts = [entry.fact for entry in without.ledger.entries() if not isinstance(entry.fact, GroupSigned)]
    assert isinstance(facts[-1], PackageAbandoned)
    back()
    again = vault_of(tmp_path, "a", "b", "c", minimum=2)
    JournalReading(again.ledger)
    recover_all(again)
    assert audit_all(again).problems == ()
    assert sum(isinstance(fact, PackageStored) for fact in facts) == 1


def test_what_a_failing_store_could_not_clear_is_cleared_when_it_works_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = vault_of(tmp_path, "a", "b", "c", minimum=2, found=True)

    def broken(*_: object, **__: object) -> None:
        raise StorageError(message("坏了", "it is broken"), subject="b: x")

    with monkeypatch.context() as failing:
        failing.setattr(vault.stores[1], "flush", broken)
        failing.setattr(vault.stores[1], "move", broken)
        anchor = vault.put(make_package(1), note="ingest")
    assert anchor.stores == ("a", "c")
    assert (tmp_path / "b" / PAGE).exists()
    assert audit_all(vault_of(tmp_path, "a", "b", "c", minimum=2)).problems == ()
    recover_all(vault_of(tmp_path, "a", "b", "c", minimum=2))
    assert not (tmp_path / "b" / PAGE).exists()
    assert audit_all(vault_of(tmp_path, "a", "b", "c", minimum=2)).problems == ()


def test_a_removal_that_died_before_its_empty_folders_were_taken_away_is_ended(tmp_path: Path) -> None:
    vault = vault_of(tmp_path, "a", "b", minimum=2, found=True)
    vault.put(make_package(1), note="ingest")
    package_id = make_package(1).package_id.value
    approve_disposal(vault, package_id)
    vault.ledger.append([DisposalIntended(package_id, "plan")])
    (tmp_path / "b/quarantine").mkdir()
    shutil.move(tmp_path / "b" / FOLDER, tmp_path / "b/quarantine" / f"disposed-{package_id}")
    recover_all(vault)
    assert audit_all(vault).problems == ()
    assert not (tmp_path / "b" / FOLDER.parent).exists()
    assert [path for path in (tmp_path / "b/quarantine").rglob("*") if path.is_file()] == []
