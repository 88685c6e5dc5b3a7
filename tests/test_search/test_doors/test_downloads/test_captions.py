"""Caption files beside a recording are shown with it and read beside it, from what was published of them and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from search.doors.portal.record.address import record_path
from search.index.document import TextOrigin
from search.published.view import PublishedPage, PublishedView
from tests.test_search.test_doors.test_downloads.test_routes import Lending
from tests.test_search.test_doors.test_portal import make_view

SAID = """WEBVTT

NOTE canary
1
00:00:00.500 --> 00:00:02.000 position:10%
<v 王工>石桥水库 <b>水位</b> 十二点四米

00:00:02.500 --> 00:00:04.000
水位 <script>
"""
ANEW = """WEBVTT

00:00:00.500 --> 00:00:02.000
王工：石桥水库 水位 十二点四米

00:00:02.500 --> 00:00:04.000
水位
"""


def played(number: int, ending: str = ".mp4") -> PublishedPage:
    """Return the page of a recording."""
    return PublishedPage(number, "", None, recording=f"{number:04}{ending}", recording_bytes=1)


def words(number: int, text: str, origin: TextOrigin = TextOrigin.EXTRACTED) -> PublishedPage:
    """Return the page of a text."""
    return PublishedPage(number, text, None, origin=origin)


def published(site: Lending, *pages: PublishedPage) -> PublishedView:
    """Publish a record of such pages."""
    view = replace(make_view("7"), pages=pages)
    site.put(view)
    return view


@pytest.fixture
def site(tmp_path: Path) -> Lending:
    return Lending(tmp_path)


def test_a_film_is_shown_with_its_captions_written_anew(site: Lending) -> None:
    view = published(site, played(1), words(2, SAID))
    page = site.client.get(record_path(view)).text
    assert '<track kind="captions" src="/captions/7/0002.vtt" label="字幕">' in page
    assert f'文字稿：<a href="{record_path(view, page=2)}">第 2 页</a>' in page
    answer = site.client.get("/captions/7/0002.vtt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/vtt; charset=utf-8")
    assert answer.text == ANEW


def test_a_sound_recording_leads_to_what_is_said_in_it(site: Lending) -> None:
    view = published(site, played(1, ".mp3"), words(2, SAID), words(3, "会议通知"))
    page = site.client.get(record_path(view)).text
    assert "<track" not in page, "no player shows captions of sound"
    beside = [f'<a href="{record_path(view, page=n)}">第 {n} 页</a>' for n in (2, 3)]
    assert f"文字稿、随附文字：{'、'.join(beside)}" in page


def test_what_is_said_is_read_after_its_times_with_the_hits_marked(site: Lending) -> None:
    view = published(site, played(1), words(2, SAID))
    page = site.client.get(record_path(view, page=2, words="水位")).text
    assert '<p><span class="meta">0:00:00</span> 王工：石桥水库 <mark id="hit">水位</mark> 十二点四米</p>' in page
    assert page.count("<mark") == 2
    assert "<h2>文字稿</h2>" in page
    assert "WEBVTT" not in page and "canary" not in page


def test_where_a_hit_is_no_word_that_is_said_the_whole_text_is_shown(site: Lending) -> None:
    view = published(site, played(1), words(2, SAID))
    page = site.client.get(record_path(view, page=2, words="canary")).text
    assert '<mark id="hit">canary</mark>' in page and "WEBVTT" in page


@pytest.mark.parametrize(
    "name", ["0001.vtt", "0003.vtt", "0004.vtt", "2.vtt", "00002.vtt", "0002.srt", "0002.vtt%0a", "..%2f7%2f0002.vtt"]
)
def test_nothing_else_is_sent_as_captions(site: Lending, name: str) -> None:
    published(site, played(1), words(2, SAID), words(3, "水位"), words(4, SAID, TextOrigin.RECOGNISED))
    assert site.client.get("/captions/7/0002.vtt").status_code == 200
    assert site.client.get(f"/captions/7/{name}").status_code == 404


def test_captions_that_closed_or_of_no_recording_are_answered_as_what_never_was(site: Lending) -> None:
    never = site.client.get("/captions/nothing/0002.vtt")
    view = published(site, played(1), words(2, SAID))
    site.views.marks.put("7")
    closed = site.client.get("/captions/7/0002.vtt")
    site.views.marks.remove("7")
    site.put(replace(view, pages=(words(1, "水位"), words(2, SAID))))
    alone = site.client.get("/captions/7/0002.vtt")
    for answer in (closed, alone):
        assert (answer.status_code, answer.content) == (404, never.content)
    assert "WEBVTT" in site.client.get(record_path(view, page=2)).text, "beside no recording it is a text like others"


def test_captions_belong_to_the_recording_that_they_follow_and_to_an_only_one_wherever_they_stand(
    site: Lending,
) -> None:
    view = published(site, played(1), words(2, SAID), words(3, SAID), played(4), words(5, SAID))
    first, second = (site.client.get(record_path(view, page=n)).text for n in (1, 4))
    assert 'src="/captions/7/0002.vtt" label="字幕 1"' in first and 'src="/captions/7/0003.vtt" label="字幕 2"' in first
    assert "0005.vtt" not in first
    assert second.count("<track") == second.count("/captions/7/0005.vtt") == 1
    published(site, words(1, SAID), played(2))
    assert "/captions/7/0001.vtt" in site.client.get(record_path(view, page=2)).text


def test_a_record_opens_on_its_recording_though_what_is_said_stands_before_it(site: Lending) -> None:
    view = published(site, words(1, SAID), played(2))
    assert "<video" in site.client.get(record_path(view)).text
    assert "<video" not in site.client.get(record_path(view, page=1)).text
    assert "<video" not in site.client.get(record_path(view, words="水位")).text, "the words stand in the transcript"
