"""The access copy is one searchable PDF of the pages that were recognised, made anew only when they changed."""

from pathlib import Path

import pikepdf

from formats.processes.opened import Opened
from ingest.page.access_pdf import AccessPage
from ingest.reading.access_copy import AccessCopyTask, make_access_copy
from tests.support.intake import read_page
from tests.support.vaults import MOMENT


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
