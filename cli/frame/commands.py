"""Commands: a function with everything there is to say of it, and the table by which it is found when it is wanted.

A command is written in one place::

    @command(example="jinkui hold lift 3f2a --reason …", exits=WRITES)
    def lift(call: Call, *, hold: Annotated[str, Argument(message("冻结编号", "identifier of the hold"))]) -> Result:

Help lists commands without importing them, so their names and one-line summaries stand in a table of rows instead.
"""

import importlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Concatenate, ParamSpec

from archives.errors import FOUND_EXIT_CODE, InterruptedByPersonError, JinkuiError, UsageProblem
from archives.message import Message, message
from cli.frame.output import Output, Result
from cli.frame.parameters import Parameter, parameters_of

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Call:
    """One invocation of a command: the home it is about, where it answers, and what is let go of when it has ended."""

    home: Path
    output: Output
    opened: ExitStack


@dataclass(frozen=True, slots=True)
class Exit:
    """An exit code and what it means."""

    code: int
    meaning: Message


DONE = Exit(0, message("完成", "done"))
FINDINGS = Exit(FOUND_EXIT_CODE, message("照常完成，发现了问题", "ran well and found problems"))


@dataclass(frozen=True, slots=True)
class Command:
    """A function that answers a call, what it takes, a line that shows how it is used, and how it can end."""

    run: Callable[..., Result]
    parameters: tuple[Parameter, ...]
    example: str
    exits: tuple[Exit, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A command in the table: its name, what it does in one line, where it is (``module:function``)."""

    name: str
    summary: Message
    place: str

    def load(self) -> Command:
        """Import the command."""
        module, _, function = self.place.partition(":")
        found = getattr(importlib.import_module(module), function)
        if not isinstance(found, Command):
            raise TypeError(self.place)
        return found


@dataclass(frozen=True, slots=True)
class Group:
    """Commands under one name (``jinkui opening apply``); ``default`` runs when the name stands alone (``jinkui audit``).

    A default takes options only: an argument could be mistaken for the name of a command.
    """

    name: str
    summary: Message
    rows: tuple[Row, ...]
    default: str = ""

    def load(self) -> Command | None:
        """Import what runs when the name stands alone; raises ``ValueError`` when it takes an argument."""
        if not self.default:
            return None
        found = Row(self.name, self.summary, self.default).load()
        if not all(one.is_option for one in found.parameters):
            raise ValueError(self.default)
        return found


@dataclass(frozen=True, slots=True)
class Purpose:
    """Something that people come for, and the names of the commands that it is done with."""

    title: Message
    names: tuple[str, ...]


def command(
    *, example: str, exits: Sequence[type[JinkuiError] | Exit] = (), more: Sequence[Parameter] = ()
) -> Callable[[Callable[Concatenate[Call, P], Result]], Command]:
    """Make a function a command; that it can go well, be misused or be interrupted need not be said.

    ``more`` are parameters that others keep a list of (the keys of a store's settings): the function takes ``**given``.
    """

    def make(run: Callable[Concatenate[Call, P], Result]) -> Command:
        return Command(run, parameters_of(run, more), example, _all_exits(exits))

    return make


def every_exit() -> tuple[Exit, ...]:
    """Return every code with which a command can end, each with what the widest error of that code means."""
    kinds: list[type[JinkuiError]] = [JinkuiError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    by_code = {one.exit_code: Exit(one.exit_code, one.meaning) for one in reversed(kinds)}
    by_code |= {DONE.code: DONE, FINDINGS.code: FINDINGS}
    return tuple(by_code[code] for code in sorted(by_code))


def all_exits(exits: Sequence[Exit]) -> tuple[Exit, ...]:
    """Return the exits of several commands, each code once."""
    by_code = {one.code: one for one in reversed(exits)}
    return tuple(by_code[code] for code in sorted(by_code))


def _all_exits(exits: Sequence[type[JinkuiError] | Exit]) -> tuple[Exit, ...]:
    """Return how a command can end, by code; of several that end with the same code, the first that was named."""
    said = [
        one if isinstance(one, Exit) else Exit(one.exit_code, one.meaning)
        for one in (UsageProblem, *exits, InterruptedByPersonError)
    ]
    by_code = {one.code: one for one in reversed((DONE, *said))}
    return tuple(by_code[code] for code in sorted(by_code))
