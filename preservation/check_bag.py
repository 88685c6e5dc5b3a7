"""Validation of a bag of any version of BagIt (drafts 0.93 to 0.97, RFC 8493), ours or not.

A bag is looked at once (``Tree``), and only what was seen there as a regular file is ever opened; no path from a
manifest reaches the file system by itself.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from archives.findings import Finding, error, note, warning
from archives.message import message
from preservation.bag import (
    ManifestLine,
    decode_line_ends,
    decode_path,
    is_unsafe,
    parse_manifest,
    plain_path,
)
from preservation.check_tag_files import (
    Declaration,
    check_fetch,
    check_info,
    could_not_look,
    not_text,
    read_declaration,
    tag_lines,
    unsafe,
)
from preservation.digesting import Digesting, digest_bytes, known_algorithm
from preservation.tree import Tree

_MANIFEST = re.compile(r"(tag)?manifest-([^/]+)\.txt")
_WEAK = ("md5", "sha1")
_ANOTHER_PLACE = re.compile(
    r'[\\:*?"<>|\x00-\x1f\x7f]|[. ](?:/|$)|(?i:(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|/|$))'
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A payload or tag manifest: its algorithm (None: unknown here) and the digest of every path it lists."""

    file: str
    algorithm: str | None
    is_tag: bool
    digests: dict[str, bytes] = field(default_factory=dict)


def check_bag(tree: Tree, digesting: Digesting) -> Iterator[Finding]:
    """Yield everything found in a bag, what is wrong with it as errors."""
    found: list[Finding] = []
    declaration = read_declaration(tree, found)
    yield from found
    yield from check_things(tree)
    manifests: list[Manifest] = []
    for name in sorted(tree.files):
        kind = _MANIFEST.fullmatch(name)
        if kind is not None:
            manifest = Manifest(name, known_algorithm(kind[2]), is_tag=kind[1] is not None)
            manifests.append(manifest)
            yield from _read_manifest(manifest, tree, declaration)
    payload = [m for m in manifests if not m.is_tag]
    tags = [m for m in manifests if m.is_tag]
    yield from _check_manifests(payload, tags, tree)
    yield from check_info(tree, declaration)
    yield from _check_complete(payload, tags, tree, declaration)
    yield from _check_digests([m for m in manifests if m.algorithm], tree, digesting)


def check_things(tree: Tree) -> Iterator[Finding]:
    """Yield what no package may hold or no copy keeps: links, pipes, hard links, empty folders, closed files."""
    for path in tree.links:
        said = message("符号链接：不跟随，也不算文件", "a symbolic link: not followed, and no file")
        yield error("link", said, file=path)
    for path in tree.specials:
        said = message("管道、套接字或设备：未打开", "a pipe, a socket or a device: not opened")
        yield error("special-file", said, file=path)
    for path, reason in tree.unreadable.items():
        yield could_not_look(path, reason)
    for path in tree.empty_folders:
        said = message("空文件夹，清单无法记录它", "an empty folder: no manifest can tell of it")
        yield note("empty-folder", said, file=path)
    for path, state in tree.files.items():
        if state.st_nlink > 1:
            said = message("硬链接：包外可能有同一文件", "a hard link: the same file may stand outside too")
            yield warning("hard-link", said, file=path)
        if not state.st_mode & 0o444:
            said = message("文件权限不许任何人读取", "its permissions let nobody read it")
            yield warning("no-permission", said, file=path)


def _read_manifest(manifest: Manifest, tree: Tree, declaration: Declaration) -> Iterator[Finding]:
    length = digest_bytes(manifest.algorithm) * 2 if manifest.algorithm else None
    starred = 0
    first = ""
    try:
        with tag_lines(tree, manifest.file, declaration.encoding) as lines:
            first = next(lines, "")
            for line in parse_manifest(chain([first.removeprefix("\ufeff")], lines)):
                starred += line.starred
                path = line.path
                if not line.digest or (length is not None and len(line.digest) != length) or len(line.digest) % 2:
                    said = message("不是清单行", "is not a line of a manifest")
                    yield error("manifest-line", said, file=manifest.file, row=line.row)
                    continue
                if not path.startswith("data/") or "/." in path or "//" in path or "%" in path or "\\" in path:
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


def _check_manifests(payload: Sequence[Manifest], tags: Sequence[Manifest], tree: Tree) -> Iterator[Finding]:
    for manifest in (*payload, *tags):
        if manifest.algorithm is None:
            said = message("未核对：本机不支持这种算法", "not checked: this machine knows no such algorithm")
            yield warning("algorithm-unknown", said, file=manifest.file)
    if not payload:
        said = message("没有有效载荷清单", "there is no payload manifest")
        yield error("manifest-missing", said, file="manifest-sha512.txt")
    elif not any(manifest.algorithm for manifest in payload):
        said = message("没有可以核对的有效载荷清单", "no payload manifest could be checked")
        yield error("manifest-not-checked", said, file=payload[0].file)
    elif all(manifest.algorithm in _WEAK for manifest in payload if manifest.algorithm):
        said = message("只有可以伪造的摘要", "its only digests can be forged")
        yield note("weak-algorithm", said, file=payload[0].file)
    if not tags:
        said = message("没有标签清单，标签文件无从核对", "there is no tag manifest, so tag files cannot be checked")
        yield note("tag-manifest-missing", said, file="tagmanifest-sha512.txt")
    if "data" not in tree.folders:
        yield error("payload-missing", message("没有 data 文件夹", "there is no folder data"), file="data")


def _check_complete(
    payload: Sequence[Manifest], tags: Sequence[Manifest], tree: Tree, declaration: Declaration
) -> Iterator[Finding]:
    yield from _match_normalized(payload, tree)
    in_payload = [path for path in tree.files if path.startswith("data/")]
    yield from _check_names(in_payload, tree)
    in_all = frozenset.intersection(*(frozenset(m.digests) for m in payload)) if payload else frozenset[str]()
    yield from check_fetch(tree, declaration, in_all)
    anywhere = {path for manifest in payload for path in manifest.digests}
    for manifest in payload:
        for path in in_payload:
            if path not in manifest.digests:
                said = message("不在清单 {name} 中", "not in {name}", name=manifest.file)
                strict = declaration.is_final or path not in anywhere
                yield (error if strict else warning)("file-not-listed", said, file=path)
    yield from _check_tags_listed(tags, tree, declaration)
    seen: set[str] = {*tree.links, *tree.specials, *tree.unreadable}
    for manifest in (*payload, *tags):
        for path in manifest.digests:
            if path not in tree.files and path not in seen:
                seen.add(path)
                said = message("清单 {name} 所列文件不存在", "{name} lists it, and it is not there", name=manifest.file)
                yield error("file-missing", said, file=path)


def _match_normalized(payload: Sequence[Manifest], tree: Tree) -> Iterator[Finding]:
    """Let a listed path stand for a file whose name differs in its Unicode form only, and tell of it."""
    listed = {path for manifest in payload for path in manifest.digests}
    forms: dict[str, str] = {}
    for path in tree.files:
        if not path.isascii() and path not in listed:
            forms[unicodedata.normalize("NFC", path)] = path
    for manifest in payload if forms else ():
        for path in [p for p in manifest.digests if not p.isascii() and p not in tree.files]:
            actual = forms.get(unicodedata.normalize("NFC", path))
            if actual is not None and actual not in manifest.digests:
                manifest.digests[actual] = manifest.digests.pop(path)
                said = message("与清单 {name} 中的统一码形式不同", "in another form in {name}", name=manifest.file)
                yield warning("name-normalized", said, file=actual)


def _check_names(paths: Iterable[str], tree: Tree) -> Iterator[Finding]:
    folded: dict[str, str] = {}
    for path in paths:
        form = path.casefold() if path.isascii() else unicodedata.normalize("NFC", path).casefold()
        other = folded.setdefault(form, path)
        if other != path:
            said = message(
                "与 {other} 只差大小写或统一码形式", "differs from {other} in case or form only", other=other
            )
            yield warning("names-collide", said, file=path)
        if _ANOTHER_PLACE.search(path):
            said = message("别的系统不接受这个文件名", "other systems do not take this name")
            yield note("name-not-portable", said, file=path)


def _check_tags_listed(tags: Sequence[Manifest], tree: Tree, declaration: Declaration) -> Iterator[Finding]:
    for manifest in tags:
        for path in tree.files:
            kind = _MANIFEST.fullmatch(path)
            if path.startswith("data/") or (kind is not None and kind[1]) or path in manifest.digests:
                continue
            said = message("不在标签清单 {name} 中", "not in {name}", name=manifest.file)
            strict = kind is not None and declaration.is_final
            yield (error if strict else warning)("tag-file-not-listed", said, file=path)
        for path in manifest.digests:
            if path.startswith(("data/", "tagmanifest-")):
                said = message("标签清单不应列 {path}", "a tag manifest does not list {path}", path=path)
                yield (error if declaration.is_final else warning)("tag-manifest-lists", said, file=manifest.file)


def _check_digests(manifests: Sequence[Manifest], tree: Tree, digesting: Digesting) -> Iterator[Finding]:
    listing: dict[str, tuple[Manifest, ...]] = {}
    for manifest in manifests:
        alone = (manifest,)
        for path in manifest.digests:
            if path in tree.files:
                listing[path] = listing[path] + alone if path in listing else alone
    sets: dict[tuple[str, ...], tuple[str, ...]] = {}
    wanted = {}
    for path, its in listing.items():
        algorithms = tuple([str(m.algorithm) for m in its])
        wanted[path] = sets.setdefault(algorithms, algorithms)
    sizes = {path: tree.files[path].st_size for path in wanted}
    wrong: list[Finding] = []
    for path, outcome in digesting.digests(tree.root, wanted, sizes):
        if isinstance(outcome, str):
            wrong.append(could_not_look(path, outcome))
            continue
        for manifest, digest in zip(listing[path], outcome, strict=True):
            if manifest.digests[path] != digest:
                said = message("与清单 {name} 的摘要不符", "not the digest in {name}", name=manifest.file)
                wrong.append(error("digest-differs", said, file=path))
    yield from sorted(wrong, key=lambda finding: finding.file or "")
