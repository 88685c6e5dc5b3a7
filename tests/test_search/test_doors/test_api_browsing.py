"""Programs leaf through the same lists as people, a page at a time."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from search.published.views import PublishedViews
from tests.support.corpora import naughty_strings
from tests.test_search.test_doors.test_browsing.test_fonds_page import CODES, client, view, views

API = "/api/v1"
__all__ = ["views"]


class Leafing:
    """A site over the views of the tests of fonds, and more volumes."""

    def __init__(self, views: PublishedViews, folder: Path) -> None:
        views.put(
            view("J019", title="水利局", history="成立于1953年。\n\n后撤销。", names="1953—1984 水利局全宗｜水利局")
        )
        views.put(view("J019-1", level="类别", title="文书目录"))
        views.put(view("J019-1-0009", level="案卷", year=1986, opened="2024-03-01"))
        views.put_all([(view(f"J019-1-0009-{n:03}", level="件", year=1986), b"") for n in range(1, 121)])
        self.site: TestClient = client(views, folder)
        self.views = views

    def told(self, path: str, **asked: str | int) -> Any:
        """Return what is answered, which has to be an answer."""
        answer = self.site.get(API + path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def leafing(views: PublishedViews, tmp_path: Path) -> Leafing:
    return Leafing(views, tmp_path)


def test_one_leafs_from_the_repositories_to_the_items_of_a_volume(leafing: Leafing) -> None:
    (one,) = leafing.told("/repositories")["repositories"]
    repository = leafing.told(f"/repositories/{one['code']}")
    assert (repository["fonds"], repository["counts"]) == (2, {"volumes": 1, "items": len(CODES) + 120})
    listed = leafing.told("/repositories/990001/fonds")
    assert [(fonds["number"], fonds["name"], fonds["record"]) for fonds in listed["fonds"]] == [
        ("J019", "水利局", "J019"),
        ("K020", "K020旧名", None),
    ]
    fonds = leafing.told("/repositories/990001/fonds/J019")
    assert fonds["introduction"] == ["成立于1953年。", "后撤销。"]
    assert fonds["names"] == [{"name": "水利局全宗", "creator": "水利局", "first": "1953", "last": "1984"}]
    assert {(one["value"], one["name"]) for one in fonds["series"]} >= {("1", "文书目录"), ("WS·2014", "")}
    assert [year["value"] for year in fonds["years"]] == [1986]
    (volume,) = (one for one in fonds["records"] if one["level"] == "案卷")
    assert (volume["items"], volume["opened"], volume["year"]) == (120, "2024-03-01", 1986)
    items = leafing.told("/repositories/990001/fonds/J019", volume=volume["archival_code"])
    assert (items["total"], items["pages"], len(items["records"]), items["volume"]) == (120, 2, 100, volume["id"])
    rest = leafing.told("/repositories/990001/fonds/J019", volume=volume["archival_code"], page=2)
    assert len(rest["records"]) == 20
    assert leafing.site.get(f"{API}/records/{rest['records'][0]['id']}").status_code == 200
    assert leafing.site.get(rest["records"][0]["url"]).status_code == 200


@pytest.mark.parametrize("narrowed", ["", "series=1", "year=1986", "series=WS·2014", "volume=J019-1-0009&page=2"])
def test_programs_are_told_the_lines_that_pages_show(leafing: Leafing, narrowed: str) -> None:
    told = leafing.site.get(f"{API}/repositories/990001/fonds/J019?{narrowed}").json()
    page = leafing.site.get(f"/fonds/990001/J019?{narrowed}").text
    lines = page[page.index('<ol class="records') :].partition("</ol>")[0]
    assert told["records"]
    assert [one["url"] for one in told["records"]] == re.findall(r'href="(/records/[^"?]+)"', lines)


def test_openings_are_told_with_their_catalogues(leafing: Leafing) -> None:
    told = leafing.told("/repositories/990001/openings")
    assert [(one["day"], one["counts"]) for one in told["openings"]] == [
        ("2024-03-01", {"volumes": 1, "items": 0}),
        ("2021-09-01", {"volumes": 0, "items": len(CODES) + 120}),
    ]
    first = leafing.told("/repositories/990001/openings/2021-09-01")
    assert first["total"] == len(CODES) + 122, "the descriptions of a fonds and of a series, too"
    assert (first["pages"], len(first["records"])) == (2, 100)
    assert [leafing.site.get(sheet).status_code for sheet in first["sheets"]] == [200]
    assert told["openings"][1]["sheets"] == first["sheets"]
    assert leafing.site.get(told["openings"][0]["url"]).status_code == 200


def test_a_day_on_which_only_a_fonds_was_opened_has_its_catalogue(leafing: Leafing) -> None:
    leafing.views.put(view("K030", opened="2025-03-01"))
    newest = leafing.told("/repositories/990001/openings")["openings"][0]
    assert newest["counts"] == {"volumes": 0, "items": 0}
    assert newest["sheets"] == leafing.told("/repositories/990001/openings/2025-03-01")["sheets"]
    assert [leafing.site.get(sheet).status_code for sheet in newest["sheets"]] == [200]


def test_what_was_opened_last_is_told_first(leafing: Leafing) -> None:
    told = leafing.told("/recent")
    assert told["records"][0]["archival_code"] == "J019-1-0009"
    opened = [one["opened"] for one in told["records"]]
    assert opened == sorted(opened, reverse=True)


@pytest.mark.parametrize(
    "path",
    [
        "/repositories/990009",
        "/repositories/990009/fonds",
        "/repositories/990009/openings",
        "/repositories/990001/fonds?page=2",
        "/repositories/990001/fonds/",
        "/repositories/990001/fonds/L030",
        "/repositories/990001/fonds/J019?page=9",
        "/repositories/990001/fonds/J019?series=99",
        "/repositories/990001/fonds/J019?year=1800",
        "/repositories/990001/fonds/J019?volume=K020-1-0001",
        "/repositories/990001/openings?page=2",
        "/repositories/990001/openings/2021-09-02",
        "/repositories/990001/openings/2021-02-31",
        "/recent?page=1000",
    ],
)
def test_what_is_not_there_is_said_in_both_languages(leafing: Leafing, path: str) -> None:
    answer = leafing.site.get(API + path)
    assert (answer.status_code, set(answer.json())) == (404, {"zh", "en"})


@pytest.mark.parametrize(
    "path",
    [
        "/recent?page=0",
        "/recent?page=1000001",
        "/repositories/990001/fonds?page=x",
        "/repositories/990001/fonds/J019?year=01",
        "/repositories/990001/openings/2021",
        f"/repositories/{'9' * 201}",
    ],
)
def test_what_cannot_be_asked_is_named(leafing: Leafing, path: str) -> None:
    answer = leafing.site.get(API + path)
    assert (answer.status_code, set(answer.json())) == (422, {"zh", "en"})


def test_what_closed_is_in_no_list(leafing: Leafing) -> None:
    leafing.views.marks.put("J019-1-0009")
    leafing.views.marks.put("K020-1-0001")
    assert leafing.told("/repositories/990001")["fonds"] == 1
    assert [one["number"] for one in leafing.told("/repositories/990001/fonds")["fonds"]] == ["J019"]
    assert leafing.site.get(f"{API}/repositories/990001/fonds/J019?volume=J019-1-0009").status_code == 404
    assert "2024-03-01" not in leafing.site.get(f"{API}/repositories/990001/openings").text
    assert "J019-1-0009" not in {one["id"] for one in leafing.told("/recent")["records"]}


def test_any_text_in_an_address_is_answered_with_json(leafing: Leafing) -> None:
    for text in naughty_strings():
        named = quote(text[:100], safe="")
        for path in (f"/repositories/{named}/fonds", f"/repositories/990001/fonds/{named}", f"/repositories/990001/fonds/J019?series={named}&volume={named}"):  # fmt: skip
            answer = leafing.site.get(API + path)
            assert answer.status_code in (200, 404, 422), text
            json.loads(answer.content)
