"""How those who read and those who write share an SQLite file, so that nobody stops the readers."""

import sqlite3
import time
from pathlib import Path

_COMMIT_SECONDS = 1.0
_LOOK_SECONDS, _LOOK_EVERY = 2.0, 1000
"""How long a file is looked through, and after how many steps of SQLite's machine the clock is looked at."""


def read_only(path: Path, *, timeout_seconds: float) -> sqlite3.Connection:
    """Open a file that is there, and for nothing but reading; it may lie where nothing can be written.

    Where the system lets it, what a writer left half done when it was killed is rolled back, which ``mode=ro`` could
    not, and would read nothing until the next writer came (https://sqlite.org/lockingv3.html, "Hot Journals").
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=timeout_seconds,
        check_same_thread=False,
        isolation_level=None,
    )
    connection.execute("PRAGMA query_only=ON")
    return connection


def require_sound(reader: sqlite3.Connection) -> None:
    """Raise ``sqlite3.DatabaseError`` where pages of a file make no sense; of a large file so many as there is time for."""
    until = time.monotonic() + _LOOK_SECONDS
    reader.set_progress_handler(lambda: time.monotonic() > until, _LOOK_EVERY)
    try:
        (found,) = reader.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as cause:
        if cause.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return
    if found != "ok":
        raise sqlite3.DatabaseError(found)


def mark_of(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another that was at the same path, None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def beside_of(path: Path) -> Path:
    """Return where the file is filled that is to take the place of another."""
    return path.with_name(f"{path.name}.new")


def journal_of(path: Path) -> Path:
    """Return the file with which SQLite rolls back what was not finished: to another database it must never come."""
    return path.with_name(f"{path.name}-journal")


def begin_writing(connection: sqlite3.Connection, *, timeout_seconds: float) -> None:
    """Begin to write; waits so long for others who write, and for a reader who stays no more than a second.

    A writer who waits to commit lets nobody begin to read (https://sqlite.org/lockingv3.html, "PENDING"): where one
    reader stays, all others would wait with it.
    """
    _wait(connection, timeout_seconds)
    connection.execute("BEGIN IMMEDIATE")
    _wait(connection, min(_COMMIT_SECONDS, timeout_seconds))


def _wait(connection: sqlite3.Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")
