"""A printed form as data: its paper, title, head, columns, foot and cover, read from TOML.

Titles and columns differ from archives to archives and from one edition of a standard to the next: they are never code.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import ClassVar, Literal

from archives.errors import ConfigurationError
from archives.message import Language, Message, message
from archives.toml_reason import toml_reason

Align = Literal["left", "center", "right"]
LevelName = Literal["fonds", "series", "file", "group", "item"]
"""A level as a file of forms names it (``archives.units.unit.Level``)."""


class _Exact:
    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Words(_Exact):
    """What is printed, in both languages."""

    zh: str
    en: str

    def text(self, language: Language) -> str:
        """Return the words for a reader of ``language``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Paper(_Exact):
    """A sheet as it lies before the reader: its size and what is left free, all in mm. ``left_mm`` is where it is bound."""

    width_mm: float
    height_mm: float
    left_mm: float = 25
    right_mm: float = 15
    top_mm: float = 15
    bottom_mm: float = 15


@dataclass(frozen=True, slots=True)
class Blank(_Exact):
    """A place to fill in: the key of the value that stands there and what is printed before it."""

    key: str
    label: Words


@dataclass(frozen=True, slots=True)
class Column(_Exact):
    """A column: the key of the element that stands in it, its heading, its width in mm.

    Widths are shares: all columns together are as wide as the paper allows. ``sequence`` is counted where a row has none.
    """

    key: str
    heading: Words
    width_mm: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Form(_Exact):
    """A form: what of it is empty does not stand on it.

    ``source`` is the clause or the practice it follows; ``is_confirmed`` whether its wording was compared with the
    standard's own. ``cover`` is a page before the others. ``head`` stands above the table of every page, ``foot`` below
    the last row. ``group`` is what a line across the table says of a row of the level 案卷, whose items follow it.
    ``frame`` is one large field instead of a table, ``cells`` are fields one below the other, as on the spine of a box.
    ``row_mm`` is the least height of a row; ``fills``: the last page is ruled to its end, to be gone on with by hand.
    ``levels`` are those of the units that stand on it or that it is about. ``each`` are the keys of what all units on one
    form say alike, so that each volume, each box or each year and retention has one of its own; what says nothing of
    ``needs`` is on none. ``volumes``: only volumes and what stands in them, or only the others, are on it. ``made_by`` is the
    command that makes it of what it did, where no list of units may be called by its name.
    """

    name: str
    title: Words
    source: str
    is_confirmed: bool
    paper: Paper
    levels: tuple[LevelName, ...] = ()
    each: tuple[str, ...] = ()
    needs: str = ""
    volumes: Literal["", "inside", "outside"] = ""
    made_by: str = ""
    text_pt: float = 10.5
    title_pt: float = 18
    row_mm: float = 10
    fills: bool = False
    cover: tuple[Blank, ...] = ()
    head: tuple[Blank, ...] = ()
    columns: tuple[Column, ...] = ()
    group: tuple[Blank, ...] = ()
    frame: Blank | None = None
    cells: tuple[Blank, ...] = ()
    foot: tuple[Blank, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """What one form is filled with: values of cover, head, frame, cells and foot by key, and rows by keys of columns."""

    head: Mapping[str, str]
    rows: Iterable[Mapping[str, str]] = ()


@cache
def built_in_forms() -> Mapping[str, Form]:
    """Return the forms that come with Jinkui, by name."""
    return read_forms(resources.files("preservation.handouts").joinpath("forms.toml").read_text("utf-8"))


def read_forms(text: str) -> Mapping[str, Form]:
    """Return the forms of a TOML document, a table a form, by name; raises ``ConfigurationError`` where it says anything else."""
    from pydantic import TypeAdapter, ValidationError

    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise _unusable("TOML", toml_reason(cause)) from cause
    forms: dict[str, Form] = {}
    for name, table in tables.items():
        try:
            forms[name] = TypeAdapter(Form).validate_python(
                {"name": name, **table} if isinstance(table, dict) else table
            )
        except ValidationError as cause:
            first = cause.errors()[0]
            raise _unusable(".".join(map(str, (name, *first["loc"]))), first["msg"]) from cause
    return forms


def _unusable(place: str, words: str | Message) -> ConfigurationError:
    said: Message = message(
        "表格文件中的 {place} 无法使用（“{words}”）；请改正后再运行一次",
        "{place} in the file of forms cannot be used (“{words}”); correct it and run the command again",
        place=place,
        words=words,
    )
    return ConfigurationError(said, subject=place)
