"""What search engines are told of the site: robots.txt, and a sitemap of every page that stays (sitemaps.org 0.9).

A part of it is as long as a page is answered quickly, far below the 50,000 addresses that one may hold. Records stand in the
order in which they were opened: what opens later changes the last part only.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from xml.sax.saxutils import escape

from search.doors.portal.browsing.fonds_page import fonds_path, page_path
from search.doors.portal.browsing.openings_page import openings_path
from search.published.lists import counts, pages
from search.published.views import PublishedViews

MAP_PATH = "/sitemap"  # for readers
RECORDS_A_PART = 5_000
_PAGES_A_PART = 45_000
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
ROBOTS = """\
User-agent: *
Disallow: /search
Disallow: /images/
Allow: /images/*/*/thumbnail.jpg$
Disallow: /*.xlsx$
Sitemap: {base}/sitemap.xml
"""


def robots(base: str) -> str:
    """Return robots.txt (RFC 9309): pages of results and files are no pages of their own; small pictures are shown beside a page."""
    return ROBOTS.format(base=base)


def sitemap_index(views: PublishedViews, base: str) -> str:
    """Return the index of the parts: of the lists, then of the records."""
    parts = -(-counts.number_of_all(views) // RECORDS_A_PART)
    names = ["lists", *(str(number) for number in range(1, parts + 1))]
    each = "".join(f"<sitemap><loc>{escape(base)}/sitemaps/{name}.xml</loc></sitemap>\n" for name in names)
    return f'{_HEAD}<sitemapindex xmlns="{_SCHEMA}">\n{each}</sitemapindex>\n'


def sitemap_part(views: PublishedViews, base: str, name: str, own: Sequence[str] = ()) -> str | None:
    """Return a part, None for one that there is not; ``own`` are the addresses of the institution's own pages."""
    if name == "lists":
        paths = islice(chain(own, _lists(views)), _PAGES_A_PART)
        return _part(base, ((path, None) for path in paths))
    if not (name.isascii() and name.isdigit() and len(name) < 6 and name[0] != "0"):
        return None
    found = pages.in_order_of_opening(views, offset=(int(name) - 1) * RECORDS_A_PART, limit=RECORDS_A_PART)
    if not found:
        return None
    lines = views.lines(found)
    return _part(base, ((page_path(views, one), one.opened) for one in lines))


def _part(base: str, each: Iterable[tuple[str, date | None]]) -> str:
    entries = (
        f"<url><loc>{escape(base + path)}</loc>{f'<lastmod>{day.isoformat()}</lastmod>' if day else ''}</url>\n"
        for path, day in each
    )
    return f'{_HEAD}<urlset xmlns="{_SCHEMA}">\n{"".join(entries)}</urlset>\n'


def _lists(views: PublishedViews) -> Iterator[str]:
    yield from ("/", "/recent", "/about", "/help", MAP_PATH)
    for repository, *_ in views.repositories():
        yield from (f"/about/{repository}", fonds_path(repository), openings_path(repository))
        for number, _ in counts.fonds_of(views, repository, offset=0, limit=_PAGES_A_PART):
            yield fonds_path(repository, number)
        for day, _ in counts.openings(views, repository, offset=0, limit=_PAGES_A_PART):
            yield openings_path(repository, day)
