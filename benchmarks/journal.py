"""The journal measured: how fast it is verified and folded, whether an append grows with its length, and how soon
commands that only look answer beside a long one.

.venv/bin/python benchmarks/journal.py [--quick] [--only PART_OF_A_NAME] [--folder FOLDER]
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archives.journal.chain import Head, extend
from archives.journal.facts import Fact, PackageIntended, PackageStored
from archives.record.description import Description
from archives.record.identifiers import parse_archival_code
from archives.record.record import PackageKind
from benchmarks.figures import Bench, Figure, print_figures
from preservation.catalogue import tables
from preservation.catalogue.journal_fold import JournalFold
from preservation.journal.chain import HEAD, group_path
from preservation.journal.key import archive_key
from preservation.journal.ledger import Ledger
from preservation.journal.memory import Memory
from preservation.journal.verification import take_snapshot, verify_journal
from preservation.locks import Locks
from preservation.stores.local import LocalStore

_GROUP = 1000
_BATCH = Path(__file__).resolve().parents[1] / "sample_records/batches/990101-documents"
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
    found = verify_journal(take_snapshot(ledger.stores, ledger.memory))
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


def fold(bench: Bench) -> Iterator[Figure]:
    """Fold a long journal of packages from its first entry, then ask with commands that only look, start included."""
    entries = _entries(bench)
    home = bench.folder / "home"
    _run("--home", home, "init")
    _run("--home", home, "repository", "add", "990101", "--name", "馆")
    _, taken_in = _run("--home", home, "ingest", _BATCH, "--json")
    known = json.loads(taken_in)["records"][0]["archival_code"]
    ledger = lengthened(home, entries)
    catalogue = JournalFold(home / "catalogue.db")
    at, wall, cpu = catalogue.head().sequence, time.perf_counter(), time.process_time()
    catalogue.follow(ledger.groups)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    taken_over = catalogue.head().sequence - at
    name = f"journal of {entries:,} entries: fold from the first"
    yield Figure(name, taken_over / wall, "entries/s", 30_000)
    yield Figure(f"{name}, by processor time", taken_over / cpu, "entries/s", 30_000)
    described = Description(parse_archival_code(_code(1)), title="件")
    with catalogue.engine.begin() as connection:  # as if every package had been read: what they say is not measured
        text = tables.DESCRIPTION.as_json(described)
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO content (number, description) SELECT number, ? FROM package", (text,)
        )
        connection.exec_driver_sql("DELETE FROM undescribed")
    catalogue.close()
    for words in (("store", "list"), ("doctor",), ("show", known)):
        taken = statistics.median(_run("--home", home, *words, "--json")[0] for _ in range(5))
        yield Figure(
            f"{' '.join(words) if words[0] == 'store' else words[0]} beside {entries:,} entries",
            taken,
            "s",
            1.5,
            at_most=True,
        )


def lengthened(home: Path, entries: int) -> Ledger:
    """Let the journal of a home go on to so many entries: versions of packages, intended and stored."""
    stores = [LocalStore(name, home / "stores" / name) for name in ("first", "second")]
    memory = Memory(home / "journal", home / "keys")
    head = memory.end
    for start in range(0, entries - _GROUP // 2, _GROUP):
        facts = [fact for number in range(start, start + _GROUP, 2) for fact in _package(number // 2)]
        group = extend(head, facts, at=_MOMENT, agent="operator")
        for store in stores:
            (home / "stores" / store.name / group_path(group.first)).write_bytes(group.data)
        head = group.end
    for store in stores:
        (home / "stores" / store.name / HEAD).write_bytes(head.encoded())
    memory.begin(memory.home_id, "benchmark", memory.public_keys, last=head)
    return Ledger(stores, Locks(home / "locks"), memory, now=lambda: _MOMENT, agent="operator")


def _package(number: int) -> tuple[Fact, Fact]:
    identifier = f"{number * 2654435761 % (1 << 32):08x}-0000-4000-8000-{number:012x}"
    version = (identifier, 1, f"{number:0128x}", 1234567, PackageKind.RECORD, "990101", _code(number), "batch")
    stores = ("first", "second")
    return PackageIntended(*version, stores), PackageStored(*version, stores)


def _code(number: int) -> str:
    return f"Z109-WS·2011-Y-BGS-{number:07}"


def _run(*words: str | Path) -> tuple[float, bytes]:
    """Run a command as a process of its own; return how long it took, in seconds, and what it answered."""
    begun = time.perf_counter()
    program = [sys.executable, "-c", "from cli.main import main; main()", *words]
    done = subprocess.run(program, capture_output=True, cwd=Path(__file__).resolve().parents[1])
    if done.returncode not in (0, 12):  # 12: ran well, with findings
        raise SystemExit(f"{words}: {(done.stderr + done.stdout).decode()}")
    return time.perf_counter() - begun, done.stdout


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
    memory = Memory(folder / "journal", folder / "keys")
    key = archive_key(folder / "keys", new_seed=lambda: b"\x01" * 32)
    memory.begin("benchmark", "benchmark", [key.public_key], last=head)
    return Ledger(stores, Locks(folder / "locks"), memory, now=lambda: _MOMENT, agent="operator")


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
    print_figures(__doc__, (verification, append, fold))
