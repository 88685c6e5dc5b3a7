"""The parts of a document that is one record (GB/T 39362: 正本, 附件, 定稿, 处理单): what they are, in order, each with its own pages."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Component:
    """A file that is a part: its ``name`` (正本, 附件2), and the first and last of the record's pages that it has."""

    name: str
    first: int
    last: int

    def label(self, page: int) -> str:
        """Return what one of its pages is called: the part, and the number within it."""
        return f"{self.name} {page - self.first + 1}"


def components_of(files: Iterable[tuple[int, str]], last_page: int) -> tuple[Component, ...]:
    """Return the parts of a record: of each file the first of its pages and its role, empty where it is none.

    Parts of one role are numbered. ``last_page`` is the last page of the record.
    """
    every = sorted(files)
    times = Counter(role for _, role in every)
    ends = [first - 1 for first, _ in every[1:]] + [max(last_page, every[-1][0])] if every else []
    seen: Counter[str] = Counter()
    found: list[Component] = []
    for (first, role), last in zip(every, ends, strict=True):
        if role:
            seen[role] += 1
            found.append(Component(f"{role}{seen[role]}" if times[role] > 1 else role, first, last))
    return tuple(found)


def component_at(components: Sequence[Component], page: int) -> Component | None:
    """Return the part that a page of the record belongs to."""
    return next((one for one in components if one.first <= page <= one.last), None)
