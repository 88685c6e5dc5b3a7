"""Safe names inside packages: what any file system and any BagIt tool takes; the original name stands in PREMIS."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

_UNSAFE = re.compile(r'[\x00-\x1f\x7f%/\\:*?"<>|\ufffd\ud800-\udfff]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_LONGEST_BYTES = 120
_LONGEST_FOLDER_BYTES = 480  # object storage has 1,024 bytes for everything, and the package lies 200 deep


def safe_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return a safe name for each name, all different even where case or Unicode form is folded.

    A name that is safe stays as it is (in NFC). Others get a short digest of the original before their extension, so
    that the same name always becomes the same.
    """
    taken: set[str] = set()
    return tuple(_taken(name, taken) for name in names)


def safe_paths(paths: Iterable[PurePosixPath]) -> tuple[PurePosixPath, ...]:
    """Return a safe path for each path, its folders kept: each folder's names are safe as ``safe_names`` makes them.

    What lies too deep for every system lies in a folder at the top, whose name is made of a digest of its own.
    """
    taken: dict[PurePosixPath, set[str]] = {}
    folders = {PurePosixPath(): PurePosixPath()}

    def within(folder: PurePosixPath) -> PurePosixPath:
        for above in reversed([one for one in (folder, *folder.parents) if one not in folders]):
            parent = folders[above.parent]
            safe = parent / _taken(above.name, taken.setdefault(parent, set()))
            if len(str(safe).encode("utf-8")) > _LONGEST_FOLDER_BYTES:
                deep = _marked(above.name[:1], str(above))
                safe = PurePosixPath(_taken(deep, taken.setdefault(PurePosixPath(), set())))
            folders[above] = safe
        return folders[folder]

    return tuple((parent := within(path.parent)) / _taken(path.name, taken.setdefault(parent, set())) for path in paths)


def paths_as_they_came(kept: Sequence[tuple[PurePosixPath, str]]) -> tuple[PurePosixPath, ...]:
    """Return, for files with their safe paths and their names in the batch, where each lay in the record's own tree.

    That is told from the names that the others came with; a file of which it cannot be told keeps its safe path.
    """
    names = [PurePosixPath(name).parts for _, name in kept]
    above = Counter(
        parts[: -len(path.parts)] for (path, _), parts in zip(kept, names, strict=True) if len(parts) >= len(path.parts)
    )
    root = above.most_common(1)[0][0] if above else ()
    came = tuple(
        PurePosixPath(*(parts[len(root) :] if parts[: len(root)] == root else parts[-len(path.parts) :]))
        for (path, _), parts in zip(kept, names, strict=True)
    )
    safe = safe_paths(came)
    return tuple(
        one if would_be == path and ".." not in one.parts else path
        for (path, _), one, would_be in zip(kept, came, safe, strict=True)
    )


def _taken(name: str, taken: set[str]) -> str:
    """Return a safe name that no other has, and remember it."""
    candidate = _safe(name)
    while _folded(candidate) in taken:
        candidate = _marked(candidate, f"{name}\0{len(taken)}\0{candidate}")
    taken.add(_folded(candidate))
    return candidate


def _safe(name: str) -> str:
    composed = unicodedata.normalize("NFC", name)
    visible = "".join("_" if unicodedata.category(c) in ("Cf", "Cn", "Co") else c for c in composed)
    plain = _UNSAFE.sub("_", visible).strip(" ").rstrip(".") or "_"
    if plain == composed and len(plain.encode("utf-8")) <= _LONGEST_BYTES and not _RESERVED.fullmatch(plain):
        return plain
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


_ROLES = {
    "正本": ("正本", "正文", "红头文件"),
    "来文": ("来文", "收文"),
    "复文": ("复文",),
    "附件": ("附件",),
    "定稿": ("定稿", "底稿"),
    "修改稿": ("修改稿", "草稿", "花脸稿"),
    "处理单": ("处理单", "文件处理单", "收文处理单", "发文处理单", "阅办单", "拟办单", "发文稿纸", "稿纸"),
}
"""Parts of a document as an office files it (GB/T 39362; DA/T 22-2015 5.3.1), and what its files are named for each."""
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in words}
_ROLE = re.compile(
    rf"(?:^|[\W\d_])({'|'.join(sorted(_ROLE_OF, key=len, reverse=True))})[\d一二三四五六七八九十]*(?:$|[\W_])"
)


def role_of(name: str) -> str:
    """Return which part of a document a file is by its name, else by that of its folder; empty where neither says it."""
    path = PurePosixPath(name)
    found = _ROLE.search(path.stem) or _ROLE.search(path.parent.name)
    return _ROLE_OF[found[1]] if found else ""


def role_named(text: str) -> str:
    """Return the part of a document that a word names, with a number or without (``附件2``); empty for any other text."""
    found = _ROLE.fullmatch(text.strip())
    return _ROLE_OF[found[1]] if found else ""
