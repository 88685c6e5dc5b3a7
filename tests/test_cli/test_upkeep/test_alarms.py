"""Alarms: once per cause, again when it came back, never hiding what an audit found."""

import json
import sys
from pathlib import Path

import pytest

from archives.journal.facts import CopyRepaired, DamageFound
from cli.main import run
from cli.upkeep.alarms import AlarmsRaised, Cause, raise_alarms, raise_damage_alarms
from preservation.audit.verdicts import FileVerdict, Verdict
from preservation.vault.replication import OwedCopy
from tests.support.command_line import Jinkui
from tests.support.homes import quiet, set_audit

DAMAGE = FileVerdict("first", "p1", "packages/页.tif", Verdict.DAMAGED)
RECORDED = DamageFound("first", "p1", DAMAGE.file, "DAMAGED")


class Operator:
    """A home whose alarms are appended to a file."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.heard = folder / "heard.jsonl"
        assert run(["--home", str(self.home), "init"]) == 0
        program = f"import sys; open({str(self.heard)!r}, 'ab').write(sys.stdin.buffer.read())"
        self.command(sys.executable, "-c", program)

    def command(self, *words: str) -> None:
        set_audit(self.home, "alarm-command", json.dumps(list(words), ensure_ascii=False))

    def raised(
        self, *problems: FileVerdict, away: tuple[str, ...] = (), owed: tuple[OwedCopy, ...] = ()
    ) -> AlarmsRaised:
        return raise_alarms(quiet(self.home), problems, away, owed)

    def record(self, *facts: DamageFound | CopyRepaired) -> None:
        with quiet(self.home) as home:
            home.begin_writing()
            home.vault.ledger.append(facts)

    def alarms(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.heard.read_text("utf-8").splitlines()] if self.heard.exists() else []


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


def test_an_alarm_is_json_on_the_commands_input(operator: Operator) -> None:
    operator.raised(DAMAGE, away=("second",), owed=(OwedCopy("second", "p1", ()),))
    (alarm,) = operator.alarms()
    assert (alarm["home"], alarm["count"]) == (str(operator.home), 3)
    assert alarm["causes"] == [
        {
            "kind": "copy-owed",
            "store": "second",
            "package_id": "p1",
            "archival_code": None,
            "title": None,
            "file": None,
            "verdict": None,
        },
        {
            "kind": "damage",
            "store": "first",
            "package_id": "p1",
            "archival_code": None,
            "title": None,
            "file": "packages/页.tif",
            "verdict": "DAMAGED",
        },
        {
            "kind": "store-away",
            "store": "second",
            "package_id": None,
            "archival_code": None,
            "title": None,
            "file": None,
            "verdict": None,
        },
    ]


def test_a_cause_is_told_once_and_a_new_one_alone(operator: Operator) -> None:
    assert operator.raised(DAMAGE).told == (Cause("damage", "first", "p1", "packages/页.tif", "DAMAGED"),)
    assert operator.raised(DAMAGE).told == ()
    assert operator.raised(DAMAGE, away=("second",)).told == (Cause("store-away", "second"),)
    assert len(operator.alarms()) == 2


def test_a_cause_that_came_back_is_told_again(operator: Operator) -> None:
    for away in (("second",), (), ("second",)):
        operator.raised(away=away)
    assert len(operator.alarms()) == 2


def test_damage_that_is_open_is_not_forgotten_by_an_audit_that_did_not_look_there(operator: Operator) -> None:
    operator.record(RECORDED)
    operator.raised(DAMAGE)
    operator.raised()
    assert operator.raised(DAMAGE).told == ()
    operator.record(CopyRepaired("first", "p1", DAMAGE.file, "copy", "second"))
    operator.raised()
    assert len(operator.raised(DAMAGE).told) == 1


@pytest.mark.parametrize(
    "words", [(sys.executable, "-c", "raise SystemExit(3)"), ("/nowhere/no such command",), ("/etc/passwd",)]
)
def test_a_command_that_fails_is_told_and_asked_again(
    operator: Operator, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    operator.command(*words)
    capsys.readouterr()
    raised = operator.raised(DAMAGE)
    assert (raised.told, raised.exit_code) == ((), 7)
    assert "alarm command" in capsys.readouterr().err
    assert operator.raised(DAMAGE).exit_code == 7


def test_without_a_command_nothing_is_told_or_remembered(operator: Operator) -> None:
    operator.command()
    assert operator.raised(DAMAGE) == AlarmsRaised()
    assert quiet(operator.home).work.read("SELECT * FROM alarm") == []


def test_that_every_store_is_away_is_told_too(operator: Operator) -> None:
    operator.raised(away=("first",))
    (operator.home / "stores").rename(operator.home / "gone")
    assert operator.raised(away=("first", "second")).told == (Cause("store-away", "second"),)


def test_damage_told_alone_leaves_every_other_cause_as_it_was(operator: Operator) -> None:
    operator.raised(away=("second",))
    told = [raise_damage_alarms(quiet(operator.home), [RECORDED]).told for _ in range(2)]
    assert [len(causes) for causes in told] == [1, 0]
    assert operator.raised(away=("second",)).told == ()
    assert len(operator.alarms()) == 2


def test_a_checkpoint_is_given_to_the_command_and_a_failure_is_told_once(
    operator: Operator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jinkui = Jinkui(operator.home, capsys)
    path, key = operator.home / "jinkui.toml", "checkpoint-command"

    def give_to(*words: str) -> None:
        lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith(f"{key} =")]
        lines.insert(lines.index("[journal]") + 1, f"{key} = {json.dumps(words)}")
        path.write_text("\n".join(lines) + "\n", "utf-8")

    def alarmed() -> list[object]:
        every = [cause for alarm in operator.alarms() for cause in alarm["causes"]]  # type: ignore[attr-defined]
        return [cause for cause in every if cause["kind"] != "no-schedule"]

    sent = tmp_path / "sent"
    give_to("tee", "-a", str(sent))
    made = jinkui.json("journal", "checkpoint", "--out", str(tmp_path / "1.txt"))
    assert made["sent"] is True
    assert sent.read_bytes() == (tmp_path / "1.txt").read_bytes()
    give_to("false")
    for number in (2, 3):
        assert "not sent" in jinkui("journal", "checkpoint", "--out", str(tmp_path / f"{number}.txt"), code=7)
        assert (tmp_path / f"{number}.txt").is_file(), "it is kept all the same"
        operator.raised()
    assert [cause["kind"] for cause in alarmed()] == ["checkpoint-not-sent"]  # type: ignore[index]
    give_to("tee", "-a", str(sent))
    jinkui("journal", "checkpoint", "--out", str(tmp_path / "4.txt"))
    give_to("false")
    jinkui("journal", "checkpoint", "--out", str(tmp_path / "5.txt"), code=7)
    assert len(alarmed()) == 2, "told anew"
