"""Alarms: what an audit found wrong, and what did not run though it was due, goes to a command of the operator's choice.

A cause is a damaged file, a store that is away, a copy that is owed, a store whose journal was not the archive's, a
checkpoint that could not be sent, a home that its stores are ahead of, a duty that did not come to its end, or that no schedule is installed. Each is told once:
as long as it stands it is not told again; when it is gone it is forgotten, so that the next time it is told anew. What was
told is kept in ``work.db``.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC

from archives.errors import JinkuiError, ToolError
from archives.journal.concern import SET_RIGHT
from archives.journal.facts import DamageFound, StoreSetRight
from archives.message import message
from cli import wiring
from cli.frame.listing import Field, as_data
from cli.home.home import Home
from cli.upkeep.duties import command_of, is_scheduled
from cli.upkeep.names import name_fields, names_of
from formats.processes.tools import run_tool
from preservation.actions.overview.duties import DutyState
from preservation.audit.verdicts import FileVerdict
from preservation.catalogue.upkeep import OpenDamage
from preservation.vault.replication import OwedCopy

_TIMEOUT_SECONDS = 60.0
_CAUSES_AT_ONCE = 1000
_DAMAGE, _AWAY, _OWED, _SET_RIGHT = "damage", "store-away", "copy-owed", "store-set-right"
_BEHIND = "home-behind"
_NOT_SENT = "checkpoint-not-sent"
_ABSENT, _NO_SCHEDULE = "duty-absent", "no-schedule"
_NEVER = "never"
_BY_THE_CLOCK = (_ABSENT, _NO_SCHEDULE)


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """Why an alarm is raised; two equal ones are one cause."""

    kind: str
    store: str
    package_id: str = ""
    file: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class AlarmsRaised:
    """The causes that were told now, and what kept the command from being told."""

    told: tuple[Cause, ...] = ()
    failure: JinkuiError | None = None

    @property
    def exit_code(self) -> int:
        """The exit code this adds to the audit's own: 7 when the command failed, else 0."""
        return ToolError.exit_code if self.failure else 0


def raise_alarms(
    home: Home,
    problems: Sequence[FileVerdict],
    absent_stores: Sequence[str],
    owed: Sequence[OwedCopy],
    *,
    behind: int = 0,
) -> AlarmsRaised:
    """Run ``[audit] alarm-command`` with the causes it was not told of yet as JSON on its standard input.

    ``behind`` is from which entry on stores hold what this home does not know, 0 where they do not.
    Does nothing without such a command. A command that fails is told on standard error and returned, never raised; its
    causes count as not told. Damage stays a cause while the journal has it open, even when this audit did not look
    there; the other two are forgotten as soon as they are not given.
    """
    if not home.settings.audit.alarm_command:
        return AlarmsRaised()
    standing = {
        *(_damage(problem) for problem in problems),
        *(Cause(_AWAY, store) for store in absent_stores),
        *(Cause(_OWED, copy.store, copy.package_id) for copy in owed),
        *_set_right(home),
        *((Cause(_BEHIND, "", file=f"journal entry {behind}"),) if behind else ()),
    }
    known = _known(home)
    others = {cause for cause in known if cause.kind in (_NOT_SENT, *_BY_THE_CLOCK)}  # an audit does not know of them
    _forget(home, known - standing - others - _still_open(home, known))
    return _tell(home, standing - known)


def raise_damage_alarms(home: Home, damage: Sequence[DamageFound]) -> AlarmsRaised:
    """Tell of damage alone, as ``raise_alarms`` does; every other cause stands as it stood."""
    if not home.settings.audit.alarm_command:
        return AlarmsRaised()
    return _tell(home, {_damage(found) for found in damage} - _known(home))


def raise_absences(home: Home, states: Sequence[DutyState]) -> AlarmsRaised:
    """Tell of duties that did not come to their end though they were due, as ``raise_alarms`` does; or that nothing is due.

    ``file`` of such a cause is the name of the duty, ``verdict`` when it last ended: a later absence is another cause. An
    installation without a schedule is told once that it has none.
    """
    if not home.settings.audit.alarm_command:
        return AlarmsRaised()
    standing = {_absent(one) for one in states if one.is_overdue}
    if not is_scheduled(states):
        standing.add(Cause(_NO_SCHEDULE, ""))
    known = {cause for cause in _known(home) if cause.kind in _BY_THE_CLOCK}
    _forget(home, known - standing)
    return _tell(home, standing - known)


def send_checkpoint(home: Home, note: bytes) -> ToolError | None:
    """Give a checkpoint to ``[journal] checkpoint-command`` on its standard input; return why that did not succeed.

    A failure is a cause of alarm until a later checkpoint was sent, which vouches for the earlier ones too.
    """
    command, cause = home.settings.journal.checkpoint_command, Cause(_NOT_SENT, "")
    if not command:
        return None
    try:
        run_tool(command, timeout_seconds=_TIMEOUT_SECONDS, stdin=note)
    except ToolError as failure:
        if home.settings.audit.alarm_command:
            _tell(home, {cause} - _known(home))
        return failure
    _forget(home, [cause])
    return None


def _tell(home: Home, causes: set[Cause]) -> AlarmsRaised:
    new = tuple(sorted(causes))
    if not new:
        return AlarmsRaised()
    try:
        run_tool(home.settings.audit.alarm_command, timeout_seconds=_TIMEOUT_SECONDS, stdin=_alarm(home, new))
    except ToolError as failure:
        home.output.say(
            message("报警命令没有成功：{reason}", "the alarm command did not succeed: {reason}", reason=failure.message)
        )
        return AlarmsRaised(failure=failure)
    _remember(home, new)
    return AlarmsRaised(told=new)


def _absent(state: DutyState) -> Cause:
    ended = state.last.ended_at
    return Cause(_ABSENT, "", file=state.duty.name, verdict=ended.isoformat(timespec="seconds") if ended else _NEVER)


def _damage(found: FileVerdict | DamageFound | OpenDamage) -> Cause:
    return Cause(_DAMAGE, found.store, found.package_id or "", found.file, str(found.verdict))


def _set_right(home: Home) -> Iterator[Cause]:
    """Yield what stores ever held that was not the archive's: each is told once, whichever command came upon it."""
    for entry in home.archive.reading.entries_about(SET_RIGHT):
        if isinstance(found := entry.fact, StoreSetRight):
            what = "foreign" if found.set_aside else "put-back" if found.was_put_back else "head"
            yield Cause(_SET_RIGHT, found.store, file=f"journal entry {entry.sequence}", verdict=what)


def _alarm(home: Home, causes: Sequence[Cause]) -> bytes:
    told = causes[:_CAUSES_AT_ONCE]
    names = names_of(home, [cause.package_id for cause in told])
    name: tuple[Field[Cause], ...] = name_fields(names, lambda cause: cause.package_id)
    body = {
        "home": str(home.folder),
        "at": wiring.now().astimezone(UTC).isoformat(timespec="seconds"),
        "count": len(causes),
        "causes": [
            {
                "kind": cause.kind,
                "store": cause.store,
                "package_id": cause.package_id or None,
                **as_data(name, cause),
                "file": cause.file or None,
                "verdict": cause.verdict or None,
                **_of_a_duty(cause),
            }
            for cause in told
        ],
    }
    return (json.dumps(body, ensure_ascii=False) + "\n").encode("utf-8")


def _of_a_duty(cause: Cause) -> dict[str, object]:
    if cause.kind != _ABSENT:
        return {}
    last = None if cause.verdict == _NEVER else cause.verdict
    return {"file": None, "verdict": None, "duty": cause.file, "last_ended_at": last, "run": command_of(cause.file)}


def _still_open(home: Home, known: set[Cause]) -> set[Cause]:
    """Return the damage that the journal has open; all that is known when no store can give the journal."""
    try:
        damage = home.refresh().upkeep.open_damage()
    except JinkuiError:
        return known
    return {_damage(found) for found in damage}


def _known(home: Home) -> set[Cause]:
    rows = home.work.read("SELECT kind, store, package_id, file, verdict FROM alarm")
    return {Cause(*map(str, row)) for row in rows}


def _remember(home: Home, causes: Sequence[Cause]) -> None:
    at = wiring.now().isoformat()
    with home.work.transaction() as connection:
        connection.executemany(
            "INSERT OR REPLACE INTO alarm VALUES (?, ?, ?, ?, ?, ?)", [(*_row(c), at) for c in causes]
        )


def _forget(home: Home, causes: Iterable[Cause]) -> None:
    rows = [_row(cause) for cause in causes]
    if rows:
        with home.work.transaction() as connection:
            connection.executemany(
                "DELETE FROM alarm WHERE kind = ? AND store = ? AND package_id = ? AND file = ? AND verdict = ?", rows
            )


def _row(cause: Cause) -> tuple[str, ...]:
    return (cause.kind, cause.store, cause.package_id, cause.file, cause.verdict)
