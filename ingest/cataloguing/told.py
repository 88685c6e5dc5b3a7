"""What was found in the rows of a table, told so that people read it: once, with how often it was found and where."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from archives.findings import Finding
from archives.message import Message, message
from ingest.cataloguing.rows import Origin, place_in
from ingest.dirt.kinds import BESIDE_DESCRIBED, DirtKind
from ingest.dirt.places import Places

_MOST_OF_A_KIND = 50
_MOST_COMPARED = 20


class ToldOnce:
    """What was found: what is said alike of many places stands once, with all of them; of a kind at most so many."""

    def __init__(self) -> None:
        self._found: dict[str, dict[Message, tuple[Finding, Places]]] = {}
        self._more: Counter[str] = Counter()

    def take(self, findings: Iterable[Finding]) -> None:
        """Take findings in."""
        for found in findings:
            same = self._found.setdefault(found.code, {})
            if found.message not in same and len(same) == _MOST_OF_A_KIND:
                self._more[found.code] += 1
                continue
            _, places = same.setdefault(found.message, (found, Places()))
            places.add(found.file or "", found.row or 0, found.cell or "")

    def told(self) -> tuple[Finding, ...]:
        """Return them, kind by kind."""
        return tuple(found for code in self._found for found in (*self._each(code), *self._rest(code)))

    def _each(self, code: str) -> Iterator[Finding]:
        for said, (first, places) in self._found[code].items():
            yield first if places.count == 1 else replace(first, message=_said_of(said, places.count, places.told()))

    def _rest(self, code: str) -> Iterator[Finding]:
        if more := self._more[code]:
            said = message("同类问题另有 {n} 处", "{n} more of this kind", n=more)
            first, _ = next(iter(self._found[code].values()))
            yield replace(first, message=said, row=None, cell=None)


def finding_of(kind: DirtKind, origin: Origin) -> Finding:
    """Return a kind of dirt of an import as one finding: how often, where, and about which units if they are few.

    What a row says otherwise than a unit that is described is about that unit.
    """
    said = kind.places
    if kind.code in BESIDE_DESCRIBED:
        said = message("{places}: {said}", "{places}: {said}", places=said, said=kind.told_at(_MOST_COMPARED))
    row = kind.first[0] if kind.first else None
    few = kind.first if kind.count == len(kind.first) else ()
    units = dict.fromkeys(
        one.beside
        if one.beside and kind.code in BESIDE_DESCRIBED
        else origin.id_at(place_in(one.file, one.worksheet, one.number))
        for one in few
    )
    elements = {one.element for one in kind.first}
    found = Finding(
        kind.code,
        kind.severity,
        _said_of(kind.message, kind.count, said),
        advice=kind.advice,
        units=tuple(units),
    )
    found = replace(found, element=elements.pop() if len(elements) == 1 else "")
    return found.at(file=row.where, row=row.number, cell=row.cell or None) if row else found


def _said_of(said: Message, count: int, places: Message) -> Message:
    return message("{said}（{n} 处：{places}）", "{said} ({n} places: {places})", said=said, n=count, places=places)
