"""What the pages of what was opened tell: the newest first, and of each repository the catalogue of every day of opening.

The law wants these catalogues published (档案法 2020 第二十八条); what was closed since stands in none.
"""

from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

from search.doors.portal.browsing.fonds_page import AT_ONCE, holder_of, last_page, rows_of
from search.published.lists import counts, pages
from search.published.lists.line import Line
from search.published.views import PublishedViews

RECENT = "/recent"
LINES_A_SHEET = 20_000


def recent_path(page: int = 1) -> str:
    """Return the address of what was opened last."""
    return RECENT if page < 2 else f"{RECENT}?page={page}"


def openings_path(repository: str, day: date | None = None, *, page: int = 1, sheet: int = 0) -> str:
    """Return the address of the openings of a repository, of the catalogue of one day, or of a sheet of it (from 1)."""
    path = f"/openings/{quote(repository, safe='')}"
    if day:
        path += f"/{day.isoformat()}"
    if sheet:
        return f"{path}.xlsx" + (f"?part={sheet}" if sheet > 1 else "")
    return path if page < 2 else f"{path}?page={page}"


def recent_values(views: PublishedViews, page: int) -> dict[str, object] | None:
    """Return what the template of what was opened last is filled with; None for a page that there is not."""
    last = last_page(pages.number_of_recent(views))
    if page > last:
        return None
    rows = rows_of(views, pages.recent(views, offset=(page - 1) * AT_ONCE, limit=AT_ONCE))
    days: dict[date, list[object]] = {}
    for row in rows:
        if row.line.opened:
            days.setdefault(row.line.opened, []).append(row)
    return {
        "days": list(days.items()),
        "names": {one[0]: one for one in views.repositories()},
        "number": page,
        "last": last,
        "turn": recent_path,
    }


def openings_values(views: PublishedViews, repository: str, page: int) -> dict[str, object] | None:
    """Return what the template of a repository's openings is filled with; None where nothing of it is public."""
    holder = holder_of(views, repository)
    last = last_page(counts.number_of_openings(views, repository))
    if holder is None or page > last:
        return None
    return {
        "holder": holder,
        "openings": counts.openings(views, repository, offset=(page - 1) * AT_ONCE, limit=AT_ONCE),
        "number": page,
        "last": last,
        "turn": lambda to: openings_path(repository, page=to),
    }


def opening_values(views: PublishedViews, repository: str, day: date, page: int) -> dict[str, object] | None:
    """Return what the template of the catalogue of a day is filled with; None where nothing of it is open now."""
    holder, number = holder_of(views, repository), counts.number_opened(views, repository, day)
    if holder is None or not number or page > last_page(number):
        return None
    found = pages.opened_on_day(views, repository, day, offset=(page - 1) * AT_ONCE, limit=AT_ONCE)
    return {
        "holder": holder,
        "day": day,
        "counts": counts.opened_on(views, repository, day),
        "rows": rows_of(views, found),
        "first_row": (page - 1) * AT_ONCE + 1,
        "sheets": [openings_path(repository, day, sheet=one + 1) for one in range(-(-number // LINES_A_SHEET))],
        "number": page,
        "last": last_page(number),
        "turn": lambda to: openings_path(repository, day, page=to),
    }


def lines_of_sheet(views: PublishedViews, repository: str, day: date, part: int) -> Iterator[Line]:
    """Yield the lines of one sheet of the catalogue of a day, none where there is no such sheet."""
    offset = (part - 1) * LINES_A_SHEET
    found = pages.opened_on_day(views, repository, day, offset=offset, limit=LINES_A_SHEET)
    for begin in range(0, len(found), 1_000):
        yield from views.lines(found[begin : begin + 1_000])
