"""The public pages of fonds: what is open is counted and linked, level by level, and nothing else is named or counted."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from archives.message import message
from archives.record.checksum import Kept
from archives.record.rights import OnlineScope
from search.doors.api.app import add_api
from search.doors.portal.app import create_app
from search.doors.portal.browsing.fonds_page import fonds_path
from search.doors.portal.browsing.told import SiteWords
from search.index.memory import MemoryIndex
from search.published.lists import counts, pages
from search.published.lists.counts import Counts
from search.published.view import PublishedPage, PublishedView
from search.published.views import PublishedViews
from tests.test_search.test_doors.test_portal import make_view

CODES = (
    "J019-1-0001", "J019-1-0001-1", "J019-10-0001", "J019-WS·2014-Y-0001", "J019-WS·2014·Y·BGS-0002", "J019-7",
    "K020-1-0001",
)  # fmt: skip


def view(
    code: str, *, level: str = "", opened: str = "2021-09-01", volume: str = "", **said: str | int
) -> PublishedView:
    """Return the view of a unit of that code."""
    number, bare = code.split("-")[0], make_view("1", scope=OnlineScope.CATALOGUE_ONLY)
    elements: Mapping[str, str | int | None] = {"archival_code": code, "title": f"题名 {code}", "language": "", **said}
    return replace(
        bare, view_id=code, code_key=code, fonds_number=number, fonds_name=f"{number}旧名", elements=elements,
        level=level, opened=date.fromisoformat(opened) if opened else None, volume=volume,
    )  # fmt: skip


@pytest.fixture
def views(tmp_path: Path) -> PublishedViews:
    views = PublishedViews(tmp_path / "public.db", today=lambda: date(2026, 1, 1))
    views.put_all([(view(code), b"") for code in CODES])
    return views


def client(views: PublishedViews, folder: Path, words: SiteWords = SiteWords()) -> TestClient:
    app = create_app(views, MemoryIndex(), folder, site_name=message("金匮", "Jinkui"), words=words)
    return TestClient(add_api(app), headers={"accept-language": "zh"}, raise_server_exceptions=False)


def codes_on(page: str) -> list[str]:
    """Return the codes of the records that a page links to, in their order."""
    return re.findall(r'href="/records/([^"?]+)"', page)


def test_open_records_are_counted_by_fonds_series_and_year(views: PublishedViews) -> None:
    assert counts.fonds_of(views, "990001", offset=0, limit=9) == [("J019", Counts(0, 6)), ("K020", Counts(0, 1))]
    views.put(view("J019-1-0002", level="案卷", year=1986))
    views.put(view("J019-1-0002-1", level="件", year=1986))
    told = {(one.series, one.year): (one.counts, one.on_top) for one in counts.groups_of(views, "990001", "J019")}
    assert told == {
        ("", 0): (Counts(0, 1), 1),
        ("1", 0): (Counts(0, 2), 2),
        ("1", 1986): (Counts(1, 1), 1),
        ("10", 0): (Counts(0, 1), 1),
        ("WS·2014", 0): (Counts(0, 2), 2),
    }
    assert counts.of_repository(views, "990001") == Counts(1, 8)


def test_one_leafs_from_the_repository_to_the_items_of_a_volume(views: PublishedViews, tmp_path: Path) -> None:
    views.put(view("J019-1", level="类别", title="文书目录"))
    views.put(view("J019-1-0009", level="案卷", year=1986))
    views.put_all([(view(f"J019-1-0009-{n:03}", level="件", year=1986), b"") for n in range(1, 121)])
    site = client(views, tmp_path)
    repository = site.get("/fonds/990001").text
    assert fonds_path("990001", "J019") in repository
    assert '<span class="meta">1 卷 126 件</span>' in repository
    fonds = site.get(fonds_path("990001", "J019")).text
    series = fonds_path("990001", "J019", series="1")
    assert series in fonds
    assert "文书目录" in fonds
    narrowed = site.get(series).text
    assert codes_on(narrowed) == ["J019-1-0001", "J019-1-0001-1", "J019-1-0009"]
    year = fonds_path("990001", "J019", series="1", year="1986")
    assert year.replace("&", "&amp;") in narrowed
    assert codes_on(site.get(year).text) == ["J019-1-0009"]
    volume = fonds_path("990001", "J019", volume="J019-1-0009")
    assert f'<a href="{volume}">卷内 120 件</a>' in narrowed
    listed = site.get(volume).text
    assert codes_on(listed)[1:] == [f"J019-1-0009-{n:03}" for n in range(1, 101)]
    assert f"{volume}&page=2".replace("&", "&amp;") in listed
    assert len(codes_on(site.get(f"{volume}&page=2").text)) == 1 + 20


def test_items_of_a_volume_that_is_not_shown_stand_by_themselves(views: PublishedViews, tmp_path: Path) -> None:
    site, series = client(views, tmp_path), fonds_path("990001", "J019", series="1")
    before = site.get(series)
    items = (view("J019-1-0005-1", level="件", volume="J019-1-0005"), view("J019-1-0005-2", level="件"))
    for one in (*items, view("J019-1-0005", level="案卷")):
        views.put(one)
    with_volume = site.get(series).text
    assert codes_on(with_volume)[-1] == "J019-1-0005"
    views.marks.put("J019-1-0005")
    marked = site.get(series)
    views.remove("J019-1-0005")
    views.marks.remove("J019-1-0005")
    removed = site.get(series)
    innocent = PublishedViews(tmp_path / "innocent/public.db", today=lambda: date(2026, 1, 1))
    innocent.put_all([(one, b"") for one in (*map(view, CODES), *items)])
    never = client(innocent, tmp_path).get(series)
    assert marked.text == removed.text == never.text != before.text
    assert codes_on(never.text)[-2:] == ["J019-1-0005-1", "J019-1-0005-2"]


def test_a_fonds_that_was_opened_has_one_page(views: PublishedViews, tmp_path: Path) -> None:
    kept = Kept(date(2024, 1, 1), date(2024, 3, 1), 2, date(2024, 2, 1))
    views.put(replace(view("J019", author="水利局", history="成立于1953年。", document_number="水字1号"), kept=kept))
    views.put(replace(view("J019-1", level="类别", title="文书目录", document_number="水字2号"), kept=kept))
    views.put(view("J019-9", level="类别"))
    site = client(views, tmp_path)
    for code, page in (("J019", fonds_path("990001", "J019")), ("J019-1", fonds_path("990001", "J019", series="1"))):
        answer = site.get(f"/records/{code}?q=x", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (301, page)
        told = site.get(page).text
        assert "请到馆查阅" not in told
        assert f"网址：http://testserver/records/{code}" in told or f"http://testserver/records/{code}（" in told
        assert "完整性" in told
        assert "开放日期</dt><dd>2021年9月1日</dd>" in told
        listed = site.get("/openings/990001/2021-09-01").text
        assert f'<li><a href="{page}"' in listed
        assert f'"/records/{code}"' not in listed
        assert f"<loc>http://testserver{page}</loc>" in site.get("/sitemaps/1.xml").text
        book = load_workbook(BytesIO(site.get("/openings/990001/2021-09-01.xlsx").content))
        assert f"http://testserver{page}" in [row[-1] for row in book.active.iter_rows(values_only=True)]  # type: ignore[union-attr]
        assert site.get(f"/api/v1/records/{code}").json()["url"] == f"/records/{code}"
    assert "水字1号" in site.get(fonds_path("990001", "J019")).text
    assert "水字2号" in site.get(fonds_path("990001", "J019", series="1")).text
    assert "<h2>引用</h2>" not in site.get(fonds_path("990001", "J019", series="10")).text, "it has no description"
    assert site.get("/records/J019-9", follow_redirects=False).status_code == 200, "nothing of that series is open"
    views.marks.put("J019")
    assert site.get("/records/J019", follow_redirects=False).status_code == 404
    closed = site.get(fonds_path("990001", "J019"))
    assert closed.status_code == 200
    assert "水字1号" not in closed.text
    assert "<h2>引用</h2>" not in closed.text


def test_each_line_says_whether_it_can_be_read_online(views: PublishedViews, tmp_path: Path) -> None:
    read = replace(view("J019-1-0001"), scope=OnlineScope.FULL_TEXT, pages=make_view("1").pages)
    film = replace(view("J019-7"), scope=OnlineScope.FULL_TEXT, pages=(PublishedPage(1, "", None, recording="1.mp4"),))
    sealed = replace(view("J019-10-0001"), scope=OnlineScope.FULL_TEXT)
    views.put_all([(one, b"") for one in (read, film, sealed, view("J019"), view("J019-1", level="类别"))])
    site = client(views, tmp_path)

    def labels(path: str) -> dict[str, str]:
        lines = re.findall(r'<li><a href="/records/([^"]+)"(.*?)</li>', site.get(path).text)
        return {code: "".join(re.findall(r'class="(?:only|readable)"[^>]*>([^<]*)', told)) for code, told in lines}

    shelf = labels(fonds_path("990001", "J019"))
    assert {code: shelf[code] for code in ("J019-1-0001", "J019-1-0001-1", "J019-7", "J019-10-0001")} == {
        "J019-1-0001": "网上 2 页", "J019-1-0001-1": "仅目录", "J019-7": "", "J019-10-0001": "仅目录",
    }  # fmt: skip
    day = labels("/openings/990001/2021-09-01")
    assert day["J019-1-0001"] == "网上 2 页"
    listed = site.get("/openings/990001/2021-09-01").text
    assert listed.count('class="only"') == list(day.values()).count("仅目录") == 5, "a fonds is no record"
    assert labels("/recent")["J019-1-0001-1"] == "仅目录"


def test_a_volume_that_gives_its_code_to_another_keeps_no_items_of_it(views: PublishedViews) -> None:
    views.put(view("J019-1-0005-1", level="件"))
    views.put(view("J019-1-0005", level="案卷"))
    moved = replace(view("J019-1-0006", level="案卷"), view_id="J019-1-0005")
    views.put(moved)
    assert counts.below(views, ["J019-1-0005"]) == {}
    views.put(replace(view("J019-1-0005", level="案卷"), view_id="another"))
    assert counts.below(views, ["J019-1-0005", "another"]) == {"another": 1}
    assert pages.in_volume(views, "another", offset=0, limit=9) == ["J019-1-0005-1"]


def test_the_line_of_a_view_whose_code_another_takes_goes_with_it(views: PublishedViews) -> None:
    views.put(replace(view("J019-1-0001"), view_id="another"))
    assert views.lines(["J019-1-0001"]) == ()
    assert counts.number_of_all(views) == len(views.ids()) == len(CODES)


def test_what_is_closed_is_neither_counted_nor_named(views: PublishedViews, tmp_path: Path) -> None:
    site = client(views, tmp_path)
    assert "K020" in site.get("/fonds/990001").text
    views.marks.put("K020-1-0001")
    views.marks.put("J019-10-0001")
    listed = site.get("/fonds/990001").text
    assert "K020" not in listed
    assert '<span class="meta">5 件</span>' in listed
    assert "series=10" not in site.get("/fonds/990001/J019").text
    missing = site.get("/fonds/990001/K020")
    assert (missing.status_code, missing.text) == (404, site.get("/fonds/990001/Z999").text.replace("Z999", "K020"))
    assert site.get("/fonds/000000").status_code == 404


@pytest.mark.parametrize(
    "state",
    ["series=99", "series=10&year=1986", "year=1986", "year=abc", "year=0", "page=0", "page=x", "page=2", "page=１",
     "page=99999999", "volume=K020-1-0001", "volume=nothing", "volume=J019-1-0001&series=1", "series=%00"],
)  # fmt: skip
def test_an_address_of_what_is_not_there_is_not_found(views: PublishedViews, tmp_path: Path, state: str) -> None:
    answer = client(views, tmp_path).get(f"/fonds/990001/J019?{state}")
    assert answer.status_code == 404
    assert "页面不存在" in answer.text


def test_a_fonds_that_was_opened_itself_tells_its_names_and_introduction(views: PublishedViews, tmp_path: Path) -> None:
    site = client(views, tmp_path)
    assert "全宗介绍" not in site.get("/fonds/990001/J019").text
    names = "1953.5—1984.3 水利局全宗｜水利局；1984.3— 水务局全宗｜水务局"
    views.put(view("J019", title="水务局全宗", author="水务局", names=names, history="成立于1953年。\n1984年改名。"))
    page = site.get("/fonds/990001/J019").text
    assert '<h1><span class="code">J019</span> 水务局全宗</h1>' in page
    assert all(text in page for text in ("水利局全宗", "1984年改名。", "1953.5—1984.3"))
    assert "J019旧名" in site.get("/records/990001/J019-1-0001").text, "a later name is no older record's"
    assert site.get("/fonds/990001").text.count("水务局全宗") == 1
    assert "J019" not in codes_on(page), "the description of the fonds is no record in it"


def test_a_page_has_a_hundred(views: PublishedViews, tmp_path: Path) -> None:
    views.put_all([(view(f"J019-2-{number:04}"), b"") for number in range(1, 151)])
    page = client(views, tmp_path).get("/fonds/990001/J019?series=2").text
    assert (len(codes_on(page)), "series=2&amp;page=2" in page) == (100, True)
    assert len(codes_on(client(views, tmp_path).get("/fonds/990001/J019?series=2&page=2").text)) == 50
    assert client(views, tmp_path).get("/fonds/990001/J019?series=2&page=3").status_code == 404


def test_lists_read_no_view_and_no_line_but_those_that_they_show(views: PublishedViews, tmp_path: Path) -> None:
    site, asked = client(views, tmp_path), list[str]()
    connection = views._connection
    connection.set_trace_callback(asked.append)
    for path in ("/fonds/990001", "/fonds/990001/J019", "/fonds/990001/J019?series=1", "/recent", "/openings/990001"):
        assert site.get(path).status_code == 200
    assert site.get("/openings/990001/2021-09-01").status_code == 200
    connection.set_trace_callback(None)
    asked = [sql for sql in dict.fromkeys(asked) if not sql.startswith("--")]
    steps = [row[3] for sql in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert [one for one in steps if one.startswith(("SCAN line", "SCAN view")) and "COVERING INDEX" not in one] == []
    assert not any("TEMP B-TREE FOR GROUP BY" in one for one in steps)


@pytest.mark.parametrize("path", ["/", "/about", "/about/990001", "/fonds/990001"])
def test_how_much_is_open_is_told_alike_everywhere(views: PublishedViews, tmp_path: Path, path: str) -> None:
    views.put(view("J019-1-0002", level="案卷", year=1986))
    views.put(view("J019", level="全宗"))
    page = " ".join(re.sub("<[^>]*>", " ", client(views, tmp_path).get(path).text).split())
    numbers = re.findall(r"[0-9]+ 卷 [0-9]+ 件", page)
    assert numbers == (["1 卷 7 件"] * 2 if path == "/" else ["1 卷 7 件" if path != "/fonds/990001" else "1 卷 6 件"])
    if path == "/":
        assert "现已开放：2 个全宗 · 1 卷 7 件" in page
    assert "8 件" not in page and "9 件" not in page


def test_a_site_of_which_nothing_is_open_tells_no_totals(tmp_path: Path) -> None:
    empty = PublishedViews(tmp_path / "public.db", today=lambda: date(2026, 1, 1))
    assert "现已开放" not in client(empty, tmp_path).get("/").text
