"""Audits measured beside the mere hashing of the same files, both from a cold cache; run as root, who may drop it.

    .venv/bin/python benchmarks/audit.py [--quick] [--folder FOLDER]

Without the right to drop the cache both are measured warm, and the figure says so. Prints one JSON line a figure.
"""

import hashlib
import os
import resource
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.figures import Bench, Figure, print_figures
from preservation.audit.audit import audit, present_stores
from preservation.audit.plan import AuditSelection, plan_audit
from preservation.catalogue.journal_fold import JournalReading
from preservation.package.new_package import payload_bytes
from preservation.stores.local import LocalStore
from preservation.vault.vault import Vault
from tests.support.vaults import MOMENT, make_package, make_vault

WORKERS = 2
_BLOCK = 256 * 1024
_FILES = 100
_ROUNDS = 3


def small_files(bench: Bench) -> Iterator[Figure]:
    """Audit packages of files of 64 and of 4 KiB beside hashing them alone, and look at the largest size of the process."""
    packages = 4 if bench.quick else 1000
    for size_bytes, to_reach in ((64 << 10, 1.25), (4 << 10, 1.6)):
        place = bench.folder / str(size_bytes)
        vault = _filled(place, packages, size_bytes)
        files = [str(path) for path in (place / "first/packages").rglob("*") if path.is_file()]
        hashing: list[float] = []
        auditing: list[float] = []
        cold = True
        for _ in range(1 if bench.quick else _ROUNDS):
            cold = _drop_caches() and cold
            hashing.append(_seconds(partial(_hash_alone, files)))
            _drop_caches()
            auditing.append(_seconds(partial(_audit, vault)))
        alone, audited = statistics.median(hashing), statistics.median(auditing)
        name = f"audit of {packages} packages of {_FILES} files of {size_bytes >> 10} KiB / hashing them alone"
        detail = {"hashing_s": round(alone, 2), "audit_s": round(audited, 2)}
        said = f"{name} ({'cold' if cold else 'warm'} cache)"
        yield Figure(said, audited / alone, "ratio", to_reach, at_most=True, detail=detail)
        shutil.rmtree(place)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    yield Figure("peak memory of the audits", peak, "MiB", 200, at_most=True)


def _filled(folder: Path, packages: int, size_bytes: int) -> Vault:
    """Return a vault of one store with so many packages, made by several processes; nothing is flushed meanwhile."""
    vault = _opened(folder, found=True)
    numbers = range(1, packages + 1)
    with ProcessPoolExecutor(WORKERS) as pool:
        list(pool.map(_fill, [folder] * WORKERS, [numbers[n::WORKERS] for n in range(WORKERS)], [size_bytes] * WORKERS))
    return vault


def _opened(folder: Path, *, found: bool) -> Vault:
    return make_vault(folder, stores=(LocalStore("first", folder / "first"),), found=found)


def _fill(folder: Path, numbers: range, size_bytes: int) -> None:
    os.fsync = lambda _: None  # type: ignore[assignment]  # in a process of its own: making data is not measured
    vault = _opened(folder, found=False)
    for number in numbers:
        payload = tuple(
            payload_bytes(PurePosixPath(f"data/{file:04}.bin"), os.urandom(size_bytes)) for file in range(_FILES)
        )
        vault.put(replace(make_package(number), payload=payload), note="benchmark")


def _audit(vault: Vault) -> None:
    reading = JournalReading(vault.ledger)
    there, _ = present_stores(vault, reading.anchors)
    names = frozenset(store.name for store in there)
    plan = plan_audit(reading.anchors, AuditSelection(), there=names, now=MOMENT, draw=lambda tasks, n: tasks[:n])
    result = audit(vault, reading, plan, workers=WORKERS, clock=time.monotonic)
    assert not result.problems, result.problems[:3]
    assert len(result.good_copies) == len(plan.tasks)


def _hash_alone(files: list[str]) -> None:
    """Read and hash files in as many threads as the audit has, a package's worth at a time."""
    groups = [files[start : start + _FILES] for start in range(0, len(files), _FILES)]
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(_hash_group, groups))


def _hash_group(files: list[str]) -> None:
    for file in files:
        handle = os.open(file, os.O_RDONLY)
        digest = hashlib.sha512()
        try:
            size_bytes = os.fstat(handle).st_size
            while block := os.read(handle, min(_BLOCK, size_bytes + 1)):
                digest.update(block)
        finally:
            os.close(handle)
        digest.hexdigest()


def _drop_caches() -> bool:
    os.sync()
    try:
        Path("/proc/sys/vm/drop_caches").write_text("3")
    except OSError:
        return False
    return True


def _seconds(act: Callable[[], None]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


if __name__ == "__main__":
    print_figures(__doc__, (small_files,))
