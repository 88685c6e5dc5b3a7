"""Which findings good and bad pages get, beside how rightly they were read: what the floors of confidence are chosen by."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from archives.findings import Severity
from archives.text.page import Box
from formats.page_image import draw_page
from ingest.contents import ReadPage
from ingest.page.ocr.engine import OcrSettings
from ingest.page.ocr.recognise import recognise_page
from ingest.reading.page_checks import IMAGE_CHECKS, TEXT_CHECKS
from tests.support.accuracy import character_error_rate, character_recall, common_length, comparable
from tests.support.worn_pages import Trial

READ_RIGHT = 0.01
"""The share of letters and digits that may be wrong on a page that was read right."""

NOT_LEGIBLE = 0.05
"""The share that may not be wrong or missing on a page of which nothing is said."""

MOST_FLAGGED = 0.01
"""The share of good pages that may be flagged: more make people stop reading."""

_MIME = {".jpg": "image/jpeg", ".tif": "image/tiff", ".png": "image/png", ".jp2": "image/jp2"}
_WORKERS = 2


@dataclass(frozen=True)
class Judged:
    """What became of a page: its warnings and notes, its confidence, the share of its letters and digits that is wrong.

    ``error`` counts what is missing and what is wrong, whatever the order of lines; ``wrong`` is the share of what was
    read that does not stand on the page; both None where nothing does or nobody knows what.
    """

    name: str
    kind: str
    is_bad: bool
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    confidence: float | None
    characters: int
    error: float | None
    wrong: float | None
    left_out: int
    words: tuple[tuple[str, float, int, int, int, int], ...]

    @property
    def is_odd(self) -> bool:
        """Whether it is a good page that is flagged, or a bad one that was not read right and is not."""
        return not (self.warnings or self.is_right) if self.is_bad else bool(self.warnings)

    @property
    def is_right(self) -> bool:
        """Whether it was read right."""
        return self.error is not None and self.error <= READ_RIGHT

    def __str__(self) -> str:
        error, wrong = ("?" if one is None else f"{one:.2%}" for one in (self.error, self.wrong))
        said = " ".join((*self.warnings, *(f"({one})" for one in self.notes))) or "nothing said"
        return f"{self.name}: {said}; confidence {self.confidence or 0:.3f}, {self.characters} characters, error {error}, wrong {wrong}"


def judged(trials: Iterable[Callable[[], Trial]], kept: Path | None) -> Iterator[Judged]:
    """Draw pages and read them as ingest does, two at a time; with a folder each page's file and result are kept there."""
    with ProcessPoolExecutor(_WORKERS, mp_context=get_context("spawn")) as pool, TemporaryDirectory() as place:
        folder = kept or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        for work in as_completed([pool.submit(judge, trial, folder) for trial in trials]):
            one = work.result()
            if kept:
                with (kept / "judged.jsonl").open("a", encoding="utf-8") as results:
                    results.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
            yield one


def judge(draw: Callable[[], Trial], folder: Path) -> Judged:
    """Read one page and look for what ingest would find."""
    trial = draw()
    path = folder / f"{trial.name}{trial.ending}"
    path.write_bytes(trial.data)
    path.with_suffix(".txt").write_text(trial.truth, "utf-8")
    image = draw_page(path, _MIME[trial.ending], 0, quality=60)
    grey = np.frombuffer(image.greys, np.uint8).reshape(image.height_px, image.width_px)
    page = recognise_page(grey, resolution_dpi=image.resolution_dpi, language=trial.language, settings=OcrSettings())
    read = ReadPage(0, 0, page, path, path, path, oddities=frozenset(image.oddities))
    found = [finding for check in (*IMAGE_CHECKS, *TEXT_CHECKS) for finding in check({1: read})]
    read_letters, letters = _letters(page.text), _letters(trial.truth)
    return Judged(
        trial.name,
        trial.kind,
        trial.is_bad,
        tuple(one.code for one in found if one.severity is not Severity.NOTE),
        tuple(one.code for one in found if one.severity is Severity.NOTE),
        page.confidence,
        len(comparable(page.text)),
        _error(read_letters, letters) if letters else None,
        _wrong(read_letters, letters) if letters else None,
        page.left_out,
        tuple((word.text, word.confidence, *_place(word.box)) for line in page.lines for word in line.words),
    )


def _place(box: Box) -> tuple[int, int, int, int]:
    return box.left, box.top, box.width, box.height


def _letters(text: str) -> str:
    return "".join(one for one in comparable(text) if one.isalnum())


def _error(read: str, truth: str) -> float:
    elsewhere = 1 - min(character_recall(read, truth), character_recall(truth, read))
    return min(character_error_rate(read, truth), elsewhere)


def _wrong(read: str, truth: str) -> float:
    return 1 - common_length(read, truth) / len(read) if read else 0.0


def measured(pages: Sequence[Judged]) -> dict[str, object]:
    """Return how many pages of each sort there are, and what fails: more than one good one of a hundred, silent bad ones."""
    good, bad = ([page for page in pages if page.is_bad is is_bad] for is_bad in (False, True))
    flagged = [page for page in good if page.warnings]
    unsaid = [page for page in bad if page.is_odd and not _is_told(page)]
    silent = [page for page in unsaid if page.error is None or page.error > NOT_LEGIBLE]
    return {
        "good": len(good),
        "good read right": sum(page.is_right for page in good),
        "good flagged": [str(page) for page in flagged],
        "good noted": Counter(code for page in good for code in page.notes),
        "bad": dict(sorted(Counter(page.kind for page in bad).items())),
        "bad flagged": sum(bool(page.warnings) for page in bad),
        "bad noted only": sum(not page.warnings and _is_told(page) for page in bad),
        "bad read right": sum(page.is_right and not page.warnings and page.characters > 0 for page in bad),
        "bad unsaid": [str(page) for page in unsaid],
        "failures": [page.name for page in (*(flagged if len(flagged) > MOST_FLAGGED * len(good) else ()), *silent)],
    }


def _is_told(page: Judged) -> bool:
    """Say whether a note tells that nothing was read."""
    return "page-without-text" in page.notes
