"""Preservation measured side by side with what people would use instead; prints one JSON line a figure.

    .venv/bin/python benchmarks/preservation.py [--quick] [--only PART_OF_A_NAME] [--folder FOLDER]

Competitors take turns in one process and the median of their runs counts, so that a busy machine slows both; compare
the ratios, never the seconds. ``--quick`` uses little data and proves only that it runs. Nothing here gates a test.
"""

import hashlib
import logging
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import bagit

from archives.message import Message
from archives.record.checksum import Digests
from benchmarks.figures import Bench, Figure, print_figures
from formats.processes.children import ChildExecutor
from preservation.digests.many_files import Digesting
from preservation.digests.tree import read_tree
from preservation.package.bag import ALGORITHMS, tag_files
from preservation.validation.validate import check
from preservation.vault.copying import flush_copies

PROCESSORS = 2
MIB = 1024 * 1024
_PEAK_MEMORY_OF = "--peak-memory-of"


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run took, or the medians of several."""

    seconds: float
    processor_seconds: float


@dataclass(frozen=True, slots=True)
class Load:
    """A payload of so many files of one size."""

    name: str
    files: int
    size_bytes: int

    def payload(self, bench: Bench) -> Path:
        """Return a folder with this payload, made when it is not there."""
        folder = bench.folder / f"payload-{self.name}"
        if not folder.exists():
            block = os.urandom(min(self.size_bytes, MIB))
            for number in range(max(self.files // _shrink(bench), 2)):
                place = folder / f"{number // 200:03}"
                place.mkdir(parents=True, exist_ok=True)
                _fill(place / f"file-{number:05}.bin", number, max(self.size_bytes // _shrink(bench), 4096), block)
        return folder

    def bag(self, bench: Bench) -> Path:
        """Return a bag of this payload, made by bagit-python."""
        folder = bench.folder / f"bag-{self.name}"
        if not folder.exists():
            shutil.copytree(self.payload(bench), folder)
            bagit.make_bag(str(folder), processes=PROCESSORS, checksums=list(ALGORITHMS))
        return folder


SMALL = Load("20000-of-8-kib", 20_000, 8 * 1024)
MEDIUM = Load("200-of-5-mib", 200, 5 * MIB)
LARGE = Load("2-of-1-gib", 2, 1024 * MIB)


def verify_small(bench: Bench) -> Iterator[Figure]:
    """Verify a bag of many small files beside bagit-python."""
    bag = SMALL.bag(bench)
    ours, theirs = _side_by_side(bench, lambda: _verify(bag), lambda: _bagit_validate(bag))
    yield _ratio(f"verify {SMALL.name}: bagit-python's time to ours", theirs, ours, 3.5)


def verify_medium(bench: Bench) -> Iterator[Figure]:
    """Verify a bag of files of a few MiB beside hashlib alone."""
    yield from _verify_beside_hashlib(bench, MEDIUM, 0.95)


def verify_large(bench: Bench) -> Iterator[Figure]:
    """Verify a bag of two large files beside hashlib alone."""
    yield from _verify_beside_hashlib(bench, LARGE, 0.92)


def write_small(bench: Bench) -> Iterator[Figure]:
    """Copy many small files into a new bag beside ``cp -r`` and bagit-python."""
    yield from _write(bench, SMALL, 2.5)


def write_medium(bench: Bench) -> Iterator[Figure]:
    """Copy files of a few MiB into a new bag beside ``cp -r`` and bagit-python."""
    yield from _write(bench, MEDIUM, 1.4)


def write_large(bench: Bench) -> Iterator[Figure]:
    """Copy two large files into a new bag beside ``cp -r`` and bagit-python."""
    yield from _write(bench, LARGE, 1.0)


def memory(bench: Bench) -> Iterator[Figure]:
    """Verify a bag with one file of 8 GiB in a process of its own and look at its largest size."""
    bag = bench.folder / "bag-sparse"
    (bag / "data").mkdir(parents=True, exist_ok=True)
    with (bag / "data" / "large.bin").open("wb") as large:
        large.truncate(8 * 1024 * MIB // _shrink(bench))
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    (bag / "manifest-sha256.txt").write_text(f"{'0' * 64}  data/large.bin\n")
    (bag / "manifest-sha512.txt").write_text(f"{'0' * 128}  data/large.bin\n")
    argv = [sys.executable, __file__, _PEAK_MEMORY_OF, str(bag)]
    peak = int(subprocess.run(argv, check=True, capture_output=True).stdout)
    yield Figure("peak memory, one file of 8 GiB", peak / MIB, "MiB", 150, at_most=True)


BENCHMARKS: tuple[Callable[[Bench], Iterator[Figure]], ...] = (
    verify_small,
    verify_medium,
    verify_large,
    write_small,
    write_medium,
    write_large,
    memory,
)


def main() -> None:
    """Run the benchmarks, or, in a process of its own, say how large verifying one bag makes it."""
    logging.disable(logging.CRITICAL)
    if sys.argv[1:2] == [_PEAK_MEMORY_OF]:
        with _digesting() as digesting:
            check(Path(sys.argv[2]), digesting)
        sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}\n")
        return
    print_figures(__doc__, BENCHMARKS)


def _verify_beside_hashlib(bench: Bench, load: Load, to_reach: float) -> Iterator[Figure]:
    bag = load.bag(bench)
    ours, alone = _side_by_side(bench, lambda: _verify(bag), lambda: _hashlib_alone(bag))
    yield _ratio(f"verify {load.name}: time of hashlib alone to ours", alone, ours, to_reach)


def _write(bench: Bench, load: Load, to_reach: float) -> Iterator[Figure]:
    payload = load.payload(bench)
    targets = (bench.folder / "ours", bench.folder / "theirs")

    def clear() -> None:
        for target in targets:
            shutil.rmtree(target, ignore_errors=True)
        os.sync()

    ours, theirs = _side_by_side(
        bench, lambda: _copy_into_bag(payload, targets[0]), lambda: _cp_then_bagit(payload, targets[1]), before=clear
    )
    yield _ratio(f"write {load.name}: time of cp -r and bagit-python to ours", theirs, ours, to_reach)
    clear()
    _copy_into_bag(payload, targets[0])
    yield Figure(f"write {load.name}: flush to disk", _seconds(lambda: flush_copies(targets[0])), "s")
    with _digesting() as digesting:
        assert check(targets[0], digesting).valid
    clear()


def _side_by_side(
    bench: Bench, ours: Callable[[], None], theirs: Callable[[], None], *, before: Callable[[], None] = lambda: None
) -> tuple[Taken, Taken]:
    """Return what both took, which take turns; a first round warms the page cache and does not count."""
    taken: tuple[list[Taken], list[Taken]] = ([], [])
    for number in range(_rounds(bench) + 1):
        for runs, run in zip(taken, (ours, theirs), strict=True):
            before()
            begun = _processor_seconds()
            seconds = _seconds(run)
            if number:
                runs.append(Taken(seconds, _processor_seconds() - begun))
    return _median(taken[0]), _median(taken[1])


def _shrink(bench: Bench) -> int:
    """Return by how much the data is made smaller; 1: as promised."""
    return 200 if bench.quick else 1


def _rounds(bench: Bench) -> int:
    return 3 if bench.quick else 5


def _median(runs: Sequence[Taken]) -> Taken:
    return Taken(
        statistics.median(run.seconds for run in runs), statistics.median(run.processor_seconds for run in runs)
    )


def _processor_seconds() -> float:
    """Return the processor time of this process and of every child that ended."""
    return sum(os.times()[:4])


def _ratio(name: str, theirs: Taken, ours: Taken, to_reach: float) -> Figure:
    detail = {
        "ours_seconds": round(ours.seconds, 3),
        "theirs_seconds": round(theirs.seconds, 3),
        "ours_processor_seconds": round(ours.processor_seconds, 3),
        "theirs_processor_seconds": round(theirs.processor_seconds, 3),
    }
    return Figure(name, theirs.seconds / ours.seconds, "ratio", to_reach, detail=detail)


def _seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def _digesting() -> Digesting:
    return Digesting(PROCESSORS, lambda: ChildExecutor(PROCESSORS, timeout_seconds=600))


def _verify(bag: Path) -> None:
    with _digesting() as digesting:
        assert check(bag, digesting).valid


def _bagit_validate(bag: Path) -> None:
    bagit.Bag(str(bag)).validate(processes=PROCESSORS)


def _hashlib_alone(bag: Path) -> None:
    """Hash every payload file with both algorithms, and do nothing else: no walk, no manifest, no comparison."""
    files = [path for path in (bag / "data").rglob("*") if path.is_file()]
    with ThreadPoolExecutor(PROCESSORS) as pool:
        list(pool.map(_hash_file, files))


def _hash_file(path: Path) -> None:
    hashes = [hashlib.new(algorithm) for algorithm in ALGORITHMS]
    buffer = memoryview(bytearray(256 * 1024))
    with path.open("rb", buffering=0) as source:
        while size := source.readinto(buffer):
            for hash_ in hashes:
                hash_.update(buffer[:size])


def _copy_into_bag(payload: Path, bag: Path) -> None:
    """Copy a folder into a new bag as an export copies out of a store: one reading, both digests, the tag files."""
    tree = read_tree(payload)
    for folder in ("", *sorted(tree.folders)):
        (bag / "data" / folder).mkdir(parents=True)
    plan = {f"data/{path}": path for path in tree.files}
    sizes = {path: state.st_size for path, state in tree.files.items()}
    digests = {}
    with _digesting() as digesting:
        for path, outcome in digesting.copies(payload, bag, plan, ALGORITHMS, sizes):
            assert not isinstance(outcome, Message), outcome
            sha256, sha512 = outcome
            assert isinstance(sha256, bytes)
            assert isinstance(sha512, bytes)
            digests[PurePosixPath(path)] = Digests(sha256.hex(), sha512.hex(), sizes[plan[path]])
    for name, data in tag_files(digests, ()).items():
        (bag / name).write_bytes(data)


def _cp_then_bagit(payload: Path, bag: Path) -> None:
    subprocess.run(["cp", "-r", payload, bag], check=True)
    bagit.make_bag(str(bag), processes=PROCESSORS, checksums=list(ALGORITHMS))


def _fill(path: Path, number: int, size_bytes: int, block: bytes) -> None:
    with path.open("wb") as out:
        out.write(number.to_bytes(8, "big"))
        left = size_bytes - 8
        while left > 0:
            out.write(block[:left])
            left -= len(block)


if __name__ == "__main__":
    main()
