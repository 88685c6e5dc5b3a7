"""The journal verified wholly: every tampering shows, against the other stores or against an earlier checkpoint."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archives.journal.chain import Head, decode_group, extend, read_group
from archives.journal.facts import BatchReceived, Fact
from archives.message import Message
from preservation.journal.ledger import Ledger, first_home_id, journal_lines
from preservation.journal.verification import (
    Fault,
    JournalVerification,
    VouchedFor,
    take_snapshot,
    verify_journal,
)
from tests.support.proofs import root_of
from tests.support.vaults import MOMENT, make_vault

STORES = ("first", "second")
Tampering = Callable[[list[bytes]], list[bytes]]


def make_journal(folder: Path) -> Ledger:
    """Return a ledger of twelve entries: three of the founding, then three groups of three."""
    ledger = make_vault(folder).ledger
    for number in range(3):
        ledger.append([BatchReceived(f"b{number}-{part}", "990001", number, part) for part in range(3)])
    return ledger


def verified(ledger: Ledger, *vouched: VouchedFor) -> JournalVerification:
    """Verify what lies in the stores now."""
    return verify_journal(take_snapshot(ledger.stores), vouched)


def vouch(ledger: Ledger) -> VouchedFor:
    """Return what a checkpoint of this moment says."""
    found = verified(ledger)
    assert found.faults == ()
    return VouchedFor(found.end.sequence, found.root)


def told(found: JournalVerification) -> set[tuple[Fault, tuple[str, ...], int]]:
    """Return the faults as tuples."""
    return {(f.fault, f.stores, f.entry) for f in found.faults}


def rewrite(folder: Path, facts: list[Fact], *, stores: tuple[str, ...] = STORES) -> None:
    """Put a consistent journal of other facts, one group, in place of the whole journal of these stores."""
    group = extend(Head(), facts, at=MOMENT, agent="forger")
    for name in stores:
        shutil.rmtree(folder / name / "journal")
        (folder / name / "journal").mkdir()
        (folder / name / "journal" / f"{1:012}.jsonl").write_bytes(group.data)
        (folder / name / "journal" / "head").write_bytes(group.end.encoded())


def facts_of(ledger: Ledger) -> list[Fact]:
    """Return everything the journal holds."""
    return [entry.fact for entry in ledger.entries()]


def test_a_good_journal_has_no_faults_and_the_root_over_its_lines(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    found = verified(ledger)
    lines = [line for group in ledger.raw_groups() for line in group.lines]
    assert (found.faults, found.end, found.root) == ((), ledger.head(), root_of(lines))
    assert found.end.sequence == 12
    assert list(journal_lines(ledger, 8)) == lines[:8]
    assert first_home_id(ledger) == "home"


def test_a_journal_that_went_on_continues_every_checkpoint(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    earlier = vouch(ledger)
    ledger.append([BatchReceived("later", "990001", 1, 1)])
    inside = VouchedFor(5, root_of(journal_lines(ledger, 5)))
    assert verified(ledger, inside, earlier, vouch(ledger)).faults == ()


@pytest.mark.parametrize(
    ("tampering", "entry"),
    [
        (lambda lines: [lines[0].replace(b"b1-0", b"b9-9"), *lines[1:]], 8),
        (lambda lines: [lines[0], lines[2]], 8),
        (lambda lines: [lines[0], lines[0], *lines[1:]], 8),
        (lambda lines: [lines[1], lines[0], lines[2]], 7),
        (lambda lines: [*lines[:2], lines[2].replace(b"b1-2", b"b9-9")], 10),
        (lambda lines: [], 7),
    ],
    ids=["edit", "drop", "insert", "reorder", "edit the last of a group", "empty"],
)
def test_tampering_in_every_store_breaks_the_chain_where_it_was_done(
    tmp_path: Path, tampering: Tampering, entry: int
) -> None:
    ledger = make_journal(tmp_path)
    for name in STORES:
        path = tmp_path / name / "journal" / f"{7:012}.jsonl"
        path.write_bytes(b"".join(tampering(path.read_bytes().splitlines(keepends=True))))
    assert told(verified(ledger)) >= {(Fault.BROKEN, STORES, entry)}


def test_tampering_in_one_store_is_its_damage(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    good = vouch(ledger)
    for first, old in ((4, b"b0-2"), (7, b"b1-0"), (10, b"b2-2")):
        path = tmp_path / "second/journal" / f"{first:012}.jsonl"
        whole = path.read_bytes()
        path.write_bytes(whole.replace(old, b"b9-9"))
        found = verified(ledger, good)
        assert {f[:2] for f in told(found)} == {(Fault.DAMAGED, ("second",))}, first
        assert (found.end.sequence, found.root) == (good.size, good.root)
        path.write_bytes(whole)


def test_damage_in_different_places_of_both_stores_leaves_a_whole_journal(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    good = vouch(ledger)
    for name, first, old in (("first", 4, b"b0-2"), ("second", 7, b"b1-2")):
        path = tmp_path / name / "journal" / f"{first:012}.jsonl"
        path.write_bytes(path.read_bytes().replace(old, b"b9-9"))
    found = verified(ledger, good)
    assert told(found) == {(Fault.DAMAGED, ("first",), 6), (Fault.DAMAGED, ("second",), 9)}
    assert found.root == good.root


def test_a_group_or_head_lost_in_one_store_is_its_damage(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    (tmp_path / "first/journal" / f"{7:012}.jsonl").unlink()
    assert told(verified(ledger)) == {(Fault.DAMAGED, ("first",), 7)}
    (tmp_path / "second/journal/head").write_bytes(b"nonsense")
    assert (Fault.DAMAGED, ("second",), 0) in told(verified(ledger))


def test_a_group_lost_in_every_store_breaks_the_journal(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    for name in STORES:
        (tmp_path / name / "journal" / f"{7:012}.jsonl").unlink()
    assert told(verified(ledger)) >= {(Fault.BROKEN, STORES, 7)}


def test_a_store_that_an_interrupted_append_left_behind_is_behind(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    before = (tmp_path / "second/journal/head").read_bytes()
    ledger.append([BatchReceived("later", "990001", 1, 1)])
    (tmp_path / "second/journal/head").write_bytes(before)
    assert told(verified(ledger)) == {(Fault.BEHIND, ("second",), 13)}
    (tmp_path / "second/journal" / f"{13:012}.jsonl").unlink()
    assert told(verified(ledger)) == {(Fault.BEHIND, ("second",), 13)}
    ledger.level_stores()
    assert told(verified(ledger)) == set()


def test_a_tail_cut_off_everywhere_shows_by_the_heads_or_else_by_the_checkpoint(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    earlier = vouch(ledger)
    for name in STORES:
        (tmp_path / name / "journal" / f"{10:012}.jsonl").unlink()
    assert told(verified(ledger)) == {(Fault.TRUNCATED, STORES, 10)}
    end = Head()
    for first in (1, 4, 7):
        end = read_group(end, (tmp_path / "first/journal" / f"{first:012}.jsonl").read_bytes()).end
    for name in STORES:
        (tmp_path / name / "journal/head").write_bytes(end.encoded())
    assert told(verified(ledger)) == set()
    assert told(verified(ledger, earlier)) == {(Fault.SHORTENED, STORES, 10)}


@pytest.mark.parametrize(
    "forge",
    [
        lambda facts: [*facts[:5], BatchReceived("forged", "990001", 9, 9), *facts[6:]],
        lambda facts: [*facts[:5], *facts[6:], BatchReceived("pad", "990001", 9, 9)],
        lambda facts: [*facts[:5], BatchReceived("inserted", "990001", 9, 9), *facts[5:]],
        lambda facts: [*facts[:5], facts[6], facts[5], *facts[7:]],
        lambda facts: [*facts[:-1], BatchReceived("forged", "990001", 9, 9)],
    ],
    ids=["edit", "drop", "insert", "reorder", "edit the last"],
)
def test_a_recomputed_journal_shows_against_an_earlier_checkpoint_only(
    tmp_path: Path, forge: Callable[[list[Fact]], list[Fact]]
) -> None:
    ledger = make_journal(tmp_path)
    small = VouchedFor(4, root_of(journal_lines(ledger, 4)))
    earlier = vouch(ledger)
    rewrite(tmp_path, forge(facts_of(ledger)))
    assert told(verified(ledger)) == set()
    assert {(f, s) for f, s, _ in told(verified(ledger, small, earlier))} == {(Fault.REWRITTEN, STORES)}


def test_a_change_lies_between_the_checkpoints_that_hold_and_those_that_do_not(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    lines = list(journal_lines(ledger, 12))
    vouched = [VouchedFor(size, root_of(lines[:size])) for size in (3, 6, 9, 12)]
    old = facts_of(ledger)
    kept = read_group(Head(), b"".join(line + b"\n" for line in lines[:7]))
    forged = extend(kept.end, [BatchReceived("forged", "990001", 9, 9), *old[8:]], at=MOMENT, agent="tester")
    for name in STORES:
        shutil.rmtree(tmp_path / name / "journal")
        (tmp_path / name / "journal").mkdir()
        (tmp_path / name / "journal" / f"{1:012}.jsonl").write_bytes(kept.data)
        (tmp_path / name / "journal" / f"{8:012}.jsonl").write_bytes(forged.data)
        (tmp_path / name / "journal/head").write_bytes(forged.end.encoded())
    assert told(verified(ledger, *vouched)) == {(Fault.REWRITTEN, STORES, 7)}


def test_a_fork_names_its_stores_and_a_checkpoint_tells_which_is_forged(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    earlier = vouch(ledger)
    rewrite(tmp_path, [*facts_of(ledger)[:7], BatchReceived("forged", "990001", 9, 9)], stores=("second",))
    assert {f[:2] for f in told(verified(ledger))} == {(Fault.FORKED, STORES)}
    against = told(verified(ledger, earlier))
    assert {f[:2] for f in against} == {(Fault.FORKED, STORES), (Fault.SHORTENED, ("second",))}


def test_two_continuations_of_one_chain_are_a_fork_where_they_part(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    for number, store in enumerate(vault.stores):
        alone = make_vault(tmp_path, stores=(store,), found=False).ledger
        alone.append([BatchReceived(f"b{number}", "990001", number, 1)])
    assert told(verified(vault.ledger)) == {(Fault.FORKED, STORES, 4)}


def test_a_store_that_is_not_there_is_named_and_the_rest_is_verified(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    shutil.move(tmp_path / "second", tmp_path / "away")
    found = verified(ledger)
    assert told(found) == {(Fault.ABSENT, ("second",), 0)}
    assert found.end.sequence == 12


def test_entries_read_back_from_the_lines(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    data = b"".join(line + b"\n" for line in journal_lines(ledger, 12))
    assert [entry.fact for entry in decode_group(read_group(Head(), data))] == facts_of(ledger)


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_says_what_it_is_and_with_which_code_a_verification_ends(fault: Fault) -> None:
    assert (fault.value, fault.is_of_the_journal) == (fault.name, fault.exit_code == 10)
    assert isinstance(fault.said, Message)
    assert fault.exit_code in (9, 10, 12)
    assert [other for other in Fault if other.said == fault.said] == [fault]
