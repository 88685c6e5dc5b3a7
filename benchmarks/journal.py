"""Figures about the journal: how fast it is verified wholly, and whether an append grows with its length."""

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from archives.journal.chain import Head, extend
from archives.journal.facts import PackageStored
from archives.record.record import PackageKind
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


def figures(quick: bool) -> Iterator[dict[str, object]]:
    """Yield one figure after another; ``quick`` measures on a journal of 100,000 entries instead of 1,000,000."""
    entries = 100_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory(prefix="journal-figures-") as folder:
        short = make_journal(Path(folder, "short"), 1_000)
        long = make_journal(Path(folder, "long"), entries)
        wall, cpu = time.perf_counter(), time.process_time()
        found = verify_journal(take_snapshot(long.stores))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        if found.faults or found.end.sequence != entries:
            raise SystemExit(f"the journal is not good: {found}")
        yield _figure(f"journal of {entries:,} entries: verify", entries / wall, "entries/s", 200_000, at_least=True)
        yield _figure(
            f"journal of {entries:,} entries: verify, by processor time",
            entries / cpu,
            "entries/s",
            200_000,
            at_least=True,
        )
        before, after = append_seconds(short, long)
        yield _figure(f"append at {entries:,} entries / at 1,000", after / before, "ratio", 1.5, at_least=False)


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


def _figure(name: str, value: float, unit: str, to_reach: float, *, at_least: bool) -> dict[str, object]:
    holds = value >= to_reach if at_least else value <= to_reach
    return {"figure": name, "value": round(value, 2), "unit": unit, "to_reach": to_reach, "holds": holds}


if __name__ == "__main__":
    import sys

    for figure in figures("--quick" in sys.argv[1:]):
        print(json.dumps(figure, ensure_ascii=False))
