"""Working state: what is neither derivable from packages and journal nor archival itself, in ``work.db``.

Every change is on disk when its call returns (``synchronous=FULL``). The schema has numbered migrations; a database of
an older version is brought up to date when it is opened, in one transaction.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from archives.errors import StorageError
from archives.message import message

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE audit_run (selection TEXT PRIMARY KEY, begun_at TEXT NOT NULL);
    CREATE TABLE audited_copy (
        selection TEXT NOT NULL REFERENCES audit_run ON DELETE CASCADE,
        store TEXT NOT NULL, package_id TEXT NOT NULL, version INTEGER NOT NULL,
        files INTEGER NOT NULL, bytes INTEGER NOT NULL, mark TEXT NOT NULL, read_at TEXT NOT NULL,
        PRIMARY KEY (selection, store, package_id)
    );
    """,
    """
    CREATE TABLE alarm (
        kind TEXT NOT NULL, store TEXT NOT NULL, package_id TEXT NOT NULL, file TEXT NOT NULL, verdict TEXT NOT NULL,
        raised_at TEXT NOT NULL,
        PRIMARY KEY (kind, store, package_id, file, verdict)
    );
    """,
    """
    CREATE TABLE api_key (user TEXT PRIMARY KEY, digest TEXT NOT NULL, added_at TEXT NOT NULL);
    CREATE TABLE fixity_result (
        package_id TEXT NOT NULL, at TEXT NOT NULL, user TEXT NOT NULL, success INTEGER, message TEXT NOT NULL
    );
    CREATE TABLE fixity_report (
        package_id TEXT NOT NULL, session TEXT NOT NULL, started INTEGER, finished INTEGER, body TEXT,
        PRIMARY KEY (package_id, session)
    );
    """,
    """
    CREATE TABLE duty (name TEXT PRIMARY KEY, begun_at TEXT NOT NULL, ended_at TEXT, by_clock_at TEXT);
    CREATE TABLE schedule (place TEXT PRIMARY KEY, installed_at TEXT NOT NULL);
    CREATE TABLE intake (
        number INTEGER PRIMARY KEY, batch_id TEXT NOT NULL, folder TEXT NOT NULL, asked TEXT NOT NULL,
        is_update INTEGER NOT NULL, begun_at TEXT NOT NULL, ended_at TEXT, person TEXT NOT NULL
    );
    """,
    """
    ALTER TABLE audit_run ADD COLUMN unrecorded_at TEXT;
    """,
    """
    CREATE TABLE unread (
        store TEXT NOT NULL, package_id TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY (store, package_id, file)
    );
    """,
)
"""One script a version, in order; what was published is never changed, only followed by the next."""

_GIVE_BACK = message(
    "此账户不能读写它：请让 root 运行 chown -R 账户 档案库的文件夹，以后只以档案库的账户运行 jinkui",
    "this account may not read and write it: let root run chown -R ACCOUNT HOME, and run jinkui as the archive's account alone",
)


class WorkingState:
    """The working state of one home; safe to open in several processes, one connection a thread of use."""

    def __init__(self, path: Path, *, migrations: Sequence[str] = MIGRATIONS) -> None:
        self._path = path
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            known: int = connection.execute("PRAGMA user_version").fetchone()[0]
            if known > len(migrations):
                raise self._newer()
            for number, script in enumerate(migrations[known:], known + 1):
                for statement in filter(str.strip, script.split(";")):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give a connection whose changes are kept together, on disk when the block ends, or not at all."""
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    def wipe(self) -> None:
        """Let the file keep no byte of what was changed or deleted before."""
        with self._opened() as connection:
            connection.execute("VACUUM")

    def read(self, statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Return the rows of one query."""
        with self._opened() as connection:
            return connection.execute(statement, values).fetchall()

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self._path, timeout=60, isolation_level=None)
        except sqlite3.Error as cause:
            raise self._unusable(cause) from cause
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            yield connection
        except sqlite3.Error as cause:
            raise self._unusable(cause) from cause
        finally:
            connection.close()

    def _unusable(self, cause: sqlite3.Error) -> StorageError:
        return StorageError(
            message("工作数据库不能用：{reason}", "the working state cannot be used: {reason}", reason=str(cause)),
            subject=str(self._path),
            advice=_GIVE_BACK
            if self._path.exists() and not os.access(self._path, os.R_OK | os.W_OK)
            else message(
                "请移走 work.db（连同 work.db-*），再把备份（jinkui home backup 所作）中的 data/work.db 复制到原处；没有备份的，"
                "移走即可，会新建一个：接口密钥须另发，外部核查的结果和批次的文件夹名不再知道，未收完的批次用 jinkui ingest 再收一次",
                "move work.db (and work.db-*) away and copy data/work.db of a backup (jinkui home backup made it) into its "
                "place; without one, moving it away is enough, and a new one is made: API keys are to be given out anew, results "
                "of outside checks and the names of batches' folders are known no more, a batch that was stopped is taken in again by jinkui ingest",
            ),
        )

    def _newer(self) -> StorageError:
        return StorageError(
            message("工作数据库由更新的版本写成", "the working state was written by a newer version"),
            subject=str(self._path),
            advice=message("请用更新的版本打开", "open it with that version"),
        )
