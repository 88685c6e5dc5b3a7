"""The promise: how many copies of every package there are to be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """How many copies there are to be: ``copies`` of every package, at least ``minimum`` before it is acknowledged.

    ``offline`` names the stores that are sealed sets and take packages only when they are attached; ``sealed`` those of
    them that are not due yet, so that their absence is no alarm.
    """

    copies: int
    minimum: int
    offline: frozenset[str] = frozenset()
    sealed: frozenset[str] = frozenset()
