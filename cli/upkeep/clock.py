"""A command that does a duty: that it was begun and ended is remembered, and whether the other duties were done is looked at.

So an alarm comes also when the unit of one of them never starts: whichever does start tells of it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from archives.errors import JinkuiError, StorageError
from archives.message import Message, message
from cli import wiring
from cli.home.home import Home
from cli.upkeep.alarms import raise_absences
from cli.upkeep.duties import duties_of
from cli.upkeep.metrics import update_metrics_file
from preservation.actions.overview.duties import Runs


@dataclass(slots=True)
class OnDuty:
    """A duty that is being done; whoever does it says when it is."""

    is_done: bool = False


@contextmanager
def on_duty(home: Home, name: str) -> Iterator[OnDuty]:
    """Do a duty: others see that it is under way; ended is it when ``is_done`` was set and nothing was raised.

    Afterwards, also when it failed or had to be given up, what else is due is looked at. A metrics file is written anew.
    """
    duty, by_clock = OnDuty(), wiring.is_begun_by_clock()
    unseen: list[JinkuiError] = []
    _remember(home, lambda runs: runs.begin(name, now=wiring.now(), by_clock=by_clock), unseen)
    failed: JinkuiError | None = None
    try:
        with home.archive.locks.under_way(name):
            yield duty
            if duty.is_done:
                _remember(home, lambda runs: runs.end(name, now=wiring.now()), unseen)
    except JinkuiError as failure:
        failed = failure
        raise
    finally:
        look_at_duties(home, failed, unseen)
    update_metrics_file(home)


def _remember(home: Home, what: Callable[[Runs], None], unseen: list[JinkuiError]) -> None:
    """Remember a run; where the working state cannot be used that is told in the end, and the duty, a closing perhaps, is done without."""
    try:
        what(Runs(home.work))
    except StorageError as failure:
        unseen.append(failure)


def look_at_duties(home: Home, told: JinkuiError | None = None, unseen: Sequence[JinkuiError] = ()) -> None:
    """Tell of what did not come to its end though it was due; that this cannot be looked at is told, and raises nothing.

    ``told`` is what the command ends with, ``unseen`` what could not be remembered before. No fault is told twice.
    """
    try:
        raise_absences(home, duties_of(home))
    except JinkuiError as failure:  # which hides nothing of what the command itself has to say
        unseen = (*unseen, failure)
    known = {_fault(told)} if told else set()
    for one in unseen:
        if _fault(one) not in known:
            known.add(_fault(one))
            home.output.say(_not_seen(one))


def _fault(failure: JinkuiError) -> tuple[str, str]:
    return failure.message.text("en"), str(failure.subject)


def _not_seen(failure: JinkuiError) -> Message:
    return message(
        "未能核对定时任务是否都已完成：{why}",
        "whether everything on schedule was done could not be looked at: {why}",
        why=failure.with_advice,
    )
