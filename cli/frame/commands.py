"""Commands as data: what a command is called, what it takes and says of itself in both languages, what it runs.

From this the click commands of one invocation are built in the reader's language, so that help and usage errors never
mix the two.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from archives.errors import UsageProblem
from archives.message import Language, Message, message
from cli.frame.output import Output, Result

_ENGLISH_CAPTIONS = {"Usage:": "用法：", "Options:": "选项：", "Commands:": "命令："}


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument (``BATCH``) or an option (``--limit``) of a command."""

    name: str
    help: Message
    type: Any = str
    required: bool = False
    default: Any = None
    is_flag: bool = False
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One invocation of a command: the home it is about, where it answers, and what is let go of when it has ended."""

    home: Path
    output: Output
    opened: ExitStack


@dataclass(frozen=True, slots=True)
class Command:
    """A command; ``run`` takes the call and its parameters by name and returns what to show."""

    name: str
    help: Message
    run: Callable[..., Result]
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Commands under one name (``jinkui opening apply``); ``default`` runs when the name stands alone (``jinkui audit``).

    A default takes options only: an argument could be mistaken for the name of a command.
    """

    name: str
    help: Message
    commands: tuple[Command, ...]
    default: Command | None = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` when the default takes an argument."""
        if self.default and any(not parameter.name.startswith("-") for parameter in self.default.parameters):
            raise ValueError(self.name)


JSON = Parameter("--json", message("输出一个 JSON 文档", "answer with one JSON document"), is_flag=True)
REPORT = Parameter(
    "--report", message("另存表格到 .xlsx 或 .csv", "also write the tables to FILE.xlsx or FILE.csv"), type=Path
)


def build(
    commands: Sequence[Command | Group], language: Language, run: Callable[[Command, click.Context], None], version: str
) -> click.Group:
    """Return the click program of one invocation."""
    top = _LocalGroup(language, name="jinkui", help=_TOP.text(language), params=_top_options(language, version))
    for entry in commands:
        if isinstance(entry, Group):
            group = _group(entry, language, run)
            for command in entry.commands:
                group.add_command(_click(command, language, run))
            top.add_command(group)
        else:
            top.add_command(_click(entry, language, run))
    return top


def usage_problem(error: click.ClickException) -> UsageProblem:
    """Return a usage error of click as one of ours, in both languages, with what would have been right."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "jinkui"
    advice = message("运行 {command} --help 查看用法", "see {command} --help", command=command)
    if isinstance(error, click.NoSuchOption):
        close = ", ".join(error.possibilities or ())
        advice = message("是否指 {close}？", "did you mean {close}?", close=close) if close else advice
        said = message("没有选项 {name}", "no such option: {name}", name=error.option_name)
    elif isinstance(error, click.MissingParameter):
        name = _called(error.param)
        said = message("缺少参数 {name}", "missing: {name}", name=name)
    elif isinstance(error, click.BadParameter):
        name = _called(error.param)
        said = message("参数 {name} 的值不对", "bad value for {name}", name=name)
        advice = _allowed(error.param.type if error.param else None) or advice
    elif "No such command" in error.message:
        said = message("没有命令 {name}", "no such command: {name}", name=error.message.split("'")[1])
    elif "unexpected extra" in error.message:
        extra = error.message.partition("(")[2].rstrip(").")
        said = message("多余的参数：{extra}", "unexpected: {extra}", extra=extra)
    else:
        said = message("命令的写法不对", "the command is not written as it should be")
    return UsageProblem(said, subject=command, advice=advice)


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
    if isinstance(kind, click.Path):
        return message("请给出路径", "name a path")
    if kind is click.INT:
        return message("须是整数", "it is a whole number")
    return None


_TOP = message(
    "金匮：数字档案的接收、保存、核查、修复与检索。",
    "Jinkui: take in, keep, audit, repair and search digital archives.",
)


class _Place(click.Path):
    """A path; an empty one, which would mean the present folder, is refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("empty", param, ctx)
        return super().convert(value, param, ctx)


class _LocalCommand(click.Command):
    def __init__(self, language: Language, **settings: Any) -> None:
        super().__init__(**settings)
        self.language = language

    def get_help(self, ctx: click.Context) -> str:
        return _captions(super().get_help(ctx), self.language)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _help_option(super().get_help_option(ctx), self.language)


class _LocalGroup(click.Group):
    def __init__(self, language: Language, **settings: Any) -> None:
        super().__init__(**settings)
        self.language = language

    def get_help(self, ctx: click.Context) -> str:
        return _captions(super().get_help(ctx), self.language)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _help_option(super().get_help_option(ctx), self.language)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def _captions(text: str, language: Language) -> str:
    if language == "en":
        return text
    for english, chinese in _ENGLISH_CAPTIONS.items():
        text = text.replace(english, chinese)
    return (
        text.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]…").replace("[required]", "[必填]")
    )


def _help_option(option: click.Option | None, language: Language) -> click.Option | None:
    if option is not None:
        option.help = message("显示帮助", "show this help").text(language)
    return option


def _top_options(language: Language, version: str) -> list[click.Parameter]:
    home = message("档案库所在文件夹（也可用 JINKUI_HOME）", "folder of the archive (or JINKUI_HOME)")
    lang = message("界面语言", "language of messages")

    def show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
        if wanted:
            click.echo(f"jinkui {version}")
            ctx.exit()

    return [
        click.Option(["--home"], type=click.Path(path_type=Path), help=home.text(language)),
        click.Option(["--lang"], type=click.Choice(["zh", "en"]), help=lang.text(language)),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=show_version,
            help=message("显示版本", "show the version").text(language),
        ),
    ]


def _group(entry: Group, language: Language, run: Callable[[Command, click.Context], None]) -> click.Group:
    default = entry.default
    if default is None:
        return _LocalGroup(language, name=entry.name, help=entry.help.text(language))

    def callback(**_: Any) -> None:
        context = click.get_current_context()
        if context.invoked_subcommand is None:
            run(default, context)
            return
        if any(context.get_parameter_source(name) is not ParameterSource.DEFAULT for name in context.params):
            raise UsageProblem(
                message(
                    "选项应写在 {name} 之后", "options are written after {name}", name=str(context.invoked_subcommand)
                ),
                subject=entry.name,
            )

    return _LocalGroup(
        language,
        name=entry.name,
        help=entry.help.text(language),
        params=[_parameter(p, language) for p in (*default.parameters, JSON, REPORT)],
        callback=callback,
        invoke_without_command=True,
        subcommand_metavar="[COMMAND [ARGS]...]",
    )


def _click(command: Command, language: Language, run: Callable[[Command, click.Context], None]) -> click.Command:
    def callback(**_: Any) -> None:
        run(command, click.get_current_context())

    lines = [command.help.text(language)]
    arguments = [p for p in command.parameters if not p.name.startswith("-")]
    lines += [f"{p.name}  {p.help.text(language)}" for p in arguments]
    parameters = [_parameter(p, language) for p in (*command.parameters, JSON, REPORT)]
    return _LocalCommand(
        language,
        name=command.name,
        help="\n\n".join(lines),
        short_help=command.help.text(language),
        params=parameters,
        callback=callback,
    )


def _parameter(parameter: Parameter, language: Language) -> click.Parameter:
    kind = _Place(path_type=Path) if parameter.type is Path else parameter.type
    if not parameter.name.startswith("-"):
        required = parameter.default is None
        given = {} if required else {"default": parameter.default}
        return click.Argument([parameter.name.lower()], type=kind, metavar=parameter.name, required=required, **given)
    if parameter.is_flag:
        return click.Option([parameter.name], is_flag=True, help=parameter.help.text(language))
    default = (
        {} if parameter.default is None else {"default": parameter.default, "show_default": bool(parameter.default)}
    )
    return click.Option(
        [parameter.name],
        type=kind,
        required=parameter.required,
        multiple=parameter.multiple,
        help=parameter.help.text(language),
        **default,
    )
