"""The feed of what was opened last (Atom, RFC 4287): a line an entry, and of each no more than a list tells."""

from collections.abc import Callable
from datetime import date
from xml.sax.saxutils import escape, quoteattr

from archives.message import Message
from archives.text.harmless import harmless
from archives.text.unseen import without_unseen
from search.doors.portal.browsing.openings_page import RECENT
from search.doors.portal.browsing.words import BROWSING
from search.doors.portal.record.address import record_path
from search.published.lists import pages
from search.published.lists.line import Line
from search.published.views import PublishedViews

MEDIA_TYPE = "application/atom+xml"
_ENTRIES = 50
_NEVER = date(1970, 1, 1)


def feed(
    views: PublishedViews,
    base: str,
    *,
    title: str,
    tag: str,
    tell: Callable[[Message], str],
    holder: Callable[[str, str, str], str],
) -> str:
    """Return the feed, titled with the name of the site, in the language of a tag (RFC 5646).

    ``holder`` says what a repository is called, of its code and its names in Chinese and English.
    """
    lines = views.lines(pages.recent(views, offset=0, limit=_ENTRIES))
    newest = max((line.opened for line in lines if line.opened), default=_NEVER)
    names = {code: holder(code, name, name_en) for code, name, name_en, _ in views.repositories()}
    heading = f"{title} · {tell(BROWSING['recent'])}"
    entries = "".join(_entry(line, base, names.get(line.repository, line.repository), tell) for line in lines)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{tag}">\n'
        f"<title>{_plain(heading)}</title>\n"
        f"<id>{escape(base)}/feed.xml</id>\n"
        f"<link rel={quoteattr('self')} href={quoteattr(f'{base}/feed.xml')}/>\n"
        f"<link href={quoteattr(base + RECENT)}/>\n"
        f"<updated>{_moment(newest)}</updated>\n"
        f"<author><name>{_plain(title)}</name></author>\n"
        f"{entries}</feed>\n"
    )


def _entry(line: Line, base: str, holder: str, tell: Callable[[Message], str]) -> str:
    href = base + record_path(line)
    summary = " · ".join(one for one in (line.archival_code, holder, line.author, tell(line.when)) if one)
    return (
        f"<entry><title>{_plain(line.title)}</title><id>urn:uuid:{escape(line.view_id)}</id>"
        f"<link href={quoteattr(href)}/><updated>{_moment(line.opened or _NEVER)}</updated>"
        f"<summary>{_plain(summary)}</summary></entry>\n"
    )


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _plain(text: str) -> str:
    """Return text without what no XML 1.0 may hold, and what nobody sees, escaped."""
    return escape(harmless(without_unseen(text)))
