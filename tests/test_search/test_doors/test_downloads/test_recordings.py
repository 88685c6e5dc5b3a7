"""A recording is played on its page, in parts, without script, and nowhere once it is closed."""

import hashlib
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from archives.record.checksum import Kept, Master
from archives.record.identifiers import archival_code_key
from search.doors.portal.record.address import record_path
from search.published.view import PublishedPage, PublishedView
from tests.test_search.test_doors.test_downloads.test_routes import Lending
from tests.test_search.test_doors.test_portal import make_view

DAY = date(2025, 5, 1)
SOUND = b"RIFF" + bytes(range(256)) * 4


def published(site: Lending, ending: str = ".wav") -> PublishedView:
    """Publish a recording."""
    name, digest = f"0001{ending}", hashlib.sha256(SOUND).hexdigest()
    page = PublishedPage(1, "", None, recording=name, recording_sha256=digest, recording_bytes=len(SOUND))
    view = replace(make_view("7"), pages=(page,))
    (site.images / "7").mkdir()
    (site.images / "7" / name).write_bytes(SOUND)
    (site.images / "7" / "0002.wav").write_bytes(b"canary")
    site.put(view)
    return view


@pytest.fixture
def site(tmp_path: Path) -> Lending:
    return Lending(tmp_path)


def test_a_recording_is_played_on_its_page(site: Lending) -> None:
    answer = site.client.get(record_path(published(site)))
    assert '<audio controls controlslist="nodownload" preload="metadata" src="/recordings/7/0001.wav">' in answer.text
    assert "media-src 'self'" in answer.headers["content-security-policy"]
    assert "本页没有文字" not in answer.text
    assert "此页没有图像" not in answer.text
    assert "media-src" not in site.client.get("/").headers["content-security-policy"]


@pytest.mark.parametrize(("ending", "zh", "en"), [(".wav", "录音", "recording"), (".mp4", "录像", "video")])
def test_the_digest_of_a_recording_is_called_by_what_it_is(site: Lending, ending: str, zh: str, en: str) -> None:
    view = replace(published(site, ending), kept=Kept(DAY, DAY, 1, DAY, (Master(1, 1, "a" * 64),)))
    site.put(view)
    for language, told in (("zh", f"原件文件（{zh}）"), ("en", f"Original file ({en})")):
        text = site.client.get(f"{record_path(view)}?lang={language}").text
        assert f'<dt>{told}</dt><dd class="digest">{"a" * 64}</dd>' in text
    site.put(replace(view, pages=(*view.pages, PublishedPage(2, "防汛", None))))
    assert f"<dt>原件文件（{zh}，第 1 页）</dt>" in site.client.get(record_path(view, page=1) + "&lang=zh").text


def test_its_sound_is_sent_in_parts_and_shown_in_its_place(site: Lending) -> None:
    published(site)
    whole = site.client.get("/recordings/7/0001.wav")
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, SOUND, "audio/wav")
    assert "content-disposition" not in whole.headers
    part = site.client.get("/recordings/7/0001.wav", headers={"range": "bytes=4-"})
    assert (part.status_code, part.content) == (206, SOUND[4:])


@pytest.mark.parametrize("name", ["0002.wav", "0001.mp3", "0001.jpg", "1.wav", "0001.wav%0a", "..%2f7%2f0001.wav"])
def test_only_what_the_view_names_is_sent(site: Lending, name: str) -> None:
    published(site)
    assert site.client.get(f"/recordings/7/{name}").status_code == 404


def test_what_closed_is_answered_as_what_never_was(site: Lending) -> None:
    published(site)
    never = site.client.get("/recordings/nothing/0001.wav")
    site.views.marks.put("7")
    closed = site.client.get("/recordings/7/0001.wav")
    assert (closed.status_code, closed.content) == (404, never.content)


def test_programs_are_told_where_it_is_played(site: Lending) -> None:
    view = published(site)
    (page,) = site.client.get("/api/v1/records/7").json()["pages"]
    assert page["recording"] == "/recordings/7/0001.wav"
    assert site.client.get(page["recording"]).content == SOUND
    site.put(replace(view, may_download=True))
    assert "<dc:type>Sound</dc:type>" in site.client.get("/files/7/record.xml").text
    assert "controlslist" not in site.client.get(record_path(view)).text


def test_a_film_is_seen_on_its_page_and_taken_away_where_that_is_let(site: Lending) -> None:
    view = published(site, ".mp4")
    text = site.client.get(record_path(view)).text
    assert (
        '<video controls playsinline controlslist="nodownload" preload="metadata" src="/recordings/7/0001.mp4">' in text
    )
    assert "<audio" not in text
    assert site.client.get("/recordings/7/0001.mp4").headers["content-type"] == "video/mp4"
    assert site.client.get("/files/7/0001.mp4").status_code == 404
    site.put(replace(view, may_download=True))
    taken = site.client.get("/files/7/0001.mp4")
    assert (taken.status_code, taken.content) == (200, SOUND)
    assert taken.headers["content-disposition"].startswith("attachment")
    assert site.client.get("/files/7/0001.wav").status_code == 404
    page = site.client.get(record_path(view)).text
    assert re.search(r'href="/files/7/0001.mp4" download>录像（MP4，0\.1 MB）</a>', page)
    cited = page.partition('id="cite-plain">')[2].partition('id="cite-reference"')[0]
    assert "页" not in cited, "a film has no page to be cited by"
    assert "?page=" not in cited
    (told,) = (one for one in site.client.get("/api/v1/records/7").json()["downloads"] if one["kind"] == "recording")
    assert (told["media_type"], told["size_bytes"]) == ("video/mp4", len(SOUND))
    assert "<dc:type>MovingImage</dc:type>" in site.client.get("/files/7/record.xml").text


def test_of_a_recording_that_is_not_played_it_is_said_where_it_is_heard(site: Lending) -> None:
    view = make_view("8")
    code = "J019-LY·2014·D10·办公室-0108"
    view = replace(view, pages=(), code_key=archival_code_key(code), elements={**view.elements, "archival_code": code})
    site.put(view)
    assert "收听、观看" in site.client.get(record_path(view)).text
