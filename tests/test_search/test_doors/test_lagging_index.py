"""What is closed stays out of every answer while an index knows nothing of it, and browsing goes on while it is away."""

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from archives.message import message
from search.doors.portal.app import create_app
from search.doors.portal.record.address import record_path
from search.index.elastic import ElasticIndex
from search.index.embedded import EmbeddedIndex
from search.index.memory import MemoryIndex
from search.index.query import parse_query
from search.index.search_index import Change, Searchable, SearchIndex
from search.index.server import connection
from search.index.server.connection import ElasticSettings
from search.published.marks import code_mark
from search.published.view import PublishedPage, PublishedView
from search.published.views import PublishedViews
from tests.support.elastic import make_elastic
from tests.support.scripted_server import Said, scripted_server
from tests.test_search.test_doors.test_portal import make_view
from tests.test_search.test_index.test_search_index import make_record

RECORDS = 90
TODAY = date(2026, 1, 1)


@pytest.fixture(params=["memory", "embedded", "elastic"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    if request.param == "memory":
        return MemoryIndex()
    return EmbeddedIndex(tmp_path / "index.db") if request.param == "embedded" else make_elastic()


@pytest.fixture(autouse=True)
def _as_a_new_process() -> Iterator[None]:
    connection._SILENT.clear()
    yield
    connection._SILENT.clear()


def published(number: int) -> PublishedView:
    """Return the view of a record; each third ends with a day that has come."""
    pages = tuple(PublishedPage(page, "石桥水库", None) for page in range(1, 2 + number % 3))
    return replace(
        make_view(f"{number:02}"),
        repository=f"99000{number % 2}",
        pages=pages,
        until=TODAY if number % 9 == 3 else None,
    )


def site(folder: Path, index: Searchable, numbers: list[int]) -> tuple[PublishedViews, TestClient]:
    """Return the views of records and the site that shows them."""
    folder.mkdir(parents=True, exist_ok=True)
    views = PublishedViews(folder / "public.db", today=lambda: TODAY)
    for number in numbers:
        views.put(published(number))
    app = create_app(views, index, folder / "images", site_name=message("金匮", "Jinkui"))
    return views, TestClient(app, headers={"accept-language": "zh"}, raise_server_exceptions=False)


def fill(index: SearchIndex, numbers: list[int]) -> None:
    """Let an index find records."""
    changes = []
    for number in numbers:
        texts = ["石桥水库"] * (1 + number % 3)
        record = make_record(f"{number:02}", *texts, repository=f"99000{number % 2}")
        changes.append(Change(f"{number:02}", replace(record, year=1950 + number % 7), 1))
    index.replace_all(changes)
    index.commit(1)


def told(client: TestClient, **asked: str) -> str:
    """Return a page of results."""
    answer = client.get("/search", params={"q": "水库", **asked})
    assert answer.status_code == 200
    return unescape(answer.text)


def test_an_index_that_knows_of_no_closing_answers_like_one_that_never_held_what_is_closed(
    index: SearchIndex, tmp_path: Path
) -> None:
    everything = [*range(RECORDS)]
    fill(index, everything)
    views, client = site(tmp_path / "lagging", index, everything)
    by_mark, by_code = [n for n in everything if n % 5 == 0], [n for n in everything if n % 11 == 7]
    for number in by_mark:
        views.marks.put(f"{number:02}")  # the view and the index are not told of it yet
    for number in by_code:
        view = published(number)
        views.marks.put(code_mark(view.repository, view.code_key))
    for number in by_mark[::2]:
        views.remove(f"{number:02}")
    gone = {*by_mark, *by_code, *(n for n in everything if published(n).until)}
    left = [n for n in everything if n not in gone]
    twin = MemoryIndex()
    fill(twin, left)
    _, unaware = site(tmp_path / "twin", twin, left)
    for asked in (
        *({"page": str(page)} for page in (1, 2, 3, 4)),
        {"repository": "990001"},
        {"repository": "990001", "year": "1953"},
        {"year": "1950-1952", "page": "2"},
        {"year": "1950"},
    ):
        assert told(client, **asked) == told(unaware, **asked), asked
    assert re.search(rf"共 {len(left)} 件", told(client))


def test_very_much_that_is_closed_rides_in_a_query(index: SearchIndex) -> None:
    fill(index, [*range(4)])
    hidden = frozenset(f"{number:036}" for number in range(70_000)) | {"00", "03"}
    answer = index.search(parse_query("水库", hidden=hidden))
    assert (answer.total, [one.record.package_id for one in answer.found]) == (2, ["02", "01"])


@pytest.mark.parametrize("how", ["refused", "deaf", "busy", "red", "garbage"])
def test_while_the_index_is_away_the_rest_of_the_site_goes_on_and_search_says_so_in_time(
    tmp_path: Path, how: str
) -> None:
    answers = {
        "busy": Said(429, {"error": {"type": "es_rejected_execution_exception", "reason": "queue"}}),
        "red": Said(503, {"error": {"type": "no_shard_available_action_exception", "reason": "none"}}),
        "garbage": Said(200, b"<html>"),
    }
    with scripted_server(lambda _: answers[how]) as url, socket.create_server(("127.0.0.1", 0)) as deaf:
        places = {"refused": "http://127.0.0.1:9", "deaf": f"http://127.0.0.1:{deaf.getsockname()[1]}"}
        index = ElasticIndex(ElasticSettings(places.get(how, url), "t"), "public", stamp="1")
        _, client = site(tmp_path, index, [1, 2])
        for _ in range(3):
            begun = time.monotonic()
            answer = client.get("/search", params={"q": "水库"})
            assert (answer.status_code, time.monotonic() - begun < 2) == (503, True)
            assert "检索暂时不可用" in answer.text
            assert answer.headers["retry-after"]
        view = published(1)
        for path in ("/", "/about", f"/fonds/{view.repository}", record_path(view)):
            assert client.get(path).status_code == 200, path
