"""A short random walk over the commands; long ones in ``scripts/campaign walk``."""

import random
import shutil
from pathlib import Path

import pytest

from tests.support.forked_jinkui import ForkedJinkui
from tests.support.walk import Walk


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_done_in_whatever_order_nothing_is_lost(tmp_path: Path, seed: int, forked: ForkedJinkui) -> None:
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    walk = Walk(tmp_path, random.Random(seed), forked)
    walk.begin()
    for _ in range(15):
        walk.step()
    walk.end()
    assert walk.acknowledged, walk.told
