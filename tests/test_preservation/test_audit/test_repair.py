"""Repairs that are carried out late, as when somebody is asked first: what others did meanwhile is never undone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from preservation.audit.repair import plan_repair, repair
from preservation.catalogue.journal_fold import JournalReading
from preservation.package.ocfl import object_folder, package_at
from preservation.stores.promise import Promise
from preservation.stores.store import PACKAGES
from preservation.vault.removal import remove_package
from preservation.vault.replication import plan_replication, replicate
from preservation.vault.vault import Vault
from tests.support.vaults import MOMENT, ORIGINAL, audit_all, make_package, make_vault, unasked

PACKAGE = make_package(1)
FOLDER = object_folder(PACKAGE.package_id)
ROOT_FILES = ("inventory.json", "inventory.json.sha512")
CONTENT = f"v1/content/{ORIGINAL}"


def carry_out_late(vault: Vault, meanwhile: Callable[[], object]) -> int:
    """Plan a repair, let others work, carry the plan out; return how many steps were done."""
    reading = JournalReading(vault.ledger)
    plan = plan_repair(vault, reading, audit_all(vault).problems)
    assert plan
    meanwhile()
    return len(repair(vault, plan, reading=reading, stamp="late"))


@pytest.mark.parametrize("file", ROOT_FILES)
def test_a_repair_planned_before_a_new_version_leaves_the_new_version_alone(tmp_path: Path, file: str) -> None:
    vault = make_vault(tmp_path)
    anchor = vault.put(PACKAGE, note="ingest")
    (tmp_path / "second" / FOLDER / file).write_bytes(b"rotten")
    changed = make_package(1, content=b"corrected")
    done = carry_out_late(
        vault,
        lambda: vault.put_next(changed, anchor, holders=("first", "second"), note="update", require_newest=unasked),
    )
    assert done == 0
    assert audit_all(vault).problems == ()


def test_what_is_still_damaged_after_a_new_version_is_mended(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    anchor = vault.put(PACKAGE, note="ingest")
    (tmp_path / "second" / FOLDER / CONTENT).write_bytes(b"rotten")
    changed = make_package(1, content=b"corrected")
    done = carry_out_late(
        vault,
        lambda: vault.put_next(changed, anchor, holders=("first", "second"), note="update", require_newest=unasked),
    )
    assert done == 1
    assert audit_all(vault).problems == ()


@pytest.mark.parametrize("file", [*ROOT_FILES, "0=ocfl_object_1.1", CONTENT])
def test_a_repair_planned_before_a_disposal_brings_nothing_back(tmp_path: Path, file: str) -> None:
    vault = make_vault(tmp_path)
    anchor = vault.put(PACKAGE, note="ingest")
    (tmp_path / "second" / FOLDER / file).write_bytes(b"rotten")
    (tmp_path / "first" / FOLDER / "stray").write_bytes(b"x")
    anchors = JournalReading(vault.ledger).anchors
    done = carry_out_late(vault, lambda: remove_package(vault, anchors, anchor.package_id, plan_id="plan"))
    assert done == 0
    assert audit_all(vault).problems == ()
    assert not any((tmp_path / name / FOLDER).exists() for name in ("first", "second"))


def test_a_repair_planned_before_a_replication_takes_no_file_of_the_new_copy_for_a_stray(tmp_path: Path) -> None:
    made = make_vault(tmp_path)
    first_alone = Vault(made.stores[:1], made.ledger, made.locks, now=lambda: MOMENT, promise=Promise(1, 1))
    first_alone.put(PACKAGE, note="ingest")
    stray = tmp_path / "second" / FOLDER / CONTENT
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"what a stranger left")

    def fill() -> None:
        reading = JournalReading(made.ledger)
        owed = plan_replication(reading.anchors, made.promise, ("first", "second"))
        assert [one.failure for one in replicate(made, reading, owed)] == [None]

    assert carry_out_late(made, fill) == 0
    found = audit_all(made)
    assert (found.problems, len(found.good_copies)) == ((), 2)


def test_a_head_that_went_on_meanwhile_is_not_set_back(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    old = (tmp_path / "second/journal/head").read_bytes()
    vault.put(PACKAGE, note="ingest")
    (tmp_path / "second/journal/head").write_bytes(old)
    assert carry_out_late(vault, lambda: vault.put(make_package(2), note="ingest")) == 0
    assert audit_all(vault).problems == ()


def test_a_path_tells_whose_object_it_lies_in() -> None:
    assert package_at(FOLDER / CONTENT) == package_at(FOLDER) == PACKAGE.package_id
    assert package_at(FOLDER.parent) is None
    assert package_at(PACKAGES / "elsewhere" / FOLDER.name) is None
