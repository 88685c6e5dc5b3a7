"""The two pieces of work on a file: a page recognised by an engine, and the text that a file has by itself."""

from dataclasses import dataclass, replace
from pathlib import Path

from archives.exchange.alto import read_alto, write_alto
from archives.record.checksum import digests_of
from formats.page_image import grey_page_apart
from formats.text import Attachment, ExtractedText, extract_text_apart, without_reader
from ingest.batch.reopened import open_listed
from ingest.contents import KeptAttachment, ReadPage
from ingest.examine import ExaminedFile
from ingest.page.ocr.engine import OcrSettings
from ingest.page.ocr.recognise import recognise_page
from ingest.reading.work import OwnText, PageAnswer, PageLook, TaskAnswer

_ACCESS_QUALITY = 60


@dataclass(frozen=True, slots=True)
class PageTask:
    """One page that is to be recognised: which page of which file, and where its results are kept.

    ``known_alto`` is what was read of the very same page before; then it is not read again.
    """

    file: ExaminedFile
    source: int
    page_index: int
    language: str
    folder: Path
    settings: OcrSettings
    software: str
    known_alto: bytes | None = None

    @property
    def is_light(self) -> bool:
        """It is not: the page is drawn and read."""
        return False

    def do(self) -> PageAnswer:
        """Read the page."""
        with open_listed(self.file.planned) as opened:
            image = grey_page_apart(opened, self.file.format.mime, self.page_index, quality=_ACCESS_QUALITY)
        if self.known_alto is not None:
            page = read_alto(self.known_alto)
        else:
            page = recognise_page(
                image.grey, resolution_dpi=image.resolution_dpi, language=self.language, settings=self.settings
            )
        alto = self.known_alto or write_alto(page, image_name=self.file.planned.shown, software=self.software)
        return PageAnswer(page, image.jpeg, alto, tuple(sorted(image.oddities)))

    def kept(self, answer: TaskAnswer) -> ReadPage:
        """Write the page's image, ALTO and text into the folder."""
        assert isinstance(answer, PageAnswer)
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{self.source:04}-{self.page_index:04}"
        jpeg_path, alto_path, text_path = (self.folder / f"{name}.{end}" for end in ("jpg", "xml", "txt"))
        jpeg_path.write_bytes(answer.jpeg)
        alto_path.write_bytes(answer.alto)
        text_path.write_bytes((answer.page.text + "\n").encode("utf-8"))
        return ReadPage(
            self.source,
            self.page_index,
            answer.page,
            jpeg_path,
            alto_path,
            text_path,
            anew=self.known_alto is None,
            oddities=frozenset(answer.oddities),
        )


@dataclass(frozen=True, slots=True)
class LookTask:
    """One page that would be recognised, and is only drawn."""

    file: ExaminedFile
    source: int
    page_index: int

    @property
    def is_light(self) -> bool:
        """It is not: the page is drawn."""
        return False

    def do(self) -> PageLook:
        """Draw the page."""
        with open_listed(self.file.planned) as opened:
            image = grey_page_apart(opened, self.file.format.mime, self.page_index, quality=_ACCESS_QUALITY)
        return PageLook(self.source, self.page_index, tuple(sorted(image.oddities)))

    def kept(self, answer: TaskAnswer) -> TaskAnswer:
        """Return what was seen as it came."""
        return answer


@dataclass(frozen=True, slots=True)
class TextTask:
    """A file whose own text is to be taken out; in ``folder`` is kept what is attached to it."""

    file: ExaminedFile
    source: int
    folder: Path

    @property
    def is_light(self) -> bool:
        """Whether nothing reads such a file, or it was read already."""
        return self.file.text is not None or without_reader(self.file.format) is not None

    def do(self) -> ExtractedText:
        """Return the file's text by page, and what was found."""
        if self.file.text is not None:
            return self.file.text
        with open_listed(self.file.planned) as opened:
            return extract_text_apart(opened, self.file.format)

    def kept(self, answer: TaskAnswer) -> OwnText:
        """Write what is attached into the folder."""
        assert isinstance(answer, ExtractedText)
        return OwnText(
            replace(answer, attachments=()),
            tuple(one.pages for one in answer.attachments),
            tuple(self._written(number, one) for number, one in enumerate(answer.attachments)),
        )

    def _written(self, number: int, one: Attachment) -> KeptAttachment:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{self.source:04}-attached-{number:04}"
        path.write_bytes(one.data)
        return KeptAttachment(self.source, one.name, path, digests_of(one.data), one.format, None)
