"""Every page of the site is walked in traditional characters: none of its own words is left in simplified ones."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from archives.errors import SearchError
from archives.message import message
from archives.record.checksum import Kept, Master
from archives.record.genre import GENRE_CODES
from archives.record.rights import OnlineScope
from archives.units.state import State
from search.doors.portal.app import create_app
from search.doors.portal.browsing.told import TOLD, Given, SiteWords, Told
from search.doors.portal.languages import traditional
from search.index.answer import Answer
from search.index.document import TextOrigin
from search.index.memory import MemoryIndex
from search.index.query import Query, took_too_long
from search.published.view import PublishedFile, PublishedPage, PublishedView
from search.published.views import PublishedViews
from tests.test_search.test_doors.test_portal import make_view
from tests.test_search.test_index.test_search_index import make_record

_SPOKEN = ("alt", "aria-label", "content", "label", "placeholder", "title")
_LATIN = message("Archives", "Archives")
_TELLING = Told(**dict.fromkeys(TOLD, Given("Archives", "Archives")), name_hant="")
_SHA256 = hashlib.sha256(b"").hexdigest()


class Spoken(HTMLParser):
    """What a page says, in its text and to those who hear it, and where it leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += [value for name, value in attrs if value and (name in _SPOKEN or name.startswith("data-"))]
        self.said += [value for name, value in attrs if value and name == "value" and tag == "button"]
        self.links += [value for name, value in attrs if value and name in ("href", "src", "action")]

    def handle_data(self, data: str) -> None:
        self.said.append(data.strip())


class Failing(MemoryIndex):
    """An index that is away, and that is too busy, each for a word."""

    def search(self, query: Query, *, offset: int = 0, limit: int = 20) -> Answer:
        if query.words == "away":
            raise SearchError(message("away", "away"))
        if query.words == "busy":
            raise took_too_long(query)
        return super().search(query, offset=offset, limit=limit)


def views() -> Iterator[PublishedView]:
    """Yield records whose own words are in no Chinese characters that have two forms, with all that a page tells."""
    pages = (
        PublishedPage(1, "dike one", "0001.jpg", _SHA256, label="FM", origin=TextOrigin.RECOGNISED),
        PublishedPage(2, "dike two", "0002.jpg", _SHA256, label="ML001", origin=TextOrigin.EXTRACTED),
        PublishedPage(3, "dike three", None, label="045", origin=TextOrigin.EXTRACTED),
        PublishedPage(4, "", None, label="003-1"),
    )
    kept = Kept(date(2024, 1, 1), date(2024, 3, 1), 2, date(2024, 2, 1), (Master(1, 1, _SHA256), Master(2, 3, _SHA256)))
    file = PublishedFile("0" * 32 + ".pdf", _SHA256, 9, 1, 3)
    one = _latin("1", pages=pages, kept=kept, may_download=True, files=(file, replace(file, first=2)))
    yield one
    yield replace(_latin("2"), pages=(), scope=OnlineScope.CATALOGUE_ONLY, kept=replace(kept, verified_on=None))
    yield replace(_latin("3"), pages=(), known_codes=("OLD-1",), former_codes=("OLD-1",))
    sound, film = (
        PublishedPage(1, "", None, recording=name, recording_sha256=_SHA256, recording_bytes=9)
        for name in ("0001.wav", "0001.mp4")
    )
    yield _latin("4", code="Z109-LY·1986-Y-BGS-4", pages=(sound,), may_download=True)
    yield _latin("5", code="Z109-LX·1986-Y-BGS-5", pages=(film,))
    yield _latin("6", code="Z109-LX·1986-Y-BGS-6")
    for number, state in enumerate(State, 10):
        yield replace(_latin(str(number)), pages=(), scope=OnlineScope.CATALOGUE_ONLY, state=state.value)
    for number, level in enumerate(("全宗", "类别", "案卷", "件"), 30):
        code = "Z109" if level == "全宗" else f"Z109-{number}"
        yield replace(_latin(str(number), code=code), pages=(), scope=OnlineScope.CATALOGUE_ONLY, level=level)
    yield _latin("40", pages=pages[:1], volume="32")
    for number, day in enumerate(("[1952]", "1986-1990", "19860000", "1986?", "", "1986-04-31"), 50):
        yield _latin(str(number), pages=pages[:1], date=day)


def _latin(
    number: str, *, code: str = "", pages: tuple[PublishedPage, ...] = (), date: str = "1986-04", **said: Any
) -> PublishedView:
    view, code = make_view(number), code or f"Z109-WS·1986-Y-BGS-{number}"
    told = {"archival_code": code, "title": f"Flood {number}", "author": "Office", "document_number": "1986-1"}
    return replace(
        view,
        code_key=code,
        repository_name="Archives",
        fonds_name="Office",
        elements={**view.elements, **told, "date": date},
        pages=pages,
        **said,
    )


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    published, index = PublishedViews(tmp_path / "public.db", today=lambda: date(2026, 1, 1)), Failing()
    genres = iter(GENRE_CODES)
    for view in views():
        published.put(view)
        texts = [page.text for page in view.pages]
        record = make_record(view.view_id, *texts, text="flood", title=view.said("title"))
        record = replace(record, repository_name="Archives", genre=next(genres, "WS"))
        index.replace(view.view_id, record, sequence=1)
    words = SiteWords("https://open.example.org", {"990001": _TELLING}, may_download=lambda _: True)
    app = create_app(published, index, tmp_path / "images", site_name=_LATIN, words=words)
    return TestClient(app, headers={"accept-language": "zh-TW"}, raise_server_exceptions=False)


STARTS = (
    "/",
    "/search",
    "/search?q=flood",
    "/search?q=dike&order=date",
    "/search?q=flood%20-one",
    "/search?q=nothing%20flood&year=1986",
    "/search?title=nothing&author=b&document_number=c&of_fonds=d&year=1999-2001&genre=WS&text=yes&repository=990001",
    "/search?q=flood%201986&genre=XX",
    "/search?q=nothing%20-1990s%20%22a%20b%22",
    "/search?q=away",
    "/search?q=busy",
    "/search?q=%22",
    "/search?q=" + "flood+" * 60,
    "/search?q=flood&page=99",
    "/search?q=flood&year=never",
    "/nothing",
    "/records/1?page=1&q=dike",
    "/records/1?page=3&q=dike",
    "/records/1?page=99",
    "/records/990001/OLD-1",
    "/files/1/0009.jpg",
    "/about/990009",
    "/openings/990001/2020-01-01",
)

_IN_BOTH = ("简体", "水庫 ＝ 水库")
"""What is told in simplified characters on purpose."""


def test_no_word_of_the_site_is_left_in_simplified_characters(client: TestClient) -> None:
    assert traditional("高级检索") == "進階檢索"
    seen: set[str] = set()
    left: dict[str, str] = {}
    ways = [*STARTS, *(f"/records/{view.view_id}" for view in views())]
    while ways:
        path = ways.pop().partition("#")[0]
        if path in seen or not path.startswith("/"):
            continue
        seen.add(path)
        answer = client.get(path)
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        page = Spoken(answer.text)
        left |= {said: path for said in page.said if said not in _IN_BOTH and traditional(said) != said}
        ways += [one.partition("?")[0] for one in page.links if not one.startswith("/search")]
    assert left == {}
    assert "水庫 ＝ 水库" in client.get("/help").text
    assert {"/search", "/help", "/recent", "/about/990001", "/fonds/990001/Z109", "/openings/990001"} <= seen
    assert {f"/records/{view.view_id}" for view in views()} <= seen
