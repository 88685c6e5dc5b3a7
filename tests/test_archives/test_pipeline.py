"""The runner: outcomes in order, failures caught, a dead worker costs its own item only."""

import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from threading import Event
from typing import Any

from archives.errors import FormatError
from archives.message import message
from archives.pipeline import Done, Failed, run


def stage(number: int) -> int:
    """Square a number; some numbers fail in their own ways."""
    if number == 3:
        raise FormatError(message("坏", "bad"))
    if number == 4:
        raise ZeroDivisionError
    if number == 5:
        os._exit(1)
    return number * number


def test_outcomes_come_in_order_and_failures_are_values() -> None:
    outcomes = list(run(stage, range(5), executor_factory=lambda: ThreadPoolExecutor(2), window=3))
    assert [outcome.item for outcome in outcomes] == [0, 1, 2, 3, 4]
    assert [outcome.result for outcome in outcomes if isinstance(outcome, Done)] == [0, 1, 4]
    codes = [outcome.error.code for outcome in outcomes if isinstance(outcome, Failed)]
    assert codes == ["format", "defect"]


def test_a_worker_that_dies_fails_its_own_item_only() -> None:
    def pool() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(2, mp_context=get_context("spawn"))

    outcomes = list(run(stage, [1, 5, 2, 6, 7], executor_factory=pool, window=3))
    assert [outcome.item for outcome in outcomes] == [1, 5, 2, 6, 7]
    assert [outcome.item for outcome in outcomes if isinstance(outcome, Failed)] == [5]


class BreakingPool(ThreadPoolExecutor):
    """A pool that breaks while the third item is handed to it, once."""

    broken = False
    submitted = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        BreakingPool.submitted += 1
        if BreakingPool.submitted == 3 and not BreakingPool.broken:
            BreakingPool.broken = True
            raise BrokenProcessPool("a worker died just now")
        return super().submit(fn, *args, **kwargs)


def test_an_item_that_is_handed_over_while_the_pool_breaks_is_not_lost() -> None:
    outcomes = run(abs, [-1, -2, -3, -4, -5], executor_factory=lambda: BreakingPool(1), window=4)
    assert [outcome.result for outcome in outcomes if isinstance(outcome, Done)] == [1, 2, 3, 4, 5]


def test_the_caller_goes_on_with_something_else_while_a_worker_is_waited_for() -> None:
    went_on = Event()
    outcomes = run(
        lambda _: went_on.wait(60),
        [1, 2],
        executor_factory=lambda: ThreadPoolExecutor(1),
        window=1,
        meanwhile=went_on.set,
    )
    assert [outcome.result for outcome in outcomes if isinstance(outcome, Done)] == [True, True]
