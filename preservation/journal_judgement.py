"""Judging a store's own copy of the journal: every group against the chain, the head against its end.

What an interrupted append leaves (a group that the heads do not know yet, a head or a last group that is still the one
before) and what a store missed while it was away is no damage: the next writing command brings the store level.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from archives.errors import IntegrityError, NotFoundError, StorageError, StoreAbsentError
from archives.journal import Group, Head, read_group
from preservation.anchors import Anchors
from preservation.expectation import Expectation, expect
from preservation.ledger import HEAD, Ledger, group_path, read_head
from preservation.store import JOURNAL, EntryKind, StoreEntry, read_whole
from preservation.verdicts import Verdict, VerdictSheet, judge_file


@dataclass(slots=True)
class _Chain:
    """How far the chain goes, and where this store's copy of it begins to lag."""

    before: Head = field(default_factory=Head)
    end: Head = field(default_factory=Head)
    lag: Head | None = None
    missing: list[PurePosixPath] = field(default_factory=list)
    first_missed: int = 0

    def take(self, group: Group, *, is_there: bool) -> None:
        self.before, self.end = self.end, group.end
        if is_there:
            return
        if not self.missing:
            self.lag, self.first_missed = self.before, group.end.sequence
        self.missing.append(group_path(group.first))


def judge_journal(ledger: Ledger, anchors: Anchors, sheet: VerdictSheet) -> None:
    """Judge a store's journal and say what is not as it should be; raises ``IntegrityError`` without a whole chain."""
    store = sheet.store
    entries = {entry.place: entry for entry in sheet.entries(JOURNAL, passing_over=frozenset())}
    chain = _Chain()
    last_there = Head()
    for group in ledger.raw_groups():
        entry = entries.pop(str(group_path(group.first)), None)
        chain.take(group, is_there=entry is not None)
        if entry is not None:
            sheet.judge_entry(entry, Expectation(hashlib.sha512(group.data).hexdigest()))
            last_there = group.end
    _judge_missing(chain, last_there, anchors.away.get(store.name), sheet)
    _judge_head(chain, entries.pop(str(HEAD), None), sheet)
    for place in entries:
        if not _is_next_group(PurePosixPath(place), chain.end, sheet):
            sheet.say(place, Verdict.UNTRACKED)


def _judge_missing(chain: _Chain, last_there: Head, away: int | None, sheet: VerdictSheet) -> None:
    if chain.lag is None:
        return
    ends_there = last_there == chain.lag and _head(sheet) == chain.lag
    interrupted = len(chain.missing) == 1
    missed = away is not None and chain.first_missed >= away
    if ends_there and (interrupted or missed):
        return
    chain.lag = None
    for path in chain.missing:
        sheet.say(str(path), Verdict.MISSING)


def _judge_head(chain: _Chain, entry: StoreEntry | None, sheet: VerdictSheet) -> None:
    acceptable = {chain.end, chain.before, chain.lag or chain.end}
    if entry is None:
        if Head() not in acceptable:
            sheet.say(str(HEAD), Verdict.MISSING)
        return
    sheet.judge_entry(entry, expect(chain.end.encoded()))
    if str(HEAD) in sheet.verdicts and entry.kind is EntryKind.FILE and entry.links == 1:
        wanted = (expect(head.encoded()) for head in acceptable)
        if any(judge_file(sheet.store, HEAD, one)[0] is Verdict.OK for one in wanted):
            sheet.take_back(str(HEAD))


def _head(sheet: VerdictSheet) -> Head | None:
    try:
        return read_head(sheet.store)
    except StoreAbsentError:
        raise
    except (StorageError, IntegrityError):
        return None


def _is_next_group(path: PurePosixPath, end: Head, sheet: VerdictSheet) -> bool:
    """Return whether a file is a group that follows the chain: an append whose heads were not written."""
    if path != group_path(end.sequence + 1):
        return False
    try:
        read_group(end, read_whole(sheet.store, path))
    except StoreAbsentError:
        raise
    except (NotFoundError, StorageError, IntegrityError):
        return False
    return True
