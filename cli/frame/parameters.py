"""What a command takes, read from the signature of its function: a name, a type and a default stand in one place.

``credentials_file: Annotated[Path | None, Option(message(…))] = None`` is the option ``--credentials-file``. A name that
Python keeps for itself ends in ``_`` (``id_`` is ``--id``). What has no default is required; ``bool`` is a flag,
``tuple[str, ...]`` an option or an argument that may be repeated, ``Literal`` a choice.
"""

import inspect
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import click

from archives.message import Message, message
from cli.frame.places import require_folder, require_of_this_machine

_DAY = "%Y-%m-%d"
_OF_EVERY_COMMAND = ("json", "report")
_NOTHING = inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Argument:
    """Says in an annotation that a parameter is an argument (``BATCH``); a number may be bounded, both ends included.

    ``is_folder``: its path is that of a folder that is there; what cannot be one is told before anything is done.
    """

    help: Message
    least: float | None = None
    most: float | None = None
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class Option(Argument):
    """Says in an annotation that a parameter is an option (``--limit``)."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as click and help need it: ``name`` is the function's, ``written`` the user's."""

    name: str
    written: str
    help: Message
    kind: "click.ParamType[Any]"
    is_required: bool = False
    default: Any = None
    is_flag: bool = False
    is_many: bool = False

    @property
    def is_option(self) -> bool:
        """Whether it is given by name."""
        return self.written.startswith("-")


class Place(click.Path):
    """A path of this machine; an empty one, which would mean the present folder, is refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; raises as ``require_of_this_machine`` does."""
        if value == "":
            self.fail("empty", param, ctx)
        path = super().convert(value, param, ctx)
        require_of_this_machine(Path(os.fsdecode(path)))
        return path


class Folder(Place):
    """A folder that is there and can be listed."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; raises as ``require_folder`` does."""
        path: Path = super().convert(value, param, ctx)
        require_folder(path)
        return path


class Day(click.DateTime):
    """A date, written like 2027-06-30."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the date."""
        return super().convert(value, param, ctx).date()


class Number(click.FloatRange):
    """A finite number in a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(str(value), param, ctx)
        return number


class Words(click.types.StringParamType):
    """Text; bytes that are no UTF-8, as of a terminal with another encoding, are refused: nothing could be found or told by them."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the text."""
        text = super().convert(value, param, ctx)
        if any("\ud800" <= char <= "\udfff" for char in text):
            self.fail("not UTF-8", param, ctx)
        return text


PLACE = Place(path_type=Path)
JSON = Parameter(
    "json", "--json", message("输出一个 JSON 文档", "answer with one JSON document"), click.BOOL, is_flag=True
)
REPORT = Parameter(
    "report", "--report", message("另存表格到 .xlsx 或 .csv", "also write the tables to FILE.xlsx or FILE.csv"), PLACE
)


def parameters_of(run: Callable[..., object], more: Sequence[Parameter] = ()) -> tuple[Parameter, ...]:
    """Return what a function takes after the call, ``more`` being what it takes by ``**given``.

    Raises ``TypeError`` for a signature that is none of a command's.
    """
    hints = get_type_hints(run, include_extras=True)
    _, *own = inspect.signature(run).parameters.values()
    by_name = [one for one in own if one.kind is not inspect.Parameter.VAR_KEYWORD]
    found = (*(_parameter(one, hints[one.name]) for one in by_name), *more)
    if len(own) - len(by_name) != bool(more) or {one.name for one in found} & set(_OF_EVERY_COMMAND):
        raise TypeError("a command takes **given when there is more than its signature says, and never json or report")
    return found


def option(name: str, hint: Any, said: Message) -> Parameter:
    """Return an option that nobody need give, of a type as annotations name it."""
    return _described(name, hint, Option(said), default=None)


def _parameter(own: inspect.Parameter, hint: Any) -> Parameter:
    said = next((one for one in getattr(hint, "__metadata__", ()) if isinstance(one, Argument)), None)
    if said is None or own.kind is not inspect.Parameter.KEYWORD_ONLY:
        raise TypeError(f"{own.name}: a parameter is keyword-only and annotated with Argument or Option")
    return _described(own.name, get_args(hint)[0], said, default=own.default)


def _described(name: str, hint: Any, said: Argument, *, default: object) -> Parameter:
    if isinstance(hint, UnionType):
        (hint,) = (one for one in get_args(hint) if one is not NoneType)
    is_many, is_option, is_required = get_origin(hint) is tuple, isinstance(said, Option), default is _NOTHING
    bare = name.rstrip("_")
    return Parameter(
        name,
        f"--{bare.replace('_', '-')}" if is_option else f"{bare.upper()}{'...' if is_many else ''}",
        said.help,
        _kind(get_args(hint)[0] if is_many else hint, said),
        is_required=is_required,
        default=None if is_many or is_required else default,
        is_flag=is_option and hint is bool,
        is_many=is_many,
    )


def _kind(hint: Any, said: Argument) -> "click.ParamType[Any]":
    if get_origin(hint) is Literal:
        return click.Choice(get_args(hint))
    least, most = (None if bound is None else int(bound) for bound in (said.least, said.most))
    kinds: dict[Any, click.ParamType[Any]] = {
        str: Words(),
        bool: click.BOOL,
        int: click.INT if least is most is None else click.IntRange(least, most),
        float: click.FLOAT if least is most is None else Number(said.least, said.most),
        Path: Folder(path_type=Path, readable=False) if said.is_folder else PLACE,
        date: Day([_DAY]),
    }
    return kinds[hint]
