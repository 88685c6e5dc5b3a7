"""The stores of an archive: added, their restore programs renewed; whether they work, what lies in them, what is owed."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from archives.errors import ConfigurationError, ConflictError, NotFoundError, StorageError
from archives.journal.facts import RestoreProgramRenewed
from archives.message import message
from preservation.actions.replicate import owed_copies
from preservation.actions.store_changes.left_behind import former_identifiers
from preservation.archive import Archive
from preservation.catalogue.anchors import StoreTotals
from preservation.catalogue.journal_fold import JournalReading
from preservation.stores.place import named, not_empty
from preservation.stores.presence import Presence, StorePresence, presence_of, unavailable
from preservation.stores.store import MARKER, WORK, Store, away_advice, read_whole
from preservation.vault.founding import (
    found_store,
    has_own_program,
    is_free,
    renew_program,
    standing_home,
    standing_id,
    standing_name,
)

_PROBE = WORK / "probe"


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """One store: whether it is there, what lies in it, how many copies are owed to it."""

    seen: StorePresence
    totals: StoreTotals
    owed: int


def add_store(before: Archive, after: Archive, name: str, *, names_there: Collection[str] = ()) -> None:
    """Take a place into use for copies; ``after`` is the archive with that store among its own.

    ``names_there`` is what stands at the top of the place, which has to be empty if the store is new. May be called again after it was interrupted, and for a store that the journal knows and the settings did not. Raises
    ``ConfigurationError`` when another store lies in the place of one that is known, ``ConflictError`` when a store in
    use, another archive's or anything else lies in that of a new one.
    """
    before.begin_writing()
    store = after.vault.store(name)
    known = before.reading.refresh().stores
    if name in known:
        _require_ours(store, known[name].marker)
        after.vault.ledger.level_stores()
        return
    home_id = next(iter(json.loads(promised.marker)["home_id"] for promised in known.values()))
    former = former_identifiers(after, name)
    if former:
        with after.vault.locks.journal():
            after.memory.begin_anew(name)
    _require_not_retired(after, store)
    if standing_id(store) is None and not is_free(store, names_there):
        raise not_empty(name, store.properties.where, named(names_there))
    fact = found_store(store, store_id=after.world.new_identifier(), home_id=home_id, replaces=former)
    after.vault.ledger.append([fact])


def plan_programs(archive: Archive, reading: JournalReading | None = None) -> tuple[StorePresence, ...]:
    """Return the stores whose ``restore.py`` is of other software than this; those that are not there among them.

    ``reading`` is what the journal says, where the catalogue must not be touched.
    """
    promised = (reading or archive.reading).refresh().stores
    known = [store for store in archive.vault.stores if store.name in promised]
    return tuple(presence_of(one, promised[one.name]) for one in known if not has_own_program(promised[one.name]))


def renew_programs(archive: Archive, plan: Sequence[StorePresence]) -> tuple[RestoreProgramRenewed, ...]:
    """Put this software's ``restore.py`` into the stores of a plan that are there, and let the journal remember it.

    Stores that are away have to be come back to; may be called again after it was interrupted.
    """
    there = [one.store for one in plan if one.is_there]
    if not there:
        return ()
    archive.begin_writing()
    promised, stamp = archive.reading.refresh().stores, archive.vault.stamp()
    facts = tuple(renew_program(store, promised[store.name], stamp=stamp) for store in there)
    archive.vault.ledger.append(facts)
    archive.refresh()
    return facts


def figures_of_stores(archive: Archive) -> tuple[StoreFigures, ...]:
    """Return the figures of every store, in the order of the settings."""
    anchors = archive.reading.refresh()
    owed = Counter(copy.store for copy in owed_copies(archive))
    return tuple(
        StoreFigures(
            seen=archive.presence(store),
            totals=anchors.totals(store.name),
            owed=owed[store.name],
        )
        for store in archive.vault.stores
    )


def try_store(archive: Archive, store: Store) -> StorePresence:
    """Look whether a store is there, is ours by a whole marker, and gives back what is written into it."""
    seen = archive.presence(store)
    if not seen.takes_copies:
        return _with_marker(archive, seen)
    probe = f"{archive.world.new_identifier()}\n".encode()
    try:
        store.remove(_PROBE)
        store.create(_PROBE, [probe])
        store.flush([_PROBE])
        came_back = read_whole(store, _PROBE)
        store.remove(_PROBE)
    except (StorageError, NotFoundError) as failure:
        return unavailable(store, failure) if isinstance(failure, StorageError) else _lost_the_probe(store, failure)
    if came_back != probe:
        return StorePresence(store, Presence.UNREADABLE, message("读回的与写入的不同", "it gives back other bytes"))
    return _with_marker(archive, seen)


def _with_marker(archive: Archive, seen: StorePresence) -> StorePresence:
    """Return how a store stands, with what is wrong with its marker: it is to be, byte for byte, the one that the journal has."""
    promised = archive.reading.refresh().stores.get(seen.store.name)
    if promised is None or not seen.is_there:
        return seen
    try:
        if read_whole(seen.store, MARKER) == promised.marker.encode("utf-8"):
            return seen
        found = message("其标记 store.json 损坏", "its marker store.json is damaged")
    except NotFoundError:
        found = message("其标记 store.json 缺失", "its marker store.json is missing")
    except StorageError as failure:
        return unavailable(seen.store, failure)
    advice = message("请运行 jinkui audit，再运行 jinkui repair", "run jinkui audit, then jinkui repair")
    if seen.reason is None:
        return replace(seen, reason=found, advice=advice, is_damaged=True)
    both = message("{one}；{other}", "{one}; {other}", one=seen.reason, other=found)
    return replace(seen, reason=both, is_damaged=True)


def _lost_the_probe(store: Store, failure: NotFoundError) -> StorePresence:
    """Return that a store has no more what was written into it just now."""
    return StorePresence(store, Presence.UNREADABLE, failure.message, away_advice(store.name, failure.advice))


def _require_not_retired(archive: Archive, store: Store) -> None:
    """Raise ``ConflictError`` where a store lies that left this archive: what lies there may have been destroyed since."""
    name, stands = standing_name(store), standing_id(store)
    if name is None or stands not in former_identifiers(archive, name):
        return
    known = archive.reading.refresh().stores.get(name)
    if known is None or known.store_id != stands:
        raise ConflictError(
            message(
                "该处是已停用或被替换的存储“{name}”",
                "the store “{name}”, which left the archive, lies there",
                name=name,
            ),
            subject=store.name,
            advice=message(
                "请换一个空的位置；其中的副本可用 jinkui replicate --from 文件夹 读取",
                "choose an empty place; jinkui replicate --from FOLDER reads its copies",
            ),
        )


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
