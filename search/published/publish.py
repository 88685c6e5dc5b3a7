"""Following the journal into the indexes: the staff's, which hold everything, and what is published to the public.

What the public can reach is written here and nowhere else. What closed is taken back first. A record that cannot be
read is passed over, told, and tried again the next time; it keeps nothing else from being closed or published.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from archives.errors import JinkuiError, SearchError
from archives.record.elements.table import public_elements
from archives.record.holding import Holding
from archives.record.rights import Access, OnlineScope, access_on, opened_on
from archives.units.former_codes import former_keys, public_keys
from search.index.search_index import Change, SearchIndex
from search.published.closing import PublicSide, remove_images, two_of_a_code
from search.published.files.offer import NO_DOWNLOADS, Downloads
from search.published.files.offering import with_files
from search.published.following import Behind, CaughtUp, Following, close_all, content_of, pass_marks
from search.published.indexing import LONGEST_TOGETHER, MOST_TOGETHER, PUBLIC, STAFF, follow_index, follow_staff
from search.published.marks import Marks
from search.published.pages import (
    HoldingSource,
    ImageOf,
    draw_pages,
    kept_for_public,
    level_of,
    says_otherwise,
    says_the_same,
    shows,
)
from search.published.shown.called import labels_of
from search.published.tree import leaf_of
from search.published.view import PublishedPage, PublishedView


def catch_up(
    source: HoldingSource,
    staff: SearchIndex,
    public: PublicSide,
    *,
    owed: Marks,
    today: date,
    image_of: ImageOf,
    only_close: bool = False,
    keep_reviewed: bool = False,
    downloads: Downloads = NO_DOWNLOADS,
) -> CaughtUp:
    """Bring the staff's index and everything public up to the journal's head; may be called at any time.

    ``owed`` remembers the records that have to be tried again. What is public, its index and the staff's index are
    followed each on its own: when one cannot be, the others go on. That an index cannot be is told (``behind``), for
    whatever was done stands without it; any other failure is raised at the end, the first of them. With
    ``only_close`` what closed is taken back and nothing is published; a later call goes on from there. With
    ``keep_reviewed`` a record that waits for review stays public as it was reviewed.
    """
    work = Following(
        source, public, owed, source.head(), today, image_of, retried=owed.standing(), only_close=only_close
    )
    work.keep_reviewed, work.downloads = keep_reviewed, downloads
    failures: list[JinkuiError] = []
    behind: list[Behind] = []
    try:
        _follow_views(work)
    except JinkuiError as failure:
        failures.append(failure)
    for audience, part in ((PUBLIC, follow_index), (STAFF, lambda work: follow_staff(work, staff))):
        try:
            part(work)
        except SearchError as failure:
            behind.append(Behind(audience, failure))
        except JinkuiError as failure:
            failures.append(failure)
    if failures:
        raise failures[0]
    for package_id in () if behind else work.retried - work.troubles.keys() - work.kept.keys():
        owed.remove(package_id)
    return CaughtUp(work.indexed, work.published, work.withdrawn, tuple(work.troubles.values()), tuple(behind))


def rebuild(
    source: HoldingSource,
    staff: SearchIndex,
    public: PublicSide,
    *,
    owed: Marks,
    today: date,
    image_of: ImageOf,
    only_close: bool = False,
    keep_reviewed: bool = False,
    downloads: Downloads = NO_DOWNLOADS,
) -> CaughtUp:
    """Make both indexes and everything public again from nothing but the source; marks of closings stay."""
    staff.clear()
    public.index.clear()
    public.views.clear()
    shutil.rmtree(public.images, ignore_errors=True)
    return catch_up(
        source,
        staff,
        public,
        owed=owed,
        today=today,
        image_of=image_of,
        only_close=only_close,
        keep_reviewed=keep_reviewed,
        downloads=downloads,
    )


def _follow_views(work: Following) -> None:
    """Take back what closed, then publish what opened."""
    views = work.public.views
    closed = close_all(work) | pass_marks(work)
    views.commit(closed=work.head)
    for name in closed:
        views.marks.remove(name)
    if work.only_close:
        return
    together: list[tuple[Holding, PublishedView]] = []
    for holding in work.shown(views.head()):
        access = holding.access_on(work.today)
        if access.is_online and holding.unit_id not in work.troubles:
            with work.each(holding):
                together += ((holding, view) for view in _to_publish(work, holding, access))
        if len(together) >= MOST_TOGETHER or _length(together) >= LONGEST_TOGETHER:
            _publish(work, together)
            together = []
    _publish(work, together)
    views.commit(closed=work.head, head=work.head, offering=work.downloads.repositories)


def _to_publish(work: Following, holding: Holding, access: Access) -> Iterator[PublishedView]:
    """Yield a unit's view unless it stands like that; where it cannot be made, none of before stays."""
    views, view_id, code = work.public.views, holding.unit_id, holding.description.code.written
    stored = views.stored(view_id)
    try:
        view = with_files(work, _view(work, holding, access, stored), stored)
    except JinkuiError:
        if stored and work.close(view_id, code, sequence=holding.sequence):
            views.marks.remove(view_id)
        raise
    if not says_the_same(view, stored):
        yield view


def _publish(work: Following, together: Sequence[tuple[Holding, PublishedView]]) -> None:
    """Publish views but those whose code is another's too; of one that a mark closes meanwhile, no image stays."""
    views, images = work.public.views, work.public.images
    plain = _forgotten_first(work, [*_of_plain_codes(work, together)])
    done = views.put_all([(view, leaf_of(view, images)) for view in plain], head=work.head) if plain else []
    for view, is_done in zip(plain, done, strict=True):
        if is_done:
            work.published += 1
        elif views.stored(view.view_id) is None:
            remove_images(images / view.view_id)


def _forgotten_first(work: Following, views: Sequence[PublishedView]) -> list[PublishedView]:
    """Take out of the index what a view of before says and the new one does not; where that cannot be, it is hidden by a mark."""
    stored = work.public.views.stored
    otherwise = {one.view_id: one for one in views if says_otherwise(one, stored(one.view_id))}
    try:
        if otherwise:
            work.index().replace_all([Change(one.view_id, None, one.sequence) for one in otherwise.values()])
    except SearchError as failure:
        work.index_is_away = failure
        for one in otherwise.values():
            work.public.views.marks.put(one.view_id, sequence=one.sequence)
            work.trouble(one.view_id, one.said("archival_code"), failure)
        return [one for one in views if one.view_id not in otherwise]
    return [*views]


def _of_plain_codes(work: Following, together: Sequence[tuple[Holding, PublishedView]]) -> Iterator[PublishedView]:
    """Yield views but those of a code that another unit has whose view stands: nobody knows which of them it means."""
    of_code = work.public.views.of_code
    others = {view.view_id: of_code(view.repository, view.code_key) for _, view in together}
    asked = {other for view_id, other in others.items() if other not in ("", view_id)}
    keys = {one.unit_id: one.key for one in work.source.named(asked)} if asked else {}
    for holding, view in together:
        if others[view.view_id] != view.view_id and keys.get(others[view.view_id]) == holding.key:
            code = holding.description.code.written
            work.trouble(holding.unit_id, code, two_of_a_code(code))
        else:
            yield view


def _length(together: Sequence[tuple[Holding, PublishedView]]) -> int:
    return sum(len(page.text) for _, view in together for page in view.pages)


def _view(work: Following, holding: Holding, access: Access, stored: PublishedView | None) -> PublishedView:
    content, images = content_of(work, holding), work.public.images / holding.unit_id
    scope = access.scope if holding.version else OnlineScope.CATALOGUE_ONLY
    if scope is not OnlineScope.FULL_TEXT:
        pages: tuple[PublishedPage, ...] = ()
    elif stored and stored.scope is scope and shows(stored, holding, content):
        pages = stored.pages
    else:
        pages = tuple(draw_pages(work.source, holding, images, work.image_of, work.today))
    numbers = [page.number for page in pages]
    shares = holding.others_on(numbers)
    fonds_name, ends = holding.public_fonds_name(work.today), [holding.public_until(numbers, work.today)]
    if fonds_name and holding.fonds_decision:
        ends.append(access_on(work.today, (holding.fonds_decision,)).until)
    return PublishedView(
        view_id=holding.unit_id,
        repository=holding.repository.code.value,
        repository_name=holding.repository.name,
        repository_name_en=holding.repository.name_en,
        code_key=holding.key.code_key,
        elements=public_elements(holding.public_description),
        fonds_number=holding.description.code.fonds,
        fonds_name=fonds_name,
        scope=scope,
        pages=tuple(replace(page, label=label) for page, label in zip(pages, labels_of(holding, pages), strict=True)),
        sequence=holding.sequence,
        former_codes=public_keys(holding.description, work.source.former_codes(holding)),
        until=min((one for one in ends if one), default=None),
        content=content,
        volume=holding.record if holding.item else "",
        shares=shares,
        shared_codes=tuple(one.code_key for unit in shares if (one := holding.items.get(unit))),
        state=holding.state,
        opened=opened_on(work.today, holding.decisions),
        level=level_of(holding),
        kept=kept_for_public(work.source, holding, numbers, work.today),
        known_codes=public_keys(holding.description, sorted(former_keys(holding.public_description))),
    )
