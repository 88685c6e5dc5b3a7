"""Vaults and packages to try things on."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from archives.journal.facts import HomeInitialised, PackageStored
from archives.record.identifiers import PackageId
from archives.record.record import PackageKind
from preservation.audit.audit import AuditResult, audit, present_stores
from preservation.audit.plan import AuditSelection, plan_audit
from preservation.audit.repair import RepairStep, plan_repair, repair
from preservation.audit.verdicts import FileVerdict
from preservation.catalogue.journal_fold import JournalReading
from preservation.journal.key import archive_key
from preservation.journal.ledger import Ledger
from preservation.journal.memory import Memory
from preservation.locks import Locks
from preservation.package.new_package import NewPackage, bag_info, payload_bytes
from preservation.stores.local import LocalStore
from preservation.stores.store import Store
from preservation.vault.founding import found_store
from preservation.vault.recovery import Recovered, recover, welcome
from preservation.vault.vault import Vault

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ORIGINAL = PurePosixPath("data/representations/original/data/page.bin")


def make_vault(folder: Path, *, stores: tuple[Store, ...] | None = None, found: bool = True) -> Vault:
    """Return a vault over two local stores (or the given ones), founded unless told otherwise."""
    chosen = stores or (LocalStore("first", folder / "first"), LocalStore("second", folder / "second"))
    locks = Locks(folder / "locks")
    ledger = Ledger(chosen, locks, make_memory(folder), now=lambda: MOMENT, agent="tester")
    if found:
        facts = [found_store(s, store_id=f"id-{s.name}", home_id="home") for s in chosen]
        ledger.append([HomeInitialised("home"), *facts])
    return Vault(chosen, ledger, locks, now=lambda: MOMENT)


def make_memory(folder: Path, *, home_id: str = "home") -> Memory:
    """Return the memory of a home, begun when there was none."""
    memory = Memory(folder / "journal", folder / "keys")
    if not memory.is_there:
        key = archive_key(folder / "keys", new_seed=lambda: b"\x01" * 32)
        memory.begin(home_id, "instance", [key.public_key])
    return memory


def unsign_newest(folder: Path, *stores: str) -> None:
    """Take the newest group out of the home's memory and of stores, as if its process had died before it was signed."""
    tail = folder / "journal/tail"
    newest = max((folder / stores[0] / "journal").glob("*.jsonl"))
    assert tail.read_bytes().endswith(newest.read_bytes())
    tail.write_bytes(tail.read_bytes().removesuffix(newest.read_bytes()))
    head = Memory(folder / "journal", folder / "keys").end
    for name in stores:
        (folder / name / "journal" / newest.name).unlink()
        (folder / name / "journal/head").write_bytes(head.encoded())


def audit_all(vault: Vault) -> AuditResult:
    """Read every byte of every copy."""
    reading = JournalReading(vault.ledger)
    there, _ = present_stores(vault, reading.anchors)
    plan = plan_audit(
        reading.anchors, AuditSelection(), there=frozenset(s.name for s in there), now=MOMENT, draw=lambda t, n: t[:n]
    )
    return audit(vault, reading, plan, workers=2, clock=time.monotonic)


def repair_all(vault: Vault, problems: Iterable[FileVerdict]) -> tuple[RepairStep, ...]:
    """Mend what can be mended and return the whole plan."""
    reading = JournalReading(vault.ledger)
    plan = plan_repair(vault, reading, problems)
    stamp = f"r{len(list(vault.ledger.entries()))}"
    repair(vault, plan, reading=reading, stamp=stamp)
    return plan


def recover_all(vault: Vault) -> tuple[Recovered, ...]:
    """Do what every writing command begins with."""
    reading = JournalReading(vault.ledger)
    vault.ledger.level_stores(before_return=lambda names: _welcomed(vault, reading, names))
    return recover(vault, reading, today=MOMENT.date()).outcomes


def _welcomed(vault: Vault, reading: JournalReading, names: frozenset[str]) -> None:
    welcome(vault, reading, names)


def unasked(_: PackageStored) -> None:
    """Let a version be written after whichever was named."""


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
