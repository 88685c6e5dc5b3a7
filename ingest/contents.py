"""What a record's package is to hold: the files as they came, the text of their pages, a copy for access."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from archives.record.checksum import Digests
from archives.record.names import role_of, safe_paths
from archives.record.record import ROLE, FormatIdentification, RepresentationName
from archives.record.volume.structure import VolumeStructure
from archives.text.page import Page
from formats.kinds.kind import Oddity
from ingest.batch.listing import shown
from ingest.examine import ExaminedFile
from ingest.volumes.planned import FilePages


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page's results as files in the work folder, its text, what is odd about it; ``anew`` unless it was known before.

    ``source`` is the number of its file among the originals, ``index`` its place in that file; both count from 0. ``label``
    is what a page of a volume is called on paper.
    """

    source: int
    index: int
    page: Page
    jpeg: Path
    alto: Path
    text: Path
    anew: bool = True
    oddities: frozenset[Oddity] = frozenset()
    label: str = ""


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page of a born-digital file; ``source`` is the number of its file among the originals.

    ``attachment`` is the number, among the record's, of what is attached to that file and has this page, if it has.
    """

    number: int
    source: int
    text: str
    attachment: int | None = None


@dataclass(frozen=True, slots=True)
class KeptAttachment:
    """What was attached to the original with the number ``source``, taken out: its name in that, and where it is.

    ``number`` is that of its first page in the record; None where it has no text.
    """

    source: int
    name: str
    path: Path
    digests: Digests
    format: FormatIdentification
    number: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a record's package is made of.

    ``first_pages`` gives each original's first page number (0: none), ``empty_folders`` those of the record's tree.
    ``volume`` says what the pages of a volume are called, and whose they are.
    """

    originals: tuple[ExaminedFile, ...]
    first_pages: tuple[int, ...]
    read_pages: tuple[ReadPage, ...] = ()
    page_texts: tuple[PageText, ...] = ()
    access_copy: tuple[Path, Digests] | None = None
    empty_folders: tuple[str, ...] = ()
    attachments: tuple[KeptAttachment, ...] = ()
    volume: VolumeStructure | None = None

    @property
    def numbered(self) -> dict[int, ReadPage]:
        """The pages that were recognised, by their numbers in the record."""
        return {self.first_pages[page.source] + page.index: page for page in self.read_pages}

    @property
    def places(self) -> tuple[PurePosixPath, ...]:
        """Where the originals lie in the package: in the tree of folders that they came in, under safe names."""
        return self._safe_places[: len(self.originals)]

    @property
    def attached_places(self) -> tuple[PurePosixPath, ...]:
        """Where what was attached lies in the package: in a folder with the name of the mail that it came in."""
        came = (self.originals[one.source].planned.kept_at / one.name for one in self.attachments)
        return tuple(place_of(RepresentationName.ATTACHED, path) for path in safe_paths(came))

    @property
    def empty_places(self) -> tuple[PurePosixPath, ...]:
        """The empty folders of the tree, in the package."""
        return self._safe_places[len(self.originals) :]

    @property
    def _safe_places(self) -> tuple[PurePosixPath, ...]:
        came = (
            *(file.planned.kept_at for file in self.originals),
            *(PurePosixPath(shown(one)) for one in self.empty_folders),
        )
        return tuple(place_of(RepresentationName.ORIGINAL, path) for path in safe_paths(came))

    def properties_of(self, file: ExaminedFile) -> tuple[tuple[str, str], ...]:
        """Return the properties of an original, with the part of the document that it is, where the sheet or its name says so."""
        role = "" if self.volume else file.planned.role or role_of(str(file.planned.kept_at))
        return (*file.properties, (ROLE, role)) if role else file.properties

    def with_access_copy(self, made: tuple[Path, Digests]) -> "Contents":
        """Return the contents with an access copy: where it is, and its digests."""
        return replace(self, access_copy=made)

    @property
    def engine(self) -> str:
        """The engine that read the pages; empty where none was read."""
        return self.read_pages[0].page.engine if self.read_pages else ""

    @property
    def pages_read_anew(self) -> int:
        """How many pages were read that had not been read for a version before."""
        return sum(page.anew for page in self.read_pages)


def file_pages(files: Sequence[ExaminedFile], first_pages: Sequence[int] = ()) -> tuple[FilePages, ...]:
    """Return the pages of the files of a volume; they are counted on where it is not known yet where each begins."""
    answer: list[FilePages] = []
    following = 1
    for at, file in enumerate(files):
        if file.planned.is_beside:
            continue
        first = first_pages[at] if first_pages else following
        later = next((one for one in first_pages[at + 1 :] if one), 0)
        count = later - first if later else max(1, file.pages or 0)
        answer.append(FilePages(file.planned.shown, file.planned.label, file.planned.item, first, count))
        following = first + count
    return tuple(answer)


def place_of(representation: RepresentationName, path: PurePosixPath) -> PurePosixPath:
    """Return where a file of a representation lies in the package."""
    return PurePosixPath("data/representations") / representation / "data" / path
