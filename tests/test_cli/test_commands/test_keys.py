"""The archive's key, lost or stolen: begun anew by two persons, believed by nobody who was not given it by hand."""

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import StorageError
from archives.journal.chain import Group, Head, extend, read_group
from archives.journal.facts import Fact, KeyBegunAnew, NewPerson, PersonsBegunAnew, SignedBy
from archives.journal.persons import text_to_sign
from archives.journal.seal import seal
from archives.message import message
from archives.proof.checkpoint import VerifierKey, journal_origin, open_checkpoint
from archives.proof.signing import key_text, make_private_key, public_key_of, sign
from preservation.journal.memory import Memory
from tests.support.command_line import Jinkui, Prepared
from tests.support.places import ROOT
from tests.support.vaults import MOMENT
from tests.test_cli.test_commands.test_one_store import CLOSED, OPEN, with_records
from tests.test_cli.test_commands.test_persons import founded, signed

WHY = ("--reason", "the safe was broken into", "--suspect-since", "2020-01-01")
STORES = ("first", "second")


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def anew(jinkui: Jinkui, tmp_path: Path) -> dict[str, object]:
    """Begin the key anew and return what the command said."""
    return jinkui.json("key", "begin-anew", *WHY, *signed(tmp_path, "zhang", "li"), "--yes")


def write(jinkui: Jinkui, code: str = "990001") -> None:
    """Write something into the journal."""
    jinkui("repository", "add", code, "--name", "岭澜省档案馆", "--name-en", "Linglan", "--kind", "馆")


def groups(store: Path) -> list[Group]:
    """Return the groups that lie in a store."""
    at, found = Head(), []
    for path in sorted((store / "journal").glob("*.jsonl")):
        found.append(read_group(at, path.read_bytes()))
        at = found[-1].end
    return found


def outsider(jinkui: Jinkui, *keys: object) -> tuple[int, str]:
    """Let somebody verify the journal who has these public keys and nothing else; return the verdict."""
    jinkui("journal", "checkpoint")
    lines = (jinkui.home / "keys/archive.pub").read_text("utf-8").splitlines()
    file = jinkui.home.parent / "given.pub"
    wanted = [line for line in lines if any(_raw(line).endswith(str(key)) for key in keys)]
    file.write_text("".join(f"{line}\n" for line in wanted), "utf-8")
    stores = [str(jinkui.home / "stores" / name) for name in STORES]
    script = [sys.executable, str(ROOT / "scripts/verify-journal"), *stores, "--key", str(file)]
    done = subprocess.run(script, capture_output=True, text=True)
    return done.returncode, done.stdout


def _raw(line: str) -> str:
    return key_text(base64.b64decode(line.split("+", 2)[2])[1:])


@pytest.mark.parametrize("lost", [True, False])
def test_a_lost_or_stolen_key_is_begun_anew_by_two_and_told_for_ever(
    jinkui: Jinkui, tmp_path: Path, lost: bool
) -> None:
    old = jinkui.json("key", "show")
    if lost:
        shutil.rmtree(jinkui.home / "keys")
        jinkui("repository", "add", "990001", "--name", "馆", "--name-en", "x", "--kind", "馆", code=3)
    begun = anew(jinkui, tmp_path)
    assert begun["name"] != old["name"]
    assert begun["former"] == [old["name"]]
    assert {entry["type"] for entry in begun["review"]} >= {"home-initialised", "persons-founded"}  # type: ignore[attr-defined]
    assert jinkui.json("key", "review")["review"] == begun["review"]
    assert jinkui.json("key", "review", "--since", "2999-01-01")["review"] == []
    write(jinkui)
    for _ in range(2):
        assert "safe was broken into" in jinkui("journal", "verify")
    assert jinkui.json("journal", "verify")["keys_begun_anew"] == [begun["entry"]]
    told = {check["name"]: check["message"] for check in jinkui.json("doctor")["checks"]}
    assert "safe was broken into" in told["key-begun-anew"]


def test_an_outsider_believes_the_new_key_only_when_it_was_given_by_hand(jinkui: Jinkui, tmp_path: Path) -> None:
    old = jinkui.json("key", "show")["public_key"]
    new = anew(jinkui, tmp_path)["public_key"]
    write(jinkui)
    code, said = outsider(jinkui, old, new)
    assert (code, "safe was broken into" in said) == (0, True)
    code, said = outsider(jinkui, old)
    assert code == 1
    assert "until it is given" in said
    code, said = outsider(jinkui, new)
    assert (code, "safe was broken into" in said) == (0, True)


@pytest.mark.parametrize("signers", [(), ("zhang",), ("zhang", "zhang")])
def test_two_persons_sign_or_nothing_is_done(jinkui: Jinkui, tmp_path: Path, signers: Sequence[str]) -> None:
    old = jinkui.json("key", "show")
    secret = signed(tmp_path, *signers) if signers else ()
    said = jinkui("key", "begin-anew", *WHY, *secret, "--yes", code=5)
    assert "found another archive" in said
    assert jinkui.json("key", "show") == old
    jinkui("key", "begin-anew", *WHY, *signed(tmp_path, "zhang", "li"), code=5)
    assert jinkui.json("key", "show") == old, "nobody confirmed"


@pytest.mark.parametrize("is_signed", [True, False])
def test_what_a_store_claims_of_a_new_key_is_never_followed(jinkui: Jinkui, tmp_path: Path, is_signed: bool) -> None:
    """With two persons' signatures writing stops, for a person to look at; without them it is a stranger's work."""
    before = jinkui.json("key", "show")["name"]
    clone = Jinkui(tmp_path / "clone", jinkui.capsys)
    shutil.copytree(jinkui.home, clone.home)
    if is_signed:
        anew(clone, tmp_path)
    else:
        forge_new_key(clone)
    shutil.rmtree(jinkui.home / "stores/first")
    shutil.copytree(clone.home / "stores/first", jinkui.home / "stores/first")
    if is_signed:
        name = ("--name", "馆", "--name-en", "x", "--kind", "馆")
        assert "rebuild --key" in jinkui("repository", "add", "990001", *name, code=10)
    else:
        write(jinkui)
        assert list(jinkui.home.glob("stores/first/quarantine/*not-ours*"))
    assert jinkui.json("key", "show")["name"] == before
    assert jinkui.json("journal", "verify", code=12 if is_signed else 0)["keys_begun_anew"] == []


def test_nobody_registers_in_a_store_who_then_begins_a_key(jinkui: Jinkui) -> None:
    """Whoever can write to one store, without any key, names two persons and lets them sign in the same group."""
    forge_new_key(jinkui, registers=True)
    write(jinkui)
    assert list(jinkui.home.glob("stores/first/quarantine/*not-ours*"))
    assert jinkui.json("journal", "verify")["keys_begun_anew"] == []


def test_a_new_key_takes_over_what_stores_know_to_be_closed_and_held(
    prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A home put back from a backup does not know it; the key is begun anew although reconciling was called for."""
    jinkui = prepared.copy(with_records, tmp_path, capsys)
    founded(jinkui)
    shutil.copytree(jinkui.home / "journal", tmp_path / "backup")
    jinkui("opening", "withdraw", OPEN, "--reason", "a person lives")
    decided = f"档号,结论,依据,审核人,批准人,审核日期,开放日期,网上范围\n{OPEN},不开放,law,Wang,Li,2021-09-01,,\n"
    (tmp_path / "closed.csv").write_text(decided, "utf-8")
    jinkui("opening", "apply", str(tmp_path / "closed.csv"))
    jinkui("hold", "place", CLOSED, "--reason", "case")
    shutil.rmtree(jinkui.home / "journal")
    shutil.copytree(tmp_path / "backup", jinkui.home / "journal")
    (jinkui.home / "catalogue.db").unlink()
    jinkui("hold", "place", OPEN, "--reason", "ours", code=10)
    said = jinkui("key", "begin-anew", *WHY, *signed(tmp_path, "zhang", "li"), "--yes")
    assert "foreign" in said
    told = [jinkui("explain", code) for code in (OPEN, CLOSED)]
    assert ["a person lives" in told[0], "law" in told[0], "case" in told[1]] == [True] * 3
    assert [one["archival_code"] for one in jinkui.json("hold", "list")["holds"]] == [CLOSED]
    write(jinkui, "990002")
    jinkui("journal", "verify")
    code, said = outsider(jinkui, *all_keys(jinkui))
    assert code == 0, said


def test_no_key_is_made_for_a_checkpoint_where_the_archives_is_gone(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("key", "show")
    shutil.move(jinkui.home / "keys/archive.pem", tmp_path / "safe.pem")
    assert "key import" in jinkui("journal", "checkpoint", code=3)
    jinkui("key", "import", str(tmp_path / "safe.pem"))
    jinkui("journal", "checkpoint")


def forge_new_key(clone: Jinkui, *, registers: bool = False) -> None:
    """Put into the first store that another key begins, with signatures of nobody, or of strangers registered with it."""
    store, private = clone.home / "stores/first", make_private_key(b"e" * 32, None)
    memory = json.loads((clone.home / "journal/last").read_text("utf-8"))
    by = tuple(SignedBy(name, key_text(bytes(64))) for name in ("zhang", "li"))
    public = public_key_of(private, None)
    facts: list[Fact] = [KeyBegunAnew(key_text(public), "x", MOMENT.date(), by)]
    if registers:
        secrets = {name: make_private_key(name.encode() * 32, None) for name in "mn"}
        new = tuple(NewPerson(n, n, key_text(public_key_of(key, None))) for n, key in secrets.items())
        fact = KeyBegunAnew(key_text(public), "x", MOMENT.date())
        by = tuple(SignedBy(n, key_text(sign(key, None, text_to_sign(fact)))) for n, key in secrets.items())
        facts = [PersonsBegunAnew(new, "x"), replace(fact, signed_by=by)]
    group = extend(groups(store)[-1].end, facts, at=MOMENT, agent="forger")
    sealed = seal(
        group,
        home_id=memory["home_id"],
        instance="x",
        public_key=public,
        sign=lambda data: sign(private, None, data),
        at=MOMENT,
        agent="forger",
    )
    (store / "journal" / f"{sealed.first:012}.jsonl").write_bytes(sealed.data)
    (store / "journal/head").write_bytes(sealed.end.encoded())


def test_a_home_without_its_memory_goes_on_with_the_new_key_and_not_with_the_old(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    shutil.copy(jinkui.home / "keys/archive.pem", tmp_path / "old.pem")
    anew(jinkui, tmp_path)
    write(jinkui)
    shutil.copy(jinkui.home / "keys/archive.pem", tmp_path / "new.pem")
    for name in ("journal", "keys"):
        shutil.rmtree(jinkui.home / name)
    assert "replaced" in jinkui("rebuild", "--key", str(tmp_path / "old.pem"), code=5)
    assert not (jinkui.home / "journal/last").exists()
    jinkui("rebuild", "--key", str(tmp_path / "new.pem"))
    assert "safe was broken into" in jinkui("journal", "verify")
    write(jinkui, "990002")


@pytest.mark.parametrize("command", [("key", "rotate"), ("key", "begin-anew", *WHY)])
def test_a_change_of_the_key_that_was_killed_at_its_worst_is_ended(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Sequence[str]
) -> None:
    """Between the journal and the files another command must not sign with a key that signs no more."""
    signers = (*signed(tmp_path, "zhang", "li"), "--yes") if "begin-anew" in command else ()

    def killed(_: Path) -> None:
        raise StorageError(message("断电", "the power went"), subject="keys")

    with monkeypatch.context() as patched:
        patched.setattr("preservation.actions.journal.keys._put_in_place", killed)
        jinkui(*command, *signers, code=9)
    jinkui("journal", "checkpoint")
    (checkpoint,) = jinkui.home.glob("checkpoints/*.txt")
    memory = Memory(jinkui.home / "journal", jinkui.home / "keys")
    signs = VerifierKey(journal_origin(memory.home_id), memory.public_keys[0])
    assert open_checkpoint(checkpoint.read_text("utf-8"), (signs,)).size, "the key that signs by now signs checkpoints"
    entries = Memory(jinkui.home / "journal", jinkui.home / "keys").end.sequence
    write(jinkui)
    now = jinkui.json("key", "show")
    assert jinkui.json(*command, *signers)["name"] == now["name"]
    assert not (jinkui.home / "keys/archive-next.pem").exists()
    assert Memory(jinkui.home / "journal", jinkui.home / "keys").end.sequence >= entries
    write(jinkui, "990002")
    jinkui("journal", "verify")
    assert outsider(jinkui, now["public_key"], *all_keys(jinkui))[0] == 0


def all_keys(jinkui: Jinkui) -> Sequence[str]:
    """Return the public keys that this home pins."""
    memory = json.loads((jinkui.home / "journal/last").read_text("utf-8"))
    return [key_text(bytes.fromhex(key)) for key in memory["public_keys"]]
