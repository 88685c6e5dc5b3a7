"""What the public is told no more is taken back before anything opens, and hidden as long as an index still finds it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import SearchError
from archives.message import message
from archives.record.holding import Holding, StoredFile
from archives.record.rights import OnlineScope
from search.index.embedded import EmbeddedIndex
from search.index.query import parse_query
from search.index.search_index import Change
from search.published.marks import Marks
from search.published.publish import catch_up
from search.published.shown.page_file import PageImages
from tests.test_search.test_published.test_publish import (
    DRAWN,
    TODAY,
    Setting,
    Source,
    decision,
    make_holding,
)


class Index:
    """Whether the index of the setting is away for whoever writes."""

    is_away = False


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Index:
    index, write = Index(), EmbeddedIndex.replace_all

    def replace_all(of: EmbeddedIndex, changes: Sequence[Change]) -> None:
        if index.is_away and changes:
            raise SearchError(message("不在", "away"))
        write(of, changes)

    monkeypatch.setattr(EmbeddedIndex, "replace_all", replace_all)
    return index


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def found(setting: Setting, words: str) -> int:
    """Return how many records the site finds."""
    query = parse_query(words, hidden=setting.public.views.hidden())
    return setting.public.index.search(query).total


def with_author(holding: Holding, author: str, sequence: int) -> Holding:
    """Return a record with another author."""
    return replace(holding, description=replace(holding.description, author=author), sequence=sequence)


def test_what_is_described_otherwise_is_found_by_what_stood_before_at_no_moment(setting: Setting, index: Index) -> None:
    source = Source(with_author(make_holding(1, 1, decision()), "某某人", 1), make_holding(2, 2, decision()))
    setting.follow(source)
    assert found(setting, "某某人") == 1
    source.holdings[0] = with_author(source.holdings[0], "办公厅", 3)
    index.is_away = True
    (trouble,) = setting.follow(source).troubles
    assert trouble.package_id == source.holdings[0].package_id.value
    assert found(setting, "某某人") == 0
    assert setting.public.views.get_by_id(trouble.package_id) is None, "neither as it was nor as it is"
    assert found(setting, "防汛") == 1
    index.is_away = False
    assert setting.follow(source).troubles == ()
    assert (found(setting, "某某人"), found(setting, "办公厅"), found(setting, "防汛")) == (0, 1, 2)
    assert setting.public.views.marks.standing() == frozenset()


def test_what_is_only_added_to_stays_where_the_index_is_away(setting: Setting, index: Index) -> None:
    source = Source(make_holding(1, 1, decision()))
    setting.follow(source)
    source.holdings[0] = with_author(source.holdings[0], "办公厅", 3)
    index.is_away = True
    assert setting.follow(source).troubles == ()
    view = setting.public.views.get_by_id(source.holdings[0].package_id.value)
    assert view is not None
    assert view.said("author") == "办公厅"


class Redacted(Source):
    """Records whose pages say something else since."""

    is_redacted = False

    def read(self, holding: Holding, file: StoredFile) -> bytes:
        """Return a page's text."""
        return b"*** \xe9\x98\xb2\xe6\xb1\x9b\n" if self.is_redacted else super().read(holding, file)


def test_a_page_that_says_something_else_since_is_found_by_its_old_text_at_no_moment(
    setting: Setting, index: Index
) -> None:
    source = Redacted(make_holding(1, 1, decision()))
    setting.follow(source)
    assert found(setting, "canarypageZ109") == 1
    holding = source.holdings[0]
    files = tuple(replace(one, sha256="f" * 64) for one in holding.files)
    source.holdings[0], source.is_redacted = replace(holding, files=files, sequence=3), True
    index.is_away = True
    assert setting.follow(source).troubles
    assert found(setting, "canarypageZ109") == found(setting, "防汛") == 0
    index.is_away = False
    assert setting.follow(source).troubles == ()
    assert (found(setting, "canarypageZ109"), found(setting, "防汛")) == (0, 1)


def test_what_tells_less_waits_for_nothing_that_opens(setting: Setting) -> None:
    source = Source(make_holding(1, 1, decision()))
    setting.follow(source)
    source.holdings.insert(0, make_holding(2, 2, decision()))
    source.holdings[1] = make_holding(1, 3, decision(), decision(scope=OnlineScope.CATALOGUE_ONLY))
    seen: list[int] = []

    def draw(*_: object) -> PageImages:
        seen.append(found(setting, "canarypageZ109"))
        return DRAWN

    catch_up(source, setting.staff, setting.public, owed=setting.owed, today=TODAY, image_of=draw)
    assert seen == [0]
    assert found(setting, "canarytitle1") == 1


def test_a_mark_is_borne_out_by_what_the_journal_says_later_of_its_record(setting: Setting) -> None:
    source = Source(make_holding(1, 1, decision()), make_holding(2, 2, decision()))
    setting.follow(source)
    marks, name = setting.public.views.marks, source.holdings[0].package_id.value
    marks.put(name, after=2)
    (trouble,) = setting.follow(source).troubles
    assert "journal" in str(trouble.failure)
    assert found(setting, "canarypageZ109") == 1
    source.holdings[0] = make_holding(1, 3, decision(), decision(scope=OnlineScope.CATALOGUE_ONLY))
    assert setting.follow(source).troubles == ()
    assert marks.standing() == frozenset()
    assert (found(setting, "canarytitle1"), found(setting, "防汛")) == (1, 1)


def test_a_mark_keeps_the_earliest_time_until_its_entry_is_known(tmp_path: Path) -> None:
    marks = Marks(tmp_path / "closed")
    marks.put("1", after=123456)
    marks.put("1", after=999999)
    assert (marks.after("1"), marks.sequence("1")) == (123456, 0)
    marks.put("1", sequence=7)
    assert marks.sequence("1") == 7
    marks.put("2")
    assert (marks.after("2"), marks.sequence("2")) == (0, 0)
