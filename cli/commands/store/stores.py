"""Commands about stores: add, list, check, attach; and the copies that are owed to them."""

import json
from datetime import datetime

from archives.errors import ConfigurationError, JinkuiError, NotFoundError, StorageError
from archives.message import Message, message
from cli import wiring
from cli.commands.audit.audits import AuditOptions, look
from cli.commands.audit.verdict_telling import verdict_data, verdict_table
from cli.commands.record.rendering import size_text
from cli.frame.commands import Call
from cli.frame.output import Result, Table
from cli.home.home import Home, home_of
from cli.home.settings_edit import edited_with_store, set_due
from preservation.stores.files import write_whole
from preservation.stores.presence import Presence, StorePresence, presence_of
from preservation.stores.setting import StoreSetting
from preservation.stores.store import WORK, Store, read_whole
from preservation.vault.founding import found_store, standing_home
from preservation.vault.replication import OwedCopy, plan_replication, replicate
from preservation.vault.vault import no_store

_PROBE = WORK / "probe"


def add(call: Call, *, name: str, **given: object) -> Result:
    """Take a place into use for copies: found it, give it the journal, promise it in the journal and the settings.

    ``given`` are keys of the settings of a store (``every_key``); None and False are what nobody gave.
    """
    before = home_of(call)
    path = before.folder / wiring.SETTINGS_FILE
    text, settings = edited_with_store(path, before.settings, name, given)
    before.begin_writing()
    home = call.opened.enter_context(Home(call.home, settings, call.output))
    store = home.vault.store(name)
    anchors = before.reading.refresh()
    if name in anchors.stores:
        _require_ours(store, anchors.stores[name].marker)
        home.vault.ledger.level_stores()
    else:
        home_id = next(iter(json.loads(promised.marker)["home_id"] for promised in anchors.stores.values()))
        fact = found_store(store, store_id=wiring.new_identifier(), home_id=home_id)
        home.vault.ledger.append([fact])
    write_whole(path, text.encode("utf-8"), mode=0o600)
    home.refresh()
    owed = _owed(home, name)
    lines = [message("存储“{name}”已启用", "the store “{name}” is in use", name=name)]
    if owed:
        lines.append(
            message(
                "欠 {n} 份副本，请运行 jinkui replicate --store {name}",
                "{n} copies are owed to it; run jinkui replicate --store {name}",
                n=len(owed),
                name=name,
            )
        )
    return Result({"store": name, "owed": len(owed)}, lines=tuple(lines))


def list_stores(call: Call) -> Result:
    """List stores: where they are, what lies in them, what is owed to them."""
    home = home_of(call)
    anchors = home.reading.anchors
    rows: list[tuple[str, Message | str, Message, int, int, int, str]] = []
    data: list[dict[str, object]] = []
    for setting, store in zip(home.settings.stores, home.vault.stores, strict=True):
        seen = presence_of(store, anchors.stores.get(store.name))
        totals = anchors.totals(store.name)
        owed = _owed(home, store.name)
        checked = totals.oldest.isoformat(timespec="seconds") if totals.oldest else "—"
        counted = (totals.copies, totals.size_bytes, len(owed))
        rows.append((store.name, _whereabouts(setting), seen.presence.said, *counted, checked))
        data.append(
            {
                "name": store.name,
                "kind": setting.kind.name,
                "place": setting.properties(home.folder).where,
                "presence": seen.presence.value,
                "offline": setting.offline,
                "carrier": setting.carrier,
                "kept_at": setting.place,
                "kept_by": setting.person,
                "due": setting.due.isoformat() if setting.due else None,
                "packages": totals.copies,
                "bytes": totals.size_bytes,
                "owed": len(owed),
                "oldest_verified_at": totals.oldest.isoformat() if totals.oldest else None,
            }
        )
    columns = (
        message("名称", "name"),
        message("位置", "place"),
        message("状态", "state"),
        message("信息包", "packages"),
        message("字节", "bytes"),
        message("欠", "owed"),
        message("最早核实", "oldest verified"),
    )
    return Result({"stores": data}, (Table(message("存储位置", "stores"), columns, tuple(rows)),))


def check(call: Call, *, name: str) -> Result:
    """Look whether stores are there, are ours, and can be written and read; every other check is the audit's."""
    home = home_of(call)
    chosen = (home.vault.store(name),) if name else home.vault.stores
    seen = [_tried(home, store) for store in chosen]
    rows = tuple((one.store.name, one.presence.said, one.reason or "") for one in seen)
    columns = (message("名称", "name"), message("状态", "state"), message("说明", "what"))
    data = [{"name": s.store.name, "presence": s.presence.value, "reason": s.reason} for s in seen]
    expected = [one for one in seen if one.store.name not in home.vault.promise.sealed]
    code = 0 if all(one.is_there for one in expected) else StorageError.exit_code
    return Result({"stores": data}, (Table(message("存储位置", "stores"), columns, rows),), exit_code=code)


def attach(call: Call, *, name: str, due: datetime | None, throttle: float | None) -> Result:
    """Take an offline set in reach: bring its journal level, read every copy in it, write what is owed to it."""
    home = home_of(call)
    if throttle is not None:
        home.throttle_mib_per_second = throttle
    setting = next((s for s in home.settings.stores if s.name == name), None)
    if setting is None or not setting.offline:
        raise no_store(name, home.vault.stores)
    store = home.vault.store(name)
    presence_of(store, home.reading.anchors.stores.get(name)).require()
    result = look(home, AuditOptions(store=name))
    home.begin_writing()
    home.vault.ledger.append(result.facts(home.reading.refresh()))
    done, failed = _write_owed(home, _owed(home, name))
    if due is not None:
        set_due(home.folder / wiring.SETTINGS_FILE, name, due.date())
    lines = [
        message(
            "“{name}”：核查 {n} 份，补写 {m} 份，{bad} 处不正常",
            "“{name}”: checked {n} copies, wrote {m} that were owed, {bad} files are not as they should be",
            name=name,
            n=len(result.good_copies),
            m=len(done),
            bad=len(result.problems),
        ),
        message("可以取下载体", "the carrier can be taken away"),
    ]
    data = {
        "store": name,
        "checked": len(result.good_copies),
        "replicated": len(done),
        "copies": [verdict_data(found) for found in result.problems],
        "failed": [_failure_data(owed, failure) for owed, failure in failed],
    }
    tables = (verdict_table(result.problems),) if result.problems else ()
    return Result(data, tables, tuple(lines), exit_code=12 if result.problems or failed else 0)


def replicate_owed(call: Call, *, store: str | None, dry_run: bool, throttle: float | None) -> Result:
    """Write the copies that are owed, each verified where it lies; run again after an interruption, it goes on."""
    home = home_of(call)
    if throttle is not None:
        home.throttle_mib_per_second = throttle
    if store is not None:
        home.vault.store(store)
    if not dry_run:
        home.begin_writing()
    plan = _owed(home, store)
    away = home.vault.ledger.away | {
        one.name
        for one in home.vault.stores
        if not presence_of(one, home.reading.anchors.stores.get(one.name)).is_there
    }
    reachable = tuple(owed for owed in plan if owed.store not in away)
    unreachable = {owed.store for owed in plan} & away - home.vault.promise.sealed
    done, failed = ([], []) if dry_run else _write_owed(home, reachable)
    lines = [
        message(
            "共欠 {n} 份，{bytes} 字节；已写 {m} 份",
            "{n} copies are owed, {bytes} bytes; wrote {m}",
            n=len(reachable),
            bytes=sum(owed.size_bytes for owed in reachable),
            m=len(done),
        )
    ]
    lines += [message("存储“{name}”不在", "the store “{name}” is not there", name=name) for name in sorted(unreachable)]
    data = {
        "owed": [{"store": o.store, "package_id": o.package_id, "size_bytes": o.size_bytes} for o in reachable],
        "done": [{"store": o.store, "package_id": o.package_id} for o in done],
        "failed": [_failure_data(owed, failure) for owed, failure in failed],
        "absent_stores": sorted(unreachable),
    }
    hopeless = any(failure.exit_code == 10 for _, failure in failed)
    out_of_reach = unreachable or any(isinstance(failure, StorageError) for _, failure in failed)
    code = 10 if hopeless else StorageError.exit_code if out_of_reach else 12 if failed else 0
    return Result(data, lines=tuple(lines), exit_code=code)


def _write_owed(home: Home, plan: tuple[OwedCopy, ...]) -> tuple[list[OwedCopy], list[tuple[OwedCopy, JinkuiError]]]:
    done: list[OwedCopy] = []
    failed: list[tuple[OwedCopy, JinkuiError]] = []
    total = sum(owed.size_bytes for owed in plan)
    written = 0
    for outcome in replicate(home.vault, home.reading, plan):
        if outcome.failure is not None:
            failed.append((outcome.owed, outcome.failure))
        else:
            done.append(outcome.owed)
        written += outcome.owed.size_bytes
        home.output.progress(
            message(
                "已复制 {n}/{of} 份，{size}/{all}",
                "copied {n} of {of}, {size} of {all}",
                n=len(done),
                of=len(plan),
                size=size_text(written),
                all=size_text(total),
            )
        )
    home.refresh()
    return done, failed


def _require_ours(store: Store, marker: str) -> None:
    if standing_home(store) != json.loads(marker)["home_id"]:
        raise ConfigurationError(
            message(
                "“{store}”处不是登记过的那个存储",
                "what lies at “{store}” is not the store that is known",
                store=store.name,
            ),
            subject=store.name,
        )


def _owed(home: Home, name: str | None) -> tuple[OwedCopy, ...]:
    names = [store.name for store in home.vault.stores]
    return plan_replication(home.reading.refresh(), home.vault.promise, names, store=name)


def _tried(home: Home, store: Store) -> StorePresence:
    seen = presence_of(store, home.reading.anchors.stores.get(store.name))
    if not seen.is_there:
        return seen
    probe = f"{wiring.new_identifier()}\n".encode()
    try:
        store.remove(_PROBE)
        store.create(_PROBE, [probe])
        store.flush([_PROBE])
        came_back = read_whole(store, _PROBE)
        store.remove(_PROBE)
    except (StorageError, NotFoundError) as failure:
        return StorePresence(store, Presence.UNREADABLE, failure.message)
    if came_back != probe:
        return StorePresence(store, Presence.UNREADABLE, message("读回的与写入的不同", "it gives back other bytes"))
    return seen


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


def _failure_data(owed: OwedCopy, failure: JinkuiError) -> dict[str, object]:
    return {"store": owed.store, "package_id": owed.package_id, "message": failure.message, "subject": failure.subject}
