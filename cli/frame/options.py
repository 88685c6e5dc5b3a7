"""Parameters as click has them, in one language: made of what the signature of a command says."""

import re
from collections.abc import Callable
from pathlib import Path

import click

from archives.message import Language, message
from cli.frame.commands import Command
from cli.frame.parameters import JSON, REPORT, Parameter

_WRITTEN = {"integer": "N", "integer range": "N", "float": "N", "float range": "N", "datetime": "YYYY-MM-DD"}
_IN_BRACKETS = {"default: ": "默认：", "required": "必填"}


def clicks(command: Command, language: Language) -> list[click.Parameter]:
    """Return what a command takes as click has it, with what every command takes."""
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


def localised(record: tuple[str, str], language: Language) -> tuple[str, str]:
    """Return an option's line with what click adds in brackets in the reader's language."""
    if language == "en":
        return record
    written, said = record
    return written, re.sub(r"  \[.*\]$", lambda found: _in_chinese(found[0]), said)


def _in_chinese(brackets: str) -> str:
    for english, chinese in _IN_BRACKETS.items():
        brackets = brackets.replace(english, chinese)
    return brackets


def top_options(language: Language, version: Callable[[], str]) -> list[click.Parameter]:
    """Return what stands before the command."""
    home = message("档案库所在文件夹（也可用 JINKUI_HOME）", "folder of the archive (or JINKUI_HOME)")
    lang = message("界面语言", "language of messages")

    def show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
        if wanted:
            click.echo(f"jinkui {version()}")
            ctx.exit()

    return [
        click.Option(["--home"], type=click.Path(path_type=Path, readable=False), help=home.text(language)),
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
