"""The addresses of records: by the identifier that never changes; those by code lead there, of now or of before."""

from typing import Protocol
from urllib.parse import quote, urlencode

from archives.record.identifiers import archival_code_key
from search.published.views import PublishedViews


class Addressed(Protocol):
    """What has a page of its own: a view, or its line in a list."""

    @property
    def view_id(self) -> str:
        """Its identifier."""


def record_path(one: Addressed, *, page: int | None = None, words: str = "", hit: int = 0, search: str = "") -> str:
    """Return a record's address on the site, of one of its pages, and of a hit of words on it (from 1).

    ``search`` is what the search that led there asked for beside its words, for the way back.
    """
    asked = (("page", page), ("q", words), ("hit", hit), ("s", search))
    query = {key: str(value) for key, value in asked if value}
    path = f"/records/{quote(one.view_id, safe='')}"
    return f"{path}?{urlencode(query)}" if query else path


def proof_path(one: Addressed) -> str:
    """Return the address of a record's proof."""
    return f"{record_path(one)}/proof.json"


def path_by_code(views: PublishedViews, repository: str, code: str, *, query: str = "") -> str:
    """Return the address of what has a code, written in any way, or had it as far as the public knows; empty without one.

    ``query`` is what an address says behind its question mark.
    """
    key = archival_code_key(code)
    view = views.get(repository, key) or views.that_had(repository, key)
    return record_path(view) + (f"?{query}" if query else "") if view else ""
