"""What is told under another name from a decision on: an index that is away never tells the name of before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import SearchError
from archives.message import message
from archives.record.description import Fonds
from archives.record.identifiers import RepositoryCode
from archives.record.rights import OpeningDecision, Withdrawal
from search.index.embedded import EmbeddedIndex
from search.index.query import parse_query
from search.index.search_index import Change
from search.published.following import Following
from tests.test_search.test_published.test_publish import Setting, Source, decision, make_holding

TOLD = "另一题名"
FONDS = Fonds(RepositoryCode("990001"), "Z109", "canaryfonds")
UNDER_ANOTHER_NAME = replace(decision(), public_title=TOLD)


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path / "public")


def is_away(_: EmbeddedIndex, __: Sequence[Change]) -> None:
    """Fail as an index that is not there."""
    raise SearchError(message("检索库不可用", "the index is away"), subject="index")


@pytest.mark.parametrize(
    ("change", "words", "others"),
    [
        ({"decisions": (decision(), UNDER_ANOTHER_NAME)}, "canarytitle1", 0),
        ({"fonds_decision": UNDER_ANOTHER_NAME}, "canaryfonds", 1),
        ({"fonds_decision": Withdrawal("误")}, "canaryfonds", 1),
    ],
)
def test_a_name_that_is_kept_back_is_found_no_more_while_the_index_is_away(
    setting: Setting,
    monkeypatch: pytest.MonkeyPatch,
    change: Mapping[str, Sequence[OpeningDecision] | OpeningDecision],
    words: str,
    others: int,
) -> None:
    first, second = (replace(make_holding(number, number, decision()), fonds=FONDS) for number in (1, 2))
    source = Source(first, second)
    setting.follow(source)
    assert setting.found(words) == 1 + others
    source.holdings[0] = replace(first, sequence=3, **change)  # type: ignore[arg-type] # fields by name
    with monkeypatch.context() as while_away:
        while_away.setattr(EmbeddedIndex, "replace_all", is_away)
        done = setting.follow(source)
    assert [trouble.package_id for trouble in done.troubles] == [first.unit_id]
    views = setting.public.views
    hidden = views.hidden()
    assert (views.get_by_id(first.unit_id), first.unit_id in hidden) == (None, True)
    assert setting.public.index.search(replace(parse_query(words), hidden=hidden)).total == others
    setting.follow(source)
    view = views.get_by_id(first.unit_id)
    assert view
    assert view.said("title") != "canarytitle1" or view.fonds_name != "canaryfonds"
    assert (setting.found(words), views.hidden()) == (others, frozenset())


def test_a_title_that_was_mended_is_there_all_the_time(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(make_holding(1, 1, decision()))
    setting.follow(source)
    mended = replace(source.holdings[0].description, title="改正的题名")
    source.holdings[0] = replace(source.holdings[0], sequence=2, description=mended)
    monkeypatch.setattr(Following, "close", lambda *_, **__: pytest.fail("it is taken back"))
    setting.follow(source)
    assert setting.found("改正的题名") == 1
