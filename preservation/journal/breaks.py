"""Where a journal breaks: at the entry that was altered, which only what follows it can tell."""

import re

from archives.errors import IntegrityError
from archives.journal.chain import Head, read_group
from preservation.journal.chain import NOT_WHOLE, GroupSource, group_path, passes, read_bounded

_PREVIOUS = re.compile(rb'"prev":"([0-9a-f]{64})"')


def break_in(source: GroupSource, end: Head, data: bytes) -> int:
    """Return the number of the first damaged entry of a group's file that does not follow ``end``.

    Where the group after it begins at the very number that breaks, the file has bytes after its last entry: that is the
    damaged one.
    """
    at = end
    for line in data.splitlines(keepends=True):
        try:
            at = read_group(at, line).end
        except IntegrityError:
            break
    is_surplus = at != end and bool(_beginning(source, at))
    return at.sequence if is_surplus else at.sequence + 1


def is_altered_before(source: GroupSource, at: Head, end: Head) -> bool:
    """Say whether what a source holds after ``at`` leads to ``end``, but names another line before it than lies there."""
    found = _PREVIOUS.search(_beginning(source, at))
    return found is not None and passes(source, Head(at.sequence, found[1].decode("ascii")), end)


def _beginning(source: GroupSource, at: Head) -> bytes:
    try:
        return read_bounded(source, group_path(at.sequence + 1)).partition(b"\n")[0]
    except NOT_WHOLE:
        return b""
