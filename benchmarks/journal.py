"""The journal measured: how fast it is verified wholly, and whether an append grows with its length.

.venv/bin/python benchmarks/journal.py [--quick] [--only PART_OF_A_NAME] [--folder FOLDER]
"""

import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archives.journal.chain import Head, extend
from archives.journal.facts import PackageStored
from archives.record.record import PackageKind
from benchmarks.figures import Bench, Figure, print_figures
from preservation.journal.ledger import Ledger
from preservation.journal.store_journal import HEAD, group_path
from preservation.journal.verification import take_snapshot, verify_journal
from preservation.locks import Locks
from preservation.stores.local import LocalStore

_GROUP = 1000
_MOMENT = datetime(2026, 1, 2, tzinfo=UTC)
_FACT = PackageStored(
    "00000000-0000-4000-8000-000000000001",
    1,
    "0" * 128,
    1234567,
    PackageKind.RECORD,
    "990001",
    "Z109-WS·2011-Y-BGS-0001",
    "batch",
    ("first", "second"),
)


def verification(bench: Bench) -> Iterator[Figure]:
    """Verify a long journal wholly, by the clock and by processor time."""
    entries = _entries(bench)
    ledger = make_journal(bench.folder / "verified", entries)
    wall, cpu = time.perf_counter(), time.process_time()
    found = verify_journal(take_snapshot(ledger.stores))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if found.faults or found.end.sequence != entries:
        raise SystemExit(f"the journal is not good: {found}")
    name = f"journal of {entries:,} entries: verify"
    yield Figure(name, entries / wall, "entries/s", 200_000)
    yield Figure(f"{name}, by processor time", entries / cpu, "entries/s", 200_000)


def append(bench: Bench) -> Iterator[Figure]:
    """Append to a long journal and to a short one, in turn."""
    entries = _entries(bench)
    short, long = make_journal(bench.folder / "short", 1_000), make_journal(bench.folder / "long", entries)
    before, after = append_seconds(short, long)
    yield Figure(f"append at {entries:,} entries / at 1,000", after / before, "ratio", 1.5, at_most=True)


def make_journal(folder: Path, entries: int) -> Ledger:
    """Write a journal of so many entries, in groups of 1,000, into two stores."""
    stores = [LocalStore(name, folder / name) for name in ("first", "second")]
    for store in stores:
        (folder / store.name / "journal").mkdir(parents=True)
        (folder / store.name / "store.json").write_text("{}")
    head = Head()
    while head.sequence < entries:
        group = extend(head, [_FACT] * _GROUP, at=_MOMENT, agent="operator")
        for store in stores:
            (folder / store.name / group_path(group.first)).write_bytes(group.data)
        head = group.end
    for store in stores:
        (folder / store.name / HEAD).write_bytes(head.encoded())
    return Ledger(stores, Locks(folder / "locks"), now=lambda: _MOMENT, agent="operator")


def append_seconds(one: Ledger, other: Ledger, *, times: int = 40) -> tuple[float, float]:
    """Return the median seconds of an append to each, taken in turn so that both see the same disk."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for ledger, seconds in zip((one, other), taken, strict=True):
            begun = time.perf_counter()
            ledger.append([_FACT])
            seconds.append(time.perf_counter() - begun)
    return statistics.median(taken[0]), statistics.median(taken[1])


def _entries(bench: Bench) -> int:
    return 20_000 if bench.quick else 1_000_000


if __name__ == "__main__":
    print_figures(__doc__, (verification, append))
