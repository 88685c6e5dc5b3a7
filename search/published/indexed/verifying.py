"""Whether an index holds what it should and nothing else: record by record, page by page, by digests of the texts.

The public's holds what is published, the staff's everything as it lies in the stores.

The texts that an index gives back are compared; that its words lead to them too is tried with some of them.
"""

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, replace
from datetime import date
from enum import StrEnum

from archives.errors import JinkuiError
from search.index.document import IndexedRecord, Place, public_record, staff_record
from search.index.query import Narrowed, parse_query
from search.index.search_index import Searchable, SearchIndex
from search.published.indexing import is_staffs, staff_texts
from search.published.pages import HoldingSource
from search.published.views import PublishedViews

_NONE: tuple[None, bool] = (None, False)
_TOGETHER = 200
_TOLD = 1_000
"""How many differences are told one by one; all are counted."""
_TRIED = 200
"""How many records are looked for by words of theirs."""
_MOST_FOUND = 200
_WHOLE_WORDS = re.compile(r"[\u4e00-\u9fa5]{2,12}|\b[a-z]{3,}(?: [a-z]{3,}){1,3}\b")


class Difference(StrEnum):
    """How a record of the index differs from what it should be; of one that is unread in the stores nobody can tell."""

    MISSING = "missing"
    TOO_MUCH = "too-much"
    CLOSED = "closed"
    DIFFERENT = "different"
    NOT_FOUND = "not-found"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Differing:
    """A record that differs: ``description`` where its or an item's does, ``pages`` those that do, by their numbers."""

    package_id: str
    archival_code: str
    difference: Difference
    description: bool = False
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verified:
    """How many records and pages were compared, what differed, and a digest of what the index should hold.

    Two indexes of which the digests are equal hold the same. ``differing`` are the first; ``differences`` counts all.
    ``tried`` records were looked for by words of theirs.
    """

    records: int
    pages: int
    digest: str
    differences: int
    differing: tuple[Differing, ...]
    tried: int


def verify_index(
    source: HoldingSource,
    views: PublishedViews,
    index: SearchIndex,
    *,
    keep_reviewed: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> Verified:
    """Compare the public's index with the published views; both have to be brought up to the journal before.

    Raises ``SearchError`` where either cannot be read.
    """
    published = ((one, False) for one in _published(source, views, keep_reviewed=keep_reviewed))
    return _verified(published, index, views.hidden(), progress)


def verify_staff_index(
    source: HoldingSource, index: SearchIndex, *, today: date, progress: Callable[[int], None] = lambda _: None
) -> Verified:
    """Compare the staff's index with everything that there is; it has to be brought up to the journal of today before.

    Raises ``SearchError`` where the index cannot be read; a record that cannot be read in the stores is told.
    """
    return _verified(_everything(source, today), index, frozenset(), progress)


def _verified(
    every: Iterator[tuple[IndexedRecord, bool]],
    index: SearchIndex,
    hidden: frozenset[str],
    progress: Callable[[int], None],
) -> Verified:
    """Compare records, each with whether its texts could not be read, with those of an index."""
    chance = random.Random(0)  # noqa: S311 - which records are tried is no secret
    digest = hashlib.sha256()
    differing: list[Differing] = []
    sample: list[IndexedRecord] = []
    records = pages = differences = 0
    for (expected, is_unread), held in _paired(every, index.every()):
        if expected:
            records, pages = records + 1, pages + sum(one.page is not None for one in expected.places)
            digest.update(_line(expected))
            if not records % _TOGETHER:
                progress(records)
        if expected and is_unread:
            one: Differing | None = Differing(expected.package_id, expected.archival_code, Difference.UNREAD)
        else:
            one = _compared(expected, held, hidden)
        if one:
            differences += 1
            differing += [one] if differences <= _TOLD else []
        elif held and held.places:
            _keep(sample, held, records, chance)
    lost = [one for one in sample if not _is_found(index, one)]
    differing += [Differing(one.package_id, one.archival_code, Difference.NOT_FOUND) for one in lost]
    count = differences + len(lost)
    return Verified(records, pages, digest.hexdigest(), count, tuple(differing), len(sample))


def _everything(source: HoldingSource, today: date) -> Iterator[tuple[IndexedRecord, bool]]:
    """Yield what the staff's index has to hold, in the order of the identifiers, with whether its texts cannot be read."""
    ids = sorted({holding.unit_id for holding in source.changed_after(0) if is_staffs(holding)})
    for start in range(0, len(ids), _TOGETHER):
        for holding in sorted(source.named(ids[start : start + _TOGETHER]), key=lambda one: one.unit_id):
            texts, is_unread = {}, False
            try:
                texts = staff_texts(source, holding)
            except JinkuiError:
                is_unread = True
            yield staff_record(holding, texts, today, holding.each_item()), is_unread


def _published(source: HoldingSource, views: PublishedViews, *, keep_reviewed: bool) -> Iterator[IndexedRecord]:
    """Yield what the index has to hold of every view that is shown, in the order of their identifiers."""
    ids = views.ids()
    for start in range(0, len(ids), _TOGETHER):
        shown = views.of(ids[start : start + _TOGETHER])
        for holding in sorted(source.named(tuple(shown)), key=lambda one: one.unit_id):
            reviewed = source.as_reviewed(holding) if keep_reviewed and holding.waits_for_review else None
            view = shown[holding.unit_id]
            texts = {page.number: page.text for page in view.pages}
            yield public_record(reviewed or holding, texts, view.fonds_name)


def _paired(
    expected: Iterator[tuple[IndexedRecord, bool]], held: Iterator[IndexedRecord]
) -> Iterator[tuple[tuple[IndexedRecord | None, bool], IndexedRecord | None]]:
    """Yield each record with the one of the same identifier, None where there is none; both come in that order."""
    (one, is_unread), other = next(expected, _NONE), next(held, None)
    while one or other:
        first = min(found.package_id for found in (one, other) if found)
        is_one, is_other = one is not None and one.package_id == first, other is not None and other.package_id == first
        yield (one, is_unread) if is_one else _NONE, other if is_other else None
        if is_one:
            one, is_unread = next(expected, _NONE)
        if is_other:
            other = next(held, None)


def _compared(expected: IndexedRecord | None, held: IndexedRecord | None, hidden: frozenset[str]) -> Differing | None:
    named = expected or held
    assert named is not None
    if expected is None:
        kind = Difference.CLOSED if named.package_id in hidden else Difference.TOO_MUCH
        return Differing(named.package_id, named.archival_code, kind)
    if held is None:
        return Differing(named.package_id, named.archival_code, Difference.MISSING)
    wanted, there = _digests(expected), _digests(held)
    other = sorted(place for place in wanted.keys() | there.keys() if wanted.get(place) != there.get(place))
    pages = tuple(page for page, item in other if not item)
    is_said_otherwise = _digest(_described(expected)) != _digest(_described(held))
    description = is_said_otherwise or any(item for _, item in other)
    if not pages and not description:
        return None
    return Differing(named.package_id, named.archival_code, Difference.DIFFERENT, description, pages)


def _digests(record: IndexedRecord) -> dict[tuple[int, str], str]:
    """Return the digest of every page's text, with what the page is called and how open it is, and of what is said of items."""
    return {(one.page or 0, one.item): _digest(one) for one in record.places}


def _described(record: IndexedRecord) -> IndexedRecord:
    """Return a record without its pages, and without the number of the entry that it was written for."""
    return replace(record, places=(), sequence=0)


def _line(record: IndexedRecord) -> bytes:
    pages = (f"{item or page}:{digest}" for (page, item), digest in sorted(_digests(record).items()))
    described = _digest(_described(record))
    return (" ".join([record.package_id, described, *pages]) + "\n").encode()


def _digest(told: Place | IndexedRecord) -> str:
    return hashlib.sha256(json.dumps(astuple(told), ensure_ascii=False).encode()).hexdigest()


def _keep(sample: list[IndexedRecord], record: IndexedRecord, seen: int, chance: random.Random) -> None:
    """Keep some of all records, each as likely as another (Vitter's algorithm R)."""
    if len(sample) < _TRIED:
        sample.append(record)
    elif (place := chance.randrange(max(1, seen))) < _TRIED:
        sample[place] = record


def _is_found(index: Searchable, record: IndexedRecord) -> bool:
    """Say whether a record is found by words of its longest text; true also where there are none, or too much has them."""
    text = max((one.text for one in record.places), key=len)
    words = max(_WHOLE_WORDS.findall(text), key=len, default="")
    if not words:
        return True
    query = replace(parse_query(f'"{words}"'), narrowed=Narrowed(repository=record.repository), places=0)
    answer = index.search(query, limit=_MOST_FOUND)
    return answer.total > _MOST_FOUND or record.package_id in {one.record.package_id for one in answer.found}
