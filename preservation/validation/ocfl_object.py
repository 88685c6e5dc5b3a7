"""Validation of an OCFL object of version 1.0 or 1.1, ours or not, by the codes of the OCFL 1.1 specification."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from archives.findings import Finding, error, warning
from archives.message import Message, message
from preservation.digests.algorithms import known_algorithm
from preservation.digests.many_files import Digesting
from preservation.digests.tree import Tree, read_regular
from preservation.validation.inventory import (
    CONTENT_ALGORITHMS,
    NotAnInventoryError,
    Stated,
    parse_stated,
    version_number,
)
from preservation.validation.ocfl_folder import LARGEST_SMALL_BYTES, check_declaration_bytes, check_extensions
from preservation.validation.tag_files import could_not_look

DECLARATION = re.compile(r"0=ocfl_object_(1\.[01])")
_INVENTORY = "inventory.json"
_LARGEST_INVENTORY_BYTES = 512 * 1024 * 1024
_SIDECAR_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+inventory\.json[\r\n]*")


@dataclass(slots=True)
class _Seen:
    """What became known of an object on the way."""

    tree: Tree
    root: Stated = field(default_factory=Stated)
    root_bytes: bytes = b""
    by_version: dict[str, Stated] = field(default_factory=dict)


def check_object(tree: Tree, digesting: Digesting) -> Iterator[Finding]:
    """Yield everything found in an object, what is wrong with it as errors."""
    seen = _Seen(tree)
    yield from _check_declaration(tree)
    yield from _check_things(tree)
    read = _read_inventory(tree, _INVENTORY)
    yield from read.found
    if read.stated is None:
        return
    seen.root, seen.root_bytes = read.stated, read.data
    yield from _check_top(seen)
    for name in sorted(seen.root.versions, key=lambda name: version_number(name) or 0):
        yield from _check_version(seen, name)
    yield from _check_specifications(seen)
    yield from _check_content(seen)
    yield from _check_digests(seen, digesting)


def declared_version(tree: Tree) -> str | None:
    """Return the version of OCFL that an object declares, None when it declares none that is known."""
    found = [DECLARATION.fullmatch(name) for name in tree.files if "/" not in name]
    return next((match[1] for match in found if match), None)


def _check_declaration(tree: Tree) -> Iterator[Finding]:
    names = [name for name in tree.files if name.startswith("0=")]
    if not names:
        yield _bad("E003", message("缺少 OCFL 对象声明", "there is no OCFL object declaration"), "0=ocfl_object_1.1")
    if len(names) > 1:
        yield _bad("E003", message("有多个对象声明", "there is more than one declaration"), names[1])
    for name in names:
        if not DECLARATION.fullmatch(name):
            yield _bad("E006", message("不是 OCFL 对象的声明", "does not declare an OCFL object"), name)
        yield from check_declaration_bytes(tree, name, "E007")


def _check_things(tree: Tree) -> Iterator[Finding]:
    for path in tree.links:
        yield _bad("E090", message("符号链接：不跟随", "a symbolic link: not followed"), path)
    for path in tree.specials:
        said = message("管道、套接字或设备：未打开", "a pipe, a socket or a device: not opened")
        yield _bad("special-file", said, path)
    for path, reason in tree.unreadable.items():
        yield could_not_look(path, reason)
    for path, state in tree.files.items():
        if state.st_nlink > 1:
            said = message("硬链接：对象外可能有同一文件", "a hard link: the same file may stand outside too")
            yield warning("E090", said, file=path)
        if not state.st_mode & 0o444:
            said = message("文件权限不许任何人读取", "its permissions let nobody read it")
            yield warning("no-permission", said, file=path)


@dataclass(slots=True)
class _Read:
    data: bytes = b""
    stated: Stated | None = None
    found: list[Finding] = field(default_factory=list)


def _read_inventory(tree: Tree, path: str) -> _Read:
    """Read an inventory and its sidecar; without an inventory that can be understood ``stated`` is None."""
    read = _Read()
    if path not in tree.files:
        read.found.append(_bad("E063", message("缺少 inventory.json", "there is no inventory.json"), path))
        return read
    if tree.files[path].st_size > _LARGEST_INVENTORY_BYTES:
        read.found.append(could_not_look(path, message("大于 512 MiB", "larger than 512 MiB")))
        return read
    try:
        read.data = read_regular(tree.root, path, at_most=_LARGEST_INVENTORY_BYTES)
        read.stated, read.found = parse_stated(read.data, file=path)
    except OSError as cause:
        read.found.append(could_not_look(path, cause))
    except NotAnInventoryError as cause:
        read.found.append(cause.finding)
    if read.data:
        read.found += _check_sidecar(tree, path, read)
    return read


def _check_sidecar(tree: Tree, path: str, read: _Read) -> Iterator[Finding]:
    prefix = f"{path}."
    present = [n.removeprefix(prefix) for n in tree.files if n.startswith(prefix) and "/" not in n[len(prefix) :]]
    name = read.stated.algorithm if read.stated else next(iter(present), "")
    algorithm = known_algorithm(name)
    if name not in present:
        yield _bad("E058", message("清单没有摘要文件", "the inventory has no sidecar"), f"{prefix}{name or 'sha512'}")
        return
    if algorithm is None:
        return
    try:
        line = read_regular(tree.root, prefix + name, at_most=LARGEST_SMALL_BYTES).decode("ascii", "replace")
    except OSError as cause:
        yield could_not_look(prefix + name, cause)
        return
    stated = _SIDECAR_LINE.fullmatch(line)
    if stated is None:
        yield _bad("E061", message("摘要文件的格式不对", "the sidecar is not written as it should be"), prefix + name)
    elif stated[1].lower() != hashlib.new(algorithm, read.data, usedforsecurity=False).hexdigest():
        yield _bad("E060", message("清单与其摘要不符", "the inventory does not match its sidecar"), path)


def _check_top(seen: _Seen) -> Iterator[Finding]:
    """Yield what stands in the object's own folder and should not."""
    tree, versions = seen.tree, seen.root.versions
    for name in (n for n in tree.files if "/" not in n and not n.startswith("0=")):
        if name not in (_INVENTORY, f"{_INVENTORY}.{seen.root.algorithm}"):
            yield _bad("E001", message("对象中不应有此文件", "an object has no such file"), name)
    for name in sorted(n for n in tree.folders if "/" not in n):
        if name in ("extensions", "logs") or (name in versions and version_number(name)):
            continue
        if version_number(name):
            yield _bad("E046", message("版本文件夹不在清单中", "the inventory has no such version"), name)
        else:
            yield _bad("E001", message("对象中不应有此文件夹", "an object has no such folder"), name)
    newest = max((version_number(name) or 0 for name in tree.folders), default=0)
    for name in versions:
        if name not in tree.folders:
            code = "E010" if (version_number(name) or 0) < newest else "E046"
            yield _bad(code, message("版本没有文件夹", "the version has no folder"), name)
    yield from check_extensions(tree, "E067", "W013")


def _check_version(seen: _Seen, version: str) -> Iterator[Finding]:
    tree, content = seen.tree, seen.root.content_directory
    path = f"{version}/{_INVENTORY}"
    sidecars = tuple(f"{path}.{algorithm}" for algorithm in CONTENT_ALGORITHMS)
    for name in (n for n in tree.files if n.startswith(f"{version}/") and n.count("/") == 1):
        if name != path and name not in sidecars:
            yield _bad("E015", message("版本文件夹中不应有此文件", "a version's folder has no such file"), name)
    for name in sorted(n for n in tree.folders if n.startswith(f"{version}/") and n.count("/") == 1):
        if name != f"{version}/{content}":
            said = message("版本文件夹中不宜有别的文件夹", "a version's folder should hold no other folder")
            yield warning("W002", said, file=name)
    if f"{version}/{content}" in tree.empty_folders:
        said = message("内容文件夹是空的", "the content folder is empty")
        yield warning("W003", said, file=f"{version}/{content}")
    if path not in tree.files:
        if version in tree.folders:
            yield warning("W010", message("版本宜有自己的清单", "a version should have its inventory"), file=path)
        return
    if version == seen.root.head:
        yield from _check_newest(seen, path)
    else:
        yield from _check_earlier(seen, version, path)


def _check_newest(seen: _Seen, path: str) -> Iterator[Finding]:
    read = _read_inventory(seen.tree, path)
    if read.data == seen.root_bytes:
        # What is wrong inside it was told of the same bytes already; its sidecar is another file.
        yield from (f for f in read.found if f.code in ("E058", "E060", "E061"))
        return
    yield _bad("E064", message("与对象的清单不同", "differs from the object's inventory"), path)
    yield from read.found
    if read.stated is not None and read.stated.head != seen.root.head:
        yield _bad("E040", message("head 与所在版本不符", "its head is not the version it lies in"), path)


def _check_earlier(seen: _Seen, version: str, path: str) -> Iterator[Finding]:
    read = _read_inventory(seen.tree, path)
    yield from read.found
    if read.stated is None:
        return
    its = seen.by_version[version] = read.stated
    if its.id != seen.root.id:
        yield _bad("E037", message("id 与对象的清单不同", "its id is not the object's"), path)
    if its.head != version:
        yield _bad("E040", message("head 与所在版本不符", "its head is not the version it lies in"), path)
    if its.content_directory != seen.root.content_directory:
        yield _bad("E019", message("contentDirectory 不一致", "its contentDirectory is another"), path)
    if its.algorithm != seen.root.algorithm:
        yield warning("W004", message("各版本的算法不同", "its algorithm is not the newest version's"), file=path)
    for name, block in its.versions.items():
        now = seen.root.versions.get(name)
        if now is None:
            yield _bad("E066", message("对象的清单没有 {v}", "the object's inventory has no {v}", v=name), path)
            continue
        if not _is_same_state(its, seen.root, name):
            yield _bad("E066", message("{v} 的状态不一致", "states {v} otherwise", v=name), path)
        if any(block.get(key) != now.get(key) for key in ("created", "message", "user")):
            yield warning("W011", message("{v} 的说明不一致", "describes {v} otherwise", v=name), file=path)


def _is_same_state(earlier: Stated, now: Stated, version: str) -> bool:
    """Whether two inventories mean the same bytes under the same logical paths, whatever their algorithms."""
    before, after = earlier.states.get(version, {}), now.states.get(version, {})
    if before.keys() != after.keys():
        return False
    if earlier.algorithm == now.algorithm:
        return before == after
    placed = {digest: path for path, digest in earlier.content.items()}
    return all(now.content.get(placed.get(before[path], "")) == after[path] for path in before)


def _check_specifications(seen: _Seen) -> Iterator[Finding]:
    newest = seen.root.specification
    declared = declared_version(seen.tree)
    if declared is not None and declared != f"{newest[0]}.{newest[1]}":
        said = message("type 与对象声明的版本不同", "its type is not of the version that the object declares")
        yield _bad("E038", said, _INVENTORY)
    order = [(name, its.specification) for name, its in seen.by_version.items()]
    for (_, before), (name, after) in pairwise([*order, (seen.root.head, newest)]):
        if after < before:
            said = message("规范版本早于前一版本", "conforms to an older specification than the version before it")
            yield _bad("E103", said, f"{name}/{_INVENTORY}")


def _check_content(seen: _Seen) -> Iterator[Finding]:
    tree, directory = seen.tree, seen.root.content_directory
    stored: dict[str, int] = {}
    for path in tree.files:
        version, _, rest = path.partition("/")
        if version in seen.root.versions and rest.startswith(f"{directory}/"):
            stored[path] = version_number(version) or 0
    for name, its in (("", seen.root), *seen.by_version.items()):
        newest = (version_number(name) or 0) if name else None
        file = f"{name}/{_INVENTORY}" if name else _INVENTORY
        for path, number in stored.items():
            if path not in its.content and (newest is None or number <= newest):
                yield _bad("E023", message("不在 {file} 中", "is not in {file}", file=file), path)
        for path in its.content:
            if path not in tree.files and (not name or path not in seen.root.content):
                said = message("{file} 所列内容不存在", "{file} lists it, and it is not there", file=file)
                yield _bad("E092", said, path)
        for path in {path for digests in its.fixity.values() for path in digests}:
            if path not in its.content or path not in tree.files:
                yield _bad("E093", message("fixity 所列内容不存在", "fixity lists it, and it is not there"), path)
    for path in tree.empty_folders:
        if path.startswith(tuple(f"{name}/{directory}/" for name in seen.root.versions)):
            yield _bad("E024", message("内容中有空文件夹", "an empty folder in the content"), path)


def _check_digests(seen: _Seen, digesting: Digesting) -> Iterator[Finding]:
    expected: dict[str, dict[str, set[tuple[str, str]]]] = {}
    for its in (seen.root, *seen.by_version.values()):
        promised = ((its.algorithm, "E092", its.content), *((n, "E093", d) for n, d in its.fixity.items()))
        for name, code, digests in promised:
            algorithm = known_algorithm(name)
            for path, digest in digests.items() if algorithm else ():
                if path in seen.tree.files:
                    expected.setdefault(path, {}).setdefault(str(algorithm), set()).add((code, digest))
    wanted = {path: tuple(sorted(by_algorithm)) for path, by_algorithm in expected.items()}
    sizes = {path: seen.tree.files[path].st_size for path in wanted}
    wrong: list[Finding] = []
    for path, outcome in digesting.digests(seen.tree.root, wanted, sizes):
        if isinstance(outcome, Message):
            wrong.append(could_not_look(path, outcome))
            continue
        for algorithm, actual in zip(wanted[path], outcome, strict=True):
            for code, stated in sorted(expected[path][algorithm]):
                if stated != actual.hex():
                    said = message("{name} 摘要不符", "its {name} digest differs", name=algorithm)
                    wrong.append(_bad(code, said, path))
    yield from sorted(wrong, key=lambda finding: finding.file or "")


def _bad(code: str, said: Message, file: str) -> Finding:
    return error(code, said, file=file)
