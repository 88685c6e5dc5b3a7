"""For every file it is decided by itself how it gets its text; nothing is read twice, and nothing is lost."""

from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from archives.errors import IntegrityError, ToolFailedError, ToolMissingError
from archives.exchange.alto import write_alto
from archives.message import message
from archives.pipeline import Done, Failed
from archives.record.holding import Holding, StoredFile
from archives.record.identifiers import PackageId, RecordKey
from archives.record.record import RepresentationName
from formats.kinds.kind import Oddity
from ingest.batch.listing import PlannedFile
from ingest.batch.plan import BatchKind
from ingest.comparison import Candidate
from ingest.contents import Contents, ReadPage
from ingest.examine import ExaminedRecord
from ingest.page.ocr.engine import OcrSettings
from ingest.reading.reading import check, contents_of, first_pages, may_be_recognised, require_tools, tasks_of
from ingest.reading.tasks import PageTask, TextTask
from ingest.reading.work import Draft, Work, Worked
from ingest.volumes.planned import PlannedVolume
from ingest.workplace import Workplace
from tests.support.files import SAMPLES, docx_bytes, image_bytes, pdf_bytes, scanned_pdf_bytes, xlsx_bytes
from tests.support.intake import HOME, batch, codes, examined, page_of, planned, read_page, record, workplace
from tests.support.vaults import MOMENT

MIXED, SCANS, DOCUMENTS = BatchKind
ALTO = write_alto(page_of("known"), image_name="a.png", software="jinkui 0")


class GivenTexts:
    """Holdings that have some files and lack others."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def read(self, _: Holding, file: StoredFile) -> bytes:
        """Return what is there; raises ``IntegrityError``."""
        if file.path.name not in self.files:
            raise IntegrityError(message("坏", "damaged"), subject=file.path.name)
        return self.files[file.path.name]


def held(seen: ExaminedRecord, *, language: str = "zh-Hans", texts: int = 1) -> Holding:
    """Return a record as it is stored: the same originals, a text for some pages, an access copy."""

    def stored(name: str, kind: RepresentationName, page: int | None, sha256: str = "") -> StoredFile:
        path = PurePosixPath("data/representations", kind, "data", name)
        return StoredFile(path, 1, sha256, None, "", "text/plain", name, kind, page)

    originals = [
        stored(f.planned.shown, RepresentationName.ORIGINAL, n, f.digests.sha256) for n, f in enumerate(seen.files, 1)
    ]
    alto = [stored(f"{n:04}.xml", RepresentationName.TEXT, n) for n in range(1, texts + 1)]
    access = stored("copy.pdf", RepresentationName.ACCESS, None)
    described = replace(seen.planned.description, language=language)
    key = RecordKey("990001", described.code.key)
    files = (*originals, *alto, access)
    return Holding(
        PackageId("00000000-0000-4000-8000-000000000009"), 1, key, HOME, None, described, files, (), 1, MOMENT
    )


def with_texts(place: Workplace, files: dict[str, bytes]) -> Workplace:
    """Return the place with an archive that holds these files."""

    class Archive:
        holdings = GivenTexts(files)
        world = place.archive.world

    return replace(place, archive=Archive())  # type: ignore[arg-type]  # nothing else of it is used here


def work_on(folder: Path, *files: PlannedFile, kind: BatchKind = MIXED) -> list[tuple[str, int, int | None]]:
    """Return each piece of work on a record: its file, the number of that, the index of a page that is recognised."""
    with workplace(folder) as place:
        tasks = tasks_of(Candidate(examined(*files)), kind, place)
    return [(t.file.planned.relative, t.source, t.page_index if isinstance(t, PageTask) else None) for t in tasks]


def contents(folder: Path, *files: PlannedFile, fails: int | None = None) -> tuple[Contents, list[str]]:
    """Do the work of a record (one piece may fail; no page is really recognised) and return what its package holds."""
    candidate = Candidate(examined(*files))
    with workplace(folder) as place:
        draft = Draft(candidate, tasks_of(candidate, MIXED, place), ())
        worked: list[Worked] = [
            Failed(Work(1, draft, task), ToolFailedError(message("坏", "broken")))
            if number == fails
            else Done(Work(1, draft, task), outcome_of(task, place.folder))
            for number, task in enumerate(draft.tasks)
        ]
        made, found = contents_of(draft, worked, place)
    return made, codes(found)


def outcome_of(task: object, folder: Path) -> object:
    """Return what comes of a piece of work, a recognised page having the text of its place."""
    if not isinstance(task, PageTask):
        assert isinstance(task, TextTask)
        return task.kept(task.do())
    page = read_page(folder, 10 * task.source + task.page_index, f"read {task.source} {task.page_index}")
    return replace(page, source=task.source, index=task.page_index)


def test_pictures_and_pages_without_text_are_recognised_and_whatever_has_text_keeps_it(tmp_path: Path) -> None:
    files = (
        planned(tmp_path / "a.tif", data=image_bytes("TIFF", frames=3)),
        planned(tmp_path / "b.pdf", data=scanned_pdf_bytes(pages=2)),
        planned(tmp_path / "c.pdf", data=pdf_bytes(pages=2)),
        planned(tmp_path / "d.docx", data=docx_bytes()),
        planned(tmp_path / "e.bin", data=b"\x01"),
    )
    assert work_on(tmp_path, *files) == [
        ("a.tif", 0, 0),
        ("a.tif", 0, 1),
        ("a.tif", 0, 2),
        ("b.pdf", 1, 0),
        ("b.pdf", 1, 1),
        ("b.pdf", 1, None),
        ("c.pdf", 2, None),
        ("d.docx", 3, None),
        ("e.bin", 4, None),
    ]


def test_a_stray_text_beside_scans_changes_nothing_for_them(tmp_path: Path) -> None:
    scans = [planned(tmp_path / f"{n}.png") for n in range(1, 4)]
    alone = work_on(tmp_path / "alone", *scans)
    beside = work_on(tmp_path / "beside", *scans, planned(tmp_path / "说明.txt", data=b"text"))
    assert beside[:3] == alone
    assert beside[3:] == [("说明.txt", 3, None)]


def test_only_the_pages_without_text_of_a_pdf_are_recognised(tmp_path: Path) -> None:
    mixed = planned(tmp_path / "a.pdf", data=scanned_pdf_bytes(pages=1, written=2))
    assert work_on(tmp_path, mixed) == [("a.pdf", 0, 0), ("a.pdf", 0, None)]
    made, found = contents(tmp_path / "again", mixed)
    assert [(text.number, text.text) for text in made.page_texts] == [(2, "page 2"), (3, "page 3")]
    assert list(made.numbered) == [1]
    assert found == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (SCANS, [("a.png", 0, 0), ("b.pdf", 1, 0), ("b.pdf", 1, None), ("c.txt", 2, None)]),
        (DOCUMENTS, [("a.png", 0, None), ("b.pdf", 1, None), ("c.txt", 2, None)]),
    ],
)
def test_a_batch_that_says_what_it_is_has_its_will(
    tmp_path: Path, kind: BatchKind, expected: list[tuple[str, int, int | None]]
) -> None:
    files = (
        planned(tmp_path / "a.png"),
        planned(tmp_path / "b.pdf", data=pdf_bytes(pages=1)),
        planned(tmp_path / "c.txt", data=b"text"),
    )
    assert work_on(tmp_path, *files, kind=kind) == expected


def test_what_lies_beside_is_neither_read_nor_numbered(tmp_path: Path) -> None:
    hidden = [replace(planned(tmp_path / name), is_beside=True) for name in (".a.png", ".b.txt")]
    assert work_on(tmp_path, *hidden, planned(tmp_path / "c.png")) == [("c.png", 2, 0)]
    made, _ = contents(tmp_path / "again", *hidden, planned(tmp_path / "c.png"))
    assert made.first_pages == (0, 0, 1)


@pytest.mark.parametrize("kind", [MIXED, SCANS])
def test_a_language_without_its_engine_stops_before_anything_begins(tmp_path: Path, kind: BatchKind) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        with pytest.raises(ToolMissingError) as missing:
            require_tools([record(planned(tmp_path / "a.png"), language="fr")], kind, OcrSettings())
    assert missing.value.subject == "fr"


def test_no_program_is_needed_where_nothing_is_recognised(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        require_tools([record(planned(tmp_path / "a.png"), language="fr")], DOCUMENTS, OcrSettings())
        file = planned(tmp_path / "a.pdf", data=pdf_bytes(pages=1))
        require_tools([record(file, language="fr")], MIXED, OcrSettings())
        made, found = contents(tmp_path, file)
    assert ([text.text for text in made.page_texts], found) == (["page 1"], [])


@pytest.mark.parametrize(
    ("names", "kind", "expected"),
    [
        (("a.docx", "b.txt"), MIXED, False),
        (("a.docx", "b.tif"), MIXED, True),
        (("a.pdf",), MIXED, True),
        (("no-ending",), MIXED, True),
        (("a.tif",), DOCUMENTS, False),
    ],
)
def test_a_batch_that_has_nothing_to_draw_needs_no_more_than_a_readers_memory(
    tmp_path: Path, names: tuple[str, ...], kind: BatchKind, expected: bool
) -> None:
    plan = batch(tmp_path, record(*(planned(tmp_path / name, data=b"x") for name in names)), kind=kind)
    assert may_be_recognised(plan) is expected


def test_pages_follow_each_other_through_files_of_several_pages(tmp_path: Path) -> None:
    seen = examined(
        planned(tmp_path / "a.pdf", data=pdf_bytes(pages=3)),
        planned(tmp_path / "b.txt", data=b"no page"),
        planned(tmp_path / "c.png"),
        planned(tmp_path / "d.png", page=9),
        planned(tmp_path / "e.tif", data=image_bytes("TIFF", frames=2), page=10),
        planned(tmp_path / "f.png", page=11),
    )
    assert first_pages(seen.files, {1: 2}) == (1, 4, 6, 9, 10, 12)


def test_texts_are_numbered_through_all_files(tmp_path: Path) -> None:
    made, found = contents(
        tmp_path,
        planned(tmp_path / "a.pdf", data=pdf_bytes(pages=2)),
        planned(tmp_path / "b.7z", data=SAMPLES["a.7z"]),
        planned(tmp_path / "c.xlsx", data=xlsx_bytes()),
        planned(tmp_path / "d.png"),
    )
    assert made.first_pages == (1, 3, 4, 5)
    assert [(text.number, text.source, text.text[:4]) for text in made.page_texts] == [
        (1, 0, "page"),
        (2, 0, "page"),
        (4, 2, "水情\n石"),
    ]
    assert [(number, page.source) for number, page in made.numbered.items()] == [(5, 3)]
    assert found == ["text-no-reader"]


def test_of_a_pdf_that_was_recognised_nobody_says_that_it_gives_no_text(tmp_path: Path) -> None:
    made, found = contents(tmp_path, planned(tmp_path / "a.pdf", data=scanned_pdf_bytes(pages=2)))
    assert (list(made.numbered), made.page_texts, found) == ([1, 2], (), [])


def test_a_page_without_text_keeps_its_number_and_gets_no_file(tmp_path: Path) -> None:
    made, _ = contents(tmp_path, planned(tmp_path / "a.txt", data=b"\n"), planned(tmp_path / "b.txt", data=b"text"))
    assert [text.number for text in made.page_texts] == [2]


def test_every_page_of_a_file_that_is_drawn_can_be_shown_even_if_it_was_not_read(tmp_path: Path) -> None:
    made, _ = contents(tmp_path, planned(tmp_path / "a.tif", data=image_bytes("TIFF", frames=3)), fails=1)
    assert list(made.numbered) == [1, 3]
    assert [(text.number, text.text) for text in made.page_texts] == [(2, "")]


def test_a_file_that_defeats_its_child_leaves_the_numbers_of_the_others(tmp_path: Path) -> None:
    files = [planned(tmp_path / f"{n}.pdf", data=pdf_bytes(pages=2)) for n in range(2)]
    made, _ = contents(tmp_path, *files, fails=0)
    assert made.first_pages == (1, 3)
    assert [text.number for text in made.page_texts if text.text] == [3, 4]


def test_what_the_files_show_by_themselves_is_checked(tmp_path: Path) -> None:
    scan = planned(tmp_path / "a.pdf", data=scanned_pdf_bytes(pages=1))
    assert codes(check(Candidate(examined(scan, pages=2)), MIXED)) == ["text-recognised", "page-count-differs"]


@pytest.mark.parametrize(
    ("language", "texts", "anew", "expected"),
    [("zh-Hans", 1, False, ALTO), ("en", 1, False, None), ("zh-Hans", 0, False, None), ("zh-Hans", 1, True, None)],
    ids=["the same", "another language", "no text stored", "to be read anew"],
)
def test_a_page_is_read_again_only_when_something_changed(
    tmp_path: Path, language: str, texts: int, anew: bool, expected: bytes | None
) -> None:
    seen = examined(planned(tmp_path / "a.png"))
    with workplace(tmp_path) as place:
        candidate = Candidate(seen, held(seen, language=language, texts=texts), anew=anew)
        (task,) = tasks_of(candidate, MIXED, with_texts(place, {"0001.xml": ALTO}))
    assert isinstance(task, PageTask)
    assert task.known_alto == expected


def test_a_text_that_no_store_gives_whole_is_read_anew(tmp_path: Path) -> None:
    seen = examined(planned(tmp_path / "a.png"))
    with workplace(tmp_path) as place:
        (task,) = tasks_of(Candidate(seen, held(seen)), MIXED, with_texts(place, {}))
    assert isinstance(task, PageTask)
    assert task.known_alto is None


def test_another_picture_is_read_whatever_is_stored_under_its_number(tmp_path: Path) -> None:
    before = examined(planned(tmp_path / "a.png"))
    after = examined(planned(tmp_path / "b.png", data=image_bytes(size=(200, 80))))
    with workplace(tmp_path) as place:
        (task,) = tasks_of(Candidate(after, held(before)), MIXED, with_texts(place, {"0001.xml": ALTO}))
    assert isinstance(task, PageTask)
    assert task.known_alto is None


def scanned(folder: Path, place: Workplace, *, fails: int | None = None) -> tuple[Draft, list[Worked]]:
    """Return a draft of two pages and what was done on it; one page may have failed."""
    seen = examined(planned(folder / "a.png"), planned(folder / "b.png", data=image_bytes(size=(90, 90))))
    draft = Draft(Candidate(seen), tasks_of(Candidate(seen), MIXED, place), ())
    worked: list[Worked] = [
        Failed(Work(1, draft, task), ToolFailedError(message("坏", "broken")))
        if number == fails
        else Done(Work(1, draft, task), read_page(place.folder, number, "text"))
        for number, task in enumerate(draft.tasks, 1)
    ]
    return draft, worked


def test_a_scanned_record_holds_its_pages_their_sources_and_an_access_copy(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        made, found = contents_of(*scanned(tmp_path, place), place)
    assert found == []
    assert [(number, page.source) for number, page in made.numbered.items()] == [(1, 0), (2, 1)]
    assert made.access_copy is not None


def test_a_volume_has_no_copy_as_a_whole_for_its_items_are_opened_one_by_one(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        draft, worked = scanned(tmp_path, place)
        record = replace(
            draft.candidate.record, planned=replace(draft.candidate.record.planned, volume=PlannedVolume())
        )
        made, found = contents_of(replace(draft, candidate=replace(draft.candidate, record=record)), worked, place)
    assert (made.access_copy, found) == (None, [])
    assert len(made.read_pages) == 2


def test_a_page_that_was_not_read_is_left_out_and_the_others_keep_their_source(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        made, _ = contents_of(*scanned(tmp_path, place, fails=1), place)
    assert [(number, page.source) for number, page in made.numbered.items()] == [(2, 1)]


def test_an_access_copy_that_cannot_be_made_is_a_finding_and_the_record_goes_in(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        draft, worked = scanned(tmp_path, place)
        (place.folder / "0001.jpg").write_bytes(b"no jpeg")
        made, found = contents_of(draft, worked, place)
    assert codes(found) == ["access-copy-failed"]
    assert made.access_copy is None
    assert len(made.read_pages) == 2


@pytest.mark.parametrize("whole", [True, False], ids=["its copy is whole", "its copy is damaged"])
def test_a_record_read_before_keeps_its_access_copy_if_a_store_has_it(tmp_path: Path, whole: bool) -> None:
    seen = examined(planned(tmp_path / "a.png"))
    files = {"0001.xml": ALTO} | ({"copy.pdf": b"as it was"} if whole else {})
    with workplace(tmp_path) as place:
        there = with_texts(place, files)
        candidate = Candidate(seen, held(seen))
        draft = Draft(candidate, tasks_of(candidate, MIXED, there), ())
        done: list[Worked] = [Done(Work(1, draft, t), t.kept(t.do())) for t in draft.tasks]
        made, _ = contents_of(draft, done, there)
    assert made.access_copy is not None
    assert (made.access_copy[0].read_bytes() == b"as it was") is whole
    assert made.pages_read_anew == 0


def test_a_record_of_which_nothing_could_be_read_still_keeps_its_files(tmp_path: Path) -> None:
    seen = examined(planned(tmp_path / "a.png"), planned(tmp_path / "b.docx", data=docx_bytes()))
    broken = ToolFailedError(message("坏", "broken"))
    with workplace(tmp_path) as place:
        draft = Draft(Candidate(seen), tasks_of(Candidate(seen), MIXED, place), ())
        worked: list[Worked] = [Failed(Work(1, draft, task), broken) for task in draft.tasks]
        made, _ = contents_of(draft, worked, place)
    assert made.originals == seen.files
    assert made.first_pages == (1, 2)
    assert (made.read_pages, made.page_texts, made.access_copy) == ((), (), None)


def odd(folder: Path, oddity: Oddity, names: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """Return what is found of a record whose pages are all odd in one way, each with its file."""
    files = [planned(folder / "in" / name) for name in names]
    with workplace(folder) as place:
        draft = Draft(Candidate(examined(*files)), tasks_of(Candidate(examined(*files)), MIXED, place), ())
        pages = [outcome_of(task, place.folder) for task in draft.tasks]
        worked: list[Worked] = [
            Done(Work(1, draft, task), replace(page, oddities=frozenset({oddity})))
            for task, page in zip(draft.tasks, pages, strict=True)
            if isinstance(page, ReadPage)
        ]
        found = contents_of(draft, worked, place)[1]
    return [(one.code, one.file) for one in found if one.code.startswith("page-")]


def test_what_is_wrong_with_pages_names_their_files(tmp_path: Path) -> None:
    names = ("a.png", "b.png")
    assert odd(tmp_path, Oddity.ONE_COLOUR, names) == [("page-of-one-colour", name) for name in names]


def test_what_is_so_of_many_files_and_what_only_informs_is_told_once(tmp_path: Path) -> None:
    many = tuple(f"{number:02}.png" for number in range(1, 22))
    assert odd(tmp_path / "many", Oddity.TOO_SMALL, many) == [("page-too-small", None)]
    assert odd(tmp_path / "notes", Oddity.LEVELS_GUESSED, many[:2]) == [("page-levels-guessed", None)]
    assert odd(tmp_path / "note", Oddity.LEVELS_GUESSED, many[:1]) == [("page-levels-guessed", "01.png")]
