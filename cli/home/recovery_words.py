"""What recovery did, in words."""

from archives.journal.facts import CopiesReplicated, PackageAbandoned, PackageDisposed, PackageStored
from archives.message import Message, message
from preservation.vault.recovery import Recovered


def told_recovery(outcome: Recovered) -> Message:
    """Return the sentence about one thing that a crash left open."""
    match outcome:
        case PackageAbandoned():
            return message(
                "已将未完成的信息包移入隔离区：{id}", "set an unfinished package aside: {id}", id=outcome.package_id
            )
        case PackageStored():
            return message("已补全中断的信息包：{id}", "completed an interrupted package: {id}", id=outcome.package_id)
        case PackageDisposed():
            return message("已完成中断的销毁：{id}", "completed an interrupted disposal: {id}", id=outcome.package_id)
        case CopiesReplicated():
            return message(
                "已确认中断的复制：存储“{store}”",
                "acknowledged an interrupted copying into the store “{store}”",
                store=outcome.store,
            )
        case _:
            return message(
                "已将未完成的复制移入隔离区：存储“{store}”",
                "set an unfinished copying into the store “{store}” aside",
                store=outcome.store,
            )
