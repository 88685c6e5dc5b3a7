"""What the journal is told of a version: what it is to be, and where it lies."""

from collections.abc import Sequence

from archives.errors import StorageError
from archives.journal.facts import PackageIntended, PackageStored
from archives.message import message
from archives.record.checksum import digests_of
from preservation.journal.refusals import fewer_advice
from preservation.package.new_package import NewPackage, PlannedVersion
from preservation.stores.store import Store


def intent_of(package: NewPackage, plan: PlannedVersion, stores: Sequence[Store], together: str) -> PackageIntended:
    """Return what the journal is told before anything of a version is written; see ``PackageIntended``."""
    return PackageIntended(
        package_id=package.package_id.value,
        version=plan.inventory.head,
        inventory_sha512=digests_of(plan.inventory_bytes).sha512,
        size_bytes=plan.size_bytes,
        kind=package.kind,
        repository=package.repository,
        archival_code=package.archival_code,
        batch_id=package.batch_id,
        stores=tuple(store.name for store in stores),
        together=together,
        succeeds=package.succeeds,
    )


def stored_of(intent: PackageIntended, stores: Sequence[Store]) -> PackageStored:
    """Return what the journal is told when an intended version lies verified in these stores."""
    return PackageStored(
        package_id=intent.package_id,
        version=intent.version,
        inventory_sha512=intent.inventory_sha512,
        size_bytes=intent.size_bytes,
        kind=intent.kind,
        repository=intent.repository,
        archival_code=intent.archival_code,
        batch_id=intent.batch_id,
        stores=tuple(store.name for store in stores),
        succeeds=intent.succeeds,
    )


def too_few(there: int, minimum: int) -> StorageError:
    """Return the error that says that fewer stores took a version than at least have to."""
    return StorageError(
        message(
            "只有 {n} 个存储可用，至少需要 {m} 个", "only {n} stores are there; {m} are needed", n=there, m=minimum
        ),
        subject="stores",
        advice=fewer_advice(
            there,
            message("欠的副本请先用 jinkui replicate 补齐", "write copies that are owed with jinkui replicate first"),
        ),
    )
