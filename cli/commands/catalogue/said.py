"""What is said of a unit as readers see it: dates as they are written, languages by name, what nobody could read marked."""

from collections.abc import Iterator

from archives.message import Message, joined, listed, message
from archives.record.dates.shown import shown_date
from archives.record.dates.year import BY_DATE
from archives.record.description import Description, as_written
from archives.record.elements.security import secrecy_state
from archives.record.elements.table import ELEMENTS
from archives.record.holding import Holding
from archives.record.rights import term
from archives.units.unit import Unit
from cli import wiring
from cli.frame.output import Cell
from cli.home.home import Home
from preservation.catalogue.levels.wanted import Listed

_TERMS = ("retention", "security", "language", "opening_proposal")
_DATE = next(element for element in ELEMENTS if element.field == "formed")
_AS_WRITTEN = {as_written(element.name): element for element in ELEMENTS}


def elements_said(said: Description) -> Iterator[tuple[Cell, Cell]]:
    """Yield every element that a description has, by its name, and what stands beside the elements."""
    for element in ELEMENTS:
        if element.key == "persons":
            yield from ((element.label, f"{what} {who}".strip()) for what, who in said.persons)
        elif element.key != "other" and (text := value_said(element.key, element.text(said), said)):
            yield element.label, text
        if element.key == "security" and (state := secrecy_state(said, wiring.today())):
            yield message("密级现状", "state of secrecy"), state
    for name, text in said.other:
        yield _beside(name, said), text


def value_said(key: str, text: str, said: Description) -> str | Message:
    """Return an element as a reader is told it; ``text`` is its value as programs are."""
    if key == _DATE.key:
        return shown_date(said.formed.written) if said.formed else ""
    if key == "year_basis" and text == BY_DATE:
        return message(BY_DATE, "the date")
    return term(text) if text and key in _TERMS else text


def date_said(said: Description) -> str | Message:
    """Return the date of formation as it is written, marked where nobody could read it; empty where there is none."""
    text = date_written(said)
    return text if said.formed or not text else message("{text}（未能识读）", "{text} (not read)", text=text)


def date_written(said: Description) -> str:
    """Return the date of formation as it is written, whether anybody could read it or not."""
    return said.formed.written if said.formed else dict(said.other).get(as_written(_DATE.name), "")


def pages_of(home: Home, item: Holding) -> tuple[str, str]:
    """Return the pages of an item of a volume as people cite them, and the code of the volume in whose package it lies."""
    one = next((one for one in item.volume.items if one.unit_id == item.item), None) if item.volume else None
    volumes = home.catalogue.named([item.package_id.value])
    code = next((volume.description.code.written for volume in volumes), "")
    return item.volume.pages_told(one) if item.volume and one else "", code


def pages_said(pages: str, volume: str) -> Message:
    """Return them as a reader is told."""
    return message("{pages}（案卷 {volume}）", "{pages} (of the volume {volume})", pages=pages, volume=volume)


def called_alike(home: Home, unit: Unit) -> tuple[Listed, ...]:
    """Return the other units that have the code of one."""
    code = unit.description.code
    found = home.catalogue.units.by_code(unit.repository, [code.written]).get(code.key, ()) if code.key else ()
    return tuple(one for one in found if one.unit.unit_id != unit.unit_id)


def about_its_code(home: Home, unit: Unit, code: str) -> tuple[Message, ...]:
    """Return sentences about other units that have the code of one, or had the code by which it was asked for."""
    told: list[Message] = []
    if alike := called_alike(home, unit):
        said = message(
            "档号 {code} 有 {n} 个著录单元，这里是 {id}；另有 {others}；请用单元标识查看",
            "{n} {n:unit|units} {n:has|have} the code {code}; this is {id}, and there is {others}: ask for one by its identifier",
            code=unit.description.code.written,
            n=len(alike) + 1,
            id=unit.unit_id,
            others=listed([f"{one.unit.unit_id} {one.unit.description.title}".strip() for one in alike]),
        )
        told.append(said)
    had = home.catalogue.units.by_former_code(unit.repository, [code]).values()
    others = [one.unit.description.code.written for some in had for one in some if one.unit.unit_id != unit.unit_id]
    if others:
        zh, en = "{code} 曾是 {others} 的档号", "{code} was the code of {others} before"
        told.append(message(zh, en, code=code, others=joined(others)))
    return tuple(told)


def _beside(name: str, said: Description) -> str | Message:
    """Return the name of what stands beside the elements; what is the only word about an element was not read as one."""
    element = _AS_WRITTEN.get(name)
    if element is None:
        return name
    if element.text(said):
        return message("{name}（照录）", "{label}, as written", name=element.name, label=element.label)
    return message("{name}（照录，未能识读）", "{label}, as written, not read", name=element.name, label=element.label)
