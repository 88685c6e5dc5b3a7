"""The reference of commands, from the table in which they stand."""

from collections.abc import Iterator

import click

from archives.message import Language, Message, message
from cli.commands.table import TABLE
from cli.frame.commands import Command, Row
from cli.frame.parameters import JSON, REPORT, Parameter
from scripts.manual_markdown import code, plain, table
from scripts.manual_troubles import anchor as exit_anchor

_EXAMPLE = message("示例", "Example")
_EXITS = message("退出码", "Exit codes")
_DEFAULT = message("默认", "default")
_NEEDED = message("必填", "needed")
_MANY = message("可多次", "may be repeated")


def commands(language: Language) -> str:
    """Every command: what it does, what it takes, an example, how it can end."""
    return "\n\n".join(_section(language, *one) for one in every_command())


def every_command() -> Iterator[tuple[str, Message, Command]]:
    """Yield every command with its whole name and what it does, in the order of help."""
    for entry in TABLE:
        if isinstance(entry, Row):
            yield entry.name, entry.summary, entry.load()
            continue
        if (default := entry.load()) is not None:
            yield entry.name, entry.summary, default
        yield from ((f"{entry.name} {row.name}", row.summary, row.load()) for row in entry.rows)


def overview(language: Language) -> str:
    """Every command in a line, with a link to all that is said of it."""
    heads = (message("命令", "command"), message("做什么", "what it does"))
    rows = [(f"[`jinkui {name}`](commands.md#{anchor(name)})", said) for name, said, _ in every_command()]
    return table(language, heads, rows)


def anchor(name: str) -> str:
    """Return where the page tells of a command, as code hosts and the site make it of its heading."""
    return f"jinkui-{name.replace(' ', '-')}"


def _section(language: Language, name: str, summary: Message, command: Command) -> str:
    parts = [f"## jinkui {name}", f"{plain(summary.text(language))}{'。' if language == 'zh' else '.'}"]
    rows = [_row(language, one) for one in command.parameters]
    if rows:
        parts.append(
            table(language, (message("参数或选项", "argument or option"), message("含义", "what it says")), rows)
        )
    parts.append(f"{_EXAMPLE.text(language)}:")
    parts.append(f"```text\n{command.example}\n```")
    exits = ", ".join(f"[{one.code}](what-can-go-wrong.md#{exit_anchor(one.code, language)})" for one in command.exits)
    return "\n\n".join([*parts, f"{_EXITS.text(language)}: {exits}"])


def _row(language: Language, one: Parameter) -> tuple[str, str]:
    said = [plain(one.help.text(language))]
    if isinstance(one.kind, click.Choice):
        said.append(" / ".join(code(str(choice)) for choice in one.kind.choices))
    if one.default not in (None, False, "") and one.default != ():
        said.append(f"{_DEFAULT.text(language)} {code(str(one.default))}")
    if one.is_required and one.is_option:
        said.append(_NEEDED.text(language))
    if one.is_many and one.is_option:
        said.append(_MANY.text(language))
    return code(one.written), "; ".join(said) if language == "en" else "；".join(said)


def common_options(language: Language) -> str:
    """What every command takes."""
    rows = [
        (
            code("--home"),
            message(
                "档案库所在文件夹（也可用 JINKUI_HOME）；写在命令之前",
                "folder of the archive (or JINKUI_HOME); before the command",
            ),
        ),
        (
            code("--lang"),
            message("界面语言：zh 或 en；写在命令之前", "language of messages, zh or en; before the command"),
        ),
        *((code(one.written), one.help) for one in (JSON, REPORT)),
    ]
    return table(language, (message("选项", "option"), message("含义", "what it says")), rows)
