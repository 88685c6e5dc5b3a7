"""One run of following the journal: what it works with, which records it looks at, and what came of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice

from archives.errors import JinkuiError, SearchError
from archives.record.holding import Holding
from search.index.search_index import SearchIndex
from search.published.closing import Owed, PublicSide, Step, Trouble, take_back
from search.published.files.offer import NO_DOWNLOADS, Downloads
from search.published.files.standing import offered_otherwise
from search.published.marks import Marks
from search.published.pages import HoldingSource, ImageOf

_ASKED_TOGETHER = 500
"""Of how many units an index is asked at once whether it holds them."""
_FEW = 20_000
"""How many units, and files of theirs, are kept in memory for all parts of a run."""


@dataclass(frozen=True, slots=True)
class Behind:
    """An index that could not be brought up to the journal, and why: it is caught up with the next time."""

    audience: str
    failure: SearchError


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What following the journal did."""

    indexed: int
    published: int
    withdrawn: int
    troubles: tuple[Trouble, ...] = ()
    behind: tuple[Behind, ...] = ()

    def require_indexes(self) -> None:
        """Raise what is in the way of an index, where something must be gone from it too."""
        for one in self.behind:
            raise one.failure


@dataclass(slots=True)
class Following:
    """One run of following the journal: what it works with, and what came of it."""

    source: HoldingSource
    public: PublicSide
    owed: Marks
    head: int
    today: date
    image_of: ImageOf
    retried: frozenset[str]
    only_close: bool = False
    indexed: int = 0
    published: int = 0
    withdrawn: int = 0
    troubles: dict[str, Trouble] = field(default_factory=dict)
    index_is_away: SearchError | None = None
    few: dict[tuple[int, bool], tuple[Holding, ...]] = field(default_factory=dict)
    keep_reviewed: bool = False
    kept: dict[str, Holding] = field(default_factory=dict)
    progress: Callable[[int], None] = lambda _: None
    downloads: Downloads = NO_DOWNLOADS
    goes_on: bool = False
    """Whether what an index that nobody searches holds already is of what is followed now, and need not be written again."""

    def left(self, index: SearchIndex, since: int, holdings: Iterator[Holding]) -> Iterator[Holding]:
        """Yield the units to look at, but what a run that was ended had written, and was not in trouble with."""
        if since or not self.goes_on:
            yield from holdings
            return
        owed = self.owed.standing()
        while together := list(islice(holdings, _ASKED_TOGETHER)):
            held = index.held({one.unit_id: one.sequence for one in together}) - owed
            yield from (one for one in together if one.unit_id not in held)

    def shown(self, sequence: int) -> Iterator[Holding]:
        """Yield the units to look at as the public may see them: what waits for review, as it was reviewed or not at all.

        What is kept like that is looked at each time: the setting may be taken back.
        """
        for holding in self.changed(sequence, decided=True):
            may_keep = self.keep_reviewed and holding.unit_id not in self.kept and holding.waits_for_review
            if may_keep and (reviewed := self.source.as_reviewed(holding)):
                self.owed.put(holding.unit_id)
                self.kept[holding.unit_id] = reviewed
            yield self.kept.get(holding.unit_id, holding)

    def changed(self, sequence: int, *, decided: bool = False) -> Iterator[Holding]:
        """Yield the units to look at, with ``decided`` but those without content about which nothing was decided.

        Few are read once for all parts, many each time anew.
        """
        if (sequence, decided) not in self.few:
            every = self._every_changed(sequence, decided=decided)
            first: list[Holding] = []
            weight = 0
            for holding in every:
                first.append(holding)
                weight += 1 + len(holding.files)
                if weight > _FEW:
                    yield from chain(first, every)
                    return
            self.few[sequence, decided] = tuple(first)
        yield from self.few[sequence, decided]

    def _every_changed(self, sequence: int, *, decided: bool) -> Iterator[Holding]:
        """Yield what changed since, what a day has come of, what is public before its day, and what is to be tried again."""
        yield from self.source.changed_after(sequence, decided=decided)
        ahead = self.source.ahead(self.today)
        early = ahead.intersection(self.public.views.ids()) if ahead else ahead
        views = self.public.views
        again = self.retried.union(views.ids_of_before(), offered_otherwise(views, self.downloads.repositories))
        for others in (self.source.awaiting(sequence, self.today, early), self.source.named(again)):
            yield from (holding for holding in others if holding.sequence <= sequence)

    def trouble(self, package_id: str, archival_code: str, failure: JinkuiError) -> None:
        """Remember that a record has to be tried again, before anything says that it was passed."""
        self.owed.put(package_id)
        self.troubles.setdefault(package_id, Trouble(package_id, archival_code, failure))

    @contextmanager
    def each(self, holding: Holding) -> Iterator[None]:
        """Let a record's trouble be that record's; the trouble of a database or an index is everybody's."""
        try:
            yield
        except SearchError:
            raise
        except JinkuiError as failure:
            self.trouble(holding.unit_id, holding.description.code.written, failure)

    def index(self) -> SearchIndex:
        """Return the public index, asked no more in this run once it was found to be away."""
        if self.index_is_away:
            raise self.index_is_away
        return self.public.index

    def close(self, view_id: str, archival_code: str, *, sequence: int) -> bool:
        """Take a view back; return whether nothing of it is left."""
        public = self.public
        owed = take_back(public.views, public.images, self.index, view_id, mark=sequence, rows=sequence)
        self.index_is_away = self.index_is_away or _search_failure(owed)
        if owed:
            self.trouble(view_id, archival_code, owed[0].failure)
        return not owed


def _search_failure(owed: tuple[Owed, ...]) -> SearchError | None:
    return next((o.failure for o in owed if o.step is Step.INDEX and isinstance(o.failure, SearchError)), None)
