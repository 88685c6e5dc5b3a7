"""What the pages of this room are given by the site: what is published now, how a page is made, what the archives say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from fastapi import Request
from fastapi.responses import Response

from archives.message import Message
from search.doors.portal.browsing.told import Given, SiteWords, to_reader
from search.doors.portal.languages import Tongue
from search.published.views import PublishedViews


class PageOf(Protocol):
    """Makes a page of a template and its values; those named ``status`` and ``metadata`` are not the template's alone."""

    def __call__(
        self, request: Request, template: str, told: Mapping[str, object] = ..., *, status: int = ..., **values: object
    ) -> Response:
        """Return the page in the reader's language."""


@dataclass(frozen=True, slots=True)
class Door:
    """How the routes of this room reach the site."""

    views: Callable[[Request], PublishedViews]
    page: PageOf
    not_found: Callable[[Request], Response]
    tongue: Callable[[Request], Tongue]
    name: Message | Given
    words: SiteWords

    def called(self, request: Request) -> str:
        """Return the name of the site as the reader sees it."""
        return to_reader(self.name, self.tongue(request))

    def base(self, request: Request) -> str:
        """Return the address of the site, without a slash at its end: where the settings tell none, as it is asked."""
        return self.words.address or str(request.base_url).rstrip("/")


def page_number(text: str) -> int | None:
    """Return the number of a page as an address says it, None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0 else None
