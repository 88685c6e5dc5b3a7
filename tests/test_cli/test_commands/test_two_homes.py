"""Two homes of one archive: the one that is behind judges nothing that the other wrote, and nobody restores a third beside them."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from cli import wiring
from cli.main import run
from tests.support.batches import make_batch
from tests.support.command_line import Jinkui, Prepared
from tests.support.homes import set_audit
from tests.test_cli.test_commands.test_homes import STORES, back_up, lose, restore, with_state
from tests.test_cli.test_commands.test_one_store import CLOSED, OPEN, groups


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_state, tmp_path, capsys)


def with_stores_apart(jinkui: Jinkui) -> Jinkui:
    """Let the stores of a home lie elsewhere, and return a copy of the home that works with the same ones."""
    disks = jinkui.home.parent / "disks"
    shutil.move(jinkui.home / "stores", disks)
    settings = jinkui.home / "jinkui.toml"
    settings.write_text(settings.read_text("utf-8").replace('"stores/', f'"{disks}/'), "utf-8")
    return Jinkui(shutil.copytree(jinkui.home, jinkui.home.parent / "copy"), jinkui.capsys)


def moved(jinkui: Jinkui) -> tuple[Jinkui, Path, tuple[str, ...]]:
    """Move a home away and restore it; return the new one, the backup, and the options that say where the stores are."""
    options = tuple(word for name in STORES for word in ("--store", f"{name}={jinkui.home / 'stores' / name}"))
    backup = back_up(jinkui, "--move")
    new = Jinkui(jinkui.home.parent / "new", jinkui.capsys)
    restore(new, backup, *options)
    return new, backup, options


def test_an_audit_judges_nothing_that_a_copied_home_wrote_and_says_once_that_it_is_behind(jinkui: Jinkui) -> None:
    copy = with_stores_apart(jinkui)
    row = ("Z109-WS·1981·Y·BGS-0003", "Flood", "1981", "永久", "英语", "1")
    copy("ingest", str(make_batch(jinkui.home.parent / "more", [row])), "--repository", "990001", code=12)
    heard = jinkui.home.parent / "heard"
    program = f"import sys; open({str(heard)!r}, 'ab').write(sys.stdin.buffer.read())"
    set_audit(jinkui.home, "alarm-command", json.dumps([sys.executable, "-c", program]))
    told = " ".join(jinkui("audit", code=10).split())
    assert told.count("this home is behind") == 1
    assert ("UNTRACKED" in told, "DAMAGED" in told, "jinkui journal reconcile" in told) == (False, False, True)
    found = jinkui.json("audit", "--restart", code=10)
    assert (found["copies"], found["home_is_behind"]) == ([], True)
    causes = [one["kind"] for line in heard.read_text("utf-8").splitlines() for one in json.loads(line)["causes"]]
    assert (causes.count("home-behind"), causes.count("damage")) == (1, 0)
    (page,) = list((jinkui.home.parent / "disks/second/packages").rglob("*BGS-0001-001.*"))[:1]
    page.write_bytes(b"other bytes")
    (one,) = jinkui.json("audit", "--restart", code=10)["copies"]
    assert (one["store"], one["verdict"]) == ("second", "DAMAGED"), "what this home knows it judges"


def test_of_two_ways_that_an_archive_went_neither_is_repaired_away(jinkui: Jinkui) -> None:
    copy = Jinkui(shutil.copytree(jinkui.home, jinkui.home.parent / "copy"), jinkui.capsys)
    jinkui("hold", "place", CLOSED, "--reason", "here")
    copy("hold", "place", OPEN, "--reason", "there")
    shutil.rmtree(jinkui.home / "stores/second/journal")
    shutil.copytree(copy.home / "stores/second/journal", jinkui.home / "stores/second/journal")
    before = groups(jinkui.home / "stores/second")
    assert "this home is behind" in jinkui("audit", code=10)
    assert "nothing was repaired" in jinkui("repair", "--yes", code=10)
    assert groups(jinkui.home / "stores/second") == before


def test_a_home_that_went_on_elsewhere_is_moved_no_second_time(jinkui: Jinkui) -> None:
    back_up(jinkui, "--move")
    new, backup, options = moved(jinkui)  # nobody went on so far
    words = ("--passphrase-file", str(jinkui.home.parent / "words"))
    usb = str(jinkui.home.parent / "usb")
    assert "went on elsewhere" in jinkui("home", "backup", usb, "--move", *words, code=6)
    stale = back_up(jinkui)
    told = " ".join(jinkui("journal", "verify", code=12).split())
    assert (str(backup) in told, str(stale) in told) == (True, False)
    third = Jinkui(jinkui.home.parent / "third", jinkui.capsys)
    for command in ((), ("--dry-run",)):
        refused = restore(third, stale, *options, *command, code=5)["error"]
        assert "restored elsewhere" in refused["message"]
        assert "--other-is-lost" in refused["advice"]
    assert not third.home.exists()
    new("opening", "confirm", "--reason", "compared")
    restore(third, stale, *options, "--other-is-lost")
    assert new.json("status", code=12)["publishes"] is True
    assert "jinkui journal reconcile" in {one["command"] for one in new.json("status", code=12)["needs"]}


def test_that_nobody_went_on_is_said_by_stores_that_are_there_alone(jinkui: Jinkui) -> None:
    back_up(jinkui, "--move")
    (jinkui.home / "stores").rename(jinkui.home.parent / "away")
    words = ("--passphrase-file", str(jinkui.home.parent / "words"))
    told = jinkui("home", "backup", str(jinkui.home.parent / "usb"), "--move", *words, code=9)
    assert "nobody can tell" in told


def test_a_retired_home_is_asked_for_no_schedule_and_gets_none(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = tmp_path / "units"
    units.mkdir()
    monkeypatch.setattr(wiring, "unit_folders", lambda _: (units,))
    jinkui("schedule", "install", "--into", str(units))
    folder = jinkui.home.parent
    moved = jinkui("home", "backup", str(folder / "usb"), "--move", "--passphrase-file", str(folder / "words"))
    assert "take the schedule away: (cd " in moved
    for command in (("schedule", "install", "--into", str(units)), ("schedule", "show", "--cron")):
        assert "moved elsewhere" in jinkui(*command, code=3)
    status = jinkui.json("status", code=12)
    assert not status["scheduled"]
    assert any("still begins its jobs" in one["message"] for one in status["needs"])
    (told,) = [one for one in jinkui.json("doctor")["checks"] if one["name"] == "schedule"]
    assert "systemctl --user disable --now" in told["advice"]
    shutil.rmtree(units)
    assert not any("schedule" in one["command"] for one in jinkui.json("status", code=12)["needs"])
    assert not [one for one in jinkui.json("doctor")["checks"] if one["name"] in ("schedule", "backup")]


def test_a_retired_home_says_that_nothing_is_tried_again(jinkui: Jinkui, capsys: pytest.CaptureFixture[str]) -> None:
    back_up(jinkui, "--move")
    for command in (("opening", "withdraw", OPEN, "--reason", "names"),) * 2 + (("opening", "publish"), ("rebuild",)):
        capsys.readouterr()
        run(["--home", str(jinkui.home), "--lang", "en", *command])
        told = " ".join("".join(capsys.readouterr()).split())
        assert ("tried again here" in told, "will be tried again" in told, "not all is done yet" in told) == (
            True,
            False,
            False,
        ), command


def test_where_restoring_was_stopped_status_says_to_run_it_again(
    jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object, **__: object) -> None:
        raise Killed

    backup = back_up(jinkui)
    options = lose(jinkui)
    assert "home restore BACKUP" in jinkui("status", code=4)
    words = ("--passphrase-file", str(jinkui.home.parent / "words"))
    with monkeypatch.context() as killing, pytest.raises(Killed):
        killing.setattr("cli.home.home.Home.follow", kill)
        run(["--home", str(jinkui.home), "home", "restore", str(backup), *words, *options])
    first = jinkui.json("status", code=12)["needs"][0]
    assert ("until it ends" in first["message"], first["command"]) == (True, "jinkui home restore …")
    checks = {one["name"]: one for one in jinkui.json("doctor", code=11)["checks"]}
    assert {checks[one]["state"] for one in ("index-public", "index-staff")} == {"missing"}
    assert f"run jinkui --home {jinkui.home} home restore {backup} again" in checks["restoring"]["advice"]
    assert "restored from the backup of" in checks["backup"]["message"]
    assert "opening confirm" in jinkui("home", "restore", str(backup), *words, *options)
    assert "restoring" not in {one["name"] for one in jinkui.json("doctor")["checks"]}
    jinkui("opening", "confirm", "--reason", "compared")
    assert "opening confirm" not in jinkui("home", "restore", str(backup), *words, *options)


def spoken(jinkui: Jinkui, *words: str) -> str:
    """Return what a command says on both streams, its lines made one."""
    jinkui.capsys.readouterr()
    run(["--home", str(jinkui.home), "--lang", "en", *words])
    return " ".join("".join(jinkui.capsys.readouterr()).split())


@pytest.mark.parametrize("written", [1, 2])
def test_a_closing_hides_from_nobody_that_the_home_is_behind_and_is_named_to_be_carried(
    jinkui: Jinkui, written: int
) -> None:
    copy = with_stores_apart(jinkui)
    for number in range(written):
        copy("hold", "place", CLOSED, "--reason", f"case {number}")
    before = spoken(jinkui, "status")
    assert "does not know" in before
    jinkui("opening", "withdraw", OPEN, "--reason", "names a living person", code=10)
    jinkui("opening", "withdraw", OPEN, "--reason", "names a living person", code=10)
    status = jinkui.json("status", code=12)
    said = [one["message"] for one in status["needs"]]
    assert sum("does not know" in one for one in said) == 1
    assert sum("closed here alone" in one and OPEN in one for one in said) == 1
    checks = {one["name"]: one for one in jinkui.json("doctor", code=7)["checks"]}
    assert "stores hold entries" in checks["journal"]["message"]
    assert "opening withdraw --sheet" in checks["closings"]["advice"]
    assert {one["fault"] for one in jinkui.json("journal", "verify", code=10)["faults"]} == {"ELSEWHERE"}
    for words in (("journal", "verify"), ("journal", "checkpoint"), ("hold", "place", CLOSED, "--reason", "ours")):
        told = spoken(jinkui, *words)
        assert ("does not know" in told, "earlier state" in told, "damaged" in told) == (True, False, False), words
        assert "journal away" not in told
    assert "nothing is published" in spoken(jinkui, "opening", "publish")
    usb = jinkui.home.parent / "usb"
    backup = ("home", "backup", str(usb), "--passphrase-file", str(jinkui.home.parent / "words"))
    assert "this backup is behind" in spoken(jinkui, *backup)
    sheet = jinkui.home / "closings-to-carry.csv"
    copy("opening", "withdraw", "--sheet", str(sheet))
    assert copy.json("opening", "withdraw", OPEN, "--reason", "again")["was_open"] is False
    copy("journal", "verify")


def test_a_living_home_is_put_aside_by_nobody_in_passing(jinkui: Jinkui) -> None:
    copy = with_stores_apart(jinkui)
    copy("hold", "place", CLOSED, "--reason", "theirs")
    disks = jinkui.home.parent / "disks"
    before = {name: groups(disks / name) for name in STORES}
    judge = ("journal", "reconcile", "--reason", "a test on a copy", "--yes")
    both = tuple(word for name in STORES for word in ("--foreign", name))
    one = jinkui(*judge, "--foreign", "first", code=5)
    assert ("second too" in " ".join(one.split()), "--foreign first --foreign second" in " ".join(one.split())) == (
        True,
        True,
    )
    lives = " ".join(jinkui(*judge, *both, code=5).split())
    assert all(words in lives for words in ("it is this one that is behind", "--adopt STORE", "home resume"))
    planned = jinkui.json(*judge, *both, "--other-is-lost", "--dry-run")
    assert [("quarantine" in said, name in said) for said, name in zip(planned["plan"], STORES, strict=True)] == [
        (True, True)
    ] * 2
    unasked = jinkui(*judge[:-1], *both, "--other-is-lost", code=5)
    assert "--yes answers beforehand" in " ".join(unasked.split())
    assert {name: groups(disks / name) for name in STORES} == before
    copy("journal", "verify")
    jinkui(*judge, *both, "--other-is-lost")
    assert all(list((disks / name / "quarantine").rglob("*.jsonl")) for name in STORES)
    assert [one["archival_code"] for one in jinkui.json("hold", "list")["holds"]] == [CLOSED], "what it held is held"
    jinkui("journal", "verify")
    assert "jinkui journal reconcile" in {one["command"] for one in copy.json("status", code=12)["needs"]}
    advice = copy.json("journal", "reconcile", code=10)["error"]["advice"]
    (aside,) = (disks / "first/quarantine").glob("*-not-ours/journal")
    assert f"quarantine/{aside.parent.name}/journal" in advice
    for path in aside.glob("*.jsonl"):
        shutil.copy(path, disks / "first/journal")
    copy("journal", "reconcile", "--foreign", "second", "--reason", "typed on the wrong home", "--yes")
    copy("journal", "verify")
    assert [one["reason"] for one in copy.json("hold", "list")["holds"]] == ["theirs"], "nothing is lost"


def test_a_home_that_closed_since_is_told_how_it_goes_on_from_a_lost_one(jinkui: Jinkui) -> None:
    copy = with_stores_apart(jinkui)
    copy("hold", "place", CLOSED, "--reason", "theirs")
    jinkui("opening", "withdraw", OPEN, "--reason", "names a living person", code=10)
    told = " ".join(jinkui("journal", "reconcile", "--adopt", "first", "--reason", "lost", code=5).split())
    assert "opening withdraw --sheet" in told
