"""The marks that a sheet of decisions puts up before anything is decided: on what it closes, and what it lets tell less."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress

from archives.errors import AmbiguousError, JinkuiError, SearchError
from archives.record.description import Fonds
from archives.record.identifiers import archival_code_key, fonds_of_key
from archives.record.rights import Conclusion, OnlineScope, OpeningDecision, access_on
from cli import wiring
from cli.frame.commands import Call
from cli.home.closing import Target, published
from preservation.actions.opening import AskedDecision
from preservation.catalogue.naming import named
from search.published.lookup import published_codes
from search.published.marks import fonds_mark
from search.published.view import PublishedView
from search.published.views import PublishedViews


def mark_closed(
    call: Call, asked: Mapping[int, AskedDecision], *, after: int, fonds: Callable[[], Collection[Fonds]]
) -> dict[int, tuple[str, ...]]:
    """Mark what is published of the records that decisions close, or let tell less, before anything else; return the marks.

    ``after`` is the journal's last entry: what tells less is shown again, as it may be, when a later one says so. ``fonds``
    tells whose a fonds is that is not published itself, where its row does not.
    """
    views = PublishedViews(call.home / "public/public.db", today=wiring.today)
    marked: dict[int, tuple[str, ...]] = {}
    there = _published_of(call, asked)
    for number, one in asked.items():
        repository, code = named(one.code, one.repository)
        hides = closes(one) or (_is_fonds(code) and not access_on(wiring.today(), (one.decision,)).is_online)
        if not hides and there is not None and archival_code_key(code) not in there:
            continue
        with suppress(AmbiguousError, SearchError):  # the decision names no one record, or all is tried without a mark
            target = published(call, code, repository) or _named_fonds(code, repository, fonds)
            if target and (hides or _lets_tell_less(views.stored(target.mark), one.decision)):
                marked[number] = target.marks if hides else (target.mark,)
                for mark in marked[number]:
                    views.marks.put(mark, after=0 if closes(one) else after)
    return marked


def _published_of(call: Call, asked: Mapping[int, AskedDecision]) -> frozenset[str] | None:
    """Return which of the codes are published at all, None where nobody can tell."""
    keys = (archival_code_key(named(one.code, one.repository)[1]) for one in asked.values())
    try:
        return published_codes(call.home / "public/public.db", keys)
    except SearchError:
        return None


def _named_fonds(code: str, repository: str | None, fonds: Callable[[], Collection[Fonds]]) -> Target | None:
    """Return a fonds that is not published itself, as far as its code tells: records tell its name."""
    key = archival_code_key(code)
    if not _is_fonds(code):
        return None
    if not repository:
        with suppress(JinkuiError):
            known = {one.repository.value for one in fonds() if archival_code_key(one.number) == key}
            repository = known.pop() if len(known) == 1 else None
    return Target(fonds_mark(repository, key), repository, code) if repository else None


def _is_fonds(code: str) -> bool:
    return fonds_of_key(archival_code_key(code)) == archival_code_key(code)


def closes(asked: AskedDecision) -> bool:
    """Say whether a decision closes its record, whatever the day."""
    return asked.decision.conclusion is not Conclusion.OPEN


def _lets_tell_less(view: PublishedView | None, decision: OpeningDecision) -> bool:
    """Say whether a decision that opens lets the public be told less than it is now, or nothing on this day."""
    if view is None:
        return False
    access = access_on(wiring.today(), (decision,))
    has_pages_back = bool(view.pages) and access.scope is OnlineScope.CATALOGUE_ONLY
    has_title_back = decision.public_title not in (None, view.said("title"))
    return not access.is_online or has_pages_back or has_title_back
