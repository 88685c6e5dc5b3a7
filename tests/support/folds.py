"""The fold of facts that no store holds, for tests of what is worked out from it."""

from collections.abc import Sequence
from datetime import datetime

from archives.journal.chain import Entry, Head
from archives.journal.facts import Fact
from preservation.catalogue.anchors import Anchors
from preservation.catalogue.journal_fold import JournalFold


def fold_of(facts: Sequence[tuple[datetime, Fact]]) -> JournalFold:
    """Return the fold of facts that were recorded one by one at these moments."""
    groups = [
        (Head(number, f"{number:064}"), (Entry(number, f"{number - 1:064}", at, "tester", fact),))
        for number, (at, fact) in enumerate(facts, 1)
    ]
    fold = JournalFold()
    fold.follow(lambda at: groups[at.sequence :])
    return fold


def anchors_of(facts: Sequence[tuple[datetime, Fact]]) -> Anchors:
    """Return what the journal would promise."""
    fold = fold_of(facts)
    return Anchors(fold.engine, fold.guard)
