"""Figures of benchmarks: one JSON line each, and the options that every benchmark takes."""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Bench:
    """Where to work, and whether with little data, which proves only that it runs; ``files`` is somebody's own data.

    ``times`` is how many times the usual data is wanted.
    """

    folder: Path
    quick: bool
    files: Path | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: ``holds`` compares it with ``to_reach``; ``at_most`` turns the comparison round."""

    figure: str
    value: float
    unit: str
    to_reach: float | None = None
    at_most: bool = False
    detail: Mapping[str, float] = field(default_factory=dict)

    def line(self, *, quick: bool) -> str:
        """Return the figure as one line of JSON; of little data nothing is said to hold."""
        reached = None
        if self.to_reach is not None and not quick:
            reached = self.value <= self.to_reach if self.at_most else self.value >= self.to_reach
        body = {"figure": self.figure, "value": round(self.value, 3), "unit": self.unit, "to_reach": self.to_reach}
        return json.dumps({**body, "holds": reached, **self.detail}, ensure_ascii=False)


def print_figures(document: str | None, benchmarks: Sequence[Callable[[Bench], Iterator[Figure]]]) -> None:
    """Run the benchmarks that the command line asks for and print their figures as they come."""
    options = argparse.ArgumentParser(description=document, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="little data: proves only that it runs")
    options.add_argument("--only", default="", help="part of a benchmark's name")
    options.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    options.add_argument("--files", type=Path, help="your own files, where a benchmark takes some")
    options.add_argument("--times", type=int, default=1, help="so many times the data, where a benchmark makes its own")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
        bench = Bench(Path(place), chosen.quick, chosen.files, chosen.times)
        for benchmark in benchmarks:
            for figure in benchmark(bench) if chosen.only in benchmark.__name__ else ():
                print(figure.line(quick=bench.quick), flush=True)


def seconds_of(act: Callable[[], object]) -> float:
    """Return how long something takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
