"""The journal verified wholly: every tampering shows, against the other stores or against an earlier checkpoint."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archives.journal.chain import Head, decode_group, extend, read_group
from archives.journal.facts import BatchReceived, Fact
from archives.message import Message
from preservation.journal.faults import Fault
from preservation.journal.ledger import Ledger, first_home_id, journal_lines
from preservation.journal.verification import (
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
    """Return a ledger of thirteen entries: four of the founding, then three groups of two facts and their seal."""
    ledger = make_vault(folder).ledger
    for number in range(3):
        ledger.append([BatchReceived(f"b{number}-{part}", "990001", number, part) for part in range(2)])
    return ledger


def verified(ledger: Ledger, *vouched: VouchedFor) -> JournalVerification:
    """Verify what lies in the stores now, as a home does that remembers nothing."""
    return verify_journal(take_snapshot(ledger.stores), vouched)


def known(ledger: Ledger, *vouched: VouchedFor) -> JournalVerification:
    """Verify what lies in the stores now, as the home does that signed it."""
    return verify_journal(take_snapshot(ledger.stores, ledger.memory), vouched)


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
    assert found.end.sequence == 13
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
        (lambda lines: [lines[0].replace(b"b1-0", b"b9-9"), *lines[1:]], 9),
        (lambda lines: [lines[0], lines[2]], 9),
        (lambda lines: [lines[0], lines[0], *lines[1:]], 9),
        (lambda lines: [lines[1], lines[0], lines[2]], 8),
        (lambda lines: [*lines[:2], lines[2].replace(b'"home":"home"', b'"home":"hone"')], 10),
        (lambda lines: [*lines, b"surplus\n"], 10),
        (lambda lines: [], 8),
    ],
    ids=["edit", "drop", "insert", "reorder", "edit the last of a group", "surplus", "empty"],
)
def test_tampering_in_every_store_breaks_the_chain_where_it_was_done(
    tmp_path: Path, tampering: Tampering, entry: int
) -> None:
    ledger = make_journal(tmp_path)
    for name in STORES:
        path = tmp_path / name / "journal" / f"{8:012}.jsonl"
        path.write_bytes(b"".join(tampering(path.read_bytes().splitlines(keepends=True))))
    assert told(verified(ledger)) == {(Fault.BROKEN, STORES, entry)}


def test_surplus_in_one_store_damages_the_entry_it_follows(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    path = tmp_path / "second" / "journal" / f"{8:012}.jsonl"
    path.write_bytes(path.read_bytes() + b"surplus\n")
    assert told(known(ledger)) == {(Fault.DAMAGED, ("second",), 10)}


def test_tampering_in_one_store_is_its_damage(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    good = vouch(ledger)
    for first, old in ((5, b"b0-1"), (8, b"b1-0"), (11, b"b2-1")):
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
    for name, first, old in (("first", 5, b"b0-1"), ("second", 8, b"b1-1")):
        path = tmp_path / name / "journal" / f"{first:012}.jsonl"
        path.write_bytes(path.read_bytes().replace(old, b"b9-9"))
    found = verified(ledger, good)
    assert told(found) == {(Fault.DAMAGED, ("first",), 7), (Fault.DAMAGED, ("second",), 10)}
    assert found.root == good.root


def test_a_group_or_head_lost_in_one_store_is_its_damage(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    (tmp_path / "first/journal" / f"{8:012}.jsonl").unlink()
    assert told(verified(ledger)) == {(Fault.DAMAGED, ("first",), 8)}
    (tmp_path / "second/journal/head").write_bytes(b"nonsense")
    assert (Fault.DAMAGED, ("second",), 0) in told(verified(ledger))


def test_a_group_lost_in_every_store_breaks_the_journal(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    for name in STORES:
        (tmp_path / name / "journal" / f"{8:012}.jsonl").unlink()
    assert told(verified(ledger)) >= {(Fault.BROKEN, STORES, 8)}


def test_a_store_that_an_interrupted_append_left_behind_is_behind(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    before = (tmp_path / "second/journal/head").read_bytes()
    ledger.append([BatchReceived("later", "990001", 1, 1)])
    (tmp_path / "second/journal/head").write_bytes(before)
    assert told(verified(ledger)) == {(Fault.BEHIND, ("second",), 14)}
    (tmp_path / "second/journal" / f"{14:012}.jsonl").unlink()
    assert told(verified(ledger)) == {(Fault.BEHIND, ("second",), 14)}
    ledger.level_stores()
    assert told(verified(ledger)) == set()


def test_a_tail_cut_off_everywhere_shows_by_the_heads_or_else_by_the_checkpoint(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    earlier = vouch(ledger)
    for name in STORES:
        (tmp_path / name / "journal" / f"{11:012}.jsonl").unlink()
    assert told(verified(ledger)) == {(Fault.TRUNCATED, STORES, 11)}
    end = Head()
    for first in (1, 5, 8):
        end = read_group(end, (tmp_path / "first/journal" / f"{first:012}.jsonl").read_bytes()).end
    for name in STORES:
        (tmp_path / name / "journal/head").write_bytes(end.encoded())
    assert told(verified(ledger)) == set()
    assert told(verified(ledger, earlier)) == {(Fault.SHORTENED, STORES, 11)}


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
    lines = list(journal_lines(ledger, 13))
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
    ledger = make_journal(tmp_path)
    for number, name in enumerate(STORES):
        group = extend(ledger.head(), [BatchReceived(f"b{number}", "990001", number, 1)], at=MOMENT, agent="tester")
        (tmp_path / name / "journal" / f"{14:012}.jsonl").write_bytes(group.data)
        (tmp_path / name / "journal/head").write_bytes(group.end.encoded())
    assert told(verified(ledger)) == {(Fault.FORKED, STORES, 14)}


def test_a_store_that_is_not_there_is_named_and_the_rest_is_verified(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    shutil.move(tmp_path / "second", tmp_path / "away")
    found = verified(ledger)
    assert told(found) == {(Fault.ABSENT, ("second",), 0)}
    assert found.end.sequence == 13


def test_entries_read_back_from_the_lines(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    data = b"".join(line + b"\n" for line in journal_lines(ledger, 13))
    assert [entry.fact for entry in decode_group(read_group(Head(), data))] == facts_of(ledger)


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_says_what_it_is_and_with_which_code_a_verification_ends(fault: Fault) -> None:
    assert (fault.value, fault.is_of_the_journal) == (fault.name, fault.exit_code == 10)
    assert isinstance(fault.said, Message)
    assert fault.exit_code in (9, 10, 12)
    assert [other for other in Fault if other.said == fault.said] == [fault]


def test_the_home_that_signed_it_finds_nothing_wrong_with_its_journal(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    assert (known(ledger).faults, known(ledger).end) == ((), ledger.head())
    ledger.settle()
    assert (known(ledger).faults, known(ledger).root) == ((), verified(ledger).root)


@pytest.mark.parametrize("stores", [STORES, ("second",)], ids=["all", "one"])
def test_a_recomputed_journal_is_not_what_the_home_signed(tmp_path: Path, stores: tuple[str, ...]) -> None:
    ledger = make_journal(tmp_path)
    ledger.settle()
    rewrite(tmp_path, [*facts_of(ledger)[:5], BatchReceived("forged", "990001", 9, 9)], stores=stores)
    found = told(known(ledger))
    assert {fault for fault, names, _ in found if names == stores} & {Fault.BROKEN, Fault.TRUNCATED, Fault.DAMAGED}
    assert any(fault.is_of_the_journal for fault, _, _ in found) is (stores == STORES)


@pytest.mark.parametrize("stores", [STORES, ("first",), ("second",)], ids=["all", "first", "second"])
def test_entries_put_after_the_end_are_foreign_and_followed_by_nobody(tmp_path: Path, stores: tuple[str, ...]) -> None:
    ledger = make_journal(tmp_path)
    end = ledger.head()
    group = extend(end, [BatchReceived("forged", "990001", 9, 9)], at=MOMENT, agent="forger")
    for name in stores:
        (tmp_path / name / "journal" / f"{group.first:012}.jsonl").write_bytes(group.data)
        (tmp_path / name / "journal/head").write_bytes(group.end.encoded())
    found = known(ledger)
    assert found.end == end
    assert told(found) == {(Fault.FOREIGN, (name,), end.sequence + 1) for name in stores}
    assert ledger.head() == end


def test_a_store_that_was_put_back_is_told_from_one_that_is_behind(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path)
    shutil.copytree(tmp_path / "second", tmp_path / "older")
    ledger.append([BatchReceived("later", "990001", 1, 1)])
    shutil.rmtree(tmp_path / "second")
    shutil.copytree(tmp_path / "older", tmp_path / "second")
    assert told(known(ledger)) == {(Fault.PUT_BACK, ("second",), 14)}
    for name in STORES:
        shutil.rmtree(tmp_path / name)
        shutil.copytree(tmp_path / "older", tmp_path / name)
    ledger.settle()
    assert {fault for fault, _, _ in told(known(ledger))} >= {Fault.TRUNCATED}


def test_what_a_copied_home_signed_is_told_from_what_nobody_did(tmp_path: Path) -> None:
    ledger = make_journal(tmp_path / "home")
    ledger.settle()
    shutil.copytree(tmp_path / "home", tmp_path / "clone")
    make_vault(tmp_path / "clone", found=False).ledger.append([BatchReceived("clone", "990001", 1, 1)])
    shutil.rmtree(tmp_path / "home/first")
    shutil.copytree(tmp_path / "clone/first", tmp_path / "home/first")
    assert told(known(ledger)) == {(Fault.ELSEWHERE, ("first",), 14)}
    ledger.stores = (ledger.stores[1],)
    ledger.minimum = 1
    ledger.append([BatchReceived("ours", "990001", 1, 1)])
    ledger.stores = make_vault(tmp_path / "home", found=False).stores
    assert (Fault.ELSEWHERE, ("first",), 14) in told(known(ledger))
