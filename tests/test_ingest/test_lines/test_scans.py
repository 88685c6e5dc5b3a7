"""Scans: numbered by their names or the sheet, read page by page, and never read twice for the same picture."""

from dataclasses import replace
from pathlib import Path, PurePosixPath

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import FormatError, IntegrityError, ToolFailedError, ToolMissingError
from archives.exchange.alto import read_alto, write_alto
from archives.message import message
from archives.pipeline import Done, Failed
from archives.record.checksum import digests_of
from archives.record.holding import Holding, StoredFile
from archives.record.identifiers import PackageId, RecordKey
from archives.record.record import RepresentationName
from formats.processes.children import ChildExecutor
from formats.processes.confinement import Confinement
from formats.processes.opened import Opened
from ingest.batch.listing import PlannedFile
from ingest.comparison import Candidate
from ingest.examine import ExaminedRecord
from ingest.lines.line import Draft, Work, Worked
from ingest.lines.scans import AccessCopyTask, PageTask, Scans, first_pages, make_access_copy
from ingest.page.access_pdf import AccessPage
from ingest.page.ocr.engine import OcrSettings
from ingest.workplace import Workplace
from tests.support.files import image_bytes, pdf_bytes
from tests.support.intake import HOME, codes, examined, page_of, planned, read_page, record, workplace
from tests.support.vaults import MOMENT

LINE = Scans()


def numbered(*numbers: int | None) -> list[PlannedFile]:
    """Return files with these page numbers; none is ever opened."""
    return [PlannedFile(Path("x"), f"{n}.jpg", 1, number) for n, number in enumerate(numbers)]


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


ALTO = write_alto(page_of("known"), image_name="a.png", software="jinkui 0")


@pytest.mark.parametrize(("stem", "expected"), [("0012", 12), ("p_3", 3), ("页7", 7), ("cover", None), ("1a", None)])
def test_digits_at_the_end_of_a_name_number_a_page_in_a_folder(stem: str, expected: int | None) -> None:
    assert LINE.page_in_folder(stem) == expected


def test_the_sheet_numbers_what_it_names() -> None:
    assert [file.page for file in LINE.listed(numbered(7, None, 7))] == [1, 2, 3]


@pytest.mark.parametrize(
    ("numbers", "kept"), [((1, 2), (1, 2)), ((1, 3), (1, 3)), ((0, 1), (1, 2)), ((1, 1), (1, 2)), ((None,), (None,))]
)
def test_usable_numbers_are_kept_and_others_made_anew(
    numbers: tuple[int | None, ...], kept: tuple[int | None, ...]
) -> None:
    files, _ = LINE.found(numbered(*numbers))
    assert tuple(file.page for file in files) == kept


@given(st.lists(st.integers(0, 9) | st.none(), max_size=8))
def test_after_numbering_no_page_stands_twice_or_at_zero(numbers: list[int | None]) -> None:
    given_numbers = [file.page for file in LINE.found(numbered(*numbers))[0] if file.page is not None]
    assert len(set(given_numbers)) == len(given_numbers)
    assert 0 not in given_numbers


def test_a_language_without_its_engine_stops_before_anything_begins() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        with pytest.raises(ToolMissingError) as missing:
            LINE.require_tools([record(language="fr")], OcrSettings())
    assert missing.value.subject == "fr"


def test_pages_follow_each_other_through_files_of_several_pages(tmp_path: Path) -> None:
    seen = examined(
        planned(tmp_path / "a.pdf", data=pdf_bytes(pages=3)),
        planned(tmp_path / "b.txt", data=b"no page"),
        planned(tmp_path / "c.png"),
        planned(tmp_path / "d.png", page=9),
    )
    assert first_pages(seen.files) == (1, 4, 5, 9)


def test_every_page_of_every_file_is_one_piece_of_work(tmp_path: Path) -> None:
    files = planned(tmp_path / "a.tif", data=image_bytes("TIFF", frames=2)), planned(tmp_path / "b.txt", data=b"x")
    with workplace(tmp_path) as place:
        tasks = LINE.tasks_of(Candidate(examined(*files, language="en")), place)
    assert [(task.page_index, task.number, task.language, task.known_alto) for task in tasks] == [
        (0, 1, "en", None),
        (1, 2, "en", None),
    ]


def test_what_the_files_show_by_themselves_is_checked(tmp_path: Path) -> None:
    found = LINE.check(Candidate(examined(planned(tmp_path / "b.txt", data=b"x"), pages=2)))
    assert codes(found) == ["not-a-page", "page-count-differs"]


@pytest.mark.parametrize(
    ("language", "texts", "expected"),
    [("zh-Hans", 1, ALTO), ("en", 1, None), ("zh-Hans", 0, None)],
    ids=["the same", "another language", "no text stored"],
)
def test_a_page_is_read_again_only_when_something_changed(
    tmp_path: Path, language: str, texts: int, expected: bytes | None
) -> None:
    seen = examined(planned(tmp_path / "a.png"))
    with workplace(tmp_path) as place:
        candidate = Candidate(seen, held(seen, language=language, texts=texts))
        (task,) = LINE.tasks_of(candidate, with_texts(place, {"0001.xml": ALTO}))
    assert task.known_alto == expected


def test_a_text_that_no_store_gives_whole_is_read_anew(tmp_path: Path) -> None:
    seen = examined(planned(tmp_path / "a.png"))
    with workplace(tmp_path) as place:
        (task,) = LINE.tasks_of(Candidate(seen, held(seen)), with_texts(place, {}))
    assert task.known_alto is None


def test_another_picture_is_read_whatever_is_stored_under_its_number(tmp_path: Path) -> None:
    before = examined(planned(tmp_path / "a.png"))
    after = examined(planned(tmp_path / "b.png", data=image_bytes(size=(200, 80))))
    with workplace(tmp_path) as place:
        (task,) = LINE.tasks_of(Candidate(after, held(before)), with_texts(place, {"0001.xml": ALTO}))
    assert task.known_alto is None


def known_task(folder: Path, data: bytes | None = None, *, name: str = "a.png") -> PageTask:
    """Return a page that was read before, so that no engine is needed."""
    (file,) = examined(planned(folder / name, data=data)).files
    return PageTask(file, 0, 7, "en", folder / "drafts", OcrSettings(), "jinkui 0", ALTO)


def test_a_known_page_is_written_with_the_very_text_that_is_stored(tmp_path: Path) -> None:
    task = known_task(tmp_path)
    page = task.kept(task.do())
    assert page.alto.read_bytes() == ALTO
    assert page.text.read_text("utf-8") == "known\n"
    assert page.page == read_alto(ALTO)
    assert (page.number, page.anew, page.jpeg.name) == (7, False, "0007.jpg")


def test_a_jpeg_goes_into_the_access_copy_as_it_is(tmp_path: Path) -> None:
    data = image_bytes("JPEG")
    assert known_task(tmp_path, data, name="a.jpg").do().jpeg == data


def test_a_page_may_be_done_twice(tmp_path: Path) -> None:
    task = known_task(tmp_path)
    assert task.do() == task.do()


def test_a_page_that_does_not_open_any_more_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    task = known_task(tmp_path)
    task.file.planned.path.write_bytes(b"gone")
    with pytest.raises(FormatError, match="its size changed"):
        task.do()
    assert not task.folder.exists()


def test_the_access_copy_is_a_pdf_of_all_pages(tmp_path: Path) -> None:
    pages = tuple(read_page(tmp_path, number, "text") for number in (1, 2))
    target = tmp_path / "access.pdf"
    images = tmp_path / "images.jpg"
    images.write_bytes(b"".join(page.jpeg.read_bytes() for page in pages))
    told = tuple(AccessPage(page.jpeg.stat().st_size, page.page) for page in pages)
    with Opened.at(images) as source, Opened.anew(target) as opened:
        digests = make_access_copy(AccessCopyTask(source, opened, told, "题名", "en", MOMENT))
    assert digests.size_bytes == target.stat().st_size
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == 2


def test_pages_and_access_copies_are_made_where_nothing_else_can_be_read(tmp_path: Path) -> None:
    task = known_task(tmp_path / "batch")
    confined = Confinement((tmp_path / "batch", tmp_path / "drafts"), optional=True)
    (tmp_path / "drafts").mkdir(mode=0o700)
    with ChildExecutor(1, timeout_seconds=120, memory_bytes=1 << 30, confined=confined) as children:
        page = replace(task, folder=tmp_path / "drafts").kept(children.submit(PageTask.do, task).result())
        told = (AccessPage(page.jpeg.stat().st_size, page.page),)
        with Opened.at(page.jpeg) as images, Opened.anew(tmp_path / "drafts" / "access.pdf") as target:
            making = AccessCopyTask(images, target, told, "题名", "en", MOMENT)
            digests = children.submit(make_access_copy, making).result()
    assert digests == digests_of((tmp_path / "drafts" / "access.pdf").read_bytes())


def scanned(folder: Path, place: Workplace, *, fails: int | None = None) -> tuple[Draft, list[Worked]]:
    """Return a draft of two pages and what was done on it; one page may have failed."""
    seen = examined(planned(folder / "a.png"), planned(folder / "b.png", data=image_bytes(size=(90, 90))))
    draft = Draft(Candidate(seen), LINE.tasks_of(Candidate(seen), place), ())
    worked: list[Worked] = [
        Failed(Work(1, draft, task), ToolFailedError(message("坏", "broken")))
        if number == fails
        else Done(Work(1, draft, task), read_page(place.folder, number, "text"))
        for number, task in enumerate(draft.tasks, 1)
    ]
    return draft, worked


def test_a_scanned_record_holds_its_pages_their_sources_and_an_access_copy(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        contents, found = LINE.contents_of(*scanned(tmp_path, place), place)
    assert found == []
    assert [page.number for page in contents.read_pages] == [1, 2]
    assert contents.page_sources == (0, 1)
    assert contents.access_copy is not None


def test_a_page_that_was_not_read_is_left_out_and_the_others_keep_their_source(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        contents, _ = LINE.contents_of(*scanned(tmp_path, place, fails=1), place)
    assert ([page.number for page in contents.read_pages], contents.page_sources) == ([2], (1,))


def test_an_access_copy_that_cannot_be_made_is_a_finding_and_the_record_goes_in(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        draft, worked = scanned(tmp_path, place)
        (place.folder / "0001.jpg").write_bytes(b"no jpeg")
        contents, found = LINE.contents_of(draft, worked, place)
    assert codes(found) == ["access-copy-failed"]
    assert contents.access_copy is None
    assert len(contents.read_pages) == 2


@pytest.mark.parametrize("whole", [True, False], ids=["its copy is whole", "its copy is damaged"])
def test_a_record_read_before_keeps_its_access_copy_if_a_store_has_it(tmp_path: Path, whole: bool) -> None:
    seen = examined(planned(tmp_path / "a.png"))
    files = {"0001.xml": ALTO} | ({"copy.pdf": b"as it was"} if whole else {})
    with workplace(tmp_path) as place:
        there = with_texts(place, files)
        candidate = Candidate(seen, held(seen))
        draft = Draft(candidate, LINE.tasks_of(candidate, there), ())
        contents, _ = LINE.contents_of(draft, [Done(Work(1, draft, t), t.kept(t.do())) for t in draft.tasks], there)
    assert contents.access_copy is not None
    assert (contents.access_copy[0].read_bytes() == b"as it was") is whole
    assert contents.pages_read_anew == 0
