"""Which unit stands above a row: the one that is said, else the longest part of its own code that is one, lost zeros aside."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from archives.record.identifiers import archival_code_key
from ingest.cataloguing.rows import facts_of, fonds_of
from ingest.dirt.dirt import alike_key
from ingest.profiles.reading import ProfiledRow

_LAST_NUMBER = re.compile(r"(?<![0-9])0*([0-9]+)$")
_WIDEST = 6
Identified = Mapping[str, Collection[str]]
"""Identifiers of units, by the matching forms of their codes."""


class Above:
    """The units of an import that may have others below them, by the matching forms of their codes.

    Where no code is the very one, the only one that differs from it in leading zeros is meant: one table has 案卷号 12 and
    the other 0012. Of several nobody can tell which.
    """

    def __init__(self, units: Mapping[str, str]) -> None:
        self._units = units
        self._alike: dict[str, str] = {}
        for key in units:
            bare = alike_key(key)
            self._alike[bare] = "" if bare in self._alike else key

    def code(self, row: ProfiledRow) -> str:
        """Return the code of the unit above a row; where none of this import is, the one that it would have."""
        if stated := row.parent or facts_of(row).get("parent_code", ""):
            return self._known(archival_code_key(stated)) or stated
        key = archival_code_key(row.code)
        shorter = key
        while (cut := max(map(shorter.rfind, "-/·.,"))) > 0:
            shorter = shorter[:cut]
            if known := self._known(shorter):
                return known
        return key[: max(0, max(map(key.rfind, "-/,")))] if key else fonds_of(row)

    def units_of(self, codes: Iterable[str], described: Callable[[Iterable[str]], Identified]) -> dict[str, str]:
        """Return the unit of each code that has one, in this import or among those ``described``, zeros aside there too."""
        keys = {code: archival_code_key(code) for code in codes if code}
        found = {code: self._units[key] for code, key in keys.items() if key in self._units}
        known = described(code for code in keys if code not in found)
        found |= {code: next(iter(known[key])) for code, key in keys.items() if code not in found and key in known}
        alike = {code: _other_widths(key) for code, key in keys.items() if code not in found}
        known = described(one for widths in alike.values() for one in widths) if any(alike.values()) else {}
        for code, widths in alike.items():
            if len(units := [unit for one in widths for unit in known.get(one, ())]) == 1:
                found[code] = units[0]
        return found

    def _known(self, key: str) -> str:
        return key if key in self._units else self._alike.get(alike_key(key), "")


def _other_widths(key: str) -> tuple[str, ...]:
    """Return a code with its last number in other widths, padded with zeros or not."""
    if (number := _LAST_NUMBER.search(key)) is None or not number.start():
        return ()
    head, digits = key[: number.start()], number[1]
    every = dict.fromkeys(f"{head}{digits.rjust(width, '0')}" for width in range(len(digits), _WIDEST + 1))
    return tuple(one for one in every if one != key)
