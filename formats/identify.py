"""Format identification by PRONOM signatures (siegfried's, through pygfried), with the basis of every answer.

What PRONOM does not know (OFD, GB/T 33190) is recognised by its kind of file itself, without a PUID.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from archives.errors import FormatError
from archives.message import Message, message
from archives.record.record import FormatIdentification
from archives.system_reason import reason_of
from formats.kinds.kind import UNKNOWN_MIME
from formats.kinds.plain_text import NAMED_OTHERWISE, PLAIN, looks_plain
from formats.kinds.registry import kind_of, mime_named, recognised
from formats.unpack import Container

_CONTAINERS = ("x-fmt/263", "fmt/111", "fmt/494")  # ZIP, OLE2, an encrypted OLE2
_SAYING_NOTHING = ("UNKNOWN", "fmt/208", "fmt/1730")  # .bin "Binary File", .dat "Data File"
_BY_NAME = "extension only"
_PACKAGES = "application/vnd.openxmlformats-officedocument."
EMPTY_MIME = "application/x-empty"
_HEADS = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"RIFF",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"AT&T",
    b"\x00\x00\x00",
)
"""How files begin that are no text, and of which signatures tell what they are."""
_SIGNED = (
    (b"%PDF", message("PDF 文件", "a PDF file")),
    (b"\x89PNG", message("PNG 图像", "a PNG image")),
    (b"\xff\xd8\xff", message("JPEG 图像", "a JPEG image")),
    (b"II*\x00", message("TIFF 图像", "a TIFF image")),
    (b"MM\x00*", message("TIFF 图像", "a TIFF image")),
    (b"GIF8", message("GIF 图像", "a GIF image")),
    (b"{\\rtf", message("RTF 文档", "an RTF document")),
    (b"7z\xbc\xaf\x27", message("7z 压缩包", "a 7z archive")),
    (b"Rar!\x1a", message("RAR 压缩包", "a RAR archive")),
    (b"\x1f\x8b", message("gzip 压缩包", "a gzip archive")),
)
_OTHERS = (
    ("application/msword", message("Word 文档", "a Word document")),
    (_PACKAGES + "wordprocessingml", message("Word 文档", "a Word document")),
    ("application/vnd.ms-word", message("Word 文档", "a Word document")),
    (_PACKAGES + "presentationml", message("演示文稿", "a presentation")),
    ("application/vnd.ms-powerpoint", message("演示文稿", "a presentation")),
    ("application/vnd.oasis.opendocument.text", message("文字文档（ODT）", "a text document (ODT)")),
    ("application/vnd.oasis.opendocument.presentation", message("演示文稿（ODP）", "a presentation (ODP)")),
    ("application/ofd", message("OFD 版式文件", "an OFD file")),
    ("application/epub", message("电子书（EPUB）", "an e-book (EPUB)")),
    ("image/", message("图像", "an image")),
    ("audio/", message("录音文件", "a sound recording")),
    ("video/", message("录像文件", "a film")),
)
_OF_ODS = b"opendocument.spreadsheet"
_LOOKED_THROUGH = 1 << 22
_WORKBOOK = message("工作簿或压缩包，名称却是文本的", "a workbook or an archive under the name of a text")
"""What is told of files that are no tables, by how they begin, else by their type."""


def identify(path: Path) -> FormatIdentification:
    """Return what a file is; where PRONOM has no answer, ``puid`` is None and ``caution`` says so.

    Raises ``FormatError`` when the file cannot be read.
    """
    return by_content(path, by_signature(path))


def by_signature(path: Path) -> FormatIdentification:
    """Return what PRONOM's signatures say of a file; raises ``FormatError`` when it cannot be read."""
    try:
        if path.stat().st_size == 0:
            return FormatIdentification(None, "empty file", "", EMPTY_MIME, "no bytes", "the file is empty")
        return _signed(path)
    except OSError as cause:
        raise _unreadable(path, cause) from cause


def by_content(path: Path, found: FormatIdentification) -> FormatIdentification:
    """Return what our own kinds recognise where signatures found a mere container, a name, no type (which it gives), or nothing."""
    if is_sure(found):
        return found
    own = recognised(path)
    if own and found.mime == UNKNOWN_MIME and found.puid not in (*_CONTAINERS, None) and _BY_NAME not in found.caution:
        return replace(found, mime=own.mime)
    return _as_text(path, found) if own is None or (found.puid and own.mime == found.mime) else own


def require_table(path: Path, *, is_text: bool) -> None:
    """Raise ``FormatError`` for a file that is no table by its bytes, whatever its name says, with what it is.

    ``is_text``: it is called like a text, so that a workbook would be read as one.
    """
    said = _no_table(path, is_text=is_text)
    if said is None:
        return
    advice = message(
        "请核对是否为所指的文件；表格在其中的，复制到表格软件，另存为 XLSX，或 UTF-8 编码的 CSV",
        "see whether it is the file that is meant; where the table stands in it, copy it into a spreadsheet program and save it as XLSX, or as CSV in UTF-8",
    )
    if said is _WORKBOOK:
        advice = message(
            "工作簿请改扩展名为 .xlsx、.xls 或 .ods；压缩包请先解压",
            "call a workbook .xlsx, .xls or .ods, as it is; unpack an archive first",
        )
    told = message("这是{what}，不是表格", "it is {what}, and no table", what=said)
    raise FormatError(told, subject=path.name, advice=advice)


def _no_table(path: Path, *, is_text: bool) -> Message | None:
    try:
        with path.open("rb") as file:
            head = file.read(128)
    except OSError as cause:
        raise _unreadable(path, cause) from cause
    if told := next((told for sign, told in _SIGNED if head.startswith(sign)), None):
        return told
    if not head.startswith(_HEADS) or (not is_text and _has_worksheets(path, head)):
        return None
    mime = identify(path).mime
    other = next((told for start, told in _OTHERS if mime.startswith(start)), None)
    return other or (_WORKBOOK if is_text and head.startswith(_HEADS[:2]) else None)


def _has_worksheets(path: Path, head: bytes) -> bool:
    """Say whether a container has what workbooks have, so that no signatures need be loaded to see that it is none of the others."""
    if head.startswith(b"PK"):
        try:
            with Container(path) as container:
                return _OF_ODS in head or any("workbook." in name.lower() for name in container.names)
        except FormatError:
            return True  # broken: its reader says how
    with path.open("rb") as file:
        directory = file.read(_LOOKED_THROUGH)
    return any(name.encode("utf-16-le") in directory for name in ("Workbook", "Book\0", "EncryptedPackage"))


def _as_text(path: Path, found: FormatIdentification) -> FormatIdentification:
    """Return that a file which nothing else here reads is text, where all of it is; what its content shows besides is kept."""
    if kind_of(found.mime).read or found.mime == EMPTY_MIME or not looks_plain(path):
        return found
    if found.puid is None or _BY_NAME in found.caution:
        return replace(PLAIN, caution=found.caution if NAMED_OTHERWISE in found.caution else "")
    return replace(found, mime=PLAIN.mime)


def is_sure(found: FormatIdentification) -> bool:
    """Say whether signatures found all there is to find, so that our own kinds need not look at the file."""
    is_typed = found.puid not in (*_CONTAINERS, None) and found.mime != UNKNOWN_MIME
    is_package = found.mime.startswith(_PACKAGES)  # PRONOM takes any strict one for a Word document
    return (is_typed and not is_package and _BY_NAME not in found.caution) or found.mime == EMPTY_MIME


def _signed(path: Path) -> FormatIdentification:
    import pygfried  # 134 MiB once used: only those who identify pay for it

    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        with tempfile.TemporaryDirectory() as folder:
            alias = Path(folder) / ("file" + path.suffix.encode("ascii", "ignore").decode())
            alias.symlink_to(path)
            return _answer(pygfried.identify(str(alias), detailed=True), path)
    return _answer(pygfried.identify(str(path), detailed=True), path)


def _answer(answer: Any, path: Path) -> FormatIdentification:
    matches = answer["files"][0]["matches"]
    best = matches[0] if matches else {"id": "UNKNOWN"}
    is_text = best.get("class", "").startswith("Text ") and _BY_NAME in best["warning"]  # of OLE2 it says so too
    mime = mime_named(path) or (PLAIN.mime if is_text else UNKNOWN_MIME)
    if best["id"] in _SAYING_NOTHING:
        caution = best.get("warning", "") if best["id"] == "UNKNOWN" else ""
        return FormatIdentification(None, "unknown", "", mime, best.get("basis", ""), caution or "no match")
    return FormatIdentification(
        puid=best["id"],
        name=best["format"],
        version=best["version"],
        mime=best["mime"].split(",")[0].strip() or mime,
        basis=best["basis"],
        caution=best["warning"],
    )


def _unreadable(path: Path, cause: OSError) -> FormatError:
    said = message("无法读取文件：{reason}", "the file cannot be read: {reason}", reason=reason_of(cause))
    return FormatError(said, subject=path.name)
