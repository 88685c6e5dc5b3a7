"""A workbook to be filled in, as values: its worksheets, their columns, what each means, what may stand there, an example."""

from collections.abc import Mapping
from dataclasses import dataclass

from archives.message import Message


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what goes into it, what is offered to choose from, an example of each row of the example.

    ``is_closed``: nothing but what is offered is understood; else it is a proposal.
    """

    key: str
    heading: Message
    meaning: Message
    values: tuple[Message, ...] = ()
    is_required: bool = False
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A worksheet: its name, its columns in their order, and the rows of its example by the keys of columns."""

    title: Message
    columns: tuple[Column, ...]
    example: tuple[Mapping[str, Message], ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A workbook by the ``name`` that it is asked for, with what is to be done with it when it is filled in."""

    name: str
    worksheets: tuple[Worksheet, ...]
    next_step: Message
