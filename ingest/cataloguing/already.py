"""What the catalogue has already of a row: the same or more, the same unit said otherwise, or another unit of its code.

A row that says otherwise is never passed over in silence: of the same unit it is told, to be corrected there; a row that
is about something else comes in, and two units have one code until somebody settles which it is.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from archives.record.elements.table import ELEMENTS
from archives.record.identifiers import archival_code_key
from archives.text.unseen import as_compared
from archives.units.fonds import unwritten_ids
from archives.units.state import GONE, State
from archives.units.unit import Level, Unit
from ingest.cataloguing.rows import Origin, names_unit, place_of, unit_of
from ingest.profiles.reading import ProfiledRow
from ingest.sheets.headings import OF_LINES, fold_heading
from preservation.catalogue.units import Units

Earlier = Callable[[Mapping[str, int]], Mapping[str, Unit]]
"""Finds units at revisions that are no longer the newest."""
_UNTOLD_STATES = (State.HELD, State.NOT_DIGITISED)
"""States of which an import knows less than the catalogue: files that came since settle them."""
_UNWRITTEN = (Level.FONDS, Level.SERIES)
"""Levels of which there are units that no row describes."""
_SIGNS = re.compile(r"[\W_]+")


class Standing(Enum):
    """What becomes of a row beside the units that were described before its import."""

    NEW = "no other unit has its code"
    KNOWN = "a unit says the same, or more"
    DIFFERS = "the same unit is described, and says otherwise or less"
    DOUBLED = "another unit has its code"
    PURGED = "the data of its unit were purged"

    @property
    def comes_in(self) -> bool:
        """Whether the row becomes a unit."""
        return self in (Standing.NEW, Standing.DOUBLED)


@dataclass(frozen=True, slots=True)
class Difference:
    """An element by its key (or its name, beside them) with what the row says and what the catalogue says."""

    element: str
    said: str
    held: str


@dataclass(frozen=True, slots=True)
class Stands:
    """How a row stands: the unit that it is or becomes, and what it says otherwise than the one that is described.

    ``is_in``: this import brought that unit in before, and it was not taken back since. ``instead_of``: the identifier that
    the row states, where that is of a unit of another repository.
    """

    standing: Standing
    unit_id: str
    differences: tuple[Difference, ...] = ()
    is_in: bool = False
    instead_of: str = ""

    @property
    def described(self) -> str:
        """The unit that is to be corrected, if one is."""
        return self.unit_id if self.standing is Standing.DIFFERS else ""


class Already:
    """What was described before an import, or by another one; what the import itself brought counts as not yet there.

    ``elsewhere`` are the other repositories of the archive, whose units are never taken for those of this one.
    """

    def __init__(self, origin: Origin, units: Units, earlier: Earlier, elsewhere: Collection[str] = ()) -> None:
        self.origin, self.units, self._earlier, self._elsewhere = origin, units, earlier, elsewhere

    def identifiers(self, codes: Iterable[str]) -> Mapping[str, Collection[str]]:
        """Return the units that have these codes, by the matching forms of the codes."""
        return self.units.identifiers(self.origin.repository, codes, but_of=self.origin.import_id)

    def stands(self, rows: Sequence[ProfiledRow], known: Mapping[str, Collection[str]]) -> list[Stands]:
        """Return how each of these rows stands, in their order; ``known`` are the units that have their codes."""
        origin = self.origin
        own = {place: origin.unit_id(row) for place, row in enumerate(rows)}
        mine = self._there(own.values())
        foreign = {place: own[place] for place, row in enumerate(rows) if self._is_elsewhere(row, own[place], mine)}
        if foreign:
            own |= {place: origin.id_at(place_of(rows[place])) for place in foreign}
            mine |= self._there(own[place] for place in foreign)
        purged = self._purged(rows, own, mine)
        others = {place: () if place in purged else self._others(row, known) for place, row in enumerate(rows)}
        asked = {unit_id for found in others.values() for unit_id in found}
        there = mine | self._there(asked - mine.keys()) if asked else mine
        there = {key: unit for key, unit in there.items() if unit.state not in GONE}
        beside = {place: self._beside(own[place], others[place], there) for place in own if place not in purged}
        apart = {place: unit_of(rows[place], origin, own[place], parent="") for place, found in beside.items() if found}
        told = {
            unit.unit_id: unit
            for place in apart
            for unit in beside[place]
            if _differences(apart[place], [unit], rows[place])
        }
        versions = self._versions(told)
        answer = [
            Stands(Standing.PURGED, own[place])
            if place in purged
            else _stands(row, apart[place], beside[place], versions)
            if beside[place]
            else Stands(Standing.NEW, own[place], is_in=own[place] in there)
            for place, row in enumerate(rows)
        ]
        return [replace(one, instead_of=foreign.get(place, "")) if foreign else one for place, one in enumerate(answer)]

    def elsewhere(self, unit_ids: Iterable[str]) -> frozenset[str]:
        """Return those of these units that are another repository's."""
        found = self._there(unit_ids) if self._elsewhere else {}
        return frozenset(key for key, unit in found.items() if unit.repository != self.origin.repository)

    def _is_elsewhere(self, row: ProfiledRow, own: str, mine: Mapping[str, Unit]) -> bool:
        """Say whether a row names a unit of another repository; none that was purged, of which nothing comes in anywhere."""
        if not self._elsewhere or not names_unit(row):
            return False
        if own in mine:
            return mine[own].repository != self.origin.repository and not _is_purged(mine[own])
        key = archival_code_key(row.code)
        return row.level in _UNWRITTEN and any(own in unwritten_ids(place, key) for place in self._elsewhere)

    def _there(self, unit_ids: Iterable[str]) -> dict[str, Unit]:
        """Return those of these units that there are: a first import asks for nothing but whether there are any."""
        found = self.units.get(some) if (some := self.units.there(unit_ids)) else {}
        return {key: one.unit for key, one in found.items()}

    def _purged(self, rows: Sequence[ProfiledRow], own: Mapping[int, str], mine: Mapping[str, Unit]) -> frozenset[int]:
        """Return which rows are about units that were purged: by their identifiers, else by codes that nothing else has."""
        unnamed = {
            place: key
            for place, row in enumerate(rows)
            if own[place] not in mine and not names_unit(row) and (key := archival_code_key(row.code))
        }
        gone = self.units.packages.purged_under(self.origin.repository, unnamed.values())
        gone -= self.units.identifiers(self.origin.repository, gone).keys() if gone else frozenset()
        by_code = {place for place, key in unnamed.items() if key in gone}
        return frozenset(by_code | {place for place in own if _is_purged(mine.get(own[place]))})

    def _others(self, row: ProfiledRow, known: Mapping[str, Collection[str]]) -> Collection[str]:
        return known.get(archival_code_key(row.code), ()) if row.code else ()

    def _beside(self, own: str, others: Collection[str], there: Mapping[str, Unit]) -> list[Unit]:
        """Return the units that a row is compared with: the one that it names, else those of its code; none if it is in."""
        if own in there:
            return [] if there[own].import_id == self.origin.import_id else [there[own]]
        return [there[one] for one in others if one in there]

    def _versions(self, units: Mapping[str, Unit]) -> Mapping[str, Sequence[Unit]]:
        """Return all that was ever said of units, the newest first: a table that came before they were corrected says that."""
        found: dict[str, list[Unit]] = defaultdict(list)
        older = {key: unit.revision - 1 for key, unit in units.items() if unit.revision > 1}
        while older:
            for key, unit in self._earlier(older).items():
                found[key].append(unit)
            older = {key: revision - 1 for key, revision in older.items() if revision > 1}
        return found


def _is_purged(unit: Unit | None) -> bool:
    return unit is not None and unit.state is State.PURGED


def _stands(row: ProfiledRow, said: Unit, beside: Sequence[Unit], versions: Mapping[str, Sequence[Unit]]) -> Stands:
    """Compare a row with every unit that it may be; the first that says the same is it, else the first that it can be."""
    told: list[tuple[Unit, tuple[Difference, ...]]] = []
    for unit in beside:
        ever = [unit, *versions.get(unit.unit_id, ())]
        differences = tuple(_differences(said, ever, row))
        if not differences:
            return Stands(Standing.KNOWN, unit.unit_id)
        if said.unit_id == unit.unit_id or any(_is_same(said, one) for one in ever):
            told.append((unit, differences))
    if told:
        unit, differences = told[0]
        return Stands(Standing.DIFFERS, unit.unit_id, differences)
    title = Difference("title", said.description.title, beside[0].description.title)
    return Stands(Standing.DOUBLED, said.unit_id, (title,))


def _is_same(said: Unit, held: Unit) -> bool:
    """Say whether a row of the same code may be about the same unit: its title is alike, and no day lies apart."""
    titles = [_SIGNS.sub("", as_compared(one.description.title)) for one in (said, held)]
    first, second = said.description.formed, held.description.formed
    is_apart = first and second and (first.latest < second.earliest or second.latest < first.earliest)
    return not is_apart and (titles[0] == titles[1] or not all(titles))


def _differences(said: Unit, ever: Sequence[Unit], row: ProfiledRow) -> Iterator[Difference]:
    """Yield what is said of a unit and never was; of elements that are many with names each by its name."""
    held = ever[0]
    for element in ELEMENTS:
        if element.kind.parse is None:
            pairs = [{*_pairs(getattr(one.description, element.field))} for one in ever]
            for name, text in getattr(said.description, element.field):
                if fold_heading(name) in OF_LINES:
                    continue
                if text and all((name, as_compared(text)) not in one for one in pairs):
                    stood = [was for label, was in getattr(held.description, element.field) if label == name]
                    yield Difference(name, text, "、".join(stood))
            continue
        plain = archival_code_key if element.key == "code" else as_compared
        text = element.text(said.description)
        if text and all(plain(text) != plain(element.text(one.description)) for one in ever):
            yield Difference(element.key, text, element.text(held.description))
    if "level" in row.cells and all(said.level is not one.level for one in ever):
        yield Difference("level", said.level.value, held.level.value)
    if said.state not in _UNTOLD_STATES and all(said.state is not one.state for one in ever):
        yield Difference("state", said.state.value, held.state.value)


def _pairs(pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((name, as_compared(text)) for name, text in pairs)
