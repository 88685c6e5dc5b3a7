"""Paths of images as old systems wrote them, made into paths below the folder of the images."""

import re
import unicodedata
from collections.abc import Sequence

_DIVIDED = re.compile(r"[;；\n|]+")
_DRIVE = re.compile(r"[A-Za-z]:")
_SCHEME = re.compile(r"(?:file|ftp|https?):/*", re.IGNORECASE)


def image_paths(text: str, cut: Sequence[str]) -> tuple[str, ...]:
    """Return the paths that a cell names: with ``/``, without drive, server's sign or what is to be cut off before them.

    A path that leads up out of its folder (``..``) is none of an image and left out; ``text`` may name several,
    divided by semicolons or lines.
    """
    found = (_path(one, cut) for one in _DIVIDED.split(text))
    return tuple(one for one in found if one and ".." not in one.split("/"))


def _path(text: str, cut: Sequence[str]) -> str:
    plain = _slashes(text.strip().strip("\"'“”"))
    for prefix in sorted(map(_slashes, cut), key=len, reverse=True):
        if prefix and (plain + "/").lower().startswith(prefix.rstrip("/").lower() + "/"):
            plain = plain[len(prefix.rstrip("/")) :]
            break
    else:
        plain = (
            _DRIVE.sub("", _SCHEME.sub("", plain, count=1), count=1)
            if _DRIVE.match(plain) or "://" in plain or _SCHEME.match(plain)
            else plain
        )
    parts = [part.strip() for part in plain.split("/")]
    return "/".join(part for part in parts if part not in ("", "."))


def _slashes(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\\", "/").replace("＼", "/")
