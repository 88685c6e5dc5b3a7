"""What outsiders check a journal with: a sound one passes, and whatever is done to a line is found."""

import base64
import json
import runpy
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from archives.journal.chain import Entry, Group, Head, decode_group, encode_entry, extend, line_digest, read_group
from archives.journal.facts import (
    DisposalApproved,
    DisposalIntended,
    DisposalPlanned,
    Fact,
    GroupSigned,
    HistoryAdopted,
    HoldPlaced,
    KeyBegunAnew,
    KeyRotated,
    PackageDisposed,
    PackageStored,
    PersonAdded,
    PersonRetired,
    PersonsBegunAnew,
    PersonsFounded,
    SignedBy,
)
from archives.journal.persons import text_to_sign
from archives.journal.seal import rotation_text, seal
from archives.proof.checkpoint import VerifierKey, journal_origin
from archives.proof.signing import key_text, make_private_key, public_key_of, sign
from preservation.catalogue.journal_fold import JournalReading
from preservation.vault.removal import remove_package
from tests.support.disposal import approval, approve_disposal, approved, founders, new_person, planned_of, private_key
from tests.support.places import ROOT
from tests.support.proofs import root_of
from tests.support.vaults import MOMENT, make_package, make_vault

SCRIPT = ROOT / "scripts" / "verify-journal"
MAIN: Callable[[], int] = runpy.run_path(str(SCRIPT))["main"]
KEY = make_private_key(b"\x01" * 32, None)
NEW_KEY = make_private_key(b"\x02" * 32, None)
FIRST, SECOND, THIRD = (make_package(number) for number in (1, 2, 3))


@dataclass(frozen=True)
class Kept:
    """A journal in two stores, and the public key that was kept elsewhere."""

    folder: Path
    key: Path

    @property
    def stores(self) -> tuple[Path, ...]:
        """The folders of the stores."""
        return self.folder / "first", self.folder / "second"

    def groups(self) -> list[Group]:
        """Return the groups of the first store."""
        groups: list[Group] = []
        for path in sorted((self.folder / "first/journal").glob("*.jsonl")):
            groups.append(read_group(groups[-1].end if groups else Head(), path.read_bytes()))
        return groups

    def write(self, groups: Sequence[Group], *stores: Path) -> None:
        """Put groups into stores in place of what is there, all heads made to fit."""
        for store in stores or self.stores:
            for path in (store / "journal").iterdir():
                path.unlink()
            for group in groups:
                (store / f"journal/{group.first:012}.jsonl").write_bytes(group.data)
            (store / "journal/head").write_bytes(groups[-1].end.encoded())

    def append(self, *facts: Fact, key: bytes | None = KEY) -> None:
        """Append a group to both stores, signed with a key or not at all."""
        groups = self.groups()
        self.write([*groups, next_group(groups[-1].end, *facts, key=key)])

    def verdict(self, *more: str, key: Path | None = None) -> int:
        """Run the script on both stores."""
        before, sys.argv = sys.argv, [str(SCRIPT), *map(str, self.stores), "--key", str(key or self.key), *more]
        try:
            return MAIN()
        finally:
            sys.argv = before


def next_group(end: Head, *facts: Fact, key: bytes | None = KEY) -> Group:
    """Return the group of facts after an end, sealed with a key."""
    group = extend(end, facts, at=MOMENT, agent="tester")
    if key is None:
        return group
    public_key = public_key_of(key, None)
    return seal(
        group,
        home_id="home",
        instance="instance",
        public_key=public_key,
        sign=lambda data: sign(key, None, data),
        at=MOMENT,
        agent="tester",
    )


def public_file(path: Path, *keys: bytes) -> Path:
    """Write public keys as the archive does."""
    lines = [VerifierKey(journal_origin("home"), public_key_of(key, None)).text() for key in keys]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    vault = make_vault(tmp_path)
    for package in (FIRST, SECOND, THIRD):
        vault.put(package, note="ingest")
    approve_disposal(vault, FIRST.package_id.value)
    remove_package(vault, JournalReading(vault.ledger).anchors, FIRST.package_id.value, plan_id="plan")
    vault.ledger.append([HoldPlaced("h", SECOND.repository, SECOND.archival_code, "case 17")])
    vault.ledger.settle()
    return Kept(tmp_path, public_file(tmp_path / "archive.pub", KEY))


def stored_of(kept: Kept, number: int) -> PackageStored:
    """Return the fact that a package was stored."""
    facts = [entry.fact for group in kept.groups() for entry in decode_group(group)]
    wanted = make_package(number).package_id.value
    return next(fact for fact in facts if isinstance(fact, PackageStored) and fact.package_id == wanted)


def test_a_sound_journal_passes_and_what_cannot_be_seen_is_said(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    assert kept.verdict() == 0, capsys.readouterr().out
    assert "cannot be seen" in capsys.readouterr().out
    assert kept.verdict(key=public_file(kept.folder / "other.pub", NEW_KEY)) == 1


def test_it_needs_nothing_of_ours(kept: Kept) -> None:
    command = [sys.executable, "-I", str(SCRIPT), str(kept.stores[0] / "journal"), "--key", str(kept.key)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=kept.folder)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def rechained(groups: Sequence[Group], change: Callable[[int, list[bytes]], list[bytes]]) -> list[Group]:
    """Return groups with lines changed, and everything after made to fit, but for the signatures."""
    end, made = Head(), []
    for index, group in enumerate(groups):
        lines = []
        at = end
        for line in change(index, list(group.lines)):
            value = {**json.loads(line), "seq": at.sequence + 1, "prev": at.digest}
            lines.append(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
            at = Head(at.sequence + 1, line_digest(lines[-1]))
        if lines:
            made.append(Group(end.sequence + 1, tuple(lines), at))
            end = at
    return made


def places(kept: Kept) -> list[tuple[int, int]]:
    """Return group and line of every line there is."""
    return [(g, n) for g, group in enumerate(kept.groups()) for n in range(len(group.lines))]


@pytest.mark.parametrize("what", ["edited", "dropped", "replayed"])
@pytest.mark.parametrize("where", ["everywhere", "one"])
def test_a_line_that_is_tampered_with_is_found(kept: Kept, what: str, where: str) -> None:
    groups = kept.groups()
    for group, number in places(kept):

        def change(index: int, lines: list[bytes], group: int = group, number: int = number) -> list[bytes]:
            if index != group:
                return lines
            if what == "edited":
                lines[number] = lines[number].replace(b'"agent":"tester"', b'"agent":"forger"')
            elif what == "dropped":
                del lines[number]
            else:
                lines.insert(number + 1, lines[number])
            return lines

        kept.write(groups)
        kept.write(rechained(groups, change), *(kept.stores if where == "everywhere" else kept.stores[1:]))
        assert kept.verdict() == 1, (group, number)


def test_bytes_that_are_changed_without_care_are_found(kept: Kept) -> None:
    groups = kept.groups()
    for path in sorted((kept.stores[1] / "journal").iterdir()):
        whole = path.read_bytes()
        for changed in (whole[:-1], whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:], b"", whole + whole):
            path.write_bytes(changed)
            assert kept.verdict() == 1, path.name
        path.unlink()
        assert kept.verdict() == 1, path.name
        path.write_bytes(whole)
    (kept.stores[1] / "journal/notes").write_bytes(b"x")
    assert kept.verdict() == 1
    kept.write(groups)
    assert kept.verdict() == 0


def forged_facts(kept: Kept) -> list[Fact]:
    """Return one fact of every type that the journal holds."""
    facts = {entry.fact.type: entry.fact for group in kept.groups() for entry in decode_group(group)}
    return list(facts.values())


def test_whatever_is_appended_without_the_key_is_found(kept: Kept) -> None:
    groups = kept.groups()
    other = make_private_key(b"\x09" * 32, None)
    for fact in forged_facts(kept):
        if isinstance(fact, GroupSigned):
            continue
        for key in (None, other):
            kept.write(groups)
            kept.append(fact, key=key)
            assert kept.verdict() == 1, fact
            kept.write(groups)
            kept.write([*groups, next_group(groups[-1].end, fact, key=key)], kept.stores[1])
            assert kept.verdict() == 1, fact


def test_a_group_of_another_time_or_archive_is_found(kept: Kept) -> None:
    groups = kept.groups()
    again = Group(groups[-1].end.sequence + 1, groups[-1].lines, groups[-1].end)
    kept.write([*groups, again])
    assert kept.verdict() == 1
    elsewhere = replace(next_group(groups[-1].end, HoldPlaced("x", "990001", "A-1", "x")))
    changed = [line.replace(b'"home":"home"', b'"home":"else"') for line in elsewhere.lines]
    kept.write(
        [*groups, Group(elsewhere.first, tuple(changed), Head(elsewhere.end.sequence, line_digest(changed[-1])))]
    )
    assert kept.verdict() == 1
    end = groups[-1].end
    inside = encode_entry(Entry(end.sequence + 1, end.digest, MOMENT, "t", GroupSigned("k", "home", "i", "AAAA")))
    first = Group(end.sequence + 1, (inside,), Head(end.sequence + 1, line_digest(inside)))
    outer = next_group(first.end, HoldPlaced("x", "990001", "A-1", "x"))
    kept.write([*groups, Group(first.first, (*first.lines, *outer.lines), outer.end)])
    assert kept.verdict() == 1


def test_a_store_that_lags_or_was_cut_is_found_beside_another_and_by_a_checkpoint(kept: Kept) -> None:
    groups = kept.groups()
    lines = [line for group in groups for line in group.lines]
    root = base64.b64encode(root_of(lines)).decode()
    text = f"{journal_origin('home')}\n{len(lines)}\n{root}\n"
    mark = bytes.fromhex(kept.key.read_text().split("+")[1])
    signature = base64.b64encode(mark + sign(KEY, None, text.encode())).decode()
    checkpoint = kept.folder / "checkpoint.txt"
    checkpoint.write_text(f"{text}\n\u2014 {journal_origin('home')} {signature}\n", "utf-8")
    assert kept.verdict("--checkpoint", str(checkpoint)) == 0
    kept.write(groups[:-1], kept.stores[1])
    assert kept.verdict() == 1
    kept.write(groups[:-1])
    assert kept.verdict() == 0, "nothing in the stores tells of a cut end"
    assert kept.verdict("--checkpoint", str(checkpoint)) == 1
    checkpoint.write_text(checkpoint.read_text("utf-8").replace(root, base64.b64encode(bytes(32)).decode()), "utf-8")
    assert kept.verdict("--checkpoint", str(checkpoint)) == 1


def test_whoever_has_the_archives_key_alone_destroys_and_registers_nothing_unseen(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    groups, third, held = kept.groups(), stored_of(kept, 3), stored_of(kept, 2)
    intent = DisposalIntended(third.package_id, "new")
    tombstone = PackageDisposed(third.package_id, "new", third.repository, third.archival_code)
    planned = planned_of(third, plan_id="new")
    zhao = new_person("zhao")
    stolen: list[tuple[Fact, ...]] = [
        (intent,),
        (intent, tombstone),
        (tombstone,),
        (planned, intent, tombstone),
        (*approved(planned, ("li",)), intent, tombstone),
        (*approved(planned, ("li", "planner")), intent, tombstone),
        (planned, approval(planned, "li"), approval(planned, "wang", key_of="li"), intent, tombstone),
        (replace(planned, core=""), intent, tombstone),
        (replace(planned, planner="wang"), approval(planned, "li"), approval(planned, "wang"), intent, tombstone),
        (*approved(planned_of(third, plan_id="new", retention_end=None)), intent, tombstone),
        (*approved(planned_of(third, plan_id="new", retention_end=date(2099, 1, 1))), intent, tombstone),
        (*approved(planned_of(replace(third, version=2), plan_id="new")), intent, tombstone),
        (
            *approved(planned_of(held, plan_id="new")),
            replace(intent, package_id=held.package_id),
            replace(tombstone, package_id=held.package_id),
        ),
        (*approved(planned_of(held, plan_id="plan")), replace(intent, plan_id="plan")),
        (PersonAdded("zhao", "zhao", zhao.public_key),),
        (PersonRetired("li", "x"),),
        (PersonsFounded((zhao, new_person("qian"))),),
        (PersonsBegunAnew((zhao,), "x"),),
        (
            DisposalPlanned("x", "5" * 64, "planner", (third.package_id,)),
            DisposalApproved("x", "5" * 64, "li", "AAAA"),
        ),
    ]
    for facts in stolen:
        kept.write(groups)
        kept.append(*facts)
        assert kept.verdict() == 1, facts
    kept.write(groups)
    kept.append(*approved(planned), intent, tombstone)
    assert kept.verdict() == 0, "with two persons' keys it is the archive's own"
    capsys.readouterr()
    kept.append(PersonsBegunAnew((zhao, new_person("qian")), "the flood"))
    assert kept.verdict() == 0
    assert "the flood" in capsys.readouterr().out, "told for ever"


def test_a_rotated_key_signs_from_then_on_and_the_old_one_no_more(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = public_key_of(KEY, None), public_key_of(NEW_KEY, None)
    proof = key_text(sign(NEW_KEY, None, rotation_text("home", old, new)))
    hold = HoldPlaced("x", "990001", "A-1", "x")
    kept.append(KeyRotated(key_text(new), key_text(bytes(64))))
    assert kept.verdict() == 1
    kept.write(kept.groups()[:-1])
    kept.append(KeyRotated(key_text(new), proof))
    rotated = kept.groups()
    kept.append(hold, key=NEW_KEY)
    assert kept.verdict() == 0
    assert kept.verdict(key=public_file(kept.folder / "both.pub", KEY, NEW_KEY)) == 0
    capsys.readouterr()
    assert kept.verdict(key=public_file(kept.folder / "new.pub", NEW_KEY)) == 0
    assert "older key" in capsys.readouterr().out
    kept.write(rotated)
    assert kept.verdict(key=kept.folder / "new.pub") == 1, "nothing that the new key signed vouches for it"
    kept.append(hold)
    assert kept.verdict() == 1
    assert kept.verdict(key=kept.folder / "both.pub") == 1


def test_a_key_begun_anew_needs_two_persons_and_the_new_key_in_hand(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    groups, new = kept.groups(), public_key_of(NEW_KEY, None)
    both = public_file(kept.folder / "both.pub", KEY, NEW_KEY)
    bare = KeyBegunAnew(key_text(new), "stolen", MOMENT.date())
    text = text_to_sign(bare)
    by = tuple(SignedBy(name, key_text(sign(private_key(name), None, text))) for name in ("li", "wang", "li"))
    for few in ((), by[:1], by[::2], (by[0], SignedBy("wang", by[0].signature))):
        kept.write(groups)
        kept.append(replace(bare, signed_by=few), key=NEW_KEY)
        assert kept.verdict(key=both) == 1, few
    kept.write(groups)
    kept.append(replace(bare, signed_by=by, reason="x"), key=NEW_KEY)
    assert kept.verdict(key=both) == 1, "they signed another reason"
    kept.write(groups)
    kept.append(replace(bare, signed_by=by), key=KEY)
    assert kept.verdict(key=both) == 1, "the old key may not vouch for it"
    kept.write(groups)
    capsys.readouterr()
    assert kept.verdict(key=both) == 0
    assert "signs nothing here" in capsys.readouterr().out, "it ends before the key was begun"
    kept.append(replace(bare, signed_by=by), key=NEW_KEY)
    assert kept.verdict() == 1, "nobody was given the new key"
    capsys.readouterr()
    assert kept.verdict(key=both) == 0
    told = capsys.readouterr().out
    assert "stolen" in told
    assert "signs nothing here" not in told
    kept.append(HoldPlaced("x", "990001", "A-1", "x"), key=KEY)
    assert kept.verdict(key=both) == 1, "the old one signs nothing any more"


def test_what_was_not_signed_stands_only_where_the_archive_vouched_for_it(kept: Kept) -> None:
    facts = [e.fact for group in kept.groups() for e in decode_group(group) if not isinstance(e.fact, GroupSigned)]
    persons = [PersonAdded(n, n, new_person(n).public_key) for n in ("planner", "li", "wang")]
    old = extend(Head(), [*facts[:4], *persons], at=MOMENT, agent="tester")
    unsigned = next_group(old.end, HoldPlaced("x", "990001", "A-1", "x"))
    kept.write([old, unsigned])
    assert kept.verdict() == 1
    kept.write([old])
    assert kept.verdict() == 1
    for entries, head in ((old.end.sequence, "0" * 64), (1, old.end.digest)):
        kept.write([old, next_group(old.end, HistoryAdopted(entries, head, "", 0))])
        assert kept.verdict() == 1
    kept.write([old, next_group(old.end, HistoryAdopted(old.end.sequence, old.end.digest, "", 0))])
    assert kept.verdict() == 0
    kept.append(founders("x", "y"))
    assert kept.verdict() == 1
