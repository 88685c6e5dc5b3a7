"""The one runner of stages: items in, outcomes out, failures caught where they happen.

A stage is a top-level function from a frozen, picklable item to a frozen item and may be called twice. Workers
compute; the caller, who iterates, is the only one that writes.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from archives.errors import JinkuiError, ToolFailedError
from archives.message import message

Item = TypeVar("Item")
Result = TypeVar("Result")
Stage = Callable[[Item], Result]

_END: Any = object()


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
) -> Iterator[Done[Item, Result] | Failed[Item]]:
    """Yield one outcome an item, in the order of the items, with at most ``window`` under way.

    A worker that dies breaks its pool: the pool is made anew, and the items that were under way are tried
    again one at a time, so that only the one that kills its worker fails (``ToolFailedError``).
    """
    source = iter(items)
    pending: deque[tuple[Item, Future[Result]]] = deque()
    while True:
        with executor_factory() as executor:
            try:
                yield from _until_broken(stage, source, pending, executor, window)
            except BrokenExecutor:
                suspects = [item for item, _ in pending]
                pending.clear()
            else:
                return
        yield from _alone(stage, suspects, executor_factory)


def _until_broken(
    stage: Stage[Item, Result],
    source: Iterator[Item],
    pending: "deque[tuple[Item, Future[Result]]]",
    executor: Executor,
    window: int,
) -> Iterator[Done[Item, Result] | Failed[Item]]:
    """Yield outcomes; raises ``BrokenExecutor`` with everything that was under way still in ``pending``."""
    while True:
        while len(pending) < window and (item := next(source, _END)) is not _END:
            pending.append((item, _submitted(executor, stage, item)))
        if not pending:
            return
        outcome = _outcome(*pending[0])
        pending.popleft()
        yield outcome


def _submitted(executor: Executor, stage: Stage[Item, Result], item: Item) -> "Future[Result]":
    """Submit an item; a pool that breaks at this very moment answers with a future, so that the item is not lost."""
    try:
        return executor.submit(stage, item)
    except BrokenExecutor as broken:
        future: Future[Result] = Future()
        future.set_exception(broken)
        return future


def _alone(
    stage: Stage[Item, Result], suspects: list[Item], executor_factory: Callable[[], AbstractContextManager[Executor]]
) -> Iterator[Done[Item, Result] | Failed[Item]]:
    for item in suspects:
        with executor_factory() as executor:
            try:
                outcome = _outcome(item, executor.submit(stage, item))
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
