"""The public pages of fonds: what is open is counted and linked, and nothing else is named or counted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from archives.message import message
from archives.record.rights import OnlineScope
from search.doors.portal.app import create_app
from search.doors.portal.open_fonds import fonds, fonds_in, records_in, series_in
from search.index.memory import MemoryIndex
from search.published.view import PublishedView
from search.published.views import PublishedViews
from tests.test_search.test_doors.test_portal import make_view

CODES = (
    "J019-1-0001", "J019-1-0001-1", "J019-10-0001", "J019-WS·2014-Y-0001", "J019-WS·2014·Y·BGS-0002", "J019-7",
    "K020-1-0001",
)  # fmt: skip


def view(code: str, **elements: str) -> PublishedView:
    """Return the view of a record of that code."""
    number, bare = code.split("-")[0], make_view("1", scope=OnlineScope.CATALOGUE_ONLY)
    said: Mapping[str, str | int | None] = {"archival_code": code, "title": f"题名 {code}", "language": "", **elements}
    return replace(bare, view_id=code, code_key=code, fonds_number=number, fonds_name=f"{number}旧名", elements=said)


@pytest.fixture
def views(tmp_path: Path) -> PublishedViews:
    views = PublishedViews(tmp_path / "public.db", today=lambda: date(2026, 1, 1))
    views.put_all([(view(code), b"") for code in CODES])
    return views


def client(views: PublishedViews, folder: Path) -> TestClient:
    app = create_app(views, MemoryIndex(), folder, site_name=message("金匮", "Jinkui"))
    return TestClient(app, headers={"accept-language": "zh"}, raise_server_exceptions=False)


def test_open_records_are_counted_by_fonds_and_series(views: PublishedViews) -> None:
    found = fonds_in(views, "990001", 1)
    assert [(one.number, one.name, one.records) for one in found] == [("J019", "J019旧名", 6), ("K020", "K020旧名", 1)]
    assert dict(series_in(views, "990001", "J019")) == {"1": 2, "10": 1, "": 1, "WS·2014": 2}
    assert [one.view_id for one in records_in(views, "990001", "J019", series="1")] == [*CODES[:2]]
    assert [one.view_id for one in records_in(views, "990001", "J019", series="WS·2014")] == [*CODES[3:5]]
    assert fonds(views, "990001", "Z999") is None


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


def test_a_page_has_a_hundred(views: PublishedViews, tmp_path: Path) -> None:
    views.put_all([(view(f"J019-2-{number:04}"), b"") for number in range(1, 151)])
    page = client(views, tmp_path).get("/fonds/990001/J019?series=2").text
    assert (page.count("/records/990001/"), "series=2&amp;page=2" in page) == (100, True)
    assert client(views, tmp_path).get("/fonds/990001/J019?series=2&page=2").text.count("/records/990001/") == 50
    assert client(views, tmp_path).get("/fonds/990001/J019?series=2&page=99").status_code == 200
