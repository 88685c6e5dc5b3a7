"""The page of a record: its pictures in tiles, its pages by their names, and nothing of it once it is closed."""

import io
import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from PIL import Image

from archives.proof.checkpoint import VerifierKey
from archives.proof.signing import make_private_key, public_key_of, signer
from archives.record.checksum import Kept, Master
from archives.record.rights import OnlineScope
from formats.picture.pyramid import OVERLAP_PX, TILE_PX, levels_of, tiles_of
from search.doors.portal.record.address import record_path
from search.doors.portal.record.page_names import page_called, page_name, page_span
from search.published.pages import write_page
from search.published.proved.record_proof import sign_records
from search.published.shown.page_file import PageImages
from search.published.tree import leaf_of
from search.published.view import PublishedPage, PublishedView
from tests.support.proofs import checked
from tests.test_search.test_doors.test_portal import Site, make_view

SIZE = (1300, 700)


def drawn(size: tuple[int, int] = SIZE) -> PageImages:
    """Return a page drawn for screens, as publishing draws it."""
    picture = Image.effect_noise(size, 60)
    parts = {f"{tile.level}/{tile.column}_{tile.row}.jpg": tile.jpeg for tile in tiles_of(picture)}
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return PageImages(out.getvalue(), *size, TILE_PX, OVERLAP_PX, {**parts, "thumbnail.jpg": out.getvalue()})


def published(site: Site, *pages: PublishedPage, view_id: str = "7") -> PublishedView:
    """Publish a record of such pages, each with its picture."""
    folder = site.images / view_id
    written = tuple(write_page(folder, page, drawn(), None) for page in pages)
    view = replace(make_view(view_id), pages=written)
    site.views.put(view)
    return view


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_picture_without_words_is_called_what_the_record_is(site: Site) -> None:
    view = published(site, PublishedPage(1, "", None), PublishedPage(2, "防汛", None))
    assert 'alt="防汛通知（第 1 页的图像）"' in site.client.get(record_path(view)).text
    assert 'alt="第 2 页的图像"' in site.client.get(record_path(view, page=2)).text


def test_tiles_of_every_level_fit_the_picture(site: Site) -> None:
    view = published(site, PublishedPage(1, "防汛", None))
    page = site.client.get(record_path(view)).text
    assert f'data-tiles="/images/7/0001/" data-width="{SIZE[0]}" data-height="{SIZE[1]}"' in page
    assert "的图像。方向键移动，" in page
    assert f'data-levels="{levels_of(*SIZE)}"' in page
    for level in range(levels_of(*SIZE)):
        scale = 2 ** (levels_of(*SIZE) - 1 - level)
        width, height = (-(-side // scale) for side in SIZE)
        columns, rows = -(-width // TILE_PX), -(-height // TILE_PX)
        for column in range(columns):
            for row in range(rows):
                answer = site.client.get(f"/images/7/0001/{level}/{column}_{row}.jpg")
                assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
                with Image.open(io.BytesIO(answer.content)) as tile:
                    edges = (column > 0) + (column < columns - 1), (row > 0) + (row < rows - 1)
                    inner = min(TILE_PX, width - column * TILE_PX), min(TILE_PX, height - row * TILE_PX)
                    assert tile.size == (inner[0] + edges[0], inner[1] + edges[1])
        assert site.client.get(f"/images/7/0001/{level}/{columns}_0.jpg").status_code == 404
    assert site.client.get("/images/7/0001/thumbnail.jpg").status_code == 200


@pytest.mark.parametrize(
    "part", ["page.json", "0001.zip", "../0001.zip", "9/0_0.jpg", "0/0_0.png", "0/-1_0.jpg", "0/0_0.jpg/x", "", "0"]
)
def test_nothing_but_pictures_comes_out_of_the_file_of_a_page(site: Site, part: str) -> None:
    published(site, PublishedPage(1, "防汛", None))
    for path in (f"/images/7/0001/{part}", "/images/7/0001.zip", "/images/7/0002/0/0_0.jpg"):
        answer = site.client.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"].startswith("text/html")


def test_the_viewer_s_scripts_may_run_where_there_is_a_viewer_and_nowhere_else(site: Site) -> None:
    view = published(site, PublishedPage(1, "防汛", None))
    policy = site.client.get(record_path(view)).headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    for path in ("/", "/search?q=x", "/about", "/nowhere"):
        assert "script" not in site.client.get(path).headers["content-security-policy"]


def test_closed_pages_have_no_tiles_any_more_and_the_answer_of_what_never_was(site: Site) -> None:
    view = published(site, PublishedPage(1, "防汛", None), PublishedPage(2, "防汛", None))
    parts = ("0001/thumbnail.jpg", "0002/0/0_0.jpg", "0001/1/1_0.jpg")
    assert {site.client.get(f"/images/7/{part}").status_code for part in parts} == {200}
    site.views.marks.put("7")
    for part in parts:
        closed, never = site.client.get(f"/images/7/{part}"), site.client.get(f"/images/8/{part}")
        assert (closed.status_code, closed.text) == (never.status_code, never.text) == (404, never.text)
    assert site.client.get(record_path(view)).status_code == 404


def test_a_page_is_gone_to_by_what_it_is_called_on_paper_or_by_its_number(site: Site) -> None:
    labels = ("FM", "ML001", "001", "002", "002-1", "BK")
    view = replace(
        make_view("5"), pages=tuple(PublishedPage(n, "", None, label=label) for n, label in enumerate(labels, 1))
    )
    site.views.put(view)
    called = {
        "封面": 1,
        "FM": 1,
        "cover": 1,
        "目录第1页": 2,
        "1": 3,
        "001": 3,
        "第2页": 4,
        "p. 2": 4,
        "002-1": 5,
    }
    for text, number in called.items():
        answer = site.client.get(record_path(view), params={"leaf": text, "q": "水"}, follow_redirects=False)
        assert (answer.status_code, answer.headers.get("location")) == (
            303,
            record_path(view, page=number, words="水"),
        ), text
    for nothing in ("99", "6", "附图", "页", "x" * 500):
        assert page_called(view, nothing) is None
        answer = site.client.get(record_path(view), params={"leaf": nothing})
        assert answer.status_code == 404
        assert f"没有“{nothing[:40]}”这一页" in unescape(answer.text)
        assert f">{view.said('title')}</h1>" in answer.text, "one stays on the record"


def test_a_record_of_a_time_for_which_its_fonds_has_no_name_names_it_as_the_fonds_is_called(site: Site) -> None:
    nameless, named = make_view("5"), replace(make_view("6"), fonds_name="石桥公社")
    site.views.put(replace(nameless, fonds_name=""))
    site.views.put(named)
    assert site.client.get(record_path(nameless)).text.count("Z109 石桥公社</a>") == 2
    site.views.put(replace(nameless, fonds_name="石桥乡"))
    assert "Z109 石桥乡</a>" in site.client.get(record_path(nameless)).text


def test_a_page_without_a_number_on_paper_is_gone_to_by_its_place(site: Site) -> None:
    def called(text: str, *labels: str) -> int:
        pages = tuple(PublishedPage(n, "", None, label=label) for n, label in enumerate(labels, 1))
        page = page_called(replace(make_view("5"), pages=pages), text)
        return page.number if page else 0

    assert [called(text, "", "", "") for text in "123"] == [1, 2, 3]
    assert [called(text, "正本 1", "正本 2", "附图") for text in "123"] == [1, 2, 3]
    assert [called(text, "005", "", "006") for text in "1256"] == [0, 2, 1, 3]


def test_a_page_of_a_volume_stands_beside_how_many_pages_there_are_without_contradicting_them(site: Site) -> None:
    item = replace(
        make_view("6"), pages=(PublishedPage(5, "甲", None, label="003"), PublishedPage(6, "乙", None, label="004"))
    )
    site.views.put(item)
    shown = site.client.get(record_path(item, page=6), headers={"accept-language": "zh"}).text
    assert "第4页" in shown
    assert "（本件 2 页之 2）" in shown
    assert "共 2 页" not in shown
    assert "(2 of 2 pages)" in site.client.get(record_path(item), params={"lang": "en", "page": "6"}).text
    assert page_called(item, "5") is None


@pytest.mark.parametrize(
    ("label", "zh", "en"),
    [
        ("处理单1 1", "处理单1 第1页", "处理单1, p. 1"),
        ("正本 12", "正本 第12页", "正本, p. 12"),
        ("附图 2", "附图 2", "附图 2"),
        ("045", "第45页", "p. 45"),
        ("", "第 3 页", "page 3"),
    ],
)
def test_a_page_of_a_part_is_called_by_the_part_and_its_page(label: str, zh: str, en: str) -> None:
    said = page_name(3, label)
    assert (said.text("zh"), said.text("en")) == (zh, en)


def test_thumbnails_lead_to_the_pages_around_and_are_no_more_than_a_strip(site: Site) -> None:
    view = replace(make_view("5"), pages=tuple(PublishedPage(n, "", None, beside=f"{n:04}.zip") for n in range(1, 301)))
    site.views.put(view)
    page = site.client.get(record_path(view, page=150)).text
    assert page.count("thumbnail.jpg") < 60
    assert record_path(view, page=149) in page
    assert 'aria-current="page"' in page


def test_a_record_says_where_it_stands_and_leads_up(site: Site) -> None:
    site.views.put(replace(make_view("5"), volume="1"))
    page = site.client.get(record_path(make_view("5"))).text
    levels = page[page.index('<nav class="crumbs"') : page.index('<article class="record">')]
    ways = ("/fonds/990001", "/fonds/990001/Z109", record_path(make_view("1")))
    places = [levels.index(f'href="{way}"') for way in ways]
    assert places == sorted(places)
    site.views.marks.put("1")
    assert make_view("1").said("archival_code") not in site.client.get(record_path(make_view("5"))).text.split("<h1")[0]


@pytest.mark.parametrize(
    ("language", "said", "days"),
    [
        ("zh", "有 2 份副本", ("2025年5月1日", "2025年12月1日")),
        ("zh-Hant", "2026年1月1日", ("2025年5月1日", "2025年12月1日")),
        ("en", "2 copies were", ("1 May 2025", "1 Dec 2025")),
    ],
)
def test_a_record_says_how_it_was_kept_with_the_digests_of_the_page(
    site: Site, language: str, said: str, days: tuple[str, str]
) -> None:
    masters = (Master(1, 1, "a" * 64), Master(2, 4, "b" * 64))
    kept = Kept(date(2025, 5, 1), date(2026, 1, 1), 2, date(2025, 12, 1), masters)
    pages = tuple(PublishedPage(n, "", f"{n:04}.jpg", sha256=f"{n}" * 64) for n in range(1, 5))
    view = replace(make_view("5"), pages=pages, kept=kept)
    site.views.put(view)
    shown = [site.client.get(record_path(view, page=n) + f"&lang={language}").text for n in (1, 3)]
    assert all(part in one for one in shown for part in (said, *days))
    assert all(one.index('id="cite"') < one.index('<details class="integrity">') for one in shown), (
        "it is folded, below"
    )
    assert "a" * 64 in shown[0] and "1" * 64 in shown[0] and "b" * 64 not in shown[0]
    assert "b" * 64 in shown[1] and "3" * 64 in shown[1] and "a" * 64 not in shown[1]
    page = "page 3" if language == "en" else "第 3 页" if language == "zh" else "第 3 頁"
    assert len(re.findall(rf"<dt>[^<]*{page}[^<]*</dt>", shown[1])) == 2


def test_where_no_copy_was_read_that_is_said_and_where_nothing_is_known_nothing_is(site: Site) -> None:
    kept = Kept(date(2025, 5, 1), date(2026, 1, 1), 0, None)
    view = replace(make_view("5", scope=OnlineScope.CATALOGUE_ONLY), kept=kept)
    site.views.put(view)
    assert "没有已核验的副本" in site.client.get(record_path(view)).text
    site.views.put(replace(view, kept=None))
    assert "完整性" not in site.client.get(record_path(view)).text


def test_a_record_that_was_signed_offers_its_proof_and_one_that_closed_does_not(site: Site) -> None:
    view = published(site, PublishedPage(1, "防汛", None))
    assert "proof.json" not in site.client.get(record_path(view)).text
    site.views.put_all([(view, leaf_of(view, site.images))])
    pem = make_private_key(b"s" * 32, None)
    key = public_key_of(pem, None)
    sign_records(site.views, site.images, origin="jinkui/x/record", public_key=key, sign=signer(pem))
    address = f"{record_path(view)}/proof.json"
    for language in ("zh", "zh-Hant", "en"):
        page = site.client.get(f"{record_path(view)}?lang={language}").text
        assert f'href="{address}"' in page
        assert re.search(r"PDF、全部文字和.*不在|does not speak of them", page)
    answer = site.client.get(address)
    assert answer.status_code == 200 and answer.headers["content-disposition"].startswith("attachment;")
    assert checked(answer.text, VerifierKey("jinkui/x/record", key).text()) == "jinkui/x/record"
    assert site.client.get("/records/1/proof.json").status_code == 404
    site.views.marks.put(view.view_id)
    closed = site.client.get(address)
    assert (closed.status_code, closed.text) == (404, site.client.get("/records/nothing/proof.json").text)


def test_of_a_long_volume_the_first_items_are_listed_and_the_list_of_all_is_led_to(site: Site) -> None:
    volume = replace(make_view("15"), level="案卷")
    codes = [f"{volume.code_key}-{n:03}" for n in range(1, 108)]
    items = [
        replace(make_view(one), code_key=one, elements={"archival_code": one, "title": one}, level="件", volume="15")
        for one in codes
    ]
    site.views.put_all([(one, b"") for one in (volume, *items)])
    page = site.client.get(record_path(volume)).text
    listed = re.findall(r'<li><a href="(/records/[^"?]+)"', page.partition('<section class="items">')[2])
    assert listed == [record_path(one) for one in items[:100]]
    (everything,) = re.findall(r'href="([^"]+)">另有 7 件', page)
    assert site.client.get(unescape(everything)).text.count("/records/") >= 100
    for closed in (items[0], *items[-6:]):
        site.views.marks.put(closed.view_id)
    page = site.client.get(record_path(volume)).text
    assert record_path(items[0]) not in page and record_path(items[100]) in page
    assert "另有" not in page, "nobody is told how many closed"


def test_pages_that_follow_one_another_are_called_by_their_numbers_or_names() -> None:
    def span(first: str, last: str) -> tuple[str, str]:
        told = page_span(PublishedPage(1, "", None, label=first), PublishedPage(4, "", None, label=last))
        return told.text("zh"), told.text("en")

    assert span("", "") == ("第 1–4 页", "pp. 1–4")
    assert span("003", "012") == ("第 3–12 页", "pp. 3–12")
    assert span("FM", "012") == ("封面–第12页", "cover–p. 12")
    assert page_span(PublishedPage(2, "", None), PublishedPage(2, "", None)).text("en") == "page 2"


def test_a_record_says_when_it_was_opened_what_it_is_and_whom_to_ask(site: Site) -> None:
    page = site.client.get(record_path(make_view("1"))).text
    for label, value in (("门类", "文书"), ("页数", "网上 2 页"), ("开放日期", "2021年9月1日")):
        assert f"<dt>{label}</dt><dd>{value}</dd>" in page
    assert '<dt>保管单位</dt><dd><a href="/about/990001">岭澜省档案馆</a></dd>' in page
    assert f"并写明档号 {make_view('1').said('archival_code')}" in page
    closed = site.client.get(record_path(make_view("2"))).text
    assert "页数" not in closed, "none of its pages is online"
    assert re.search(r'请到馆查阅.*<a href="/about/990001">', closed)
