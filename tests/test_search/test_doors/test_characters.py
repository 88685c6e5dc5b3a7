"""Characters that no XML may hold, directions and formulas in whatever a view says: every answer is whole, every file can be read."""

import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import etree
from openpyxl import load_workbook

from archives.exchange.xml import xml_text
from search.published.view import PublishedFile
from tests.test_search.test_doors.test_downloads.test_routes import Lending
from tests.test_search.test_doors.test_portal import make_view

NAUGHTY = {
    "controls": "甲\x00\x01\x08\x0b\x0c\x1f乙",
    "delete and C1": "甲\x7f\x80\x85\x9f乙",
    "no characters": "甲\ufffe\uffff\U0001fffe\U0010ffff乙",
    "directions": "甲\u202e\u2066乙\u200f",
    "ends of lines": "甲\r\n\u2028\u2029乙",
    "signs of XML": "甲<b>&amp;]]>\"'乙",
    "escapes": "=甲_x0000_\u3000乙",
}
_DAY = "/openings/990001/2021-09-01"
_XML = ("/feed.xml", "/sitemap.xml", "/sitemaps/lists.xml", "/sitemaps/1.xml", "/files/1/record.xml")
_JSON = ("/files/1/record.json", "/api/v1/records/1", "/api/v1/repositories", "/api/v1/recent", "/api/v1/search?q=甲")
_PAGES = ("/", "/recent", "/about", "/about/990001", "/search?q=甲", "/fonds/990001", "/openings/990001", _DAY)


@pytest.fixture(params=list(NAUGHTY.values()), ids=list(NAUGHTY))
def said(request: pytest.FixtureRequest) -> str:
    """What everything in the view says."""
    text: str = request.param
    return text


@pytest.fixture
def site(tmp_path: Path, said: str) -> Lending:
    site = Lending(tmp_path)
    view = make_view("1", title=said, text=said)
    told = {key: value if key in ("year", "language") else said for key, value in view.elements.items()}
    file = PublishedFile("x.pdf", "", 1, 1, 1)
    site.put(
        replace(
            view, elements=told, repository_name=said, repository_name_en=said, fonds_name=said,
            may_download=True, files=(file,), opened=date(2021, 9, 1),
        )
    )  # fmt: skip
    return site


def test_every_xml_can_be_read(site: Lending) -> None:
    for path in _XML:
        answer = site.client.get(path)
        assert answer.status_code == 200, path
        etree.fromstring(answer.content)


def test_the_feed_and_dublin_core_keep_what_xml_can_hold(site: Lending, said: str) -> None:
    kept = "甲" if "乙" not in xml_text(said) else "乙"
    for path in ("/feed.xml", "/files/1/record.xml"):
        titles = etree.fromstring(site.client.get(path).content).iterfind(".//{*}title")
        assert any(kept in (one.text or "") for one in titles), path


def test_the_workbook_of_a_day_can_be_read(site: Lending) -> None:
    answer = site.client.get(f"{_DAY}.xlsx")
    assert answer.status_code == 200
    rows = load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    assert any("甲" in str(cell) and "乙" in str(cell) for row in rows for cell in row)


def test_every_page_is_answered(site: Lending, said: str) -> None:
    for path in (*_PAGES, "/records/1", f"/search?q={quote(said)}"):
        answer = site.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        assert "甲<b>" not in answer.text, path


def test_every_answer_to_programs_can_be_read(site: Lending) -> None:
    for path in _JSON:
        answer = site.client.get(path)
        assert answer.status_code == 200, path
        json.loads(answer.content)
