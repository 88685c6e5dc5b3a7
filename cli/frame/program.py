"""The click program of one invocation, in its reader's language: help and usage errors never mix the two.

A command is imported when it runs or when its own help is asked for, never for a list of commands.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from archives.errors import UsageProblem
from archives.message import Language, Message, message
from cli.frame.commands import Command, Group, Row
from cli.frame.parameters import JSON, REPORT, Parameter
from cli.frame.usage import no_such_command

_TOP = message(
    "金匮：数字档案的接收、保存、核查、修复与检索。",
    "Jinkui: take in, keep, audit, repair and search digital archives.",
)
_USAGE = message("用法：", "Usage: ")
_ARGUMENTS = message("参数：", "Arguments:")
_OPTIONS = message("选项：", "Options:")
_COMMANDS = message("命令：", "Commands:")
_EXAMPLE = message("示例：", "Example:")
_EXITS = message("退出码：", "Exit codes:")
_SOME_OPTIONS = message("[选项]", "[OPTIONS]")
_SOME_COMMAND = message("命令 [参数]…", "COMMAND [ARGS]...")
_WRITTEN = {"integer": "N", "integer range": "N", "float": "N", "float range": "N", "datetime": "YYYY-MM-DD"}
_IN_BRACKETS = {"default: ": "默认：", "required": "必填"}

Run = Callable[[Command, click.Context], None]


def build(table: Sequence[Row | Group], language: Language, run: Run, version: Callable[[], str]) -> click.Group:
    """Return the program; ``run`` is given the command that was asked for."""
    return _Group(language, run, table, name="jinkui", help=_TOP.text(language), params=_top_options(language, version))


class _Command(click.Command):
    """A command that says in one language what it takes, how it is used and how it can end."""

    def __init__(self, language: Language, command: Command | None, **settings: Any) -> None:
        super().__init__(options_metavar=_SOME_OPTIONS.text(language), **settings)
        self.language = language
        self.about = command

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how it is written."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), _USAGE.text(self.language))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write everything that comes after the first sentence."""
        own = self.about.parameters if self.about else ()
        arguments = [(one.written, one.help.text(self.language)) for one in own if not one.is_option]
        records = (one.get_help_record(ctx) for one in self.get_params(ctx) if isinstance(one, click.Option))
        options = [_localised(one, self.language) for one in records if one]
        exits = [(str(one.code), one.meaning.text(self.language)) for one in (self.about.exits if self.about else ())]
        for title, rows in ((_ARGUMENTS, arguments), (_OPTIONS, options), (_COMMANDS, self.summaries())):
            self._section(formatter, title, rows)
        if self.about:
            formatter.write(f"\n{_EXAMPLE.text(self.language)}\n  {self.about.example}\n")
        self._section(formatter, _EXITS, exits)

    def summaries(self) -> list[tuple[str, str]]:
        """Return the names of the commands below it with what they do."""
        return []

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = message("显示帮助", "show this help").text(self.language)
        return option

    def _section(self, formatter: click.HelpFormatter, title: Message, rows: list[tuple[str, str]]) -> None:
        if rows:
            formatter.write(f"\n{title.text(self.language)}\n")
            with formatter.indentation():
                formatter.write_dl(rows)


class _Group(_Command, click.Group):
    """Commands by name, each made when it is wanted."""

    def __init__(
        self, language: Language, run: Run, rows: Sequence[Row | Group], command: Command | None = None, **settings: Any
    ) -> None:
        some = _SOME_COMMAND.text(language)
        super().__init__(
            language,
            command,
            subcommand_metavar=f"[{some}]" if command else some,
            invoke_without_command=command is not None,
            **settings,
        )
        self._run = run
        self._rows = {row.name: row for row in rows}

    def summaries(self) -> list[tuple[str, str]]:
        """Return the names of the commands below it with what they do."""
        return [(row.name, row.summary.text(self.language)) for row in self._rows.values()]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(self._rows)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now."""
        row = self._rows.get(cmd_name)
        if isinstance(row, Group):
            return _group(row, self.language, self._run)
        return _leaf(row, self.language, self._run) if row else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called so; raises ``UsageProblem`` with the names it may have been meant for."""
        if args[0] not in self._rows and not args[0].startswith("-"):
            raise no_such_command(ctx.command_path, args[0], list(_full_names(tuple(self._rows.values()))))
        return super().resolve_command(ctx, args)


def _full_names(rows: Sequence[Row | Group]) -> Iterator[str]:
    for row in rows:
        yield row.name
        if isinstance(row, Group):
            yield from (f"{row.name} {inner.name}" for inner in row.rows)


def _leaf(row: Row, language: Language, run: Run) -> click.Command:
    command = row.load()

    def callback(**_: Any) -> None:
        run(command, click.get_current_context())

    return _Command(
        language,
        command,
        name=row.name,
        help=row.summary.text(language),
        params=_clicks(command, language),
        callback=callback,
    )


def _group(group: Group, language: Language, run: Run) -> click.Group:
    default = group.load()
    summary = group.summary.text(language)
    if default is None:
        return _Group(language, run, group.rows, name=group.name, help=summary)

    def callback(**_: Any) -> None:
        context = click.get_current_context()
        name = context.invoked_subcommand
        if name is None:
            run(default, context)
        elif any(context.get_parameter_source(given) is not ParameterSource.DEFAULT for given in context.params):
            said = message("选项应写在 {name} 之后", "options are written after {name}", name=name)
            raise UsageProblem(said, subject=group.name)

    return _Group(
        language,
        run,
        group.rows,
        default,
        name=group.name,
        help=summary,
        params=_clicks(default, language),
        callback=callback,
    )


def _clicks(command: Command, language: Language) -> list[click.Parameter]:
    return [_click(one, language) for one in (*command.parameters, JSON, REPORT)]


def _click(parameter: Parameter, language: Language) -> click.Parameter:
    default = {} if parameter.default is None else {"default": parameter.default}
    if not parameter.is_option:
        return click.Argument(
            [parameter.name],
            type=parameter.kind,
            metavar=parameter.written,
            required=parameter.is_required,
            nargs=-1 if parameter.is_many else 1,
            **default,
        )
    names, help_text = [parameter.written, parameter.name], parameter.help.text(language)
    if parameter.is_flag:
        return click.Option(names, is_flag=True, help=help_text)
    return click.Option(
        names,
        type=parameter.kind,
        required=parameter.is_required,
        metavar=_WRITTEN.get(parameter.kind.name),
        multiple=parameter.is_many,
        help=help_text,
        show_default=bool(parameter.default),
        **default,
    )


def _localised(record: tuple[str, str], language: Language) -> tuple[str, str]:
    """Return an option's line with what click adds in brackets in the reader's language."""
    if language == "en":
        return record
    written, said = record
    return written, re.sub(r"  \[.*\]$", lambda found: _in_chinese(found[0]), said)


def _in_chinese(brackets: str) -> str:
    for english, chinese in _IN_BRACKETS.items():
        brackets = brackets.replace(english, chinese)
    return brackets


def _top_options(language: Language, version: Callable[[], str]) -> list[click.Parameter]:
    home = message("档案库所在文件夹（也可用 JINKUI_HOME）", "folder of the archive (or JINKUI_HOME)")
    lang = message("界面语言", "language of messages")

    def show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
        if wanted:
            click.echo(f"jinkui {version()}")
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
