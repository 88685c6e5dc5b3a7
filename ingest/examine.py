"""The stages of ingest that run in children: examine files, read pages, extract text, make the access copy.

Each is a top-level function from a frozen item to a frozen item, may run twice, and writes only below the work folder
it is given.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PIL import Image

from archives.errors import FormatError
from archives.exchange.alto import read_alto, write_alto
from archives.findings import Finding
from archives.message import message
from archives.record.checksum import Digester, Digests
from archives.record.record import FormatIdentification
from archives.system_reason import reason_of
from archives.text.page import Page
from formats.characterize import characterize
from formats.identify import identify
from formats.kinds.image import encode_jpeg
from formats.page_image import load_page
from formats.text import extract_text
from ingest.batch.listing import PlannedFile
from ingest.batch.plan import PlannedRecord
from ingest.page.access_pdf import AccessPage, write_access_pdf
from ingest.page.ocr.engine import OcrSettings
from ingest.page.ocr.recognise import recognise_page

_BLOCK_BYTES = 256 * 1024
_ACCESS_QUALITY = 60


@dataclass(frozen=True, slots=True)
class ExaminedFile:
    """A file of the batch with its digests, what it is and what is wrong with it; ``pages`` as in characterization."""

    planned: PlannedFile
    digests: Digests
    format: FormatIdentification
    properties: tuple[tuple[str, str], ...]
    pages: int | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ExaminedRecord:
    """A record whose files were all read once."""

    planned: PlannedRecord
    files: tuple[ExaminedFile, ...]


@dataclass(frozen=True, slots=True)
class PageTask:
    """One page that is to be read: which page of which file, its number in the record, where results go.

    ``known_alto`` is what was read of the very same page before; then it is not read again.
    """

    file: ExaminedFile
    page_index: int
    number: int
    language: str
    folder: Path
    settings: OcrSettings
    software: str
    known_alto: bytes | None = None


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page's results as files in the work folder, and the text itself."""

    number: int
    page: Page
    jpeg: Path
    alto: Path
    text: Path


@dataclass(frozen=True, slots=True)
class AccessCopyTask:
    """The pages of a record that become one searchable PDF."""

    pages: tuple[ReadPage, ...]
    target: Path
    title: str
    language: str
    created_at: datetime


def examine_record(planned: PlannedRecord) -> ExaminedRecord:
    """Read every file of a record once: digests, identification, technical properties."""
    return ExaminedRecord(planned, tuple(examine_file(file) for file in planned.files))


def examine_file(planned: PlannedFile) -> ExaminedFile:
    """Read one file; raises ``FormatError`` only when its bytes cannot be read at all."""
    digests = digest_file(planned.path)
    found = identify(planned.path)
    character = characterize(planned.path, found)
    findings = tuple(finding.at(file=planned.shown) for finding in character.findings)
    return ExaminedFile(planned, digests, found, character.properties, character.pages, findings)


def digest_file(path: Path) -> Digests:
    """Return the digests of a file; raises ``FormatError`` when it cannot be read."""
    digester = Digester()
    try:
        with path.open("rb", buffering=0) as source:
            while block := source.read(_BLOCK_BYTES):
                digester.update(block)
    except OSError as cause:
        raise FormatError(
            message("无法读取文件：{reason}", "the file cannot be read: {reason}", reason=reason_of(cause)),
            subject=str(path),
        ) from cause
    return digester.digests()


def read_page(task: PageTask) -> ReadPage:
    """Read one page of a scan; writes its image, ALTO and text into the task's folder."""
    image = load_page(task.file.planned.path, task.file.format.mime, task.page_index)
    if task.known_alto is not None:
        page = read_alto(task.known_alto)
    else:
        page = recognise_page(
            image.pixels, resolution_dpi=image.resolution_dpi, language=task.language, settings=task.settings
        )
    jpeg = image.jpeg or encode_jpeg(
        Image.fromarray(image.pixels), quality=_ACCESS_QUALITY, resolution_dpi=image.resolution_dpi
    )
    task.folder.mkdir(parents=True, exist_ok=True)
    stem = f"{task.number:04}"
    alto = task.known_alto or write_alto(page, image_name=task.file.planned.shown, software=task.software)
    return ReadPage(
        number=task.number,
        page=page,
        jpeg=_write(task.folder / f"{stem}.jpg", jpeg),
        alto=_write(task.folder / f"{stem}.xml", alto),
        text=_write(task.folder / f"{stem}.txt", (page.text + "\n").encode("utf-8")),
    )


def extract_file_text(file: ExaminedFile) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Return a born-digital file's text by page, and what was found."""
    extracted = extract_text(file.planned.path, file.format)
    return extracted.pages, tuple(finding.at(file=file.planned.shown) for finding in extracted.findings)


def make_access_copy(task: AccessCopyTask) -> Digests:
    """Write the searchable PDF of a record and return its digests."""
    pages = [AccessPage(page.jpeg, page.page) for page in task.pages]
    write_access_pdf(task.target, pages, title=task.title, language=task.language, created_at=task.created_at)
    return digest_file(task.target)


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
