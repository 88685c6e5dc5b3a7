"""An index filled anew beside the one that is searched, which goes on to answer until the new one is whole and verified."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Protocol

from archives.errors import JinkuiError, SearchError
from archives.message import Message, message
from search.index.search_index import SearchIndex
from search.published.closing import Trouble


class Filled(Protocol):
    """What filling an index came to."""

    troubles: dict[str, Trouble]


@dataclass(frozen=True, slots=True)
class Renewed:
    """What became of it: how many records the new index holds, what of them could not be read, whether it is searched now."""

    records: int
    troubles: tuple[Trouble, ...]
    took_place: bool


def renew(
    new: SearchIndex,
    fill: Callable[[SearchIndex], Filled],
    check: Callable[[SearchIndex], Message | None],
    expected: Callable[[], int | None],
    *,
    owe: Callable[[Iterable[str]], None],
    alone: Callable[[], AbstractContextManager[None]],
    may_lack: bool = False,
) -> Renewed:
    """Fill an index that was begun beside the one that is searched, and let it take the place of that.

    ``fill`` brings an index up to the journal; it is called again, while nobody else follows the journal (``alone``), for what
    came meanwhile. ``check`` says what is wrong with an index that was filled, ``expected`` how many records it has to hold
    (None: nobody knows). Where some record could not be read, the new index takes its place only with ``may_lack``, and what
    it lacks is owed before (``owe``). Killed at any moment this leaves the index that is searched as it was, or wholly the
    new one. Raises ``SearchError``.
    """
    try:
        done = _filled(new, fill, check, expected, owe=owe, alone=alone, may_lack=may_lack)
    except JinkuiError:
        with suppress(SearchError):  # else it goes with the next one
            new.discard()
        raise
    if not done.took_place:
        new.discard()
    return done


def _filled(
    new: SearchIndex,
    fill: Callable[[SearchIndex], Filled],
    check: Callable[[SearchIndex], Message | None],
    expected: Callable[[], int | None],
    *,
    owe: Callable[[Iterable[str]], None],
    alone: Callable[[], AbstractContextManager[None]],
    may_lack: bool,
) -> Renewed:
    troubles = dict(fill(new).troubles)
    first_look = check(new)  # others may publish and close meanwhile
    with alone():
        troubles |= fill(new).troubles
        records = new.count()
        _require_none(check(new) if first_look or expected() not in (None, records) else None)
        took_place = may_lack or not troubles
        if took_place:
            owe(troubles)
            new.take_place()
    return Renewed(records, tuple(troubles.values()), took_place)


def _require_none(wrong: Message | None) -> None:
    if wrong:
        said = message("新的检索库没有换上：{why}", "the new search index did not take its place: {why}", why=wrong)
        raise SearchError(said, advice=message("请再运行一次", "run this again"))
