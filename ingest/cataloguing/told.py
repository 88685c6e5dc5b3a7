"""What was found in the rows of a table, told so that people read it: once, with how often it was found and where first."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from archives.findings import Finding
from archives.message import Message, listed, message
from ingest.cataloguing.rows import Origin, place_in
from ingest.dirt.kinds import DirtKind

_MOST_OF_A_KIND = 50
_MOST_TOLD = 10


class ToldOnce:
    """What was found: what is said alike of many places stands once, with the first of them; of a kind at most so many."""

    def __init__(self) -> None:
        self._found: dict[str, dict[Message, list[Finding]]] = {}
        self._more: Counter[str] = Counter()
        self._counts: Counter[tuple[str, Message]] = Counter()

    def take(self, findings: Iterable[Finding]) -> None:
        """Take findings in."""
        for found in findings:
            same = self._found.setdefault(found.code, {})
            if found.message not in same and len(same) == _MOST_OF_A_KIND:
                self._more[found.code] += 1
                continue
            places = same.setdefault(found.message, [])
            self._counts[found.code, found.message] += 1
            if len(places) < _MOST_TOLD:
                places.append(found)

    def told(self) -> tuple[Finding, ...]:
        """Return them, kind by kind."""
        return tuple(found for code in self._found for found in (*self._each(code), *self._rest(code)))

    def _each(self, code: str) -> Iterator[Finding]:
        for said, places in self._found[code].items():
            count = self._counts[code, said]
            first = listed([f"{one.file} {one.cell or one.row}" for one in places])
            many = message("{said}（{n} 处：{first}）", "{said} ({n} places: {first})", said=said, n=count, first=first)
            yield places[0] if count == 1 else replace(places[0], message=many)

    def _rest(self, code: str) -> Iterator[Finding]:
        if more := self._more[code]:
            said = message("同类问题另有 {n} 处", "{n} more of this kind", n=more)
            first = next(iter(self._found[code].values()))[0]
            yield replace(first, message=said, row=None, cell=None)


def finding_of(kind: DirtKind, origin: Origin) -> Finding:
    """Return a kind of dirt of an import as one finding: how often, where first, and about which units if they are few."""
    first = listed([f"{one.file} {one.cell or one.number}" for one in kind.first[:_MOST_TOLD]])
    said = message(
        "{said}（{n} 处：{first}）", "{said} ({n} places: {first})", said=kind.message, n=kind.count, first=first
    )
    row = kind.first[0] if kind.first else None
    is_all = kind.count == len(kind.first)
    places = {place_in(one.file, one.worksheet, one.number): None for one in kind.first if is_all}
    elements = {one.element for one in kind.first}
    found = Finding(kind.code, kind.severity, said, advice=kind.advice, units=tuple(map(origin.id_at, places)))
    found = replace(found, element=elements.pop() if len(elements) == 1 else "")
    return found.at(file=row.file, row=row.number, cell=row.cell or None) if row else found
