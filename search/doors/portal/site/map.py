"""The map of the site for readers (网站地图): what there is, and of each repository what leads to its open records."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.responses import Response

from search.doors.portal.browsing.door import Door
from search.doors.portal.browsing.metadata import Described
from search.doors.portal.browsing.sitemap import MAP_PATH
from search.doors.portal.browsing.words import BROWSING
from search.doors.portal.languages import said
from search.published.lists import counts, pages
from search.published.views import PublishedViews

MOST_FONDS, _MOST_IN_ALL = 50, 2_000
"""How many fonds of a repository are named, and of all: the list of each names every one."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A repository on the map: its code and names, numbers and names of its first fonds, how many fonds there are in all."""

    holder: tuple[str, str, str]
    fonds: tuple[tuple[str, str], ...]
    in_all: int


def add_map(app: FastAPI, door: Door) -> None:
    """Let a site answer with its map."""

    def site_map(request: Request) -> Response:
        views = door.views(request)
        told = {"mapped": views.remembered("site map", lambda: tuple(_mapped(views)))}
        name = said(BROWSING["site_map"], door.tongue(request))
        described = Described(MAP_PATH, "CollectionPage", name, (("name", name),))
        return door.page(request, "site_map.html", told, metadata=described)

    app.add_api_route(MAP_PATH, site_map, methods=["GET", "HEAD"])


def _mapped(views: PublishedViews) -> Iterator[Mapped]:
    repositories = views.repositories()
    most = min(MOST_FONDS, _MOST_IN_ALL // max(1, len(repositories)))
    for code, name, name_en, _ in repositories:
        numbers = [number for number, _ in counts.fonds_of(views, code, offset=0, limit=most)]
        names = pages.fonds_names(views, [(code, number) for number in numbers])
        fonds = tuple((number, names.get((code, number), "")) for number in numbers)
        yield Mapped((code, name, name_en), fonds, counts.number_of_fonds(views, code))
