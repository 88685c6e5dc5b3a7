"""What is told of how a record is kept: as of its publishing, and nothing of a file that holds what is not open."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archives.record.checksum import Kept, Master
from archives.record.description import Description
from archives.record.holding import Decided, Holding
from archives.record.identifiers import parse_archival_code
from archives.record.rights import OnlineScope
from archives.record.volume.structure import VolumeItem, VolumeStructure
from search.published.pages import kept_for_public, says_the_same
from search.published.tree import published_leaf
from search.published.view import PublishedView, json_of, view_of
from tests.test_search.test_published.test_publish import TODAY, Setting, Source, decision, make_holding

LATER = date(2026, 2, 1)


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def only(setting: Setting) -> PublishedView:
    """Return the only view."""
    (view_id,) = setting.public.views.ids()
    view = setting.public.views.get_by_id(view_id)
    assert view is not None
    return view


def test_a_view_tells_how_its_record_is_kept_as_of_its_publishing(setting: Setting) -> None:
    setting.follow(Source(make_holding(1, 1, decision())))
    view = only(setting)
    assert view.kept == Kept(date(2026, 1, 1), TODAY, 2, TODAY, (Master(1, 1, "0" * 64),))
    assert view_of(json_of(view)) == view
    assert b'"as_of":"2026-01-01"' in published_leaf(view, setting.public.images)


def test_that_copies_were_read_again_alone_is_no_news(setting: Setting) -> None:
    source = Source(make_holding(1, 1, decision()))
    setting.follow(source)
    source.copies = 3
    source.holdings[0] = replace(source.holdings[0], sequence=2)
    assert setting.follow(source, today=LATER).published == 1, "another entry: the view follows it"
    assert only(setting).kept == Kept(date(2026, 1, 1), LATER, 3, LATER, (Master(1, 1, "0" * 64),))
    view = only(setting)
    assert view.kept is not None
    assert says_the_same(replace(view, kept=replace(view.kept, copies=1, verified_on=None, as_of=TODAY)), view)
    for other in (replace(view, kept=None), replace(view, kept=replace(view.kept, masters=()))):
        assert not says_the_same(other, view) and not says_the_same(view, other)


def test_nothing_is_told_of_the_files_where_only_the_description_is_online(setting: Setting) -> None:
    setting.follow(Source(make_holding(1, 1, decision(scope=OnlineScope.CATALOGUE_ONLY))))
    kept = only(setting).kept
    assert kept is not None and kept.masters == ()
    assert b"0" * 64 not in setting.raw()


class _Paged(Source):
    """A volume of which the masters are given."""

    masters: tuple[Master, ...] = ()

    def kept(self, holding: Holding, day: date) -> Kept | None:
        """Return all of them, as a source does."""
        return Kept(TODAY, day, 2, TODAY, self.masters)


def test_of_a_file_that_holds_another_page_too_no_digest_is_told() -> None:
    made = tuple(
        VolumeItem(f"item{n}", Description(parse_archival_code(f"Z109-WS-1-{n}"), "t"), pages)
        for n, pages in ((1, (2, 3)), (2, (4,)))
    )
    labels = {1: "FM", 2: "001", 3: "002", 4: "003"}
    volume = replace(make_holding(1, 1, decision()), volume=VolumeStructure(labels, made))
    volume = replace(volume, items={"item1": Decided((decision(),)), "item2": Decided(())})
    item, _ = volume.each_item()
    source = _Paged(volume)
    for masters, told in (
        (((1, 1, "a"), (2, 2, "b"), (3, 3, "c"), (4, 4, "d")), ["b", "c"]),
        (((1, 2, "a"), (3, 3, "c"), (4, 4, "d")), ["c"]),
        (((1, 1, "a"), (2, 4, "b")), []),
        (((1, 1, "a"), (2, 3, "b"), (4, 4, "d")), ["b"]),
    ):
        source.masters = tuple(Master(*one) for one in masters)
        kept = kept_for_public(source, item, (2, 3), TODAY)
        assert kept is not None and [one.sha256 for one in kept.masters] == told, masters
    whole = kept_for_public(source, make_holding(2, 2, decision()), (1, 3), TODAY)
    assert whole is not None and len(whole.masters) == 3, "of what is no volume every page is its own"


def test_what_was_published_before_there_was_this_tells_it_from_the_next_publishing_on(setting: Setting) -> None:
    source = Source(make_holding(1, 1, decision()))
    setting.follow(source)
    now, views = only(setting), setting.public.views
    views.put(replace(now, kept=None))
    views._connection.execute("PRAGMA user_version = 2")
    assert now.view_id in views.ids_of_before()
    assert setting.follow(source).published > 0
    assert only(setting) == now
    assert views.ids_of_before() == ()
    assert setting.follow(source).published == 0
