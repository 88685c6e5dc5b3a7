"""Rows of a package that was merged into another: looked for there, one by one, before anybody removes it."""

import json
from collections.abc import Iterable

from archives.errors import JinkuiError
from archives.journal.facts import Unproved
from archives.record.identifiers import PackageId
from archives.units.state import State
from archives.units.unit import row_digest
from preservation.catalogue.anchors import Anchors
from preservation.package.description_package import UNITS
from preservation.package.ocfl import object_folder
from preservation.stores.store import QUARANTINE, Store, read_whole
from preservation.vault.vault import Vault

DISPOSED = "disposed-"
"""How the name of a copy begins that was set aside to be destroyed."""


def missing_rows(
    vault: Vault, anchors: Anchors, package_id: str, into: str, stores: Iterable[Store]
) -> Unproved | None:
    """Return ``ROWS_MISSING`` where the copies of a package in these stores have a row that what it was merged into lacks.

    A row of which only the stub is left there was purged since. Raises as reading the package that has the rows now does.
    """
    living = anchors.in_place_of(into)
    if living is None:
        return Unproved.ROWS_MISSING
    anchor = anchors.versions[living][-1]
    there = vault.read(vault.inventory(anchor), UNITS).splitlines(keepends=True)
    digests = {row_digest(row) for row in there}
    left: list[bytes] = []
    for store in stores:
        left += [row for row in _rows(store, package_id) if row_digest(row) not in digests]
    if not left:
        return None
    stubs = {_key(row) for row in there if json.loads(row).get("state") == State.PURGED.value}
    return None if all(_key(row) in stubs for row in left) else Unproved.ROWS_MISSING


def _key(row: bytes) -> tuple[str, int]:
    try:
        said = json.loads(row)
        return said["unit_id"], said["revision"]
    except (ValueError, KeyError, TypeError):
        return "", 0


def _rows(store: Store, package_id: str) -> list[bytes]:
    """Return the rows of a store's copy, whether it lies in its place or was set aside; of none that is there, none."""
    for folder in (object_folder(PackageId(package_id)), QUARANTINE / f"{DISPOSED}{package_id}"):
        try:
            return read_whole(store, folder / "v1" / "content" / UNITS).splitlines(keepends=True)
        except JinkuiError:
            continue
    return []
