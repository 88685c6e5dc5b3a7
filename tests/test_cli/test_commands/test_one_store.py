"""What one store can make the archive do, without a key: nothing. And how a home finds its way back to its journal."""

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from archives.journal.chain import Group, Head, decode_group, extend, read_group
from archives.journal.facts import DisposalIntended, Fact, GroupSigned, OpeningDecided, StoreAdded
from archives.proof.signing import is_under_passphrase
from archives.record.rights import Conclusion, OnlineScope, OpeningDecision
from cli.main import run
from preservation.journal.ledger import Ledger
from tests.support.batches import make_batch
from tests.support.command_line import Jinkui, Prepared
from tests.support.vaults import MOMENT

OPEN, CLOSED = "Z109-WS·1980·Y·BGS-0001", "Z109-WS·1980·Y·BGS-0002"
ROWS = tuple((code, "Flood report", "1980", "永久", "英语", "1") for code in (OPEN, CLOSED))
DECIDED = OpeningDecision(
    Conclusion.OPEN, "law", "", "Wang", "Li", MOMENT.date(), MOMENT.date(), None, OnlineScope.FULL_TEXT
)
STORES = ("first", "second")


def with_records(jinkui: Jinkui) -> None:
    """Take two closed records in."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆", "--name-en", "Linglan", "--kind", "馆")
    batch = make_batch(jinkui.home.parent / "batch", rows=ROWS)
    jinkui("ingest", str(batch), "--repository", "990001", code=12)


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_records, tmp_path, capsys)


def groups(store: Path) -> list[Group]:
    """Return the groups that lie in a store."""
    at, found = Head(), []
    for path in sorted((store / "journal").glob("*.jsonl")):
        found.append(read_group(at, path.read_bytes()))
        at = found[-1].end
    return found


def forge(store: Path, *facts: Fact) -> None:
    """Write facts into one store as its folder's owner could: chain and head fit, no key is there."""
    group = extend(groups(store)[-1].end, facts, at=MOMENT, agent="forger")
    (store / "journal" / f"{group.first:012}.jsonl").write_bytes(group.data)
    (store / "journal/head").write_bytes(group.end.encoded())


def package_of(jinkui: Jinkui, code: str) -> str:
    """Return the identifier of a record's package."""
    return str(jinkui.json("show", code)["package_id"])


def copies(jinkui: Jinkui) -> int:
    """Count the payload files in all stores."""
    return sum(1 for name in STORES for _ in (jinkui.home / "stores" / name / "packages").rglob("*.tif"))


@pytest.mark.parametrize("store", STORES)
def test_a_forged_disposal_destroys_nothing_and_is_told(jinkui: Jinkui, store: str) -> None:
    package = package_of(jinkui, OPEN)
    before = {
        p: p.read_bytes() for n in STORES for p in (jinkui.home / "stores" / n / "packages").rglob("*") if p.is_file()
    }
    forge(jinkui.home / "stores" / store, DisposalIntended(package, "no such plan"))
    told = jinkui.json("audit", "--due", code=12)
    assert {problem["store"] for problem in told["copies"]} == {store}
    jinkui("audit")
    assert {p: p.read_bytes() for p in before} == before
    assert "store-set-right" in {entry["type"] for entry in entries(jinkui)}
    assert "disposal-intended" not in {entry["type"] for entry in entries(jinkui)}
    assert list((jinkui.home / "stores" / store / "quarantine").rglob("*.jsonl"))


@pytest.mark.parametrize("store", STORES)
def test_a_forged_opening_publishes_nothing(jinkui: Jinkui, store: str) -> None:
    forge(jinkui.home / "stores" / store, OpeningDecided("990001", CLOSED, DECIDED))
    for command in (("search", "Flood"), ("show", CLOSED), ("store", "list"), ("rebuild",)):
        jinkui(*command)
    assert jinkui.json("show", CLOSED)["description"]["openness"] == "未审核"
    assert jinkui.json("search", "Flood", "--public")["total"] == 0
    assert jinkui.json("journal", "verify", code=12)["faults"][0]["fault"] == "FOREIGN"


def test_a_forged_store_lets_no_program_of_its_own_run(jinkui: Jinkui) -> None:
    first = jinkui.home / "stores/first"
    program = b"open('/tmp/ran-by-the-drill', 'w')\n"
    known = json.loads((first / "store.json").read_text())
    marker = json.dumps({**known, "store_id": "forged"})
    forge(first, StoreAdded("forged", "first", marker, sha256(program).hexdigest()))
    (first / "restore.py").write_bytes(program)
    (first / "store.json").write_text(marker)
    ends = {run(["--home", str(jinkui.home), "restore-drill"]) for _ in range(6)}
    assert 10 in ends <= {0, 10}, "it draws from either store"
    assert not Path("/tmp/ran-by-the-drill").exists()


@pytest.mark.parametrize("line", [b'{"type":"nonsense"}\n', b"\x00\xff", b'{"v":1,"type":"group-signed"}\n'])
def test_a_line_of_nonsense_stops_no_command(jinkui: Jinkui, line: bytes) -> None:
    store = jinkui.home / "stores/first"
    end = groups(store)[-1].end
    (store / "journal" / f"{end.sequence + 1:012}.jsonl").write_bytes(line)
    jinkui("store", "list")
    jinkui("show", OPEN)
    jinkui("hold", "place", OPEN, "--reason", "case")
    jinkui("journal", "verify")


def test_a_copy_of_a_store_that_another_home_changed_is_not_followed(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stolen copy under a home of its own, whose key is another one; commands as they are refuse to sign it."""
    shutil.copytree(jinkui.home / "stores/first", tmp_path / "thief/stores/first")
    thief = Jinkui(tmp_path / "thief", jinkui.capsys)
    (thief.home / "jinkui.toml").write_text('[[stores]]\nname = "first"\npath = "stores/first"\n')
    thief("hold", "place", OPEN, "--reason", "x", code=3)
    thief("upgrade", code=3)
    with monkeypatch.context() as changed:
        changed.setattr(Ledger, "is_of_another", False)
        thief("upgrade")
    thief("hold", "place", OPEN, "--reason", "x")
    shutil.rmtree(jinkui.home / "stores/first")
    shutil.copytree(thief.home / "stores/first", jinkui.home / "stores/first")
    assert {f["fault"] for f in jinkui.json("journal", "verify", code=12)["faults"]} == {"FOREIGN"}
    assert jinkui.json("hold", "list")["holds"] == []
    jinkui("hold", "place", CLOSED, "--reason", "ours")
    assert [one["archival_code"] for one in jinkui.json("hold", "list")["holds"]] == [CLOSED]
    jinkui("journal", "verify")


def test_stores_put_back_all_together_end_with_ten(jinkui: Jinkui, tmp_path: Path) -> None:
    shutil.copytree(jinkui.home / "stores", tmp_path / "older")
    jinkui("hold", "place", OPEN, "--reason", "case")
    shutil.rmtree(jinkui.home / "stores")
    shutil.copytree(tmp_path / "older", jinkui.home / "stores")
    jinkui("audit", code=10)
    jinkui("hold", "place", CLOSED, "--reason", "case", code=10)
    assert jinkui.json("journal", "verify", code=10)["faults"][0]["fault"] == "TRUNCATED"


def test_a_copied_home_that_wrote_stops_writing_until_a_person_judges(jinkui: Jinkui, tmp_path: Path) -> None:
    shutil.copytree(jinkui.home, tmp_path / "clone")
    Jinkui(tmp_path / "clone", jinkui.capsys)("hold", "place", OPEN, "--reason", "theirs")
    shutil.rmtree(jinkui.home / "stores/second")
    shutil.copytree(tmp_path / "clone/stores/second", jinkui.home / "stores/second")
    assert "reconcile" in jinkui("hold", "place", CLOSED, "--reason", "ours", code=10)
    assert {f["fault"] for f in jinkui.json("journal", "verify", code=10)["faults"]} == {"ELSEWHERE"}
    (branch,) = jinkui.json("journal", "reconcile")["branches"]
    assert (branch["store"], branch["continues"]) == ("second", True)
    jinkui("journal", "reconcile", "--foreign", "second", code=5)
    jinkui("journal", "reconcile", "--foreign", "second", "--reason", "a test on a copy", "--yes")
    assert [one["archival_code"] for one in jinkui.json("hold", "list")["holds"]] == [OPEN], "what it held is held"
    jinkui("hold", "place", CLOSED, "--reason", "ours")
    jinkui("journal", "verify")
    journal = jinkui.home / "stores/second/journal"
    for judged in (jinkui.home / "stores/second/quarantine").rglob("*.jsonl"):
        shutil.copy(judged, journal)
    (journal / "head").write_bytes(b"junk")
    jinkui("hold", "place", CLOSED, "--reason", "again")


def test_a_home_that_came_back_from_a_backup_takes_over_what_it_had_signed(jinkui: Jinkui, tmp_path: Path) -> None:
    shutil.copytree(jinkui.home / "journal", tmp_path / "backup")
    jinkui("hold", "place", OPEN, "--reason", "case")
    shutil.rmtree(jinkui.home / "journal")
    shutil.copytree(tmp_path / "backup", jinkui.home / "journal")
    (jinkui.home / "catalogue.db").unlink()
    jinkui("hold", "place", CLOSED, "--reason", "case", code=10)
    jinkui(
        "journal", "reconcile", "--adopt", "first", "--reason", "the disk died, this is last night's backup", "--yes"
    )
    assert [one["archival_code"] for one in jinkui.json("hold", "list")["holds"]] == [OPEN]
    jinkui("journal", "verify")


def test_a_home_put_back_whole_publishes_nothing_and_names_the_way(jinkui: Jinkui, tmp_path: Path) -> None:
    shutil.copytree(jinkui.home / "journal", tmp_path / "backup")
    jinkui("hold", "place", OPEN, "--reason", "case")
    shutil.rmtree(jinkui.home / "journal")
    shutil.copytree(tmp_path / "backup", jinkui.home / "journal")
    assert "reconcile" in jinkui("hold", "place", CLOSED, "--reason", "case", code=10)
    (jinkui.home / "catalogue.db").unlink()
    assert "nothing is published" in both(jinkui, "opening", "publish")
    jinkui("journal", "reconcile", "--adopt", "first", "--reason", "last night's backup")
    assert [one["archival_code"] for one in jinkui.json("hold", "list")["holds"]] == [OPEN]


def both(jinkui: Jinkui, *words: str) -> str:
    """Run a command that succeeds and return what it said on both streams."""
    jinkui.capsys.readouterr()
    assert run(["--home", str(jinkui.home), "--lang", "en", *words]) == 0
    return "".join(jinkui.capsys.readouterr())


def test_what_was_written_after_a_new_key_is_adopted_with_it(jinkui: Jinkui, tmp_path: Path) -> None:
    shutil.copytree(jinkui.home / "journal", tmp_path / "backup")
    jinkui("key", "rotate")
    jinkui("opening", "withdraw", CLOSED, "--reason", "a person lives")
    jinkui("hold", "place", OPEN, "--reason", "case")
    shutil.rmtree(jinkui.home / "journal")
    shutil.copytree(tmp_path / "backup", jinkui.home / "journal")
    (jinkui.home / "catalogue.db").unlink()
    jinkui("journal", "reconcile", "--adopt", "first", "--reason", "last night's backup")
    assert [one["archival_code"] for one in jinkui.json("hold", "list")["holds"]] == [OPEN]
    assert "opening-withdrawn" in {entry["type"] for entry in entries(jinkui)}
    assert not list(jinkui.home.glob("stores/*/quarantine/*not-ours*"))
    jinkui("journal", "verify")


def test_two_branches_are_judged_one_after_the_other_and_lose_nothing(jinkui: Jinkui, tmp_path: Path) -> None:
    for name, act in (("first", ("opening", "withdraw", OPEN)), ("second", ("hold", "place", CLOSED))):
        shutil.copytree(jinkui.home, tmp_path / f"clone-{name}")
        Jinkui(tmp_path / f"clone-{name}", jinkui.capsys)(*act, "--reason", "theirs")
    for name in STORES:
        shutil.rmtree(jinkui.home / "stores" / name)
        shutil.copytree(tmp_path / f"clone-{name}/stores" / name, jinkui.home / "stores" / name)
    for name in STORES:
        jinkui("journal", "reconcile", "--foreign", name, "--reason", "copies that were tried", "--yes")
    assert [one["archival_code"] for one in jinkui.json("hold", "list")["holds"]] == [CLOSED]
    assert "opening-withdrawn" in {entry["type"] for entry in entries(jinkui)}
    jinkui("journal", "verify")


@pytest.mark.parametrize("name", ["²²².jsonl", "99999.jsonl", "x.jsonl", "000000000099.jsonl"])
def test_no_name_in_a_journal_stops_a_command(jinkui: Jinkui, name: str) -> None:
    journal = jinkui.home / "stores/first/journal"
    (journal / name).write_bytes(b"{}\n")
    (journal / "head").write_bytes(b"junk")
    jinkui("hold", "place", OPEN, "--reason", "case")
    assert (journal / "head").read_bytes() == (jinkui.home / "stores/second/journal/head").read_bytes()
    jinkui("audit", code=0 if name == "000000000099.jsonl" else 12)


@pytest.mark.parametrize(
    "tail",
    [
        b'"type":"x","at":"y","agent":"z","x":' + b"[" * 200_000,
        b'"type":"group-signed","at":"0001-01-01T00:00:00+05:00","agent":"z","key":"k","home":"h","instance":"i","signature":"s"}',
    ],
    ids=["too deep", "before the first day"],
)
def test_no_line_in_a_journal_stops_a_command(jinkui: Jinkui, tail: bytes) -> None:
    store = jinkui.home / "stores/first"
    end = groups(store)[-1].end
    line = b'{"v":1,"seq":%d,"prev":"%s",' % (end.sequence + 1, end.digest.encode()) + tail + b"\n"
    (store / "journal" / f"{end.sequence + 1:012}.jsonl").write_bytes(line)
    assert {f["fault"] for f in jinkui.json("journal", "verify", code=12)["faults"]} == {"FOREIGN"}
    jinkui("hold", "place", OPEN, "--reason", "case")
    jinkui("journal", "verify")


def test_a_head_of_any_size_is_read_no_farther_than_ours_goes(jinkui: Jinkui) -> None:
    with (jinkui.home / "stores/first/journal/head").open("r+b") as head:
        head.truncate(1 << 40)
    jinkui("hold", "place", OPEN, "--reason", "case")
    jinkui("journal", "verify")


def test_a_link_on_the_way_leads_nowhere(jinkui: Jinkui, tmp_path: Path) -> None:
    """One store that points into another must not stand for a copy of its own, nor clear the other's."""
    first, second = (jinkui.home / "stores" / name for name in STORES)
    shutil.move(second / "packages", tmp_path / "aside")
    (second / "packages").symlink_to(first / "packages")
    kept = set(first.glob("packages/**/*"))
    batch = make_batch(tmp_path / "more", rows=(("Z109-WS·1980·Y·BGS-0003", *ROWS[0][1:]),))
    jinkui("ingest", str(batch), "--repository", "990001", code=9)
    assert kept <= set(first.glob("packages/**/*"))


def test_a_home_without_its_memory_goes_on_with_its_key_and_starts_dark(jinkui: Jinkui, tmp_path: Path) -> None:
    (tmp_path / "words").write_text("a long passphrase\n")
    safe = tmp_path / "safe.pem"
    assert jinkui.json("key", "show")["exported"] is False
    jinkui("key", "export", str(safe), "--passphrase-file", str(tmp_path / "words"))
    assert jinkui.json("key", "show")["exported"] is True
    assert is_under_passphrase(safe.read_bytes())
    jinkui("hold", "place", OPEN, "--reason", "case")
    for name in ("journal", "keys", "public"):
        shutil.rmtree(jinkui.home / name)
    for database in jinkui.home.glob("*.db"):
        database.unlink()
    jinkui("hold", "place", CLOSED, "--reason", "case", code=3)
    shutil.move(jinkui.home / "stores/second", tmp_path / "second")
    again = ("rebuild", "--key", str(safe), "--passphrase-file", str(tmp_path / "words"))
    jinkui(*again, code=9)
    shutil.move(tmp_path / "second", jinkui.home / "stores/second")
    assert "opening confirm" in jinkui(*again)
    assert [one["archival_code"] for one in jinkui.json("hold", "list")["holds"]] == [OPEN]
    jinkui("journal", "verify")
    jinkui("opening", "confirm", "--reason", "compared with the list of closings")
    jinkui("opening", "confirm", "--reason", "again", code=6)


def test_a_foreign_key_restores_nothing(jinkui: Jinkui, tmp_path: Path) -> None:
    other = Jinkui(tmp_path / "other", jinkui.capsys)
    other("init")
    for name in ("journal", "keys"):
        shutil.rmtree(jinkui.home / name)
    jinkui("rebuild", "--key", str(other.home / "keys/archive.pem"), code=10)
    assert not (jinkui.home / "journal/last").exists()


def test_a_new_key_signs_and_the_old_one_does_not_any_more(jinkui: Jinkui) -> None:
    jinkui("journal", "checkpoint")
    old = jinkui.json("key", "show")["name"]
    new = jinkui.json("key", "rotate")["name"]
    jinkui("hold", "place", OPEN, "--reason", "case")
    signers = [e["key"] for e in entries(jinkui) if e["type"] == "group-signed"]
    rotated = next(n for n, e in enumerate(entries(jinkui)) if e["type"] == "key-rotated")
    after = [e["key"] for e in entries(jinkui)[rotated + 2 :] if e["type"] == "group-signed"]
    assert old != new
    assert signers[0] == old
    assert set(after) == {new}
    jinkui("journal", "checkpoint")
    assert len(jinkui.json("journal", "verify")["against"]) == 2, "what the old key vouched for holds"


def test_an_archive_of_an_earlier_version_is_read_and_audited_and_writes_after_upgrade(jinkui: Jinkui) -> None:
    unsigned(jinkui.home)
    jinkui("show", OPEN)
    jinkui("audit", code=3)
    assert "upgrade" in jinkui("hold", "place", OPEN, "--reason", "case", code=3)
    assert jinkui.json("upgrade", "--dry-run")["adopted"] == 0
    assert not (jinkui.home / "journal").exists()
    assert jinkui.json("upgrade")["adopted"] > 0
    jinkui("hold", "place", OPEN, "--reason", "case")
    again = {"adopted": 0, "restore_programs": {"renewed": [], "to_renew": []}, "made_again": []}
    assert jinkui.json("upgrade") == again
    jinkui("audit")
    jinkui("journal", "verify")


def test_a_history_that_does_not_continue_its_checkpoints_is_not_adopted(jinkui: Jinkui) -> None:
    jinkui("journal", "checkpoint")
    unsigned(jinkui.home)
    assert "checkpoint" in jinkui("upgrade", code=10)
    assert not (jinkui.home / "journal").exists()


def test_an_entry_of_a_newer_version_stops_writing_and_nothing_else(jinkui: Jinkui) -> None:
    memory = jinkui.home / "journal"
    for place in (jinkui.home / "stores/first", jinkui.home / "stores/second"):
        end = groups(place)[-1].end
    from preservation.journal.memory import Memory

    remembered = Memory(memory, jinkui.home / "keys")
    group = extend(end, [DisposalIntended("x", "y")], at=MOMENT, agent="newer")
    line = group.lines[0].replace(b'"disposal-intended"', b'"disposal-dreamt"')
    newer = Group(group.first, (line,), Head(group.first, sha256(line).hexdigest()))
    remembered.sign(newer, at=MOMENT, agent="newer")
    jinkui("show", OPEN)
    jinkui("search", "Flood")
    assert "newer version" in jinkui("hold", "place", OPEN, "--reason", "case", code=3)


def entries(jinkui: Jinkui) -> list[dict[str, Any]]:
    """Return the journal's lines as one store has them."""
    lines = (line for group in groups(jinkui.home / "stores/first") for line in group.lines)
    return [json.loads(line) for line in lines]


def unsigned(home: Path) -> None:
    """Make the home one that an earlier version wrote: the same facts, no signature, no memory."""
    facts = [entry.fact for group in groups(home / "stores/first") for entry in decode_group(group)]
    group = extend(Head(), [fact for fact in facts if not isinstance(fact, GroupSigned)], at=MOMENT, agent="earlier")
    for name in STORES:
        journal = home / "stores" / name / "journal"
        shutil.rmtree(journal)
        journal.mkdir()
        (journal / f"{1:012}.jsonl").write_bytes(group.data)
        (journal / "head").write_bytes(group.end.encoded())
    shutil.rmtree(home / "journal")
    (home / "keys/archive.pem").unlink()
    (home / "catalogue.db").unlink()


def test_what_a_store_held_is_alarmed_once_whichever_command_came_upon_it(jinkui: Jinkui, tmp_path: Path) -> None:
    told = tmp_path / "told"
    settings = jinkui.home / "jinkui.toml"
    command = f'alarm-command = ["sh", "-c", "cat >> {told}"]'
    settings.write_text(settings.read_text().replace("alarm-command = []", command))
    assert command in settings.read_text()
    forge(jinkui.home / "stores/first", DisposalIntended("x", "y"))
    jinkui("hold", "place", OPEN, "--reason", "case")
    for _ in range(2):
        jinkui("audit")
    causes = [cause for line in told.read_text().splitlines() for cause in json.loads(line)["causes"]]
    of_stores = [cause for cause in causes if cause["kind"] != "no-schedule"]
    assert [(cause["kind"], cause["store"], cause["verdict"]) for cause in of_stores] == [
        ("store-set-right", "first", "foreign")
    ]


def test_a_closing_goes_on_when_all_other_writing_is_stopped(jinkui: Jinkui, tmp_path: Path) -> None:
    shutil.copytree(jinkui.home, tmp_path / "clone")
    Jinkui(tmp_path / "clone", jinkui.capsys)("hold", "place", OPEN, "--reason", "theirs")
    for name in STORES:
        shutil.rmtree(jinkui.home / "stores" / name)
        shutil.copytree(tmp_path / "clone/stores" / name, jinkui.home / "stores" / name)
    jinkui("hold", "place", OPEN, "--reason", "ours", code=10)
    told = jinkui.json("opening", "withdraw", OPEN, "--repository", "990001", "--reason", "a person lives", code=10)
    assert told["closed"] is True
    assert "opening-withdrawn" in (jinkui.home / "journal/tail").read_text()


def test_what_a_copied_home_wrote_into_the_stores_is_no_damage_to_be_repaired(jinkui: Jinkui, tmp_path: Path) -> None:
    copy = Jinkui(tmp_path / "copy", jinkui.capsys)
    shutil.copytree(jinkui.home, copy.home)
    copy("hold", "place", CLOSED, "--reason", "a copy at work")
    for name in STORES:  # as if both had been set to the same places
        shutil.rmtree(jinkui.home / "stores" / name / "journal")
        shutil.copytree(copy.home / "stores" / name / "journal", jinkui.home / "stores" / name / "journal")
    before = {name: groups(jinkui.home / "stores" / name) for name in STORES}
    for command in (("repair", "--dry-run"), ("repair", "--yes")):
        assert "journal reconcile" in jinkui(*command, code=10)
    assert {name: groups(jinkui.home / "stores" / name) for name in STORES} == before
    assert "jinkui journal reconcile" in {one["command"] for one in jinkui.json("status", code=12)["needs"]}
    assert "missing" in {one["state"] for one in jinkui.json("doctor", code=7)["checks"] if one["name"] == "journal"}
    both = tuple(word for name in STORES for word in ("--foreign", name))
    jinkui("journal", "reconcile", *both, "--reason", "a test", "--other-is-lost", "--yes")
