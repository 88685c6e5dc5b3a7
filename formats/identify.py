"""Format identification by PRONOM signatures (siegfried's, through pygfried), with the basis of every answer.

What PRONOM does not know (OFD, GB/T 33190) is recognised by its kind of file itself, without a PUID.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from archives.errors import FormatError
from archives.message import message
from archives.record.record import FormatIdentification
from archives.system_reason import reason_of
from formats.kinds.kind import UNKNOWN_MIME
from formats.kinds.plain_text import NAMED_OTHERWISE, PLAIN, looks_plain
from formats.kinds.registry import kind_of, mime_named, recognised

_CONTAINERS = ("x-fmt/263", "fmt/111", "fmt/494")  # ZIP, OLE2, an encrypted OLE2
_SAYING_NOTHING = ("UNKNOWN", "fmt/208", "fmt/1730")  # .bin "Binary File", .dat "Data File"
_BY_NAME = "extension only"
_PACKAGES = "application/vnd.openxmlformats-officedocument."
EMPTY_MIME = "application/x-empty"


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
        raise FormatError(
            message("无法读取文件：{reason}", "the file cannot be read: {reason}", reason=reason_of(cause)),
            subject=path.name,
        ) from cause


def by_content(path: Path, found: FormatIdentification) -> FormatIdentification:
    """Return what our own kinds recognise where signatures found a mere container, a name, no type (which it gives), or nothing."""
    if is_sure(found):
        return found
    own = recognised(path)
    if own and found.mime == UNKNOWN_MIME and found.puid not in (*_CONTAINERS, None) and _BY_NAME not in found.caution:
        return replace(found, mime=own.mime)
    return _as_text(path, found) if own is None or (found.puid and own.mime == found.mime) else own


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
