"""What the catalogue says of a county's rows and images, beside what a program of its own counts in the sources."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support import county_sums
from tests.support.county_home import CountyHome


def counted_in(sources: Sequence[Path]) -> Mapping[str, Any]:
    """Return what the program counts in tables and batches."""
    command = [sys.executable, county_sums.__file__, *map(str, sources)]
    counted: Mapping[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, cwd="/").stdout)
    return counted


def wrong_in_sums(home: CountyHome, counted: Mapping[str, Any], own: Sequence[str], refused: int) -> Iterator[str]:
    """Yield where the sums of the catalogue differ from those of the sources; ``own`` are the tables of its first import."""
    rows, sheets, images = sum(counted["rows"].values()), sum(counted["listed"].values()), counted["images"]
    told = home.json("catalogue", "reconcile", codes=None)
    first, whole = told["sums"][0], told["sums"][-1]
    wanted = {
        "read": rows + sheets,
        "came_in": rows + sheets - refused,
        "was_in": 0,
        "refused": refused,
        "unexplained": 0,
        "files": images,
        "hooked": images,
        "orphans": 0,
        "adds_up": True,
    }
    yield from (f"{key}: {n} by the sources, {whole[key]} told" for key, n in wanted.items() if whole[key] != n)
    listed = home.json("catalogue", "list", "--most", "1")["count"]
    if listed != rows - refused:
        yield f"{listed} units of {rows} rows"
    series: Counter[str] = Counter()
    for one in told["sums"]:
        if one["number"] == first["number"]:
            series[f"{one['fonds']} {one['series']}"] += one["read"]
    by_sources = sum((Counter(counted["series"][name]) for name in own), Counter[str]())
    for key in by_sources | series:
        if by_sources[key] != series[key]:
            yield f"{key}: {by_sources[key]} by the sources, {series[key]} told"
