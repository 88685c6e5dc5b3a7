"""The command that shows the state of an archive on one screen."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from rich.text import Text

from archives.errors import StorageError
from archives.message import Message, message
from cli import wiring
from cli.commands.operate.needs import Need, needs_of, shown
from cli.commands.operate.screen import ago, room_said, screen, tallies
from cli.commands.shared import LOOKS
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Cell, Result, Table
from cli.home.backup.copying import MOVE_UNFINISHED, move_command, moves_unfinished
from cli.home.backup.waiting import UNFINISHED, restored_from
from cli.home.carried import goes_on_elsewhere, has_retired, to_carry, told_to_carry
from cli.home.home import Home, home_of
from cli.upkeep.duties import (
    REBUILDING,
    SAID,
    duties_of,
    duty_data,
    install_command,
    is_scheduled,
    no_schedule,
    told_schedules,
)
from cli.upkeep.index_stands import stand_data, stands_of
from preservation.actions.overview.batches import Batch
from preservation.actions.overview.duties import DutyState, LastRun, Runs
from preservation.actions.overview.space import Space
from preservation.actions.overview.status import OPENED_AFTER_YEARS, Status, status_of
from preservation.catalogue.sums.copies import CopySum
from preservation.catalogue.sums.holdings import LevelSum, ToReview

_HOLDINGS: tuple[Field[LevelSum], ...] = (
    Field("repository", message("馆代码", "repository"), lambda one: one.repository),
    Field("fonds", message("全宗号", "fonds"), lambda one: one.fonds),
    Field("level", message("层次", "level"), lambda one: one.level.value, lambda one: one.level.label),
    Field("units", message("单元数", "units"), lambda one: one.units),
    Field("with_content", message("有内容", "with content"), lambda one: one.with_content),
    Field("without_content", message("仅目录", "described only"), lambda one: one.units - one.with_content),
    Field("missing", message("缺失", "missing"), lambda one: one.missing),
)
_REVIEW: tuple[Field[ToReview], ...] = (
    Field("level", message("层次", "level"), lambda one: one.level.value, lambda one: one.level.label),
    Field("not_reviewed", message("未审核", "not reviewed"), lambda one: one.units),
    Field("due", message("已满年限", "due"), lambda one: one.due),
    Field("undated", message("日期不详", "undated"), lambda one: one.undated),
)
_FINDINGS: tuple[Field[tuple[str, int]], ...] = (
    Field("code", message("代码", "code"), lambda one: one[0]),
    Field("open", message("未了结", "to settle"), lambda one: one[1]),
)
_BATCHES: tuple[Field[Batch], ...] = (
    Field("batch_id", message("批次号", "batch"), lambda one: one.batch_id),
    Field("name", message("名称", "name"), lambda one: one.name or None),
    Field("state", message("状态", "state"), lambda one: one.state.value, lambda one: one.state.said),
)
_COPIES: tuple[Field[CopySum], ...] = (
    Field("store", message("存储", "store"), lambda one: one.store),
    Field("copies", message("副本", "copies"), lambda one: one.copies),
    Field("size_bytes", message("字节", "bytes"), lambda one: one.size_bytes),
    Field("owed", message("欠", "owed"), lambda one: one.owed),
    Field("overdue", message("逾期未核查", "overdue"), lambda one: one.overdue),
    Field("damaged", message("损坏文件", "damaged files"), lambda one: one.damaged),
    Field(
        "oldest_verified_at", message("最早核实", "oldest verified"), lambda one: one.oldest and one.oldest.isoformat()
    ),
)
_SPACES: tuple[Field[Space], ...] = (
    Field("store", message("位置", "place"), lambda one: one.name or None, lambda one: one.name or message("档案库", "home")),
    Field("free_bytes", message("剩余字节", "free bytes"), lambda one: one.room and one.room.free_bytes),
    Field("total_bytes", message("总字节", "bytes in all"), lambda one: one.room and one.room.total_bytes),
    Field("bytes_a_day", message("每天增长", "bytes a day"), lambda one: one.bytes_a_day),
    Field("full_on", message("写满日期", "full on"), lambda one: str(one.full_on) if one.full_on else None),
    Field("", message("说明", "what"), lambda one: room_said(one)),
)  # fmt: skip
_NEEDS: tuple[Field[Need], ...] = (
    Field("message", message("须处理", "needs a person"), lambda one: one.said),
    Field("command", message("下一条命令", "next command"), lambda one: one.command),
)


_HALF_REBUILT = message(
    "全部重建没有做完（开始于：{ago}）：检索和公众可能缺内容；再运行即从头重建，jinkui opening publish 只补上所缺的",
    "making everything again was begun {ago} and never finished: searches and readers may miss something; run again it begins anew,"
    " jinkui opening publish only adds what is missing",
)


@command(example="jinkui status --report status.xlsx", exits=(*LOOKS, FINDINGS))
def status(call: Call) -> Result:
    """Show the state of the archive on one screen; exit 12 when something needs a person, each line with the next command.

    Units to review and findings to settle are daily work, which is counted and needs nobody at once.
    """
    home = home_of(call)
    found = status_of(
        home.archive,
        interval_days=home.settings.audit.interval_days,
        duties=duties_of(home),
        room_of=wiring.room_at,
    )
    sealed = tuple((one.name, one.due) for one in home.settings.stores if one.offline and one.due)
    found = replace(found, to_read=(*found.to_read, *sealed))
    stands = stands_of(home)
    unwell = (Need(one.said, one.command) for one in stands if one.needs_a_person)
    needs = (*_unfinished(home), *_to_carry(home), *needs_of(found), *_schedules(home, found.duties), *unwell)
    lines = tuple(screen(found, shown(needs), wiring.now(), call.output.language))
    tables, data = _answer(found, needs)
    data["search_indexes"] = [stand_data(one) for one in stands]
    return Result(data, lines=lines, exit_code=FINDINGS.code if needs else 0, report=tables)


def _unfinished(home: Home) -> Iterator[Need]:
    """Yield that restoring the home, moving it away, or making all again did not come to its end."""
    if (known := restored_from(home.folder)) and not known.is_finished:
        said = message("{said}：再运行一次，直到它运行完", "{said}: run it again until it ends", said=UNFINISHED)
        yield Need(said, "jinkui home restore …")
    if has_retired(home) and (folder := moves_unfinished(home.folder)) is not None:
        yield Need(MOVE_UNFINISHED, move_command(folder))
    made = Runs(home.work).last().get(REBUILDING, LastRun())
    has_ended = made.begun_at is None or (made.ended_at is not None and made.ended_at >= made.begun_at)
    if not has_ended and not home.archive.locks.is_under_way(REBUILDING):
        said = replace(_HALF_REBUILT, values=(("ago", ago(made.begun_at, wiring.now())),))
        yield Need(said, "jinkui rebuild")


def _schedules(home: Home, duties: Sequence[DutyState]) -> Iterator[Need]:
    """Yield that nothing begins what is due, that it is begun twice, or in a home that was moved; doctor says what helps."""
    if wrong := told_schedules(home):
        yield Need(wrong[0], "jinkui doctor")
    elif not is_scheduled(duties):
        yield Need(no_schedule(), install_command())


def _to_carry(home: Home) -> Iterator[Need]:
    """Yield that records were closed here of which nobody elsewhere knows; what cannot be read doctor tells."""
    with suppress(StorageError):
        if known := to_carry(home.folder):
            said, _ = told_to_carry(home.folder, known, is_elsewhere=goes_on_elsewhere(home))
            yield Need(said, "jinkui doctor")


def _answer(found: Status, needs: tuple[Need, ...]) -> tuple[tuple[Table, ...], dict[str, object]]:
    holdings, held = listing(message("馆藏", "holdings"), _HOLDINGS, found.holdings)
    review, reviewed = listing(message("未审核", "not reviewed"), _REVIEW, found.review)
    kinds, findings = listing(message("问题", "findings"), _FINDINGS, found.findings.items())
    batches, unfinished = listing(message("未完成的批次", "batches that are not done"), _BATCHES, found.batches)
    copies, copied = listing(message("副本", "copies"), _COPIES, found.copies)
    spaces, rooms = listing(message("空间", "room"), _SPACES, found.spaces)
    pressing, needed = listing(message("须处理", "needs a person"), _NEEDS, needs)
    audit, drill = found.last_audit, found.last_drill
    data: dict[str, object] = {
        "on": str(found.on),
        "units": sum(one.units for one in tallies(found).values()),
        "holdings": held,
        "opening": {
            "not_reviewed": reviewed,
            "due_after_years": OPENED_AFTER_YEARS,
            "due_if_last_day_until": str(found.formed_until),
            "wait_for_another_review": found.changed,
            "wait_for_another_review_is_exact": found.changed_is_exact,
            "next_change_on": str(found.next_change) if found.next_change else None,
        },
        "findings": findings,
        "batches": {"received": found.received, "not_done": unfinished},
        "copies": copied,
        "damaged_files": found.damaged,
        "files_without_a_good_copy": found.hopeless,
        "unread": [{"store": store, "file": file} for store, file in found.unread],
        "last_unrecorded_audit_at": found.unrecorded.isoformat() if found.unrecorded else None,
        "stores": [{"store": one.store.name, "presence": one.presence.value} for one in found.stores],
        "away": list(found.away),
        "last_audit": audit and {"at": audit.at.isoformat(), "problems": audit.audit.problems},
        "last_restore_drill": drill and {"at": drill.at.isoformat(), "failed": len(drill.drill.failed)},
        "scheduled": is_scheduled(found.duties) and not found.retired_at,
        "duties": [duty_data(one) for one in found.duties],
        "read_again_by": {name: str(day) for name, day in found.to_read},
        "room": rooms,
        "publishes": not found.is_dark,
        "retired_at": found.retired_at or None,
        "needs": needed,
    }
    return (holdings, review, kinds, batches, copies, _duties(found), spaces, pressing), data


def _duties(found: Status) -> Table:
    columns = (
        message("定时任务", "on schedule"),
        message("上次完成", "last ended"),
        message("应于此前完成", "due"),
        message("逾期", "overdue"),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in found.duties:
        ended, due = one.last.ended_at, one.due_at
        late: Message | Text = message("是", "yes") if one.is_overdue else message("否", "no")
        rows.append(
            (
                SAID[one.duty.name],
                ended.isoformat() if ended else ago(None, wiring.now()),
                due.isoformat() if due else "",
                late,
            )
        )
    return Table(message("定时任务", "on schedule"), columns, tuple(rows))
