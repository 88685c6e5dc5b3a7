"""What the pages of fonds tell: those of a repository, and one with its names, its introduction, its series, its open records."""

from urllib.parse import quote, urlencode

from archives.record.fonds_names import parse_names
from search.doors.portal.open_fonds import (
    AT_ONCE,
    PublishedFonds,
    fonds,
    fonds_in,
    number_of_fonds,
    records_in,
    series_in,
)
from search.published.views import PublishedViews


def fonds_path(repository: str, number: str = "", *, series: str = "", page: int = 1) -> str:
    """Return the address of the fonds of a repository, or of one of them."""
    said = {key: str(value) for key, value in (("series", series), ("page", page if page > 1 else "")) if value}
    path = f"/fonds/{quote(repository, safe='')}" + (f"/{quote(number, safe='')}" if number else "")
    return f"{path}?{urlencode(said)}" if said else path


def list_values(views: PublishedViews, repository: str, page: int) -> dict[str, object] | None:
    """Return what the template of a repository's fonds is filled with; None where nothing of it is public."""
    named = next((one for one in views.repositories() if one[0] == repository), None)
    if named is None:
        return None
    last = max(1, -(-number_of_fonds(views, repository) // AT_ONCE))
    return {
        "holder": named,
        "all_fonds": fonds_in(views, repository, min(page, last)),
        "number": min(page, last),
        "last": last,
        "turn": lambda to: fonds_path(repository, page=to),
    }


def fonds_values(
    views: PublishedViews, repository: str, number: str, series: str, page: int
) -> dict[str, object] | None:
    """Return what the template of a fonds is filled with; None where nothing of it is public."""
    found = fonds(views, repository, number)
    named = next((one for one in views.repositories() if one[0] == repository), None)
    if found is None or named is None:
        return None
    counted = series_in(views, repository, number)
    chosen = series if series in dict(counted) else ""
    last = max(1, -(-(dict(counted)[chosen] if chosen else found.records) // AT_ONCE))
    return {
        "holder": named,
        "fonds": found,
        "names": parse_names(found.own.said("names")) if found.own else (),
        "introduction": _paragraphs(found),
        "all_series": [one for one in counted if one[0]],
        "chosen": chosen,
        "records": records_in(views, repository, number, series=chosen, page=min(page, last)),
        "number": min(page, last),
        "last": last,
        "turn": lambda to: fonds_path(repository, number, series=chosen, page=to),
    }


def _paragraphs(found: PublishedFonds) -> list[str]:
    text = found.own.said("history") if found.own else ""
    return [line for line in text.splitlines() if line.strip()]
