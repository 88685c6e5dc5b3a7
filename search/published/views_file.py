"""The file of the published views: its tables, and how it is opened by those who publish and by those who only show."""

import sqlite3
from pathlib import Path

from archives.errors import SearchError
from archives.message import message
from search.index.reading import read_only
from search.index.shared import make_folder, take_after_folder
from search.published.lists.line import LINE_TABLES, fill_lines

_TABLES = """
CREATE TABLE IF NOT EXISTS view (
    view_id TEXT PRIMARY KEY, repository TEXT NOT NULL, code_key TEXT NOT NULL, sequence INTEGER NOT NULL,
    value TEXT NOT NULL) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS view_record ON view (repository, code_key);
CREATE INDEX IF NOT EXISTS view_end ON view (json_extract(value, '$.until'))
    WHERE json_extract(value, '$.until') IS NOT NULL;
CREATE INDEX IF NOT EXISTS view_volume ON view (json_extract(value, '$.volume'), code_key)
    WHERE json_extract(value, '$.volume') IS NOT NULL;
CREATE TABLE IF NOT EXISTS share (mark TEXT NOT NULL, view_id TEXT NOT NULL, PRIMARY KEY (mark, view_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS share_view ON share (view_id);
CREATE TABLE IF NOT EXISTS former (
    code_key TEXT NOT NULL, repository TEXT NOT NULL, view_id TEXT NOT NULL,
    PRIMARY KEY (code_key, repository, view_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS former_view ON former (view_id);
CREATE TABLE IF NOT EXISTS leaf (view_id TEXT PRIMARY KEY, hash BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS proof (view_id TEXT PRIMARY KEY, key TEXT NOT NULL, note TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS followed (closed INTEGER NOT NULL, head INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS offering (repository TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_HAS_LINES = "SELECT 1 FROM sqlite_master WHERE name = 'line'"
_NO_MORE_USED = ("view_fonds", "view_newest")
WRITE_SECONDS = 10


def for_publishing(path: Path) -> sqlite3.Connection:
    """Open the file of the views, made where there is none; what is taken out of it is overwritten."""
    make_folder(path.parent)
    connection = sqlite3.connect(path, timeout=WRITE_SECONDS, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA synchronous=FULL")
    connection.executescript(_TABLES)
    take_after_folder(path)
    _make_lines(connection)
    return connection


def _make_lines(connection: sqlite3.Connection) -> None:
    """Make the table of lines, with those of the views of before, in one step."""
    if connection.execute(_HAS_LINES).fetchone():
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not connection.execute(_HAS_LINES).fetchone():  # nobody else was first
            for statement in LINE_TABLES.split(";\n"):
                connection.execute(statement)
            fill_lines(connection)
            for index in _NO_MORE_USED:
                connection.execute(f"DROP INDEX IF EXISTS {index}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def for_reading(path: Path) -> sqlite3.Connection:
    """Open the file of the views for nothing but reading."""
    return read_only(path, timeout_seconds=WRITE_SECONDS)


def unusable(path: Path, cause: Exception) -> SearchError:
    """Return the error that says that the file of the published views cannot be used."""
    return SearchError(
        message("公开库不可用：{reason}", "the published views cannot be used: {reason}", reason=str(cause)),
        subject=str(path),
        advice=message("可用 jinkui rebuild 重建", "jinkui rebuild makes it again"),
    )
