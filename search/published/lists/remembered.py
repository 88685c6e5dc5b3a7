"""What was worked out of one state of what is published: with another state all of it is forgotten."""

from collections.abc import Callable, Hashable
from typing import TypeVar

_T = TypeVar("_T")


class Remembered:
    """Values by their keys, as many as ``most``, of the ``state`` that was there last. Several threads may ask."""

    def __init__(self, most: int, state: Callable[[], Hashable]) -> None:
        self._most = most
        self._state = state
        self._kept: tuple[Hashable, dict[Hashable, object]] = (None, {})

    def get(self, key: Hashable, work: Callable[[], _T], *, is_small: Callable[[_T], bool] = lambda _: True) -> _T:
        """Return what the work returns, or returned in this state.

        Nothing is kept of what is not small, nor of what was worked out while the state changed.
        """
        state, kept = self._state(), self._kept
        if kept[0] != state:
            kept = self._kept = (state, {})  # whoever is at work keeps to the values of his own state
        values = kept[1]
        if (known := values.get(key, self)) is not self:
            return known  # type: ignore[return-value] # what the same work returned
        value = work()
        if is_small(value) and self._state() == state:
            if len(values) >= self._most:
                values.clear()
            values[key] = value
        return value
