"""The program of one invocation: help in one language, a group that does something alone, names that are mistyped."""

import re
from typing import Annotated

import click
import pytest

from archives.errors import ConflictError, StorageError, UsageProblem
from archives.message import Language, message
from cli.frame.commands import FINDINGS, Call, Exit, Group, Purpose, Row, command
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.frame.program import Guide, build

LOST = Exit(10, message("没有完好的副本", "no good copy"))


@command(example="jinkui audit --due", exits=(StorageError, LOST))
def audit(call: Call, *, due: Annotated[bool, Option(message("到期", "due"))] = False) -> Result:
    """Answer nothing."""
    return Result({"due": due})


@command(example="jinkui audit forecast 3", exits=(ConflictError, FINDINGS))
def forecast(call: Call, *, days: Annotated[int, Argument(message("天数", "days"), least=1)]) -> Result:
    """Answer nothing."""
    return Result({"days": days})


FORECAST = Row("forecast", message("预测", "look ahead"), f"{__name__}:forecast")
GROUP = Group("audit", message("核查", "audit"), (FORECAST,), default=f"{__name__}:audit")
ABSENT = Row("absent", message("不在", "is not there"), "no.such.module:function")


def ran(*arguments: str, language: Language = "en") -> list[tuple[str, dict[str, object]]]:
    calls: list[tuple[str, dict[str, object]]] = []
    names = {id(audit): "audit", id(forecast): "forecast"}
    program = build(
        [GROUP, ABSENT], language, lambda found, ctx: calls.append((names[id(found)], dict(ctx.params))), lambda: "1"
    )
    program.main(list(arguments), prog_name="jinkui", standalone_mode=False)
    return calls


def test_a_group_alone_runs_its_default_with_its_options() -> None:
    assert ran("audit") == [("audit", {"due": False, "json": False, "report": None})]
    assert ran("audit", "--due", "--json") == [("audit", {"due": True, "json": True, "report": None})]


def test_a_command_of_the_group_runs_alone() -> None:
    assert ran("audit", "forecast", "3") == [("forecast", {"days": 3, "json": False, "report": None})]


def test_an_option_before_the_command_is_refused_not_ignored() -> None:
    with pytest.raises(UsageProblem):
        ran("audit", "--due", "forecast", "3")


def test_an_unknown_command_is_a_usage_error_and_runs_nothing() -> None:
    with pytest.raises(UsageProblem, match="no such command: nonsense") as caught:
        ran("audit", "nonsense")
    assert "jinkui audit --help" in str(caught.value.advice)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(("adit",), "audit"), (("audit", "forcast"), "forecast"), (("forecast",), "audit forecast")],
)
def test_a_mistyped_command_is_told_what_was_meant(typed: tuple[str, ...], meant: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        ran(*typed)
    assert caught.value.advice == message("是否指 {close}？", "did you mean {close}?", close=meant)


@pytest.mark.parametrize(
    ("language", "other"), [("en", r"[㐀-鿿]"), ("zh", r"Usage|Options|Commands|COMMAND|ARGS|Exit")]
)
def test_help_of_both_is_in_one_language(language: Language, other: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (("audit", "--help"), ("audit", "forecast", "--help")):
        assert ran(*arguments, language=language) == []
        text = capsys.readouterr().out
        assert not re.search(other, text), text
    assert "forecast" in text


def test_help_shows_arguments_an_example_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    ran("audit", "forecast", "--help")
    sections = capsys.readouterr().out.split("\n\n")
    assert [section.splitlines()[0] for section in sections if not section.startswith(" ")] == [
        "Usage: jinkui audit forecast [OPTIONS] DAYS",
        "Arguments:",
        "Options:",
        "Example:",
        "Exit codes:",
    ]
    assert "  jinkui audit forecast 3" in sections[4]
    assert [line.split()[0] for line in sections[5].splitlines()[1:]] == ["0", "2", "6", "12", "130"]


def test_a_list_of_commands_imports_none_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran("--help") == []
    assert "is not there" in capsys.readouterr().out
    with pytest.raises(ModuleNotFoundError):
        ran("absent")


def test_a_bound_is_kept() -> None:
    with pytest.raises(click.BadParameter):
        ran("audit", "forecast", "0")


def test_a_default_with_an_argument_is_refused() -> None:
    with pytest.raises(ValueError, match="forecast"):
        Group("audit", message("核查", "audit"), (), default=FORECAST.place).load()


def test_all_commands_are_shown_by_what_people_come_for_with_examples_and_every_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    guide = Guide((Purpose(message("保管", "Keep"), ("audit",)),), (message("试试", "try me"),))
    program = build([GROUP, ABSENT], "en", lambda *_: None, lambda: "1", guide)
    program.main(["-h"], prog_name="jinkui", standalone_mode=False)
    sections = [part.split("\n") for part in capsys.readouterr().out.split("\n\n")]
    titles = [part[0] for part in sections if not part[0].startswith(" ")]
    assert titles == [
        "Usage: jinkui [OPTIONS] COMMAND [ARGS]...",
        "Options:",
        "Keep",
        "More",
        "Begin with (every command says with --help how it is used):",
        "Exit codes:",
    ]
    assert [part[1].split()[0] for part in sections if part[0] in ("Keep", "More")] == ["audit", "absent"]
    codes = [line.split()[0] for line in sections[-1][1:] if line[2:3].isdigit()]
    assert codes == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "130"]


def test_a_word_of_elsewhere_is_told_what_it_is_here() -> None:
    guide = Guide(other_words={"verify": ("audit", "audit forecast"), "验证": ("audit",)})
    for word, meant in (("Verify", "jinkui audit, jinkui audit forecast"), ("验证", "jinkui audit")):
        with pytest.raises(UsageProblem) as caught:
            build([GROUP], "en", lambda *_: None, lambda: "1", guide).main(
                [word], prog_name="jinkui", standalone_mode=False
            )
        assert caught.value.advice == message("这里可能叫：{commands}", "here it may be: {commands}", commands=meant)
