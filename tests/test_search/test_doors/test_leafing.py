"""Going through the pages of a record and of a volume: by what they are called, and from one to the next."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from search.doors.portal.record.address import record_path
from search.doors.portal.record.page_names import page_called
from search.published.view import PublishedPage, PublishedView
from tests.test_search.test_doors.test_portal import Site, make_view


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.mark.parametrize("lang", ["zh", "zh-Hant", "en"])
@pytest.mark.parametrize(
    "labels",
    [("",) * 14, ("FM", "ML001", "ML002", "001", "004-1", "012v", "BK"), ("处理单1 1", "正本 1"), ("工作表：雨量",)],
)
def test_a_page_is_gone_to_by_what_the_page_itself_says(site: Site, labels: tuple[str, ...], lang: str) -> None:
    pages = tuple(PublishedPage(n, "", None, label=label) for n, label in enumerate(("", *labels), 1))[1:]
    view = replace(make_view("5"), pages=(*pages, PublishedPage(90, "", None, label="")))
    site.views.put(view)
    for page in pages:
        told = re.findall(r'aria-current="page"><span>([^<]+)</span>', _turned(site, view, page.number, lang))
        assert len(told) == 1
        there = site.client.get(record_path(view), params={"leaf": unescape(told[0])}, follow_redirects=False)
        assert there.headers["location"] == record_path(view, page=page.number), told


def _turned(site: Site, view: PublishedView, number: int, lang: str) -> str:
    return site.client.get(f"{record_path(view, page=number)}&lang={lang}").text


@pytest.mark.parametrize(
    ("text", "number"),
    [("第11页", 11), ("page 11", 11), ("１１", 11), ("第十一页", 11), (" 011 ", 11), ("15", 0), ("xi", 0), ("11v", 0)],
)
def test_a_page_that_has_a_number_alone_is_gone_to_however_that_is_written(text: str, number: int) -> None:
    page = page_called(replace(make_view("5"), pages=tuple(PublishedPage(n, "", None) for n in range(1, 15))), text)
    assert (page.number if page else 0) == number


@pytest.mark.parametrize(
    ("text", "number"), [("目录", 2), ("目錄", 2), ("ML", 2), ("目录2", 3), ("備考表", 4), ("list of contents", 2)]
)
def test_a_page_of_a_kind_is_gone_to_by_the_name_of_the_kind(text: str, number: int) -> None:
    labels = ("FM", "ML001", "ML002", "BK")
    pages = tuple(PublishedPage(n, "", None, label=label) for n, label in enumerate(labels, 1))
    page = page_called(replace(make_view("5"), pages=pages), text)
    assert page is not None and page.number == number
