"""What no reader here reads and LibreOffice does, where it is installed: WordPerfect, Works, Lotus, StarOffice, Visio and others.

It makes a PDF or a workbook of the file, inside the child that reads it, and that is read. It is a program of the operator's; its
library (MPL 2.0) is loaded into no process but one that does this and ends.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from archives.errors import FormatError, ToolError
from archives.findings import warning
from archives.message import message
from formats.kinds import pdf, workbook
from formats.kinds.kind import Kind, Reading
from formats.kinds.office import libreoffice_kit
from formats.kinds.office.libreoffice_kit import convert
from formats.processes.child import is_here
from formats.processes.tools import run_forked, run_tool

_SHEETS = {
    "application/vnd.lotus-1-2-3": (".wk1", ".wk3", ".wk4", ".123"),
    "application/x-quattro-pro": (".wb2", ".wb3", ".qpw"),
    "application/vnd.sun.xml.calc": (".sxc",),
}
_PAGES = {
    "application/vnd.wordperfect": (".wpd", ".wp", ".wp5", ".wp6"),
    "application/vnd.ms-works": (),
    "application/vnd.lotus-wordpro": (".lwp",),
    "application/vnd.sun.xml.writer": (".sxw", ".stw"),
    "application/vnd.sun.xml.impress": (".sxi", ".sti"),
    "application/vnd.sun.xml.draw": (".sxd", ".std"),
    "application/vnd.stardivision.writer": (".sdw",),
    "application/vnd.visio": (".vsd", ".vst"),
    "application/x-mspublisher": (".pub",),
    "application/vnd.corel-draw": (".cdr",),
    "application/x-abiword": (".abw",),
}
_SHEET_ENDINGS = frozenset(ending for endings in _SHEETS.values() for ending in endings)
_PROGRAM = "soffice"
_TIMEOUT_SECONDS = 120


def program_folder() -> Path | None:
    """Return the folder of LibreOffice's program and libraries, None where it is not installed."""
    found = shutil.which(_PROGRAM)
    return Path(found).resolve().parent if found else None


def _read(path: Path) -> Reading:
    office = program_folder()
    if office is None:
        said = message(
            "已原样保存，未读取文字：没有可读此格式的程序（安装 LibreOffice 后可重新识别）",
            "kept, not read: there is no reader for its format (install LibreOffice, then recognise the record)",
        )
        yield warning("text-no-reader", said)
        return
    is_sheet = path.suffix.lower() in _SHEET_ENDINGS
    read = workbook.KIND.read if is_sheet else pdf.KIND.read
    assert read is not None
    with TemporaryDirectory() as folder:
        yield from read(_converted(path, Path(folder), "xlsx" if is_sheet else "pdf", office))


def _converted(path: Path, folder: Path, form: str, office: Path) -> Path:
    """Return the file that LibreOffice makes in the folder; raises ``FormatError`` when it makes none."""
    made, own = folder / f"made.{form}", folder / f"own{path.suffix}"
    shutil.copyfile(path, own)  # it takes no name that leads to an open file
    asked = (str(office), f"{folder}/profile", str(own), str(made), form)
    places = {"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    try:
        if is_here():
            run_forked(partial(_forked, places, asked), "LibreOffice", timeout_seconds=_TIMEOUT_SECONDS)
        else:
            run_tool(
                [sys.executable, "-I", libreoffice_kit.__file__, *asked],
                timeout_seconds=_TIMEOUT_SECONDS,
                environment=places,
                folder=folder,
            )
    except ToolError as failed:
        said = message(
            "LibreOffice 未能转换：{reason}", "LibreOffice could not convert it: {reason}", reason=failed.message
        )
        raise FormatError(said, subject=path.name) from failed
    return made


def _forked(places: Mapping[str, str], asked: tuple[str, str, str, str, str]) -> bool:
    os.environ.update(places)  # of a process of its own
    os.chdir(places["HOME"])
    return not convert(*asked)


KIND = Kind(endings=_PAGES | _SHEETS, look=None, draw=None, read=_read)
