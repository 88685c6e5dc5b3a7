"""Of which records in a list only the description is online (仅目录): who wants to read them asks the archives."""

import json
from collections.abc import Sequence

from archives.record.rights import OnlineScope
from archives.units.unit import Level
from search.published.lists.line import Line
from search.published.lists.sql import IS_SHOWN
from search.published.views import PublishedViews

_ABOVE_ALL = (Level.FONDS.value, Level.SERIES.value)
_WITH_ITEMS = (
    "SELECT DISTINCT within FROM line WHERE within != '' AND within IN (SELECT value FROM json_each(:asked))"
    f" AND {IS_SHOWN} AND json_extract(value, '$.scope') = '{OnlineScope.FULL_TEXT}'"
    " AND ifnull(json_extract(value, '$.pages'), 1) > 0"
)


def catalogue_only(views: PublishedViews, lines: Sequence[Line]) -> frozenset[str]:
    """Return the identifiers of the lines of records of which nothing can be read online: of a volume, none of its items too.

    The description of a fonds or a series is no record.
    """
    bare = {one.view_id: one.level for one in lines if not one.is_online and one.level not in _ABOVE_ALL}
    volumes = sorted(view_id for view_id, level in bare.items() if level == Level.FILE)
    with_items = views.ask(_WITH_ITEMS, asked=json.dumps(volumes)) if volumes else []
    return frozenset(bare.keys() - {str(row[0]) for row in with_items})
