"""The lines of lists: what is told of a published view where many stand below one another.

A line lies in the file of the views and comes and goes with its view, in the same transaction. Lists read lines alone: a
view holds the text of all its pages.
"""

import datetime
import re
import sqlite3
from dataclasses import dataclass

from pydantic import TypeAdapter

from archives.message import Message
from archives.record.dates.shown import read_date
from archives.record.identifiers import reference_code
from archives.record.rights import OnlineScope
from archives.units.by_rule import series_number, series_of
from archives.units.unit import Level
from search.published.view import PublishedView, view_of

LINE_TABLES = """
CREATE TABLE IF NOT EXISTS line (
    view_id TEXT PRIMARY KEY, repository TEXT NOT NULL, fonds TEXT NOT NULL, series TEXT NOT NULL, year INTEGER NOT NULL,
    opened TEXT NOT NULL, level TEXT NOT NULL, code_order TEXT NOT NULL, code_key TEXT NOT NULL, volume TEXT NOT NULL,
    above TEXT NOT NULL, within TEXT NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS line_record ON line (repository, code_key);
CREATE INDEX IF NOT EXISTS line_shelf ON line (repository, fonds, code_order, view_id, series, year, level, within);
CREATE INDEX IF NOT EXISTS line_counted ON line (repository, fonds, series, year, level, within, view_id);
CREATE INDEX IF NOT EXISTS line_newest ON line (opened DESC, repository, code_order, view_id, level, within);
CREATE INDEX IF NOT EXISTS line_opened ON line (repository, opened DESC, code_order, view_id, level);
CREATE INDEX IF NOT EXISTS line_within ON line (within, code_order, view_id) WHERE within != '';
CREATE INDEX IF NOT EXISTS line_volume ON line (volume) WHERE volume != '';
CREATE INDEX IF NOT EXISTS line_above ON line (repository, above) WHERE above != '';
"""
"""``within`` is the identifier of the volume whose view stands in the file, too; ``above`` the code that it would have."""

_CUT = re.compile(r"[-/·,. ]+[^-/·,. ]*$")
_ABOVE_ALL = (Level.FONDS.value, Level.SERIES.value)


@dataclass(frozen=True, slots=True)
class Line:
    """What is told of a view in a list; ``level`` is 全宗 for the description of a fonds, ``year`` 0 where none is said,
    ``language`` that of the record (RFC 5646), empty, as ``document_number``, too in lines that were written before there was it.
    ``pages`` is how many pages of it can be read online, None of recordings, and in lines that were written before.
    """

    view_id: str
    repository: str
    fonds: str
    fonds_name: str
    code_key: str
    archival_code: str
    title: str
    author: str
    date: str
    year: int
    level: str
    scope: OnlineScope
    volume: str
    opened: datetime.date | None
    language: str = ""
    document_number: str = ""
    pages: int | None = None

    @property
    def is_online(self) -> bool:
        """Whether there is anything to read, see or hear online beside the description."""
        return self.scope is OnlineScope.FULL_TEXT and self.pages != 0

    @property
    def series(self) -> str:
        """The series of its code as it is called within its fonds, empty where there is none."""
        return "" if self.level in _ABOVE_ALL else series_number(reference_code(self.code_key))

    @property
    def above(self) -> str:
        """The code that the volume of an item has by the rule of its own, where nothing else says in which it stands."""
        if self.volume or self.level in (*_ABOVE_ALL, Level.FILE):
            return ""
        above = _CUT.sub("", self.code_key)
        return "" if above in ("", self.code_key, self.fonds, series_of(reference_code(self.code_key))) else above

    @property
    def when(self) -> Message:
        """The date of formation as lists tell it."""
        return read_date(self.date)


_LINE = TypeAdapter(Line)


def line_of(view: PublishedView) -> Line:
    """Return the line of a view."""
    year = view.elements.get("year")
    return Line(
        view_id=view.view_id,
        repository=view.repository,
        fonds=view.fonds_number,
        fonds_name=view.fonds_name,
        code_key=view.code_key,
        archival_code=view.said("archival_code"),
        title=view.said("title"),
        author=view.said("author"),
        date=view.said("date"),
        year=year if isinstance(year, int) else 0,
        level=Level.FONDS.value if view.code_key == view.fonds_number else view.level,
        scope=view.scope,
        volume=view.volume,
        opened=view.opened,
        language=view.said("language"),
        document_number=view.said("document_number"),
        pages=None if any(page.recording for page in view.pages) else len(view.pages),
    )


def read_line(value: str) -> Line:
    """Return a line from its form in the table."""
    return _LINE.validate_json(value)


def put_line(file: sqlite3.Connection, view: PublishedView) -> None:
    """Write the line of a view, in place of the one that it had, and of that of another view with its code."""
    line = line_of(view)
    named = {"id": line.view_id, "repository": line.repository, "key": line.code_key, "above": line.above}
    named |= {"volume": line.volume, "file": Level.FILE.value}
    others = "SELECT view_id FROM line WHERE repository = :repository AND code_key = :key AND view_id != :id"
    for (other,) in file.execute(others, named).fetchall():
        drop_line(file, other)
    file.execute("UPDATE line SET within = '' WHERE within = :id AND within != ''", named)
    is_above = "repository = :repository AND code_key = :above AND level = :file" if line.above else "view_id = :volume"
    volume = file.execute(f"SELECT view_id FROM line WHERE {is_above}", named).fetchone()
    values = (
        *(line.view_id, line.repository, line.fonds, line.series, line.year),
        line.opened.isoformat() if line.opened else "",
        *(line.level, reference_code(line.code_key).order, line.code_key, line.volume, line.above),
        *(volume[0] if volume else "", _LINE.dump_json(line).decode("utf-8")),
    )
    file.execute(f"INSERT OR REPLACE INTO line VALUES ({', '.join('?' * len(values))})", values)
    file.execute("UPDATE line SET within = :id WHERE volume = :id AND volume != ''", named)
    if line.level == Level.FILE:
        below = "repository = :repository AND above = :key AND above != ''"
        file.execute(f"UPDATE line SET within = :id WHERE {below}", named)


def drop_line(file: sqlite3.Connection, view_id: str) -> None:
    """Take the line of a view out; nothing of it stays in others."""
    file.execute("UPDATE line SET within = '' WHERE within = ? AND within != ''", (view_id,))
    file.execute("DELETE FROM line WHERE view_id = ?", (view_id,))


def fill_lines(file: sqlite3.Connection) -> None:
    """Write the lines of views that were published before there were any."""
    for (value,) in file.execute("SELECT value FROM view").fetchall():
        put_line(file, view_of(value))
