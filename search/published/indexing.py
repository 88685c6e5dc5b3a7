"""The two indexes brought up to the journal: the public's, which finds what is published, and the staff's, which finds all."""

from archives.record.holding import Holding
from search.index.document import IndexedRecord, public_record, staff_record
from search.index.search_index import Change, SearchIndex
from search.published.following import Following
from search.published.pages import HoldingSource, page_texts, unread

PUBLIC, STAFF = "public", "staff"
"""The audiences of the two indexes."""
MOST_TOGETHER, LONGEST_TOGETHER = 500, 4 << 20
"""How many units, and characters of their texts, are published in one step."""
_RECORDS_TOGETHER = 2_000
"""How many units the staff's index takes over in one step."""
_WRITTEN_TOGETHER = 1 << 20
"""How many characters an index takes over in one step: what a kill costs at most."""


def follow_index(work: Following) -> None:
    """Let the public find what is published, and nothing else."""
    index, views = work.index(), work.public.views
    since = index.head()
    index.replace_all([Change(one, None, sequence) for one, sequence in work.source.disposed_after(since)])
    changes: list[Change] = []
    length = 0
    for seen, holding in enumerate(work.left(index, since, work.shown(since)), 1):
        view = views.get_by_id(holding.unit_id)
        texts = {page.number: page.text for page in view.pages} if view else {}
        record = public_record(holding, texts, view.fonds_name) if view else None
        changes.append(Change(holding.unit_id, record, holding.sequence))
        length += _length(record)
        if len(changes) >= MOST_TOGETHER or length >= _WRITTEN_TOGETHER:
            index.replace_all(changes)
            changes, length = [], 0
            work.progress(seen)
    index.replace_all(changes)
    if not work.only_close:
        index.commit(work.head)


def follow_staff(work: Following, staff: SearchIndex) -> None:
    """Let the staff find everything."""
    since = staff.head()
    staff.replace_all([Change(one, None, sequence) for one, sequence in work.source.disposed_after(since)])
    changes: list[Change] = []
    length = 0
    for holding in work.left(staff, since, work.changed(since)):
        texts: dict[int, str] = {}
        with work.each(holding):
            texts = staff_texts(work.source, holding)
        record = staff_record(holding, texts, work.today, holding.each_item()) if is_staffs(holding) else None
        changes.append(Change(holding.unit_id, record, holding.sequence))
        length += _length(record)
        work.indexed += 1
        if len(changes) >= _RECORDS_TOGETHER or length >= _WRITTEN_TOGETHER:
            staff.replace_all(changes)
            changes, length = [], 0
            work.progress(work.indexed)
    staff.replace_all(changes)
    staff.commit(work.head)


def is_staffs(holding: Holding) -> bool:
    """Say whether the staff find a unit by itself: what is said of an item stands with its volume."""
    return not holding.has_left and not holding.item


def staff_texts(source: HoldingSource, holding: Holding) -> dict[int, str]:
    """Return the texts of a unit's pages for the staff, those of an item with its volume; raises what the source raises."""
    if holding.version and not holding.files and not holding.description.title and not holding.item:
        raise unread(holding.description.code.written)
    return {} if holding.item else page_texts(source, holding)


def _length(record: IndexedRecord | None) -> int:
    return len(record.text) + sum(len(place.text) for place in record.places) if record else 0
