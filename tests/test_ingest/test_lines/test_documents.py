"""Electronic documents: any file goes in, its own text is its text, pages are counted through all files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import ToolFailedError, ToolMissingError
from archives.message import message
from archives.pipeline import Done, Failed
from ingest.batch.listing import PlannedFile
from ingest.comparison import Candidate
from ingest.lines.documents import Documents, TextTask
from ingest.lines.line import Draft, Work, Worked
from ingest.lines.scans import Scans
from ingest.package import Contents
from ingest.page.ocr.engine import OcrSettings
from tests.support.files import docx_bytes, pdf_bytes, put, xlsx_bytes
from tests.support.intake import codes, examined, planned, record, workplace

LINE = Documents()


def contents(folder: Path, *files: PlannedFile, fails: int | None = None) -> tuple[Contents, list[str]]:
    """Do the work of a record (one piece may fail) and return what its package holds and the findings."""
    candidate = Candidate(examined(*files))
    with workplace(folder) as place:
        draft = Draft(candidate, LINE.tasks_of(candidate, place), ())
        worked: list[Worked] = [
            Failed(Work(1, draft, task), ToolFailedError(message("坏", "broken")))
            if number == fails
            else Done(Work(1, draft, task), task.do())
            for number, task in enumerate(draft.tasks)
        ]
        made, found = LINE.contents_of(draft, worked, place)
    return made, codes(found)


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("a001-1 报告", "a001-1"),
        ("a001-1_v2", "a001-1"),
        ("a001-1（终稿）", "a001-1"),
        ("a001-1-2-附件", "a001-1-2"),
        ("a001-1", None),
        ("a001-12", None),
        ("xa001-1 报告", None),
    ],
)
def test_a_name_that_begins_with_a_code_and_goes_on_belongs_to_it(stem: str, expected: str | None) -> None:
    assert LINE.code_in(stem, ["a001-1", "a001-1-2"]) == expected


@given(st.lists(st.from_regex(r"[a-z]\d{2}-\d{1,3}", fullmatch=True), min_size=1), st.text(max_size=20))
def test_whatever_code_is_found_stands_at_the_beginning_and_is_the_longest(codes_known: list[str], rest: str) -> None:
    stem = f"{codes_known[0]}-{rest}"
    found = LINE.code_in(stem, codes_known)
    assert found is not None
    assert stem.startswith(found)
    assert len(found) >= len(codes_known[0])


def test_digits_in_a_folder_number_no_page() -> None:
    assert LINE.page_in_folder("0012") is None


def test_every_file_is_one_piece_of_work_whatever_it_is(tmp_path: Path) -> None:
    seen = Candidate(
        examined(planned(tmp_path / "a.docx", data=docx_bytes()), planned(tmp_path / "b.bin", data=b"\x01"))
    )
    with workplace(tmp_path) as place:
        assert LINE.tasks_of(seen, place) == tuple(TextTask(file) for file in seen.record.files)


def test_texts_are_numbered_through_all_files(tmp_path: Path) -> None:
    made, found = contents(
        tmp_path,
        planned(tmp_path / "a.pdf", data=pdf_bytes(pages=2)),
        planned(tmp_path / "b.bin", data=b"\x01\x02"),
        planned(tmp_path / "c.xlsx", data=xlsx_bytes()),
    )
    assert found == ["text-no-reader"]
    assert made.first_pages == (1, 3, 4)
    assert [(text.number, text.source, text.text[:4]) for text in made.page_texts] == [
        (1, 0, "page"),
        (2, 0, "page"),
        (4, 2, "水情\n石"),
    ]


def test_a_page_without_text_keeps_its_number_and_gets_no_file(tmp_path: Path) -> None:
    made, _ = contents(tmp_path, planned(tmp_path / "a.txt", data=b"\n"), planned(tmp_path / "b.txt", data=b"text"))
    assert [text.number for text in made.page_texts] == [2]


def test_text_that_cannot_be_taken_out_is_a_finding_at_its_file(tmp_path: Path) -> None:
    broken = put(tmp_path, "a.docx", docx_bytes())
    candidate = Candidate(examined(planned(broken)))
    broken.write_bytes(b"PK\x03\x04 broken meanwhile".ljust(broken.stat().st_size))
    with workplace(tmp_path) as place:
        draft = Draft(candidate, LINE.tasks_of(candidate, place), ())
        made, found = LINE.contents_of(draft, [Done(Work(1, draft, t), t.do()) for t in draft.tasks], place)
    assert [(f.code, f.file) for f in found] == [("text-not-extracted", "a.docx")]
    assert made.page_texts == ()


def test_a_file_that_defeats_its_child_leaves_the_numbers_of_the_others(tmp_path: Path) -> None:
    files = [planned(tmp_path / f"{n}.pdf", data=pdf_bytes(pages=2)) for n in range(2)]
    made, _ = contents(tmp_path, *files, fails=0)
    assert made.first_pages == (1, 3)
    assert [text.number for text in made.page_texts] == [3, 4]


def test_no_program_is_needed_in_any_language(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        with pytest.raises(ToolMissingError):
            Scans().require_tools([record(language="en")], OcrSettings())
        LINE.require_tools([record(language="en")], OcrSettings())
        made, found = contents(tmp_path, planned(tmp_path / "a.pdf", data=pdf_bytes(pages=1)))
    assert ([text.text for text in made.page_texts], found) == (["page 1"], [])
