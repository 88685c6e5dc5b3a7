"""Audit, repair in two steps, drill and vouching, without a terminal."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from archives.errors import IntegrityError, NotFoundError, StoreAbsentError
from formats.processes.tools import run_tool
from preservation.actions import repair
from preservation.actions.audit import Audited, AuditRequest, JournalLost, audit, look
from preservation.actions.drill import drill
from preservation.actions.journal import vouch
from preservation.archive import Archive
from preservation.audit.verdicts import Verdict
from tests.support.archives import an_archive, keep_record

CODE = "Z109-WS·2001-Y-BGS-0001"


def unwatched(*_: object) -> None:
    """Tell nobody."""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with an_archive(tmp_path) as made:
        keep_record(made, CODE)
        yield made


def damage(archive: Archive, store: str) -> None:
    victim = next((archive.folder / store).rglob("METS.xml"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"!")


def test_damage_is_found_remembered_and_mended_when_the_plan_is_carried_out(archive: Archive) -> None:
    damage(archive, "second")
    found = audit(archive, AuditRequest(package=CODE), workers=1, watch=unwatched)
    assert isinstance(found, Audited)
    assert ([one.verdict for one in found.result.problems], found.hopeless) == ([Verdict.DAMAGED], False)
    assert len(archive.catalogue.upkeep.open_damage()) == 1
    steps = repair.plan(archive, workers=1, watch=unwatched).steps
    assert repair.mend(archive, steps) == steps
    assert look(archive, AuditRequest(), workers=1, watch=unwatched).problems == ()
    assert archive.catalogue.upkeep.open_damage() == ()


def test_what_no_store_has_whole_is_hopeless(archive: Archive) -> None:
    for store in ("first", "second"):
        damage(archive, store)
    found = audit(archive, AuditRequest(), workers=1, watch=unwatched)
    assert isinstance(found, Audited)
    assert found.hopeless


def test_looking_changes_nothing(archive: Archive) -> None:
    damage(archive, "second")
    before = archive.vault.ledger.head()
    assert look(archive, AuditRequest(store="second"), workers=1, watch=unwatched).problems
    assert archive.vault.ledger.head() == before
    with pytest.raises(NotFoundError):
        look(archive, AuditRequest(store="third"), workers=1, watch=unwatched)


def test_a_journal_that_no_store_has_whole_is_a_result_of_its_own(archive: Archive) -> None:
    archive.vault.ledger.settle()  # as every command ends: the home itself no longer holds the groups
    for store in ("first", "second"):
        group = max((archive.folder / store / "journal").rglob("*.jsonl"))
        group.write_bytes(b"{}\n")
    found = audit(archive, AuditRequest(), workers=1, watch=unwatched)
    assert isinstance(found, JournalLost)
    assert {one.store for one in found.problems} == {"first", "second"}


def test_nothing_is_planned_while_fewer_stores_are_there_than_the_journal_needs(archive: Archive) -> None:
    (archive.folder / "second").rename(archive.folder / "elsewhere")
    with pytest.raises(StoreAbsentError):
        repair.plan(archive, workers=1, watch=unwatched)


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum is not installed")
def test_a_drill_is_remembered(archive: Archive) -> None:
    def run(argv: Sequence[str], *, folder: Path, stdin: bytes = b"") -> object:
        return run_tool(argv, timeout_seconds=60, stdin=stdin, folder=folder)

    found = drill(archive, packages=5, seed=1, python=sys.executable, run=run, watch=unwatched)
    assert ([one.failure for one in found.outcomes], found.absent_stores, found.recorded) == ([None], (), True)
    last = archive.catalogue.upkeep.last_drill()
    assert last is not None
    assert len(last.drill.restored) == 1


def test_a_journal_that_was_put_back_is_not_vouched_for_again(archive: Archive, tmp_path: Path) -> None:
    def voucher() -> vouch.Voucher:
        return vouch.voucher(archive, checkpoints=tmp_path / "checkpoints", new_seed=lambda: b"k" * 32)

    earlier = {store: tmp_path / f"{store}-earlier" for store in ("first", "second")}
    for store, place in earlier.items():
        shutil.copytree(tmp_path / store, place)
    keep_record(archive, "Z109-WS·2001-Y-BGS-0002")
    signed = vouch.sign_journal(archive, voucher())
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints/1.txt").write_text(signed.note, "utf-8")
    (read,) = vouch.read_checkpoints(archive, tmp_path / "checkpoints")
    assert read.checkpoint == signed.checkpoint
    assert vouch.read_journal(archive, [read.checkpoint]).faults == ()
    archive.vault.ledger.settle()
    for store, place in earlier.items():
        shutil.rmtree(tmp_path / store)
        place.rename(tmp_path / store)
    with pytest.raises(IntegrityError):
        vouch.sign_journal(archive, voucher())
