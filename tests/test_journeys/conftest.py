"""What the journeys share in a process: one that has everything loaded, and a place for the homes they begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.forked_jinkui import ForkedJinkui


@pytest.fixture(scope="session")
def forked() -> Iterator[ForkedJinkui]:
    """Give the process whose forks are commands: to load everything takes longer than most of them."""
    with ForkedJinkui() as jinkui:
        yield jinkui


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which homes are made to be copied."""
    return tmp_path_factory.mktemp("made")
