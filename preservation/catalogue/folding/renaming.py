"""Records called otherwise from an entry of the journal on: what was decided and said about each goes along with it."""

import hashlib
import sqlite3
from collections.abc import Sequence
from functools import lru_cache

from archives.journal.concern import Subject, SubjectKind

Move = tuple[str, str, str]
"""The matching form of the code that a unit had, that of its code now, and the unit's identifier."""


@lru_cache(maxsize=1 << 12)
def subject_number(subject: Subject) -> int:
    """Return the number under which a subject's entries are found; two subjects may share one."""
    text = f"{subject.kind}:{subject.identifier}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big", signed=True)


def rename(connection: sqlite3.Connection, repository: str, moves: Sequence[Move]) -> None:
    """Let decisions and entries follow units to their new codes, all at once, and what they had be known of them.

    Decisions and concerns were written before. A code may be one that another of the moves leaves.
    """
    run, run_all = connection.execute, connection.executemany
    run("CREATE TEMP TABLE IF NOT EXISTS moved (former TEXT, code TEXT, unit_id TEXT, former_subject INTEGER)")
    run("CREATE INDEX IF NOT EXISTS temp.moved_from ON moved (former)")
    run("DELETE FROM moved")
    numbers = [(_subject(repository, former), _subject(repository, code)) for former, code, _ in moves]
    run_all(
        "INSERT INTO moved VALUES (?, ?, ?, ?)",
        [(*move, was) for move, (was, _) in zip(moves, numbers, strict=True) if move[0] != move[1]],
    )
    mine = "FROM moved WHERE former = decision.code_key AND unit_id = decision.unit_id"
    run(
        f"UPDATE decision SET code_key = (SELECT code {mine}) WHERE repository = ? AND EXISTS (SELECT 1 {mine})",
        (repository,),
    )
    _spread_what_codes_name(connection, repository)
    about = run("SELECT subject, sequence FROM concern WHERE subject IN (SELECT former_subject FROM moved)").fetchall()
    now = dict(numbers)
    run_all("DELETE FROM concern WHERE subject = ? AND sequence = ?", about)
    run_all("INSERT OR IGNORE INTO concern VALUES (?, ?)", [(now[subject], sequence) for subject, sequence in about])
    run_all(
        "DELETE FROM alias WHERE repository = ? AND code_key = ? AND package_id = ?",
        [(repository, code, unit_id) for _, code, unit_id in moves],
    )
    run_all(
        "INSERT OR IGNORE INTO alias VALUES (?, ?, ?)",
        [(repository, former, unit_id) for former, code, unit_id in moves if former != code],
    )


def _spread_what_codes_name(connection: sqlite3.Connection, repository: str) -> None:
    """Let what closed everything that had a code go along with each unit that leaves it, and stay for those that do not.

    Where another unit takes a code, nobody was left who had it.
    """
    connection.execute(
        "INSERT OR IGNORE INTO decision (sequence, unit_id, repository, code_key, at, opens_on, closes_on, value, reviewed, version)"
        " SELECT sequence, moved.unit_id, repository, moved.code, at, opens_on, closes_on, value, reviewed, version"
        " FROM decision JOIN moved ON moved.former = code_key WHERE decision.unit_id = '' AND repository = ?",
        (repository,),
    )
    connection.execute(
        "DELETE FROM decision WHERE unit_id = '' AND repository = ? AND code_key IN (SELECT code FROM moved)",
        (repository,),
    )


def _subject(repository: str, code_key: str) -> int:
    return subject_number(Subject(SubjectKind.RECORD, f"{repository}:{code_key}"))
