"""How those who only read open an SQLite file that others write."""

import sqlite3
from pathlib import Path


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
