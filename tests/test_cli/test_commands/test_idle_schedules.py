"""A schedule on a machine where nothing begins it: said, not written, no schedule, and taken away without systemd."""

import subprocess
from pathlib import Path

import pytest

from cli import wiring
from tests.support.command_line import Jinkui, Prepared, just_begun


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(just_begun, tmp_path, capsys)


@pytest.fixture
def without_systemd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "has_systemd", lambda: False)


@pytest.mark.usefixtures("without_systemd")
@pytest.mark.parametrize("how", [(), ("--user",)])
def test_where_no_systemd_runs_no_units_are_written_and_cron_is_named(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: tuple[str, ...]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(wiring, "SYSTEM_UNITS", tmp_path / "system")
    told = jinkui.json("schedule", "install", *how, code=7)["error"]
    assert "no systemd" in told["message"]
    assert "jinkui schedule install --cron" in told["advice"]
    assert not (tmp_path / "config").exists()
    elsewhere = tmp_path / "image"
    elsewhere.mkdir()
    prepared = jinkui("schedule", "install", *how, "--into", str(elsewhere))
    assert "nothing begins them here" in prepared
    assert "systemctl" not in prepared


def test_where_there_is_no_cron_either_it_is_said_to_be_installed_first(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cron = tmp_path / "cron"
    cron.mkdir()
    monkeypatch.setattr(wiring, "CRON_FOLDER", cron)
    monkeypatch.setattr(wiring, "has_cron", lambda: False)
    assert "no cron" in jinkui.json("schedule", "install", "--cron", code=7)["error"]["message"]
    monkeypatch.setattr(wiring, "has_systemd", lambda: False)
    assert jinkui.json("schedule", "install", code=7)["error"]["advice"].startswith("install cron; then")
    assert list(cron.iterdir()) == []
    said = {one["command"]: one["message"] for one in jinkui.json("status", code=12)["needs"]}
    assert said["jinkui schedule install --cron"].endswith(": install cron first")
    assert "install cron first → jinkui schedule install --cron" in jinkui("status", code=12)
    assert "请先安装 cron → jinkui schedule install --cron" in jinkui("status", code=12, lang="zh")
    jinkui("schedule", "install", "--cron", "--into", str(cron))
    assert not jinkui.json("status", code=12)["scheduled"], "nothing will ever read what lies there"


def test_units_that_nothing_begins_are_no_schedule_and_the_line_that_takes_them_away_needs_no_systemd(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units, cron = tmp_path / "the user's units", tmp_path / "cron"
    (units / "timers.target.wants").mkdir(parents=True)
    cron.mkdir()
    monkeypatch.setattr(wiring, "unit_folders", lambda _: (units, cron))
    jinkui("schedule", "install", "--user", "--into", str(units))
    assert jinkui.json("status")["scheduled"]
    assert {one["name"]: one["state"] for one in jinkui.json("doctor")["checks"]}["schedule"] == "ok"

    monkeypatch.setattr(wiring, "has_systemd", lambda: False)
    (told,) = [one for one in jinkui.json("doctor")["checks"] if one["name"] == "schedule"]
    assert told["state"] == "warning"
    assert "no systemd" in told["message"]
    assert "jinkui schedule install --cron" in told["advice"]
    status = jinkui.json("status", code=12)
    assert not status["scheduled"]
    assert any("no systemd" in one["message"] for one in status["needs"])

    monkeypatch.setattr(wiring, "CRON_FOLDER", cron)
    timer = next(units.glob("*-audit.timer"))
    (units / "timers.target.wants" / timer.name).symlink_to(timer)
    (units / "another.service").touch()
    refused = jinkui.json("schedule", "install", "--cron", code=6)["error"]["advice"]
    line = refused[refused.index("find ") :]
    subprocess.run(["sh", "-ec", line], check=True, env={"PATH": "/usr/bin:/bin"})
    assert sorted(path.name for path in units.rglob("*")) == ["another.service", "timers.target.wants"]
    assert {one["command"] for one in jinkui.json("status", code=12)["needs"]} >= {"jinkui schedule install --cron"}
    jinkui("schedule", "install", "--cron")
    assert jinkui.json("status")["scheduled"]


def test_where_systemd_runs_it_is_told_before_and_after_and_every_file_of_the_home_goes(
    jinkui: Jinkui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units, system = tmp_path / "units", tmp_path / "system"
    units.mkdir()
    system.mkdir()
    monkeypatch.setattr(wiring, "unit_folders", lambda _: (units, system))
    jinkui("schedule", "install", "--user", "--into", str(units))
    names = {path.name for path in units.iterdir()}
    refused = jinkui.json("schedule", "install", "--into", str(system), code=6)["error"]["advice"]
    manager = tmp_path / "systemctl"
    manager.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/told\nexit 1\n')  # even one that nobody can reach
    manager.chmod(0o755)
    line = refused[refused.index("(cd ") :]
    subprocess.run(["sh", "-c", line], check=False, env={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    disabled, reloaded = (tmp_path / "told").read_text().splitlines()
    assert set(disabled.removeprefix("--user disable --now ").split()) == names
    assert reloaded == "--user daemon-reload"
    assert list(units.iterdir()) == []
