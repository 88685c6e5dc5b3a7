"""What every folder of OCFL has, an object or a storage root: its declaration and its extensions."""

from collections.abc import Iterator

from archives.findings import Finding, error, warning
from archives.message import message
from preservation.digests.tree import Tree, read_regular
from preservation.validation.tag_files import could_not_look

LARGEST_SMALL_BYTES = 64 * 1024
REGISTERED = frozenset(
    {
        "initial",
        "0001-digest-algorithms",
        "0002-flat-direct-storage-layout",
        "0003-hash-and-id-n-tuple-storage-layout",
        "0004-hashed-n-tuple-storage-layout",
        "0005-mutable-head",
        "0006-flat-omit-prefix-storage-layout",
        "0007-n-tuple-omit-prefix-storage-layout",
        "0008-schema-registry",
        "0009-digest-algorithms",
        "0010-differential-n-tuple-omit-prefix-storage-layout",
        "0011-direct-clean-path-layout",
    }
)
"""The names of the OCFL community's registered extensions (https://ocfl.github.io/extensions/)."""


def check_declaration_bytes(tree: Tree, name: str, code: str) -> Iterator[Finding]:
    """Yield what is wrong in a declaration: its bytes are its name without ``0=``, and a line feed (NAMASTE)."""
    try:
        data = read_regular(tree.root, name, at_most=LARGEST_SMALL_BYTES)
    except OSError as cause:
        yield could_not_look(name, cause)
        return
    if data != f"{name.removeprefix('0=')}\n".encode("utf-8", "surrogateescape"):
        yield error(code, message("内容与文件名不符", "its content does not match its name"), file=name)


def check_extensions(tree: Tree, code: str, unregistered: str) -> Iterator[Finding]:
    """Yield what stands in ``extensions`` and should not: a file (``code``), a name that is not registered."""
    for path in sorted({*tree.files, *tree.links, *tree.specials}):
        if path.startswith("extensions/") and path.count("/") == 1:
            yield error(code, message("extensions 中不应有文件", "extensions holds no files"), file=path)
    for path in sorted(tree.folders):
        folder, _, name = path.partition("/")
        if folder == "extensions" and name and "/" not in name and name not in REGISTERED:
            yield warning(unregistered, message("未登记的扩展", "the extension is not registered"), file=path)
