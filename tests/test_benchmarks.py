"""The benchmarks run; what they measure gates nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_FOR_OTHERS = ("figures", "chinese", "visitors")
AREAS = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py") if path.stem not in _FOR_OTHERS)


@pytest.mark.parametrize("area", AREAS)
def test_a_benchmark_prints_one_line_a_figure_and_leaves_nothing(area: str, tmp_path: Path) -> None:
    argv: list[str | Path] = [sys.executable, ROOT / "benchmarks" / f"{area}.py", "--quick", "--folder", tmp_path]
    done = subprocess.run(argv, capture_output=True, check=False, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(figures) >= {"preservation": 7}.get(area, 3)
    for figure in figures:
        assert {"figure", "value", "unit", "to_reach", "holds"} <= figure.keys()
        assert figure["value"] >= 0
    assert list(tmp_path.iterdir()) == []
