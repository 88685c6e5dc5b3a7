"""What was asked through the storage API and what came of it: our own log, and what clients report of their scans."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from preservation.working_state import WorkingState

_LONGEST_SCAN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check that we made for a client: ``success`` is None when it could not be made."""

    package_id: str
    at: datetime
    user: str
    success: bool | None
    message: str


@dataclass(frozen=True, slots=True)
class ReportedScan:
    """What a client sends of a scan: at its start, and at its end with ``finished`` and, in ``body``, ``success``.

    ``started`` and ``finished`` are whole seconds since 1970; ``session`` is one run of the client.
    """

    package_id: str
    session: str
    started: int
    finished: int | None
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ClientReport:
    """What a client reported of one scan; ``state`` is ``good``, ``bad``, ``running`` or ``not run``."""

    package_id: str
    session: str
    started: int
    state: str


class FixityLog:
    """The log of one home; every line is on disk when its call returns."""

    def __init__(self, state: WorkingState) -> None:
        self._state = state

    def record(self, result: CheckResult) -> None:
        """Keep the result of a check."""
        success = None if result.success is None else int(result.success)
        row = (result.package_id, result.at.isoformat(), result.user, success, result.message)
        with self._state.transaction() as connection:
            connection.execute("INSERT INTO fixity_result VALUES (?, ?, ?, ?, ?)", row)

    def results(self, *, limit: int) -> tuple[CheckResult, ...]:
        """Return the newest results first."""
        rows = self._state.read(
            "SELECT package_id, at, user, success, message FROM fixity_result ORDER BY rowid DESC LIMIT ?", (limit,)
        )
        return tuple(
            CheckResult(str(p), datetime.fromisoformat(str(at)), str(u), None if s is None else bool(s), str(m))
            for p, at, u, s, m in rows
        )

    def report(self, scan: ReportedScan) -> None:
        """Keep the start or the end of a scan; what was reported once stands, a report that comes again changes nothing."""
        with self._state.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO fixity_report VALUES (?, ?, ?, NULL, NULL)",
                (scan.package_id, scan.session, scan.started),
            )
            if scan.finished is not None:
                connection.execute(
                    "UPDATE fixity_report SET finished = ?, body = ?"
                    " WHERE package_id = ? AND session = ? AND finished IS NULL",
                    (scan.finished, json.dumps(scan.body, sort_keys=True), scan.package_id, scan.session),
                )

    def reports(self, *, now: datetime, limit: int) -> tuple[ClientReport, ...]:
        """Return what clients reported, the newest first; a start without an end in two days was not run."""
        rows = self._state.read(
            "SELECT package_id, session, started, finished, body FROM fixity_report ORDER BY rowid DESC LIMIT ?",
            (limit,),
        )
        return tuple(
            ClientReport(
                str(package_id), str(session), int(str(started)), _state(now, int(str(started)), finished, body)
            )
            for package_id, session, started, finished, body in rows
        )


def _state(now: datetime, started: int, finished: object, body: object) -> str:
    if finished is None:
        return "running" if now.timestamp() - started < _LONGEST_SCAN.total_seconds() else "not run"
    success = json.loads(str(body)).get("success")
    return "good" if success is True else "bad" if success is False else "not run"
