"""Which views were published while their repository said otherwise of its files: they are published again."""

import json
from collections.abc import Collection

from search.published.views import PublishedViews


def offered_otherwise(views: PublishedViews, repositories: Collection[str]) -> tuple[str, ...]:
    """Return the views of repositories that let files be taken away now, and did not when all was published, or the reverse."""
    otherwise = {row[0] for row in views.ask("SELECT repository FROM offering")}.symmetric_difference(repositories)
    if not otherwise:
        return ()
    rows = views.ask(
        "SELECT view_id FROM view INDEXED BY view_record WHERE repository IN (SELECT value FROM json_each(:asked))",
        asked=json.dumps(sorted(map(str, otherwise))),
    )
    return tuple(str(row[0]) for row in rows)
