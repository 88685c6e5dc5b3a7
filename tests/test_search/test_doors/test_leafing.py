"""Going through the pages of a record and of a volume: by what they are called, and from one to the next."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import ClassVar

import pytest

from search.doors.portal.record.address import record_path
from search.doors.portal.record.page_names import page_called, pages_named
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


class Volume:
    """A site with a volume whose items show its pages; ``003`` is a page of two items."""

    own = ((1, "FM"), (2, "ML001"), (9, "BK"))
    items: ClassVar[Mapping[str, tuple[tuple[int, str], ...]]] = {
        "51": ((3, "001"), (4, "002")),
        "52": ((5, "003"),),
        "53": ((5, "003"), (6, "004"), (7, "004-1"), (8, "005")),
    }

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder)
        self.put("50", self.own, level="案卷")
        for number, pages in self.items.items():
            self.put(number, pages, level="件", volume="50")

    def put(self, number: str, pages: tuple[tuple[int, str], ...], *, level: str, volume: str = "") -> None:
        shown = tuple(PublishedPage(n, f"防汛{label}", None, label=label) for n, label in pages)
        view = replace(make_view(number), pages=shown, level=level, volume=volume)
        self.site.views.put(view)

    def page(self, path: str) -> str:
        return unescape(self.site.client.get(path).text)

    def walk(self, path: str, way: str) -> list[str]:
        """Return what the pages are called through which one goes from an address on, those of a record with its number."""
        went: list[str] = []
        while path:
            shown = self.page(path)
            assert "q=%E9%98%B2" in path and len(went) < 20
            went += [*re.findall(r"/records/(\d+)", path), *re.findall(r"<span>([^<]+) <span class=\"meta\">", shown)]
            path = next(iter(re.findall(rf'rel="{way}" href="([^"]+)"', shown)), "")
        return went

    def jump(self, number: str, text: str) -> str:
        answer = self.site.client.get(
            record_path(make_view(number)), params={"leaf": text, "q": "防汛"}, follow_redirects=False
        )
        return answer.headers.get("location", "") or unescape(answer.text)


@pytest.fixture
def volume(tmp_path: Path) -> Volume:
    return Volume(tmp_path)


def test_a_volume_is_gone_through_in_the_order_of_the_paper(volume: Volume) -> None:
    start = record_path(make_view("50"), page=1, words="防汛")
    there = ["50", "封面", "50", "目录第1页", "51", "第1页", "51", "第2页", "52", "第3页"]
    there += ["53", "第4页", "53", "第4页附页1", "53", "第5页", "50", "备考表"]
    assert volume.walk(start, "next") == there
    back = volume.walk(record_path(make_view("50"), page=9, words="防汛"), "prev")
    assert back[1::2] == there[1::2][::-1]
    assert back[back.index("第3页") - 1] == "53", "of two records with a page the one stays that is looked at"


def test_what_is_not_open_of_a_volume_is_passed_over_without_a_word(volume: Volume) -> None:
    for closed in ("52", "53"):
        volume.site.views.marks.put(closed)
    start = record_path(make_view("50"), page=1, words="防汛")
    assert volume.walk(start, "next")[1::2] == ["封面", "目录第1页", "第1页", "第2页", "备考表"]
    assert "（本卷网上 5 页之 5）" in volume.page(record_path(make_view("50"), page=9))
    assert "本卷网上共 5 页，没有“3”这一页" in volume.jump("50", "3")
    assert "本卷网上共 5 页，没有“3”这一页" in volume.jump("51", "3")
    volume.site.views.marks.put("50")
    assert volume.walk(record_path(make_view("51"), page=3, words="防汛"), "next")[1::2] == ["第1页", "第2页"]
    assert "网上共 2 页，没有“封面”这一页" in volume.jump("51", "封面")


@pytest.mark.parametrize("start", ["50", "51", "53"])
def test_any_page_of_a_volume_is_gone_to_from_its_record_and_its_items(volume: Volume, start: str) -> None:
    for text, number, page in (
        ("4", "53", 6),
        ("第4页", "53", 6),
        ("004-1", "53", 7),
        ("封面", "50", 1),
        ("目录", "50", 2),
    ):
        assert volume.jump(start, text) == record_path(make_view(number), page=page, words="防汛"), text
    assert volume.jump(start, "2") == record_path(make_view("51"), page=4, words="防汛"), "a number is that on paper"
    assert volume.jump("53", "3") == record_path(make_view("53"), page=5, words="防汛"), "its own page is meant"


@pytest.mark.parametrize(
    ("lang", "extent", "place"),
    [
        ("zh", "网上 9 页，其中封面、目录、备考表在此，其余在各件", "（本卷网上 9 页之 2）"),
        (
            "en",
            "9 pages online: cover, list of contents, closing note here, the others",
            "(2 of 9 pages of the volume",
        ),
    ],
)
def test_of_a_volume_is_told_how_many_pages_are_online_and_which_are_here(
    volume: Volume, lang: str, extent: str, place: str
) -> None:
    shown = volume.page(f"{record_path(make_view('50'), page=2)}&lang={lang}")
    assert extent in shown and place in shown
    item = volume.page(f"{record_path(make_view('51'), page=4)}&lang=zh")
    assert "网上 2 页" in item and "（本件 2 页之 2）" in item


def test_pages_are_named_by_those_that_follow_one_another() -> None:
    def named(*labels: str) -> tuple[str, str]:
        told = pages_named(
            [PublishedPage(n, "", None, label=label) for n, label in enumerate(labels, 1) if label != "x"]
        )
        return told.text("zh"), told.text("en")

    assert named("FM", "x", "BK") == ("封面、备考表", "cover, closing note")
    assert named("", "", "") == ("第 1–3 页", "pp. 1–3")
    assert named("FM", "ML001", "ML002", "001", "002", "x", "003")[0] == "封面、目录、第 1–2 页、第3页"
    assert named(*"甲乙丙丁戊己庚")[0] == "甲等 7 页"
