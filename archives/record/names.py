"""Safe names inside packages: what any file system and any BagIt tool takes; the original name stands in PREMIS."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

_UNSAFE = re.compile(r'[\x00-\x1f\x7f%/\\:*?"<>|\ufffd\ud800-\udfff]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_LONGEST_BYTES = 120


def safe_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return a safe name for each name, all different even where case or Unicode form is folded.

    A name that is safe stays as it is (in NFC). Others get a short digest of the original before their extension, so
    that the same name always becomes the same.
    """
    taken: set[str] = set()
    safe: list[str] = []
    for name in names:
        candidate = _safe(name)
        while _folded(candidate) in taken:
            candidate = _marked(candidate, f"{name}\0{len(taken)}\0{candidate}")
        taken.add(_folded(candidate))
        safe.append(candidate)
    return tuple(safe)


def _safe(name: str) -> str:
    composed = unicodedata.normalize("NFC", name)
    visible = "".join("_" if unicodedata.category(c) in ("Cf", "Cn", "Co") else c for c in composed)
    plain = _UNSAFE.sub("_", visible).strip(" ").rstrip(".") or "_"
    if plain == composed and len(plain.encode("utf-8")) <= _LONGEST_BYTES and not _RESERVED.fullmatch(plain):
        return f"_{plain}" if plain[0] in ".~" else plain
    return _marked(plain, name)


def _marked(plain: str, original: str) -> str:
    digest = hashlib.sha256(original.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix.encode("utf-8")) > 16:
        stem, dot, suffix = plain, "", ""
    room = _LONGEST_BYTES - len(digest) - len(suffix.encode("utf-8")) - 2
    return f"{stem.encode('utf-8')[:room].decode('utf-8', 'ignore')}~{digest}{dot}{suffix}"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
