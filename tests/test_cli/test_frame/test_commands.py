"""Commands as data: a group that does something when its name stands alone."""

import re

import click
import pytest

from archives.errors import UsageProblem
from archives.message import Language, message
from cli.frame.commands import Command, Group, Parameter, build
from cli.frame.output import Result

SAID = message("核查", "audit")
GROUP = Group(
    "audit",
    SAID,
    (Command("forecast", message("预测", "look ahead"), lambda: Result({})),),
    default=Command("audit", SAID, lambda: Result({}), (Parameter("--due", message("到期", "due"), is_flag=True),)),
)


def ran(*arguments: str, language: Language = "en") -> list[tuple[str, dict[str, object]]]:
    calls: list[tuple[str, dict[str, object]]] = []
    program = build([GROUP], language, lambda command, ctx: calls.append((command.name, dict(ctx.params))), "1")
    program.main(list(arguments), prog_name="jinkui", standalone_mode=False)
    return calls


def test_a_group_alone_runs_its_default_with_its_options() -> None:
    assert ran("audit") == [("audit", {"due": False, "json": False, "report": None})]
    assert ran("audit", "--due", "--json") == [("audit", {"due": True, "json": True, "report": None})]


def test_a_command_of_the_group_runs_alone() -> None:
    assert [name for name, _ in ran("audit", "forecast")] == ["forecast"]


def test_an_option_before_the_command_is_refused_not_ignored() -> None:
    with pytest.raises(UsageProblem):
        ran("audit", "--due", "forecast")


def test_an_unknown_command_is_a_usage_error_and_runs_nothing() -> None:
    with pytest.raises(click.UsageError, match="No such command"):
        ran("audit", "nonsense")


@pytest.mark.parametrize(("language", "other"), [("en", r"[㐀-鿿]"), ("zh", r"Usage|Options|Commands|COMMAND|ARGS")])
def test_help_of_both_is_in_one_language(language: Language, other: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (("audit", "--help"), ("audit", "forecast", "--help")):
        assert ran(*arguments, language=language) == []
        text = capsys.readouterr().out
        assert not re.search(other, text), text
    assert "forecast" in text


def test_a_default_with_an_argument_is_refused_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="audit"):
        Group("audit", SAID, (), default=Command("audit", SAID, lambda: Result({}), (Parameter("CODE", SAID),)))
