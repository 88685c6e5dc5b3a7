"""What must not be shown although it may still be stored: what a mark closes, what a day has ended."""

import json
import sqlite3
from datetime import date

from search.published.marks import is_code_mark, marks_on


def hidden_in(file: sqlite3.Connection, standing: frozenset[str], today: date, *, knows_shares: bool) -> frozenset[str]:
    """Return the identifiers of what the marks that stand, or the day, keep from being shown, here or in the index.

    A file that was written before there were items does not know shares.
    """
    on_codes = {name for name in standing if is_code_mark(name)}
    ended = file.execute(
        "SELECT view_id FROM view WHERE json_extract(value, '$.until') IS NOT NULL"
        " AND json_extract(value, '$.until') <= ?",
        (today.isoformat(),),
    )
    hidden = {*(standing - on_codes), *(str(row[0]) for row in ended)}
    if standing and knows_shares:
        shared = "SELECT view_id FROM share WHERE mark IN (SELECT value FROM json_each(?))"
        hidden |= {str(row[0]) for row in file.execute(shared, (json.dumps(sorted(standing)),))}
    if on_codes:
        hidden |= {view_id for view_id, names in marks_by_code(file) if not on_codes.isdisjoint(names)}
    return frozenset(hidden)


def marks_by_code(file: sqlite3.Connection) -> list[tuple[str, set[str]]]:
    """Return of every view, by the codes that it has and had, the names of the marks on these that close it."""
    codes = "SELECT view_id, repository, code_key FROM {}"
    rows = file.execute(f"{codes.format('view')} UNION ALL {codes.format('former')}").fetchall()
    return [(view_id, marks_on(name, [key])) for view_id, name, key in rows]
