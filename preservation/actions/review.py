"""Records that were opened and changed since: what waits for another review, and whether its images did."""

from dataclasses import dataclass

from archives.errors import FormatError, IntegrityError, NotFoundError, StorageError
from archives.journal.facts import OpeningDecided, PackageStored
from archives.record.holding import Holding, own_pages
from archives.record.rights import OpeningDecision
from archives.reviewed import shown_digest
from preservation.archive import Archive
from preservation.catalogue.holdings.unit_holdings import UnitHoldings
from preservation.vault.content import read_content


@dataclass(frozen=True, slots=True)
class WaitingRecord:
    """A record that was opened and is not any more what was reviewed; ``decision`` is the one that opened it."""

    holding: Holding
    decision: OpeningDecision
    images_changed: bool


def waiting_records(archive: Archive) -> tuple[WaitingRecord, ...]:
    """Return the records whose opening waits for another review, in the order of their codes."""
    found = [
        WaitingRecord(holding, holding.decisions[-1], _images_changed(archive, holding))
        for holding in UnitHoldings(archive.catalogue).waiting()
        if isinstance(holding.decisions[-1], OpeningDecision)
    ]
    return tuple(sorted(found, key=lambda one: str(one.holding.key)))


def _images_changed(archive: Archive, holding: Holding) -> bool:
    """Say whether other files are shown than in the version that was approved; one that cannot be read was another.

    A unit without content has no images.
    """
    if not holding.version:
        return False
    version = _volume_approved(archive, holding) if holding.item else holding.approved_version
    try:
        before = read_content(archive.vault, archive.catalogue.stored(holding.package_id, version))
    except (NotFoundError, FormatError, IntegrityError, StorageError):
        return True
    shown = shown_digest(before.files, own_pages(before.volume, holding.item))
    return shown != shown_digest(holding.files, holding.own_pages)


def _volume_approved(archive: Archive, item: Holding) -> int:
    """Return the version of the volume that was the newest when the last decision about an item was made, 0 for none."""
    version = approved = 0
    for entry in archive.history(item):
        match entry.fact:
            case PackageStored():
                version = entry.fact.version
            case OpeningDecided():
                approved = version
            case _:
                pass
    return approved
