"""Archives without a terminal, with described records in them, to call use cases on."""

import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from archives.journal.facts import HomeInitialised
from archives.message import Message
from archives.record.description import Description, parse_retention
from archives.record.holding import Holding
from archives.record.identifiers import PackageId, reference_code
from archives.record.record import PackageKind
from ingest.contents import Contents
from ingest.package import Packaging, build_package
from preservation.actions.describe import add_repository
from preservation.archive import Archive, World
from preservation.stores.local import LocalStore
from preservation.stores.promise import Promise
from preservation.vault.founding import found_store
from tests.support.disposal import founders, private_key
from tests.support.vaults import MOMENT, make_memory

REPOSITORY = "990001"
TODAY = date(2026, 1, 2)


@contextmanager
def an_archive(
    folder: Path,
    *,
    stores: Sequence[str] = ("first", "second"),
    offline: Sequence[str] = (),
    minimum: int | None = None,
    founded: bool = True,
) -> Iterator[Archive]:
    """Give an archive over local stores in a folder; one repository is described in it.

    ``minimum`` stores are enough to write (None: all that are online).
    """
    numbers = itertools.count(time.time_ns())
    heard: list[Message] = []
    world = World(
        now=lambda: MOMENT,
        today=lambda: TODAY,
        new_identifier=lambda: f"00000000-0000-4000-8000-{next(numbers) % 10**12:012}",
        tell=heard.append,
        seconds=time.monotonic,
        draw=lambda items, number: items[:number],
    )
    folder.mkdir(exist_ok=True)
    places = tuple(LocalStore(name, folder / name) for name in stores)
    online = len(stores) - len(offline)
    promise = Promise(online, online if minimum is None else minimum, frozenset(offline), frozenset(offline))
    with Archive(folder, lambda: places, promise, operator="tester", world=world) as archive:
        if founded:
            make_memory(folder)
            facts = [found_store(one, store_id=f"id-{one.name}", home_id="home") for one in places]
            archive.vault.ledger.append([HomeInitialised("home"), *facts])
            add_repository(archive, REPOSITORY, name="岭澜省档案馆", name_en="", kind="馆", parent=None)
        yield archive


def keep_record(
    archive: Archive, code: str, *, year: int = 2001, retention: str = "D10", batch_id: str = "batch"
) -> Holding:
    """Put a record without files into an archive; return it as the catalogue has it."""
    archive.begin_writing()
    (repository,) = archive.catalogue.repositories()
    packaging = Packaging(
        package_id=PackageId(archive.world.new_identifier()),
        kind=PackageKind.RECORD,
        repository=repository,
        fonds=None,
        batch_id=batch_id,
        now=archive.world.now(),
        operator=archive.operator,
        software="jinkui 0",
        engine="",
    )
    described = Description(reference_code(code), f"Record {code}", year=year, retention=parse_retention(retention))
    archive.vault.put(build_package(described, Contents((), ()), (), packaging), note="ingest")
    return archive.refresh().find(code)


def register_persons(archive: Archive, *names: str) -> None:
    """Register the first persons of an archive; their keys, without a passphrase, lie beside it: see ``key_of``."""
    archive.vault.ledger.append([founders(*names)])
    for name in names:
        key_of(archive, name).parent.mkdir(exist_ok=True)
        key_of(archive, name).write_bytes(private_key(name))


def key_of(archive: Archive, name: str) -> Path:
    """Return the key file of a person that ``register_persons`` registered."""
    return archive.folder.with_name(f"{archive.folder.name}-keys") / f"{name}.key"
