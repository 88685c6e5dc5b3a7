"""From a record one goes on to the next of its list, and back to the results that led there, to nothing that is closed."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from search.doors.portal.browsing.fonds_page import fonds_path
from search.doors.portal.record.address import record_path
from search.doors.portal.results_page import asked_for, way_back
from search.published.lists.neighbours import Neighbours, neighbours
from search.published.views import PublishedViews
from tests.test_search.test_doors.test_browsing.test_fonds_page import client, codes_on, view
from tests.test_search.test_doors.test_portal import Site, make_view

SHELF = ("J019-1-0001", "J019-1-0002", "J019-1-0010", "J019-2-0001")
ITEMS = ("J019-1-0002-001", "J019-1-0002-002", "J019-1-0002-010")


@pytest.fixture
def views(tmp_path: Path) -> PublishedViews:
    views = PublishedViews(tmp_path / "public.db", today=lambda: date(2026, 1, 1))
    views.put_all([(view(code, level="案卷"), b"") for code in SHELF])
    views.put_all([(view(code, level="件"), b"") for code in ITEMS])
    views.put_all([(view("J019"), b""), (view("J019-1", level="类别"), b""), (view("K020-1-0001"), b"")])
    return views


def around(views: PublishedViews, code: str) -> tuple[str, str]:
    """Return the codes before and behind."""
    found = neighbours(views, code)
    return tuple(one.archival_code if one else "" for one in (found.previous, found.following))  # type: ignore[return-value]


@pytest.mark.parametrize("each", [SHELF, ITEMS])
def test_neighbours_are_those_of_the_list_in_its_order(views: PublishedViews, each: tuple[str, ...]) -> None:
    beside = ("", *each, "")
    for number, code in enumerate(each, 1):
        assert around(views, code) == (beside[number - 1], beside[number + 1]), code


def test_the_list_is_the_one_that_the_site_shows(views: PublishedViews, tmp_path: Path) -> None:
    site = client(views, tmp_path)
    for path, each in ((fonds_path("990001", "J019"), SHELF), (fonds_path("990001", "J019", volume=SHELF[1]), ITEMS)):
        listed = [code for code in codes_on(site.get(path).text) if code in each]
        assert list(dict.fromkeys(listed))[-len(each) :] == sorted(each, key=listed.index) == list(each)


def test_what_closed_is_nobody_s_neighbour(views: PublishedViews) -> None:
    for code in (ITEMS[1], SHELF[2]):
        views.marks.put(code)
    assert around(views, ITEMS[0]) == ("", ITEMS[2])
    assert around(views, SHELF[1]) == (SHELF[0], SHELF[3])
    assert around(views, ITEMS[1]) == ("", ""), "nor has it any"
    assert around(views, "never") == ("", "")


def test_items_of_a_volume_that_closed_stand_in_the_list_of_the_fonds(views: PublishedViews) -> None:
    views.marks.put(SHELF[1])
    assert around(views, ITEMS[0]) == (SHELF[0], ITEMS[1])
    assert around(views, SHELF[2]) == (ITEMS[2], SHELF[3])
    views.remove(SHELF[1])
    assert around(views, SHELF[2]) == (ITEMS[2], SHELF[3])


def test_a_record_leads_to_the_volume_whose_code_its_own_goes_on(views: PublishedViews, tmp_path: Path) -> None:
    site = client(views, tmp_path)

    def named(code: str) -> int:
        page = site.get(record_path(view(code))).text
        links = page.count(f'href="{record_path(view(SHELF[1]))}"')
        assert (f"题名 {SHELF[1]}</a>" in page) == (links > 0), "named in no other way"
        return links

    assert named(ITEMS[0]) == 2, "above the heading and in the description"
    assert site.get(f"/api/v1/records/{ITEMS[0]}").json()["volume"] == SHELF[1]
    views.marks.put(SHELF[1])
    assert named(ITEMS[0]) == 0
    assert site.get(f"/api/v1/records/{ITEMS[0]}").json()["volume"] is None
    views.marks.remove(SHELF[1])
    views.put(replace(view(SHELF[1], level="案卷"), until=date(2026, 1, 1)))
    assert named(ITEMS[0]) == 0, "it closes today"
    views.put(view(SHELF[1], level="件"))
    assert "所属案卷" not in site.get(record_path(view(ITEMS[0]))).text, "what is no volume is none, whatever its code"


def test_a_fonds_and_a_series_stand_beside_nothing(views: PublishedViews) -> None:
    assert neighbours(views, "J019") == neighbours(views, "J019-1") == Neighbours()


def test_a_neighbour_is_looked_up_in_the_order_in_which_the_file_has_them(views: PublishedViews) -> None:
    asked: list[str] = []
    connection = views._connection
    connection.set_trace_callback(asked.append)
    assert around(views, SHELF[1]) and around(views, ITEMS[1])
    connection.set_trace_callback(None)
    steps = [row[3] for sql in asked if "LIMIT 1" in sql for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert any("line_shelf" in step for step in steps) and any("line_within" in step for step in steps)
    assert not [step for step in steps if "TEMP B-TREE" in step or step.startswith("SCAN line")], steps


def test_the_page_leads_to_its_neighbours_with_what_was_searched(tmp_path: Path) -> None:
    site = Site(tmp_path)
    page = site.client.get(record_path(make_view("1"), words="防汛", search="year=1986")).text
    assert unescape(page).count(record_path(make_view("2"), words="防汛", search="year=1986")) == 1
    assert "下一件" in page and "上一件" not in page
    assert "回到检索结果" not in site.client.get(record_path(make_view("1"))).text


@pytest.mark.parametrize(
    "asked",
    ["q=防汛", "q=防汛&year=1986&page=2&order=date", "title=通知&repository=990001", "q=x&q=y&page=7&author=某"],
)
def test_from_a_result_one_comes_back_to_the_same_results(tmp_path: Path, asked: str) -> None:
    state = asked_for({key: value[-1] for key, value in parse_qs(asked).items()})
    there = record_path(make_view("1"), words=state.words, search=state.state)
    site = Site(tmp_path)
    page = unescape(site.client.get(there).text)
    (back,) = re.findall(r'<a class="back" href="([^"]+)"', page)
    again = asked_for({key: value[-1] for key, value in parse_qs(urlsplit(back).query).items()})
    assert again == state
    for way in re.findall(r'href="(/records/[^"#]+)', page.split("<article")[1]):
        assert not state.state or "s" in parse_qs(urlsplit(way).query) or "canonical" in way


@pytest.mark.parametrize(
    "state",
    ["https://evil.example/", "//evil.example", "page=2&x=1&q=other", "%0d%0aSet-Cookie: x", "a" * 5000, "&&=&="],
)
def test_the_way_back_leads_to_results_whatever_an_address_says(tmp_path: Path, state: str) -> None:
    back = way_back("防汛", state)
    assert back.startswith("/search?q=%E9%98%B2%E6%B1%9B") and len(back) < 1_000
    assert not re.search(r"evil|\s|q=other", back)
    assert Site(tmp_path).client.get(record_path(make_view("1"), words="防汛", search=state)).status_code == 200


def test_pages_are_turned_with_the_way_back(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.views.put(replace(make_view("1")))
    page = unescape(site.client.get(record_path(make_view("1"), page=1, words="防汛", search="year=1986")).text)
    assert record_path(make_view("1"), page=2, words="防汛", search="year=1986") in page
    answer = site.client.get(
        record_path(make_view("1")), params={"leaf": "2", "s": "year=1986"}, follow_redirects=False
    )
    assert answer.headers["location"] == record_path(make_view("1"), page=2, search="year=1986")
