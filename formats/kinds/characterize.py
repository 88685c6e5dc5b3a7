"""Technical properties of files, and what is wrong with those that do not open: findings, never exceptions."""

import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import message
from archives.record.record import FormatIdentification
from formats.identify import OFD_MIME
from formats.kinds.ofd import ofd_pages
from formats.kinds.render import IMAGE_MIMES, image_properties

_WRONG_PASSWORD = "password"  # noqa: S105 - a word of pdfium's error
_SUFFIX_OF = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe"),
    "image/tiff": (".tif", ".tiff"),
    "image/png": (".png",),
    "image/jp2": (".jp2", ".jpf", ".jpx"),
    "application/pdf": (".pdf",),
    OFD_MIME: (".ofd",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
}


@dataclass(frozen=True, slots=True)
class Characterization:
    """A file's technical properties, how many pages it has (None where that has no meaning), what was found."""

    properties: tuple[tuple[str, str], ...]
    pages: int | None
    findings: tuple[Finding, ...]


def characterize(path: Path, identification: FormatIdentification) -> Characterization:
    """Look into a file as far as its format allows; whatever cannot be opened is a finding."""
    mime = identification.mime
    findings: list[Finding] = []
    if mime == "application/x-empty":
        found = warning("file-empty", message("文件是空的（0 字节）", "the file is empty (0 bytes)"))
        return Characterization((), None, (found,))
    promised = next((kind for kind, suffixes in _SUFFIX_OF.items() if path.suffix.lower() in suffixes), mime)
    if (mime in _SUFFIX_OF and path.suffix.lower() not in _SUFFIX_OF[mime]) or (
        promised != mime and identification.puid
    ):
        findings.append(
            warning(
                "extension-mismatch",
                message(
                    "扩展名与实际格式（{name}）不符",
                    "the extension does not fit the format ({name})",
                    name=identification.name,
                ),
            )
        )
    try:
        properties, pages = _LOOKS.get(mime, _nothing)(path)
    except FormatError as broken:
        code = "file-encrypted" if _WRONG_PASSWORD in str(broken).lower() else "file-unreadable"
        findings.append(
            warning(
                code, message("文件已加密，需要口令才能打开", "the file is encrypted and opens with a password only")
            )
            if code == "file-encrypted"
            else warning(
                code, message("文件打不开：{reason}", "the file does not open: {reason}", reason=broken.message)
            )
        )
        return Characterization((), None, tuple(findings))
    if "extension only" in identification.caution and not mime.startswith(("text/", "message/")):
        said = message(
            "只凭扩展名判断为 {name}，内容未能证实",
            "taken for {name} by its name only; its content does not show it",
            name=identification.name,
        )
        findings.append(warning("format-by-name-only", said))
    if identification.puid is None and mime != OFD_MIME:
        findings.append(
            warning(
                "format-unknown",
                message(
                    "内容不是任何已知格式（扩展名 {suffix}），已原样保存",
                    "its content is of no known format (its name ends in {suffix}); it is kept as it is",
                    suffix=path.suffix or "—",
                ),
            )
        )
    return Characterization(properties, pages, tuple(findings))


def _nothing(_: Path) -> tuple[tuple[tuple[str, str], ...], int | None]:
    return (), None


def _pdf(path: Path) -> tuple[tuple[tuple[str, str], ...], int | None]:
    try:
        with pypdfium2.PdfDocument(path) as document:
            version = document.get_version()
            return (("pdf_version", f"{(version or 0) / 10:.1f}"), ("pages", str(len(document)))), len(document)
    except pypdfium2.PdfiumError as cause:
        raise FormatError(message("{reason}", "{reason}", reason=str(cause)), subject=str(path)) from cause


def _ofd(path: Path) -> tuple[tuple[tuple[str, str], ...], int | None]:
    pages = len(ofd_pages(path))
    return (("pages", str(pages)),), pages


def _wave(path: Path) -> tuple[tuple[tuple[str, str], ...], int | None]:
    try:
        with wave.open(str(path)) as sound:
            seconds = sound.getnframes() / sound.getframerate()
            return (
                ("duration_seconds", f"{seconds:.3f}"),
                ("sample_rate_hz", str(sound.getframerate())),
                ("sample_bits", str(8 * sound.getsampwidth())),
                ("channels", str(sound.getnchannels())),
            ), None
    except (wave.Error, EOFError, OSError, ZeroDivisionError) as cause:
        raise FormatError(message("{reason}", "{reason}", reason=str(cause)), subject=str(path)) from cause


_LOOKS: dict[str, Callable[[Path], tuple[tuple[tuple[str, str], ...], int | None]]] = {
    "application/pdf": _pdf,
    OFD_MIME: _ofd,
    **dict.fromkeys(("audio/x-wav", "audio/vnd.wave", "audio/wav"), _wave),
    **dict.fromkeys(IMAGE_MIMES, image_properties),
}
