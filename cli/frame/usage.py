"""What is said to somebody who did not write a command as it should be."""

import difflib
from collections.abc import Sequence
from typing import Any

import click

from archives.errors import UsageProblem
from archives.message import Message, message
from cli.frame.parameters import Words

_CLOSE = 0.7
_BEFORE, _BEHIND = ("--home", "--lang", "--version"), ("--json", "--report", "--dry-run", "--repository")
_NOT_READABLE = message("没有权限读取", "there is no permission to read it")
_NO_COMMAND = "Missing command."


def is_without_a_command(error: click.ClickException) -> bool:
    """Say whether nothing but options stood where a command was to be."""
    return isinstance(error, click.UsageError) and error.message == _NO_COMMAND


def usage_problem(error: click.ClickException) -> UsageProblem:
    """Return a usage error of click as one of ours, in both languages, with what would have been right."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "jinkui"
    advice = _see_help(command)
    if isinstance(error, click.NoSuchOption):
        advice = _elsewhere(error.option_name, command) or _meant(error.possibilities or ()) or advice
        said = message("没有选项 {name}", "no such option: {name}", name=error.option_name)
    elif isinstance(error, click.MissingParameter):
        name = _called(error.param)
        said = message("缺少参数 {name}", "missing: {name}", name=name)
    elif isinstance(error, click.BadParameter):
        name = _called(error.param)
        said = message("参数 {name} 的值不对", "bad value for {name}", name=name)
        may_not = _NOT_READABLE if "not readable" in error.message else None
        advice = may_not or _allowed(error.param.type if error.param else None) or advice
    elif "unexpected extra" in error.message:
        extra = error.message.partition("(")[2].rstrip(").")
        said = message("多余的参数：{extra}", "unexpected: {extra}", extra=extra)
    else:
        said = message("命令的写法不对", "the command is not written as it should be")
    return UsageProblem(said, subject=command, advice=advice)


def no_such_command(command: str, name: str, known: Sequence[str], elsewhere: Sequence[str] = ()) -> UsageProblem:
    """Return the error for a name that no command has.

    ``known`` are those there are, ``journal verify`` among them; ``elsewhere`` those that the name stands for with others.
    """
    first = [one for one in known if " " not in one]
    inner = [one for one in known if difflib.get_close_matches(name, [one.rpartition(" ")[2]], cutoff=_CLOSE)]
    close = difflib.get_close_matches(name, first, cutoff=_CLOSE) or inner
    typed = ", ".join(f"{command} {one}" for one in elsewhere)
    here = message("这里可能叫：{commands}", "here it may be: {commands}", commands=typed) if elsewhere else None
    return _unknown(command, name, here or _meant(close) or _see_help(command))


def no_such_verb(command: str, name: str, verbs: Sequence[str]) -> UsageProblem:
    """Return the error for a name that no command of a group has; ``verbs`` are those there are."""
    all_of_them = message(
        "{command} 之后可写：{verbs}；运行 {command} --help 查看用法",
        "after {command} stands one of: {verbs}; see {command} --help",
        command=command,
        verbs=", ".join(verbs),
    )
    return _unknown(command, name, _meant(difflib.get_close_matches(name, verbs, cutoff=_CLOSE)) or all_of_them)


def _unknown(command: str, name: str, advice: Message) -> UsageProblem:
    return UsageProblem(
        message("没有命令 {name}", "no such command: {name}", name=name), subject=command, advice=advice
    )


def _see_help(command: str) -> Message:
    return message("运行 {command} --help 查看用法", "see {command} --help", command=command)


def _elsewhere(option: str, command: str) -> Message | None:
    """Return where an option is written that stands before the command, or behind it only; None for any other."""
    if option in _BEFORE:
        return message(
            "{option} 写在命令之前：jinkui {option} …",
            "{option} stands before the command: jinkui {option} …",
            option=option,
        )
    if option in _BEHIND and command == "jinkui":
        return message("{option} 写在命令之后", "{option} stands behind the command", option=option)
    return None


def _meant(close: Sequence[str]) -> Message | None:
    return message("是否指 {close}？", "did you mean {close}?", close=", ".join(close)) if close else None


def _called(parameter: click.Parameter | None) -> str:
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.human_readable_name if parameter else ""


def _allowed(kind: "click.ParamType[Any] | None") -> Message | None:
    """Return which values a type takes; None when it is not known here."""
    if isinstance(kind, click.Choice):
        return message("可用的值：{names}", "one of: {names}", names=", ".join(map(str, kind.choices)))
    if isinstance(kind, click.DateTime):
        return message("日期要写成 2027-06-30 这样", "a date is written like 2027-06-30")
    if isinstance(kind, click.IntRange | click.FloatRange):
        if kind.max is None:
            return message("须不小于 {least}", "it is {least} or more", least=str(kind.min))
        return message("须在 {least} 与 {most} 之间", "from {least} to {most}", least=str(kind.min), most=str(kind.max))
    if isinstance(kind, Words):
        return message(
            "文字须用 UTF-8 编码；请检查终端的编码", "text is in UTF-8: look at the encoding of the terminal"
        )
    if isinstance(kind, click.Path):
        return message("请给出路径", "name a path")
    if kind is click.INT:
        return message("须是整数", "it is a whole number")
    return None
