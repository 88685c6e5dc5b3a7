"""The kinds of file there are, one line each."""

from dataclasses import replace
from pathlib import Path

from archives.record.record import FormatIdentification
from formats.kinds import image, mail, markup, ofd, pdf, plain_text, word_document, workbook
from formats.kinds.bundles import readable, sealed
from formats.kinds.kind import UNKNOWN, UNKNOWN_MIME, Ends, Kind
from formats.kinds.media import recording, sound
from formats.kinds.office import (
    by_libreoffice,
    compound_file,
    open_document,
    outlook,
    presentation,
    presentation_binary,
    rich_text,
    word_binary,
)

KINDS: tuple[Kind, ...] = (
    image.KIND,
    pdf.KIND,
    ofd.KIND,
    word_document.KIND,
    workbook.KIND,
    presentation.KIND,
    open_document.KIND,
    rich_text.KIND,
    word_binary.KIND,
    presentation_binary.KIND,
    compound_file.KIND,
    outlook.KIND,
    mail.KIND,
    plain_text.KIND,
    markup.KIND,
    sound.KIND,
    recording.KIND,
    readable.KIND,
    sealed.KIND,
    by_libreoffice.KIND,
)
_CLASSES = (("", "+xml", markup.KIND), ("", "+json", plain_text.KIND), ("text/", "", plain_text.KIND))
PAGE_ENDINGS = frozenset(
    ending for kind in KINDS if kind.draw for endings in kind.endings.values() for ending in endings
)
"""The endings of names whose files have page images."""
PICTURE_ENDINGS = frozenset(
    ending for kind in KINDS if kind.draw and not kind.read for endings in kind.endings.values() for ending in endings
)
"""The endings of names whose files have page images and nothing else."""


def kind_of(mime: str) -> Kind:
    """Return the kind of file that a MIME type is of, by its class (RFC 6838 §4.2.1, §4.2.8) where it is of none; else ``UNKNOWN``."""
    by_class = next(
        (kind for begins, ends, kind in _CLASSES if mime.startswith(begins) and mime.endswith(ends)), UNKNOWN
    )
    return next((kind for kind in KINDS if mime in kind.endings), by_class)


def mime_named(path: Path) -> str | None:
    """Return the MIME type that a file's ending tells where PRONOM tells none."""
    return next((kind.named[ending] for kind in KINDS if (ending := path.suffix.lower()) in kind.named), None)


def mime_promised(path: Path) -> str | None:
    """Return the MIME type that files with this ending have; None when the ending promises nothing."""
    every = (item for kind in KINDS for item in kind.endings.items())
    return next((mime for mime, endings in every if path.suffix.lower() in endings), None)


def recognised(path: Path) -> FormatIdentification | None:
    """Return what a file looks like to the rules of our own kinds; None when to none of them."""
    return next((own for kind in KINDS if kind.recognise and (own := kind.recognise(path))), None)


def may_be_recognised(ends: Ends) -> bool:
    """Say whether any rule of our own kinds has to be asked about a file with these ends."""
    return any(kind.perhaps(ends) for kind in KINDS if kind.recognise)


def looked_at(path: Path) -> FormatIdentification:
    """Return what a file is by its look, else what its name promises, without asking signatures."""
    mime = mime_promised(path) or mime_named(path)
    if own := recognised(path):
        return own
    if mime is None and plain_text.looks_plain(path):
        return replace(plain_text.PLAIN, puid=None)
    return FormatIdentification(None, path.suffix or "?", "", mime or UNKNOWN_MIME, "extension match" if mime else "")
