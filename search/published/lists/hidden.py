"""What must not be shown although it may still be stored: what a mark closes, what a day has ended."""

import json
import sqlite3
from datetime import date

from search.published.marks import fonds_mark, is_code_mark, is_fonds_mark, marks_on


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
    on_views = {name for name in standing - on_codes if not is_fonds_mark(name)}
    hidden = {*on_views, *(str(row[0]) for row in ended)}
    if standing and knows_shares:
        shared = "SELECT view_id FROM share WHERE mark IN (SELECT value FROM json_each(?))"
        hidden |= {str(row[0]) for row in file.execute(shared, (json.dumps(sorted(standing)),))}
    hidden |= {view_id for _, views in named_by_marks(file, standing).values() for view_id in views}
    if on_codes:
        hidden |= {view_id for view_id, names in marks_by_code(file) if not on_codes.isdisjoint(names)}
    return frozenset(hidden)


def named_by_marks(file: sqlite3.Connection, standing: frozenset[str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return of each mark on the name of a fonds the number of that, and the views that tell the name still."""
    on_fonds = {name for name in standing if is_fonds_mark(name)}
    if not on_fonds:
        return {}
    all_fonds = file.execute("SELECT DISTINCT repository, fonds FROM line").fetchall()
    telling = (
        "SELECT view_id FROM line WHERE repository = ? AND fonds = ? AND json_extract(value, '$.fonds_name') != ''"
    )
    return {
        mark: (number, tuple(str(row[0]) for row in file.execute(telling, (repository, number))))
        for repository, number in all_fonds
        if (mark := fonds_mark(repository, number)) in on_fonds
    }


def marks_by_code(file: sqlite3.Connection) -> list[tuple[str, set[str]]]:
    """Return of every view, by the codes that it has and had, the names of the marks on these that close it."""
    codes = "SELECT view_id, repository, code_key FROM {}"
    rows = file.execute(f"{codes.format('view')} UNION ALL {codes.format('former')}").fetchall()
    return [(view_id, marks_on(name, [key])) for view_id, name, key in rows]
