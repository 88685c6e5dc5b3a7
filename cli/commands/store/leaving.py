"""Commands about stores that leave for good: another place in the stead of one, or none."""

from pathlib import Path
from typing import Annotated

from archives.errors import NotFoundError, RefusedError
from archives.message import message
from cli import wiring
from cli.commands.shared import WRITES, DryRun, Throttle
from cli.commands.store.leaving_told import (
    nothing_to_replace,
    said_owed,
    said_replaced,
    said_replacing,
    said_retired,
    said_retiring,
)
from cli.commands.store.replicate import watch_replication
from cli.commands.store.stores import Name, require_store_place, said_findings, said_next
from cli.frame.commands import Call, command
from cli.frame.output import Result
from cli.frame.parameters import Option, option
from cli.home.home import Home, home_of
from cli.home.settings_edit import edited_with_another_place, edited_without_store
from preservation.actions import replicate as replication
from preservation.actions.store_changes.left_behind import require_known
from preservation.actions.store_changes.replace_store import plan_replacing, replace_store
from preservation.actions.store_changes.retire_store import (
    plan_retiring,
    require_another,
    require_enough,
    require_promise,
    retire_store,
    write_what_others_lack,
)
from preservation.stores.files import write_whole
from preservation.stores.place import doubts_about, require_disk
from preservation.stores.registry import addresses, every_key

GiveUp = Annotated[
    bool,
    Option(
        message(
            "放弃其他存储中没有的信息包（先逐个列出）",
            "let packages go that no other store has (they are named first)",
        )
    ),
]


@command(
    example="jinkui store replace second --path /mnt/new/archive",
    exits=(*WRITES, RefusedError),
    more=[option(key.name.replace("-", "_"), key.type, key.said) for key in every_key()],
)
def replace(
    call: Call,
    /,
    *,
    name: Name,
    even_if_there: Annotated[
        bool, Option(message("原存储还读得出来也替换", "replace it although the store can still be read"))
    ] = False,
    give_up: GiveUp = False,
    dry_run: DryRun = False,
    **given: object,
) -> Result:
    """Let an empty place take over the name of a store that is lost; its copies are owed again. Run again, it goes on.

    Without a place the one of the settings is meant, where an empty disk is mounted now. Where the store itself was copied
    to the new place, only the settings change.
    """
    before = home_of(call)
    require_known(before.archive, name)
    path = before.folder / wiring.SETTINGS_FILE
    text, settings = edited_with_another_place(path, before.settings, name, given)
    setting = next((one for one in settings.stores if one.name == name), None)
    if setting is None:
        raise _no_place(name)
    others = [one for one in settings.stores if one.name != name]
    require_store_place(setting, others, before.folder)
    after = call.opened.enter_context(Home(call.home, settings, call.output))
    plan = plan_replacing(
        before.archive,
        after.archive,
        name,
        names_there=setting.names_there(before.folder, wiring.environment()),
        even_if_there=even_if_there,
        give_up=give_up,
    )
    doubts = doubts_about(setting, others, before.folder)
    if not plan.is_there_already and not any(given.get(key) for key in addresses()):
        require_disk(setting, doubts, before.folder)
    data: dict[str, object] = {
        "store": name,
        "place": setting.properties(before.folder).where,
        "is_there_already": plan.is_there_already,
        "unread": plan.unread,
        "given_up": list(plan.only_there),
        "findings": [call.output.finding(one) for one in doubts],
    }
    if dry_run:
        lines = (*said_findings(doubts), *said_replacing(before, plan))
        return Result({**data, "owed": plan.totals.copies, "done": False}, lines=lines)
    if plan.is_where_it_was:
        owed = replication.owed_copies(after.archive, name)
        kept = (*nothing_to_replace(plan, str(data["place"])), *said_owed(name, owed), *said_next(after, setting))
        return Result({**data, "owed": len(owed), "done": False}, lines=(*said_findings(doubts), *kept))
    replace_store(after.archive, plan)
    _write_settings(path, text)
    after.refresh()
    owed = replication.owed_copies(after.archive, name)
    said = said_replaced(after, name, plan, str(data["place"]), owed)
    lines = (*said_findings(doubts), *said, *said_next(after, setting))
    return Result({**data, "owed": len(owed), "done": True}, lines=lines)


@command(example="jinkui store retire third --dry-run", exits=(*WRITES, RefusedError))
def retire(
    call: Call,
    *,
    name: Name,
    copies: Annotated[
        int | None,
        Option(
            message("今后承诺的副本数，写入设置", "so many copies are promised from then on (in the settings)"), least=1
        ),
    ] = None,
    owing: Annotated[
        bool, Option(message("补不齐的先欠着", "let it leave though copies are owed that cannot be written now"))
    ] = False,
    give_up: GiveUp = False,
    dry_run: DryRun = False,
    throttle: Throttle = None,
) -> Result:
    """Let a store leave for good: what the others would lack is written first; its place is left as it is."""
    before = home_of(call, throttle=throttle)
    require_known(before.archive, name)
    path = before.folder / wiring.SETTINGS_FILE
    require_another(name, [one.name for one in before.settings.stores if not one.offline])
    text, settings = edited_without_store(path, before.settings, name, copies=copies)
    promise = (before.archive.promise, settings.promise(wiring.today()))
    require_promise(name, *promise, stated=copies is not None)
    after = call.opened.enter_context(Home(call.home, settings, call.output))
    after.throttle_mib_per_second = before.throttle_mib_per_second
    plan = plan_retiring(before.archive, after.archive, name)
    where = plan.store.properties.where if plan.store else None
    data: dict[str, object] = {"store": name, "place": where, "copies": promise[1].copies}
    if dry_run:
        owed = {"owed": len(plan.owed), "given_up": list(plan.only_there), "done": False}
        return Result({**data, **owed}, lines=tuple(said_retiring(before, plan, promise[1].copies)))
    left = write_what_others_lack(before.archive, after.archive, plan, watch=watch_replication(call.output))
    require_enough(after.archive, left, owing=owing, give_up=give_up)
    _write_settings(path, text)
    retire_store(after.archive, left)
    after.refresh()
    written = len(plan.owed) - len(left.owed)
    answer = {"written": written, "owed": len(left.owed), "given_up": list(left.only_there), "done": True}
    return Result({**data, **answer}, lines=tuple(said_retired(left, where, written)))


def _write_settings(path: Path, text: str) -> None:
    write_whole(path, text.encode("utf-8"), mode=0o600)


def _no_place(name: str) -> NotFoundError:
    return NotFoundError(
        message("设置中没有存储“{name}”", "the settings name no store “{name}”", name=name),
        subject=name,
        advice=message(
            "有哪些存储见 jinkui store list；已停用的用 --path 给出新位置",
            "jinkui store list says which there are; give one that has left a new place with --path",
        ),
    )
