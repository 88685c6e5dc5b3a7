"""Commands of upkeep: forecast, schedule, restore drill, metrics."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from archives.errors import StorageError
from archives.journal.facts import RestoreDrilled
from archives.message import message
from cli import wiring
from cli.upkeep.metrics import update_metrics_file
from cli.upkeep.schedule_units import JOBS
from preservation.stores.files import write_whole
from tests.support.command_line import Jinkui, Prepared
from tests.support.homes import fill, quiet, set_audit


def founded(jinkui: Jinkui) -> None:
    """Make what the tests here begin with."""
    jinkui("repository", "add", "990001", "--name", "岭澜省档案馆", "--name-en", "Linglan", "--kind", "馆")
    fill(jinkui.home, 1, 2, 3)


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys, name="馆 100%")


def figures(text: str) -> dict[tuple[str, str], float]:
    return {
        (sample.name.removeprefix("jinkui_"), sample.labels.get("store", "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_forecast_names_every_copy_and_the_speed_an_audit_measured(jinkui: Jinkui) -> None:
    before = jinkui.json("audit", "forecast")
    assert before["promise"] == "unknown"
    jinkui("audit")
    found = jinkui.json("audit", "forecast", "--days", "200")
    assert found["promise"] == "kept"
    for store in found["stores"]:
        assert [day["copies"] for day in store["days"]] == [3, 3]
        assert store["bytes_per_second"] > 0


def test_the_forecast_is_drawn_as_svg_and_other_names_are_told_which_is_right(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("audit", "forecast", "--plot", str(tmp_path / "a.svg"), lang="zh")
    assert "核查" in (tmp_path / "a.svg").read_text("utf-8")
    for name in ("a.png", "a.gif"):
        told = jinkui("audit", "forecast", "--plot", str(tmp_path / name), code=2)
        assert ".svg" in told
        assert not (tmp_path / name).exists()
    jinkui("audit", "forecast", "--plot", str(tmp_path / "no" / "a.svg"), code=2)
    jinkui("audit", "forecast", "--days", "-1", code=2)


def test_a_throttle_is_the_fastest_an_audit_can_be(jinkui: Jinkui) -> None:
    jinkui("audit")
    set_audit(jinkui.home, "throttle-mib-per-second", "0.001")
    speeds = {s["bytes_per_second"] for s in jinkui.json("audit", "forecast")["stores"]}
    assert speeds == {0.001 * (1 << 20)}


def test_a_schedule_is_shown_and_installed_where_it_is_told(jinkui: Jinkui, tmp_path: Path) -> None:
    units = tmp_path / "units"
    jinkui("schedule", "install", "--into", str(units), code=4)
    units.mkdir()
    shown = jinkui("schedule", "show")
    done = jinkui.json("schedule", "install", "--into", str(units))
    assert len(list(units.iterdir())) == 2 * len(JOBS) == len(done["written"])
    for unit in units.iterdir():
        assert unit.read_text("utf-8") in shown
    service = next(units.glob("*-audit.service")).read_text("utf-8")
    assert '"--home" "' + str(jinkui.home).replace("%", "%%") + '" "audit" "--due"' in service
    assert "systemctl enable --now" in " ".join(done["next"])
    assert jinkui.json("schedule", "install", "--into", str(units))["written"] == []


def test_a_unit_that_somebody_edited_is_only_replaced_when_told_to(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("schedule", "install", "--into", str(tmp_path))
    timer = next(tmp_path.glob("*-audit.timer"))
    ours = timer.read_text("utf-8")
    timer.write_text(ours.replace("01:30", "23:00"), encoding="utf-8")
    other = next(tmp_path.glob("*-audit.service"))
    other.unlink()
    assert timer.name in jinkui("schedule", "install", "--into", str(tmp_path), code=5)
    assert not other.exists()
    jinkui("schedule", "install", "--into", str(tmp_path), "--yes")
    assert timer.read_text("utf-8") == ours


def test_the_users_own_units_lie_in_the_users_folder(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    jinkui("schedule", "install", "--user")
    units = list((tmp_path / "config/systemd/user").iterdir())
    assert len(units) == 2 * len(JOBS)
    assert not any("User=" in unit.read_text("utf-8") for unit in units)
    jinkui("schedule", "install", "--user", "--cron", code=2)


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum is not installed")
def test_a_restore_drill_is_recorded_and_a_damaged_copy_fails_it(jinkui: Jinkui) -> None:
    done = jinkui.json("restore-drill", "--packages", "2", "--seed", "7")
    assert [p["whole"] for p in done["packages"]] == [True, True]
    assert done["recorded"] is True
    assert jinkui.json("restore-drill", "--packages", "2", "--seed", "7")["packages"] == done["packages"]
    for page in (jinkui.home / "stores").rglob("page.bin"):
        page.write_bytes(b"\x01" + page.read_bytes()[1:])
    told = jinkui("restore-drill", code=10)
    assert "DAMAGED" in told
    assert "0 of them whole" in told
    facts = [entry.fact for entry in quiet(jinkui.home).vault.ledger.entries()]
    (*_, last) = [fact for fact in facts if isinstance(fact, RestoreDrilled)]
    assert (len(last.restored), len(last.failed)) == (0, 3)
    assert not list((jinkui.home / "work").iterdir())


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum is not installed")
def test_a_restore_drill_goes_on_without_a_store_that_is_away(jinkui: Jinkui) -> None:
    (jinkui.home / "stores/second").rename(jinkui.home / "away")
    done = jinkui.json("restore-drill", code=9)
    assert done["absent_stores"] == ["second"]
    assert {p["store"] for p in done["packages"]} == {"first"}


def test_metrics_follow_audits_damage_and_drills(jinkui: Jinkui) -> None:
    text = jinkui("metrics")
    assert {s.labels["home"] for f in text_string_to_metric_families(text) for s in f.samples} == {str(jinkui.home)}
    before = figures(text)
    assert before["copies", "first"] == before["copies", "second"] == 3
    assert before["copies_owed", ""] == before["damage_open", "first"] == 0
    assert ("audit_last_problems", "") not in before
    page = next((jinkui.home / "stores/first").rglob("page.bin"))
    page.write_bytes(b"\x01" + page.read_bytes()[1:])
    jinkui("audit", code=12)
    after = figures(jinkui("metrics"))
    assert after["damage_open", "first"] == after["audit_last_problems", ""] == 1
    assert after["audit_last_success", ""] == after["copies_overdue", "first"] == 0
    assert after["journal_sequence", ""] > before["journal_sequence", ""]
    jinkui("repair", "--yes")
    assert figures(jinkui("metrics"))["damage_open", "first"] == 0


def test_metrics_are_written_whole_where_they_are_told(jinkui: Jinkui, tmp_path: Path) -> None:
    jinkui("metrics", "--file", str(tmp_path / "jinkui.prom"))
    assert figures((tmp_path / "jinkui.prom").read_text())["copies", "first"] == 3
    assert (tmp_path / "jinkui.prom").stat().st_mode & 0o777 == 0o644
    jinkui("metrics", "--file", str(tmp_path / "no" / "jinkui.prom"), code=2)


def test_the_metrics_file_of_the_settings_is_written_when_one_is_set(jinkui: Jinkui, tmp_path: Path) -> None:
    update_metrics_file(quiet(jinkui.home))
    set_audit(jinkui.home, "metrics-file", f'"{tmp_path}/own.prom"')
    update_metrics_file(quiet(jinkui.home))
    assert figures((tmp_path / "own.prom").read_text())["copies", "second"] == 3


def test_a_file_is_replaced_at_once_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"one")
    write_whole(tmp_path / "a", b"two", mode=0o600)
    assert [(p.name, p.read_bytes(), p.stat().st_mode & 0o777) for p in tmp_path.iterdir()] == [("a", b"two", 0o600)]


def test_cron_reads_the_crontab_that_is_shown(jinkui: Jinkui) -> None:
    """A shell that is given the line as cron hands it over starts Jinkui with this very home."""
    line = jinkui("schedule", "show", "--cron", "--user").splitlines()[2]
    command = line.split(" ", 5)[5].replace("\\%", "%").replace("nice -n 10", "printf '%s\\n'", 1)
    said = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout.splitlines()
    assert said[-4:] == ["--home", str(jinkui.home), "audit", "--due"]


def test_a_schedule_of_which_nothing_is_ever_due_is_looked_at_too(jinkui: Jinkui, tmp_path: Path) -> None:
    path = jinkui.home / "jinkui.toml"
    text = re.sub(r"(?m)^([a-z-]+-within-days = )\d+", r"\g<1>0", path.read_text("utf-8"))
    assert text.count("-within-days = 0") == 5
    path.write_text(text, "utf-8")
    jinkui("schedule", "install", "--into", str(tmp_path))
    checks = {one["name"]: one["state"] for one in jinkui.json("doctor")["checks"]}
    assert checks["schedule"] == "ok"


def test_a_home_that_was_copied_does_not_take_the_schedule_of_the_other_for_its_own(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    jinkui("schedule", "install", "--into", str(tmp_path))
    assert jinkui.json("status", code=0)["scheduled"]
    copied = Jinkui(tmp_path / "copied", jinkui.capsys)
    shutil.copytree(jinkui.home, copied.home)
    told = copied.json("status", code=12)
    assert not told["scheduled"]
    assert "jinkui schedule install" in [one["command"] for one in told["needs"]]
    added = copied("store", "add", "third", "--path", str(tmp_path / "third"))
    assert "schedule install again" not in added


@pytest.mark.parametrize(("how", "instead"), [((), "--user"), (("--cron",), "crontab -e")])
def test_who_may_not_write_the_schedule_of_the_machine_is_told_what_else_there_is(
    jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch, how: tuple[str, ...], instead: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StorageError(message("没有权限", "permission denied"), subject="units")

    monkeypatch.setattr("cli.commands.operate.schedule.write_whole", refuse)
    monkeypatch.setattr("cli.commands.operate.schedule.require_place", lambda _: None)
    assert instead in jinkui.json("schedule", "install", *how, code=9)["error"]["advice"]


def test_a_second_schedule_in_another_of_the_usual_places_is_refused_and_two_are_told(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system, own, cron, other = (tmp_path / name for name in ("system", "own", "cron", "other"))
    for folder in (system, own, cron, other):
        folder.mkdir()
    monkeypatch.setattr(wiring, "unit_folders", lambda _: (system, own, cron))
    monkeypatch.setattr(wiring, "SYSTEM_UNITS", system)
    jinkui("schedule", "install")
    jinkui("schedule", "install")
    for how, place in ((("--user",), own), (("--cron",), cron)):
        told = " ".join(jinkui("schedule", "install", *how, "--into", str(place), code=6).split())
        assert f"cd {system} && systemctl disable --now" in told
        assert list(place.iterdir()) == []
    jinkui("schedule", "install", "--cron", "--into", str(other))
    (piece,) = other.iterdir()
    piece.rename(cron / piece.name)  # put there by hand
    (told_,) = [one for one in jinkui.json("doctor")["checks"] if one["name"] == "schedule"]
    assert "2 schedules are installed" in told_["message"]
    assert f"rm {cron / piece.name}" in told_["advice"]
    assert any("2 schedules" in one["message"] for one in jinkui.json("status", code=12)["needs"])
    assert str(cron) in jinkui("schedule", "install", code=6), "nor is the first written anew before"
