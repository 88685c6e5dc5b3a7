"""The click program of one invocation, in its reader's language: help and usage errors never mix the two.

A command is imported when it runs, when its own help is asked for or that of its group, never for the list of all commands.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click
from click.core import ParameterSource

from archives.errors import UsageProblem
from archives.message import Language, Message, message
from cli.frame.commands import Command, Exit, Group, Purpose, Row, all_exits, every_exit
from cli.frame.options import clicks, localised, top_options
from cli.frame.usage import no_such_command, no_such_verb

_TOP = message(
    "金匮：数字档案的接收、保存、核查、修复与检索。",
    "Jinkui: take in, keep, audit, repair and search digital archives.",
)
_USAGE = message("用法：", "Usage: ")
_ARGUMENTS = message("参数：", "Arguments:")
_OPTIONS = message("选项：", "Options:")
_COMMANDS = message("命令：", "Commands:")
_EXAMPLE = message("示例：", "Example:")
_OTHERS = message("其他", "More")
_FIRST = message(
    "从这里开始（各命令加 --help 有说明和示例）：", "Begin with (every command says with --help how it is used):"
)
_EXITS = message("退出码：", "Exit codes:")
_SOME_OPTIONS = message("[选项]", "[OPTIONS]")
_SOME_COMMAND = message("命令 [参数]…", "COMMAND [ARGS]...")

Run = Callable[[Command, click.Context], None]


@dataclass(frozen=True, slots=True)
class Guide:
    """What helps people to find a command: what they come for, what comes first, and what they call things elsewhere."""

    purposes: tuple[Purpose, ...] = ()
    first_steps: tuple[Message, ...] = ()
    other_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def build(
    table: Sequence[Row | Group], language: Language, run: Run, version: Callable[[], str], guide: Guide | None = None
) -> click.Group:
    """Return the program; ``run`` is given the command that was asked for."""
    settings = {"help": _TOP.text(language), "params": top_options(language, version)}
    names = {"help_option_names": ["-h", "--help"]}
    return _Top(language, run, table, guide=guide or Guide(), name="jinkui", context_settings=names, **settings)


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
        options = [localised(one, self.language) for one in records if one]
        for title, rows in ((_ARGUMENTS, arguments), (_OPTIONS, options), *self.sections()):
            self._section(formatter, title, rows)
        title, examples = self.examples()
        if examples:
            formatter.write(f"\n{title.text(self.language)}\n" + "".join(f"  {one}\n" for one in examples))
        self._section(formatter, _EXITS, [(str(one.code), one.meaning.text(self.language)) for one in self.exits()])

    def sections(self) -> list[tuple[Message, list[tuple[str, str]]]]:
        """Return the names of the commands below it with what they do, under what people come for."""
        return []

    def examples(self) -> tuple[Message, Sequence[str]]:
        """Return lines that can be typed, and what stands above them."""
        return _EXAMPLE, [self.about.example] if self.about else []

    def exits(self) -> Sequence[Exit]:
        """Return how it can end."""
        return self.about.exits if self.about else ()

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

    def sections(self) -> list[tuple[Message, list[tuple[str, str]]]]:
        """Return the names of the commands below it with what they do."""
        return [(_COMMANDS, self._summaries(self._rows))]

    def examples(self) -> tuple[Message, Sequence[str]]:
        """Return a line for each of its commands."""
        own = [self.about.example] if self.about else []
        return _EXAMPLE, [*own, *(one.example for one in self._commands())]

    def exits(self) -> Sequence[Exit]:
        """Return how one of its commands can end."""
        own = self.about.exits if self.about else ()
        return all_exits([*own, *(one for found in self._commands() for one in found.exits)])

    def _commands(self) -> list[Command]:
        return [row.load() for row in self._rows.values() if isinstance(row, Row)]

    def _summaries(self, names: Iterable[str]) -> list[tuple[str, str]]:
        longest = max(map(len, self._rows), default=0)
        return [(one.ljust(longest), self._rows[one].summary.text(self.language)) for one in names]

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
            raise self._unknown(ctx, args[0])
        return super().resolve_command(ctx, args)

    def _unknown(self, ctx: click.Context, name: str) -> UsageProblem:
        return no_such_verb(ctx.command_path, name, tuple(self._rows))


class _Top(_Group):
    """The program itself: its commands by what people come for."""

    def __init__(
        self, language: Language, run: Run, rows: Sequence[Row | Group], *, guide: Guide, **settings: Any
    ) -> None:
        super().__init__(language, run, rows, **settings)
        self._guide = guide

    def sections(self) -> list[tuple[Message, list[tuple[str, str]]]]:
        """Return all commands, each under what it is for."""
        parts = [(one.title, [name for name in one.names if name in self._rows]) for one in self._guide.purposes]
        placed = {name for _, names in parts for name in names}
        rest = [name for name in self._rows if name not in placed]
        parts.append((_OTHERS if placed else _COMMANDS, rest))
        return [(title, self._summaries(names)) for title, names in parts]

    def examples(self) -> tuple[Message, Sequence[str]]:
        """Return what comes first."""
        return _FIRST, [one.text(self.language) for one in self._guide.first_steps]

    def exits(self) -> Sequence[Exit]:
        """Return every code there is."""
        return every_exit()

    def _unknown(self, ctx: click.Context, name: str) -> UsageProblem:
        known = list(_full_names(tuple(self._rows.values())))
        return no_such_command(ctx.command_path, name, known, self._guide.other_words.get(name.casefold(), ()))


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
        params=clicks(command, language),
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
        params=clicks(default, language),
        callback=callback,
    )
