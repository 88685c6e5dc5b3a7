"""Commands whose words and function stand in different files, until the last of them has moved to its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from archives.message import Message
from cli.frame import commands
from cli.frame.output import Result
from cli.frame.parameters import PLACE
from cli.frame.parameters import Parameter as Derived


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


class Command(commands.Row):
    """A row that has its command with it."""

    def __init__(
        self, name: str, said: Message, run: Callable[..., Result], parameters: tuple[Parameter, ...] = ()
    ) -> None:
        super().__init__(name, said, "")
        made = commands.Command(run, tuple(map(_derived, parameters)), f"jinkui … {name} --help", (commands.DONE,))
        object.__setattr__(self, "_command", made)

    def load(self) -> commands.Command:
        """Return the command."""
        command: commands.Command = self.__dict__["_command"]
        return command


class Group(commands.Group):
    """A group whose default stands with it."""

    def __init__(self, name: str, said: Message, commands: tuple[Command, ...], default: Command | None = None) -> None:
        super().__init__(name, said, commands)
        object.__setattr__(self, "_default", default)

    def load(self) -> commands.Command | None:
        """Return what runs when the name stands alone."""
        default: Command | None = self.__dict__["_default"]
        return default.load() if default else None


def _derived(one: Parameter) -> Derived:
    kinds = {str: click.STRING, int: click.INT, Path: PLACE}
    is_argument = not one.name.startswith("-")
    return Derived(
        one.name.lstrip("-").replace("-", "_").lower(),
        one.name,
        one.help,
        click.BOOL if one.is_flag else kinds.get(one.type, one.type),
        is_required=one.required or (is_argument and one.default is None),
        default=one.default,
        is_flag=one.is_flag,
        is_many=one.multiple,
    )
