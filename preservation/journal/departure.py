"""Where a store leaves the chain of this home for what the same key signed elsewhere: then the home is behind.

A home that is behind still records closings, on its own chain alone. So a store is not asked whether it goes further than
the home, but whether it goes another way, wherever that begins.
"""

from collections.abc import Sequence
from contextlib import suppress

from archives.journal.chain import Head
from preservation.journal.chain import NOT_WHOLE, GroupSource, follow_to, groups_from, read_head, read_next
from preservation.journal.memory import Memory
from preservation.stores.store import Store


def departure_of(store: Store, memory: Memory, sources: Sequence[GroupSource]) -> Head | None:
    """Return the end after which a store goes on with what this home's key signed and the home does not know, else None.

    A store that stands where the home knows it to stand costs its head alone; of another what follows that is read, and
    the whole journal where it does not lead to where the store stands.
    """
    known, end = memory.confirmed(store.name), memory.end
    with suppress(*NOT_WHOLE):
        stands = read_head(store)
        if stands in (Head(), known, end):
            return None
        left, has_passed = _walk(store, memory, sources, known, stands)
        if left is None and not has_passed and known != Head():
            left, has_passed = _walk(store, memory, sources, Head(), stands)
            if left is None and not has_passed and _is_replaced(store, memory, known):
                left = Head()
        return left
    return None


def _is_replaced(store: Store, memory: Memory, known: Head) -> bool:
    """Say whether a store's own chain goes past where it was known to stand by another way, which our key signed.

    So it is where another home put what this one signed aside, in every store: nobody can follow the home's chain then.
    """
    last = None
    for last in groups_from(store, Head()):
        if last.end == known:
            return False
    return last is not None and last.end.sequence >= known.sequence and memory.has_signed(last)


def _walk(
    store: Store, memory: Memory, sources: Sequence[GroupSource], at: Head, stands: Head
) -> tuple[Head | None, bool]:
    """Follow the home's chain beside a store's; return where the store left it for ours, and whether it led to its head."""
    has_passed, end = False, memory.end
    with suppress(*NOT_WHOLE):
        for group in follow_to(sources, at, end):
            if (held := read_next(store, at)) != group:
                return (at if memory.has_signed(held) else None), has_passed
            at = group.end
            has_passed |= at == stands
        if memory.has_signed(read_next(store, end)):
            return end, has_passed
    return None, has_passed
