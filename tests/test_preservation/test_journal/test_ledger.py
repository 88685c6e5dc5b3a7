"""The journal: signed at home, the same in every store, level after a crash; no store speaks for the archive."""

import base64
import json
import re
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archives.errors import ConfigurationError, IntegrityError, StorageError, StoreAbsentError
from archives.journal.chain import Head
from archives.journal.facts import BatchReceived, Fact
from preservation.journal.chain import read_head
from preservation.journal.ledger import Ledger
from preservation.stores.local import LocalStore
from tests.support.memory_store import MemoryStore
from tests.support.vaults import audit_all, make_vault, repair_all


def fact(number: int) -> BatchReceived:
    """Return a fact that can be told from others."""
    return BatchReceived(f"batch-{number}", "990001", number, number)


def batches(ledger: Ledger) -> list[Fact]:
    """Return the batches that the journal knows."""
    return [entry.fact for entry in ledger.entries() if isinstance(entry.fact, BatchReceived)]


def test_entries_come_back_in_order_with_their_agent(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    for number in range(5):
        ledger.append([fact(number)])
    batches = [entry for entry in ledger.entries() if isinstance(entry.fact, BatchReceived)]
    assert [entry.fact for entry in batches] == [fact(number) for number in range(5)]
    assert {entry.agent for entry in batches} == {"tester"}
    assert [entry.sequence for entry in ledger.entries()] == list(range(1, 15))


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
    assert batches(ledger) == [fact(1)]


def test_stores_that_go_away_in_turn_never_fork(tmp_path: Path) -> None:
    """The home remembers what it signed, so what one store alone took is not signed over."""
    make_vault(tmp_path)
    for number, (name, other) in enumerate((("first", "second"), ("second", "first"))):
        (tmp_path / other).rename(tmp_path / "unplugged")
        alone = make_vault(tmp_path, found=False).ledger
        alone.minimum = 1
        alone.append([fact(number)])
        (tmp_path / "unplugged").rename(tmp_path / other)
        assert fact(number) in batches(make_vault(tmp_path, found=False).ledger), name
    back = make_vault(tmp_path, found=False).ledger
    back.level_stores()
    assert batches(back) == [fact(0), fact(1)]
    assert read_head(back.stores[0]) == read_head(back.stores[1]) == back.head()


def test_no_facts_leave_no_group(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    before = ledger.head()
    assert ledger.append([]) == ()
    ledger.level_stores()
    assert ledger.head() == before
    ledger.append([fact(1)])
    assert batches(ledger) == [fact(1)]


def test_every_group_ends_with_a_seal_that_stock_tools_verify(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    ledger.append([fact(1), fact(2)])
    public = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32).public_key()
    for group in ledger.raw_groups():
        *_, last, sealing = group.lines
        found = json.loads(sealing)
        place = f"{group.first} {found['seq'] - 1}"
        told = (found["home"], found["instance"], place, sha256(last).hexdigest(), found["at"], found["agent"])
        text = "".join(f"{line}\n" for line in ("jinkui/group/v1", *told))
        public.verify(base64.b64decode(found["signature"]), text.encode())


def test_what_was_signed_and_reached_no_store_is_carried_there_with_the_same_bytes(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    for name in ("first", "second"):
        (tmp_path / name).rename(tmp_path / f"{name}-away")
    with pytest.raises(StorageError):
        ledger.append([fact(1)])
    ledger.append([fact(2)], enough=0)
    assert batches(ledger) == [fact(2)], "what was refused was not signed"
    signed = (tmp_path / "journal/tail").read_bytes()
    for name in ("first", "second"):
        (tmp_path / f"{name}-away").rename(tmp_path / name)
    back = make_vault(tmp_path, found=False).ledger
    back.level_stores()
    for name in ("first", "second"):
        assert signed in b"".join(p.read_bytes() for p in sorted((tmp_path / name / "journal").glob("*.jsonl")))


def test_a_torn_end_of_the_tail_was_never_signed(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    ledger.append([fact(1)])
    end = ledger.head()
    with (tmp_path / "journal/tail").open("ab") as tail:
        tail.write(b'{"v":1,"seq":7,"prev":"')
    again = make_vault(tmp_path, found=False).ledger
    assert again.head() == end
    again.append([fact(2)])
    assert batches(make_vault(tmp_path, found=False).ledger) == [fact(1), fact(2)]


def test_a_long_tail_is_let_go_when_the_stores_have_it(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    for number in range(150):
        ledger.append([fact(number)])
    assert (tmp_path / "journal/tail").stat().st_size < 1 << 17
    ledger.settle()
    assert (tmp_path / "journal/tail").read_bytes() == b""
    assert make_vault(tmp_path, found=False).ledger.head() == ledger.head()
    assert len(batches(ledger)) == 150


def test_what_could_not_be_read_back_is_never_written(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    before = ledger.head()
    with pytest.raises(IntegrityError):
        ledger.append([BatchReceived(None, "990001", 1, 1)])  # type: ignore[arg-type]  # what a defect would do
    assert ledger.head() == before
    assert list(ledger.entries())


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
    """Its groups follow each other and its head fits; it is only not what the home signed."""
    ledger = make_vault(tmp_path).ledger
    for number in range(4):
        ledger.append([fact(number)])
    whole = list(ledger.raw_groups())
    at = whole[0].end
    for group in whole[1:]:
        at = forge(tmp_path / "first", at, group.data.replace(b'"batch-1"', b'"forged!"'), first=group.first)
    assert list(ledger.raw_groups()) == whole
    assert at != whole[-1].end
    ledger.append([fact(9)])
    (told,) = ledger.set_right
    assert (told.store, len(told.set_aside)) == ("first", 3)
    assert told in [entry.fact for entry in ledger.entries()]
    assert b"forged!" not in b"".join(p.read_bytes() for p in (tmp_path / "first/journal").iterdir())
    assert len(list((tmp_path / "first/quarantine").rglob("*.jsonl"))) == 3


@pytest.mark.parametrize(
    "line",
    [
        b'{"v":1,"type":"nonsense"}\n',
        b'{"v":1,"seq":5,"prev":"%PREV%","type":"nonsense","at":"x","agent":"y"}\n',
        b"torn",
    ],
    ids=["no entry", "an entry of no kind", "torn"],
)
def test_a_line_put_into_one_store_stops_nobody(tmp_path: Path, line: bytes) -> None:
    ledger = make_vault(tmp_path).ledger
    end = ledger.head()
    forged = line.replace(b"%PREV%", end.digest.encode())
    (tmp_path / "first/journal" / f"{end.sequence + 1:012}.jsonl").write_bytes(forged)
    assert [entry.sequence for entry in ledger.entries()][-1] == end.sequence
    ledger.append([fact(1)])
    assert batches(ledger) == [fact(1)]
    assert [told.store for told in ledger.set_right] == ["first"]
    assert [p.read_bytes() for p in (tmp_path / "first/quarantine").rglob("*.jsonl")] == [forged]
    assert read_head(ledger.stores[0]) == read_head(ledger.stores[1]) == ledger.head()


@pytest.mark.parametrize("kind", ["head beyond", "head of nonsense", "head of a forged entry"])
def test_whatever_a_head_says_it_is_set_right_and_told(tmp_path: Path, kind: str) -> None:
    ledger = make_vault(tmp_path).ledger
    ledger.append([fact(1)])
    end = ledger.head()
    said = {
        "head beyond": Head(end.sequence + 9, "f" * 64).encoded(),
        "head of nonsense": b"\xff nonsense",
        "head of a forged entry": Head(end.sequence, "f" * 64).encoded(),
    }[kind]
    (tmp_path / "first/journal/head").write_bytes(said)
    assert ledger.head() == end
    ledger.append([fact(2)])
    assert batches(ledger) == [fact(1), fact(2)]
    assert [told.store for told in ledger.set_right] == ["first"]


def test_a_store_that_was_put_back_is_levelled_and_told(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    ledger.append([fact(1)])
    shutil.copytree(tmp_path / "first", tmp_path / "older")
    ledger.append([fact(2)])
    ledger.settle()
    shutil.rmtree(tmp_path / "first")
    (tmp_path / "older").rename(tmp_path / "first")
    again = make_vault(tmp_path, found=False).ledger
    again.append([fact(3)])
    (told,) = again.set_right
    assert told.was_put_back
    assert (told.store, told.set_aside) == ("first", ())
    assert batches(again) == [fact(1), fact(2), fact(3)]


def test_a_copy_of_the_home_that_wrote_stops_all_writing_until_a_person_looks(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path / "home").ledger
    ledger.settle()
    shutil.copytree(tmp_path / "home", tmp_path / "clone")
    clone = make_vault(tmp_path / "clone", found=False).ledger
    clone.append([fact(1)])
    shutil.rmtree(tmp_path / "home/second")
    shutil.copytree(tmp_path / "clone/second", tmp_path / "home/second")
    before = [p.read_bytes() for p in sorted((tmp_path / "home/second/journal").iterdir())]
    again = make_vault(tmp_path / "home", found=False).ledger
    with pytest.raises(IntegrityError, match="signed and this home does not know"):
        again.append([fact(2)])
    assert [p.read_bytes() for p in sorted((tmp_path / "home/second/journal").iterdir())] == before
    assert batches(again) == [], "nothing of it is followed"


def test_a_home_without_memory_writes_nothing_and_names_the_command(tmp_path: Path) -> None:
    ledger = make_vault(tmp_path).ledger
    ledger.append([fact(1)])
    shutil.rmtree(tmp_path / "journal")
    with pytest.raises(ConfigurationError) as refused:
        ledger.append([fact(2)])
    assert "jinkui rebuild --key" in str(refused.value.advice), "no other key signs what one signed"
    assert batches(ledger) == [fact(1)]


def forge(store: Path, at: Head, data: bytes, *, first: int) -> Head:
    """Put a group of other lines into a store, its chain computed anew, with a head that fits; return its end."""
    lines = []
    for line in data.splitlines():
        linked = re.sub(rb'"prev":"[0-9a-f]*"', b'"prev":"%s"' % at.digest.encode(), line)
        at = Head(at.sequence + 1, sha256(linked).hexdigest())
        lines.append(linked + b"\n")
    (store / "journal" / f"{first:012}.jsonl").write_bytes(b"".join(lines))
    (store / "journal/head").write_bytes(at.encoded())
    return at


def test_entries_in_a_store_that_is_away_are_not_damaged(tmp_path: Path) -> None:
    stores = (MemoryStore("first"), MemoryStore("second"))
    ledger = make_vault(tmp_path, stores=stores).ledger
    start, _ = ledger.head(), ledger.append([fact(1)])
    end = ledger.head()
    for group in [path for path in stores[0].files if path.suffix == ".jsonl"]:
        stores[0].files[group] = b"damaged"
    assert [entry.fact for entry in ledger.entries_between(start, end)][:1] == [fact(1)]
    ledger.settle()
    stores[0].present = stores[1].present = False
    with pytest.raises(StoreAbsentError):
        ledger.entries_between(start, end)
    stores[0].present = stores[1].present = True
    stores[1].files.pop(group)
    with pytest.raises(IntegrityError):
        ledger.entries_between(start, end)
