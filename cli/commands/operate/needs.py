"""What of an archive's state needs a person, each with the command that comes next.

What is daily work and always there (units to review, findings to settle) needs nobody now: it is counted, and no alarm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from archives.message import Message, listed, message
from cli.commands.shared import no_good_copy
from cli.upkeep.duties import command_of, told
from preservation.actions.overview.batches import BatchState
from preservation.actions.overview.status import HOME, Status
from preservation.stores.presence import Presence

SOON = timedelta(days=60)
_LEAST_SHARE = 0.05
_MOST = 9


@dataclass(frozen=True, slots=True)
class Need:
    """Something that needs a person, and the command that comes next."""

    said: Message
    command: str


def needs_of(status: Status) -> tuple[Need, ...]:
    """Return everything that needs a person, the most pressing first."""
    return (*_of_stores(status), *_of_copies(status), *_of_the_clock(status), *_of_work(status), *_of_room(status))


def shown(needs: tuple[Need, ...]) -> tuple[Need, ...]:
    """Return as many as a screen has room for; the rest is said to be there."""
    if len(needs) <= _MOST:
        return needs
    said = message("还有 {n} 项", "{n} more", n=len(needs) - _MOST + 1)
    return (*needs[: _MOST - 1], Need(said, "jinkui status --json"))


def _of_stores(status: Status) -> Iterator[Need]:
    if status.retired_at:
        said = message(
            "此档案库已于 {day} 停用，请在新的位置继续；没有在别处恢复的",
            "this home retired on {day}; go on where it was restored, if nowhere",
            day=datetime.fromisoformat(status.retired_at).astimezone().date().isoformat(),
        )
        yield Need(said, "jinkui home resume")
    if status.is_behind and not status.retired_at:
        said = message(
            "存储中有此处没有记录、由本档案库签章的日志（复制的档案库，或私钥被盗）：什么也写不进去",
            "stores hold entries that this home signed and does not know (a copied home, or a stolen key): nothing can be written",
        )
        yield Need(said, "jinkui journal reconcile")
    for state in Presence:
        seen = [one.store.name for one in status.stores if one.presence is state and not state.takes_copies]
        if names := [name for name in seen if state.is_there or name in status.away]:  # a sealed set may be away
            said = message("存储{state}：{names}", "stores, {state}: {names}", state=state.said, names=listed(names))
            yield Need(said, "jinkui store check")
    for said in status.unused:
        yield Need(said, "jinkui doctor")
    if status.is_dark and not status.retired_at:
        said = message("恢复后的档案库尚未重新公布", "the restored home publishes nothing yet")
        yield Need(said, "jinkui opening confirm --reason …")


def _of_copies(status: Status) -> Iterator[Need]:
    if status.hopeless:
        yield Need(no_good_copy(status.hopeless), "jinkui repair --from …")
    elif status.damaged:
        said = message("{n} 个文件损坏未修复", "{n} damaged {n:file|files} {n:is|are} not mended", n=status.damaged)
        yield Need(_as_recorded(said, status), "jinkui repair")
    if status.unread:
        (store, file), *others = status.unread
        said = message(
            "核查读不到 {n} 处：{store}/{file}",
            "an audit could not read {n} {n:place|places}: {store}/{file}",
            n=len(others) + 1,
            store=store,
            file=file,
        )
        yield Need(said, f"jinkui audit --store {store}")
    if owed := [one for one in status.copies if one.owed]:
        names = listed([f"{one.store} {one.owed}" for one in owed])
        said = message("欠副本：{names}", "copies are owed: {names}", names=names)
        yield Need(said, "jinkui replicate")
    for one in status.copies:
        if one.unread:
            said = message(
                "存储“{store}”搬动过或退回过较早的状态，{n} 份副本尚未重新核查",
                "“{store}” moved or was set back to an earlier state: {n} {n:copy|copies} not read since",
                store=one.store,
                n=one.unread,
            )
            yield Need(said, f"jinkui audit --store {one.store}")
    if late := sum(one.overdue - one.unread for one in status.copies):
        said = message("{n} 份副本逾期未核查", "{n} {n:copy|copies} {n:was|were} not read in time", n=late)
        yield Need(said, "jinkui audit --due")


def _as_recorded(said: Message, status: Status) -> Message:
    """Return the same with which audit it is of, where a later one ended that the journal could not remember."""
    if status.unrecorded is None:
        return said
    last = status.last_audit and f"{status.last_audit.at.astimezone():%Y-%m-%d %H:%M}"
    return message(
        "{said}（按 {last} 的核查；{later} 的未能记入日志）",
        "{said}, by the audit of {last} (that of {later} is in no journal)",
        said=said,
        last=last or message("以前", "before"),
        later=f"{status.unrecorded.astimezone():%H:%M}",
    )


def _of_the_clock(status: Status) -> Iterator[Need]:
    for one in status.duties:
        if one.is_overdue:
            yield Need(told(one), command_of(one.duty.name))
    failed = status.last_drill and len(status.last_drill.drill.failed)
    if failed:
        said = message(
            "上次恢复演练有 {n} 个信息包不完好",
            "{n} {n:package|packages} {n:was|were} not whole in the last drill",
            n=failed,
        )
        yield Need(said, "jinkui audit")


def _of_work(status: Status) -> Iterator[Need]:
    unfinished = [one for one in status.batches if one.state is BatchState.UNFINISHED]
    for one in unfinished[:3]:
        said = message("批次 {name} 未完成", "the batch {name} is unfinished", name=one.name or one.batch_id)
        yield Need(said, f"jinkui batch resume {one.batch_id}")
    if len(unfinished) > 3:
        said = message(
            "还有 {n} 个批次未完成", "{n} more {n:batch|batches} {n:is|are} unfinished", n=len(unfinished) - 3
        )
        yield Need(said, "jinkui batch list")
    if status.changed:
        most = message("至多 ", "at most ") if not status.changed_is_exact else message("", "")
        said = message(
            "{most}{n} 件开放后有改动，待复审", "{most}{n} opened {n:record|records} changed and {n:waits|wait} for review", most=most, n=status.changed
        )  # fmt: skip
        yield Need(said, "jinkui opening review")


def _of_room(status: Status) -> Iterator[Need]:
    for one in status.spaces:
        if one.room is None:
            continue
        name = (
            message("存储“{name}”", "the store “{name}”", name=one.name)
            if one.name != HOME
            else message("档案库", "the home")
        )
        if one.full_on and one.full_on - status.on <= SOON:
            said = message("{name}约 {day} 写满", "{name} is full about {day}", name=name, day=str(one.full_on))
            yield Need(said, "jinkui store list")
        elif one.room.free_bytes < _LEAST_SHARE * one.room.total_bytes:
            said = message("{name}快写满了", "{name} is nearly full", name=name)
            yield Need(said, "jinkui store list")
