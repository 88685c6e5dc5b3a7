"""What a file is and what it says of itself, found out in a process of its own, and only where it has to be opened.

A small text is read in the same go: to start a process for it a second time costs more than to read it.
"""

import os
from pathlib import Path

from archives.errors import FormatError
from archives.message import message
from archives.record.record import FormatIdentification
from archives.system_reason import reason_of
from formats.characterize import Characterization, characterize
from formats.identify import by_content, by_signature, is_sure
from formats.kinds.kind import HEAD_BYTES, TAIL_BYTES, Ends
from formats.kinds.plain_text import KIND as PLAIN_TEXT
from formats.kinds.plain_text import may_look_plain
from formats.kinds.registry import kind_of, may_be_recognised
from formats.processes.child import apart
from formats.processes.opened import Opened
from formats.text import ExtractedText, extract_text
from formats.unwritten import unwritten_pages

Seen = tuple[FormatIdentification, Characterization, tuple[int, ...], ExtractedText | None]

_SMALL_BYTES = 64 << 10


def look_at(opened: Opened) -> Seen:
    """Return what a file is, its technical properties, which of its pages have to be recognised, and its text where that is small.

    Raises ``FormatError`` when it cannot be read.

    One of which signatures say all, and that nothing here looks into, is judged by its name and theirs.
    """
    found = by_signature(opened.path)
    is_told = is_sure(found) or not _may_be_known(_ends(opened))
    if is_told and kind_of(found.mime).look is None:
        return found, characterize(opened.path, found), (), None
    return apart(_look_into, opened, found)


def _may_be_known(ends: Ends) -> bool:
    return may_be_recognised(ends) or may_look_plain(ends)


def _ends(opened: Opened) -> Ends:
    try:
        size_bytes = os.fstat(opened.handle).st_size
        tail_begins = max(0, size_bytes - TAIL_BYTES)
        return Ends(os.pread(opened.handle, HEAD_BYTES, 0), os.pread(opened.handle, TAIL_BYTES, tail_begins))
    except OSError as cause:
        raise FormatError(
            message("无法读取文件：{reason}", "the file cannot be read: {reason}", reason=reason_of(cause)),
            subject=opened.name,
        ) from cause


def _look_into(path: Path, found: FormatIdentification) -> Seen:
    found = by_content(path, found)
    character = characterize(path, found)
    is_small_text = kind_of(found.mime) is PLAIN_TEXT and path.stat().st_size <= _SMALL_BYTES
    text = extract_text(path, found) if is_small_text else None
    return found, character, unwritten_pages(path, found, character.pages), text
