"""An archive to take batches into, and the things that ingest hands on, without commands and without engines."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

from archives.journal.facts import FondsDescribed, RepositoryAdded
from archives.record.description import Description, Fonds, Repository
from archives.record.identifiers import RepositoryCode, parse_archival_code
from archives.text.page import Box, Line, Page, Word
from ingest.batch.listing import PlannedFile
from ingest.batch.plan import BatchKind, BatchPlan, PlannedRecord
from ingest.contents import ReadPage
from ingest.examine import ExaminedRecord, examine_record
from ingest.page.ocr.engine import OcrSettings
from ingest.readers.reader import Known
from ingest.workplace import Workplace
from preservation.archive import Archive, World
from preservation.stores.promise import Promise
from tests.support.files import image_bytes
from tests.support.vaults import MOMENT, make_vault

HOME = Repository(RepositoryCode("990001"), "馆", "Archives", "馆")
FONDS = Fonds(HOME.code, "Z109", "全宗", "", "", "")
CODE = "Z109-WS·2011-Y-BGS-0001"
KNOWN = Known({"990001": HOME}, {("990001", "Z109")}, date(2026, 1, 1))


def small_archive(folder: Path) -> Archive:
    """Found an archive of two local stores with one repository and one fonds."""
    vault = make_vault(folder)
    vault.ledger.append([RepositoryAdded(HOME), FondsDescribed(FONDS)])
    numbers = count(1)
    world = World(
        now=lambda: MOMENT,
        today=lambda: KNOWN.today,
        new_identifier=lambda: f"00000000-0000-4000-8000-{next(numbers):012}",
        tell=lambda said: None,
        seconds=lambda: 0.0,
        draw=lambda items, number: items[:number],
    )
    return Archive(folder, lambda: vault.stores, Promise(copies=2, minimum=2), operator="tester", world=world)


@contextmanager
def workplace(folder: Path, *, archive: Archive | None = None, update: bool = False) -> Iterator[Workplace]:
    """Give a place to work in, whose children are threads; several may be given one archive."""
    with ThreadPoolExecutor(2) as pool, archive or small_archive(folder / "archive") as opened:
        yield Workplace(opened, pool, folder / "drafts", OcrSettings(workers=1), "jinkui 0", update)


def planned(path: Path, *, page: int | None = None, data: bytes | None = None) -> PlannedFile:
    """Return a file of a batch, written with this content (an image by default)."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image_bytes() if data is None else data)
    return PlannedFile(path, path.name, path.stat().st_size, page)


def record(*files: PlannedFile, code: str = CODE, row: int = 2, **described: object) -> PlannedRecord:
    """Return a row that can go in."""
    description = Description(parse_archival_code(code), "题名", **described)  # type: ignore[arg-type]  # the keywords above
    return PlannedRecord(row, description, files, ())


def examined(*files: PlannedFile, **described: object) -> ExaminedRecord:
    """Return a record whose files were read once."""
    return examine_record(record(*files, **described))  # type: ignore[arg-type]  # as for ``record``


def batch(folder: Path, *records: PlannedRecord, kind: BatchKind = BatchKind.MIXED) -> BatchPlan:
    """Return a batch with a sheet and these records."""
    sheet = planned(folder / "catalogue.csv", data=b"code,title\n")
    return BatchPlan("0" * 24, folder, HOME, kind, "catalogue.csv", records, (), (sheet,), ())


def retitled(plan: BatchPlan, title: str) -> BatchPlan:
    """Return the batch with every record under another title."""
    changed = (replace(r, description=replace(r.description, title=title)) for r in plan.records)
    return replace(plan, records=tuple(changed))


def page_of(*texts: str, confidence: float = 0.99, engine: str = "engine 1") -> Page:
    """Return a page that was read, one line a text."""
    lines = tuple(_line(text, 10 + 20 * number, confidence) for number, text in enumerate(texts))
    return Page(120, 80, 200, "en", "horizontal", lines, engine)


def _line(text: str, top: int, confidence: float) -> Line:
    box = Box(10, top, 60, 12)
    return Line((Word(text, box, confidence),), box)


def read_page(folder: Path, number: int, *texts: str, anew: bool = True) -> ReadPage:
    """Return a page that is a file of its own, read, with what a child leaves behind of it."""
    folder.mkdir(parents=True, exist_ok=True)
    jpeg, alto, text = (folder / f"{number:04}.{end}" for end in ("jpg", "xml", "txt"))
    jpeg.write_bytes(image_bytes("JPEG"))
    alto.write_bytes(b"<alto/>")
    text.write_text("\n".join(texts), "utf-8")
    return ReadPage(number - 1, 0, page_of(*texts), jpeg, alto, text, anew)


def codes(findings: Sequence[object]) -> list[str]:
    """Return the codes of findings."""
    return [getattr(found, "code", "") for found in findings]
