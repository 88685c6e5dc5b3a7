"""A store that is lost: an empty place takes over its name, and is owed what lay there."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from archives.errors import ConflictError, RefusedError, StorageError
from archives.journal.facts import StoreMoved, StoreReplaced
from archives.message import message
from preservation.actions.replicate import owed_copies
from preservation.actions.store_changes.left_behind import (
    for_one_append,
    former_identifiers,
    given_up,
    lying_only_in,
    require_given_up,
    unknown,
)
from preservation.archive import Archive
from preservation.catalogue.anchors import StoreTotals
from preservation.stores.place import named, not_empty
from preservation.stores.presence import Presence, StorePresence
from preservation.stores.store import Store
from preservation.vault.founding import found_store, is_free, standing_id


@dataclass(frozen=True, slots=True)
class Replacing:
    """What it means that another place takes over the name of a store.

    ``is_there_already``: the store itself lies in the new place, because it was copied there or this was interrupted; then
    only the settings change, and ``unread`` copies were never read in that place; nothing does where it ``is_where_it_was``. Else ``lost`` was its old place, if the settings name one, ``totals`` what is owed again, and
    ``only_there`` the packages that nobody else has.
    """

    name: str
    is_there_already: bool
    lost: StorePresence | None
    totals: StoreTotals
    only_there: tuple[str, ...]
    unread: int = 0
    is_where_it_was: bool = False


def plan_replacing(
    before: Archive, after: Archive, name: str, *, names_there: Collection[str], even_if_there: bool, give_up: bool
) -> Replacing:
    """Return what replacing a store would do; ``after`` is the archive with the new place under its name.

    ``names_there`` is what stands at the top of that place.

    Raises ``NotFoundError`` for a store that the journal does not know, ``ConflictError`` for a place that is not empty,
    ``StorageError`` where no store has a journal that can be read; ``RefusedError`` while the store itself is still there (unless ``even_if_there``), or has what nobody else has (unless
    ``give_up``).
    """
    anchors = _readable(before, after).fresh_reading.anchors
    if name not in anchors.stores:
        raise unknown(before, name)
    place = after.vault.store(name)
    if standing_id(place) == anchors.stores[name].store_id:
        is_elsewhere = _is_elsewhere(before, place)
        unread = anchors.totals(name).copies if is_elsewhere else 0
        nothing = StoreTotals(0, 0, None)
        return Replacing(name, True, None, nothing, (), unread, is_where_it_was=not is_elsewhere)
    if not is_free(place, names_there):
        raise _not_empty(place, names_there)
    others = [one.name for one in after.vault.stores if one.name != name]
    only_there = lying_only_in(anchors, name, others)
    old = next((one for one in before.vault.stores if one.name == name), None)
    lost = before.presence(old) if old is not None else None
    if lost is not None and not even_if_there:
        if lost.is_there:
            raise _is_there(lost)
        if lost.presence is Presence.DENIED:
            raise _may_be_there(lost)
    require_given_up(after, name, only_there, give_up=give_up)
    return Replacing(name, False, lost, _owed_then(before, anchors.totals(name), name), only_there)


def _readable(before: Archive, after: Archive) -> Archive:
    """Return the archive with the new place; where it has no journal to read, what stood before says why, not the new place.

    The journal may well lie in the new place alone: a store is moved by copying it there.
    """
    try:
        after.fresh_reading.refresh()
    except StorageError:
        before.fresh_reading.refresh()
        raise
    return after


def _owed_then(before: Archive, there: StoreTotals, name: str) -> StoreTotals:
    """Return what an empty place is owed: what lay in the store, and what was owed to it already."""
    owed = owed_copies(before, name)
    never = sum(1 for one in owed if one.missing[0].version == 1)
    return StoreTotals(there.copies + never, there.size_bytes + sum(one.size_bytes for one in owed), None)


def replace_store(after: Archive, plan: Replacing) -> None:
    """Make the new place the store of its name, with the journal in it; afterwards the settings are to name the place.

    May be called again, with a new plan, after it was interrupted. Raises ``ConflictError`` when another store lies there.
    """
    if not plan.is_there_already:
        with for_one_append(after, but=plan.name):
            place, promised = after.vault.store(plan.name), after.fresh_reading.anchors.stores[plan.name]
            replaces = former_identifiers(after, plan.name)
            new = found_store(
                place,
                store_id=after.world.new_identifier(),
                home_id=json.loads(promised.marker)["home_id"],
                replaces=replaces,
            )
            with after.vault.locks.journal():
                after.memory.begin_anew(plan.name)
            fact = StoreReplaced(new.store_id, new.name, new.marker, new.restore_program_sha512, replaces)
            after.vault.ledger.append([*given_up(plan.name, plan.only_there), fact])
        after.refresh()
    elif plan.unread:
        with for_one_append(after):
            after.vault.ledger.append([StoreMoved(plan.name)])
        after.refresh()
    after.begin_writing()


def _is_elsewhere(before: Archive, place: Store) -> bool:
    """Say whether a store is to lie in another place than that of the settings."""
    old = next((one for one in before.vault.stores if one.name == place.name), None)
    return old is None or old.properties.where != place.properties.where


def _not_empty(place: Store, names_there: Collection[str]) -> ConflictError:
    raised = not_empty(place.name, place.properties.where, named(names_there))
    raised.advice = message(
        "请换一个空的位置，例如其下的新文件夹；若原来的存储还在那里，请用 jinkui audit 和 jinkui repair",
        "choose an empty place, such as a new folder below it; where the store itself still lies there, run jinkui audit "
        "and jinkui repair",
    )
    return raised


def _is_there(old: StorePresence) -> RefusedError:
    name = old.store.name
    return RefusedError(
        message(
            "存储“{store}”还在位：{where}",
            "the store “{store}” is still there: {where}",
            store=name,
            where=old.store.properties.where,
        ),
        subject=name,
        advice=message(
            "要搬走它，请把整个文件夹复制到新位置再运行一次；磁盘快坏了、要从别处重新补齐的，加 --even-if-there",
            "to move it, copy its whole folder to the new place and run this again; add --even-if-there where its disk is "
            "failing and its copies are to be written anew from the other stores",
        ),
    )


def _may_be_there(old: StorePresence) -> RefusedError:
    """Return the error for a store of which nobody can say that it is lost: this account may not look."""
    return RefusedError(
        old.reason or message("没有读写权限", "permission denied"),
        subject=old.store.name,
        advice=message(
            "它可能完好：{advice}；确要由新的位置替换，加 --even-if-there",
            "it may be whole: {advice}; add --even-if-there to let the new place take its stead all the same",
            advice=old.advice or "",
        ),
    )
