"""Every obstacle to disposal says what it is, and whether it forbids even a plan that names the record."""

import pytest

from archives.message import Message
from preservation.disposal.plan import Obstacle


@pytest.mark.parametrize("obstacle", Obstacle)
def test_an_obstacle_says_what_it_is(obstacle: Obstacle) -> None:
    assert obstacle.value == obstacle.name.lower().replace("_", "-")
    assert isinstance(obstacle.said, Message)
    assert [other for other in Obstacle if other.said == obstacle.said] == [obstacle]


def test_permanent_and_held_records_are_never_planned() -> None:
    assert {obstacle for obstacle in Obstacle if obstacle.is_absolute} == {Obstacle.PERMANENT, Obstacle.HELD}
