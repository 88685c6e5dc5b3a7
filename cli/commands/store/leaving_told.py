"""What is said of stores that leave, or whose name another place takes over: before it is done, and after."""

from collections.abc import Sequence

from archives.message import Message, message
from cli.commands.record.rendering import size_text
from cli.home.home import Home
from preservation.actions.store_changes.left_behind import code_of
from preservation.actions.store_changes.replace_store import Replacing
from preservation.actions.store_changes.retire_store import Retiring
from preservation.vault.replication import OwedCopy


def said_replacing(home: Home, plan: Replacing) -> list[Message]:
    """Return what would be done."""
    if plan.is_where_it_was:
        where = home.archive.vault.store(plan.name).properties.where
        return nothing_to_replace(plan, where)
    if plan.is_there_already:
        return [
            message(
                "存储“{name}”本身已在那里，只改设置",
                "the store “{name}” itself lies there; only the settings would change",
                name=plan.name,
            ),
            *_unread(plan),
        ]
    lines = [
        message(
            "“{name}”将由空的新位置替换，欠 {n} 份副本，{size}",
            "an empty place would take the place of “{name}” and be owed {n} {n:copy|copies}, {size}",
            name=plan.name,
            n=plan.totals.copies,
            size=size_text(plan.totals.size_bytes),
        )
    ]
    return [*lines, *_lost(home, plan.only_there)]


def said_replaced(home: Home, name: str, plan: Replacing, where: str, owed: Sequence[OwedCopy]) -> list[Message]:
    lines = [message("存储“{name}”现在位于 {where}", "the store “{name}” is {where} now", name=name, where=where)]
    if not plan.is_there_already:
        lines.append(
            message(
                "原来的位置若再出现，不会被当作它；其中的内容没有动过",
                "should the old place come back it is not taken for it; what lies there was not touched",
            )
        )
    return [*lines, *_unread(plan), *_lost(home, plan.only_there), *said_owed(name, owed)]


def nothing_to_replace(plan: Replacing, where: str) -> list[Message]:
    """Return that the store itself is there, so that nothing takes its place, and how something else would."""
    return [
        message(
            "没有替换：存储“{name}”本身就在 {where}，设置也指向那里",
            "nothing was replaced: the store “{name}” itself is there, in {where}, where the settings have it",
            name=plan.name,
            where=where,
        ),
        message(
            "确要换到别处：jinkui store replace {name} --path 空的新位置 --even-if-there；只想查看是否完好：jinkui audit --store {name}",
            "to put another place in its stead all the same: jinkui store replace {name} --path EMPTY-PLACE --even-if-there; "
            "to see whether it is whole: jinkui audit --store {name}",
            name=plan.name,
        ),
    ]


def said_owed(name: str, owed: Sequence[OwedCopy]) -> list[Message]:
    """Return what is to be done about copies that are owed to a store."""
    if not owed:
        return []
    return [
        message(
            "欠 {n} 份副本，请运行 jinkui replicate --store {name}",
            "{n} {n:copy|copies} {n:is|are} owed to it; run jinkui replicate --store {name}",
            n=len(owed),
            name=name,
        )
    ]


def _unread(plan: Replacing) -> list[Message]:
    """Return what is to be done about copies that were never read where they lie now."""
    if not plan.unread:
        return []
    return [
        message(
            "其中 {n} 份副本在新位置还没有核查过：请运行 jinkui audit --store {name}",
            "its {n} {n:copy|copies} {n:was|were} never read in their new place: run jinkui audit --store {name}",
            n=plan.unread,
            name=plan.name,
        )
    ]


def _lost(home: Home, packages: Sequence[str]) -> list[Message]:
    return [
        message(
            "其他存储中没有、放弃的信息包：{code}（{id}）",
            "in no other store, and given up: {code} ({id})",
            code=code_of(home.archive, package_id),
            id=package_id,
        )
        for package_id in packages
    ]


def said_retiring(home: Home, plan: Retiring, copies: int) -> list[Message]:
    """Return what would be done."""
    lines = [
        message(
            "停用“{name}”；此后每个信息包承诺 {copies} 份副本，先补写 {n} 份",
            "“{name}” would leave; {copies} {copies:copy|copies} of every package are promised then, and {n} would be written first",
            name=plan.name,
            copies=copies,
            n=len(plan.owed),
        )
    ]
    if plan.only_there:
        lines.append(
            message(
                "有 {n} 个信息包现在只在那里，补写之后仍没有别的副本的，不加 --give-up 不停用",
                "{n} {n:package|packages} lie only there now; while that is so it does not leave without --give-up",
                n=len(plan.only_there),
            )
        )
        lines += [
            message("{code}（{id}）", "{code} ({id})", code=code_of(home.archive, one), id=one)
            for one in plan.only_there
        ]
    return lines


def said_retired(plan: Retiring, where: str | None, written: int) -> list[Message]:
    lines = [
        message(
            "存储“{name}”已停用（先补写了 {n} 份副本）",
            "the store “{name}” has left ({n} {n:copy|copies} {n:was|were} written first)",
            name=plan.name,
            n=written,
        )
    ]
    if where is not None:
        lines.append(
            message(
                "{where} 中的内容原样未动；以后的销毁和清除到不了那里，请自行处置该载体",
                "what lies in {where} was left as it is; later disposals and purges do not reach it, so see to that carrier "
                "yourself",
                where=where,
            )
        )
    if plan.owed:
        lines.append(
            message(
                "尚欠 {n} 份副本，请运行 jinkui replicate",
                "{n} {n:copy|copies} {n:is|are} owed; run jinkui replicate",
                n=len(plan.owed),
            )
        )
    return lines
