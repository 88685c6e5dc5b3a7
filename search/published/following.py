"""One run of following the journal: what it works with, which records it looks at, what it takes back first, and what came of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice

from archives.errors import JinkuiError, SearchError
from archives.record.holding import Holding
from archives.record.rights import closes_for_good
from archives.reviewed import content_digest
from search.index.search_index import SearchIndex
from search.published.closing import Owed, PublicSide, Step, Trouble, not_in_the_journal, take_back
from search.published.files.offer import NO_DOWNLOADS, Downloads
from search.published.files.standing import offered_otherwise
from search.published.marks import Marks, is_code_mark, is_fonds_mark
from search.published.pages import HoldingSource, ImageOf, shown_pages, tells_less

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


def close_all(work: Following) -> set[str]:
    """Take back everything that is not online by the journal, or tells more than it may; return what of it is wholly gone."""
    public = work.public
    gone: set[str] = set()
    if public.is_empty:
        return gone
    since = public.views.head()
    closing: list[tuple[str, str, int]] = []
    for package_id, sequence in work.source.disposed_after(since):
        closing += [(one, one, sequence) for one in (package_id, *public.views.items_of(package_id))]
    less: set[str] = set()
    for holding in work.shown(since):
        is_less = _tells_less(work, holding)
        if is_less or not holding.access_on(work.today).is_online:
            closing.append((holding.unit_id, holding.description.code.written, holding.sequence))
            less |= {holding.unit_id} if is_less else set()
        if not holding.item:
            standing = {item.unit_id for item in holding.volume.items} if holding.volume else set()
            gone_items = {*public.views.items_of(holding.unit_id)} - standing
            closing += [(one, one, holding.sequence) for one in sorted(gone_items)]
    for view_id, code, sequence in closing:
        if public.holds(view_id):
            work.withdrawn += view_id not in less and public.views.stored(view_id) is not None
            if work.close(view_id, code, sequence=sequence):
                gone.add(view_id)
    return gone


def _tells_less(work: Following, holding: Holding) -> bool:
    """Say whether the view of a unit that stays online tells more than it may by now; of a volume other pages, too."""
    stored = work.public.views.stored(holding.unit_id) if holding.access_on(work.today).is_online else None
    return stored is not None and tells_less(stored, holding, work.today, content_of(work, holding))


def content_of(work: Following, holding: Holding) -> str:
    """Return the digest of what the pages of a view are made of."""
    if holding.own_pages is None:
        return content_digest(holding.files)
    shown = shown_pages(holding, (), work.today)
    return f"{content_digest(holding.files, shown)}:{','.join(map(str, shown))}"


def pass_marks(work: Following) -> set[str]:
    """Return the marks that the journal bears out and of whose views nothing is left; tell of the others."""
    marks = work.public.views.marks
    passed: set[str] = set()
    standing = marks.standing()
    if not standing:
        return passed
    known = {holding.unit_id: holding for holding in work.source.named(standing)}
    disposed = dict(work.source.disposed_after(0))
    named = work.public.views.named_by_marks()
    for name in sorted(standing):
        if is_fonds_mark(name):
            number, telling = named.get(name, ("", ()))
            if telling:
                work.troubles.setdefault(name, Trouble(name, number, not_in_the_journal(number)))
            else:
                passed.add(name)
            continue
        holding = known.get(name)
        sequence = marks.sequence(name) or disposed.get(name, 0)
        if not sequence and holding and _bears_out(holding, marks.after(name)):
            sequence = holding.sequence  # the mark was not told of its entry before the command ended
        if not sequence and holding is None and not is_code_mark(name):
            sequence = work.head  # there is no such unit any more, and nothing that it could be closed of
        code = holding.description.code.written if holding else name
        if not 0 < sequence <= work.head:
            work.troubles.setdefault(name, Trouble(name, code, not_in_the_journal(code)))
        elif (
            _close_coded(work, name)
            if is_code_mark(name)
            else work.close(name, code, sequence=max(sequence, holding.sequence if holding else 0))
        ):
            passed.add(name)
    return passed


def _bears_out(holding: Holding, after: int) -> bool:
    """Say whether the journal closes a unit for good, or says something of it that was not said when its mark was made."""
    return closes_for_good(holding.decisions) or 0 < after < holding.sequence


def _close_coded(work: Following, mark: str) -> bool:
    """Take back what a mark on a code closes and the journal does too; return whether nothing of that is left."""
    views = work.public.views
    codes = {view_id for view_id, names in views.marks_by_code() if mark in names}
    closed = [one for one in work.source.named(codes) if not one.access_on(work.today).is_online]
    done = [work.close(one.unit_id, one.description.code.written, sequence=one.sequence) for one in closed]
    for one in closed:
        views.marks.remove(one.unit_id)
    return all(done)


def _search_failure(owed: tuple[Owed, ...]) -> SearchError | None:
    return next((o.failure for o in owed if o.step is Step.INDEX and isinstance(o.failure, SearchError)), None)
