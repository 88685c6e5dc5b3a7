"""Technical properties of files, and what is wrong with those that do not open: findings, never exceptions."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import message
from archives.record.record import FormatIdentification
from formats.kinds.kind import Kind, Look
from formats.kinds.plain_text import NAMED_OTHERWISE
from formats.kinds.registry import kind_of, mime_promised
from formats.unpack import Container

_NOT_SUPPORTED = ("unsupported", "not supported", "not implemented")
_ZIP = "application/zip"
_WRONG_PASSWORD = "password"  # noqa: S105 - a word of pdfium's error


@dataclass(frozen=True, slots=True)
class Characterization:
    """A file's technical properties, how many pages it has (None where that has no meaning), what was found."""

    properties: tuple[tuple[str, str], ...]
    pages: int | None
    findings: tuple[Finding, ...]


def characterize(path: Path, identification: FormatIdentification) -> Characterization:
    """Look into a file as far as its format allows; whatever cannot be opened is a finding."""
    if identification.mime == "application/x-empty":
        found = warning("file-empty", message("文件是空的（0 字节）", "the file is empty (0 bytes)"))
        return Characterization((), None, (found,))
    kind = kind_of(identification.mime)
    misnamed = tuple(_misnamed(path, identification, kind))
    try:
        look = kind.look(path) if kind.look else _looked_as_named(path, identification)
    except FormatError as broken:
        return Characterization((), None, (*misnamed, _unopened(broken)))
    return Characterization(
        look.properties, look.pages, (*misnamed, *_unproven(path, identification, look), *look.findings)
    )


def _misnamed(path: Path, identification: FormatIdentification, kind: Kind) -> Iterator[Finding]:
    usual = kind.endings.get(identification.mime)
    promised = mime_promised(path) or identification.mime
    is_other = promised != identification.mime and kind_of(promised) is not kind and not kind.is_general
    is_other = is_other or NAMED_OTHERWISE in identification.caution
    is_odd = path.suffix.lower() not in usual if usual else is_other and identification.puid
    if is_odd:
        said = message(
            "扩展名与实际格式（{name}）不符",
            "the extension does not fit the format ({name})",
            name=identification.name,
        )
        yield warning("extension-mismatch", said)


def _looked_as_named(path: Path, identification: FormatIdentification) -> Look:
    """Look into a mere ZIP as into what its name promises: where it is refused, that is why nothing else is known of it."""
    promised = mime_promised(path)
    if identification.mime == _ZIP and promised not in (None, _ZIP):
        with Container(path):
            kind = kind_of(promised or "")
            return kind.look(path) if kind.look else Look()
    return Look()


def _unopened(broken: FormatError) -> Finding:
    if _WRONG_PASSWORD in str(broken).lower():
        said = message("文件已加密，需要口令才能打开", "the file is encrypted and opens with a password only")
        return warning("file-encrypted", said)
    if any(word in str(broken).lower() for word in _NOT_SUPPORTED):
        said = message(
            "此处的程序不支持：{reason}；文件未必损坏，已原样保存",
            "the programs here do not support it: {reason}; it need not be damaged and is kept as it is",
            reason=broken.message,
        )
        return warning("format-not-supported", said)
    said = message("文件打不开：{reason}", "the file does not open: {reason}", reason=broken.message)
    return warning("file-unreadable", said)


def _unproven(path: Path, identification: FormatIdentification, look: Look) -> Iterator[Finding]:
    is_text = identification.mime.startswith(("text/", "message/")) or "encoding" in dict(look.properties)
    if "extension only" in identification.caution and not is_text:
        said = message(
            "只凭扩展名判断为 {name}，内容未能证实",
            "taken for {name} by its name only; its content does not show it",
            name=identification.name,
        )
        yield warning("format-by-name-only", said)
    if identification.puid is None and identification.name == "unknown":
        said = message(
            "内容不是任何已知格式（扩展名 {suffix}），已原样保存",
            "its content is of no known format (its name ends in {suffix}); it is kept as it is",
            suffix=path.suffix or "—",
        )
        yield warning("format-unknown", said)
