"""A stored record as the catalogue knows it: description, files, decisions, and where it stands in the journal."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

from archives.record.description import Description, Fonds, Repository
from archives.record.identifiers import PackageId, RecordKey
from archives.record.record import RepresentationName
from archives.record.rights import Access, Conclusion, OnlineScope, OpeningDecision, Openness, Withdrawal, access_on
from archives.record.volume.page_label import PageLabel
from archives.record.volume.structure import VolumeStructure


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One payload file of a package's newest version; ``path`` is its place in the bag (``data/…``)."""

    path: PurePosixPath
    size_bytes: int
    sha256: str
    puid: str | None
    format_name: str
    mime: str
    original_name: str
    representation: RepresentationName | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A record in its newest version with everything decided about it.

    ``sequence`` is the journal's number of the newest entry that touched the record: the version of every search
    document and published view made from it. ``reviewed`` is the digest of what a review of this version looks at;
    ``approved`` the one that the last opening decision stands for, made when ``approved_version`` was the newest.
    ``volume`` says what the pages of a volume are called and which items stand on them; None for another record.
    """

    package_id: PackageId
    version: int
    key: RecordKey
    repository: Repository
    fonds: Fonds | None
    description: Description
    files: tuple[StoredFile, ...]
    decisions: tuple[OpeningDecision | Withdrawal, ...]
    sequence: int
    stored_at: datetime
    reviewed: str = ""
    approved: str = ""
    approved_version: int = 0
    volume: VolumeStructure | None = None

    def access_on(self, day: date) -> Access:
        """Return what may be done with the record on ``day``: what was not reviewed as it is now waits."""
        access = access_on(day, self.decisions)
        if access.is_open and self.approved != self.reviewed:
            return Access(Openness.CHANGED, OnlineScope.NOT_ONLINE)
        return access

    @property
    def waits_for_review(self) -> bool:
        """Whether the last decision opens the record, now or later, and it is not any more what was reviewed."""
        last = self.decisions[-1] if self.decisions else None
        is_opening = isinstance(last, OpeningDecision) and last.conclusion is Conclusion.OPEN
        return is_opening and self.approved != self.reviewed

    def label_of(self, page: int | None) -> PageLabel | None:
        """Return what a page is called, None where it has no label but its number in the record."""
        return self.volume.label(page) if self.volume and page else None

    @property
    def originals(self) -> tuple[StoredFile, ...]:
        """The files as they came, in page order."""
        return self._of(RepresentationName.ORIGINAL)

    @property
    def attachments(self) -> tuple[StoredFile, ...]:
        """What was attached to the mails among the files, taken out of them."""
        return self._of(RepresentationName.ATTACHED)

    @property
    def page_texts(self) -> tuple[StoredFile, ...]:
        """The plain text of each page, in page order."""
        return tuple(file for file in self._of(RepresentationName.TEXT) if file.mime == "text/plain")

    def _of(self, name: RepresentationName) -> tuple[StoredFile, ...]:
        chosen = (file for file in self.files if file.representation is name)
        return tuple(sorted(chosen, key=lambda file: (file.page or 0, file.path)))
