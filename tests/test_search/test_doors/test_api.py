"""The JSON interface tells programs what the pages tell people, and nothing more."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from archives.errors import SearchError
from archives.message import message
from search.doors.api.app import PREFIX, add_api
from search.doors.portal.app import create_app
from search.index.document import Field, TextOrigin
from search.index.query import Query
from tests.support.corpora import naughty_strings
from tests.test_search.test_doors.test_portal import Site, make_view
from tests.test_search.test_index.test_search_index import make_record


class Asked:
    """The interface of a site of two records."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder)
        self.client = client_of(self.site)

    def told(self, path: str, **asked: str | int) -> Any:
        """Return what is answered, which has to be an answer."""
        answer = self.client.get(PREFIX + path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()


def client_of(site: Site, index: object = None) -> TestClient:
    """Return a client of a site's interface, over another index if there is one."""
    app = create_app(site.views, index or site.index, site.images, site_name=message("金匮", "Jinkui"))  # type: ignore[arg-type] # what a test makes of one
    return TestClient(add_api(app), raise_server_exceptions=False)


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def test_a_search_tells_the_record_its_pages_with_marks_and_the_counts(asked: Asked) -> None:
    told = asked.told("/search", q="防汛")
    assert told["total"] == 1
    ((one),) = told["results"]
    assert one["record"]["id"] == "1"
    assert one["record"]["title"] == "防汛通知"
    (place,) = one["places"]
    ((start, end),) = place["marks"]
    assert place["text"][start:end] == "防汛"
    assert told["counts"]["genre"] == [{"value": "WS", "name": "文书", "records": 1}]
    assert asked.client.get(place["url"]).status_code == 200


def test_a_record_is_told_whole_with_where_its_pictures_lie(asked: Asked) -> None:
    told = asked.told("/records/1")
    assert told["elements"]["document_number"] == "岭府〔1986〕1号"
    assert [page["text"] for page in told["pages"]] == ["防汛工作", "第二页"]
    assert asked.client.get(told["pages"][0]["image"]).content == b"\xff\xd8jpeg"
    assert asked.client.get(told["url"]).status_code == 200
    assert not asked.told("/records/2")["is_full_text"]


def test_what_closed_is_told_as_what_never_was(asked: Asked) -> None:
    never = asked.client.get(f"{PREFIX}/records/nothing")
    asked.site.views.marks.put("1")
    closed = asked.client.get(f"{PREFIX}/records/1")
    assert (closed.status_code, closed.content) == (404, never.content)
    assert asked.told("/search", q="防汛")["total"] == 0
    assert asked.told("/repositories")["repositories"][0]["records"] == 1


def test_pages_that_are_not_published_are_told_nowhere(asked: Asked) -> None:
    asked.site.index.replace("9", make_record("9", "防汛 canary", title="canary"), sequence=2)
    assert "canary" not in asked.client.get(f"{PREFIX}/search", params={"q": "防汛"}).text


def test_a_fonds_of_which_nothing_is_public_is_counted_nowhere(asked: Asked) -> None:
    asked.site.index.replace("9", replace(make_record("9", "防汛", repository="990009"), fonds="Z999"), sequence=2)
    told = asked.client.get(f"{PREFIX}/search", params={"q": "防汛"}).text
    assert "Z109" in told
    assert "Z999" not in told
    assert "990009" not in told


def test_words_can_be_asked_for_under_a_name(asked: Asked) -> None:
    described = {one["name"] for one in asked.told("/openapi.json")["paths"]["/search"]["get"]["parameters"]}
    assert {field.value for field in Field} <= described
    assert asked.told("/search", title="没有这个题名")["total"] == 0


def test_records_are_counted_and_narrowed_by_how_their_texts_came_about(asked: Asked) -> None:
    other = replace(make_record("1", "防汛工作"), text_origin=TextOrigin.EXTRACTED)
    asked.site.index.replace("1", other, sequence=2)
    (counted,) = asked.told("/search", q="防汛", text="yes")["counts"]["text"]
    assert counted == {"value": "extracted", "name": "全文取自文件", "records": 1}
    assert [asked.told("/search", q="防汛", text=one)["total"] for one in ("extracted", "recognised")] == [1, 0]
    parameters = asked.told("/openapi.json")["paths"]["/search"]["get"]["parameters"]
    (described,) = [one for one in parameters if one["name"] == "text"]
    assert "recognised by machine" in described["description"]
    assert "|extracted|recognised" in described["schema"]["pattern"]


@pytest.mark.parametrize(
    "wrong",
    [{"page": "0"}, {"limit": "101"}, {"order": "best"}, {"year": "1986-"}, {"text": "maybe"}, {"q": "字" * 201}],
)
def test_what_cannot_be_asked_is_named_in_both_languages(asked: Asked, wrong: dict[str, str]) -> None:
    answer = asked.client.get(f"{PREFIX}/search", params={"q": "防汛", **wrong})
    assert answer.status_code == 422
    assert all(next(iter(wrong)) in answer.json()[language] for language in ("zh", "en"))


def test_any_text_is_answered_with_json(asked: Asked) -> None:
    for text in naughty_strings():
        for answer in (
            asked.client.get(f"{PREFIX}/search", params={"q": text[:200], "repository": text[:200]}),
            asked.client.get(f"{PREFIX}/records/{quote(text[:200], safe='')}"),
        ):
            assert answer.status_code in (200, 404), text
            json.loads(answer.content)
            assert answer.headers["content-type"] == "application/json"
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_index_that_is_away_is_said_with_when_to_come_again(asked: Asked) -> None:
    class Away:
        def search(self, query: Query, *, offset: int = 0, limit: int = 20) -> None:
            raise SearchError(message("不在", "away"))

    answer = client_of(asked.site, Away()).get(f"{PREFIX}/search", params={"q": "防汛"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert set(answer.json()) == {"zh", "en"}


def test_the_interface_describes_itself(asked: Asked) -> None:
    told = asked.told("/openapi.json")
    lists = ("", "/fonds", "/fonds/{number}", "/openings", "/openings/{day}")
    named = {"/repositories", "/search", "/records/{id}", "/recent"}
    assert set(told["paths"]) == named | {f"/repositories/{{code}}{one}" for one in lists}
    for path, asked_how in told["paths"].items():
        assert asked_how["get"]["summary"], path
        assert {"200", "422"} <= set(asked_how["get"]["responses"])


def test_a_title_may_hold_anything(asked: Asked) -> None:
    for number, text in enumerate(naughty_strings()[:100], 100):
        asked.site.views.put(make_view(str(number), title=text))
        assert asked.told(f"/records/{number}")["title"] == text
