"""Every command killed at file-changing system calls, at eighty-two seeded points; every one in ``scripts/campaign kill``."""

import shutil
from pathlib import Path

import pytest

from tests.support.forked_jinkui import ForkedJinkui
from tests.support.kill import SCENARIOS, Scenario, calls_of, draw_points, kill_and_check, prepared

SEED = 20261125
POINTS = {
    "init": 4,
    "ingest": 8,
    "update": 6,
    "store-add": 4,
    "store-replace": 5,
    "store-retire": 4,
    "replicate": 5,
    "audit": 3,
    "repair": 6,
    "renumber": 3,
    "withdraw": 6,
    "dispose": 7,
    "backup": 4,
    "move": 4,
    "restore": 4,
    "mistake": 4,
    "purge": 5,
}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[one.name for one in SCENARIOS])
def test_a_kill_at_any_system_call_loses_nothing_and_leaves_nothing_half(
    scenario: Scenario, tmp_path: Path, made: Path, forked: ForkedJinkui
) -> None:
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    snapshot = prepared(scenario, made, forked)
    calls = calls_of(scenario, snapshot, tmp_path / "counting", forked)
    killed = [
        kill_and_check(scenario, snapshot, tmp_path / f"point-{number}", point, forked)
        for number, point in enumerate(draw_points(calls, POINTS[scenario.name], SEED))
    ]
    assert any(killed), "no kill came: the points are not drawn from what the command does"
