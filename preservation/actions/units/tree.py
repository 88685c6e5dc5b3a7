"""Units in the order of their tree, each below the one above it, whatever their codes sort like."""

from collections.abc import Iterator

from archives.units.unit import Level
from preservation.catalogue.levels.wanted import Listed, Wanted
from preservation.catalogue.units import Units


def tree_of(units: Units, wanted: Wanted) -> Iterator[tuple[int, Listed]]:
    """Yield the units that are wanted with their depth from 0: those without a wanted one above them, and after each its own.

    Nearly all stand in the order of codes as in that of the tree: only those that do not are remembered.
    """
    return _Tree(units, wanted).walk()


class _Tree:
    def __init__(self, units: Units, wanted: Wanted) -> None:
        self._units = units
        self._wanted = wanted
        self._apart: dict[str, None] = {}
        self._below: dict[str, list[str]] = {}
        self._may_be_above: set[str] = set()
        self._unwritten: dict[str, Listed] = {}
        self._find_apart()

    def walk(self) -> Iterator[tuple[int, Listed]]:
        """Yield every unit once."""
        left = dict(self._apart)
        path: list[str] = []
        for one in self._all():
            unit_id = one.unit.unit_id
            if unit_id not in self._apart:
                _come_back(path, one.above)
                yield len(path), one
                path.append(unit_id)
                yield from self._those_below(unit_id, len(path), left)
        known = self._of_known() if left else set()
        while left:  # above them stands what is not wanted, or each of them above the other
            first = next((one for one in left if one not in known), next(iter(left)))
            del left[first]
            for listed in self._fetched([first]):
                yield 0, listed
            yield from self._those_below(first, 1, left)

    def _find_apart(self) -> None:
        """Find, reading all once, the units that do not come below the one above them in the order of codes."""
        path: list[str] = []
        for one in self._all():
            unit_id, above = one.unit.unit_id, one.above
            if one.unit.level is not Level.ITEM:
                self._may_be_above.add(unit_id)
            if above and above not in path:
                self._apart[unit_id] = None
                self._below.setdefault(above, []).append(unit_id)
                self._unwritten |= {} if one.digest else {unit_id: one}
            else:
                _come_back(path, above)
                path.append(unit_id)

    def _of_known(self) -> set[str]:
        """Return those apart above which a wanted unit stands."""
        return {one for parent, own in self._below.items() if parent in self._may_be_above for one in own}

    def _those_below(self, unit_id: str, depth: int, left: dict[str, None]) -> Iterator[tuple[int, Listed]]:
        own = [one for one in self._below.get(unit_id, ()) if one in left]
        for one in own:
            del left[one]
        for listed in self._fetched(own):
            yield depth, listed
            yield from self._those_below(listed.unit.unit_id, depth + 1, left)

    def _all(self) -> Iterator[Listed]:
        return self._units.all(self._wanted)

    def _fetched(self, identifiers: list[str]) -> Iterator[Listed]:
        found = {**self._units.get(identifiers), **self._unwritten} if identifiers else {}
        return (found[one] for one in identifiers if one in found)


def _come_back(path: list[str], parent: str) -> None:
    """Go back on the way from the top to the unit above."""
    while path and path[-1] != parent:
        path.pop()
