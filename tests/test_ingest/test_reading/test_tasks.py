"""The work on a file: a page that is recognised once and never twice, the text that a file has by itself."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import FormatError
from archives.exchange.alto import read_alto, write_alto
from archives.record.checksum import digests_of
from formats.processes.children import ChildExecutor
from formats.processes.confinement import Confinement
from formats.processes.opened import Opened
from ingest.page.access_pdf import AccessPage
from ingest.page.ocr.engine import OcrSettings
from ingest.reading.access_copy import AccessCopyTask, make_access_copy
from ingest.reading.tasks import PageTask, TextTask
from tests.support.files import docx_bytes, image_bytes, put
from tests.support.intake import examined, page_of, planned
from tests.support.vaults import MOMENT

ALTO = write_alto(page_of("known"), image_name="a.png", software="jinkui 0")


def known_task(folder: Path, data: bytes | None = None, *, name: str = "a.png") -> PageTask:
    """Return a page that was read before, so that no engine is needed."""
    (file,) = examined(planned(folder / name, data=data)).files
    return PageTask(file, 2, 0, "en", folder / "drafts", OcrSettings(), "jinkui 0", ALTO)


def test_a_known_page_is_written_with_the_very_text_that_is_stored(tmp_path: Path) -> None:
    task = known_task(tmp_path)
    page = task.kept(task.do())
    assert page.alto.read_bytes() == ALTO
    assert page.text.read_text("utf-8") == "known\n"
    assert page.page == read_alto(ALTO)
    assert (page.source, page.index, page.anew, page.jpeg.name) == (2, 0, False, "0002-0000.jpg")


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


def test_work_is_frozen_names_its_file_and_travels_to_a_child(tmp_path: Path) -> None:
    page = known_task(tmp_path)
    for task in (page, TextTask(page.file, 2, tmp_path)):
        assert (task.file, task.source) == (page.file, 2)
        assert pickle.loads(pickle.dumps(task)) == task
        with pytest.raises(AttributeError):
            task.file = page.file  # type: ignore[misc]  # the point of this test


def test_text_that_cannot_be_taken_out_is_a_finding(tmp_path: Path) -> None:
    broken = put(tmp_path, "a.docx", docx_bytes())
    (file,) = examined(planned(broken)).files
    broken.write_bytes(b"PK\x03\x04 broken meanwhile".ljust(broken.stat().st_size))
    answer = TextTask(file, 0, tmp_path).do()
    assert ([found.code for found in answer.findings], answer.pages) == (["text-not-extracted"], ())
