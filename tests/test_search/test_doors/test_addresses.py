"""A record has one address that stays; every other one leads there, and to nothing that is not open."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from search.doors.api.app import PREFIX, add_api
from search.doors.portal.record.address import record_path
from search.published.marks import code_mark
from search.published.view import PublishedView, json_of, view_of
from tests.test_search.test_doors.test_portal import Site, make_view

ID = "6c9f4f0e-8b1d-4e0e-9a55-0c6f5a7b1d21"
KEY = "Z109-WS·1986-Y-BGS-0007"
OLD = "Z109-1-15-7"


def named(view_id: str = ID, key: str = KEY, *, known: tuple[str, ...] = (OLD,)) -> PublishedView:
    """Return a view under an identifier and a code; ``known`` are the codes before that the public is told."""
    bare = make_view(view_id)
    elements = {**bare.elements, "archival_code": key}
    return replace(bare, code_key=key, elements=elements, former_codes=("Z109-0-1", *known), known_codes=known)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.views.put(named())
    return site


def leads(site: Site, path: str) -> tuple[int, str]:
    """Return the status of an address, and where it leads to."""
    answer = site.client.get(path, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", "")


def test_the_address_is_the_identifier_s_and_says_so_itself(site: Site) -> None:
    path = record_path(named())
    assert path == f"/records/{ID}"
    page = site.client.get(path)
    assert page.status_code == 200
    assert f'<link rel="canonical" href="{path}">' in page.text
    assert leads(site, f"/records/{ID.upper()}") == (301, path)


@pytest.mark.parametrize("code", [KEY, KEY.lower(), KEY.replace("·", "."), "z109-ws·1986－y-bgs-0007"])
def test_an_address_by_code_leads_there_with_what_it_asks_for(site: Site, code: str) -> None:
    assert leads(site, f"/records/990001/{code}") == (301, f"/records/{ID}")
    status, there = leads(site, f"/records/990001/{code}?page=2&q=防汛&lang=en")
    assert (status, there) == (301, f"/records/{ID}?page=2&q=%E9%98%B2%E6%B1%9B&lang=en")
    assert site.client.get(there).status_code == 200


def test_a_code_of_before_leads_there_if_the_public_knows_it(site: Site) -> None:
    assert leads(site, f"/records/990001/{OLD}") == (301, f"/records/{ID}")
    assert leads(site, "/records/990001/Z109-0-1")[0] == 404, "one that nobody told the public"
    assert leads(site, f"/records/990002/{OLD}")[0] == 404


def test_who_has_a_code_now_comes_before_who_had_it_and_of_two_who_had_it_none(site: Site) -> None:
    site.views.put(named("now", OLD, known=()))
    assert leads(site, f"/records/990001/{OLD}") == (301, "/records/now")
    site.views.marks.put("now")
    assert leads(site, f"/records/990001/{OLD}") == (301, f"/records/{ID}"), "as if there were no such record"
    site.views.put(named("other", "Z109-9"))
    assert leads(site, f"/records/990001/{OLD}")[0] == 404
    site.views.marks.put("other")
    assert leads(site, f"/records/990001/{OLD}") == (301, f"/records/{ID}")


def test_what_closed_is_at_none_of_its_addresses_as_what_never_was(site: Site) -> None:
    paths = [f"/records/{one}" for one in (ID, ID.upper(), f"990001/{KEY}", f"990001/{OLD}")]
    never = site.client.get("/records/990001/never")
    by_code = code_mark("990001", OLD)
    for mark in (ID, by_code):
        site.views.marks.put(mark)
        for path in paths:
            answer = site.client.get(path, follow_redirects=False)
            assert (answer.status_code, answer.text) == (404, never.text), path
        site.views.marks.remove(mark)
    site.views.remove(ID)
    assert {leads(site, path)[0] for path in paths} == {404}


def test_lists_results_feed_sitemap_and_programs_lead_to_the_address_that_stays(site: Site) -> None:
    add_api(site.client.app)  # type: ignore[arg-type]
    paths = ("/", "/recent", "/feed.xml", "/sitemaps/1.xml", "/search?q=防汛", "/fonds/990001/Z109")
    for path in (*paths, "/openings/990001/2021-09-01", f"{PREFIX}/search?q=防汛", f"{PREFIX}/records/{ID}"):
        told = site.client.get(path).text
        assert "/records/" in told, path
        assert re.findall(r"/records/990001", told) == [], path
    assert site.client.get(f"{PREFIX}/records/{ID}").json()["url"] == f"/records/{ID}"


def test_a_view_of_before_tells_no_code_of_before(site: Site) -> None:
    text = json_of(replace(named(), known_codes=()))
    assert "known_codes" not in text
    site.views.put(view_of(text))
    assert leads(site, f"/records/990001/{OLD}")[0] == 404


@pytest.mark.parametrize("path", ["/records/990001//evil.example", "/records/990001/%2f%2fevil.example", "/records//x"])
def test_no_address_leads_out_of_the_site(site: Site, path: str) -> None:
    client = TestClient(site.client.app, raise_server_exceptions=False)
    assert client.get(path, follow_redirects=False).status_code == 404
