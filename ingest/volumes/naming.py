"""What the files of a volume are called as pages: by what their names and folders say beyond the codes of volume and items.

Names may count the pages of the volume (``J2-17-001``, ``J2-17-001-1`` for a slip) or those of each item
(``J2-17-01-001``, ``01/001``). Which of the two is meant shows in all names of a volume together, never in one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from archives.record.identifiers import archival_code_key, as_in_file_names
from archives.record.volume.label_rules import LabelRule, label_in_item, label_of, labels_of
from archives.record.volume.page_label import PageKind, PageLabel

_SIGNS = "-_. /"
_FIRST = re.compile(r"[-_. /]*([0-9]+)(?=[-_. /]|$)")


@dataclass(frozen=True, slots=True)
class NamedPage:
    """A file's label, and the number of the item to whose folder or code its name belongs, empty where it says none."""

    label: PageLabel
    item: str = ""


@dataclass(frozen=True, slots=True)
class VolumeNames:
    """How the files of one volume are named: the key of its code, and by those of its items their numbers.

    Keys are as ``as_in_file_names`` gives them: the dots of codes and the low lines of file names are equal.
    """

    key: str
    items: Mapping[str, str]
    rules: tuple[LabelRule, ...] = ()

    def pages(self, relatives: Sequence[str]) -> tuple[NamedPage, ...]:
        """Return what each of a volume's files is called, named by its way in the batch."""
        codes = CodesOfPaths((self.key, *self.items))
        told = [self._told(relative, codes) for relative in relatives]
        own = self._without_tail([rest for item, rest in told if not item])
        counts_items = self._count_items(own)
        following = iter(own)
        named = [one if one[0] else _divided(next(following), counts_items=counts_items) for one in told]
        within = self._are_counted_within(named)
        free = iter(labels_of([rest for item, rest in named if not (item and within)], self.rules))
        return tuple(
            NamedPage(
                label_in_item(rest.strip(_SIGNS) or "1", item, self.rules) if item and within else next(free), item
            )
            for item, rest in named
        )

    def _are_counted_within(self, named: Sequence[tuple[str, str]]) -> bool:
        """Say whether items count their own pages: then two of them have the same one."""
        places = {(label_of(rest or "1", self.rules).place, item) for item, rest in named if item}
        has_bare = any(item and not rest.strip(_SIGNS) for item, rest in named)
        return has_bare or len({place for place, _ in places}) < len(places)

    def _told(self, relative: str, codes: "CodesOfPaths") -> tuple[str, str]:
        """Return the item in whose folder a file lies, and what its name says beyond the codes."""
        path = PurePosixPath(relative)
        item, start, known = "", 0, self.key
        for place in range(1, len(path.parts)):
            key = codes.key(path.parts[:place])
            if key == self.key or key in self.items:
                item, start, known = self.items.get(key, ""), place, key
        rest = _beyond(path.stem, known)
        if rest is None:
            rest = _beyond(path.stem, self.key)
        inner = path.parts[start:-1]
        return item, "/".join((*inner, path.stem if rest is None else rest))

    def _count_items(self, rests: Sequence[str]) -> bool:
        """Say whether the first of two numbers in these names is that of an item, not of the page of a slip."""
        alone, heads = self._heads(rests)
        known = {int(number) for number in self.items.values() if number.isdecimal()}
        return bool(heads) and not heads & alone and heads | alone <= known

    def _without_tail(self, rests: Sequence[str]) -> list[str]:
        """Return names without the last number of the volume's code, where all that have two begin with that."""
        tail = re.split(r"[-_]", self.key)[-1]
        alone, heads = self._heads(rests)
        if alone or not tail.isdecimal() or heads != {int(tail)}:
            return [*rests]
        return [_divided(rest, counts_items=True)[1] if self._heads([rest])[1] else rest for rest in rests]

    def _heads(self, rests: Sequence[str]) -> tuple[set[int | None], set[int | None]]:
        """Return the numbers that stand alone in names, and those before a second one."""
        labels = [label for rest in rests if (label := label_of(rest, self.rules)).kind is PageKind.PAGE]
        second = [bool(label.slips) and label.slips[0].isdecimal() for label in labels]
        alone = {label.number for label, has_second in zip(labels, second, strict=True) if not has_second}
        return alone, {label.number for label, has_second in zip(labels, second, strict=True) if has_second}


def _divided(rest: str, *, counts_items: bool) -> tuple[str, str]:
    """Return the number of the item with which a name begins, where it does, and what follows it."""
    first = _FIRST.match(rest) if counts_items else None
    return (first[1], rest[first.end() :].strip(_SIGNS)) if first else ("", rest)


_MOST_PARTS = 5


class CodesOfPaths:
    """Finds the code that a folder stands for: by its name, or by the names of nested ones, each a part of the code.

    ``J019/2/15`` and ``J019/2/0015`` are the folder of J019-2-15, and ``HC/1/3`` is that of HC/1/3, where those are among the
    ``keys``.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = frozenset(keys)
        self._bare = {_without_zeros(key): key for key in sorted(self._keys)}

    def key(self, parts: Sequence[str]) -> str:
        """Return the key of a folder's code, else the form in which its name is compared."""
        own = loose_key(parts[-1]) if parts else ""
        if own in self._keys:
            return own
        lengths = range(2, min(_MOST_PARTS, len(parts)) + 1)
        nested = (sign.join(map(loose_key, parts[-length:])) for length in lengths for sign in "-_")
        return next((self._bare[bare] for one in nested if (bare := _without_zeros(one)) in self._bare), own)


def _without_zeros(key: str) -> str:
    return "-".join(part.lstrip("0") or "0" if part.isdecimal() else part for part in key.split("-"))


def but_for_zeros(name: str) -> str:
    """Return a code or a name in the form that those have in common which differ in leading zeros only."""
    return _without_zeros(loose_key(name))


def loose_key(name: str) -> str:
    """Return a code or a name in the form in which they are compared."""
    return as_in_file_names(archival_code_key(name))


def _beyond(stem: str, key: str) -> str | None:
    """Return what a name goes on with behind a code, None where it does not begin with that."""
    plain = loose_key(stem)
    if not plain.startswith(key):
        return None
    rest = plain[len(key) :]
    return rest if not (rest[:1].isdecimal() and key[-1:].isdecimal()) else None
