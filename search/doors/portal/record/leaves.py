"""The leaves of a volume in the order of the paper: its own pages and those of its items, each on the record that shows it.

A volume and its items count their pages as one. What is not open is passed over: nothing says that there is anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archives.message import Message, message
from archives.units.unit import Level
from search.doors.portal.record.page_names import called_so
from search.doors.portal.record.words import RECORD_WORDS
from search.published.lists.sql import HIDDEN
from search.published.view import PublishedView
from search.published.views import PublishedViews

_LEAVES = (
    "SELECT view.view_id, page.value ->> 'number', coalesce(page.value ->> 'label', '')"
    " FROM view, json_each(view.value, '$.pages') AS page WHERE view.view_id IN"
    " (SELECT view_id FROM line WHERE volume != '' AND volume = :volume UNION ALL SELECT :volume)"
    f" AND view.view_id NOT IN {HIDDEN} ORDER BY page.value ->> 'number', view.view_id"
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where a page stands: the view of the record that shows it, its number, what it is called on paper."""

    view_id: str
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Leaves:
    """The leaves that are gone through from a record; ``is_volume`` says that they are those of a whole volume."""

    every: tuple[Leaf, ...]
    is_volume: bool

    def before(self, views: PublishedViews, number: int) -> Leaf | None:
        """Return the leaf before the record's page with a number."""
        return _first_shown(views, [one for one in reversed(self.every) if one.number < number])

    def behind(self, views: PublishedViews, number: int) -> Leaf | None:
        """Return the leaf behind the record's page with a number."""
        return _first_shown(views, [one for one in self.every if one.number > number])

    def place(self, number: int) -> int:
        """Return which of the leaves a page is (from 1)."""
        return sum(one.number <= number for one in self.every)


def leaves_of(views: PublishedViews, view: PublishedView) -> Leaves:
    """Return the leaves of the volume that a record is or stands in, its own where it has no volume that is shown.

    Of a page that several records show the one that is looked at is meant, else the first.
    """
    own = tuple(Leaf(view.view_id, page.number, page.label) for page in view.pages)
    volume = view.volume or (view.view_id if view.level == Level.FILE else "")
    if not volume or (view.volume and views.get_by_id(volume) is None):
        return Leaves(own, is_volume=False)
    by_number: dict[int, Leaf] = {}
    for view_id, number, label in views.ask(_LEAVES, volume=volume):
        by_number.setdefault(int(number), Leaf(str(view_id), int(number), str(label)))
    by_number.update((one.number, one) for one in own)
    every = tuple(by_number[number] for number in sorted(by_number))
    return Leaves(every, is_volume=len(every) > len(own))


def leaf_called(leaves: Leaves, view: PublishedView, text: str) -> Leaf | None:
    """Return the leaf that is called so: the record's own where it has one, else the first of the volume."""
    return called_so(sorted(leaves.every, key=lambda one: one.view_id != view.view_id), text)


def place_told(leaves: Leaves, number: int) -> Message:
    """Return where in a volume a page stands."""
    return message(
        "（本卷网上 {n} 页之 {place}）",
        "({place} of {n} {n:page|pages} of the volume online)",
        n=len(leaves.every),
        place=leaves.place(number),
    )


def extent_told(leaves: Leaves, own: Message) -> Message:
    """Return how many pages of a volume are online; ``own`` names those that its own record shows."""
    return message(
        "网上 {n} 页，其中{own}在此，其余在各件",
        "{n} {n:page|pages} online: {own} here, the others with the items",
        n=len(leaves.every),
        own=own,
    )


def missing_told(leaves: Leaves, text: str) -> Message:
    """Return that no page of a volume, or of a record, is called so."""
    number = len(leaves.every)
    if not leaves.is_volume:
        return replace(RECORD_WORDS["no_such_leaf"], values=(("n", number), ("leaf", text)))
    return message(
        "本卷网上共 {n} 页，没有“{leaf}”这一页。",
        "{n} {n:page|pages} of the volume {n:is|are} online; none is called “{leaf}”.",
        n=number,
        leaf=text,
    )


def _first_shown(views: PublishedViews, leaves: Sequence[Leaf]) -> Leaf | None:
    """Return the first leaf whose record is shown with it: of signed views the file alone is not believed."""
    for one in leaves:
        view = views.get_by_id(one.view_id)
        if view and any(page.number == one.number for page in view.pages):
            return one
    return None
