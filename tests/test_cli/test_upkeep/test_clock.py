"""What did not run though it was due is told by whatever does run: once a cause, and never where nothing was scheduled."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from cli import wiring
from cli.upkeep.clock import on_duty
from cli.upkeep.duties import AUDIT, CHECKPOINT, DRILL, INDEXES, OPENING, duties_of
from preservation.actions.overview.duties import Runs
from preservation.working_state import MIGRATIONS, WorkingState
from tests.support.command_line import Jinkui, Prepared, just_begun
from tests.support.homes import quiet, set_audit

DAY = timedelta(days=1)


class Clock:
    """The time of this place, which a test moves on."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Clock:
    made = Clock()
    monkeypatch.setattr(wiring, "now", made)
    monkeypatch.setattr(wiring, "unit_folders", lambda _: (tmp_path / "units",))
    return made


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str], clock: Clock) -> Jinkui:
    made = prepared.copy(just_begun, tmp_path, capsys)
    program = f"import sys; open({str(tmp_path / 'heard')!r}, 'ab').write(sys.stdin.buffer.read())"
    set_audit(made.home, "alarm-command", json.dumps([sys.executable, "-c", program], ensure_ascii=False))
    (tmp_path / "units").mkdir()
    return made


def heard(jinkui: Jinkui) -> list[list[str]]:
    """Return the causes of each alarm that came, duties by their names."""
    path = jinkui.home.parent / "heard"
    alarms = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    return [[one.get("duty") or one["kind"] for one in alarm["causes"]] for alarm in alarms]


def install(jinkui: Jinkui) -> None:
    jinkui("schedule", "install", "--into", str(jinkui.home.parent / "units"))


def test_an_installation_that_never_had_a_schedule_is_told_once(jinkui: Jinkui, clock: Clock) -> None:
    for _ in range(3):
        jinkui("audit", "--due")
        jinkui("opening", "publish")
        clock.now += 30 * DAY
    assert heard(jinkui) == [["no-schedule"]]
    assert {one["name"]: one["state"] for one in jinkui.json("doctor")["checks"]}["schedule"] == "warning"


def test_whatever_runs_tells_what_does_not_and_tells_it_once(jinkui: Jinkui, clock: Clock) -> None:
    install(jinkui)
    for _ in range(5):
        clock.now += DAY
        jinkui("opening", "publish")
    assert heard(jinkui) == [[AUDIT, CHECKPOINT]]
    clock.now += 40 * DAY
    jinkui("opening", "publish")
    assert heard(jinkui)[1:] == [[INDEXES, DRILL]]


def test_a_check_of_one_index_alone_is_not_the_check_of_both(jinkui: Jinkui, clock: Clock) -> None:
    install(jinkui)

    def last() -> datetime | None:
        return next(one.last.ended_at for one in duties_of(quiet(jinkui.home)) if one.duty.name == INDEXES)

    jinkui("index", "verify", "--only", "public")
    assert last() is None
    jinkui("index", "verify")
    assert last() == clock.now


def test_what_ran_at_last_and_is_late_again_is_told_anew(jinkui: Jinkui, clock: Clock) -> None:
    install(jinkui)
    clock.now += 3 * DAY
    jinkui("journal", "checkpoint")
    jinkui("audit", "--due")
    clock.now += 3 * DAY
    jinkui("journal", "checkpoint")
    assert heard(jinkui) == [[AUDIT, OPENING], [AUDIT]]


def test_units_that_lie_there_are_a_schedule_though_nobody_remembers_them(jinkui: Jinkui, clock: Clock) -> None:
    install(jinkui)
    (jinkui.home / "work.db").unlink()
    clock.now += 3 * DAY
    jinkui("journal", "checkpoint")
    assert heard(jinkui) == [[AUDIT, OPENING]]


def test_what_the_clock_began_is_expected_again(jinkui: Jinkui, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(wiring.CLOCK_VARIABLE, "1")
    jinkui("audit", "--due")
    monkeypatch.delenv(wiring.CLOCK_VARIABLE)
    clock.now += 3 * DAY
    jinkui("opening", "publish")
    assert heard(jinkui) == [[AUDIT]]


def test_an_audit_of_a_part_is_not_the_one_that_is_due(jinkui: Jinkui, clock: Clock) -> None:
    install(jinkui)
    clock.now += 3 * DAY
    jinkui("audit", "--store", "first")
    jinkui("opening", "publish")
    assert heard(jinkui) == [[AUDIT, CHECKPOINT]]


def test_what_failed_did_not_end(jinkui: Jinkui, clock: Clock) -> None:
    install(jinkui)
    clock.now += 3 * DAY
    with quiet(jinkui.home) as home, pytest.raises(RuntimeError), on_duty(home, CHECKPOINT) as duty:
        duty.is_done = True
        raise RuntimeError
    state = next(one for one in duties_of(quiet(jinkui.home)) if one.duty.name == CHECKPOINT)
    assert (state.last.begun_at, state.last.ended_at, state.is_overdue) == (clock.now, None, True)


def test_a_duty_that_another_process_is_at_is_not_overdue(jinkui: Jinkui, clock: Clock) -> None:
    install(jinkui)
    clock.now += 3 * DAY
    program = (
        "import sys; from pathlib import Path; from preservation.locks import Locks\n"
        f"with Locks(Path({str(jinkui.home / 'locks')!r})).under_way('audit'): print('at it', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        other.stdout.readline()
        during = {one.duty.name: (one.is_under_way, one.is_overdue) for one in duties_of(quiet(jinkui.home))}
        other.kill()
    assert during[AUDIT] == (True, False)
    assert during[CHECKPOINT] == (False, True)
    afterwards = {one.duty.name: (one.is_under_way, one.is_overdue) for one in duties_of(quiet(jinkui.home))}
    assert afterwards[AUDIT] == (False, True)


def test_closing_goes_on_where_the_working_state_cannot_be_used(jinkui: Jinkui) -> None:
    (jinkui.home / "work.db").write_bytes(b"no database at all" * 100)
    told = jinkui("opening", "publish")
    assert "published" in told


def test_a_merge_of_descriptions_looks_at_the_others_too(jinkui: Jinkui, clock: Clock) -> None:
    install(jinkui)
    clock.now += 3 * DAY
    jinkui("catalogue", "merge")
    assert heard(jinkui) == [[AUDIT, CHECKPOINT, OPENING]]


def test_another_account_that_installs_leaves_nothing_of_its_own_in_the_home(
    jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "is_own", lambda path: False)
    install(jinkui)
    assert not (jinkui.home / "work.db").exists()


def test_doctor_says_what_is_late_and_what_to_run(jinkui: Jinkui, clock: Clock) -> None:
    install(jinkui)
    clock.now += 3 * DAY
    checks = {one["name"]: one for one in jinkui.json("doctor")["checks"]}
    assert {name for name in checks if name.startswith("duty-")} == {f"duty-{n}" for n in (AUDIT, CHECKPOINT, OPENING)}
    assert "jinkui audit --due" in checks["duty-audit"]["advice"]
    for command in (("audit", "--due"), ("journal", "checkpoint"), ("opening", "publish")):
        jinkui(*command)
    checks = {one["name"]: one for one in jinkui.json("doctor")["checks"]}
    assert (checks["schedule"]["state"], "duty-audit" in checks) == ("ok", False)


def test_metrics_say_when_each_duty_ended_and_must_end_again(jinkui: Jinkui, clock: Clock, tmp_path: Path) -> None:
    install(jinkui)
    set_audit(jinkui.home, "metrics-file", f'"{tmp_path}/own.prom"')
    jinkui("opening", "publish")
    text = (tmp_path / "own.prom").read_text("utf-8")
    found = {
        (sample.name, sample.labels.get("duty", "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    now = clock.now.timestamp()
    assert found["jinkui_duty_last_end_timestamp_seconds", OPENING] == now
    assert found["jinkui_duty_last_end_timestamp_seconds", AUDIT] == 0
    assert found["jinkui_duty_due_timestamp_seconds", AUDIT] == pytest.approx(now + 2 * 86400, abs=60)
    assert found["jinkui_duty_within_seconds", DRILL] == 42 * 86400
    assert found["jinkui_duty_within_seconds", INDEXES] == 14 * 86400
    assert found["jinkui_metrics_written_timestamp_seconds", ""] == now


def test_a_working_state_of_before_learns_to_remember_runs(jinkui: Jinkui, clock: Clock) -> None:
    (jinkui.home / "work.db").unlink(missing_ok=True)
    WorkingState(jinkui.home / "work.db", migrations=MIGRATIONS[:3])
    jinkui("audit", "--due")
    assert Runs(quiet(jinkui.home).work).last()["audit"].ended_at == clock.now
