"""Persons, from the command line: founded together, registered and retired by signature, begun anew when keys are lost."""

import io
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from archives.journal.facts import PersonAdded
from archives.proof.signing import make_private_key, parse_key, public_key_of
from tests.support.command_line import Jinkui, Prepared, just_begun
from tests.support.disposal import new_person

SECRET = "correct horse battery"


def founded(jinkui: Jinkui) -> None:
    """Register two persons."""
    (jinkui.home.parent / "words").write_text(f"{SECRET}\n", "utf-8")
    jinkui("person", "add", "张三", "李四", *keyed(jinkui.home.parent, "zhang", "li"))


def keyed(folder: Path, *names: str) -> Sequence[str]:
    """Return the options that give persons identifiers, key files and passphrases."""
    each = [given for one in names for given in ("--id", one, "--key-file", str(folder / f"{one}.key"))]
    return (*each, "--passphrase-file", str(folder / "words"))


def signed(folder: Path, *names: str) -> Sequence[str]:
    """Return the options with which persons sign at this terminal."""
    keys = [given for one in names for given in ("--signer-key", str(folder / f"{one}.key"))]
    return (*keys, "--signer-passphrase-file", str(folder / "words"))


@pytest.fixture
def new(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    made = prepared.copy(just_begun, tmp_path, capsys)
    (tmp_path / "words").write_text(f"{SECRET}\n", "utf-8")
    return made


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def listed(jinkui: Jinkui) -> list[tuple[str, bool]]:
    """Return everybody with whether he or she acts."""
    persons: list[dict[str, Any]] = jinkui.json("person", "list")["persons"]
    return [(one["id"], one["retired"] is None) for one in persons]


def test_nobody_is_the_first_alone(new: Jinkui, tmp_path: Path) -> None:
    said = new("person", "add", "张三", *keyed(tmp_path, "zhang"), code=5)
    assert "two or more" in said
    assert listed(new) == []
    assert not (tmp_path / "zhang.key").exists()
    new("person", "add", "张三", "李四", *keyed(tmp_path, "zhang", "li"))
    assert listed(new) == [("zhang", True), ("li", True)]
    assert stat.S_IMODE((tmp_path / "zhang.key").stat().st_mode) == 0o600
    public = new.json("person", "list")["persons"][0]["public_key"]
    assert public_key_of((tmp_path / "zhang.key").read_bytes(), SECRET) == parse_key(public)
    assert b"scrypt" in (tmp_path / "zhang.key").read_bytes()


def test_keys_are_never_written_below_the_home(new: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = ("--key-file", str(new.home / "a.key"), "--key-file", str(tmp_path / "b.key"))
    new("person", "add", "a", "b", *inside, "--passphrase-file", str(tmp_path / "words"), code=5)
    monkeypatch.chdir(new.home)
    new("person", "add", "a", "b", "--passphrase-file", str(tmp_path / "words"), code=5)
    (tmp_path / "elsewhere").symlink_to(new.home)
    monkeypatch.chdir(tmp_path / "elsewhere")
    new("person", "add", "a", "b", "--passphrase-file", str(tmp_path / "words"), code=5)
    assert listed(new) == []
    monkeypatch.chdir(tmp_path)
    new("person", "add", "a", "b", "--passphrase-file", str(tmp_path / "words"))
    assert (tmp_path / "person-1.key").is_file()
    assert (tmp_path / "person-2.key").is_file()


def test_doctor_names_keys_that_earlier_software_left_in_the_home(jinkui: Jinkui) -> None:
    assert "persons-keys" not in str(jinkui.json("doctor")["checks"])
    (jinkui.home / "keys/persons").mkdir()
    (jinkui.home / "keys/persons/li.pem").write_bytes(b"x")
    (found,) = [one for one in jinkui.json("doctor")["checks"] if one["name"] == "persons-keys"]
    assert found["state"] == "warning"
    assert "li.pem" in found["message"]


def test_two_at_one_terminal_register_and_retire(jinkui: Jinkui, tmp_path: Path) -> None:
    done = jinkui.json("person", "add", "王五", *keyed(tmp_path, "wang"), *signed(tmp_path, "zhang", "li"))
    assert (done["signed_by"], done["lacking"], done["request"]) == (["zhang", "li"], 0, None)
    assert listed(jinkui) == [("zhang", True), ("li", True), ("wang", True)]
    jinkui("person", "retire", "li", "--reason", "退休", *signed(tmp_path, "wang", "li"))
    assert listed(jinkui) == [("zhang", True), ("li", False), ("wang", True)]
    jinkui("person", "retire", "li", "--reason", "退休", *signed(tmp_path, "wang", "zhang"), code=5)
    jinkui("person", "retire", "nobody", "--reason", "x", code=4)
    assert "successor" in jinkui("person", "retire", "wang", "--reason", "x", *signed(tmp_path, "zhang"), code=5)


def test_two_at_two_terminals_pass_a_request_on(jinkui: Jinkui, tmp_path: Path) -> None:
    request = str(tmp_path / "request.json")
    done = jinkui.json(
        "person", "add", "王五", *keyed(tmp_path, "wang"), *signed(tmp_path, "zhang"), "--request", request
    )
    assert (done["lacking"], done["request"]) == (1, request)
    assert listed(jinkui) == [("zhang", True), ("li", True)]
    secret = ("--passphrase-file", str(tmp_path / "words"))
    assert jinkui.json("person", "sign", request, "--key-file", str(tmp_path / "zhang.key"), *secret)["lacking"] == 1
    jinkui("person", "sign", request, "--key-file", str(tmp_path / "wang.key"), *secret, code=5)
    whole = Path(request).read_text("utf-8")
    Path(request).write_text(whole.replace("王五", "王六"), "utf-8")
    assert jinkui.json("person", "sign", request, "--key-file", str(tmp_path / "li.key"), *secret)["lacking"] == 1
    Path(request).write_text(whole, "utf-8")
    assert jinkui.json("person", "sign", request, "--key-file", str(tmp_path / "li.key"), *secret)["lacking"] == 0
    assert listed(jinkui)[-1] == ("wang", True)
    jinkui("person", "sign", request, "--key-file", str(tmp_path / "li.key"), *secret, code=6)
    (tmp_path / "other").write_text("{}")
    jinkui("person", "sign", str(tmp_path / "other"), "--key-file", str(tmp_path / "li.key"), *secret, code=8)


def test_whoever_is_not_registered_signs_nothing(jinkui: Jinkui, tmp_path: Path) -> None:
    (tmp_path / "eve.key").write_bytes(make_private_key(b"e" * 32, SECRET))
    jinkui("person", "add", "王五", *keyed(tmp_path, "wang"), *signed(tmp_path, "zhang", "eve"), code=5)
    assert not (tmp_path / "wang.key").exists(), "another try finds its place free"
    assert listed(jinkui) == [("zhang", True), ("li", True)]
    jinkui("person", "add", "x", "--id", "li", "--passphrase-file", str(tmp_path / "words"), code=6)
    jinkui("person", "add", "x", "--id", "../x", "--passphrase-file", str(tmp_path / "words"), code=3)
    jinkui("person", "add", "x", "y", *keyed(tmp_path, "x", "y"), code=2)


def test_an_entry_that_nobody_signed_is_told_and_counts_for_nothing(jinkui: Jinkui) -> None:
    from cli.frame.output import Output
    from cli.home.home import open_home

    eve = new_person("eve")
    with open_home(jinkui.home, Output("en", as_json=True)) as home:
        home.begin_writing()
        home.vault.ledger.append([PersonAdded("eve", "eve", eve.public_key)])
    assert listed(jinkui) == [("zhang", True), ("li", True)]
    assert "counts for nothing" in jinkui("journal", "verify", code=12)


def test_lost_keys_are_begun_anew_which_every_verification_tells(jinkui: Jinkui, tmp_path: Path) -> None:
    anew = ("person", "begin-anew", "赵六", "钱七", "--reason", "the flood", *keyed(tmp_path, "zhao", "qian"))
    jinkui(*anew, code=5)
    jinkui(*anew, "--yes")
    assert listed(jinkui) == [("zhang", False), ("li", False), ("zhao", True), ("qian", True)]
    assert "the flood" in jinkui("journal", "verify")
    assert "the flood" in jinkui("journal", "verify")
    jinkui("person", "add", "王五", *keyed(tmp_path, "wang"), *signed(tmp_path, "zhang", "li"), code=5)


def test_a_short_passphrase_or_none_at_all_registers_nobody(
    new: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = ("person", "add", "x", "y", "--key-file", str(tmp_path / "x"), "--key-file", str(tmp_path / "y"))
    (tmp_path / "short").write_text("short\n", "utf-8")
    new(*two, "--passphrase-file", str(tmp_path / "short"), code=5)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    new(*two, code=5)
    new(*two, "--passphrase-file", "-", code=4)
    assert listed(new) == []
    monkeypatch.setattr("sys.stdin", io.StringIO("long enough\n"))
    new(*two, "--passphrase-file", "-")
