"""What the manifests of a bag list, line by line, and what is wrong with each line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from archives.findings import Finding, error, warning
from archives.message import message
from preservation.digests.algorithms import digest_bytes, known_algorithm
from preservation.digests.tree import Tree
from preservation.package.bag import (
    ManifestLine,
    decode_line_ends,
    decode_path,
    is_unsafe,
    needs_a_second_look,
    parse_manifest,
    parse_plain_manifest,
    plain_path,
)
from preservation.validation.tag_files import Declaration, could_not_look, not_text, tag_lines, tag_text, unsafe

_NAME = re.compile(r"(tag)?manifest-([^/]+)\.txt")
_LARGEST_WHOLE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """A payload or tag manifest: its algorithm (None: unknown here) and the digest of every path it lists."""

    file: str
    algorithm: str | None
    is_tag: bool
    digests: dict[str, bytes] = field(default_factory=dict)


def manifest_named(file: str) -> Manifest | None:
    """Return the empty manifest of a file at the top of a bag; None when its name is no manifest's."""
    kind = _NAME.fullmatch(file)
    return Manifest(file, known_algorithm(kind[2]), is_tag=kind[1] is not None) if kind else None


def read_manifest(manifest: Manifest, tree: Tree, declaration: Declaration) -> Iterator[Finding]:
    """Fill a manifest with what its file lists, and yield what is wrong with it."""
    length = digest_bytes(manifest.algorithm) * 2 if manifest.algorithm else None
    starred = 0
    first = ""
    try:
        if length and not manifest.is_tag and tree.files[manifest.file].st_size <= _LARGEST_WHOLE_BYTES:
            plain = parse_plain_manifest(tag_text(tree, manifest.file, declaration.encoding), hex_digits=length)
            if plain is not None:
                manifest.digests.update(plain)
                return
        with tag_lines(tree, manifest.file, declaration.encoding) as lines:
            first = next(lines, "")
            for line in parse_manifest(chain([first.removeprefix("\ufeff")], lines)):
                starred += line.starred
                path = line.path
                if not line.digest or (length is not None and len(line.digest) != length) or len(line.digest) % 2:
                    said = message("不是清单行", "is not a line of a manifest")
                    yield error("manifest-line", said, file=manifest.file, row=line.row)
                    continue
                if not path.startswith("data/") or needs_a_second_look(path):
                    fault, path = _placed(line, manifest, tree, declaration)
                    yield from fault
                    if not path:
                        continue
                if path in manifest.digests:
                    yield _twice(line, bytes.fromhex(line.digest) == manifest.digests[path], manifest, declaration)
                else:
                    manifest.digests[path] = bytes.fromhex(line.digest)
    except OSError as cause:
        yield could_not_look(manifest.file, cause)
    except UnicodeError:
        yield not_text(manifest.file, declaration)
    if first.startswith("\ufeff"):
        said = message("以字节顺序标记开头", "begins with a byte order mark")
        yield warning("byte-order-mark", said, file=manifest.file)
    if starred:
        said = message("{n} 行用了 md5sum 的 * 记号", "{n} lines have the * of md5sum", n=starred)
        yield warning("manifest-star", said, file=manifest.file)


def _placed(line: ManifestLine, manifest: Manifest, tree: Tree, declaration: Declaration) -> tuple[list[Finding], str]:
    """Return what is wrong with a path that is not plainly one, and what it stands for; empty when refused."""
    found: list[Finding] = []
    readings = (decode_path, str) if declaration.is_final else (decode_line_ends, decode_path, str)
    names = [plain_path(reading(line.path)) for reading in readings]
    path = next((name for name in names if name in tree.files), names[0])
    if is_unsafe(line.path) or is_unsafe(path) or not path or (not manifest.is_tag and not path.startswith("data/")):
        return [unsafe(line.path, manifest.file, line.row)], ""
    if plain_path(line.path) != line.path:
        said = message("路径含多余的 . 或 /：{path}", "the path has a superfluous . or /: {path}", path=line.path)
        found.append(warning("relative-path", said, file=manifest.file, row=line.row))
    if path != names[0] or (declaration.is_final and re.search("%(?!25|0[AaDd])", line.path)):
        said = message(
            "路径中的 % 未按规范编码：{path}", "its % is not encoded as it should be: {path}", path=line.path
        )
        found.append(warning("percent-not-encoded", said, file=manifest.file, row=line.row))
    return found, path


def _twice(line: ManifestLine, is_same: bool, manifest: Manifest, declaration: Declaration) -> Finding:
    said = message("同一文件列了两次：{path}", "lists the same file twice: {path}", path=line.path)
    make = warning if is_same and not declaration.is_final else error
    return make("listed-twice", said, file=manifest.file, row=line.row)
