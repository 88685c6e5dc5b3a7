"""Validation of somebody's bag, OCFL object or storage root: looks, reports, changes nothing."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from archives.errors import NotFoundError, PackageError
from archives.findings import Finding, Report, error, warning
from archives.message import Message, message
from preservation.bag import parse_manifest

_BLOCK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a folder is (``bag``, ``ocfl-object``, ``ocfl-root``), whether it is valid, and what was found."""

    kind: str
    valid: bool
    findings: tuple[Finding, ...]


def check(path: Path) -> CheckResult:
    """Validate a folder; raises ``NotFoundError`` when there is none.

    A folder of no recognisable kind is judged as an OCFL object (E003).
    """
    if not path.is_dir():
        raise NotFoundError(
            message("没有这个文件夹：{path}", "there is no such folder: {path}", path=str(path)), subject=str(path)
        )
    if (path / "bagit.txt").exists():
        kind, found = "bag", tuple(_check_bag(path))
    elif any(path.glob("0=ocfl_1.*")):
        kind, found = "ocfl-root", tuple(_check_root(path))
    else:
        kind, found = "ocfl-object", tuple(_check_object(path))
    return CheckResult(kind, not Report(found).has_errors, found)


def _check_bag(path: Path) -> Iterator[Finding]:
    manifests = sorted(path.glob("manifest-*.txt"))
    tags = sorted(path.glob("tagmanifest-*.txt"))
    payload = {p for p in _files(path) if p.parts[0] == "data"}
    if not manifests:
        yield _bad("manifest-missing", message("没有有效载荷清单", "there is no payload manifest"), "manifest-*.txt")
    for manifest in (*manifests, *tags):
        algorithm = manifest.stem.rpartition("-")[2]
        try:
            listed = parse_manifest(manifest.read_bytes(), subject=manifest.name)
        except PackageError as broken:
            yield _bad("manifest-unreadable", broken.message, manifest.name)
            continue
        if algorithm not in hashlib.algorithms_available:
            yield warning(
                "algorithm-unknown",
                message("未核对：不支持的算法", "not checked: unknown algorithm"),
                file=manifest.name,
            )
            continue
        yield from _check_listed(path, listed, algorithm)
        if manifest in manifests:
            for stray in sorted(payload - listed.keys()):
                yield _bad(
                    "file-not-listed", message("不在清单 {name} 中", "not in {name}", name=manifest.name), str(stray)
                )


def _check_listed(path: Path, listed: dict[PurePosixPath, str], algorithm: str) -> Iterator[Finding]:
    for name, digest in sorted(listed.items()):
        place = path / name
        if place.is_symlink() or not place.is_file():
            yield _bad("file-missing", message("清单所列文件不存在", "a listed file is missing"), str(name))
        elif _digest(place, algorithm) != digest:
            yield _bad(
                "digest-differs",
                message("{algorithm} 摘要不符", "its {algorithm} digest differs", algorithm=algorithm),
                str(name),
            )


def _check_root(path: Path) -> Iterator[Finding]:
    for declaration in sorted(path.rglob("0=ocfl_object_1.*")):
        home = declaration.parent
        for finding in _check_object(home):
            yield finding.at(file=finding.file)


def _check_object(path: Path) -> Iterator[Finding]:
    if not any(path.glob("0=ocfl_object_1.*")):
        yield _bad("E003", message("缺少 OCFL 对象声明", "there is no OCFL object declaration"), "0=ocfl_object_1.1")
        return
    inventory_file = path / "inventory.json"
    if not inventory_file.is_file():
        yield _bad("E063", message("缺少 inventory.json", "there is no inventory.json"), "inventory.json")
        return
    data = inventory_file.read_bytes()
    try:
        inventory = json.loads(data)
        algorithm = inventory["digestAlgorithm"]
        manifest = {PurePosixPath(p): d.lower() for d, paths in inventory["manifest"].items() for p in paths}
    except (ValueError, KeyError, TypeError, AttributeError):
        yield _bad("E034", message("inventory.json 不合规范", "inventory.json is not an inventory"), "inventory.json")
        return
    sidecar = path / f"inventory.json.{algorithm}"
    if not sidecar.is_file():
        yield _bad("E058", message("缺少清单摘要文件", "the inventory has no sidecar"), sidecar.name)
    elif sidecar.read_text("utf-8", "replace").split()[:1] != [hashlib.new(algorithm, data).hexdigest()]:
        yield _bad("E060", message("清单与其摘要不符", "the inventory does not match its sidecar"), "inventory.json")
    for name, digest in sorted(manifest.items()):
        place = path / name
        if not place.is_file():
            yield _bad("E092", message("清单所列内容不存在", "listed content is missing"), str(name))
        elif _digest(place, algorithm) != digest:
            yield _bad("E092", message("内容摘要不符", "content does not match its digest"), str(name))
    for stray in sorted(p for p in _files(path) if len(p.parts) > 2 and p.parts[1] == "content"):
        if stray not in manifest:
            yield _bad("E023", message("内容不在清单中", "content is not in the manifest"), str(stray))


def _files(path: Path) -> Iterator[PurePosixPath]:
    return (PurePosixPath(p.relative_to(path)) for p in path.rglob("*") if p.is_symlink() or not p.is_dir())


def _digest(path: Path, algorithm: str) -> str:
    digest = hashlib.new(algorithm)
    with path.open("rb", buffering=0) as source:
        while block := source.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _bad(code: str, said: Message, file: str) -> Finding:
    return error(code, said, file=file)
