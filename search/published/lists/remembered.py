"""What was worked out of one state of what is published: with another state all of it is forgotten."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

_T = TypeVar("_T")


class Remembered:
    """Values by their keys, the ``most`` asked for last, of the ``state`` that was there last. Several threads may ask."""

    def __init__(self, most: int, state: Callable[[], Hashable]) -> None:
        self._most = most
        self._state = state
        self._kept: tuple[Hashable, dict[Hashable, object]] = (None, {})
        self._lock = Lock()

    def get(self, key: Hashable, work: Callable[[], _T], *, is_small: Callable[[_T], bool] = lambda _: True) -> _T:
        """Return what the work returns, or returned in this state.

        Nothing is kept of what is not small, nor of what was worked out while the state changed.
        """
        state = self._state()
        with self._lock:
            if self._kept[0] != state:
                self._kept = (state, {})
            values = self._kept[1]  # whoever is at work keeps to the values of his own state
            if (known := values.pop(key, self)) is not self:
                values[key] = known  # the last that was asked for is last
                return known  # type: ignore[return-value] # what the same work returned
        value = work()
        if is_small(value) and self._state() == state:
            with self._lock:
                values[key] = value
                if len(values) > self._most:
                    del values[next(iter(values))]
        return value
