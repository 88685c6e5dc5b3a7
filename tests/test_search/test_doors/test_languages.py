"""The three languages of the site: its own words are converted, the words of records are not."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from archives.record.genre import GENRE_CODES
from archives.record.rights import OnlineScope
from archives.units.state import State
from search.doors.portal.languages import lang, named, said, traditional
from search.doors.portal.record.address import record_path
from search.doors.portal.words import WORDS
from tests.test_search.test_doors.test_portal import Site, make_view
from tests.test_search.test_index.test_search_index import make_record


@pytest.mark.parametrize(
    ("wanted", "tag"),
    [("zh-TW,zh;q=0.9", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-Hant-MO", "zh-Hant"), ("zh-CN", "zh-Hans"),
     ("zh", "zh-Hans"), ("fr, en;q=0.8", "en"), ("ja", "zh-Hans"), ("", "zh-Hans")],
)  # fmt: skip
def test_a_browser_is_answered_in_its_language(tmp_path: Path, wanted: str, tag: str) -> None:
    page = Site(tmp_path).client.get("/", headers={"accept-language": wanted})
    assert f'<html lang="{tag}"' in page.text


def test_the_words_of_the_site_are_traditional_and_a_title_stays_as_it_is(tmp_path: Path) -> None:
    site = Site(tmp_path)
    page = site.client.get(record_path(make_view("1")) + "?lang=zh-Hant")
    assert "本頁文字" in page.text
    assert "<dt>文號</dt>" in page.text
    assert "防汛通知" in page.text
    assert "岭澜省档案馆" in page.text
    assert page.cookies["lang"] == "zh-Hant"
    site.client.cookies.set("lang", "zh-Hant")
    home = site.client.get("/").text
    assert "檢索開放檔案" in home
    assert "检索" not in home
    others = home.partition('class="tongues"')[2].partition("</nav>")[0]
    assert "lang=zh-Hant" not in others, "it leads to the others"
    assert "lang=zh" in others


def test_what_a_sentence_names_is_not_converted_and_what_we_say_of_a_date_is() -> None:
    assert said(named(WORDS["fonds_of"], holder="岭澜省档案馆"), "zh-Hant") == "岭澜省档案馆的全宗"
    view = make_view("1")
    assert said(replace(view, elements={**view.elements, "date": "[1952]"}).dated, "zh-Hant") == "1952年（考證所得）"


def test_what_a_sentence_names_has_its_place_in_every_language() -> None:
    for key, one in WORDS.items():
        named_in = {text: set(re.findall(r"{(\w+)", text)) for text in (one.zh, traditional(one.zh), one.en)}
        assert len(set(map(frozenset, named_in.values()))) == 1, key
        assert "档" not in traditional(one.zh), key


@pytest.mark.parametrize("chosen", ["zh-hant", "fr", "", "zh-Hant ", "%00"])
def test_a_language_that_there_is_not_is_none(tmp_path: Path, chosen: str) -> None:
    answer = Site(tmp_path).client.get(f"/?lang={chosen}")
    assert answer.status_code == 200
    assert '<html lang="zh-Hans"' in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("ours", "shown"),
    [
        ("为什么在这里审核", "為什麼在這裡審核"),
        ("元数据和信息", "詮釋資料和資訊"),
        ("联系方式", "聯絡方式"),
        ("加“引号”的", "加「引號」的"),
        ("卷内文件", "卷內文件"),
        ("全屏，按住 Ctrl 滚动，查看图像", "全螢幕，按住 Ctrl 捲動，檢視影像"),
        ("核对程序，sha256sum 文件名", "核對程式，sha256sum 檔名"),
        ("取自电子文件本身", "取自電子檔本身"),
        ("高级检索和帮助", "進階檢索和說明"),
    ],
)
def test_our_words_are_those_of_readers_of_traditional_characters(ours: str, shown: str) -> None:
    assert traditional(ours) == shown
    assert traditional(shown) == shown


def test_our_words_for_kinds_and_states_are_traditional_and_the_name_of_an_archives_is_its_own(tmp_path: Path) -> None:
    site = Site(tmp_path)
    view = replace(make_view("1", scope=OnlineScope.CATALOGUE_ONLY), state=State.DESTROYED.value)
    site.views.put(view)
    page = site.client.get(record_path(view) + "?lang=zh-Hant").text
    assert "<dt>狀態</dt><dd>已銷毀</dd>" in page
    assert "岭澜省档案馆</a></dd>" in page
    assert "嶺瀾省檔案館" not in page
    for number, code in (("1", "WS"), ("2", "KJ")):
        record = replace(make_record(number, "防汛"), genre=code)
        site.index.replace(number, record, sequence=9)
    found = site.client.get("/search?q=防汛&lang=zh-Hant").text
    assert GENRE_CODES["WS"].zh not in found
    assert traditional(GENRE_CODES["WS"].zh) in found


def test_titles_in_lists_and_on_their_pages_say_their_language(tmp_path: Path) -> None:
    site = Site(tmp_path)
    english = replace(
        make_view("3", title="Flood report"),
        elements={**make_view("3").elements, "title": "Flood report", "language": "en"},
    )
    site.views.put(english)
    english = replace(english, pages=tuple(replace(page, text="flood") for page in english.pages))
    site.views.put(english)
    site.index.replace("3", make_record("3", *("flood" for _ in english.pages)), sequence=1)
    assert '<h1 lang="en">Flood report</h1>' in site.client.get(record_path(english)).text
    assert re.search(r'<a href="/records/3"[^>]* lang="en">Flood report</a>', site.client.get("/").text)
    assert re.search(r'<h2><a href="/records/3[^>]* lang="en">', site.client.get("/search?q=flood").text)


@pytest.mark.parametrize("language", ["", "中文", "en; zh", '"><script>'])
def test_what_is_no_tag_of_a_language_is_none(language: str) -> None:
    assert lang(language) == ""
