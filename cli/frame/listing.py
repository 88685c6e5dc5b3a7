"""Answers that are lists: people read them as a table, programs as JSON, both made from one list of fields."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from rich.text import Text

from archives.message import Message
from cli.frame.output import Cell, Table

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Field(Generic[Item]):
    """One thing to say of every item.

    ``key`` names it in JSON (empty: only people are told), ``heading`` over a column (None: only programs are told).
    People see the value itself, nothing where it is None, or what ``shown`` makes of the item.
    """

    key: str
    heading: Message | None
    value: Callable[[Item], object]
    shown: Callable[[Item], Cell] | None = None

    def cell(self, item: Item) -> Cell:
        """Return what people read."""
        if self.shown:
            return self.shown(item)
        value = self.value(item)
        return value if isinstance(value, str | int | Message | Text) else "" if value is None else str(value)


def moment(
    key: str, heading: Message, at: Callable[[Item], datetime | None], *, none: Message | str = "—"
) -> Field[Item]:
    """Return the field of a moment: programs read it in UTC, people to the second in the time of this place.

    ``none`` is what people read where there is no such moment.
    """
    return Field(
        key,
        heading,
        lambda item: then.isoformat() if (then := at(item)) else None,
        lambda item: local_time(then) if (then := at(item)) else none,
    )


def local_time(at: datetime) -> str:
    """Return a moment as people read it: to the second, in the time zone of this place, with its offset from UTC."""
    return at.astimezone().isoformat(sep=" ", timespec="seconds")


def listing(
    title: Message, fields: Sequence[Field[Item]], items: Iterable[Item]
) -> tuple[Table, list[dict[str, object]]]:
    """Return items as a table and as JSON holds them."""
    items = tuple(items)
    columns = [(field.heading, field) for field in fields if field.heading]
    rows = tuple(tuple(field.cell(item) for _, field in columns) for item in items)
    return Table(title, tuple(heading for heading, _ in columns), rows), [as_data(fields, item) for item in items]


def as_data(fields: Sequence[Field[Item]], item: Item) -> dict[str, object]:
    """Return one item as JSON holds it."""
    return {field.key: field.value(item) for field in fields if field.key}
