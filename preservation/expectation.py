"""What must lie where in a store, worked out from the journal's anchors and nothing else."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from archives.facts import PackageStored, StoreAdded
from archives.identifiers import PackageId
from preservation.ocfl import INVENTORY, OBJECT_DECLARATION, SIDECAR, object_declaration, object_folder, root_files
from preservation.store import MARKER, RESTORE_PROGRAM
from preservation.vault import Vault


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must lie at one path of a store: these very bytes, or bytes with this SHA-512."""

    sha512: str
    data: bytes | None = None


def expect(data: bytes) -> Expectation:
    """Return the expectation of exactly these bytes."""
    return Expectation(hashlib.sha512(data).hexdigest(), data)


def expected_copy(vault: Vault, versions: Sequence[PackageStored]) -> dict[PurePosixPath, Expectation]:
    """Return what a copy that has these versions must hold, by path in the store.

    The inventory is the one whose digest the journal holds, from whichever store has it whole: a copy cannot vouch for
    itself. Raises ``IntegrityError`` when no store has it whole.
    """
    folder = object_folder(PackageId(versions[-1].package_id))
    expected = {folder / OBJECT_DECLARATION: expect(object_declaration())}
    for anchor in versions:
        sidecar = expect(expected_sidecar(anchor.inventory_sha512))
        for place in (folder / f"v{anchor.version}", folder):
            expected[place / INVENTORY] = Expectation(anchor.inventory_sha512)
            expected[place / SIDECAR] = sidecar
    for path, sha512 in vault.content_files(versions[-1]).items():
        expected[PurePosixPath(f"{folder}/{path}")] = Expectation(sha512)
    return expected


def expected_sidecar(inventory_sha512: str) -> bytes:
    """Return the sidecar of the inventory with this digest (OCFL 1.1 §3.7)."""
    return f"{inventory_sha512} {INVENTORY}\n".encode("ascii")


def expected_own_files(promised: StoreAdded) -> dict[PurePosixPath, Expectation]:
    """Return a store's own files: marker, restore program, what makes ``packages/`` a storage root."""
    expected = {path: expect(data) for path, data in root_files().items()}
    expected[MARKER] = expect(promised.marker.encode("utf-8"))
    expected[RESTORE_PROGRAM] = Expectation(promised.restore_program_sha512)
    return expected
