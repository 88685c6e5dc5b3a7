"""What is destroyed is destroyed on proof: an intent or a tombstone that the journal does not bear out moves nothing."""

import shutil
from pathlib import Path

import pytest

from archives.errors import UnfinishedError
from archives.journal.facts import (
    DisposalAbandoned,
    DisposalIntended,
    DisposalPlanned,
    Fact,
    HoldLifted,
    HoldPlaced,
    PackageDisposed,
    Unproved,
)
from preservation.catalogue.decisions import Decisions
from preservation.catalogue.journal_fold import JournalReading
from preservation.package.ocfl import object_folder
from preservation.stores.local import LocalStore
from preservation.stores.promise import Promise
from preservation.vault.recovery import recover, sweep, welcome
from preservation.vault.removal import remove_package
from preservation.vault.vault import Vault
from tests.support.disposal import TODAY, approve_disposal
from tests.support.vaults import audit_all, make_package, make_vault, recover_all

PACKAGE = make_package(1)
PACKAGE_ID = PACKAGE.package_id.value
FOLDER = object_folder(PACKAGE.package_id)
HOLD = HoldPlaced("h", PACKAGE.repository, PACKAGE.archival_code, "case 17")
TOMBSTONE = PackageDisposed(PACKAGE_ID, "plan", PACKAGE.repository, PACKAGE.archival_code)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    made = make_vault(tmp_path)
    made.put(PACKAGE, note="ingest")
    return made


def set_aside(folder: Path, store: str) -> None:
    """Move the package's copy to where a disposal puts it first."""
    (folder / store / "quarantine").mkdir(exist_ok=True)
    shutil.move(folder / store / FOLDER, folder / store / "quarantine" / f"disposed-{PACKAGE_ID}")


@pytest.mark.parametrize("reason", [Unproved.NO_PLAN, Unproved.HELD])
def test_an_intent_without_its_proof_is_given_up_and_the_copies_come_back(
    vault: Vault, tmp_path: Path, reason: Unproved
) -> None:
    if reason is Unproved.HELD:
        approve_disposal(vault, PACKAGE_ID)
    vault.ledger.append([HOLD, DisposalIntended(PACKAGE_ID, "plan")])
    set_aside(tmp_path, "second")
    assert recover_all(vault) == (DisposalAbandoned(PACKAGE_ID, "plan", reason),)
    assert audit_all(vault).problems == ()
    assert recover_all(vault) == ()
    anchors = JournalReading(vault.ledger).anchors
    assert not anchors.disposals
    assert PACKAGE_ID in anchors.versions


def test_a_disposal_that_a_hold_stopped_is_carried_out_when_the_hold_is_lifted(vault: Vault, tmp_path: Path) -> None:
    approve_disposal(vault, PACKAGE_ID)
    vault.ledger.append([HOLD, DisposalIntended(PACKAGE_ID, "plan")])
    set_aside(tmp_path, "first")
    recover_all(vault)
    vault.ledger.append([HoldLifted("h", "closed")])
    decisions = Decisions(JournalReading(vault.ledger))
    assert decisions.judge(DisposalIntended(PACKAGE_ID, "plan"), today=TODAY) is None
    assert remove_package(vault, JournalReading(vault.ledger).anchors, PACKAGE_ID, plan_id="plan") == TOMBSTONE
    assert decisions.judge_tombstone(PACKAGE_ID) is None


def test_an_intent_about_a_package_that_never_was_is_given_up(vault: Vault) -> None:
    other = make_package(2).package_id.value
    vault.ledger.append([DisposalIntended(other, "plan")])
    assert recover_all(vault) == (DisposalAbandoned(other, "plan", Unproved.NO_PLAN),)


def test_an_intent_with_its_proof_is_carried_to_its_end(vault: Vault, tmp_path: Path) -> None:
    approve_disposal(vault, PACKAGE_ID)
    vault.ledger.append([DisposalIntended(PACKAGE_ID, "plan")])
    set_aside(tmp_path, "second")
    assert recover_all(vault) == (TOMBSTONE,)
    assert not any(path.is_file() for name in ("first", "second") for path in (tmp_path / name / FOLDER).rglob("*"))


def test_an_intent_of_earlier_software_stays_open_until_its_plan_is_in_hand(vault: Vault) -> None:
    plan = DisposalPlanned("plan", "5" * 64, "planner", (PACKAGE_ID,))
    vault.ledger.append([plan, DisposalIntended(PACKAGE_ID, "plan")])
    recovery = recover(vault, JournalReading(vault.ledger), today=TODAY)
    assert recovery.outcomes == ()
    (left,) = recovery.left_open
    assert isinstance(left, UnfinishedError)
    assert "dispose run" in left.message.text("en")
    assert PACKAGE_ID in JournalReading(vault.ledger).anchors.disposals


def vault_beside(folder: Path, *, found: bool = False) -> Vault:
    """Return a vault of which the second store may be away."""
    stores = (LocalStore("first", folder / "first"), LocalStore("second", folder / "second"))
    made = make_vault(folder, stores=stores, found=found)
    made.ledger.minimum = 1
    return Vault(stores, made.ledger, made.locks, now=made.ledger._now, promise=Promise(2, 1))


@pytest.mark.parametrize("is_proved", [True, False])
def test_a_store_that_was_away_obeys_a_tombstone_on_proof_alone(tmp_path: Path, *, is_proved: bool) -> None:
    vault = vault_beside(tmp_path, found=True)
    vault.put(PACKAGE, note="ingest")
    shutil.move(tmp_path / "second", tmp_path / "cupboard")
    recover_all(vault)
    if is_proved:
        approve_disposal(vault, PACKAGE_ID)
        remove_package(vault, JournalReading(vault.ledger).anchors, PACKAGE_ID, plan_id="plan")
    else:
        vault.ledger.append([DisposalIntended(PACKAGE_ID, "plan"), TOMBSTONE])
    shutil.move(tmp_path / "cupboard", tmp_path / "second")
    welcomed = welcome(vault, JournalReading(vault.ledger), ("second",))
    assert welcomed.destroyed == ((("second", PACKAGE_ID),) if is_proved else ())
    assert welcomed.kept == (() if is_proved else (("second", PACKAGE_ID, Unproved.NO_PLAN),))
    assert (tmp_path / "second" / FOLDER).exists() is not is_proved


def test_what_was_set_aside_in_a_store_that_went_away_comes_back_with_it(tmp_path: Path) -> None:
    vault = vault_beside(tmp_path, found=True)
    vault.put(PACKAGE, note="ingest")
    vault.ledger.append([DisposalIntended(PACKAGE_ID, "plan")])
    set_aside(tmp_path, "second")
    shutil.move(tmp_path / "second", tmp_path / "cupboard")
    recover_all(vault)
    shutil.move(tmp_path / "cupboard", tmp_path / "second")
    recover_all(vault)
    assert audit_all(vault).problems == ()


@pytest.mark.parametrize("proof", [(), (DisposalIntended(PACKAGE_ID, "plan"),)])
def test_quarantine_is_not_cleared_of_what_only_a_tombstone_condemns(
    vault: Vault, tmp_path: Path, proof: tuple[Fact, ...]
) -> None:
    vault.ledger.append([*proof, TOMBSTONE])
    set_aside(tmp_path, "second")
    reading = JournalReading(vault.ledger)
    sweep(vault, tuple(reading.anchors.tombstones), Decisions(reading).judge_tombstone)
    assert (tmp_path / "second/quarantine" / f"disposed-{PACKAGE_ID}").is_dir()
    assert (tmp_path / "first" / FOLDER).is_dir()
