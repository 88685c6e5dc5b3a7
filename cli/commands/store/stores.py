"""Commands about stores: add, list, check, attach; and the copies that are owed to them."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

from archives.errors import IntegrityError, StorageError
from archives.findings import Finding
from archives.message import Message, message
from cli import wiring
from cli.commands.audit.audit import verdict_data, verdict_table, watch_audit, workers_of
from cli.commands.record.rendering import NOT_YET
from cli.commands.shared import LOOKS, WRITES, Throttle
from cli.commands.store.replicate import FAILED, watch_replication
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, as_data, listing, local_time
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option, option
from cli.frame.places import require_of_this_machine
from cli.home.home import Home, home_of
from cli.home.settings_edit import edited_with_store, set_due
from cli.upkeep.duties import scheduled_since, told_places_of_before
from cli.upkeep.names import names_of
from preservation.actions import replicate as replication
from preservation.actions.attach_store import attach_store
from preservation.actions.stores import StoreFigures, add_store, figures_of_stores, try_store
from preservation.stores.files import write_whole
from preservation.stores.place import doubts_about, require_apart, require_writable
from preservation.stores.presence import StorePresence
from preservation.stores.promise import told_amiss
from preservation.stores.registry import every_key
from preservation.stores.setting import StoreSetting

Name = Annotated[str, Argument(message("存储名称", "name of the store"))]

_STORES = message("存储位置", "stores")
_CHECKED: tuple[Field[StorePresence], ...] = (
    Field("name", message("名称", "name"), lambda one: one.store.name),
    Field("presence", message("状态", "state"), lambda one: one.presence.value, lambda one: one.presence.said),
    Field("reason", message("说明", "what"), lambda one: one.reason),
    Field("advice", message("建议", "advice"), lambda one: one.advice),
)


@command(
    example="jinkui store add third --path /mnt/third/archive",
    exits=WRITES,
    more=[option(key.name.replace("-", "_"), key.type, key.said) for key in every_key()],
)
def add(call: Call, /, *, name: Name, **given: object) -> Result:
    """Take a place into use for copies: found it, give it the journal, promise it in the journal and the settings.

    ``given`` are keys of the settings of a store (``every_key``); None and False are what nobody gave.
    """
    before = home_of(call)
    path = before.folder / wiring.SETTINGS_FILE
    text, settings = edited_with_store(path, before.settings, name, given)
    setting = next(one for one in settings.stores if one.name == name)
    others = [one for one in settings.stores if one.name != name]
    require_store_place(setting, others, before.folder)
    home = call.opened.enter_context(Home(call.home, settings, call.output))
    names_there = setting.names_there(before.folder, wiring.environment())
    add_store(before.archive, home.archive, name, names_there=names_there)
    write_whole(path, text.encode("utf-8"), mode=0o600)
    home.refresh()
    owed = replication.owed_copies(home.archive, name)
    doubts = doubts_about(setting, others, before.folder)
    lines = [*said_findings(doubts), message("存储“{name}”已启用", "the store “{name}” is in use", name=name)]
    if owed:
        lines.append(
            message(
                "欠 {n} 份副本，请运行 jinkui replicate --store {name}",
                "{n} {n:copy|copies} {n:is|are} owed to it; run jinkui replicate --store {name}",
                n=len(owed),
                name=name,
            )
        )
    lines += said_next(home, setting)
    findings = [call.output.finding(one) for one in doubts]
    return Result({"store": name, "owed": len(owed), "findings": findings}, lines=tuple(lines))


@command(example="jinkui store list", exits=LOOKS)
def list_stores(call: Call) -> Result:
    """List stores: where they are, what lies in them, what is owed to them."""
    home = home_of(call)
    told = zip(home.settings.stores, figures_of_stores(home.archive), strict=True)
    table, data = listing(_STORES, _listed(home.folder), told)
    return Result({"stores": data}, (table,))


@command(example="jinkui store check second", exits=LOOKS)
def check(
    call: Call,
    *,
    name: Annotated[str, Argument(message("存储名称（默认全部）", "name of the store (default: all)"))] = "",
) -> Result:
    """Look whether stores are there, have their markers, and can be written and read; every other check is the audit's."""
    home = home_of(call)
    chosen = (home.vault.store(name),) if name else home.vault.stores
    seen = [try_store(home.archive, store) for store in chosen]
    table, data = listing(_STORES, _CHECKED, seen)
    expected = (one for one in seen if one.store.name not in home.vault.promise.sealed)
    damaged = IntegrityError.exit_code if any(one.is_damaged for one in seen) else 0
    code = damaged if all(one.takes_copies for one in expected) else StorageError.exit_code
    return Result({"stores": data}, (table,), exit_code=code)


@command(example="jinkui store attach cupboard --due 2027-06-30", exits=(*WRITES, FINDINGS))
def attach(
    call: Call,
    *,
    name: Name,
    due: Annotated[date | None, Option(message("离线载体下次核查日期", "when the offline set is due again"))] = None,
    throttle: Throttle = None,
) -> Result:
    """Take an offline set in reach: bring its journal level, read every copy in it, write what is owed to it."""
    home = home_of(call, throttle=throttle)
    found = attach_store(
        home.archive,
        name,
        workers=workers_of(home),
        watch_audit=watch_audit(call.output),
        watch_replication=watch_replication(call.output),
    )
    if due is not None:
        set_due(home.folder / wiring.SETTINGS_FILE, name, due)
    problems = found.audited.problems
    failed = [one for one in found.written if one.failure]
    number, checked = len(found.written) - len(failed), len(found.audited.good_copies)
    lines = (
        message(
            "“{name}”：核查 {n} 份，补写 {m} 份，{bad} 处不正常",
            "“{name}”: checked {n} {n:copy|copies}, wrote {m} that were owed, {bad} {bad:file|files} {bad:is|are} not as they should be",
            name=name,
            n=checked,
            m=number,
            bad=len(problems),
        ),
        message("可以取下载体", "the carrier can be taken away"),
    )
    names = names_of(home, [one.package_id for one in problems])
    data = {
        "store": name,
        "checked": checked,
        "replicated": number,
        "copies": [verdict_data(one, names) for one in problems],
        "failed": [as_data(FAILED, one) for one in failed],
    }
    tables = (verdict_table(problems, names),) if problems else ()
    return Result(data, tables, lines, exit_code=FINDINGS.code if problems or failed else 0)


def require_store_place(setting: StoreSetting, others: Iterable[StoreSetting], home: Path) -> None:
    """Raise before anything is done where a store can or should not lie."""
    if setting.properties(home).folder is not None:
        require_of_this_machine(Path(setting.address))
    require_apart(setting, others, home)
    require_writable(setting, home)


def said_next(home: Home, setting: StoreSetting) -> list[Message]:
    """Return what is still to be set where a store is new or lies elsewhere: how many copies, what units may write to."""
    lines = [*told_amiss(home.vault.promise, [one.name for one in home.vault.stores])]
    folder = setting.properties(home.folder).folder
    if folder is not None and not folder.is_relative_to(home.folder) and scheduled_since(home):
        lines += [said for said in (told_places_of_before(home),) if said]
    return lines


def said_findings(findings: Iterable[Finding]) -> list[Message]:
    """Return what is doubtful of a store's place as lines, each with what helps."""
    return [
        message("注意：{what}；{advice}", "note: {what}; {advice}", what=one.message, advice=one.advice or "")
        for one in findings
    ]


def _listed(folder: Path) -> tuple[Field[tuple[StoreSetting, StoreFigures]], ...]:
    """Return what is told of every store of the home in a folder."""
    return (
        Field("name", message("名称", "name"), lambda one: one[0].name),
        Field("kind", None, lambda one: one[0].kind.name),
        Field(
            "place",
            message("位置", "place"),
            lambda one: one[0].properties(folder).where,
            lambda one: _whereabouts(one[0]),
        ),
        Field(
            "presence",
            message("状态", "state"),
            lambda one: one[1].seen.presence.value,
            lambda one: one[1].seen.presence.said,
        ),
        Field("offline", None, lambda one: one[0].offline),
        Field("carrier", None, lambda one: one[0].carrier),
        Field("kept_at", None, lambda one: one[0].place),
        Field("kept_by", None, lambda one: one[0].person),
        Field("due", None, lambda one: one[0].due.isoformat() if one[0].due else None),
        Field("packages", message("信息包", "packages"), lambda one: one[1].totals.copies),
        Field("bytes", message("字节", "bytes"), lambda one: one[1].totals.size_bytes),
        Field("owed", message("欠", "owed"), lambda one: one[1].owed),
        Field(
            "oldest_verified_at",
            message("最早核实", "oldest verified"),
            lambda one: one[1].totals.oldest.isoformat() if one[1].totals.oldest else None,
            lambda one: (
                local_time(one[1].totals.oldest) if one[1].totals.oldest else NOT_YET if one[1].totals.copies else "—"
            ),
        ),
    )


def _whereabouts(setting: StoreSetting) -> Message | str:
    where = setting.address
    if not setting.offline:
        return where
    return message(
        "离线 {carrier}，{place}，{person}，到期 {due}",
        "offline {carrier}, {place}, {person}, due {due}",
        carrier=setting.carrier or where,
        place=setting.place or "—",
        person=setting.person or "—",
        due=str(setting.due or "—"),
    )
