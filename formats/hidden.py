"""What a file holds that a person who looks at it does not see, as findings: it would be published with the rest."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import Message, message
from archives.record.record import FormatIdentification
from formats.foreign import words_of
from formats.kinds.kind import Kind
from formats.kinds.registry import kind_of
from formats.processes.child import apart
from formats.processes.opened import Opened
from formats.text import extract_text

_NOT_SEEN = frozenset({"text-no-reader", "text-not-extracted", "embedded-not-read"})
"""What reading a file's text finds where there is something in it that nothing here can look into."""


def hidden_content_apart(opened: Opened, *, mime: str) -> tuple[Finding, ...]:
    """Return what is hidden in a file, which is opened where nothing else can be read."""
    return apart(hidden_content, opened, mime=mime)


def hidden_content(path: Path, *, mime: str) -> tuple[Finding, ...]:
    """Return what is hidden in a file; a file that cannot be looked into, or something in it, is one finding."""
    kind = kind_of(mime)
    try:
        if kind.hides is None:
            return tuple(map(_unknown, _unseen(path, mime, kind)))
        return tuple(warning(hidden.code, hidden.said) for hidden in kind.hides(path))
    except FormatError as broken:
        reason = broken.message
    except (OSError, ValueError, KeyError, LookupError, TypeError, AttributeError, zipfile.BadZipFile) as cause:
        reason = words_of(cause, path)
    return (_unknown(reason),)


def _unseen(path: Path, mime: str, kind: Kind) -> Iterator[Message]:
    """Yield why a file of a kind that hides nothing cannot be looked into; raises ``FormatError`` where it does not open."""
    if kind.is_silent or not path.stat().st_size:
        return
    if kind.look:
        kind.look(path)
    if kind.draw:
        return
    if kind.read is None:
        yield message(
            "此处没有能查看它的程序，请用原来的软件打开核对",
            "nothing here can look into it; open it with the program that made it",
        )
        return
    read = extract_text(path, FormatIdentification(None, mime, "", mime, ""))
    yield from (found.message for found in read.findings if found.code in _NOT_SEEN)


def _unknown(reason: Message) -> Finding:
    said = message(
        "无法查看其中是否有隐藏内容：{reason}", "it cannot be seen whether it hides something: {reason}", reason=reason
    )
    return warning("hidden-unknown", said)
