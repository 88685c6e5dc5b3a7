"""A home backed up, lost and restored elsewhere, moved; two homes of one archive never sign at once."""

import json
import shutil
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from archives.errors import StorageError
from archives.journal.facts import HomeRestored, OpeningWithdrawn
from archives.message import message
from cli.frame.output import Output
from cli.home.home import open_home
from cli.main import run
from preservation.stores.store import Store
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_one_store import CLOSED, OPEN, unsigned, with_records

STORES = ("first", "second")


def with_state(jinkui: Jinkui) -> None:
    """Take two records in, open one, vouch for the journal, let a client in."""
    with_records(jinkui)
    head = "档号,结论,依据,审核人,批准人,审核日期,开放日期,网上范围"
    sheet = jinkui.home.parent / "decisions.csv"
    sheet.write_text(f"{head}\n{OPEN},开放,依据,甲,乙,2021-09-01,2021-09-01,全文\n", "utf-8")
    jinkui("opening", "apply", str(sheet))
    jinkui("journal", "checkpoint")
    jinkui("api-key", "add", "watch")
    (jinkui.home.parent / "words").write_text("a long passphrase\n")
    (jinkui.home.parent / "usb").mkdir()


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_state, tmp_path, capsys)


def back_up(jinkui: Jinkui, *options: str) -> Path:
    """Back the home up and return where the backup lies."""
    folder = jinkui.home.parent
    done = jinkui.json("home", "backup", str(folder / "usb"), "--passphrase-file", str(folder / "words"), *options)
    return Path(done["backup"])


def lose(jinkui: Jinkui) -> tuple[str, ...]:
    """Lose the home but for its stores, which lie elsewhere from then on; return the options that say where."""
    disks = jinkui.home.parent / "disks"
    shutil.move(jinkui.home / "stores", disks)
    shutil.rmtree(jinkui.home)
    return tuple(word for name in STORES for word in ("--store", f"{name}={disks / name}"))


def restore(jinkui: Jinkui, backup: Path, *options: str, code: int = 0) -> dict[str, Any]:
    """Restore the home from a backup."""
    words = str(jinkui.home.parent / "words")
    return jinkui.json("home", "restore", str(backup), "--passphrase-file", words, *options, code=code)


def found_by_the_public(jinkui: Jinkui) -> list[str]:
    """Return the codes of what the public finds."""
    return sorted({hit["archival_code"] for hit in jinkui.json("search", "report", "--public")["hits"]})


def held(jinkui: Jinkui) -> list[str]:
    """Return the codes of what is under a hold."""
    return [one["archival_code"] for one in jinkui.json("hold", "list")["holds"]]


def facts(jinkui: Jinkui) -> list[object]:
    """Return what the journal says."""
    with open_home(jinkui.home, Output("en", as_json=True)) as home:
        return [entry.fact for entry in home.vault.ledger.entries()]


def test_stores_that_cannot_be_read_are_not_said_to_hold_nothing_that_was_signed(
    jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(store: Store, _: PurePosixPath) -> bytes:
        raise StorageError(message("没有权限", "permission denied"), subject=store.name)

    backup = back_up(jinkui)
    options = lose(jinkui)
    for name in STORES:
        shutil.rmtree(jinkui.home.parent / "disks" / name / "journal")
    with monkeypatch.context() as unreadable:
        unreadable.setattr("preservation.actions.journal.restore.read_whole", denied)  # root may read everything
        failed = restore(jinkui, backup, *options, code=9)["error"]
    assert "permission denied" in failed["message"]
    assert "chown" in failed["advice"]
    assert "of one archive" in restore(jinkui, backup, *options, code=10)["error"]["advice"]


def test_a_restored_home_knows_of_no_schedule_before_one_is_installed_for_it(jinkui: Jinkui) -> None:
    jinkui("schedule", "install", "--into", str(jinkui.home.parent / "usb"))
    of_schedule = {one["name"]: one for one in jinkui.json("doctor")["checks"]}["schedule"]
    assert of_schedule["state"] == "ok"
    assert "the clock began nothing yet" in of_schedule["message"]
    backup = back_up(jinkui)
    restore(jinkui, backup, *lose(jinkui))
    of_schedule = {one["name"]: one for one in jinkui.json("doctor")["checks"]}["schedule"]
    assert of_schedule["state"] == "warning"
    assert "no schedule is installed" in of_schedule["message"]


def test_a_lost_home_is_restored_elsewhere_and_everything_goes_on(jinkui: Jinkui) -> None:
    backup = back_up(jinkui)
    options = lose(jinkui)
    planned = restore(jinkui, backup, *options, "--dry-run")
    assert (planned["gone_on"], jinkui.home.exists()) == (0, False)
    assert restore(jinkui, backup, *options)["indexed"] == 2
    assert [key["user"] for key in jinkui.json("api-key", "list")["keys"]] == ["watch"]
    jinkui("audit")
    jinkui("journal", "checkpoint")
    assert len(jinkui.json("journal", "verify")["against"]) == 2, "the checkpoint of before holds"
    jinkui("hold", "place", CLOSED, "--reason", "case")
    restored = [one for one in facts(jinkui) if isinstance(one, HomeRestored)]
    assert [one.backup for one in restored] == [planned["entries"]]
    told = jinkui("opening", "publish", lang="en")
    assert (found_by_the_public(jinkui), "0 published" in told) == ([], True)
    jinkui("opening", "confirm", "--reason", "compared")
    assert found_by_the_public(jinkui) == [OPEN]


def test_a_restored_home_says_why_it_publishes_nothing(jinkui: Jinkui) -> None:
    restore(jinkui, back_up(jinkui), *lose(jinkui))
    jinkui.capsys.readouterr()
    assert run(["--home", str(jinkui.home), "--lang", "en", "opening", "publish"]) == 0
    assert "nothing is published until jinkui opening confirm" in jinkui.capsys.readouterr().err


def test_what_the_archive_signed_after_its_backup_stands(jinkui: Jinkui) -> None:
    backup = back_up(jinkui)
    jinkui("opening", "withdraw", OPEN, "--reason", "names a living person")
    options = lose(jinkui)
    assert restore(jinkui, backup, *options)["gone_on"] > 0
    jinkui("journal", "verify")
    jinkui("opening", "confirm", "--reason", "compared")
    assert found_by_the_public(jinkui) == []


def test_what_only_the_home_had_signed_comes_back_with_the_backup(jinkui: Jinkui) -> None:
    shutil.move(jinkui.home / "stores", jinkui.home.parent / "unplugged")
    jinkui("opening", "withdraw", OPEN, "--reason", "names a living person", code=9)
    backup = back_up(jinkui)
    shutil.move(jinkui.home.parent / "unplugged", jinkui.home / "stores")
    restore(jinkui, backup, *lose(jinkui))
    assert any(isinstance(one, OpeningWithdrawn) for one in facts(jinkui))
    jinkui("opening", "confirm", "--reason", "compared")
    jinkui("journal", "verify")
    assert found_by_the_public(jinkui) == []


def test_stores_of_before_the_backup_are_not_gone_on_with(jinkui: Jinkui) -> None:
    shutil.copytree(jinkui.home / "stores", jinkui.home.parent / "earlier")
    jinkui("hold", "place", CLOSED, "--reason", "case")
    backup = back_up(jinkui)
    lose(jinkui)
    earlier = [word for name in STORES for word in ("--store", f"{name}={jinkui.home.parent / 'earlier' / name}")]
    assert restore(jinkui, backup, *earlier, code=10)["error"]["code"] == "integrity"
    assert not jinkui.home.exists()


def test_a_store_that_is_not_there_is_named_with_what_to_say(jinkui: Jinkui) -> None:
    backup = back_up(jinkui)
    lose(jinkui)
    away = restore(jinkui, backup, code=9)["error"]
    assert "--store first=… --store second=…" in away["advice"]
    one = ("--store", f"first={jinkui.home.parent / 'disks/first'}")
    assert "--without second" in restore(jinkui, backup, *one, code=9)["error"]["advice"]
    assert not jinkui.home.exists()
    assert restore(jinkui, backup, *one, "--without", "second", "--dry-run")
    restore(jinkui, backup, *one, "--without", "second")
    assert "minimum-copies = 1" in (jinkui.home / "jinkui.toml").read_text("utf-8"), "or nothing could be written"
    jinkui("store", "replace", "second", "--path", str(jinkui.home.parent / "new disk"))
    jinkui("replicate")
    assert jinkui.json("audit")["copies"] == []


def test_a_store_that_is_lost_for_good_is_left_out(jinkui: Jinkui) -> None:
    settings = jinkui.home / "jinkui.toml"
    settings.write_text(settings.read_text("utf-8").replace("minimum-copies = 0", "minimum-copies = 1"), "utf-8")
    backup = back_up(jinkui)
    lose(jinkui)
    one = ("--store", f"first={jinkui.home.parent / 'disks/first'}")
    restore(jinkui, backup, *one, "--without", "second")
    assert [one.without for one in facts(jinkui) if isinstance(one, HomeRestored)] == [("second",)]


def test_a_store_that_was_added_after_the_backup_is_asked_for(jinkui: Jinkui) -> None:
    backup = back_up(jinkui)
    third = jinkui.home.parent / "third"
    jinkui("store", "add", "third", "--path", str(third))
    options = lose(jinkui)
    assert "--store third=…" in restore(jinkui, backup, *options, code=9)["error"]["advice"]
    restore(jinkui, backup, *options, "--store", f"third={third}")
    assert [one["name"] for one in jinkui.json("store", "list")["stores"]] == ["first", "second", "third"]
    jinkui("replicate")
    jinkui("audit")


def test_stores_that_are_taken_for_each_other_are_told(jinkui: Jinkui) -> None:
    backup = back_up(jinkui)
    lose(jinkui)
    disks = jinkui.home.parent / "disks"
    swapped = ("--store", f"first={disks / 'second'}", "--store", f"second={disks / 'first'}")
    assert restore(jinkui, backup, *swapped, code=6)["error"]["subject"] == "first"
    assert restore(jinkui, backup, "--store", "third=/x", code=4)["error"]["subject"] == "third"
    restore(jinkui, backup, "--store", "third", code=2)


def test_another_passphrase_or_a_changed_backup_writes_nothing(jinkui: Jinkui) -> None:
    backup = back_up(jinkui)
    options = lose(jinkui)
    words = jinkui.home.parent / "words"
    words.write_text("another passphrase\n")
    restore(jinkui, backup, *options, code=5)
    words.write_text("a long passphrase\n")
    settings = backup / "data/jinkui.toml"
    settings.write_bytes(settings.read_bytes() + b"\n")
    assert "data/jinkui.toml" in restore(jinkui, backup, *options, code=10)["error"]["message"]
    assert not jinkui.home.exists()


def test_a_home_is_restored_only_where_nothing_else_lies(jinkui: Jinkui) -> None:
    backup = back_up(jinkui)
    restore(jinkui, backup, code=6)
    shutil.move(jinkui.home / "stores", jinkui.home.parent / "stores")
    shutil.rmtree(jinkui.home)
    jinkui.home.mkdir()
    shutil.move(jinkui.home.parent / "stores", jinkui.home / "stores")
    (jinkui.home / "notes.txt").write_text("mine")
    assert "notes.txt" in restore(jinkui, backup, code=6)["error"]["message"]
    (jinkui.home / "notes.txt").unlink()
    restore(jinkui, backup)
    jinkui("audit")


def test_a_restoring_that_was_killed_begins_again_and_is_no_home_before(jinkui: Jinkui) -> None:
    backup = back_up(jinkui)
    options = lose(jinkui)
    (jinkui.home / "journal").mkdir(parents=True)
    (jinkui.home / "jinkui.toml.restoring").write_text("half")
    (jinkui.home / "journal/last").write_text("half")
    assert "home restore" in jinkui("show", OPEN, code=4)
    assert "home restore" in jinkui("init", code=6)
    restore(jinkui, backup, *options)
    assert not (jinkui.home / "jinkui.toml.restoring").exists()
    jinkui("journal", "verify")


class Killed(BaseException):
    """The end of a process, as far as the code under test can tell."""


STEPS = (
    "cli.home.backup.restoring.write_whole",
    "cli.home.backup.restoring._put_copy",
    "cli.home.backup.restoring.write_new",
    "cli.home.backup.restoring.restore_backup",
    "cli.home.backup.restoring.name_of",
    "pathlib.Path.rename",
    "cli.home.backup.restoring.flush_folder",
    "cli.home.home.Home.follow",
    "cli.commands.archive.restore._restored",
)


@pytest.mark.parametrize("step", STEPS)
def test_a_restoring_that_was_killed_at_any_step_goes_on_when_it_is_run_again(
    jinkui: Jinkui, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object, **__: object) -> None:
        raise Killed

    backup = back_up(jinkui)
    options = lose(jinkui)
    words = ("--passphrase-file", str(jinkui.home.parent / "words"))
    with monkeypatch.context() as killing, pytest.raises(Killed):
        killing.setattr(step, kill)
        run(["--home", str(jinkui.home), "home", "restore", str(backup), *words, *options])
    jinkui.capsys.readouterr()
    if (jinkui.home / "restored-from").exists() and not (jinkui.home / "jinkui.toml").exists():
        assert f"home restore {backup} again" in jinkui("show", OPEN, code=4)
    assert restore(jinkui, backup, *options)["journal"] > 0
    assert not (jinkui.home / "jinkui.toml.restoring").exists()
    jinkui("journal", "verify")
    assert jinkui.json("search", "report")["total"] == 2
    jinkui("opening", "confirm", "--reason", "compared")
    assert found_by_the_public(jinkui) == [OPEN]


def test_a_restoring_that_has_but_its_indexes_to_make_goes_on_from_no_other_backup(
    jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object, **__: object) -> None:
        raise Killed

    first = back_up(jinkui)
    jinkui("hold", "place", CLOSED, "--reason", "case")
    backup = back_up(jinkui)
    options = lose(jinkui)
    words = ("--passphrase-file", str(jinkui.home.parent / "words"))
    with monkeypatch.context() as killing, pytest.raises(Killed):
        killing.setattr("cli.home.home.Home.follow", kill)
        run(["--home", str(jinkui.home), "home", "restore", str(backup), *words, *options])
    assert "not empty" in restore(jinkui, first, *options, code=6)["error"]["message"]
    planned = jinkui("home", "restore", str(backup), *words, *options, "--dry-run")
    assert "nothing is put in place again" in " ".join(planned.split())
    assert "nothing was written" in planned
    assert restore(jinkui, backup, *options)["indexed"] == 2


def test_the_home_that_was_backed_up_stops_when_another_goes_on(jinkui: Jinkui) -> None:
    backup = back_up(jinkui)
    other = Jinkui(jinkui.home.parent / "other", jinkui.capsys)
    stores = [word for name in STORES for word in ("--store", f"{name}={jinkui.home / 'stores' / name}")]
    restore(other, backup, *stores)
    other("hold", "place", CLOSED, "--reason", "case")
    jinkui("hold", "place", OPEN, "--reason", "case", code=10)
    assert held(other) == [CLOSED], "nothing of the home that stopped"
    other("hold", "place", OPEN, "--reason", "case")
    assert held(other) == [CLOSED, OPEN]


def test_a_home_that_is_moved_signs_nothing_any_more(jinkui: Jinkui) -> None:
    backup = back_up(jinkui, "--move")
    assert "retired" in jinkui("hold", "place", CLOSED, "--reason", "case", code=3)
    assert "journal: this home retired" in jinkui("opening", "withdraw", OPEN, "--reason", "now", code=3)
    assert found_by_the_public(jinkui) == [], "closed at once all the same"
    assert "retired" in jinkui("journal", "checkpoint", code=3)
    assert "retired" in jinkui("journal", "prove", CLOSED, code=3)
    status = jinkui.json("status", code=12)
    assert "jinkui home resume" in [one["command"] for one in status["needs"]][:2], "after what was closed here alone"
    assert status["retired_at"]
    assert not any("opening confirm" in one["command"] for one in status["needs"])
    other = Jinkui(jinkui.home.parent / "other", jinkui.capsys)
    stores = [word for name in STORES for word in ("--store", f"{name}={jinkui.home / 'stores' / name}")]
    restore(other, backup, *stores)
    other("hold", "place", CLOSED, "--reason", "case")
    assert "went on elsewhere" in jinkui("home", "resume", "--yes", code=6)
    jinkui("journal", "reconcile", "--adopt", "first", "--reason", "mine", code=3)
    other("journal", "verify")
    verified = jinkui.json("journal", "verify", code=12)
    assert {one["fault"] for one in verified["faults"]} == {"GONE_ON"}
    told = jinkui("journal", "verify", code=12)
    assert "stolen key" not in told
    assert f"went on elsewhere from entry {verified['entries'] + 1} on (in first, second)" in told
    assert str(backup) in told


def test_a_retired_home_that_nobody_went_on_from_says_so_and_its_journal_is_whole(jinkui: Jinkui) -> None:
    back_up(jinkui, "--move")
    told = jinkui("journal", "verify")
    assert ("this home retired" in told, "nothing is wrong" in told) == (True, True)
    assert "went on elsewhere" not in told


@pytest.mark.parametrize("options", [("--due",), (), ("--store", "first")])
def test_a_retired_home_audits_nothing(
    jinkui: Jinkui, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object, **__: object) -> None:
        raise AssertionError("a copy was read")

    back_up(jinkui, "--move")
    monkeypatch.setattr("preservation.actions.audit.read_copies", read)
    assert "this home retired" in jinkui("audit", *options, code=3)


def test_what_is_in_the_way_of_several_steps_of_a_closing_is_said_once(jinkui: Jinkui) -> None:
    back_up(jinkui, "--move")
    told = " ".join(jinkui("opening", "withdraw", OPEN, "--reason", "names", code=3).split())
    assert told.count("this home retired") == 1
    assert told.count("jinkui home resume") == 1


def test_what_a_retired_home_closes_is_carried_to_where_the_archive_goes_on(jinkui: Jinkui) -> None:
    backup = back_up(jinkui, "--move")
    other = Jinkui(jinkui.home.parent / "other", jinkui.capsys)
    stores = [word for name in STORES for word in ("--store", f"{name}={jinkui.home / 'stores' / name}")]
    restore(other, backup, *stores)
    other("opening", "confirm", "--reason", "compared")
    assert found_by_the_public(other) == [OPEN]
    told = jinkui("opening", "withdraw", OPEN, "--reason", "names, of the living", code=3)
    sheet = jinkui.home / "closings-to-carry.csv"
    assert f"990001:{OPEN}" in told
    assert f"carry {sheet} to where the archive goes on" in told.replace("\n", " ")
    jinkui("opening", "withdraw", OPEN, "--reason", "names", code=3)
    assert [row.split(",")[1] for row in sheet.read_text("utf-8-sig").splitlines()] == ["档号", OPEN], "once"
    needs = jinkui.json("status", code=12)["needs"]
    assert OPEN in needs[0]["message"]
    assert needs[0]["command"] == "jinkui doctor", "which says where to carry the sheet"
    assert OPEN in jinkui("doctor")
    done = other.json("opening", "withdraw", "--sheet", str(sheet))
    assert [(one["archival_code"], one["closed"], one["owed"]) for one in done["closings"]] == [(OPEN, True, [])]
    assert found_by_the_public(other) == []
    entries = other.json("explain", OPEN)["entries"]
    assert (entries[-1]["type"], "names, of the living" in str(entries[-1])) == ("opening-withdrawn", True)


def test_a_home_that_may_go_on_and_was_not_confirmed_says_how(jinkui: Jinkui) -> None:
    back_up(jinkui, "--move")
    assert "add --yes to do it" in jinkui("home", "resume", code=5)


def test_a_home_that_works_again_takes_in_what_it_closed_while_retired(jinkui: Jinkui) -> None:
    back_up(jinkui, "--move")
    jinkui("opening", "withdraw", OPEN, "--reason", "now", code=3)
    jinkui("home", "resume", "--yes")
    sheet = jinkui.home / "closings-to-carry.csv"
    assert f"jinkui opening withdraw --sheet {sheet}" in str(jinkui.json("doctor")["checks"])
    jinkui("opening", "withdraw", "--sheet", str(sheet))
    assert not sheet.exists()
    assert found_by_the_public(jinkui) == []


@pytest.mark.parametrize("words", [(f"990001:{OPEN}",), (OPEN.replace("·", "."), "--repository", "990001")])
def test_a_closing_that_the_journal_has_leaves_the_sheet_however_it_came_there(
    jinkui: Jinkui, words: tuple[str, ...]
) -> None:
    back_up(jinkui, "--move")
    jinkui("opening", "withdraw", OPEN, "--reason", "names ", code=3)
    jinkui("home", "resume", "--yes")
    jinkui("opening", "withdraw", *words, "--reason", "otherwise")
    assert not (jinkui.home / "closings-to-carry.csv").exists()


def test_a_sheet_that_a_spreadsheet_saved_otherwise_loses_no_closing(jinkui: Jinkui) -> None:
    back_up(jinkui, "--move")
    sheet = jinkui.home / "closings-to-carry.csv"
    saved = "馆代码;档号;理由\n990001;A-1;earlier\n"
    sheet.write_text(saved, "utf-8")
    assert "three columns" in jinkui("opening", "withdraw", OPEN, "--reason", "names", code=3)
    assert "three columns" in str(jinkui.json("doctor")["checks"])
    assert sheet.read_text("utf-8") == saved
    assert found_by_the_public(jinkui) == []
    told = " ".join(jinkui("opening", "withdraw", OPEN, "--reason", "names", code=3).split())
    assert f"not on the sheet to be carried: 990001:{OPEN}" in told
    assert "carry " + str(sheet) not in told, "what does not stand in it"
    assert "opening withdraw CODE --reason WHY there" in told


def test_decisions_that_cannot_be_put_on_the_sheet_are_told_to_be_closed_by_hand(jinkui: Jinkui) -> None:
    back_up(jinkui, "--move")
    (jinkui.home / "closings-to-carry.csv").write_text("馆代码;档号;理由\n990001;A-1;earlier\n", "utf-8")
    decisions = jinkui.home.parent / "close.csv"
    decisions.write_text(f"档号,结论,依据,审核人,批准人,审核日期\n{OPEN},不开放,隐私,甲,乙,2022-09-01\n", "utf-8")
    jinkui.capsys.readouterr()
    assert run(["--home", str(jinkui.home), "--lang", "en", "opening", "apply", str(decisions)]) == 3
    told = " ".join("".join(jinkui.capsys.readouterr()).split())
    assert ("three columns" in told, "not on the sheet to be carried" in told) == (True, True)
    assert "this home retired" in told, "why nothing was recorded"


def test_a_sheet_of_decisions_that_closes_in_a_retired_home_is_carried_too(jinkui: Jinkui) -> None:
    back_up(jinkui, "--move")
    head = "档号,结论,依据,审核人,批准人,审核日期"
    sheet = jinkui.home.parent / "close.csv"
    sheet.write_text(f"{head}\n{OPEN},不开放,隐私,甲,乙,2022-09-01\n", "utf-8")
    told = jinkui("opening", "apply", str(sheet), code=3)
    assert OPEN in told and "closings-to-carry.csv" in told
    assert "apply the sheet again" not in told, "which does nothing here"
    assert (jinkui.home / "closings-to-carry.csv").read_text("utf-8-sig").splitlines()[1:] == [f",{OPEN},隐私"]
    assert found_by_the_public(jinkui) == []


def test_a_sheet_of_closings_closes_what_it_can_and_names_the_rest(jinkui: Jinkui) -> None:
    sheet = jinkui.home.parent / "close.csv"
    sheet.write_text(f"archival code,reason\nZ109-1,gone\n{OPEN},names a person\n{CLOSED},\n", "utf-8")
    told = jinkui("opening", "withdraw", "--sheet", str(sheet), code=4)
    assert "Z109-1 is not closed" in told
    assert f"{CLOSED} is not closed: say why" in told
    assert "1 of 3 is done" in told
    assert found_by_the_public(jinkui) == []
    jinkui("opening", "withdraw", "--reason", "nothing named", code=2)
    jinkui("opening", "withdraw", OPEN, code=2)


def test_a_home_that_was_moved_nowhere_works_again(jinkui: Jinkui) -> None:
    jinkui("home", "resume", "--yes", code=6)
    back_up(jinkui, "--move")
    back_up(jinkui, "--move")
    jinkui("home", "resume", code=5)
    jinkui("hold", "place", CLOSED, "--reason", "case", code=3)
    jinkui("home", "resume", "--yes")
    jinkui("hold", "place", CLOSED, "--reason", "case")
    assert held(jinkui) == [CLOSED]
    assert jinkui.json("status", code=12)["retired_at"] is None
    jinkui("journal", "checkpoint")


def test_a_move_whose_backup_fails_leaves_the_home_at_work(jinkui: Jinkui) -> None:
    usb = jinkui.home.parent / "usb"
    (jinkui.home / "work.db").write_bytes(b"no database" * 1000)
    words = ("--passphrase-file", str(jinkui.home.parent / "words"))
    jinkui("home", "backup", str(usb), *words, "--move", code=9)
    assert list(usb.iterdir()) == []
    jinkui("hold", "place", CLOSED, "--reason", "case")


def test_nothing_is_moved_while_another_command_writes(jinkui: Jinkui) -> None:
    usb, words = str(jinkui.home.parent / "usb"), ("--passphrase-file", str(jinkui.home.parent / "words"))
    with open_home(jinkui.home, Output("en", as_json=True)) as home:
        home.begin_writing()
        jinkui("home", "backup", usb, *words, "--move", code=6)
        assert [*Path(usb).iterdir()] == []
        jinkui("home", "backup", usb, *words)
        assert len([*Path(usb).iterdir()]) == 1
    jinkui("hold", "place", CLOSED, "--reason", "case")
    assert held(jinkui) == [CLOSED], "and the home still works"


def test_a_backup_never_takes_the_place_of_another_or_lies_in_the_home(jinkui: Jinkui) -> None:
    first = back_up(jinkui)
    before = {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    second = back_up(jinkui)
    assert first != second
    assert {path: path.read_bytes() for path in before} == before
    words = ("--passphrase-file", str(jinkui.home.parent / "words"))
    (jinkui.home / "backups").mkdir()
    for within in ("backups", "stores/first"):
        jinkui("home", "backup", str(jinkui.home / within), *words, code=2)
    jinkui("home", "backup", str(jinkui.home.parent / "nowhere"), *words, code=4)
    (jinkui.home.parent / "words").write_text("short\n")
    jinkui("home", "backup", str(jinkui.home.parent / "usb"), *words, code=5)


def test_a_home_of_earlier_software_is_backed_up_and_upgraded_after(jinkui: Jinkui) -> None:
    unsigned(jinkui.home)
    shutil.rmtree(jinkui.home / "checkpoints")
    backup = back_up(jinkui)
    options = lose(jinkui)
    restore(jinkui, backup, *options)
    jinkui("hold", "place", CLOSED, "--reason", "case", code=3)
    jinkui("upgrade")
    jinkui("hold", "place", CLOSED, "--reason", "case")


def test_a_backup_from_before_a_new_key_says_what_helps(jinkui: Jinkui) -> None:
    backup = back_up(jinkui)
    jinkui("key", "rotate")
    jinkui(
        "key", "export", str(jinkui.home.parent / "safe.pem"), "--passphrase-file", str(jinkui.home.parent / "words")
    )
    options = lose(jinkui)
    refused = restore(jinkui, backup, *options, code=5)["error"]
    assert "rebuild --key" in refused["advice"]
    jinkui.home.mkdir()
    text = (backup / "data/jinkui.toml").read_text("utf-8")
    for name in STORES:
        text = text.replace(f'path = "stores/{name}"', f'path = "{jinkui.home.parent / "disks" / name}"')
    (jinkui.home / "jinkui.toml").write_text(text, "utf-8")
    words = ("--passphrase-file", str(jinkui.home.parent / "words"))
    jinkui("rebuild", "--key", str(jinkui.home.parent / "safe.pem"), *words)


def test_of_nothing_but_stores_no_other_key_signs_and_the_key_from_the_safe_goes_on(jinkui: Jinkui) -> None:
    words = ("--passphrase-file", str(jinkui.home.parent / "words"))
    safe = str(jinkui.home.parent / "safe.pem")
    jinkui("key", "export", safe, *words)
    places = lose(jinkui)
    assert "--store NAME=PLACE" in jinkui("rebuild", "--key", safe, *words, code=2)
    disks = jinkui.home.parent / "disks"
    before = {path: path.read_bytes() for path in disks.rglob("*") if path.is_file()}
    jinkui.home.mkdir()
    stores = "".join(f'[[stores]]\nname = "{name}"\npath = "{disks / name}"\n' for name in STORES)
    (jinkui.home / "jinkui.toml").write_text(stores, "utf-8")
    for command in ("init", "upgrade"):
        assert "rebuild --key" in jinkui(command, code=3)
    assert json.loads(jinkui("rebuild", "--json"))["published"] == 0, (
        "until somebody has looked at what was closed last"
    )
    assert "rebuild --key" in jinkui("doctor", code=7)
    assert not (jinkui.home / "keys").exists()
    assert {path: path.read_bytes() for path in disks.rglob("*") if path.is_file()} == before
    jinkui("rebuild", "--key", safe, *words)
    assert found_by_the_public(jinkui) == []
    jinkui("opening", "confirm", "--reason", "looked at")
    assert found_by_the_public(jinkui) == [OPEN]
    shutil.rmtree(jinkui.home)
    jinkui("rebuild", "--key", safe, *words, *places)
    jinkui("rebuild", "--key", safe, *words, *places, code=6)
    jinkui("journal", "verify")


def test_what_is_left_out_is_said_before_anything_is_written(jinkui: Jinkui) -> None:
    (jinkui.home / "notes.txt").write_text("mine")
    usb = jinkui.home.parent / "usb"
    planned = jinkui.json("home", "backup", str(usb), "--dry-run")
    assert planned["unknown"] == ["notes.txt"]
    assert {one["where"]: one["kept"] for one in planned["contents"]}["keys/"] == "locked"
    assert list(usb.iterdir()) == []
    assert json.loads(jinkui("home", "backup", str(usb), "--dry-run", "--json")) == planned


def test_a_long_list_of_what_is_left_out_is_short_and_says_where_all_of_it_is(jinkui: Jinkui, tmp_path: Path) -> None:
    for number in range(9):
        (jinkui.home / f"left-{number}").write_text("x", "utf-8")
    said = jinkui("home", "backup", str(tmp_path), "--dry-run")
    assert "9 in all" in said
    assert "left-8" not in said
    assert len(jinkui.json("home", "backup", str(tmp_path), "--dry-run")["unknown"]) == 9


def test_a_restoring_that_is_run_again_says_how_many_records_there_are(jinkui: Jinkui) -> None:
    backup = back_up(jinkui)
    options = lose(jinkui)
    words = ("home", "restore", str(backup), "--passphrase-file", str(jinkui.home.parent / "words"), *options)
    assert "2 records to be searched, 2 indexed now" in jinkui(*words)
    assert "2 records to be searched, 0 indexed now" in jinkui(*words)
