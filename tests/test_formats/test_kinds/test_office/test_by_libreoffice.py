"""What no reader of ours reads is read by LibreOffice where it is installed, inside the confined child; elsewhere it is said."""

from pathlib import Path

import pytest

from archives.record.record import FormatIdentification
from formats.kinds.office.by_libreoffice import KIND, program_folder
from formats.processes.children import ChildExecutor
from formats.processes.confinement import Confinement
from formats.processes.opened import Opened
from formats.text import ExtractedText, extract_text, extract_text_apart
from tests.support.files import put

ABIWORD = FormatIdentification("x-fmt/11", "AbiWord Document", "", "application/x-abiword", "")
WRITTEN = '<?xml version="1.0"?><abiword><section><p>RESERVOIR REPORT</p><p>水库报告</p></section></abiword>'


def read_apart(path: Path) -> ExtractedText:
    """Read a file as ingest does: in a child that may neither connect nor look around."""
    confined = Confinement((path.parent,), optional=True)
    children = ChildExecutor(1, timeout_seconds=300, memory_bytes=1 << 30, confined=confined)
    with children, Opened.at(path) as opened:
        return children.submit(extract_text_apart, opened, ABIWORD).result()


@pytest.mark.skipif(program_folder() is None, reason="LibreOffice (soffice) is not installed")
def test_a_document_is_read_by_libreoffice_inside_the_child(tmp_path: Path) -> None:
    extracted = read_apart(put(tmp_path, "a.abw", WRITTEN.encode()))
    assert (extracted.pages[0].split(), extracted.findings) == (["RESERVOIR", "REPORT", "水库报告"], ())


@pytest.mark.skipif(program_folder() is None, reason="LibreOffice (soffice) is not installed")
def test_what_libreoffice_cannot_read_is_told(tmp_path: Path) -> None:
    extracted = extract_text(put(tmp_path, "a.cdr", b"RIFF\0\0\0\0CDR no drawing" * 9), ABIWORD)
    assert extracted.findings or extracted.pages


def test_where_libreoffice_is_missing_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (found,) = extract_text(put(tmp_path, "a.abw", WRITTEN.encode()), ABIWORD).findings
    assert (found.code, "install LibreOffice" in found.message.text("en")) == ("text-no-reader", True)
    assert "application/x-abiword" in KIND.endings
