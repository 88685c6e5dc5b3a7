"""What stands above a unit, and what is said there once and holds below: shown as inherited, never copied."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from archives.message import message
from archives.record.description import Description
from archives.record.elements.table import ELEMENTS
from archives.units.fonds import fonds_of
from archives.units.unit import Level, Unit
from cli.commands.catalogue.said import value_said
from cli.frame.output import Cell

_ELEMENTS_BELOW = ("author", "retention", "language", "place", "box")
"""What is said once above holds below, where nothing else is said there (ISAD(G) 2.4)."""


def from_above(said: Description, higher: Sequence[Unit]) -> Iterator[tuple[Cell, Cell]]:
    """Yield, of the units above one, what they are called, then what they say of it where it says nothing itself.

    A fonds had the name, and was the creator, of the record's own date: a later one says nothing of an older record.
    """
    higher = [_then(one, said) for one in higher]
    yield from ((message("上级", "above"), _called(one)) for one in higher)
    for element in ELEMENTS:
        if element.key not in _ELEMENTS_BELOW or element.text(said):
            continue
        for one in reversed(higher):
            if text := element.text(one.description):
                shown = value_said(element.key, text, one.description)
                told = message("{text}（承自 {code}）", "{text} (from {code})", text=shown, code=_called(one))
                yield element.label, told
                break


def _then(unit: Unit, said: Description) -> Unit:
    """Return a fonds as it was called when something was formed; where that is not plain nothing is said of its creator."""
    if unit.level is not Level.FONDS or not unit.description.names:
        return unit
    then = fonds_of(unit).on(said.formed, said.year)
    title = then.name or f"？ {' / '.join(then.candidates)}"
    return replace(unit, description=replace(unit.description, title=title, author=then.creator))


def _called(unit: Unit) -> str:
    return f"{unit.description.code.written} {unit.description.title}".strip()
