"""The benchmarks run; what they measure gates nothing."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_preservation_benchmarks_run_and_print_one_line_a_figure(tmp_path: Path) -> None:
    argv = [sys.executable, ROOT / "benchmarks" / "preservation.py", "--quick", "--folder", tmp_path]
    done = subprocess.run(argv, capture_output=True, check=False, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(figures) >= 7
    for figure in figures:
        assert {"figure", "value", "unit", "to_reach", "holds"} <= figure.keys()
        assert figure["value"] >= 0
    assert list(tmp_path.iterdir()) == []


def test_the_audit_benchmark_runs(tmp_path: Path) -> None:
    argv = [sys.executable, ROOT / "benchmarks" / "audit.py", "--quick", "--folder", tmp_path]
    done = subprocess.run(argv, capture_output=True, check=False, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 3
