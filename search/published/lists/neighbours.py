"""What stands before and behind a view in the list in which it is shown: its volume's, else that of its fonds."""

from dataclasses import dataclass

from search.published.lists.line import Line
from search.published.lists.sql import HIDDEN, IS_RECORD, IS_SHOWN, ON_TOP
from search.published.views import PublishedViews

_PLACE = (
    "SELECT repository, fonds, code_order,"
    f" CASE WHEN within IN {HIDDEN} THEN '' ELSE within END, {IS_RECORD} FROM line WHERE view_id = :view_id AND {IS_SHOWN}"
)
_IN_VOLUME = f"within != '' AND within = :within AND {IS_SHOWN}"
_ON_SHELF = f"repository = :repository AND fonds = :fonds AND {IS_SHOWN} AND {IS_RECORD} AND {ON_TOP}"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The lines before and behind in the order of the list, None at its ends; closed ones are not there."""

    previous: Line | None = None
    following: Line | None = None


def neighbours(views: PublishedViews, view_id: str) -> Neighbours:
    """Return what stands around a view; nothing does around the description of a fonds or a series."""
    rows = views.ask(_PLACE, view_id=view_id)
    if not rows or not rows[0][4]:
        return Neighbours()
    repository, fonds, order, within, _ = rows[0]
    where = _IN_VOLUME if within else _ON_SHELF
    place = {"repository": repository, "fonds": fonds, "within": within, "code_order": order, "view_id": view_id}
    found: list[Line | None] = []
    for beyond, turned in (("<", "DESC"), (">", "ASC")):
        beside = views.ask(
            f"SELECT view_id FROM line WHERE {where} AND (code_order, view_id) {beyond} (:code_order, :view_id)"
            f" ORDER BY code_order {turned}, view_id {turned} LIMIT 1",
            **place,
        )
        found.append(next(iter(views.lines([str(row[0]) for row in beside])), None))
    return Neighbours(*found)
