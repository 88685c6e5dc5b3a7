"""Stores come and go: added, filled, away, back, sealed in a cupboard; nothing is lost and nothing is alarmed twice."""

import shutil
from pathlib import Path

import pytest

from tests.support.batches import make_batch
from tests.support.command_line import Jinkui, Prepared

ROWS = [(f"Z109-WS·2011-Y-BGS-{n:04}", "Flood report", "2011", "永久", "英语", "1") for n in (1, 2)]


def founded(jinkui: Jinkui) -> None:
    """Make what the tests here begin with."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆")


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def with_a_record(jinkui: Jinkui) -> None:
    """Make a home with one record beside what its batch came with."""
    founded(jinkui)
    jinkui("ingest", str(make_batch(jinkui.home.parent / "batch", ROWS[:1])), code=12)


@pytest.fixture
def filled(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_a_record, tmp_path, capsys)


def set_minimum(jinkui: Jinkui, number: int) -> None:
    """Let fewer verified copies be enough."""
    path = jinkui.home / "jinkui.toml"
    path.write_text(path.read_text("utf-8").replace("minimum-copies = 0", f"minimum-copies = {number}"), "utf-8")


def test_a_new_store_is_owed_everything_until_it_is_filled(filled: Jinkui) -> None:
    added = filled.json("store", "add", "third", "--path", "stores/third")
    assert (added["store"], added["owed"]) == ("third", 2)
    audited = filled.json("audit", code=12)
    assert audited["copies"] == []
    assert {owed["store"] for owed in audited["owed"]} == {"third"}
    assert filled.json("replicate", "--dry-run")["done"] == []
    assert len(filled.json("replicate")["done"]) == 2
    after = filled.json("audit")
    assert after["owed"] == []
    assert after["checked_copies"] == 6
    listed = {one["name"]: one for one in filled.json("store", "list")["stores"]}
    assert (listed["third"]["packages"], listed["third"]["owed"], listed["third"]["presence"]) == (2, 0, "present")


def test_a_store_is_added_once_and_its_place_has_to_be_empty(filled: Jinkui, tmp_path: Path) -> None:
    assert "--path" in filled("store", "add", "third", code=2)
    filled("store", "add", "third", "--path", "stores/third")
    filled("store", "add", "third")
    filled("store", "add", "third", "--path", "stores/elsewhere", code=6)
    filled("store", "add", "fourth", "--path", "stores/first", code=6)
    other = Jinkui(tmp_path / "other", filled.capsys)
    other("init")
    filled("store", "add", "fifth", "--path", str(tmp_path / "other/stores/first"), code=6)
    assert filled.json("doctor")["checks"]


def test_adding_a_store_goes_on_where_it_was_interrupted(filled: Jinkui, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the place has the marker and the whole journal already, which does not name the store yet."""

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("preservation.journal.ledger.Ledger._give", die)
        filled("store", "add", "third", "--path", "stores/third", code=130)
    assert (filled.home / "stores/third/journal/head").exists()
    assert filled.json("store", "add", "third", "--path", "stores/third")["owed"] == 2


def test_doctor_warns_when_fewer_than_half_of_the_stores_are_enough(filled: Jinkui) -> None:
    assert "minimum-copies" not in {check["name"] for check in filled.json("doctor")["checks"]}
    set_minimum(filled, 1)
    (told,) = [check for check in filled.json("doctor")["checks"] if check["name"] == "minimum-copies"]
    assert told["state"] == "warning"
    assert "1 of 2" in str(told["message"])
    assert "2 or more" in str(told["advice"])


def test_the_doctor_names_what_other_accounts_can_read(jinkui: Jinkui) -> None:
    def reached() -> str:
        told = [check for check in jinkui.json("doctor")["checks"] if check["name"] == "permissions"]
        return "".join(check["message"] for check in told)

    for path in (jinkui.home / "catalogue.db", jinkui.home / "public", jinkui.home / "stores/first/journal"):
        path.chmod(0o755)
    assert reached() == ""  # the home is closed
    jinkui.home.chmod(0o755)
    assert str(jinkui.home / "catalogue.db") in reached()
    assert "public" not in reached()
    assert "keys" not in reached()
    (jinkui.home / "keys").chmod(0o705)
    (jinkui.home / "stores/first").chmod(0o701)
    assert str(jinkui.home / "keys") in reached()
    assert str(jinkui.home / "stores/first/journal") in reached()


def test_while_a_store_is_away_fewer_copies_are_enough_only_when_the_settings_say_so(
    filled: Jinkui, tmp_path: Path
) -> None:
    store = filled.home / "stores/second"
    shutil.move(store, tmp_path / "unplugged")
    store.mkdir()
    batch = str(make_batch(tmp_path / "more", ROWS[1:]))
    filled("ingest", batch, code=9)
    set_minimum(filled, 1)
    filled("ingest", batch, code=12)
    away = filled.json("audit", code=9)
    assert away["absent_stores"] == ["second"]
    assert [(one["store"], one["verdict"]) for one in away["copies"]] == [("second", "NOT_CHECKED")]
    store.rmdir()
    shutil.move(tmp_path / "unplugged", store)
    back = filled.json("audit", code=12)
    assert back["copies"] == []
    assert {(owed["store"]) for owed in back["owed"]} == {"second"}
    filled("replicate")
    clean = filled.json("audit")
    assert clean["owed"] == []
    assert clean["checked_copies"] == 8


def test_two_stores_mounted_in_each_others_place_are_said_to_be_so(filled: Jinkui) -> None:
    stores = filled.home / "stores"
    (stores / "first").rename(stores / "x")
    (stores / "second").rename(stores / "first")
    (stores / "x").rename(stores / "second")
    answer = filled.json("audit", code=9)
    assert {one["presence"] for one in answer["stores_away"]} == {"foreign"}
    assert {one["verdict"] for one in answer["copies"]} == {"NOT_CHECKED"}
    filled("repair", "--yes", code=9)


def test_while_a_store_is_away_the_others_are_mended_and_what_only_it_may_have_is_not_called_lost(
    filled: Jinkui, tmp_path: Path
) -> None:
    filled("store", "add", "third", "--path", str(tmp_path / "third"))
    filled("replicate")
    pages = {
        name: next((filled.home / f"stores/{name}").rglob("data/representations/original/data/*"))
        for name in ("first", "second")
    }
    pages["second"].write_bytes(b"rotten")
    (tmp_path / "third").rename(tmp_path / "unplugged")
    assert "minimum-copies = 2" in filled("repair", "--yes", code=9)
    assert pages["second"].read_bytes() == b"rotten"
    set_minimum(filled, 2)
    answer = filled.json("repair", "--yes", code=9)
    assert [(one["store"], one["from_store"]) for one in answer["done"]] == [("second", "first")]
    assert answer["absent_stores"] == ["third"]
    assert pages["second"].read_bytes() == pages["first"].read_bytes()
    for page in pages.values():
        page.write_bytes(b"rotten")
    said = filled("repair", "--yes", code=9)
    assert said.count("the good copy is out of reach") == 2
    assert "its copies were neither read nor mended" in said
    assert "jinkui store replace third" in said
    (tmp_path / "unplugged").rename(tmp_path / "third")
    assert "mended 2" in filled("repair", "--yes")
    assert filled.json("audit")["copies"] == []


def test_a_sealed_set_is_no_alarm_until_it_is_due(filled: Jinkui, tmp_path: Path) -> None:
    tape = tmp_path / "tape"
    described = ("--carrier", "LTO-0012", "--place", "岭澜", "--person", "王")
    filled("store", "add", "sealed", "--path", str(tape), "--offline", *described, "--due", "2199-01-01")
    assert filled.json("store", "attach", "sealed")["replicated"] == 2
    shutil.move(tape, tmp_path / "cupboard")
    assert filled.json("audit")["absent_stores"] == []
    filled("ingest", str(make_batch(tmp_path / "more", ROWS[1:])), code=12)
    filled("store", "attach", "sealed", code=9)
    settings = filled.home / "jinkui.toml"
    settings.write_text(settings.read_text("utf-8").replace("2199-01-01", "2020-01-01"), "utf-8")
    assert filled.json("audit", code=9)["absent_stores"] == ["sealed"]
    shutil.move(tmp_path / "cupboard", tape)
    again = filled.json("store", "attach", "sealed", "--due", "2199-06-30")
    assert (again["checked"], again["replicated"], again["copies"]) == (2, 2, [])
    assert filled.json("audit")["owed"] == []
    assert "due = 2199-06-30" in settings.read_text("utf-8")


def test_a_due_date_is_set_however_the_store_is_written_in_the_settings(filled: Jinkui, tmp_path: Path) -> None:
    filled("store", "add", "tape", "--path", str(tmp_path / "tape"), "--offline", "--due", "2020-01-01")
    settings = filled.home / "jinkui.toml"
    settings.write_text(settings.read_text("utf-8").replace('name = "tape"', "name='tape' # 7"), "utf-8")
    filled("store", "attach", "tape", "--due", "2199-06-30")
    (tape,) = [one for one in filled.json("store", "list")["stores"] if one["name"] == "tape"]
    assert tape["due"] == "2199-06-30"
    assert "name='tape' # 7\n" in settings.read_text("utf-8")


def test_a_store_is_added_to_stores_that_the_settings_do_not_name(filled: Jinkui) -> None:
    (filled.home / "jinkui.toml").write_text("copies = 0\n", "utf-8")
    assert filled.json("store", "add", "third", "--path", "stores/third")["owed"] == 2
    assert [one["name"] for one in filled.json("store", "list")["stores"]] == ["first", "second", "third"]


def test_an_option_of_another_kind_of_store_is_refused_and_nothing_is_made(jinkui: Jinkui) -> None:
    before = (jinkui.home / "jinkui.toml").read_bytes()
    error = jinkui.json("store", "add", "third", "--path", "stores/third", "--region", "eu", code=2)["error"]
    assert (error["code"], error["message"]) == ("usage", "--region means nothing for a folder")
    assert (jinkui.home / "jinkui.toml").read_bytes() == before
    assert not (jinkui.home / "stores/third").exists()


def test_what_is_wrong_with_a_store_is_said_in_the_readers_language_and_in_our_words(jinkui: Jinkui) -> None:
    path = jinkui.home / "jinkui.toml"
    before = path.read_bytes()
    assert "存储名称是" in jinkui("store", "add", "a b", "--path", "x", code=2, lang="zh")
    assert path.read_bytes() == before
    path.write_text(path.read_text("utf-8") + "\n[[stores]]\nname = 'a b'\npath = 'stores/other'\n", "utf-8")
    (told,) = [one["message"] for one in jinkui.json("doctor", code=3)["checks"] if one["name"] == "settings"]
    assert "stores: the name of a store is 1 to 40" in told
    assert "Value error" not in told


def test_two_stores_of_one_name_are_settings_that_cannot_be_used(jinkui: Jinkui) -> None:
    path = jinkui.home / "jinkui.toml"
    path.write_text(path.read_text("utf-8") + "\n[[stores]]\nname = 'first'\npath = 'stores/other'\n", "utf-8")
    error = jinkui.json("status", code=3)["error"]
    assert (error["code"], error["subject"]) == ("configuration", str(path))
    assert "stores: 2 stores are called “first”" in error["message"]


def test_an_online_store_is_not_attached_and_what_to_do_is_said(jinkui: Jinkui) -> None:
    error = jinkui.json("store", "attach", "first", code=4)["error"]
    assert (error["code"], error["subject"]) == ("not-found", "first")
    assert "“first” is an online store" in error["message"]
    assert "jinkui replicate --store first" in error["advice"]
    assert jinkui.json("store", "attach", "nowhere", code=4)["error"]["subject"] == "nowhere"


def test_store_check_tries_to_write(filled: Jinkui) -> None:
    assert {one["presence"] for one in filled.json("store", "check")["stores"]} == {"present"}
    filled("store", "check", "nowhere", code=4)
    shutil.rmtree(filled.home / "stores/second")
    checked = filled.json("store", "check", code=9)["stores"]
    assert [one["presence"] for one in checked] == ["present", "absent"]


def test_a_damaged_source_is_passed_over_and_without_a_whole_one_nothing_is_promised(filled: Jinkui) -> None:
    filled("store", "add", "third", "--path", "stores/third")
    pages = {
        name: next((filled.home / f"stores/{name}/packages").rglob("original/data/*.jpg"))
        for name in ("first", "second")
    }
    pages["first"].write_bytes(b"rotten")
    assert len(filled.json("replicate")["done"]) == 2
    shutil.rmtree(filled.home / "stores/third")
    pages["second"].write_bytes(b"rotten too")
    filled("store", "add", "fourth", "--path", "stores/fourth", code=9)


def test_an_init_that_was_killed_before_the_heads_were_written_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jinkui = Jinkui(tmp_path / "home", capsys)
    jinkui("init")
    first, second = jinkui.home / "stores/first/journal", jinkui.home / "stores/second/journal"
    (first / "head").unlink()
    shutil.rmtree(second)
    before = sorted(first.iterdir())
    jinkui("init")
    assert [path.read_bytes() for path in sorted(second.glob("*.jsonl"))] == [path.read_bytes() for path in before]
    assert jinkui.json("audit")["copies"] == []


def test_nothing_is_written_into_a_store_that_lies_in_another_ones_place(filled: Jinkui, tmp_path: Path) -> None:
    set_minimum(filled, 1)
    stores = filled.home / "stores"
    filled("store", "add", "third", "--path", "stores/third")
    filled("replicate")
    (stores / "second").rename(stores / "x")
    (stores / "third").rename(stores / "second")
    (stores / "x").rename(stores / "third")
    filled("ingest", str(make_batch(tmp_path / "more", ROWS[1:])), code=12)
    (stores / "second").rename(stores / "x")
    (stores / "third").rename(stores / "second")
    (stores / "x").rename(stores / "third")
    after = filled.json("audit", code=12)
    assert after["copies"] == []
    assert {owed["store"] for owed in after["owed"]} == {"second", "third"}


def test_stores_that_were_put_back_to_an_earlier_state_are_told_apart_from_damage(
    filled: Jinkui, tmp_path: Path
) -> None:
    shutil.copytree(filled.home / "stores", tmp_path / "earlier")
    filled("repository", "add", "990002", "--name", "另一馆")
    shutil.rmtree(filled.home / "stores")
    shutil.copytree(tmp_path / "earlier", filled.home / "stores")
    assert [one["code"] for one in filled.json("repository", "list")["repositories"]] == ["990001", "990002"]
    error = filled.json("repository", "add", "990003", "--name", "又一馆", code=10)["error"]
    assert "earlier state" in error["message"]
    assert "jinkui rebuild --key" in error["advice"]
    filled("rebuild", code=10)
    shutil.move(filled.home / "journal", tmp_path / "memory")
    filled("rebuild", "--key", str(filled.home / "keys/archive.pem"))
    assert [one["code"] for one in filled.json("repository", "list")["repositories"]] == ["990001"]
