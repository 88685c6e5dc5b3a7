"""Commands run in this process work in it alone: starting children is most of what a small batch takes."""

import pytest

from cli import wiring
from cli.home.home import Home
from tests.support.in_memory_jinkui import threads


@pytest.fixture(autouse=True)
def in_one_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Examine files in a thread, but for tests marked ``children``; those, the journeys and the demonstration use them."""
    if not request.node.get_closest_marker("children"):
        monkeypatch.setattr(Home, "children", threads)


@pytest.fixture(autouse=True)
def a_machine_with_a_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what begins a schedule be there, whatever machine the tests run on; those of a machine without it say so."""
    monkeypatch.setattr(wiring, "has_systemd", lambda: True)
    monkeypatch.setattr(wiring, "has_cron", lambda: True)
