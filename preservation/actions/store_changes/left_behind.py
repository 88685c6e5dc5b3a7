"""What leaves with a store: packages that lie nowhere else; and what the journal and the others are told of it."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from archives.errors import NotFoundError, RefusedError
from archives.journal.concern import the_store
from archives.journal.facts import CopiesGivenUp, Fact, StoreAdded, StoreReplaced
from archives.message import listed, message
from preservation.archive import Archive
from preservation.catalogue.anchors import Anchors
from preservation.stores.presence import Presence, presence_of
from preservation.vault.vault import no_store

_PACKAGES_AN_ENTRY = 1000


def lying_only_in(anchors: Anchors, name: str, others: Collection[str]) -> tuple[str, ...]:
    """Return the packages of which a store has a version that none of the others has."""
    held = anchors.states(package_id for store, package_id in anchors.copies() if store == name)
    return tuple(
        versions[0].package_id
        for versions, by_store in held
        if by_store.get(name, 0) > max((by_store.get(other, 0) for other in others), default=0)
    )


def require_given_up(archive: Archive, name: str, packages: Collection[str], *, give_up: bool) -> None:
    """Raise ``RefusedError`` where packages would be lost with a store, and nobody said that they may be."""
    if packages and not give_up:
        named = [code_of(archive, package_id) for package_id in packages]
        raise RefusedError(
            message(
                "{n} 个信息包只在存储“{store}”中：{names}",
                "{n} packages lie in the store “{store}” and nowhere else: {names}",
                n=len(named),
                store=name,
                names=listed(named),
            ),
            subject=name,
            advice=message(
                "若该处还读得出来，请接上它运行 jinkui replicate；否则加 --give-up 放弃，其磁盘日后又读得出来的，可用 jinkui "
                "replicate --from 文件夹 补回",
                "where it can still be read, bring it back and run jinkui replicate; else add --give-up to let them go: should "
                "its disk be read again one day, jinkui replicate --from FOLDER brings them back",
            ),
        )


def code_of(archive: Archive, package_id: str) -> str:
    """Return what people call a package."""
    versions = archive.fresh_reading.anchors.versions.get(package_id)
    return (versions[-1].archival_code if versions else "") or package_id


def given_up(store: str, packages: Collection[str]) -> Iterator[Fact]:
    """Yield what the journal is to remember of packages that leave with a store."""
    every = tuple(packages)
    for start in range(0, len(every), _PACKAGES_AN_ENTRY):
        yield CopiesGivenUp(store, every[start : start + _PACKAGES_AN_ENTRY])


def former_identifiers(archive: Archive, name: str) -> tuple[str, ...]:
    """Return the identifiers of the stores that ever had a name, the newest last."""
    entries = archive.fresh_reading.entries_about(the_store(name))
    return tuple(entry.fact.store_id for entry in entries if isinstance(entry.fact, StoreAdded | StoreReplaced))


@contextmanager
def for_one_append(archive: Archive, but: str = "") -> Iterator[None]:
    """Be a writer for one append, with what lies in other stores' places left alone; of the store ``but`` nothing is asked."""
    ledger, anchors = archive.vault.ledger, archive.fresh_reading.refresh()
    seen = (presence_of(one, anchors.stores.get(one.name)) for one in archive.vault.stores if one.name != but)
    ledger.foreign = {one.store.name for one in seen if one.presence is Presence.FOREIGN}
    with archive.vault.locks.among_writers():
        yield


def require_known(before: Archive, name: str) -> None:
    """Raise ``NotFoundError`` for a name that no store has or had: nothing is asked of any place before that is known."""
    if all(one.name != name for one in before.vault.stores) and not before.reading.fold.places([the_store(name)]):
        raise unknown(before, name)


def unknown(archive: Archive, name: str) -> NotFoundError:
    """Return the error that the journal knows no store of a name."""
    return no_store(name, archive.vault.stores)
