"""Which copies an audit reads, in which order: pure planning, oldest-checked first."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from preservation.catalogue.anchors import Anchors

Sample = Callable[[Sequence["CopyTask"], int], Sequence["CopyTask"]]
"""Draws so many tasks at random, without putting any back."""

_CONFIDENCE = 0.95
_MARGIN = timedelta(days=1)
"""So much before its day a copy is due, so that a nightly audit keeps the promise."""


@dataclass(frozen=True, slots=True)
class AuditSelection:
    """What an audit is asked to read; nothing named means every copy.

    ``interval_days``: only copies that were not found whole within so many days. ``sample``: this share of the copies,
    drawn at random (0 < share ≤ 1). ``package_ids`` and ``stores``: only these.
    """

    interval_days: int | None = None
    sample: float | None = None
    package_ids: frozenset[str] | None = None
    stores: frozenset[str] | None = None

    @property
    def name(self) -> str:
        """What the journal calls it."""
        parts = ["all"] if self.interval_days is None else [f"due {self.interval_days}"]
        if self.sample is not None:
            parts = [f"sample {self.sample:.4%}"]
        if self.package_ids is not None:
            parts.append(f"packages {','.join(sorted(self.package_ids))}")
        if self.stores is not None:
            parts.append(f"stores {','.join(sorted(self.stores))}")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class CopyTask:
    """One copy to be read: how much it is, when it was last found whole."""

    store: str
    package_id: str
    size_bytes: int
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditPlan:
    """The copies to be read, the longest unread first; ``not_due`` copies are left out, ``population`` is all of them."""

    selection: AuditSelection
    tasks: tuple[CopyTask, ...]
    not_due: int
    population: int

    @property
    def size_bytes(self) -> int:
        """How much is to be read."""
        return sum(task.size_bytes for task in self.tasks)


def plan_audit(
    anchors: Anchors, selection: AuditSelection, *, there: frozenset[str], now: datetime, draw: Sample
) -> AuditPlan:
    """Return what is to be read of the stores that are there.

    A copy that was last found whole in the future (the clock went back) is due: no clock can skip a copy.
    """
    tasks = [
        CopyTask(
            copy.store,
            copy.package_id,
            copy.size_bytes,
            copy.verified_at,
        )
        for copy in anchors.copy_records()
        if copy.store in there and _is_chosen(selection, copy.store, copy.package_id)
    ]
    population = len(tasks)
    if selection.interval_days is not None:
        interval = timedelta(days=selection.interval_days) - _MARGIN
        tasks = [task for task in tasks if is_due(task.verified_at, now, interval)]
    not_due = population - len(tasks)
    if selection.sample is not None:
        tasks = list(draw(tasks, min(len(tasks), max(1, math.ceil(len(tasks) * selection.sample)))))
    tasks.sort(key=lambda task: (task.verified_at is not None, task.verified_at, task.store, task.package_id))
    return AuditPlan(selection, tuple(tasks), not_due, population)


def is_due(verified_at: datetime | None, now: datetime, interval: timedelta) -> bool:
    """Return whether a copy has to be read again."""
    return verified_at is None or verified_at > now or now - verified_at >= interval


def largest_damaged_share(sampled: int, population: int) -> float:
    """Return the share of damaged copies that a clean sample rules out with 95 % confidence.

    The smallest K/N for which drawing ``sampled`` of ``population`` without any of K damaged ones has a probability
    below 5 % (hypergeometric); 0 when everything was read, 1 when nothing was.
    """
    if sampled >= population:
        return 0.0
    if sampled <= 0:
        return 1.0
    low, high = 0, population
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _misses(sampled, population, middle) <= 1 - _CONFIDENCE else (middle, high)
    return high / population


def _misses(sampled: int, population: int, damaged: int) -> float:
    """Return the probability that a sample holds none of the damaged copies."""
    if damaged > population - sampled:
        return 0.0
    logarithm = (
        math.lgamma(population - damaged + 1)
        - math.lgamma(population - damaged - sampled + 1)
        - math.lgamma(population + 1)
        + math.lgamma(population - sampled + 1)
    )
    return math.exp(logarithm)


def _is_chosen(selection: AuditSelection, store: str, package_id: str) -> bool:
    return (selection.stores is None or store in selection.stores) and (
        selection.package_ids is None or package_id in selection.package_ids
    )
