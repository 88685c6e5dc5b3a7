"""What an archive is to do by the clock: which commands those are, when each last ended, and what did not though it was due."""

import shlex
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archives.message import Message, listed, message
from cli import wiring
from cli.home.carried import has_retired
from cli.home.home import Home
from cli.upkeep.schedule_units import JOBS, command_to_remove, is_unit, names_of_schedule
from preservation.actions.overview.duties import Duty, DutyState, LastRun, Runs, later, state_of

AUDIT, CHECKPOINT, OPENING, DRILL, INDEXES = "audit", "checkpoint", "opening", "restore-drill", "index-verify"
REBUILDING = "rebuild"
"""Under which name it is remembered when all that can be made again was last begun to be, and when that ended."""
SAID = {
    AUDIT: message("核查", "audit"),
    CHECKPOINT: message("检查点", "checkpoint"),
    OPENING: message("到期开放", "openings"),
    DRILL: message("恢复演练", "drill"),
    INDEXES: message("检索库核对", "index check"),
}
NO_SCHEDULE = message(
    "没有安装定时任务：核查、检查点、到期开放都不会自己进行",
    "no schedule is installed: nothing is audited or opened by itself",
)
_INSTALL = "jinkui schedule install"
_NO_SYSTEMD = message("这台机器不由 systemd 运行", "no systemd runs this machine")
_NO_CRON = message("这台机器没有装 cron", "no cron is installed on this machine")


def command_of(duty: str) -> str:
    """Return the command that does a duty, as a person types it."""
    return " ".join(("jinkui", *next(job.words for job in JOBS if job.name == duty)))


def duties_of(home: Home) -> tuple[DutyState, ...]:
    """Return how every duty stands, by what this home remembers, the journal, and the checkpoints that lie there.

    Of a home that was moved away nothing is asked.
    """
    asked, runs = home.settings.schedule, Runs(home.work)
    is_moved = has_retired(home)
    known, since, locks = runs.last(), scheduled_since(home), home.archive.locks
    ended = {
        AUDIT: home.catalogue.upkeep.last_whole_audit(),
        CHECKPOINT: _newest(home.folder / home.settings.journal.checkpoints, "*.txt"),
        DRILL: drill.at if (drill := home.catalogue.upkeep.last_drill()) else None,
    }
    within = {
        AUDIT: asked.audit_within_days,
        CHECKPOINT: asked.checkpoint_within_days,
        OPENING: asked.opening_within_days,
        DRILL: asked.restore_drill_within_days,
        INDEXES: asked.index_verify_within_days,
    }
    answer = []
    for name, days in within.items():
        days = 0 if is_moved else days
        last = known.get(name, _NEVER)
        last = replace(last, ended_at=later(last.ended_at, ended.get(name)))
        is_under_way = locks.is_under_way(name)
        state = state_of(Duty(name, days), last, scheduled_since=since, is_under_way=is_under_way, now=wiring.now())
        answer.append(state)
    return tuple(answer)


def scheduled_since(home: Home) -> datetime | None:
    """Return since when the clock has had something to do, None where nobody installed a schedule that something begins.

    It was installed by this home's own command, or its files lie where this machine's and this user's do.
    """
    names = names_of_schedule(home.folder)
    recorded = [at for place, at in Runs(home.work).schedules().items() if not _begins_nothing(Path(place), names)]
    found = [one for one in installed_schedules(home.folder) if what_lacks(is_unit=is_unit(one)) is None]
    there = [at for one in found if (at := _newest(one.parent, one.name)) is not None]
    return min((*recorded, *there), default=None)


def installed_schedules(home: Path) -> tuple[Path, ...]:
    """Return the schedules of a home that lie where they are looked for, each by one of its files, as far as they can be read."""
    names = names_of_schedule(home)
    found = ([folder / name for name in names if _newest(folder, name)] for folder in wiring.unit_folders(home))
    return tuple(one[0] for one in found if one)


def told_schedules(home: Home) -> tuple[Message, Message] | None:
    """Return what is wrong with which schedules are installed, and what to do.

    One that nothing on this machine begins, one in a home that was moved, or several.
    """
    found, is_moved = installed_schedules(home.folder), has_retired(home)
    if idle := [one for one in found if what_lacks(is_unit=is_unit(one))]:
        return _told_idle(idle, home.folder, is_moved=is_moved)
    if len(found) < (1 if is_moved else 2):
        return None
    places = listed([str(one.parent) for one in found])
    remove = how_to_remove(found, home.folder)
    if is_moved:
        return message(
            "此档案库已迁走，而定时任务仍在启动它的工作：{places}",
            "this home was moved away, and a schedule still begins its jobs: {places}",
            places=places,
        ), message("请停用并删除：{remove}", "take it away: {remove}", remove=remove)
    return message(
        "装了 {n} 份定时任务，每项工作都要做 {n} 次：{places}",
        "{n} schedules are installed, so that every job is begun {n} times: {places}",
        n=len(found),
        places=places,
    ), message("只留一份，其余停用并删除：{remove}", "keep one and take the others away: {remove}", remove=remove)


def _told_idle(idle: Sequence[Path], home: Path, *, is_moved: bool) -> tuple[Message, Message]:
    """Return that schedules lie where nothing will ever begin them, and what takes their place."""
    lacking = what_lacks(is_unit=is_unit(idle[0]))
    said = message(
        "{lacking}，定时任务永远不会运行：{places}",
        "{lacking}: the schedule never begins anything: {places}",
        places=listed([str(one.parent) for one in idle]),
        lacking=lacking or "",
    )
    remove = how_to_remove(idle, home)
    if is_moved:
        return said, message("请删除：{remove}", "take it away: {remove}", remove=remove)
    return said, message(
        "请删除：{remove}；{instead}",
        "take it away: {remove} ; then: {instead}",
        remove=remove,
        instead=how_to_schedule(),
    )


def what_lacks(*, is_unit: bool) -> Message | None:
    """Return what this machine lacks to begin a schedule of units, or of the crontab; None where nothing is known to be lacking."""
    if is_unit:
        return None if wiring.has_systemd() else _NO_SYSTEMD
    return None if wiring.has_cron() else _NO_CRON


def install_again(home: Path, folder: Path) -> Message:
    """Return that units are to be written anew where they lie: those of the machine, of a user, or of another folder."""
    return message("请再运行一次 {command}", "run {command} again", command=_install_into(home, folder))


def told_places_of_before(home: Home) -> Message | None:
    """Return that units may only write to the places of before, and what helps; a piece of the crontab may write everywhere."""
    found = [one.parent for one in installed_schedules(home.folder) if is_unit(one)]
    found += [Path(one) for one in Runs(home.work).schedules() if _holds_units(Path(one), home.folder)]
    if not found:
        return None
    return message(
        "定时任务还只能写原来的位置：{again}",
        "what runs by the clock may only write to the places of before: {again}",
        again=install_again(home.folder, found[0]),
    )


def _holds_units(folder: Path, home: Path) -> bool:
    return any(is_unit(Path(name)) and _newest(folder, name) for name in names_of_schedule(home))


def _install_into(home: Path, folder: Path) -> str:
    if folder == wiring.SYSTEM_UNITS:
        return _INSTALL
    if folder in wiring.unit_folders(home):
        return f"{_INSTALL} --user"
    return f"{_INSTALL} --into {shlex.quote(str(folder))}"


def install_command() -> str:
    """Return the command that installs a schedule which something on this machine begins."""
    return _INSTALL if wiring.has_systemd() else f"{_INSTALL} --cron"


def no_schedule() -> Message:
    """Return that nothing begins the jobs; where nothing is here that could, what to install first, as a line has room for it."""
    if wiring.has_systemd() or wiring.has_cron():
        return NO_SCHEDULE
    return message(
        "没有安装定时任务，也没有 cron：请先安装 cron",
        "nothing is done by itself, no cron is there: install cron first",
    )


def how_to_schedule() -> Message:
    """Return how the jobs come to be begun by this machine's clock."""
    if wiring.has_systemd():
        return message("请运行 {command}", "run {command}", command=install_command())
    with_cron = message(
        "以 root 运行 {command}；没有 root 权限的，把 jinkui schedule show --user --cron 的输出放入 crontab -e",
        "as root run {command}; without root put what jinkui schedule show --user --cron prints into crontab -e",
        command=install_command(),
    )
    if wiring.has_cron():
        return with_cron
    return message("请先安装 cron；再{then}", "install cron; then {then}", then=with_cron)


def how_to_remove(found: Sequence[Path], home: Path) -> str:
    """Return the commands, one for each place, with which schedules are taken away; a user's own by that user."""
    has_systemd = wiring.has_systemd()
    return " ; ".join(
        command_to_remove(one, home, of_system=wiring.SYSTEM_UNITS, has_systemd=has_systemd) for one in found
    )


def _begins_nothing(folder: Path, names: Sequence[str]) -> bool:
    """Say whether what was written to a folder names another home, or nothing on this machine begins it.

    A home that was copied remembers the other's schedule, and a machine may have neither systemd nor cron.
    """
    try:
        there = {path.name for path in folder.iterdir()}
    except OSError:  # nobody can tell
        return False
    return all(what_lacks(is_unit=is_unit(Path(name))) for name in there.intersection(names))


def is_scheduled(states: Sequence[DutyState]) -> bool:
    """Say whether anything is known to be begun by the clock."""
    return any(one.due_at is not None for one in states) or all(one.duty.within_days == 0 for one in states)


def told(state: DutyState) -> Message:
    """Return what is to be said of a duty that is overdue."""
    name, due = SAID[state.duty.name], f"{state.due_at:%Y-%m-%d}" if state.due_at else "—"
    if state.last.ended_at is None:
        return message(
            "{name}从未完成过（应于 {due} 前完成）",
            "{name}: never done, due by {due}",
            name=name,
            due=due,
        )
    return message(
        "{name}自 {day} 以来没有完成过（应于 {due} 前完成）",
        "{name}: not done since {day}, due by {due}",
        name=name,
        day=f"{state.last.ended_at.astimezone():%Y-%m-%d}",
        due=due,
    )


def duty_data(state: DutyState) -> dict[str, object]:
    """Return how a duty stands as JSON holds it."""
    last = state.last
    return {
        "duty": state.duty.name,
        "within_days": state.duty.within_days,
        "last_begun_at": _iso(last.begun_at),
        "last_ended_at": _iso(last.ended_at),
        "last_by_clock_at": _iso(last.by_clock_at),
        "due_at": _iso(state.due_at),
        "under_way": state.is_under_way,
        "overdue": state.is_overdue,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _newest(folder: Path, pattern: str) -> datetime | None:
    """Return when the newest of some files of a folder was written; None where there is none, or it cannot be seen."""
    moments = []
    with suppress(OSError):
        for path in folder.glob(pattern):
            with suppress(OSError):
                moments.append(path.stat().st_mtime)
    return datetime.fromtimestamp(max(moments), UTC) if moments else None


_NEVER = LastRun()


def told_on_time(states: Sequence[DutyState]) -> Message:
    """Return that nothing is late; that the clock began something is not said before it did."""
    due = min((one.due_at for one in states if one.due_at), default=None)
    if due is None or any(one.last.by_clock_at for one in states):
        return message("定时任务都按时完成", "everything on schedule was done in time")
    return message(
        "已装定时，但还没有由定时运行过；最早的到 {day} 才逾期。单元文件写好后须启用（见 schedule install）",
        "a schedule is installed, and the clock began nothing yet; nothing is late before {day}. Units that are written"
        " run only when they are enabled (see schedule install)",
        day=due.astimezone().date().isoformat(),
    )
