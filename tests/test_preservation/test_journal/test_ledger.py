"""The journal: one chain in every store, level after a crash, a fork never hidden."""

import re
from pathlib import Path

import pytest

from archives.errors import IntegrityError, StoreAbsentError
from archives.journal.chain import Head, read_group
from archives.journal.facts import BatchReceived
from preservation.journal.chain import read_head
from preservation.stores.local import LocalStore
from tests.support.memory_store import MemoryStore
from tests.support.vaults import audit_all, make_vault, repair_all


def fact(number: int) -> BatchReceived:
    """Return a fact that can be told from others."""
    return BatchReceived(f"batch-{number}", "990001", number, number)


def test_entries_come_back_in_order_with_their_agent(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    for number in range(5):
        ledger.append([fact(number)])
    batches = [entry for entry in ledger.entries() if isinstance(entry.fact, BatchReceived)]
    assert [entry.fact for entry in batches] == [fact(number) for number in range(5)]
    assert {entry.agent for entry in batches} == {"tester"}
    assert [entry.sequence for entry in ledger.entries()] == list(range(1, 9))


def test_a_store_that_is_behind_is_brought_level(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    first = ledger.append([fact(1)])[0].sequence
    (tmp_path / "second/journal" / f"{first:012}.jsonl").unlink()
    (tmp_path / "second/journal/head").unlink()
    assert ledger.level_stores() == ("second",)
    (tmp_path / "second/journal" / f"{first:012}.jsonl").unlink()
    (tmp_path / "second/journal/head").unlink()
    ledger.append([fact(2)])
    assert read_head(ledger.stores[0]) == read_head(ledger.stores[1]) != Head()


def test_a_group_without_its_head_counts_after_recovery(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    before = (tmp_path / "first/journal/head").read_bytes()
    ledger.append([fact(1)])
    for name in ("first", "second"):
        (tmp_path / name / "journal/head").write_bytes(before)
    assert set(ledger.level_stores()) == {"first", "second"}
    assert [entry.fact for entry in ledger.entries()][-1] == fact(1)


def test_two_valid_continuations_are_a_fork(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    one = make_vault(tmp_path, stores=vault.stores[:1], found=False).ledger
    other = make_vault(tmp_path, stores=vault.stores[1:], found=False).ledger
    one.append([fact(1)])
    other.append([fact(2)])
    with pytest.raises(IntegrityError):
        vault.ledger.level_stores()


def test_no_facts_leave_no_group(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    before = ledger.head()
    assert ledger.append([]) == ()
    ledger.level_stores()
    assert ledger.head() == before
    ledger.append([fact(1)])
    assert [entry.fact for entry in ledger.entries()][-1] == fact(1)


def test_what_could_not_be_read_back_is_never_written(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    before = ledger.head()
    with pytest.raises(IntegrityError):
        ledger.append([BatchReceived(None, "990001", 1, 1)])  # type: ignore[arg-type]  # what a defect would do
    assert ledger.head() == before
    assert list(ledger.entries())


def test_an_append_that_died_in_a_store_that_then_went_away_is_no_fork(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    before = (tmp_path / "first/journal/head").read_bytes()
    nobody_was_told = ledger.append([fact(1)])[0].sequence
    group = f"journal/{nobody_was_told:012}.jsonl"
    (tmp_path / "second" / group).unlink()
    for name in ("first", "second"):
        (tmp_path / name / "journal/head").write_bytes(before)
    (tmp_path / "first").rename(tmp_path / "unplugged")
    alone = make_vault(tmp_path, found=False).ledger
    alone.minimum = 1
    alone.append([fact(2)])
    (tmp_path / "unplugged").rename(tmp_path / "first")
    back = make_vault(tmp_path, found=False).ledger
    assert fact(2) in [entry.fact for entry in back.entries()]
    back.level_stores()
    assert read_head(back.stores[0]) == read_head(back.stores[1])
    facts = [entry.fact for entry in back.entries()]
    assert fact(2) in facts
    assert fact(1) not in facts
    assert len(list((tmp_path / "first/quarantine").rglob("*.jsonl"))) == 1


def test_what_both_heads_know_and_differs_is_a_fork_all_the_same(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    ledger.minimum = 1
    for name, other in (("first", "second"), ("second", "first")):
        (tmp_path / other).rename(tmp_path / "unplugged")
        alone = make_vault(tmp_path, found=False).ledger
        alone.minimum = 1
        alone.append([BatchReceived(name, "990001", 1, 1)])
        (tmp_path / "unplugged").rename(tmp_path / other)
    with pytest.raises(IntegrityError):
        make_vault(tmp_path, found=False).ledger.level_stores()


@pytest.mark.parametrize("victim", ["first", "second"])
def test_a_bit_of_any_group_of_one_store_keeps_nobody_from_the_journal(tmp_path: Path, victim: str) -> None:
    """Also of a group's last line, which nothing in the group itself vouches for."""
    vault = make_vault(tmp_path)
    for number in range(3):
        vault.ledger.append([fact(number), fact(number + 10)])
    for path in sorted((tmp_path / victim / "journal").glob("*.jsonl")):
        whole = list(vault.ledger.raw_groups())
        data = path.read_bytes()
        for place in range(0, len(data), 7):
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            assert list(vault.ledger.raw_groups()) == whole, (path.name, place)
        place = len(data) - 4
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        problems = audit_all(vault).problems
        assert [(p.store, p.file) for p in problems] == [(victim, f"journal/{path.name}")]
        repair_all(vault, problems)
        assert path.read_bytes() == data


def test_a_store_is_brought_level_with_good_groups_though_the_first_store_has_a_bad_one(tmp_path: Path) -> None:
    stores = tuple(LocalStore(name, tmp_path / name) for name in ("a", "b", "c"))
    ledger = make_vault(tmp_path, stores=stores).ledger
    before = {p.name: p.read_bytes() for p in (tmp_path / "c/journal").iterdir()}
    for number in range(3):
        ledger.append([fact(number)])
    for path in (tmp_path / "c/journal").iterdir():
        path.unlink()
    for name, data in before.items():
        (tmp_path / "c/journal" / name).write_bytes(data)
    group = sorted((tmp_path / "a/journal").glob("*.jsonl"))[-2]
    good = group.read_bytes()
    group.write_bytes(good.replace(b'"batch-1"', b'"batch-9"'))
    assert ledger.level_stores() == ("c",)
    assert (tmp_path / "c/journal" / group.name).read_bytes() == good


def test_a_chain_that_was_computed_again_in_one_store_misleads_nobody(tmp_path: Path) -> None:
    """Its groups follow each other; only its end is not what the heads say."""
    ledger = make_vault(tmp_path).ledger
    for number in range(4):
        ledger.append([fact(number)])
    whole = list(ledger.raw_groups())
    at = whole[0].end
    for group in whole[1:]:
        lines = group.data.replace(b'"batch-1"', b'"forged!"').splitlines()
        lines[0] = re.sub(rb'"prev":"[0-9a-f]*"', b'"prev":"%s"' % at.digest.encode(), lines[0])
        path = tmp_path / "first/journal" / f"{group.first:012}.jsonl"
        path.write_bytes(b"\n".join(lines) + b"\n")
        at = read_group(at, path.read_bytes()).end
    assert list(ledger.raw_groups()) == whole
    assert at != whole[-1].end


def test_entries_in_a_store_that_is_away_are_not_damaged(tmp_path: Path) -> None:
    stores = (MemoryStore("first"), MemoryStore("second"))
    ledger = make_vault(tmp_path, stores=stores).ledger
    start, _ = ledger.head(), ledger.append([fact(1)])
    end = ledger.head()
    for group in [path for path in stores[0].files if path.suffix == ".jsonl"]:
        stores[0].files[group] = b"damaged"
    assert [entry.fact for entry in ledger.entries_between(start, end)] == [fact(1)]
    stores[0].present = stores[1].present = False
    with pytest.raises(StoreAbsentError):
        ledger.entries_between(start, end)
    stores[0].present = stores[1].present = True
    stores[1].files.pop(group)
    with pytest.raises(IntegrityError):
        ledger.entries_between(start, end)
