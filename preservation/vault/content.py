"""What a stored package says of itself, read back for the catalogue and for search."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from archives.errors import FormatError, IntegrityError, NotFoundError, StorageError
from archives.exchange.package_metadata import read_record
from archives.journal.facts import PackageStored
from archives.record.checksum import Kept, Master
from archives.record.description import Description
from archives.record.holding import Holding, StoredFile
from archives.record.identifiers import PackageId
from archives.record.marked import marked_places
from archives.record.record import ROLE, FileObject, PackageKind, Record, RepresentationName
from preservation.catalogue.catalogue import Catalogue
from preservation.catalogue.descriptions import PackageContent
from preservation.catalogue.holdings.unit_holdings import UnitHoldings
from preservation.package.description_package import FINDINGS, UNITS, read_findings
from preservation.package.new_package import ITEMS_XML, METS, PREMIS, RECORD_XML, NewPackage
from preservation.package.ocfl import Inventory
from preservation.vault.copying import VersionFiles
from preservation.vault.export import copy_file
from preservation.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class NewestVersion:
    """The newest version of a record: what its package says, its anchor, and the stores that have it."""

    record: Record
    anchor: PackageStored
    holders: tuple[str, ...]


class Holdings:
    """The units of a home with their files: what search reads to make its documents."""

    def __init__(self, catalogue: Catalogue, vault: Vault) -> None:
        self._catalogue = catalogue
        self._units = UnitHoldings(catalogue)
        self._last: tuple[tuple[PackageId, int], VersionFiles] | None = None
        self._volume: tuple[tuple[PackageId, int], tuple[Master, ...]] | None = None
        self._vault = vault

    def changed_after(self, sequence: int, *, decided: bool = False) -> Iterator[Holding]:
        """Yield the units that changed after a journal sequence; see ``UnitHoldings.changed_after``."""
        return self._units.changed_after(sequence, decided=decided)

    def ahead(self, today: date) -> frozenset[str]:
        """Return the units with a decision of which a day is still to come; see ``UnitHoldings.ahead``."""
        return self._units.ahead(today)

    def awaiting(self, sequence: int, today: date, early: Collection[str] = ()) -> Iterator[Holding]:
        """Yield the units of which a day has come since a journal entry; see ``UnitHoldings.awaiting``."""
        return self._units.awaiting(sequence, today, early)

    def named(self, unit_ids: Collection[str]) -> Iterator[Holding]:
        """Yield those of these units that there are."""
        return self._units.named(unit_ids)

    def former_codes(self, holding: Holding) -> tuple[str, ...]:
        """Return the matching forms of the archival codes that a record had before."""
        return self._catalogue.former_codes(holding)

    def as_reviewed(self, holding: Holding) -> Holding | None:
        """Return a record that waits for review as it was when it was approved, under the code that it has now.

        None where that version cannot be read whole, or is not what was reviewed, or where something marks the record as secret
        or withheld by now that its reviewer did not see; of a volume with items, and of an item, always, for what was
        reviewed of one may show what is another's by now.
        """
        if holding.own_pages is not None or not holding.version:
            return None
        try:
            content = read_content(self._vault, self._catalogue.stored(holding.package_id, holding.approved_version))
        except (NotFoundError, FormatError, IntegrityError, StorageError):
            return None
        content = replace(content, codes_had=self._units.codes_had(holding.unit_id))
        if content.description is None or content.reviewed() != holding.approved:
            return None
        if markings(holding.description, holding.files) - markings(content.description, content.files):
            return None
        description = replace(content.description, code=holding.description.code)
        version, reviewed = holding.approved_version, holding.approved
        before = replace(holding, version=version, description=description, files=content.files, reviewed=reviewed)
        return None if content.volume and content.volume.items else replace(before, volume=content.volume)

    def kept(self, holding: Holding, day: date) -> Kept | None:
        """Return how a unit's content is kept as of a day, with its masters by their pages; None for a unit without content."""
        if not holding.version:
            return None
        newest = self._catalogue.anchor(holding.package_id).version
        damaged = self._catalogue.upkeep.damaged_in(holding.package_id.value)
        verified = [
            copy.verified_at.astimezone().date()
            for copy in self._catalogue.copies(holding.package_id)
            if copy.version == newest and copy.verified_at and copy.store not in damaged
        ]
        masters = self._masters_of_package(holding) if holding.item else _masters(holding)
        stored_on = holding.stored_at.astimezone().date()
        return Kept(stored_on, day, len(verified), min(verified, default=None), masters)

    def _masters_of_package(self, item: Holding) -> tuple[Master, ...]:
        """Return the masters of a volume that an item stands in: what is whole of it is told by where the next one begins."""
        place = (item.package_id, item.version)
        if self._volume is None or self._volume[0] != place:  # items of one volume are published one after another
            volume = next(self._catalogue.named([item.package_id.value]), None)
            self._volume = (place, _masters(volume) if volume and volume.version == item.version else ())
        return self._volume[1]

    def disposed_after(self, sequence: int) -> tuple[tuple[str, int], ...]:
        """Return the units whose content was disposed of after a journal sequence, each with that of the tombstone."""
        return self._catalogue.units.packages.left_after(sequence)

    def head(self) -> int:
        """Return the journal sequence up to which changes are known, what packages say of themselves too."""
        return self._catalogue.descriptions.head()

    def read(self, holding: Holding, file: StoredFile) -> bytes:
        """Return a file's bytes, of the record's version, checked; raises ``IntegrityError`` when no store has it whole."""
        return self._vault.read_wanted(self._files(holding).wanted(file.path))

    def copy(self, holding: Holding, file: StoredFile, folder: Path) -> Path:
        """Copy a file of the record's version into a new folder, checked, and return where it lies; raises as ``copy_file``."""
        return copy_file(self._vault, file.path, self._files(holding).wanted(file.path), folder)

    def _files(self, holding: Holding) -> VersionFiles:
        place = (holding.package_id, holding.version)
        if self._last is None or self._last[0] != place:  # the pages of one package are read one after another
            self._last = (place, self._vault.files(self._catalogue.stored(*place)))
        return self._last[1]

    def newest(self, package_id: PackageId) -> NewestVersion:
        """Return the newest version of a package; raises ``IntegrityError`` when no store has its description whole."""
        anchor = self._catalogue.anchor(package_id)
        copies = self._catalogue.copies(package_id)
        holders = tuple(copy.store for copy in copies if copy.version == anchor.version)
        return NewestVersion(read_package_record(self._vault, self._vault.inventory(anchor)), anchor, holders)


def _masters(holding: Holding) -> tuple[Master, ...]:
    """Return the originals that have pages, each with those up to where the next one begins."""
    files = [file for file in holding.originals if file.page]
    last = max(
        (*(file.page or 0 for file in holding.files), *(holding.volume.labels if holding.volume else ())), default=0
    )
    starts = [*(file.page or 0 for file in files), last + 1]
    return tuple(
        Master(start, max(start, starts[number] - 1), file.sha256)
        for number, (file, start) in enumerate(zip(files, starts, strict=False), 1)
    )


def markings(description: Description, files: Iterable[StoredFile]) -> set[str]:
    """Return what marks a unit as secret or withheld, in its elements and in the names of what came of it."""
    came = (RepresentationName.ORIGINAL, RepresentationName.ATTACHED)
    names = [file.original_name for file in files if file.representation in came]
    return {one.said for one in marked_places(description, names, day=date.max)}


def read_content(vault: Vault, anchor: PackageStored) -> PackageContent:
    """Return what the catalogue takes over from a package.

    Raises ``IntegrityError`` or ``FormatError`` when no copy of what describes it can be read.
    """
    if anchor.kind is PackageKind.DESCRIPTION:
        return _rows(vault, vault.inventory(anchor))
    content = _content(read_package_record(vault, vault.inventory(anchor)))
    return content if anchor.kind is PackageKind.RECORD else replace(content, description=None)


def content_to_be(package: NewPackage) -> PackageContent:
    """Return what the catalogue will take over from a package of a record once it is stored."""
    said = {one.path: one for one in package.payload if one.path in (METS, PREMIS, RECORD_XML, ITEMS_XML)}
    mets, premis, described = (b"".join(said[path].blocks()) for path in (METS, PREMIS, RECORD_XML))
    items = b"".join(said[ITEMS_XML].blocks()) if ITEMS_XML in said else None
    return _content(read_record(mets, premis, described, items))


def _content(record: Record) -> PackageContent:
    """Return what is taken over of what a package says."""
    files = (_stored_file(some.name, file) for some in record.representations for file in some.files)
    return PackageContent(record.description, tuple(files), record.findings, volume=record.volume)


def _rows(vault: Vault, inventory: Inventory) -> PackageContent:
    """Return what a package says of units; raises ``IntegrityError`` or ``FormatError``."""
    there = inventory.logical_files()
    findings = read_findings(vault.read(inventory, FINDINGS)) if FINDINGS in there else ()
    return PackageContent(None, (), findings, units=vault.read(inventory, UNITS))


def read_package_record(vault: Vault, inventory: Inventory) -> Record:
    """Return the record that a package describes; raises ``IntegrityError`` or ``FormatError``."""
    has_items = ITEMS_XML in inventory.logical_files()
    items = vault.read(inventory, ITEMS_XML) if has_items else None
    mets, premis, said = (vault.read(inventory, path) for path in (METS, PREMIS, RECORD_XML))
    return read_record(mets, premis, said, items)


def _stored_file(representation: RepresentationName, file: FileObject) -> StoredFile:
    return StoredFile(
        path=file.path,
        size_bytes=file.digests.size_bytes,
        sha256=file.digests.sha256,
        puid=file.format.puid,
        format_name=file.format.name,
        mime=file.format.mime,
        original_name=file.original_name,
        representation=representation,
        page=file.page,
        role=dict(file.properties).get(ROLE, ""),
    )
