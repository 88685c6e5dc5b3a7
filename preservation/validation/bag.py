"""Validation of a bag of any version of BagIt (drafts 0.93 to 0.97, RFC 8493), ours or not.

A bag is looked at once (``Tree``), and only what was seen there as a regular file is ever opened; no path from a
manifest reaches the file system by itself.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from archives.findings import Finding, error, note, warning
from archives.message import Message, message
from preservation.digests.many_files import Digesting
from preservation.digests.one_file import Outcome
from preservation.digests.tree import Tree
from preservation.validation.manifest import Manifest, manifest_named, read_manifest
from preservation.validation.tag_files import Declaration, check_fetch, check_info, could_not_look, read_declaration

_WEAK = ("md5", "sha1")
_NOT_PORTABLE = re.compile(
    r'[\\:*?"<>|\x00-\x1f\x7f]|[. ](?:/|$)|(?i:(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|/|$))'
)


def check_bag(tree: Tree, digesting: Digesting) -> Iterator[Finding]:
    """Yield everything found in a bag, what is wrong with it as errors."""
    manifests = [m for name in sorted(tree.files) if "/" not in name and (m := manifest_named(name))]
    payload, tags = [m for m in manifests if not m.is_tag], [m for m in manifests if m.is_tag]
    # Files are digested while their manifests are read: which algorithms are wanted stands in the manifests' names.
    wanted = _wanted(payload, tags, tree)
    outcomes = digesting.digests(tree.root, wanted, {path: tree.files[path].st_size for path in wanted})
    found: list[Finding] = []
    declaration = read_declaration(tree, found)
    yield from found
    yield from check_things(tree)
    for manifest in manifests:
        yield from read_manifest(manifest, tree, declaration)
    yield from _check_manifests(payload, tags, tree)
    yield from check_info(tree, declaration)
    yield from _check_complete(payload, tags, tree, declaration)
    yield from _check_digests(payload, tags, wanted, outcomes)
    yield from _check_payload_in_tags(tags, tree, digesting)


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
    yield from _check_names(in_payload)
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


def _check_names(paths: Sequence[str]) -> Iterator[Finding]:
    """Yield the names that another system would confuse or refuse."""
    folded: dict[str, str] = {}
    for path in paths if len(set(map(_folded, paths))) < len(paths) else ():
        other = folded.setdefault(_folded(path), path)
        if other != path:
            said = message(
                "与 {other} 只差大小写或统一码形式", "differs from {other} in case or form only", other=other
            )
            yield warning("names-collide", said, file=path)
    for path in paths if _NOT_PORTABLE.search("/".join(paths)) else ():
        if _NOT_PORTABLE.search(path):
            said = message("别的系统不接受这个文件名", "other systems do not take this name")
            yield note("name-not-portable", said, file=path)


def _folded(path: str) -> str:
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def _check_tags_listed(tags: Sequence[Manifest], tree: Tree, declaration: Declaration) -> Iterator[Finding]:
    files = [path for path in tree.files if not path.startswith(("data/", "tagmanifest-"))]
    for manifest in tags:
        for path in files:
            if path not in manifest.digests:
                said = message("不在标签清单 {name} 中", "not in {name}", name=manifest.file)
                strict = declaration.is_final and manifest_named(path) is not None
                yield (error if strict else warning)("tag-file-not-listed", said, file=path)
        for path in manifest.digests:
            if path.startswith(("data/", "tagmanifest-")):
                said = message("标签清单不应列 {path}", "a tag manifest does not list {path}", path=path)
                yield (error if declaration.is_final else warning)("tag-manifest-lists", said, file=manifest.file)


def _wanted(payload: Sequence[Manifest], tags: Sequence[Manifest], tree: Tree) -> dict[str, tuple[str, ...]]:
    for_payload = tuple(dict.fromkeys(m.algorithm for m in payload if m.algorithm))
    for_tags = tuple(dict.fromkeys(m.algorithm for m in tags if m.algorithm))
    chosen = ((path, for_payload if path.startswith("data/") else for_tags) for path in tree.files)
    return {path: algorithms for path, algorithms in chosen if algorithms}


def _check_digests(
    payload: Sequence[Manifest],
    tags: Sequence[Manifest],
    wanted: Mapping[str, tuple[str, ...]],
    outcomes: Iterable[tuple[str, Outcome]],
) -> Iterator[Finding]:
    wrong: list[Finding] = []
    for path, outcome in outcomes:
        if isinstance(outcome, Message):
            wrong.append(could_not_look(path, outcome))
            continue
        digests = dict(zip(wanted[path], outcome, strict=True))
        for manifest in payload if path.startswith("data/") else tags:
            actual = digests.get(manifest.algorithm or "")
            if actual is not None and manifest.digests.get(path, actual) != actual:
                said = message("与清单 {name} 的摘要不符", "not the digest in {name}", name=manifest.file)
                wrong.append(error("digest-differs", said, file=path))
    yield from sorted(wrong, key=lambda finding: finding.file or "")


def _check_payload_in_tags(tags: Sequence[Manifest], tree: Tree, digesting: Digesting) -> Iterator[Finding]:
    """Yield the payload files that a tag manifest lists, against the rule, with another digest."""
    listed = {p for m in tags if m.algorithm for p in m.digests if p.startswith("data/") and p in tree.files}
    if listed:
        wanted = dict.fromkeys(listed, tuple(dict.fromkeys(m.algorithm for m in tags if m.algorithm)))
        outcomes = digesting.digests(tree.root, wanted, {path: tree.files[path].st_size for path in listed})
        yield from _check_digests(tags, tags, wanted, outcomes)
