"""A package as it is handed over for storing, and the bag and inventory that it becomes."""

import hashlib
import importlib.metadata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase
from pathlib import PurePosixPath
from typing import Literal, Protocol

from archives.errors import ConflictError, FormatError
from archives.message import Message, message
from archives.record.checksum import Digests, digests_of
from archives.record.identifiers import PackageId
from archives.record.record import PackageKind
from archives.system_reason import reason_of
from preservation.package.bag import tag_files
from preservation.package.ocfl import Inventory, encode_inventory, first_inventory, next_inventory
from preservation.stores.store import BLOCK_BYTES

METS = PurePosixPath("data/METS.xml")
PREMIS = PurePosixPath("data/metadata/preservation/premis.xml")
RECORD_XML = PurePosixPath("data/metadata/descriptive/record.xml")
DC = PurePosixPath("data/metadata/descriptive/dc.xml")
ITEMS_XML = PurePosixPath("data/metadata/descriptive/items.xml")
"""The descriptions of a volume's items; a record without items has none."""


class Source(Protocol):
    """Where bytes are: a path, or a file that is looked at again when it is opened."""

    def open(self, mode: Literal["rb"], buffering: Literal[0]) -> RawIOBase:
        """Open it; raises ``OSError``, or ``FormatError`` when it is not what it was."""


@dataclass(frozen=True, slots=True)
class PayloadFile:
    """One payload file: its place in the bag (``data/…``), where its bytes are now, and what they must be.

    ``content`` is None for a file that an earlier version stores and nobody has to write again.
    """

    path: PurePosixPath
    content: Source | bytes | None
    digests: Digests

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes as they are now.

        Raises ``ConflictError`` when they can no longer be read or, after the last block, when they are no longer
        what they must be.
        """
        if isinstance(self.content, bytes):
            yield self.content
            return
        if self.content is None:
            raise self._changed(message("已入库", "stored"))
        digest = hashlib.sha256()
        try:
            with self.content.open("rb", buffering=0) as source:
                while block := source.read(BLOCK_BYTES):
                    digest.update(block)
                    yield block
        except OSError as cause:
            raise self._changed(reason_of(cause)) from cause
        except FormatError as cause:
            raise self._changed(cause.message) from cause
        if digest.hexdigest() != self.digests.sha256:
            raise self._changed(message("摘要不符", "its digest differs"))

    def _changed(self, reason: Message) -> ConflictError:
        return ConflictError(
            message(
                "源文件在处理期间被改动或无法再读取：{path}（{reason}）",
                "a source file changed or can no longer be read: {path} ({reason})",
                path=str(self.content),
                reason=reason,
            ),
            subject=str(self.content),
            advice=message(
                "请确认没有别的程序在改动它，再重新运行", "make sure that nothing else changes it, then run again"
            ),
        )


def payload_bytes(path: PurePosixPath, data: bytes) -> PayloadFile:
    """Return a payload file that was made in memory."""
    return PayloadFile(path, data, digests_of(data))


@dataclass(frozen=True, slots=True)
class NewPackage:
    """A package that is to be stored: whose it is, its payload, and the elements of its ``bag-info.txt``.

    ``succeeds`` is the package whose place it takes, empty for one that takes nobody's.
    """

    package_id: PackageId
    kind: PackageKind
    repository: str
    archival_code: str
    batch_id: str
    payload: tuple[PayloadFile, ...]
    info: tuple[tuple[str, str], ...]
    created_at: datetime
    succeeds: str = ""


@dataclass(frozen=True, slots=True)
class PlannedVersion:
    """A version ready to be written: the files that are new in it, and the inventory that describes all."""

    files: tuple[PayloadFile, ...]
    inventory: Inventory
    inventory_bytes: bytes

    @property
    def size_bytes(self) -> int:
        """The size of all content files together."""
        return sum(file.digests.size_bytes for file in self.files)


def plan_first_version(package: NewPackage, *, note: str, user: str) -> PlannedVersion:
    """Return what version 1 of a package holds: a complete BagIt bag and its OCFL inventory."""
    tags = tag_files({file.path: file.digests for file in package.payload}, package.info)
    files = (*package.payload, *(payload_bytes(path, data) for path, data in tags.items()))
    inventory = first_inventory(
        package.package_id,
        {file.path: file.digests.sha512 for file in files},
        created_at=package.created_at,
        note=note,
        user=user,
    )
    return PlannedVersion(files, inventory, encode_inventory(inventory))


def plan_next_version(previous: Inventory, package: NewPackage, *, note: str, user: str) -> PlannedVersion:
    """Return the version after ``previous``: a complete bag, of which only bytes not stored yet are to be written."""
    tags = tag_files({file.path: file.digests for file in package.payload}, package.info)
    files = (*package.payload, *(payload_bytes(path, data) for path, data in tags.items()))
    inventory = next_inventory(
        previous,
        {file.path: file.digests.sha512 for file in files},
        created_at=package.created_at,
        note=note,
        user=user,
    )
    folder = PurePosixPath(f"v{inventory.head}/content")
    new = {path.relative_to(folder) for path in inventory.content_files() if path.is_relative_to(folder)}
    written = tuple(file for file in files if file.path in new)
    return PlannedVersion(written, inventory, encode_inventory(inventory))


def software() -> str:
    """Return this program with its version, as packages name what made them."""
    return f"jinkui {importlib.metadata.version('jinkui')}"


def bag_info(
    package_id: PackageId,
    *,
    organization: str,
    external_identifier: str,
    description: str,
    created_at: datetime,
    software: str,
) -> tuple[tuple[str, str], ...]:
    """Return the reserved elements of ``bag-info.txt`` that every package has (RFC 8493 §2.2.2)."""
    return (
        ("Source-Organization", organization),
        ("External-Identifier", external_identifier),
        ("External-Description", description),
        ("Internal-Sender-Identifier", package_id.urn),
        ("Bagging-Date", created_at.date().isoformat()),
        ("Bag-Software-Agent", software),
    )
