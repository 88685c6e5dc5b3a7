"""Judging a store's own copy of the journal: every group against the chain, the head against its end.

What an interrupted append leaves (a group that the heads do not know yet, a head or a last group that is still the one
before) and what a store missed while it was away is no damage: the next writing command brings the store level.
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from archives.errors import IntegrityError, StorageError, StoreAbsentError
from archives.journal.chain import Group, Head
from preservation.audit.expectation import Expectation, expect
from preservation.audit.verdicts import Verdict, VerdictSheet, is_whole
from preservation.catalogue.anchors import Anchors
from preservation.journal.chain import HEAD, NOT_WHOLE, group_path, read_head, read_next
from preservation.journal.ledger import Ledger
from preservation.stores.store import JOURNAL, EntryKind, StoreEntry


@dataclass(slots=True)
class _Course:
    """How far the chain goes, and where this store's copy of it begins to lag.

    ``lag`` is the last point that the store has, after the one before it, where its head may still stand. A store may
    have failed at one group before the next one says that it is away: ``away_by`` ends the second it misses.
    """

    before: Head = field(default_factory=Head)
    end: Head = field(default_factory=Head)
    lag: tuple[Head, ...] = ()
    missing: list[PurePosixPath] = field(default_factory=list)
    away_by: int = 0

    def take(self, group: Group, *, is_there: bool) -> None:
        if not is_there and not self.missing:
            self.lag = (self.before, self.end)
        self.before, self.end = self.end, group.end
        if not is_there:
            self.away_by = group.end.sequence if len(self.missing) < 2 else self.away_by
            self.missing.append(group_path(group.first))


def judge_journal(ledger: Ledger, anchors: Anchors, sheet: VerdictSheet) -> None:
    """Judge a store's journal and say what is not as it should be; raises ``IntegrityError`` without a whole chain."""
    store = sheet.store
    entries = {entry.place: entry for entry in sheet.entries(JOURNAL, passing_over=frozenset())}
    chain = _Course()
    last_there = Head()
    dead = _group_after(sheet, _head(sheet)) if store.name in anchors.away else None  # perhaps in no other store
    for group in ledger.raw_groups():
        entry = entries.pop(str(group_path(group.first)), None)
        if dead is not None and dead.first == group.first and dead != group:
            entry = None
        chain.take(group, is_there=entry is not None)
        if entry is not None:
            sheet.judge_entry(entry, Expectation(hashlib.sha512(group.data).hexdigest()))
            last_there = group.end
    _judge_missing(chain, last_there, anchors.away.get(store.name), sheet)
    _judge_head(chain, entries.pop(str(HEAD), None), sheet)
    for place in entries:
        if not _is_next_group(PurePosixPath(place), chain.end, sheet):
            sheet.say(place, Verdict.UNTRACKED)


def _judge_missing(chain: _Course, last_there: Head, away: int | None, sheet: VerdictSheet) -> None:
    if not chain.missing:
        return
    ends_there = last_there == chain.lag[-1] and _head(sheet) in chain.lag
    interrupted = len(chain.missing) == 1
    missed = away is not None and chain.away_by >= away
    if ends_there and (interrupted or missed):
        return
    chain.lag = ()
    for path in chain.missing:
        sheet.say(str(path), Verdict.MISSING)


def _judge_head(chain: _Course, entry: StoreEntry | None, sheet: VerdictSheet) -> None:
    acceptable = {chain.end, chain.before, *chain.lag}
    if entry is None:
        if Head() not in acceptable:
            sheet.say(str(HEAD), Verdict.MISSING)
        return
    sheet.judge_entry(entry, expect(chain.end.encoded()))
    if str(HEAD) in sheet.verdicts and entry.kind is EntryKind.FILE and entry.links == 1:
        wanted = (expect(head.encoded()) for head in acceptable)
        if any(is_whole(sheet.store, HEAD, one) for one in wanted):
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
    return path == group_path(end.sequence + 1) and _group_after(sheet, end) is not None


def _group_after(sheet: VerdictSheet, head: Head | None) -> Group | None:
    try:
        return read_next(sheet.store, head) if head else None
    except StoreAbsentError:
        raise
    except NOT_WHOLE:
        return None
