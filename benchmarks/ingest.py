"""Ingest measured beside an earlier revision of itself, in one run, each in a process of its own; one JSON line a figure.

    .venv/bin/python benchmarks/ingest.py [--quick] [--only PART_OF_A_NAME] [--folder FOLDER] [--files FOLDER]

``--files`` is a folder of small files of many formats, as siegfried's skeleton suite (2,447 files, ``cmd/sf/testdata``);
without it the small files of ``../shared/corpora/format-corpus`` are taken. Both revisions run with the same interpreter
and the same libraries and take turns. Two figures each: the time that a person waits, and the processor time of the
command with everything that it starts, which other users of the machine disturb less. Needs git and the earlier revision
in the repository.
"""

import csv
import ctypes
import io
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.figures import Bench, Figure, print_figures

ROOT = Path(__file__).resolve().parents[1]
BEFORE = "785d5cf"
"""The revision beside which ingest is measured: the last before files were read in confined children."""

_CORPUS = ROOT.parent / "shared/corpora/format-corpus"
_LARGEST_BYTES = 256 << 10
_SUBREAPER = 36
_MEASURED = "--measured"
_RUN = "import sys; sys.path.insert(0, sys.argv.pop(1)); from cli.main import main; main()"
_HEADING = ("档号", "题名", "日期", "文件")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one ingest took, with all processes that it started."""

    processor_seconds: float
    seconds: float


def a_record_a_file(bench: Bench) -> Iterator[Figure]:
    """Take every file in as a record of its own."""
    yield from _beside(bench, "a record a file", files_a_record=1)


def a_hundred_files_a_record(bench: Bench) -> Iterator[Figure]:
    """Take the files in as records of a hundred."""
    yield from _beside(bench, "a hundred files a record", files_a_record=100)


BENCHMARKS: tuple[Callable[[Bench], Iterator[Figure]], ...] = (a_record_a_file, a_hundred_files_a_record)


def main() -> None:
    """Run the benchmarks, or, in a process of its own, one command with all that it starts, and say what it took."""
    if sys.argv[1:2] == [_MEASURED]:
        sys.stdout.write(json.dumps(_measured(sys.argv[2:])))
        return
    print_figures(__doc__, BENCHMARKS)


def _beside(bench: Bench, name: str, *, files_a_record: int) -> Iterator[Figure]:
    files = _files(bench)
    batch = bench.folder / f"batch-{files_a_record}"
    _make_batch(batch, files, files_a_record)
    before = bench.folder / "before"
    if not before.exists():
        packed = subprocess.run(
            ["git", "-C", ROOT, "archive", "--format=zip", BEFORE], check=True, capture_output=True
        ).stdout
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            archive.extractall(before)
    taken: dict[Path, list[Taken]] = {before: [], ROOT: []}
    for _ in range(1 if bench.quick else 3):
        for code, runs in taken.items():
            runs.append(_taken(code, batch, bench.folder / "home"))
    theirs, ours = (_median(taken[code]) for code in (before, ROOT))
    said = f"ingest of {len(files)} small files, {name}: our {{}} to that of {BEFORE}"
    for kind, our, their in (
        ("time", ours.seconds, theirs.seconds),
        ("processor time", ours.processor_seconds, theirs.processor_seconds),
    ):
        detail = {"ours_seconds": round(our, 2), "theirs_seconds": round(their, 2)}
        yield Figure(said.format(kind), our / their, "ratio", 0.25, at_most=True, detail=detail)


def _files(bench: Bench) -> list[Path]:
    every = sorted(path for path in (bench.files or _CORPUS).rglob("*") if path.is_file() and not path.is_symlink())
    small = [path for path in every if path.stat().st_size <= _LARGEST_BYTES]
    if not small:
        sys.exit(f"no files below {bench.files or _CORPUS}: name others with --files")
    return small[:10] if bench.quick else small


def _make_batch(folder: Path, files: Sequence[Path], files_a_record: int) -> None:
    """Write a batch; a row names a file or the folder of several."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "batch.toml").write_text('repository = "990001"\nkind = "documents"\n', "utf-8")
    rows = []
    for number, start in enumerate(range(0, len(files), files_a_record), 1):
        code = f"Z109-WS·2001-D10-BGS-{number:04}"
        some = files[start : start + files_a_record]
        place = folder if files_a_record == 1 else folder / code
        place.mkdir(exist_ok=True)
        for at, path in enumerate(some, start + 1):
            shutil.copyfile(path, place / f"{at:05}{path.suffix}")
        named = f"{start + 1:05}{some[0].suffix}" if files_a_record == 1 else code
        rows.append((code, f"Record {number}", "2001", named))
    with (folder / "catalogue.csv").open("w", encoding="utf-8", newline="") as sheet:
        csv.writer(sheet).writerows([_HEADING, *rows])


def _taken(code: Path, batch: Path, home: Path) -> Taken:
    shutil.rmtree(home, ignore_errors=True)
    jinkui = [sys.executable, "-c", _RUN, str(code), "--home", str(home)]
    for command in (["init"], ["repository", "add", "990001", "--name", "馆"]):
        subprocess.run([*jinkui, *command], check=True, capture_output=True, cwd=code)
    argv = [sys.executable, __file__, _MEASURED, *jinkui, "ingest", str(batch)]
    told = json.loads(subprocess.run(argv, check=True, capture_output=True, cwd=code).stdout)
    assert told["exit"] in (0, 12), told
    return Taken(told["processor_seconds"], told["seconds"])


def _measured(argv: Sequence[str]) -> dict[str, float]:
    """Run a command, wait for whatever it left behind, and return what all of it took."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    begun = time.perf_counter()
    code = subprocess.run(argv, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    seconds = time.perf_counter() - begun
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"exit": code, "seconds": seconds, "processor_seconds": used.ru_utime + used.ru_stime}


def _median(runs: Sequence[Taken]) -> Taken:
    return Taken(
        statistics.median(run.processor_seconds for run in runs), statistics.median(run.seconds for run in runs)
    )


if __name__ == "__main__":
    main()
