"""Names of files that came out wrong because a ZIP was unpacked in another encoding than the one it was packed in.

A ZIP without the flag for UTF-8 has its names in the encoding of the machine that packed it (APPNOTE 6.3.10, appendix D):
GBK where that was Chinese Windows, UTF-8 where it was macOS. Who unpacks it as the standard says, in CP437, or in what a
western machine uses, gets letters that nobody wrote.
"""

import os
from dataclasses import dataclass

_UNPACKED_IN = ("cp437", "cp850", "cp1252", "latin-1")
_LEAST_LETTERS = 2
_LEAST_SHARE = 0.6
"""Of the Chinese letters that come out, so many are of the first level of GB 2312-80: in names that is nearly all."""


@dataclass(frozen=True, slots=True)
class Garbled:
    """A name as it came out, what it was when it was packed, and the encoding to unpack it in."""

    name: str
    meant: str
    encoding: str


def garbled(name: str) -> Garbled | None:
    """Return what a name was meant to be, None for one that is as somebody may have written it."""
    if name.isascii():
        return None
    for codec in _UNPACKED_IN:
        try:
            data = name.encode(codec)
        except UnicodeEncodeError:
            continue
        if found := _meant(name, data):
            return found
    raw = os.fsencode(name)
    return _meant(name, raw) if not _is_text(name) else None


def _meant(name: str, data: bytes) -> Garbled | None:
    for encoding in ("utf-8", "gb18030"):
        try:
            meant = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        letters = [letter for letter in meant if "\u4e00" <= letter <= "\u9fff"]
        common = sum(map(_is_common, letters))
        if len(letters) >= _LEAST_LETTERS and common >= _LEAST_SHARE * len(letters):
            return Garbled(name, meant, encoding)
    return None


def _is_common(letter: str) -> bool:
    """Say whether a letter is of the first level of GB 2312-80, its rows 16 to 55."""
    try:
        return 0xB0 <= letter.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False


def _is_text(name: str) -> bool:
    return not any("\udc80" <= letter <= "\udcff" for letter in name)
