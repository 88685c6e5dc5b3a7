"""Disposal called without a terminal: whatever stands against it stops it, also what came while it was under way."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from archives.errors import NotFoundError, RefusedError, SearchError, StoreAbsentError, UsageProblem
from archives.journal.facts import (
    DisposalAbandoned,
    DisposalIntended,
    DisposalPlanned,
    OpeningDecided,
    OpeningWithdrawn,
    Unproved,
)
from archives.message import message
from archives.record.record import PackageKind
from archives.record.rights import Conclusion, OnlineScope, OpeningDecision
from archives.units.state import State
from preservation.actions.disposal import dispose
from preservation.actions.disposal.hold import all_holds, lift_hold, place_hold
from preservation.actions.disposal.mistakes import propose_removal
from preservation.actions.disposal.propose import Proposal, propose
from preservation.archive import Archive
from preservation.catalogue.levels.wanted import Wanted
from preservation.disposal.plan import DisposalPlan, Obstacle, parse_plan, planned_disposal
from preservation.disposal.register import register_batch, register_code
from preservation.journal.ledger import Ledger
from preservation.package.new_package import NewPackage
from tests.support.archives import REPOSITORY, TODAY, an_archive, keep_record, key_of, register_persons
from tests.support.vaults import make_package

CODES = tuple(f"Z109-WS·2001-D10-BGS-{number:04}" for number in (1, 2, 3))
WATCHED = ("钱一", "孙二")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with an_archive(tmp_path / "home", minimum=1) as made:
        for code in CODES:
            keep_record(made, code)
        register_persons(made, "planner", "li", "wang")
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
    made = propose(archive, by="planner", codes=(), opinion="", day=TODAY, repository=None, out=path)
    assert made.plan is not None
    assert [record.archival_code for record in made.plan.records] == list(CODES)
    return signed(archive, path)


def mistaken(archive: Archive, folder: Path, *codes: str, batch_id: str | None = None) -> Proposal:
    """Propose to remove what was taken in by mistake."""
    path = folder / "plan.json"
    path.unlink(missing_ok=True)
    return propose_removal(
        archive, by="planner", codes=codes, batch=batch_id, mistake="不是本馆档案", repository=None, out=path
    )


def signed(archive: Archive, path: Path) -> Path:
    """Let two people sign a plan."""
    for person in ("li", "wang"):
        approver = dispose.choose_approver(archive, path, by=person)
        dispose.approve(archive, approver, key_file=key_of(archive, person), passphrase="")
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
    states = {one.unit.description.code.written: one.unit.state for one in archive.catalogue.units.all(Wanted())}
    assert [states[code] for code in CODES] == [State.DESTROYED, State.HELD, State.HELD]


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


def carried_out(archive: Archive, folder: Path, path: Path) -> dispose.Disposed:
    """Carry a plan out."""
    ready = dispose.prepare(archive, path, supervisors=WATCHED)
    assert ready.problems == ()
    return dispose.carry_out(archive, ready, out=folder / "register", pack=pack)


def test_what_was_taken_in_by_mistake_leaves_the_same_way_permanent_or_not(archive: Archive, tmp_path: Path) -> None:
    forever = keep_record(archive, "Z109-WS·2001-Y-BGS-0009", retention="Y")
    made = mistaken(archive, tmp_path, "Z109-WS·2001-Y-BGS-0009")
    assert made.plan is not None
    with pytest.raises(RefusedError):
        dispose.prepare(archive, tmp_path / "plan.json", supervisors=WATCHED)
    done = carried_out(archive, tmp_path, signed(archive, tmp_path / "plan.json"))
    assert done.archival_codes == ("Z109-WS·2001-Y-BGS-0009",)
    gone = archive.fresh_reading.refresh().tombstones[forever.package_id.value]
    assert gone.mistake == "不是本馆档案"
    told = [entry.fact.said().text("zh") for entry in archive.history(forever)]
    assert any("误接收" in said and "不是本馆档案" in said for said in told)
    (listed,) = archive.catalogue.units.get([forever.package_id.value]).values()
    assert listed.unit.state is State.TAKEN_BACK, "it is not listed, and what was said of it can be read"
    tombstone = archive.catalogue.tombstone(forever.key)
    assert tombstone is not None
    assert tombstone.mistake, "its code is free for the record that it belongs to"
    sheet = load_workbook(next(path for path in done.files if path.suffix == ".xlsx")).active
    assert sheet is not None
    assert "误接收：不是本馆档案" in [cell for row in sheet.iter_rows(values_only=True) for cell in row]


def test_a_hold_stands_against_removing_a_mistake_too(archive: Archive, tmp_path: Path) -> None:
    place_hold(archive, CODES[0], repository=None, reason="诉讼")
    with pytest.raises(RefusedError):
        mistaken(archive, tmp_path, CODES[0])
    made = mistaken(archive, tmp_path, CODES[1])
    assert made.plan is not None
    place_hold(archive, CODES[1], repository=None, reason="诉讼")
    with pytest.raises(RefusedError):
        dispose.prepare(archive, signed(archive, tmp_path / "plan.json"), supervisors=WATCHED)


def test_nothing_is_removed_while_the_public_may_still_see_it(archive: Archive, tmp_path: Path) -> None:
    holding = archive.refresh().find(CODES[0])
    decision = OpeningDecision(Conclusion.OPEN, "档案法", "", "甲", "乙", TODAY, TODAY, None, OnlineScope.FULL_TEXT)
    archive.vault.ledger.append([OpeningDecided(REPOSITORY, CODES[0], decision, holding.reviewed, holding.unit_id)])
    assert archive.refresh().find(CODES[0]).access_on(TODAY).is_online
    mistaken(archive, tmp_path, CODES[0])
    ready = dispose.prepare(archive, signed(archive, tmp_path / "plan.json"), supervisors=WATCHED)

    def away(unit_ids: Collection[str]) -> None:
        assert unit_ids == {holding.unit_id}
        raise SearchError(message("检索库不在", "the index is away"), subject="index")

    for _ in range(2):  # a second run closes again what the first one could not
        with pytest.raises(SearchError):
            dispose.carry_out(archive, ready, out=tmp_path / "register", pack=pack, close=away)
        left = archive.refresh().find(CODES[0])
        assert not left.access_on(TODAY).is_open, "the journal closed it before anything else"
    told = [one.fact for one in archive.history(left) if isinstance(one.fact, OpeningWithdrawn)]
    assert len(told) == 1
    dispose.carry_out(archive, ready, out=tmp_path / "register", pack=pack)
    assert archive.refresh().find_key(holding.key) is None


def test_a_batch_leaves_with_what_it_came_with_when_nothing_of_it_stays(archive: Archive, tmp_path: Path) -> None:
    sheet = replace(make_package(50), kind=PackageKind.SUBMISSION, repository=REPOSITORY, archival_code="BATCH-batch")
    archive.vault.put(sheet, note="submission")
    keep_record(archive, "Z109-WS·2001-D10-BGS-0008", batch_id="another")
    hold = place_hold(archive, CODES[0], repository=None, reason="诉讼")
    partly = mistaken(archive, tmp_path, batch_id="batch")
    assert partly.plan is not None
    assert [one.archival_code for one in partly.plan.records] == list(CODES[1:])
    assert [(one.description.code.written, why) for one, why in partly.excluded] == [(CODES[0], Obstacle.HELD)]
    lift_hold(archive, hold.hold_id, reason="结案")
    wholly = mistaken(archive, tmp_path, batch_id="batch")
    assert wholly.plan is not None
    assert [one.archival_code for one in wholly.plan.records] == [*CODES, "BATCH-batch"]
    done = carried_out(archive, tmp_path, signed(archive, tmp_path / "plan.json"))
    assert len(done.archival_codes) == 4
    assert [one.description.code.written for one in archive.refresh().holdings()] == ["Z109-WS·2001-D10-BGS-0008"]
    assert sheet.package_id.value in archive.fresh_reading.refresh().tombstones
    with pytest.raises(NotFoundError):
        mistaken(archive, tmp_path, batch_id=register_batch(done.plan))
    with pytest.raises(NotFoundError):
        mistaken(archive, tmp_path, batch_id="unknown")
    with pytest.raises(UsageProblem):
        mistaken(archive, tmp_path)


def test_a_plan_of_earlier_software_is_carried_out_with_its_file_in_hand_only(tmp_path: Path) -> None:
    with an_archive(tmp_path / "old", minimum=1) as old:
        records = tuple(
            planned_disposal(keep_record(old, code), old.refresh().anchor(old.catalogue.find(code).package_id))
            for code in CODES
        )
        register_persons(old, "planner", "li", "wang")
        plan = DisposalPlan(
            "plan", "planner", "", TODAY, tuple(replace(one, retention_end="") for one in records), form=1
        )
        assert parse_plan(plan.encoded()) == plan
        assert b"retention_end" not in plan.encoded()
        path = tmp_path / "old.json"
        path.write_bytes(plan.encoded() + b"\n")
        ids = tuple(one.package_id for one in records)
        old.vault.ledger.append([DisposalPlanned("plan", plan.sha256, "planner", ids)])
        signed(old, path)
        old.vault.ledger.append([DisposalIntended(ids[0], "plan")])
        old.begin_writing()
        assert len(list(old.catalogue.holdings())) == 3, "recovery leaves it open"
        assert carried_out(old, tmp_path, path).archival_codes == CODES


def test_an_intent_that_nobody_signed_is_told_of_where_the_record_is_explained(archive: Archive) -> None:
    holding = archive.refresh().find(CODES[0])
    archive.vault.ledger.append([DisposalIntended(holding.package_id.value, "plan")])
    archive.begin_writing()
    told = [entry.fact for entry in archive.history(archive.refresh().find(CODES[0]))]
    assert told[-1] == DisposalAbandoned(holding.package_id.value, "plan", Unproved.NO_PLAN)
    assert told[-1].said().text("zh") != told[-1].said().text("en")
    assert len(list(archive.catalogue.holdings())) == len(CODES)
