"""A site that held what is closed and one that never did answer every address of leafing alike, byte for byte."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from archives.record.checksum import Kept
from search.doors.portal.browsing.told import SiteWords
from search.published.marks import code_mark
from search.published.view import PublishedView
from search.published.views import PublishedViews
from tests.test_search.test_doors.test_browsing.test_fonds_page import client, view

_OLD, _OLD_TOO = "OLD-1", "OLD-2"
"""Codes that an open record had before; of the first a closed one has it now, the second another closed one had, too."""
_OPEN = (
    view("J019", title="水利局", history="成立于1953年。"),
    view("J019-1", level="类别", title="文书目录"),
    view("J019-1-0001", level="案卷", year=1986, opened="2024-03-01"),
    replace(
        view("J019-1-0001-001", level="件", year=1986, opened="2024-03-01"),
        former_codes=(_OLD, _OLD_TOO),
        known_codes=(_OLD, _OLD_TOO),
        kept=Kept(date(2024, 1, 1), date(2024, 3, 1), 2, date(2024, 2, 1)),
    ),
    view("J019-1-0002-001", level="件", year=1987, opened="2025-03-01"),
    view("J019-1-0003-001", level="件", year=1987, opened="2025-03-01", volume="canary-volume"),
    view("J019-WS·2014-Y-0001", year=2014),
    view("K020-1-0001"),
)
_CANARY = "quetzalcoatl"
_CLOSED = (
    view("J019-1-0002", level="案卷", title=_CANARY, year=1987, opened="2025-03-01"),
    replace(view("J019-1-0003", level="案卷", title=_CANARY, year=1988, opened="2025-03-02"), view_id="canary-volume"),
    view("J019-1-0001-002", level="件", title=_CANARY, year=1989, opened="2025-12-31"),
    view("J019-2", level="类别", title=_CANARY),
    view("J019-2-0001", title=_CANARY, author=_CANARY, year=1949, opened="2025-12-30"),
    view("J019-WS·2015-Y-0001", title=_CANARY, year=2015),
    view("K020", title=_CANARY, history=_CANARY),
    view("L030", title=_CANARY, history=_CANARY),
    view("L030-1-0001", title=_CANARY, opened="2025-12-29"),
    replace(view("J019-2-0002", title=_CANARY, year=1949), former_codes=(_OLD_TOO,), known_codes=(_OLD_TOO,)),
    view(_OLD, title=_CANARY),  # closed by its identifier: a mark on the code would close who had it, too
)
_ELSEWHERE = replace(
    view("M040-1-0001", title=_CANARY), repository="990002", repository_name=_CANARY, view_id="elsewhere"
)
_LANGUAGES = ("zh", "zh-Hant", "en")


def paths() -> Iterator[str]:
    """Yield addresses of every kind, of what is open, of what closed, of what never was."""
    yield from (
        "/",
        "/recent",
        "/recent?page=2",
        "/help",
        "/about",
        "/sitemap",
        "/robots.txt",
        "/sitemap.xml",
        "/feed.xml",
    )
    yield from ("/sitemaps/lists.xml", "/sitemaps/1.xml", "/sitemaps/2.xml")
    for repository in ("990001", "990002", "990003"):
        yield from (f"/fonds/{repository}", f"/fonds/{repository}?page=2", f"/about/{repository}")
        yield f"/openings/{repository}"
        for day in ("2021-09-01", "2024-03-01", "2025-03-01", "2025-03-02", "2025-12-31", "2025-12-30", "2025-12-29"):
            yield from (f"/openings/{repository}/{day}", f"/openings/{repository}/{day}.xlsx")
        for fonds in ("J019", "K020", "L030", "M040", "N050"):
            yield f"/fonds/{repository}/{fonds}"
            for state in (
                "series=1",
                "series=2",
                "series=WS·2014",
                "series=WS·2015",
                "year=1986",
                "year=1988",
                "page=2",
            ):
                yield f"/fonds/{repository}/{fonds}?{state}"
            for volume in ("J019-1-0001", "J019-1-0002", "J019-1-0003", "J019-1-0009"):
                yield f"/fonds/{repository}/{fonds}?volume={volume}"
    for one in (*_OPEN, *_CLOSED):
        yield from (f"/records/990001/{one.code_key}", f"/records/{one.view_id}", f"/records/{one.view_id.upper()}")
        yield f"/records/{one.view_id}?q=题名&s=year%3D1986&page=1"
        yield from (
            f"/api/v1/records/{one.view_id}",
            f"/files/{one.view_id}/record.json",
            f"/recordings/{one.view_id}/0001.wav",
        )
    yield from (f"/records/990001/{old}" for old in (_OLD, _OLD_TOO))


def addresses() -> Iterator[str]:
    """Yield all of them, and those under which programs are told the same lists."""
    yield "/api/v1/repositories"
    for path in paths():
        yield path
        kind, _, rest = path[1:].partition("/")
        repository, _, below = rest.partition("/")
        if kind in ("fonds", "openings") and not path.endswith(".xlsx"):
            yield f"/api/v1/repositories/{repository}/{kind}" + (f"/{below}" if below else "")
        elif kind == "about" and rest:
            yield f"/api/v1/repositories/{repository}"
        elif kind.startswith("recent"):
            yield f"/api/v1{path}"


def answers(site: TestClient) -> dict[str, tuple[int, dict[str, str], bytes]]:
    """Return what a site answers to all of them, in every language."""
    asked = [f"{path}{'&' if '?' in path else '?'}lang={lang}" for path in addresses() for lang in _LANGUAGES]
    told = {path: site.get(path) for path in asked}
    return {path: (answer.status_code, dict(answer.headers), answer.content) for path, answer in told.items()}


def published(folder: Path, each: Sequence[PublishedView]) -> PublishedViews:
    """Publish views in a folder."""
    views = PublishedViews(folder / "public.db", today=lambda: date(2026, 1, 1))
    for one in each:
        views.put(replace(one, may_download=True))
    views.commit(closed=9, head=9)
    return views


def differing(
    one: dict[str, tuple[int, dict[str, str], bytes]], other: dict[str, tuple[int, dict[str, str], bytes]]
) -> list[str]:
    """Return the addresses that are answered differently."""
    return [path for path in one if one[path] != other[path]]


@pytest.mark.parametrize("last", [0, len(_OPEN)])
def test_what_was_closed_leaves_nothing_in_any_list(tmp_path: Path, last: int) -> None:
    words = SiteWords("https://open.example.org", may_download=lambda _: True)
    innocent = answers(client(published(tmp_path / "innocent", _OPEN), tmp_path, words))
    assert {status for status, _, _ in innocent.values()} == {200, 404}
    closed = (*_CLOSED, _ELSEWHERE)
    views = published(tmp_path / "knowing", (*_OPEN[:last], *closed, *_OPEN[last:]))
    site = client(views, tmp_path, words)
    open_still = answers(site)
    assert len(differing(open_still, innocent)) > 50
    assert any(_CANARY.encode() in body for _, _, body in open_still.values())
    for one in closed[::2]:
        views.marks.put(one.view_id)
    for one in closed[1::2]:
        views.marks.put(code_mark(one.repository, one.code_key))
    assert differing(answers(site), innocent) == [], "closed by marks alone"
    for one in closed:
        views.remove(one.view_id)
        views.marks.remove(one.view_id)
        views.marks.remove(code_mark(one.repository, one.code_key))
    assert differing(answers(site), innocent) == [], "closed for good"
    views.close()
    assert _CANARY.encode() not in (tmp_path / "knowing/public.db").read_bytes()


def test_what_ends_by_its_day_is_as_if_it_never_was(tmp_path: Path) -> None:
    innocent = answers(client(published(tmp_path / "innocent", _OPEN), tmp_path))
    ended = [replace(one, until=date(2026, 1, 1)) for one in _CLOSED]
    assert differing(answers(client(published(tmp_path / "knowing", (*_OPEN, *ended)), tmp_path)), innocent) == []
