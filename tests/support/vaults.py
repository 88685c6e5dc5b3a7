"""Vaults and packages to try things on."""

from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from archives.facts import HomeInitialised
from archives.identifiers import PackageId
from archives.record import PackageKind
from preservation.founding import found_store
from preservation.ledger import Ledger
from preservation.locks import Locks
from preservation.package import NewPackage, bag_info, payload_bytes
from preservation.store import Store
from preservation.stores.local import LocalStore
from preservation.vault import Vault

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ORIGINAL = PurePosixPath("data/representations/original/data/page.bin")


def make_vault(folder: Path, *, stores: tuple[Store, ...] | None = None, found: bool = True) -> Vault:
    """Return a vault over two local stores (or the given ones), founded unless told otherwise."""
    chosen = stores or (LocalStore("first", folder / "first"), LocalStore("second", folder / "second"))
    locks = Locks(folder / "locks")
    ledger = Ledger(chosen, locks, now=lambda: MOMENT, agent="tester")
    if found:
        facts = [found_store(s, store_id=f"id-{s.name}", home_id="home") for s in chosen]
        ledger.append([HomeInitialised("home"), *facts])
    return Vault(chosen, ledger, locks, now=lambda: MOMENT)


def make_package(number: int = 1, *, content: bytes = b"\x00scan" * 1000) -> NewPackage:
    """Return a small package; the number makes it another one."""
    package_id = PackageId(f"00000000-0000-4000-8000-{number:012}")
    return NewPackage(
        package_id=package_id,
        kind=PackageKind.RECORD,
        repository="990001",
        archival_code=f"Z109-WS·2011-Y-BGS-{number:04}",
        batch_id="batch",
        payload=(payload_bytes(ORIGINAL, content), payload_bytes(PurePosixPath("data/METS.xml"), b"<mets/>")),
        info=bag_info(
            package_id,
            organization="馆",
            external_identifier="Z109",
            description="件",
            created_at=MOMENT,
            software="jinkui",
        ),
        created_at=MOMENT,
    )
