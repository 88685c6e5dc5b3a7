"""A home whose memory is damaged or whose settings are gone is told what helps, and what it says helps."""

from pathlib import Path

import pytest

from archives.errors import ConfigurationError, IntegrityError, StorageError
from cli.main import run
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_one_store import with_records


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_records, tmp_path, capsys)


@pytest.mark.parametrize("damaged", [b"", b"{", b"\xff\xfe"])
def test_a_damaged_memory_is_made_again_with_the_key_and_kept_beside(jinkui: Jinkui, damaged: bytes) -> None:
    last = jinkui.home / "journal/last"
    last.write_bytes(damaged)
    told = jinkui("status", code=10)
    assert "run jinkui rebuild --key FILE" in told
    assert "put the file back" not in told, "the manual forbids to put an older one back"
    said = jinkui("rebuild", "--key", str(jinkui.home / "keys/archive.pem"))
    (kept,) = last.parent.glob("last.damaged-*")
    assert kept.read_bytes() == damaged
    assert str(kept) in said
    jinkui("audit")
    assert "needs no key" in jinkui("rebuild", "--key", str(jinkui.home / "keys/archive.pem"), code=6)


def test_a_damaged_memory_is_told_once_by_an_audit(jinkui: Jinkui) -> None:
    (jinkui.home / "journal/last").write_bytes(b"")
    assert jinkui("audit", code=10).count("memory of the journal is damaged") == 1


def test_a_damaged_tail_lets_nothing_be_forgotten_that_the_home_knows_to_be_in_the_stores(jinkui: Jinkui) -> None:
    (jinkui.home / "journal/tail").write_bytes(b"[]\n" + _sealed(jinkui))
    jinkui("status", code=10)
    for store in ("first", "second"):
        groups = sorted((jinkui.home / "stores" / store / "journal").glob("*.jsonl"))
        groups[-1].unlink()
    assert "put back" in jinkui("rebuild", "--key", str(jinkui.home / "keys/archive.pem"), code=10)
    assert not [*(jinkui.home / "journal").glob("*.damaged-*")]


def _sealed(jinkui: Jinkui) -> bytes:
    """Return the newest group of a store, whose last line is a seal."""
    return max((jinkui.home / "stores/first/journal").glob("*.jsonl")).read_bytes()


def test_a_home_without_its_settings_is_seen_and_given_no_new_ones(jinkui: Jinkui) -> None:
    settings = jinkui.home / "jinkui.toml"
    text = settings.read_bytes()
    settings.unlink()
    assert "data/jinkui.toml" in jinkui("status", code=4)
    assert "settings file jinkui.toml is missing" in jinkui("init", code=6)
    assert not settings.exists()
    settings.write_bytes(text)
    jinkui("audit")


def test_a_wrong_key_file_leaves_nothing_and_the_right_places_go_on(jinkui: Jinkui, tmp_path: Path) -> None:
    for name, words in (("right", "a long passphrase"), ("wrong", "another passphrase")):
        (tmp_path / name).write_text(f"{words}\n")
    key = tmp_path / "safe.pem"
    jinkui("key", "export", str(key), "--passphrase-file", str(tmp_path / "right"))
    places = [w for n in ("first", "second") for w in ("--store", f"{n}={jinkui.home / 'stores' / n}")]
    anew = Jinkui(tmp_path / "anew", jinkui.capsys)
    anew("rebuild", "--key", str(key), "--passphrase-file", str(tmp_path / "wrong"), *places, code=5)
    assert not anew.home.exists()
    lost = [*places[:3], f"second={tmp_path / 'nowhere'}"]
    anew("rebuild", "--key", str(key), "--passphrase-file", str(tmp_path / "right"), *lost, code=9)
    assert "not finished" in anew("init", code=6)
    (tmp_path / "nowhere").symlink_to(jinkui.home / "stores/second")
    anew("rebuild", "--key", str(key), "--passphrase-file", str(tmp_path / "right"), *lost)
    assert "already" in anew("init", code=6)


def ended(jinkui: Jinkui, *arguments: str) -> tuple[int, str]:
    """Run a command; return its exit code and all that it said."""
    jinkui.capsys.readouterr()
    code = run(["--home", str(jinkui.home), "--lang", "en", *arguments])
    return code, "".join(jinkui.capsys.readouterr())


@pytest.mark.parametrize(
    ("text", "said"), [("", "is empty"), ("# nothing\n", "is empty"), ("copies = 2\n", "names no stores")]
)
def test_settings_without_stores_are_an_error_that_names_the_file(jinkui: Jinkui, text: str, said: str) -> None:
    (jinkui.home / "jinkui.toml").write_text(text)
    (jinkui.home / "stores").rename(jinkui.home.parent / "disks")
    for command in ("status", "audit", "replicate", "init"):
        code, told = ended(jinkui, command)
        assert code == ConfigurationError.exit_code, told
        assert said in told
        assert str(jinkui.home / "jinkui.toml") in told


def test_a_broken_work_db_is_told_once_and_a_new_one_is_made_without_what_only_it_knew(jinkui: Jinkui) -> None:
    jinkui("api-key", "add", "client")
    (batch,) = jinkui.json("batch", "list")["batches"]
    jinkui("audit")
    audited = jinkui.json("status", code=12)["last_audit"]
    work = jinkui.home / "work.db"
    work.write_bytes(b"no database" * 100)
    for words, code in ((("audit",), StorageError.exit_code), (("journal", "checkpoint"), 0)):
        got, told = ended(jinkui, *words)
        assert got == code, told
        assert told.count("working state cannot be used") == 1, told
        assert "data/work.db" in told
        assert "names of batches' folders" in told
    work.unlink()
    (again,) = jinkui.json("batch", "list")["batches"]
    assert {key for key in batch if batch[key] != again[key]} == {"name", "source"}
    assert again["name"] is None
    assert jinkui.json("status", code=12)["last_audit"] == audited
    jinkui("api-key", "revoke", "client", code=4)
    jinkui("audit")


@pytest.mark.parametrize(("damaged", "said"), [(b"{}", "damaged"), (b"", "damaged"), (None, "missing")])
def test_a_check_of_a_store_looks_at_its_marker(jinkui: Jinkui, damaged: bytes | None, said: str) -> None:
    marker = jinkui.home / "stores/second/store.json"
    whole = marker.read_bytes()
    marker.unlink() if damaged is None else marker.write_bytes(damaged)
    (seen,) = jinkui.json("store", "check", "second", code=IntegrityError.exit_code)["stores"]
    assert seen["reason"] == f"its marker store.json is {said}"
    assert "jinkui repair" in seen["advice"]
    jinkui("store", "check", code=IntegrityError.exit_code)
    assert "store.json" not in jinkui("store", "check", "first")
    jinkui("audit", code=12)
    jinkui("repair", "--yes")
    assert marker.read_bytes() == whole
    jinkui("store", "check", "second")
