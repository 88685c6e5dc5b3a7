"""Disposal called without a terminal: whatever stands against it stops it, also what came while it was under way."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import RefusedError, StoreAbsentError, UsageProblem
from archives.record.record import PackageKind
from preservation.actions import dispose
from preservation.actions.hold import all_holds, lift_hold, place_hold
from preservation.archive import Archive
from preservation.disposal.plan import DisposalPlan
from preservation.disposal.register import register_batch, register_code
from preservation.journal.ledger import Ledger
from preservation.package.new_package import NewPackage
from tests.support.archives import PASSPHRASE, REPOSITORY, TODAY, an_archive, keep_record, register_person
from tests.support.vaults import make_package

CODES = tuple(f"Z109-WS·2001-D10-BGS-{number:04}" for number in (1, 2, 3))
WATCHED = ("钱一", "孙二")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with an_archive(tmp_path / "home", minimum=1) as made:
        for code in CODES:
            keep_record(made, code)
        for person in ("planner", "li", "wang"):
            register_person(made, person)
        yield made


def pack(plan: DisposalPlan, files: Sequence[Path]) -> NewPackage:
    return replace(
        make_package(99, content=b"".join(path.read_bytes() for path in files)),
        kind=PackageKind.SUBMISSION,
        repository=REPOSITORY,
        archival_code=register_code(plan).written,
        batch_id=register_batch(plan),
    )


def approved(archive: Archive, folder: Path) -> Path:
    """Propose everything, and let two people sign it."""
    path = folder / "plan.json"
    made = dispose.propose(archive, by="planner", codes=(), opinion="", day=TODAY, repository=None, out=path)
    assert made.plan is not None
    assert [record.archival_code for record in made.plan.records] == list(CODES)
    for person in ("li", "wang"):
        approver = dispose.choose_approver(archive, path, by=person)
        dispose.approve(archive, approver, key_file=None, passphrase=PASSPHRASE)
    return path


def test_an_approved_plan_is_carried_out_once_and_its_register_kept(archive: Archive, tmp_path: Path) -> None:
    plan_file = approved(archive, tmp_path)
    ready = dispose.prepare(archive, plan_file, supervisors=WATCHED)
    assert ready.problems == ()
    done = dispose.carry_out(archive, ready, out=tmp_path / "register", pack=pack)
    assert done.archival_codes == CODES
    assert all(path.is_file() for path in done.files)
    assert list(archive.refresh().holdings()) == []
    assert len(archive.catalogue.anchors(batch_id=register_batch(done.plan))) == 1
    again = dispose.prepare(archive, plan_file, supervisors=WATCHED)
    assert dispose.carry_out(archive, again, out=tmp_path / "register", pack=pack).archival_codes == ()
    assert len(archive.catalogue.anchors(batch_id=register_batch(done.plan))) == 1


def test_a_hold_placed_after_the_copies_were_verified_stops_at_its_record(archive: Archive, tmp_path: Path) -> None:
    ready = dispose.prepare(archive, approved(archive, tmp_path), supervisors=WATCHED)
    place_hold(archive, CODES[1], repository=None, reason="诉讼")
    with pytest.raises(RefusedError):
        dispose.carry_out(archive, ready, out=tmp_path / "register", pack=pack)
    left = [holding.description.code.written for holding in archive.refresh().holdings()]
    assert left == list(CODES[1:])


def test_a_hold_that_was_lifted_stands_against_nothing(archive: Archive, tmp_path: Path) -> None:
    plan_file = approved(archive, tmp_path)
    hold = place_hold(archive, CODES[0], repository=None, reason="诉讼")
    assert all_holds(archive) == (hold,)
    with pytest.raises(RefusedError):
        dispose.prepare(archive, plan_file, supervisors=WATCHED)
    lift_hold(archive, hold.hold_id, reason="结案")
    assert dispose.prepare(archive, plan_file, supervisors=WATCHED).problems == ()


def test_nothing_is_destroyed_while_a_copy_is_damaged(archive: Archive, tmp_path: Path) -> None:
    plan_file = approved(archive, tmp_path)
    victim = next((archive.folder / "second").rglob("METS.xml"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"!")
    ready = dispose.prepare(archive, plan_file, supervisors=WATCHED)
    assert ready.problems
    with pytest.raises(RefusedError):
        dispose.carry_out(archive, ready, out=tmp_path / "register", pack=pack)
    assert len(list(archive.refresh().holdings())) == len(CODES)


def test_nothing_is_destroyed_while_a_store_is_away(archive: Archive, tmp_path: Path) -> None:
    plan_file = approved(archive, tmp_path)
    (archive.folder / "second").rename(archive.folder / "elsewhere")
    with pytest.raises(StoreAbsentError):
        dispose.prepare(archive, plan_file, supervisors=WATCHED)


def test_one_person_cannot_watch_for_two(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem):
        dispose.prepare(archive, tmp_path / "plan.json", supervisors=("钱一", " 钱一"))


def test_removing_a_record_reads_only_what_the_journal_took_since(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = dispose.prepare(archive, approved(archive, tmp_path), supervisors=WATCHED)
    read: list[int] = []
    whole = Ledger.groups

    def counted(self: Ledger, after: object = None) -> object:
        for head, entries in whole(self, after):  # type: ignore[arg-type]  # passed on as it came
            read.append(len(entries))
            yield head, entries

    monkeypatch.setattr(Ledger, "groups", counted)
    before = archive.vault.ledger.head().sequence
    dispose.carry_out(archive, ready, out=tmp_path / "register", pack=pack)
    written = archive.vault.ledger.head().sequence - before
    assert sum(read) <= 3 * written, "the catalogue, the anchors and the decisions each follow what is new"
