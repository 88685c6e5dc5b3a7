"""Validation of an OCFL storage root of version 1.0 or 1.1 with every object in it, ours or not."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from archives.findings import Finding, error, warning
from archives.message import Message, message
from archives.system_reason import reason_of
from preservation.digests.many_files import Digesting
from preservation.digests.tree import Tree, parents_of, read_regular, read_tree
from preservation.validation.inventory import NotAnInventoryError, parse_stated
from preservation.validation.ocfl_folder import REGISTERED, check_declaration_bytes, check_extensions
from preservation.validation.ocfl_object import check_object, declared_version
from preservation.validation.tag_files import could_not_look

_DECLARATION = re.compile(r"0=ocfl_(1\.[01])")
_LAYOUT = "ocfl_layout.json"
_LARGEST_LAYOUT_BYTES = 1024 * 1024
_EXTENSION_NAME = re.compile(r"\d{4}-.+")


@dataclass(slots=True)
class _Hierarchy:
    """The folders between a storage root and its objects, and what stands in them besides."""

    objects: list[str] = field(default_factory=list)
    folders: set[str] = field(default_factory=set)
    strays: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    unreadable: dict[str, Message] = field(default_factory=dict)


def check_root(path: Path, digesting: Digesting) -> Iterator[Finding]:
    """Yield everything found in a storage root and its objects, with paths relative to the root."""
    top, extensions = _top(path)
    declared, found = _check_declaration(top)
    yield from found
    yield from _check_layout(top)
    yield from check_extensions(extensions, "E086", "W016")
    hierarchy = _read_hierarchy(path)
    yield from _check_hierarchy(hierarchy)
    identifiers: dict[str, str] = {}
    for home in hierarchy.objects:
        tree = read_tree(path / home)
        version = declared_version(tree)
        if declared and version and version > declared:
            said = message("对象的规范版本晚于存储根", "the object conforms to a later version than its root")
            yield _bad("E081", said, home)
        identifier = _identifier(tree)
        if identifier and identifiers.setdefault(identifier, home) != home:
            said = message("与 {other} 的 id 相同", "has the same id as {other}", other=identifiers[identifier])
            yield _bad("E037", said, home)
        for finding in check_object(tree, digesting):
            yield replace(finding, file=f"{home}/{finding.file}" if finding.file else home)


def _top(path: Path) -> tuple[Tree, Tree]:
    """Return the files of the root's own folder, and its extensions, without what lies between it and objects."""
    top, extensions = Tree(path), Tree(path)
    try:
        with os.scandir(path) as scan:
            for entry in scan:
                if entry.is_file(follow_symlinks=False):
                    top.files[entry.name] = entry.stat(follow_symlinks=False)
    except OSError as cause:
        top.unreadable["."] = reason_of(cause)
    below = read_tree(path / "extensions") if (path / "extensions").is_dir() else Tree(path)
    extensions.files.update({f"extensions/{name}": state for name, state in below.files.items()})
    extensions.folders.update(f"extensions/{name}" for name in below.folders)
    extensions.links.extend(f"extensions/{name}" for name in below.links)
    extensions.specials.extend(f"extensions/{name}" for name in below.specials)
    return top, extensions


def _check_declaration(top: Tree) -> tuple[str | None, list[Finding]]:
    found = [could_not_look(name, reason) for name, reason in top.unreadable.items()]
    names = sorted(name for name in top.files if name.startswith("0="))
    if not names:
        found.append(_bad("E069", message("缺少存储根声明", "there is no declaration of a storage root"), "0=ocfl_1.1"))
    if len(names) > 1:
        found.append(_bad("E069", message("有多个声明", "there is more than one declaration"), names[1]))
    versions = [match[1] for name in names if (match := _DECLARATION.fullmatch(name))]
    for name in names:
        if not _DECLARATION.fullmatch(name):
            code = "E079" if name.startswith("0=ocfl_") else "E077"
            found.append(_bad(code, message("不是存储根的声明", "does not declare a storage root"), name))
        found.extend(check_declaration_bytes(top, name, "E080"))
    return (versions[0] if versions else None), found


def _check_layout(top: Tree) -> Iterator[Finding]:
    if _LAYOUT not in top.files:
        return
    try:
        body = json.loads(read_regular(top.root, _LAYOUT, at_most=_LARGEST_LAYOUT_BYTES).decode("utf-8"))
    except OSError as cause:
        yield could_not_look(_LAYOUT, cause)
        return
    except (ValueError, RecursionError):
        yield _bad("E070", message("不是 JSON", "is no JSON"), _LAYOUT)
        return
    if not isinstance(body, dict) or not {"extension", "description"} <= body.keys():
        yield _bad("E070", message("缺少 extension 或 description", "has no extension or no description"), _LAYOUT)
        return
    name = body["extension"]
    if not isinstance(name, str) or (name not in REGISTERED and not _EXTENSION_NAME.fullmatch(name)):
        yield _bad("E071", message("extension 不是登记的扩展名", "its extension is no registered name"), _LAYOUT)
    elif name not in REGISTERED:
        said = message("这里不认识扩展 {name}", "the extension {name} is not known here", name=name)
        yield warning("W016", said, file=_LAYOUT)


def _read_hierarchy(path: Path) -> _Hierarchy:
    seen = _Hierarchy()
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        before = f"{folder}/" if folder else ""
        try:
            with os.scandir(path / folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
            inner = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
            others = [entry for entry in entries if entry.name not in inner]
        except OSError as cause:
            seen.unreadable[folder or "."] = reason_of(cause)
            continue
        if folder and any(entry.name.startswith("0=ocfl_object_") for entry in others):
            seen.objects.append(folder)
            continue
        if folder:
            seen.folders.add(folder)
            seen.strays += [before + entry.name for entry in others if not entry.is_symlink()]
            if not entries:
                seen.empty.append(folder)
        seen.links += [before + entry.name for entry in others if entry.is_symlink()]
        waiting += [before + name for name in reversed(inner) if before + name != "extensions"]
    return seen


def _check_hierarchy(seen: _Hierarchy) -> Iterator[Finding]:
    for path, reason in seen.unreadable.items():
        yield could_not_look(path, reason)
    for path in seen.links:
        yield _bad("E090", message("符号链接：不跟随", "a symbolic link: not followed"), path)
    for path in seen.strays:
        yield _bad("E072", message("不属于任何 OCFL 对象的文件", "a file that is part of no OCFL object"), path)
    for path in seen.empty:
        yield _bad("E073", message("空文件夹", "an empty folder"), path)
    leading = {parent for home in seen.objects for parent in parents_of(home)}
    for path in sorted(seen.folders - leading):
        if "/" not in path or path.rpartition("/")[0] in leading:
            yield _bad("E088", message("文件夹不通向任何对象", "the folder leads to no object"), path)


def _identifier(tree: Tree) -> str:
    """Return the identifier that an object's inventory states, empty when it cannot be understood."""
    state = tree.files.get("inventory.json")
    if state is None or state.st_size > _LARGEST_LAYOUT_BYTES:
        return ""
    try:
        return parse_stated(read_regular(tree.root, "inventory.json", at_most=state.st_size), file="")[0].id
    except (OSError, NotAnInventoryError):
        return ""


def _bad(code: str, said: Message, file: str) -> Finding:
    return error(code, said, file=file)
