"""The power is cut while a batch goes in: what was acknowledged is whole in every copy, everything goes on."""

import random
from pathlib import Path

import pytest

from tests.support.forked_jinkui import ForkedJinkui
from tests.support.power import Machine, why_not

CUTS = 5


def test_what_was_acknowledged_survives_a_power_cut(tmp_path: Path, forked: ForkedJinkui) -> None:
    if reason := why_not():
        pytest.skip(reason)
    machine = Machine(tmp_path / "disk", tmp_path / "batches", forked)
    try:
        chosen = random.Random(20261125)
        done = [machine.cut_during_ingest(chosen) for _ in range(CUTS)]
    finally:
        machine.remove()
    assert sum(came for came, _ in done) > 1, "the power was not cut: the commands ended first"
    assert any(told for _, told in done)
