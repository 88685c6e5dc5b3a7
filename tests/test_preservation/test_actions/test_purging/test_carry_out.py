"""Purges without a terminal: what stands against one is seen before anything goes, and every code can be purged."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from archives.errors import ConflictError, RefusedError
from archives.record.holding import Holding
from archives.record.identifiers import PackageId, parse_archival_code
from preservation.actions.disposal import dispose
from preservation.actions.disposal.hold import lift_hold, place_hold
from preservation.actions.purging.carry_out import Purged, Remainder, Without, carry_out_purge
from preservation.actions.purging.prepare import prepare_purge
from preservation.actions.purging.propose import propose_purge
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.actions.units.renumbering import renumber_one
from preservation.archive import Archive
from preservation.disposal.plan import read_plan
from preservation.locks import Patience
from preservation.package.ocfl import object_folder
from tests.support.archives import REPOSITORY, an_archive, keep_record, key_of, register_persons

CODES = tuple(f"Z109-WS·2001-D10-BGS-{number:04}" for number in (1, 2, 3))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with an_archive(tmp_path / "home", minimum=1) as made:
        register_persons(made, "planner", "li", "wang")
        yield made


def corrected(archive: Archive, *records: Holding) -> None:
    """Say the same of records in rows, so that packages of rows have something of them, too."""
    units = archive.refresh().units.get(one.unit_id for one in records).values()
    changes = [Change(one.unit, one.digest) for one in units]
    list(describe_units(archive, archive.catalogue.repositories()[0], changes, Said("c", "李档")))
    archive.refresh()


def planned(archive: Archive, folder: Path, *records: Holding) -> Path:
    """Propose to purge records, and let two people sign it."""
    path = folder / "purge.json"
    propose_purge(archive, by="planner", unit_ids=[one.unit_id for one in records], reason="依申请", out=path)
    for person in ("li", "wang"):
        approver = dispose.choose_approver(archive, path, by=person)
        dispose.approve(archive, approver, key_file=key_of(archive, person), passphrase="")
    return path


def untouched(_: Without) -> Remainder:
    raise AssertionError("no package of content has anything that stays")


def run(archive: Archive, path: Path) -> Purged:
    return carry_out_purge(archive, prepare_purge(archive, path), refound=untouched, progress=lambda _: None)


def renumber(archive: Archive, *codes: str) -> None:
    """Give what has the first code one after the other of these codes."""
    (place,) = archive.refresh().repositories()
    for old, new in pairwise(codes):
        renumber_one(archive, place, old, new, reason="", parse=parse_archival_code)
    archive.refresh()


def there(archive: Archive, path: Path) -> list[bool]:
    """Say of each package of a plan whether a store has anything of it."""
    folders = [object_folder(PackageId(one.package_id)) for one in read_plan(path).records]
    return [any(True for _ in archive.vault.stores[0].walk(folder)) for folder in folders]


@pytest.mark.parametrize("had", [CODES[:2], CODES])
def test_a_hold_under_any_code_that_a_unit_had_speaks_against_its_purge(
    archive: Archive, tmp_path: Path, had: Sequence[str]
) -> None:
    record = keep_record(archive, had[0])
    place_hold(archive, had[0], repository=REPOSITORY, reason="诉讼")
    renumber(archive, *had)
    with pytest.raises(RefusedError, match="hold"):
        propose_purge(archive, by="planner", unit_ids=[record.unit_id], reason="依申请", out=tmp_path / "purge.json")
    assert not (tmp_path / "purge.json").exists()


def test_a_hold_that_comes_between_lets_nothing_of_the_plan_go(archive: Archive, tmp_path: Path) -> None:
    records = [keep_record(archive, code) for code in CODES]
    corrected(archive, *records)
    path = planned(archive, tmp_path, *records)
    ready = prepare_purge(archive, path)
    hold = place_hold(archive, CODES[1], repository=REPOSITORY, reason="诉讼")
    with pytest.raises(RefusedError, match="hold"):
        carry_out_purge(archive, ready, refound=untouched, progress=lambda _: None)
    assert there(archive, path) == [True] * 4
    lift_hold(archive, hold.hold_id, reason="结案")
    assert run(archive, path).removed == 4
    assert there(archive, path) == [False] * 4


@pytest.mark.parametrize("between", ["held", "described", "renumbered"])
def test_what_is_decided_while_a_purge_waits_for_an_answer_is_seen_before_anything_is_written(
    archive: Archive, tmp_path: Path, between: str
) -> None:
    records = [keep_record(archive, code) for code in CODES[:2]]
    path = planned(archive, tmp_path, *records)
    ready = prepare_purge(archive, path)
    match between:
        case "held":
            place_hold(archive, CODES[1], repository=REPOSITORY, reason="诉讼")
        case "described":
            corrected(archive, records[1])
        case "renumbered":
            renumber(archive, CODES[1], CODES[2])
    before = archive.vault.ledger.head()
    with pytest.raises(RefusedError):
        carry_out_purge(archive, ready, refound=untouched, progress=lambda _: None)
    assert archive.vault.ledger.head() == before, "not even an entry of the journal"
    assert there(archive, path) == [True] * 2


def test_nobody_places_a_hold_between_the_last_look_and_the_last_removal(archive: Archive, tmp_path: Path) -> None:
    records = [keep_record(archive, code) for code in CODES[:2]]
    path = planned(archive, tmp_path, *records)
    tried: list[int] = []

    def and_somebody_wants_to_hold(removed: int) -> None:
        archive.vault.locks.patience = Patience(1, lambda: None)
        with pytest.raises(ConflictError):
            place_hold(archive, CODES[1], repository=REPOSITORY, reason="诉讼")
        archive.vault.locks.patience = None
        tried.append(removed)

    ready = prepare_purge(archive, path)
    carry_out_purge(
        archive, ready, refound=untouched, progress=lambda n: and_somebody_wants_to_hold(n) if n == 1 else None
    )
    assert tried == [1]
    assert there(archive, path) == [False] * 2


def test_what_the_journal_alone_holds_against_a_purge_is_seen_before_anything_is_written(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [keep_record(archive, code) for code in CODES[:2]]
    corrected(archive, *records)
    path = planned(archive, tmp_path, *records)
    place_hold(archive, CODES[1], repository=REPOSITORY, reason="诉讼")
    monkeypatch.setattr("preservation.actions.purging.prepare.require_not_held", lambda *_: None)
    with pytest.raises(RefusedError, match="hold"):
        prepare_purge(archive, path)
    assert (there(archive, path), archive.fresh_reading.refresh().intents) == ([True] * 3, {})


def test_codes_of_any_archives_are_purged_like_others(archive: Archive, tmp_path: Path) -> None:
    records = [keep_record(archive, code) for code in ("HC/1/3", "RG 59, Box 3", "MS 123", CODES[0])]
    path = planned(archive, tmp_path, *records)
    assert run(archive, path).removed == 4
    assert there(archive, path) == [False] * 4
