"""What keeps a home from being restored because it is elsewhere: stores, or another home that went on from the backup."""

from pathlib import Path

from archives.errors import RefusedError, StoreAbsentError
from archives.message import message
from cli.frame.listing import local_time
from cli.home.settings.settings import Settings
from preservation.actions.journal.backed_up import BackedUpMemory
from preservation.actions.journal.restore import Farthest


def require_no_other(memory: BackedUpMemory, farthest: Farthest) -> None:
    """Raise ``RefusedError`` where a home of the archive was restored after a backup was made: it may still work."""
    others = [one for one in farthest.restored if one.sequence > memory.end.sequence]
    if not others:
        return
    newest = others[-1]
    raise RefusedError(
        message(
            "此档案库已于 {at} 在别处恢复（日志第 {n} 条，{agent}），这个备份不知道；那里可能正在使用：不得有两个同时写入",
            "the archive was restored elsewhere at {at} (entry {n}, by {agent}), which this backup does not know, and may be at work "
            "there: no two homes may write",
            at=local_time(newest.at),
            n=newest.sequence,
            agent=newest.agent,
        ),
        subject="journal",
        advice=message(
            "请在那里继续；要迁到这里，在那里运行 jinkui home backup --move，由那个备份恢复；那里确已失去的，加 --other-is-lost "
            "再运行一次。没有写入任何东西",
            "go on there; to come here run jinkui home backup --move there and restore from that; where that home is lost for "
            "good, run this again with --other-is-lost. Nothing was written",
        ),
    )


def not_where_set(settings: Settings, folder: Path, absent: StoreAbsentError) -> StoreAbsentError:
    """Return the error that stores are not where the settings say, with how to say where they are."""
    names = absent.subject.split(", ")
    places = {store.name: store.properties(folder).where for store in settings.stores}
    named = "; ".join(f"{name}: {places.get(name, '?')}" for name in names)
    options = " ".join(f"--store {name}=…" for name in names)
    advice = message(
        "请接上它们，或写明现在的位置：{options}。没有写入任何东西",
        "bring them, or say where they are now: {options}. Nothing was written",
        options=options,
    )
    if set(places) - set(names):  # without any store there is nothing to go on from
        advice = message(
            "请接上它们，或写明现在的位置：{options}；确已失去的：{lost}。没有写入任何东西",
            "bring them, or say where they are now: {options}; what is lost for good: {lost}. Nothing was written",
            options=options,
            lost=" ".join(f"--without {name}" for name in names),
        )
    return StoreAbsentError(
        message(
            "存储不在设置所写的位置，不能断定日志到哪里（{named}）",
            "stores are not where the settings say, so nobody knows how far the journal goes ({named})",
            named=named,
        ),
        subject=absent.subject,
        advice=advice,
    )
