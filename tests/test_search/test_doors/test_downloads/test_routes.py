"""Files are taken away where the repository lets them be, and nowhere else."""

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from lxml import etree

from archives.errors import SearchBusyError
from archives.message import message
from archives.record.rights import OnlineScope
from search.doors.api.app import add_api
from search.doors.portal.app import create_app
from search.doors.portal.browsing.told import SiteWords
from search.doors.portal.downloads import routes
from search.doors.portal.downloads.sending import Copies, opened
from search.doors.portal.record.address import record_path
from search.published.view import PublishedFile, PublishedPage, PublishedView
from tests.support.corpora import naughty_strings
from tests.test_search.test_doors.test_portal import Site, make_view

PDF = b"%PDF-1.7 " + bytes(range(256)) * 2000
NAME = "0123456789abcdef0123456789abcdef.pdf"


class Lending(Site):
    """A site of three records: one whose files may be taken away, one of another view, one of a description only."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.allowed = {"990001"}
        one = PublishedFile(NAME, hashlib.sha256(PDF).hexdigest(), len(PDF), 1, 1)
        self.put(replace(make_view("1"), may_download=True, files=(one,)))
        self.put(replace(make_view("2", scope=OnlineScope.CATALOGUE_ONLY), may_download=True))
        self.put(make_view("3"))
        (self.images / "1" / NAME).write_bytes(PDF)
        words = SiteWords("https://open.example.org", may_download=lambda repository: repository in self.allowed)
        app = create_app(self.views, self.index, self.images, site_name=message("金匮", "Jinkui"), words=words)
        self.client = TestClient(add_api(app), headers={"accept-language": "zh"}, raise_server_exceptions=False)

    def put(self, view: PublishedView) -> None:
        """Publish a view."""
        self.views.put(view)


@pytest.fixture
def site(tmp_path: Path) -> Lending:
    return Lending(tmp_path)


FILES = {
    "record.pdf": "application/pdf",
    "record.txt": "text/plain; charset=utf-8",
    "record.json": "application/json",
    "record.xml": "application/xml",
    "0001.jpg": "image/jpeg",
    "0001.txt": "text/plain; charset=utf-8",
    "0002.txt": "text/plain; charset=utf-8",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_kept_under_the_code_of_its_record(site: Lending, name: str) -> None:
    answer = site.client.get(f"/files/1/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, FILES[name])
    kept = answer.headers["content-disposition"]
    assert kept.startswith('attachment; filename="record')
    assert "filename*=UTF-8''Z109-WS%C2%B71986-Y-BGS-1" in kept
    assert answer.headers["x-content-type-options"] == "nosniff"
    head = site.client.head(f"/files/1/{name}")
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(answer.content)))


def test_the_files_hold_what_is_published(site: Lending) -> None:
    assert site.client.get("/files/1/record.pdf").content == PDF
    assert site.client.get("/files/1/0001.jpg").content == b"\xff\xd8jpeg"
    assert site.client.get("/files/1/0002.txt").text == "第二页\n"
    assert site.client.get("/files/1/record.txt").text == "[第 1 页]\n防汛工作\n\n[第 2 页]\n第二页\n"
    told = json.loads(site.client.get("/files/1/record.json").content)
    assert told["elements"]["title"] == "防汛通知"
    assert told["address"] == "https://open.example.org" + record_path(make_view("1"))
    root = etree.fromstring(site.client.get("/files/1/record.xml").content)
    said = [(etree.QName(one).localname, one.text) for one in root]
    assert ("title", "防汛通知") in said
    assert ("date", "1986-04") in said
    assert ("type", "Text") in said
    assert ("type", "Image") in said


def test_of_a_description_only_there_is_metadata_and_nothing_else(site: Lending) -> None:
    answered = {name: site.client.get(f"/files/2/{name}").status_code for name in FILES}
    assert {name for name, status in answered.items() if status == 200} == {"record.json", "record.xml"}


def test_what_may_not_be_taken_away_is_answered_as_what_never_was(site: Lending) -> None:
    never = site.client.get("/files/nothing/record.pdf")
    assert never.status_code == 404
    for name in FILES:
        assert site.client.get(f"/files/3/{name}").content == never.content, "published for reading online"
    site.allowed.clear()
    for name in FILES:
        assert site.client.get(f"/files/1/{name}").content == never.content, "the setting holds at once"
    site.allowed.add("990001")
    site.views.marks.put("1")
    for name in FILES:
        assert site.client.get(f"/files/1/{name}").content == never.content, "closed"


@pytest.mark.parametrize(
    "name",
    (
        "record-1.pdf record-2.pdf record-2.txt record.jpg 1.txt 00001.txt 0003.txt 0002.jpg 0001.zip 0001.pdf"
        f" ..%2f1%2f0001.jpg record.PDF %00 record.pdf%0a {NAME}"
    ).split(),
)
def test_no_other_name_leads_anywhere(site: Lending, name: str) -> None:
    assert site.client.get(f"/files/1/{name}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=100-", 100, len(PDF)),
        ("bytes=-7", len(PDF) - 7, len(PDF)),
        ("bytes=5-999999999", 5, len(PDF)),
        ("bytes=-999999999", 0, len(PDF)),
        ("bytes=0-0", 0, 1),
    ],
)
def test_a_part_is_sent_where_it_is_asked_for(site: Lending, asked: str, begin: int, end: int) -> None:
    answer = site.client.get("/files/1/record.pdf", headers={"range": asked})
    assert answer.status_code == 206
    assert answer.content == PDF[begin:end]
    assert answer.headers["content-range"] == f"bytes {begin}-{end - 1}/{len(PDF)}"


@pytest.mark.parametrize("asked", ["bytes=9-3", "bytes=-", "lines=1-2", "bytes=0-1,5-6", "bytes=a-b", "bytes=１-２"])
def test_what_is_no_range_is_answered_with_the_whole(site: Lending, asked: str) -> None:
    answer = site.client.get("/files/1/record.pdf", headers=[(b"range", asked.encode())])
    assert (answer.status_code, answer.content) == (200, PDF)


def test_conditions_are_kept(site: Lending) -> None:
    tag = site.client.get("/files/1/record.pdf").headers["etag"]
    same = site.client.get("/files/1/record.pdf", headers={"if-none-match": tag})
    assert (same.status_code, same.content) == (304, b"")
    other = site.client.get("/files/1/record.pdf", headers={"range": "bytes=0-9", "if-range": '"other"'})
    assert (other.status_code, other.content) == (200, PDF)
    beyond = site.client.get("/files/1/record.pdf", headers={"range": f"bytes={len(PDF)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(PDF)}")
    nothing = site.client.get("/files/1/record.pdf", headers={"range": "bytes=-0"})
    assert nothing.status_code == 416


def test_of_what_is_signed_only_what_was_signed_is_sent(tmp_path: Path) -> None:
    path, sha256 = tmp_path / NAME, hashlib.sha256(PDF).hexdigest()
    path.write_bytes(PDF)
    file = opened(path, sha256, Copies(len(PDF)))
    assert file is not None
    with file:
        path.write_bytes(b"another")
        file.seek(0)
        assert file.read() == PDF, "what was measured is what is sent"
    assert opened(path, sha256, Copies(len(PDF))) is None
    path.unlink()
    assert opened(path, sha256, None) is None


def test_copies_of_what_is_signed_take_no_more_room_than_there_is(tmp_path: Path) -> None:
    path, sha256 = tmp_path / NAME, hashlib.sha256(PDF).hexdigest()
    path.write_bytes(PDF)
    copies = Copies(len(PDF) + 1)
    file = opened(path, sha256, copies)
    assert file is not None
    with pytest.raises(SearchBusyError):
        opened(path, sha256, copies)
    file.close()
    del file
    again = opened(path, sha256, copies)
    assert again is not None
    again.close()
    path.write_bytes(b"another")
    assert opened(path, sha256, Copies(9)) is None
    del again
    path.write_bytes(PDF)
    assert [opened(path, "0" * 64, copies) for _ in range(5)] == [None] * 5, "what is not sent keeps no room"


def test_a_page_offers_what_there_is_and_nothing_where_there_is_none(site: Lending) -> None:
    page = site.client.get(record_path(make_view("1"), page=1)).text
    for name in ("record.pdf", "record.txt", "record.json", "record.xml", "0001.jpg", "0001.txt"):
        assert f'href="/files/1/{name}"' in page
    assert re.search(r"第 1 页，0\.\d MB</span>", page)
    assert "0002.txt" not in page
    assert "/files/" not in site.client.get(record_path(make_view("3"))).text
    site.allowed.clear()
    assert "/files/" not in site.client.get(record_path(make_view("1"))).text


def test_programs_are_told_what_may_be_taken_away(site: Lending) -> None:
    told = site.client.get("/api/v1/records/1").json()["downloads"]
    assert {one["url"].rpartition("/")[2] for one in told} == FILES.keys()
    for one in told:
        answer = site.client.get(one["url"])
        assert answer.headers["content-type"] == one["media_type"]
    (pdf,) = (one for one in told if one["kind"] == "pdf")
    assert (pdf["size_bytes"], pdf["first_page"], pdf["last_page"]) == (len(PDF), 1, 1)
    assert site.client.get("/api/v1/records/3").json()["downloads"] == []
    site.allowed.clear()
    assert site.client.get("/api/v1/records/1").json()["downloads"] == []


def test_any_code_is_a_name_that_can_be_kept(site: Lending) -> None:
    for number, text in enumerate([*naughty_strings()[:200], "字" * 500, '"; filename="x.exe', "a\r\nX-Evil: 1"], 100):
        view = make_view(str(number))
        site.put(replace(view, may_download=True, elements={**view.elements, "archival_code": text}))
        answer = site.client.get(f"/files/{number}/record.json")
        assert answer.status_code == 200, text
        assert "x-evil" not in answer.headers
        assert answer.headers["content-disposition"].isascii()
        assert len(answer.headers["content-disposition"]) < 2_000


def test_a_signed_site_without_room_for_a_copy_says_when_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "_COPIED_BYTES", 1)
    site = Lending(tmp_path)
    site.views.is_signed = True
    answer = site.client.get("/files/1/record.pdf")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "同时下载的人太多" in answer.text


def test_what_is_taken_away_of_a_volume_says_which_pages_are_in_it(site: Lending) -> None:
    labels = {1: "FM", 2: "ML001", 3: "ML002", 8: "012", 9: "BK"}
    pages = tuple(PublishedPage(n, "防汛", f"{n:04}.jpg", label=label) for n, label in labels.items())
    files = tuple(PublishedFile(NAME, "a" * 64, len(PDF), *ends) for ends in ((1, 3), (8, 9)))
    volume = replace(make_view("1"), pages=pages, level="案卷", may_download=True, files=files)
    site.put(volume)
    page = site.client.get(f"{record_path(volume)}?lang=zh").text.partition('<section class="downloads">')[2]
    named = re.findall(r"(PDF|TXT|TXT）)</a> <span class=\"meta\">([^<]+)</span>", page)
    assert named == [
        ("PDF", "封面、目录，0.5 MB"),
        ("PDF", "第12页、备考表，0.5 MB"),
        ("TXT）", "封面、目录、第12页、备考表"),
    ]
    site.put(replace(volume, level="件", pages=(replace(pages[0], label=""), *pages[1:2]), files=files[:1]))
    page = site.client.get(f"{record_path(volume)}?lang=en").text.partition('<section class="downloads">')[2]
    assert re.findall(r"class=\"meta\">([^<]+)</span>", page.partition("</section>")[0]) == [
        "page 1, list of contents, 0.5 MB"
    ]
