"""What readers may take away comes from the settings as they are, and is made as it was published."""

import os
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest

from archives.text.page import Box, Line, Page, Word
from cli.home.downloads import AsSet, downloads, lending
from cli.home.originals import Originals
from cli.home.settings.as_read import PortalAsSet
from cli.home.settings.reading import parse_settings
from formats.processes.children import ChildExecutor
from search.published.files.offer import Sheet
from tests.support.files import image_bytes

LENT = '[[portal.repositories]]\ncode = "990001"\ndownloads = true\n'


def test_nothing_may_be_taken_away_until_the_settings_say_so() -> None:
    def chosen(text: str) -> frozenset[str]:
        return lending(parse_settings(text, Path("jinkui.toml")).portal)

    assert chosen("") == frozenset()
    assert chosen('[[portal.repositories]]\ncode = "990001"\n') == frozenset()
    assert chosen(LENT) == {"990001"}
    assert chosen(LENT + LENT.replace("true", "false")) == frozenset(), "what is said twice differently is not allowed"


def test_a_setting_that_is_changed_holds_at_once(tmp_path: Path) -> None:
    file = tmp_path / "jinkui.toml"
    may_download = AsSet(PortalAsSet(tmp_path))
    assert not may_download("990001")
    for text, holds in ((LENT, True), (LENT.replace("true", "false"), False), (LENT, True), ("[[", False)):
        beside = tmp_path / "new"
        beside.write_text(text, "utf-8")
        os.replace(beside, file)
        assert may_download("990001") is holds
        assert not may_download("990002")
    file.unlink()
    assert not may_download("990001")


def test_a_pdf_shows_the_pictures_and_holds_the_text_in_its_order(tmp_path: Path) -> None:
    words = [("Our", 100, 60, 30), ("ref:", 205, 80, 24), ("LAC/79/114", 330, 200, 36)]
    line = Line(tuple(Word(text, Box(left, 90, width, height), 1.0) for text, left, width, height in words), Box(100, 90, 620, 36), " ")  # fmt: skip
    after = Line((Word("防汛通知", Box(100, 200, 160, 40), 1.0),), Box(100, 200, 160, 40))
    page = Page(1000, 1400, 120, "", "horizontal", (line, after))
    jpeg = image_bytes("JPEG", size=(500, 700))
    executor = ChildExecutor(1, timeout_seconds=60, memory_bytes=1 << 30)
    try:
        made = downloads(
            parse_settings(LENT, Path("x")).portal,
            Originals(None, executor, tmp_path),  # type: ignore[arg-type] # no original is opened
        )
        assert made.pdf_of is not None
        told = {"title": "公开的题名", "code": "Z109-WS·1986-1", "holder": "岭澜省档案馆", "language": "zh-Hans"}
        data = made.pdf_of([Sheet(jpeg, page), Sheet(jpeg, page)], **told)
        assert made.pdf_of([Sheet(jpeg, page), Sheet(jpeg, page)], **told) == data
    finally:
        executor.shutdown()
    assert list(tmp_path.iterdir()) == []
    path = tmp_path / "record.pdf"
    path.write_bytes(data)
    with pikepdf.open(path) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "公开的题名"
        assert metadata["dc:identifier"] == metadata["pdf:Keywords"] == "Z109-WS·1986-1"
        assert metadata["dc:publisher"] == {"岭澜省档案馆"}
        assert metadata["dc:description"] == "Z109-WS·1986-1, 岭澜省档案馆"
        assert (str(pdf.docinfo["/Title"]), str(pdf.docinfo["/Subject"])) == ("公开的题名", metadata["dc:description"])
        assert str(pdf.Root.Lang) == "zh-Hans"
        assert pdf.pages[0].Resources.XObject["/Im0"].read_raw_bytes() == jpeg
        assert [float(one) for one in pdf.pages[0].MediaBox] == pytest.approx([0, 0, 600, 840])
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not there")
    said = subprocess.run(["pdftotext", "-l", "1", path, "-"], capture_output=True, text=True, check=True).stdout
    assert [one for one in said.splitlines() if one.strip("\f")] == ["Our ref: LAC/79/114", "防汛通知"]
