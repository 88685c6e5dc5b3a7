"""A store that leaves for good: what the others would lack is written first, then nothing is expected of it any more."""

from collections.abc import Collection
from dataclasses import dataclass

from archives.errors import ConfigurationError, RefusedError
from archives.journal.facts import StoreRetired
from archives.message import listed, message
from preservation.actions.replicate import Watch, write_owed
from preservation.actions.store_changes.left_behind import (
    for_one_append,
    former_identifiers,
    given_up,
    lying_only_in,
    require_given_up,
    unknown,
)
from preservation.archive import Archive
from preservation.stores.promise import Promise
from preservation.stores.store import Store
from preservation.vault.replication import OwedCopy, plan_replication


@dataclass(frozen=True, slots=True)
class Retiring:
    """What it means that a store leaves: ``owed`` are copies that the stores which stay would lack.

    ``only_there``: the packages that nobody else has. ``store``: the one that leaves, None when the settings do not name
    it any more; ``is_there`` whether it can be read.
    """

    name: str
    store: Store | None
    is_there: bool
    owed: tuple[OwedCopy, ...]
    only_there: tuple[str, ...]


def require_another(name: str, online: Collection[str]) -> None:
    """Raise ``RefusedError`` where no online store would be left."""
    if not {*online} - {name}:
        raise RefusedError(
            message(
                "“{store}”是最后一个在线存储，不能停用",
                "“{store}” is the last online store and has to stay",
                store=name,
            ),
            subject=name,
            advice=message(
                "请先用 jinkui store add 启用另一个，或用 jinkui store replace 替换它",
                "take another one into use first (jinkui store add), or put an empty place in its stead (jinkui store replace)",
            ),
        )


def require_promise(name: str, before: Promise, after: Promise, *, stated: bool) -> None:
    """Raise ``RefusedError`` where fewer copies would be promised than now and nobody said so."""
    if after.copies < before.copies and not stated:
        raise RefusedError(
            message(
                "现承诺每个信息包 {n} 份副本，停用“{store}”后只有 {m} 份",
                "{n} copies of every package are promised; without “{store}” there would be {m}",
                n=before.copies,
                m=after.copies,
                store=name,
            ),
            subject=name,
            advice=message(
                "要保持份数，请先 jinkui store add 另一个存储，或改用 jinkui store replace；确要减少的，加 --copies {m}",
                "to keep their number add another store first (jinkui store add), or use jinkui store replace; add --copies {m} "
                "to promise fewer",
                m=after.copies,
            ),
        )


def plan_retiring(before: Archive, after: Archive, name: str) -> Retiring:
    """Return what it would mean that a store leaves; ``after`` is the archive without it.

    One that left already leaves nothing to do. Raises ``NotFoundError`` for a store that nobody ever knew.
    """
    anchors = before.fresh_reading.refresh()
    store = next((one for one in before.vault.stores if one.name == name), None)
    if store is None and name not in anchors.stores:
        if not former_identifiers(before, name):
            raise unknown(before, name)
        return Retiring(name, None, False, (), ())
    stay = [one.name for one in after.vault.stores]
    online = [one for one in stay if one not in after.promise.offline]
    return Retiring(
        name,
        store,
        store is not None and before.presence(store).is_there,
        plan_replication(anchors, after.promise, online),
        lying_only_in(anchors, name, stay),
    )


def write_what_others_lack(before: Archive, after: Archive, plan: Retiring, *, watch: Watch) -> Retiring:
    """Write what the stores that stay would lack, from the one that leaves, too, if it is there; return what is left to do.

    What cannot be written, because its store is away or no source is whole, is owed in the plan that is returned.
    """
    archive = before if plan.is_there else after
    archive.begin_writing()
    if plan.owed:
        away = {one.name for one in archive.vault.stores if not archive.presence(one).takes_copies}
        write_owed(
            archive, [one for one in plan.owed if one.store not in away | archive.vault.ledger.away], watch=watch
        )
    return plan_retiring(before, after, plan.name)


def require_enough(archive: Archive, plan: Retiring, *, owing: bool, give_up: bool) -> None:
    """Raise ``RefusedError`` where a store may not leave yet: packages would be lost, or have fewer copies than promised."""
    require_given_up(archive, plan.name, plan.only_there, give_up=give_up)
    lacking = {one.package_id for one in plan.owed} - set(plan.only_there)
    if lacking and not owing:
        stores = listed(sorted({one.store for one in plan.owed}))
        raise RefusedError(
            message(
                "没有“{store}”，{n} 个信息包的副本少于承诺；欠副本的存储：{stores}",
                "without “{store}” {n} packages have fewer copies than are promised; they are owed to: {stores}",
                store=plan.name,
                n=len(lacking),
                stores=stores,
            ),
            subject=plan.name,
            advice=message(
                "请先让这些存储归位，再运行一次；先停用、以后再补的，加 --owing",
                "bring those stores back and run this again; add --owing to let it leave now and write them later",
            ),
        )


def retire_store(after: Archive, plan: Retiring) -> None:
    """Let the journal say that a store left; the settings do not name it any more. May be called again, and then brings
    the stores level that did not hear of it.

    Raises ``ConfigurationError`` where they still do.
    """
    name = plan.name
    if any(one.name == name for one in after.vault.stores):
        raise ConfigurationError(
            message("设置中还有存储“{name}”", "the settings still name “{name}”", name=name), subject=name
        )
    after.begin_writing()
    known = after.fresh_reading.refresh().stores.get(name)
    if known is None:
        return
    with for_one_append(after):
        after.vault.ledger.append([*given_up(name, plan.only_there), StoreRetired(name, known.store_id)])
        with after.vault.locks.journal():
            after.memory.begin_anew(name)
    after.refresh()
