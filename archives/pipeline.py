"""The one runner of stages: items in, outcomes out, failures caught where they happen.

A stage is a top-level function from a frozen, picklable item to a frozen item and may be called twice. Workers
compute; the caller, who iterates, is the only one that writes.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from archives.errors import JinkuiError, ToolFailedError
from archives.message import message

Item = TypeVar("Item")
Given = TypeVar("Given")
Result = TypeVar("Result")
Stage = Callable[[Item], Result]

_END: Any = object()
_LOOKED_EVERY_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Done(Generic[Item, Result]):
    """A stage's result beside the item it came from."""

    item: Item
    result: Result


@dataclass(frozen=True, slots=True)
class Failed(Generic[Item]):
    """Why a stage could not do an item; the others go on."""

    item: Item
    error: JinkuiError


def run(
    stage: Stage[Item, Result],
    items: Iterable[Item],
    *,
    executor_factory: Callable[[], AbstractContextManager[Executor]],
    window: int,
    meanwhile: Callable[[], None] | None = None,
) -> Iterator[Done[Item, Result] | Failed[Item]]:
    """Yield one outcome an item, in the order of the items, with at most ``window`` under way.

    While a worker is waited for, ``meanwhile`` is called again and again; what it raises ends the run. A worker that dies breaks its pool: the pool is made anew, and the items that were under way are tried
    again one at a time, so that only the one that kills its worker fails (``ToolFailedError``).
    """
    given = ((item, item) for item in items)
    return run_parts(
        stage,
        given,
        at_once=lambda _: False,
        executor_factory=executor_factory,
        window=window,
        meanwhile=meanwhile,
    )


def run_parts(
    stage: Stage[Given, Result],
    items: Iterable[tuple[Item, Given]],
    *,
    at_once: Callable[[Given], bool],
    executor_factory: Callable[[], AbstractContextManager[Executor]],
    window: int,
    meanwhile: Callable[[], None] | None = None,
) -> Iterator[Done[Item, Result] | Failed[Item]]:
    """Do as ``run``, where a worker is given a part of each item only; those that are light are done ``at_once``, by the caller."""
    source = iter(items)
    pending: deque[tuple[Item, Given, Future[Result]]] = deque()

    def submitted(executor: Executor, given: Given) -> "Future[Result]":
        return _done(stage, given) if at_once(given) else _submitted(executor, stage, given)

    while True:
        with executor_factory() as executor:
            try:
                yield from _until_broken(partial(submitted, executor), source, pending, window, meanwhile)
            except BrokenExecutor:
                suspects = [(item, given) for item, given, _ in pending]
                pending.clear()
            else:
                return
        yield from _alone(stage, suspects, executor_factory)


def _until_broken(
    submitted: Callable[[Given], "Future[Result]"],
    source: Iterator[tuple[Item, Given]],
    pending: "deque[tuple[Item, Given, Future[Result]]]",
    window: int,
    meanwhile: Callable[[], None] | None,
) -> Iterator[Done[Item, Result] | Failed[Item]]:
    """Yield outcomes; raises ``BrokenExecutor`` with everything that was under way still in ``pending``."""
    while True:
        while len(pending) < window and (following := next(source, _END)) is not _END:
            item, given = following
            pending.append((item, given, submitted(given)))
        if not pending:
            return
        item, _, future = pending[0]
        while meanwhile is not None and not future.done():
            wait([future], timeout=_LOOKED_EVERY_SECONDS)
            meanwhile()
        outcome = _outcome(item, future)
        pending.popleft()
        yield outcome


def _done(stage: Stage[Given, Result], given: Given) -> "Future[Result]":
    """Do an item here and now."""
    future: Future[Result] = Future()
    try:
        future.set_result(stage(given))
    except Exception as failure:  # it fails its own item, as one does whose worker failed
        future.set_exception(failure)
    return future


def _submitted(executor: Executor, stage: Stage[Given, Result], given: Given) -> "Future[Result]":
    """Submit an item; a pool that breaks at this very moment answers with a future, so that the item is not lost."""
    try:
        return executor.submit(stage, given)
    except BrokenExecutor as broken:
        future: Future[Result] = Future()
        future.set_exception(broken)
        return future


def _alone(
    stage: Stage[Given, Result],
    suspects: "list[tuple[Item, Given]]",
    executor_factory: Callable[[], AbstractContextManager[Executor]],
) -> Iterator[Done[Item, Result] | Failed[Item]]:
    for item, given in suspects:
        with executor_factory() as executor:
            try:
                outcome = _outcome(item, executor.submit(stage, given))
            except BrokenExecutor as cause:
                outcome = Failed(item, _killed(cause))
        yield outcome


def _outcome(item: Item, future: "Future[Result]") -> Done[Item, Result] | Failed[Item]:
    try:
        return Done(item, future.result())
    except BrokenExecutor:
        raise
    except JinkuiError as raised:
        return Failed(item, raised)
    except Exception as defect:  # a defect of ours fails its own item: the others go on
        error = JinkuiError(
            message(
                "程序缺陷：{kind}：{reason}",
                "a defect of ours: {kind}: {reason}",
                kind=type(defect).__name__,
                reason=str(defect),
            )
        )
        error.__cause__ = defect
        return Failed(item, error)


def _killed(cause: BaseException) -> ToolFailedError:
    error = ToolFailedError(message("处理它的进程意外终止", "the process working on it died"))
    error.__cause__ = cause
    return error
