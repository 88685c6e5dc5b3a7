"""What must lie where in a store, worked out from the journal's anchors and nothing else."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archives.journal.facts import PackageStored, StoreAdded
from archives.record.identifiers import PackageId
from preservation.package.ocfl import (
    INVENTORY,
    OBJECT_DECLARATION,
    SIDECAR,
    object_declaration,
    object_folder,
    root_files,
    sidecar_of,
)
from preservation.stores.store import MARKER, RESTORE_PROGRAM
from preservation.vault.founding import own_restore_program
from preservation.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must lie at one path of a store: these very bytes, or bytes with this SHA-512."""

    sha512: str
    data: bytes | None = None


def expect(data: bytes) -> Expectation:
    """Return the expectation of exactly these bytes."""
    return Expectation(hashlib.sha512(data).hexdigest(), data)


def expected_copy(vault: Vault, versions: Sequence[PackageStored]) -> dict[str, Expectation]:
    """Return what a copy that has these versions must hold, by path in the store (as text).

    The inventory is the one whose digest the journal holds, from whichever store has it whole: a copy cannot vouch for
    itself. Raises ``IntegrityError`` when no store has it whole.
    """
    folder = object_folder(PackageId(versions[-1].package_id))
    expected = {f"{folder}/{OBJECT_DECLARATION}": expect(object_declaration())}
    for anchor in versions:
        sidecar = expect(sidecar_of(anchor.inventory_sha512))
        for place in (f"{folder}/v{anchor.version}", f"{folder}"):
            expected[f"{place}/{INVENTORY}"] = Expectation(anchor.inventory_sha512)
            expected[f"{place}/{SIDECAR}"] = sidecar
    for path, sha512 in vault.content_files(versions[-1]).items():
        expected[f"{folder}/{path}"] = Expectation(sha512)
    return expected


def folders_above(places: Iterable[str]) -> set[str]:
    """Return every folder on the way to some path, all as text; the store itself is the empty text."""
    above: set[str] = set()
    for place in places:
        folder = place.rpartition("/")[0]
        while folder not in above:
            above.add(folder)
            folder = folder.rpartition("/")[0]
    return above


def expected_own_files(promised: StoreAdded) -> dict[str, Expectation]:
    """Return a store's own files: marker, restore program, what makes ``packages/`` a storage root.

    The program of this software is known by its bytes, that of another by its digest.
    """
    expected = {str(path): expect(data) for path, data in root_files().items()}
    expected[str(MARKER)] = expect(promised.marker.encode("utf-8"))
    own = expect(own_restore_program())
    is_own = own.sha512 == promised.restore_program_sha512
    expected[str(RESTORE_PROGRAM)] = own if is_own else Expectation(promised.restore_program_sha512)
    return expected
