"""Every line of work keeps the same promises, whatever it makes of its files."""

import importlib
import pickle
import pkgutil
from pathlib import Path

import pytest

import ingest.lines
from archives.errors import ConfigurationError, ToolFailedError
from archives.message import message
from archives.pipeline import Done, Failed
from ingest.batch.listing import PlannedFile
from ingest.comparison import Candidate
from ingest.lines.line import Draft, Line, Work, Worked
from ingest.lines.registry import LINES, kind_of_batch
from tests.support.files import pdf_bytes
from tests.support.intake import examined, planned, workplace

NOT_LINES = ("line", "registry", "page_checks")
LINE_MODULES = [name for _, name, _ in pkgutil.iter_modules(ingest.lines.__path__) if name not in NOT_LINES]


def names(*relatives: str) -> list[PlannedFile]:
    """Return files that are never opened."""
    return [PlannedFile(Path("x"), relative, 1) for relative in relatives]


@pytest.mark.parametrize("module", LINE_MODULES)
def test_every_module_of_a_line_has_its_entry_in_the_registry(module: str) -> None:
    assert [f"ingest.lines.{module}"] == [
        type(line).__module__ for line in LINES.values() if type(line).__module__.endswith(f".{module}")
    ]


@pytest.mark.parametrize("module", LINE_MODULES)
def test_a_line_of_work_is_a_whole_line(module: str) -> None:
    (made,) = [
        line
        for line in LINES.values()
        if type(line).__module__ == importlib.import_module(f"ingest.lines.{module}").__name__
    ]
    assert all(getattr(type(made), step) is not getattr(Line, step) for step in dir(Line) if not step.startswith("_"))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (("a.jpg", "b.TIF", "c.pdf"), "scans"),
        (("a.jpg", "b.docx"), "documents"),
        (("a.jpe", "b.bmp"), "scans"),
        (("no-ending",), "documents"),
        ((), "scans"),
    ],
)
def test_a_batch_that_names_no_kind_is_of_the_first_that_suits_it(files: tuple[str, ...], expected: str) -> None:
    assert kind_of_batch(None, names(*files)) == expected


@pytest.mark.parametrize("kind", LINES)
def test_a_kind_that_is_stated_counts_whatever_the_files_are(kind: str) -> None:
    assert kind_of_batch(kind, names("a.jpg")) == kind_of_batch(kind, names("a.docx")) == kind


def test_a_kind_that_nobody_knows_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(ConfigurationError) as refused:
        kind_of_batch("films", [])
    assert all(name in refused.value.message.text(language) for name in LINES for language in ("zh", "en"))


@pytest.mark.parametrize("kind", LINES)
def test_no_file_is_lost_or_doubled_on_its_way_to_a_row(kind: str) -> None:
    files = names("c-1.jpg", "c-1.png", "c.pdf")
    for taken in (LINES[kind].listed(files), LINES[kind].found(files)[0]):
        assert [file.relative for file in taken] == [file.relative for file in files]


@pytest.mark.parametrize("kind", LINES)
def test_work_is_frozen_names_its_file_and_travels_to_a_child(tmp_path: Path, kind: str) -> None:
    seen = examined(planned(tmp_path / "a.pdf", data=pdf_bytes(pages=2)))
    with workplace(tmp_path) as place:
        tasks = LINES[kind].tasks_of(Candidate(seen), place)
    assert tasks
    for task in tasks:
        assert task.file == seen.files[0]
        assert pickle.loads(pickle.dumps(task)) == task
        with pytest.raises(AttributeError):
            task.file = None  # type: ignore[misc,assignment]  # the point of this test


@pytest.mark.parametrize("kind", LINES)
def test_a_record_of_which_nothing_could_be_read_still_keeps_its_files(tmp_path: Path, kind: str) -> None:
    seen = examined(planned(tmp_path / "a.png"), planned(tmp_path / "b.png"))
    broken = ToolFailedError(message("坏", "broken"))
    with workplace(tmp_path) as place:
        draft = Draft(Candidate(seen), LINES[kind].tasks_of(Candidate(seen), place), ())
        worked: list[Worked] = [Failed(Work(1, draft, task), broken) for task in draft.tasks]
        contents, _ = LINES[kind].contents_of(draft, worked, place)
    assert contents.originals == seen.files
    assert contents.first_pages == (1, 2)
    assert (contents.read_pages, contents.page_texts, contents.access_copy) == ((), (), None)


@pytest.mark.parametrize("kind", LINES)
def test_a_step_that_gives_something_else_than_the_line_expects_is_left_out(tmp_path: Path, kind: str) -> None:
    seen = examined(planned(tmp_path / "a.png"))
    with workplace(tmp_path) as place:
        draft = Draft(Candidate(seen), LINES[kind].tasks_of(Candidate(seen), place), ())
        contents, found = LINES[kind].contents_of(draft, [Done(Work(1, draft, t), None) for t in draft.tasks], place)
    assert contents.originals == seen.files
    assert found == []
