"""What is wrong inside one OCFL inventory, by the codes of the OCFL 1.1 specification; it may be of any size or shape."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from archives.findings import Finding, error, warning
from archives.message import Message, message
from preservation.digests.algorithms import digest_bytes, known_algorithm
from preservation.digests.tree import parents_of

CONTENT_ALGORITHMS = ("sha512", "sha256")
SPECIFICATIONS = {
    "https://ocfl.io/1.0/spec/#inventory": (1, 0),
    "https://ocfl.io/1.1/spec/#inventory": (1, 1),
}

_KEYS = ("id", "type", "digestAlgorithm", "head", "contentDirectory", "manifest", "versions", "fixity")
_REQUIRED = ("id", "type", "digestAlgorithm", "head")
_VERSION_NAME = re.compile(r"v(\d{1,18})")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+")
_CREATED = re.compile(r"(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.\d{1,99})?(Z|z|[+-]\d\d:\d\d)")
_FIXITY_NAMES = ("md5", "sha1", "sha256", "sha512", "size")

Block = Mapping[str, object]


class NotAnInventoryError(ValueError):
    """The bytes are no JSON object; ``finding`` says how."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Stated:
    """What an inventory states, as far as it could be understood.

    Digests are in lower case. ``content`` and each part of ``fixity`` lead from content path to digest, each of
    ``states`` from logical path to digest.
    """

    id: str = ""
    specification: tuple[int, int] = (1, 1)
    algorithm: str = "sha512"
    head: str = ""
    content_directory: str = "content"
    content: dict[str, str] = field(default_factory=dict)
    fixity: dict[str, dict[str, str]] = field(default_factory=dict)
    states: dict[str, dict[str, str]] = field(default_factory=dict)
    versions: Mapping[str, Block] = field(default_factory=dict)


def version_number(name: str) -> int | None:
    """Return the number in a version's name (``v3``, ``v0003``); None when it is none."""
    found = _VERSION_NAME.fullmatch(name)
    return int(found[1]) or None if found else None


def parse_stated(data: bytes, *, file: str) -> tuple[Stated, list[Finding]]:
    """Return what an inventory states and what is wrong in it; raises ``NotAnInventoryError`` when it is none."""
    body = _load(data, file)
    found = list(_check_keys(body, file))
    versions = body.get("versions")
    blocks = {n: b for n, b in versions.items() if isinstance(b, dict)} if isinstance(versions, dict) else {}
    found += _check_versions(body, file)
    manifest, faults = _digest_block(body.get("manifest", {}), _manifest_codes(body), file)
    found += faults
    block = body.get("manifest")
    exact = frozenset(block) if isinstance(block, dict) else frozenset[str]()
    states: dict[str, dict[str, str]] = {}
    for name, version in blocks.items():
        states[name], faults = _state(version, name, exact, file)
        found += [*faults, *_check_version(version, name, file)]
    fixity, faults = _fixity(body, file)
    found += faults
    stated = Stated(
        id=_text(body.get("id")),
        specification=SPECIFICATIONS.get(_text(body.get("type")), (1, 1)),
        algorithm=_text(body.get("digestAlgorithm")),
        head=_text(body.get("head")),
        content_directory=_text(body.get("contentDirectory", "content")),
        content=manifest,
        fixity=fixity,
        states=states,
        versions=blocks,
    )
    found += _check_content_paths(stated, file)
    found += _check_use(stated, exact, file)
    return stated, found


def _load(data: bytes, file: str) -> dict[str, object]:
    repeated: list[str] = []

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(items)
        if len(made) != len(items):
            count = Counter(key for key, _ in items)
            repeated.extend(key for key, times in count.items() if times > 1)
        return made

    try:
        body = json.loads(data.decode("utf-8"), object_pairs_hook=pairs, parse_constant=_no_constant)
    except (ValueError, RecursionError) as cause:
        said = message("不是 JSON：{reason}", "is no JSON: {reason}", reason=str(cause)[:200])
        raise NotAnInventoryError(error("E033", said, file=file)) from cause
    if repeated:
        said = message("同一个键出现两次：{key}", "has the same key twice: {key}", key=repeated[0][:200])
        raise NotAnInventoryError(error("E033", said, file=file))
    if not isinstance(body, dict):
        said = message("不是 JSON 对象", "is no JSON object")
        raise NotAnInventoryError(error("E034", said, file=file))
    return body


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _check_keys(body: Block, file: str) -> Iterator[Finding]:
    for key in _REQUIRED:
        if key not in body:
            yield _bad("E036", message("缺少 {key}", "has no {key}", key=key), file)
    for key in ("manifest", "versions"):
        if key not in body:
            yield _bad("E041", message("缺少 {key}", "has no {key}", key=key), file)
    yield from _unknown_keys(body, _KEYS, file)
    identifier = body.get("id", "urn:x")
    if not isinstance(identifier, str) or not identifier:
        yield _bad("E037", message("id 不是文字", "its id is no text"), file)
    elif not _URI.fullmatch(identifier):
        yield _should("W005", message("id 不是 URI：{id}", "its id is no URI: {id}", id=identifier), file)
    if _text(body.get("type", "https://ocfl.io/1.1/spec/#inventory")) not in SPECIFICATIONS:
        yield _bad("E038", message("type 不是 OCFL 清单的 URI", "its type is no URI of an OCFL inventory"), file)
    algorithm = body.get("digestAlgorithm", "sha512")
    if algorithm not in CONTENT_ALGORITHMS:
        yield _bad("E025", message("算法须为 sha512 或 sha256", "its algorithm is not sha512 or sha256"), file)
    elif algorithm == "sha256":
        yield _should("W004", message("宜用 sha512", "sha512 should be used"), file)
    directory = body.get("contentDirectory", "content")
    if not isinstance(directory, str) or "/" in directory:
        yield _bad("E017", message("contentDirectory 不是文件夹名", "its contentDirectory is no name"), file)
    elif directory in ("", ".", ".."):
        yield _bad("E018", message("contentDirectory 不可为 . 或 ..", "its contentDirectory is . or .."), file)


def _check_versions(body: Block, file: str) -> Iterator[Finding]:
    versions = body.get("versions", {})
    if not isinstance(versions, dict):
        yield _bad("E044", message("versions 不是对象", "its versions are no object"), file)
        return
    if "versions" in body and not versions:
        yield _bad("E008", message("一个版本也没有", "it has no version"), file)
    numbers = {name: number for name in versions if (number := version_number(name))}
    for name in versions.keys() - numbers.keys():
        yield _bad("E104", message("不是版本号：{name}", "not a version: {name}", name=name), file)
    for name in (n for n in versions if not isinstance(versions[n], dict)):
        yield _bad("E047", message("版本 {name} 不是对象", "version {name} is no object", name=name), file)
    yield from _check_numbers(numbers, file)
    head = body.get("head")
    highest = max(numbers, key=lambda name: numbers[name], default=None)
    if "head" in body and (not isinstance(head, str) or head != highest):
        yield _bad("E040", message("head 不是最新的版本", "its head is not the newest version"), file)


def _check_numbers(numbers: Mapping[str, int], file: str) -> Iterator[Finding]:
    if not numbers:
        return
    present = sorted(numbers.values())
    if present[0] != 1:
        yield _bad("E009", message("版本不是从 1 开始", "its versions do not begin with 1"), file)
    if present != list(range(present[0], present[0] + len(present))):
        yield _bad("E010", message("版本号不连续", "its version numbers have a gap"), file)
    first = min(numbers, key=lambda name: numbers[name])
    padded = first.startswith("v0")
    if padded:
        yield _should("W001", message("版本号不宜补零", "version numbers should not be padded"), file)
    for name in numbers:
        if name.startswith("v0") != padded or (padded and len(name) != len(first)):
            said = message("版本号的写法不一致：{name}", "its versions are written in two ways: {name}", name=name)
            yield from (_bad(code, said, file) for code in ("E011", "E012", "E013"))


@dataclass(frozen=True, slots=True)
class _Codes:
    """The codes of a block that leads from digests to paths, and the length of its digests (None: not checked)."""

    block: str
    digest: str
    paths: str
    twice: str
    repeated_path: str
    hex_digits: int | None


def _manifest_codes(body: Block) -> _Codes:
    algorithm = known_algorithm(_text(body.get("digestAlgorithm")))
    return _Codes("E106", "E025", "E092", "E096", "E101", digest_bytes(algorithm) * 2 if algorithm else None)


def _digest_block(block: object, codes: _Codes, file: str) -> tuple[dict[str, str], list[Finding]]:
    """Return content path to digest, and what is wrong with the block."""
    if not isinstance(block, dict):
        return {}, [_bad(codes.block, message("应为 JSON 对象", "a block is no JSON object"), file)]
    by_path: dict[str, str] = {}
    found: list[Finding] = []
    seen: set[str] = set()
    for digest, paths in block.items():
        lower = digest.lower()
        if lower in seen:
            found.append(
                _bad(codes.twice, message("同一摘要出现两次：{d}", "a digest stands twice: {d}", d=digest), file)
            )
        seen.add(lower)
        if codes.hex_digits is not None and not re.fullmatch(rf"[0-9a-f]{{{codes.hex_digits}}}", lower):
            found.append(_bad(codes.digest, message("不是摘要：{d}", "not a digest: {d}", d=digest[:200]), file))
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            found.append(
                _bad(codes.paths, message("应为路径的数组：{d}", "no list of paths: {d}", d=digest[:200]), file)
            )
            continue
        for path in paths:
            if path in by_path:
                said = message("路径出现两次：{path}", "a path stands twice: {path}", path=path)
                found.append(_bad(codes.repeated_path, said, file))
            found += _path_faults(path, ("E100", "E099"), file)
            by_path[path] = lower
    found += _conflicts(by_path, codes.repeated_path, file)
    return by_path, found


def _state(block: Block, name: str, manifest: frozenset[str], file: str) -> tuple[dict[str, str], list[Finding]]:
    if "state" not in block:
        return {}, [_bad("E048", message("版本 {name} 没有 state", "version {name} has no state", name=name), file)]
    state = block["state"]
    if not isinstance(state, dict):
        said = message("版本 {name} 的 state 不是对象", "the state of {name} is no object", name=name)
        return {}, [_bad("E050", said, file)]
    by_path: dict[str, str] = {}
    found: list[Finding] = []
    for digest, paths in state.items():
        if digest not in manifest:
            said = message(
                "{name} 的摘要不在 manifest 中：{d}", "{name}: not in the manifest: {d}", name=name, d=digest
            )
            found.append(_bad("E050", said, file))
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            found.append(_bad("E051", message("应为路径的数组：{d}", "no list of paths: {d}", d=digest[:200]), file))
            continue
        for path in paths:
            if path in by_path:
                said = message(
                    "{name} 中路径出现两次：{path}", "{name}: a path stands twice: {path}", name=name, path=path
                )
                found.append(_bad("E095", said, file))
            found += _path_faults(path, ("E053", "E052"), file)
            by_path[path] = digest.lower()
    return by_path, [*found, *_conflicts(by_path, "E095", file)]


def _check_version(block: Block, name: str, file: str) -> Iterator[Finding]:
    yield from _unknown_keys(block, ("created", "state", "message", "user"), file)
    if "created" not in block:
        yield _bad("E048", message("版本 {name} 没有 created", "version {name} has no created", name=name), file)
    elif not _is_moment(block["created"]):
        said = message("{name} 的 created 不是 RFC 3339 时间", "created of {name} is no RFC 3339 time", name=name)
        yield _bad("E049", said, file)
    if not isinstance(block.get("message", ""), str):
        yield _bad("E094", message("{name} 的 message 不是文字", "message of {name} is no text", name=name), file)
    for key in ("message", "user"):
        if key not in block:
            yield _should("W007", message("{name} 宜有 {key}", "{name} should have a {key}", name=name, key=key), file)
    if "user" in block:
        yield from _check_user(block["user"], name, file)


def _check_user(user: object, name: str, file: str) -> Iterator[Finding]:
    if not isinstance(user, dict) or not isinstance(user.get("name"), str) or not user["name"]:
        yield _bad("E054", message("{name} 的 user 没有 name", "user of {name} has no name", name=name), file)
        return
    yield from _unknown_keys(user, ("name", "address"), file)
    address = user.get("address")
    if address is None:
        yield _should("W008", message("{name} 的 user 宜有 address", "user of {name} has no address", name=name), file)
    elif not isinstance(address, str):
        yield _bad("E054", message("{name} 的 address 不是文字", "address of {name} is no text", name=name), file)
    elif not _URI.fullmatch(address):
        yield _should("W009", message("{name} 的 address 宜为 URI", "address of {name} is no URI", name=name), file)


def _fixity(body: Block, file: str) -> tuple[dict[str, dict[str, str]], list[Finding]]:
    block = body.get("fixity", {})
    if not isinstance(block, dict):
        return {}, [_bad("E111", message("fixity 不是对象", "its fixity is no object"), file)]
    fixity: dict[str, dict[str, str]] = {}
    found: list[Finding] = []
    for name, digests in block.items():
        algorithm = known_algorithm(name) if name not in ("size",) else None
        if algorithm is None and name not in _FIXITY_NAMES:
            said = message(
                "fixity 的算法未知：{name}", "its fixity names an unknown algorithm: {name}", name=name[:200]
            )
            found.append(_bad("E056", said, file))
            continue
        length = digest_bytes(algorithm) * 2 if algorithm else None
        fixity[name], faults = _digest_block(digests, _Codes("E057", "E057", "E057", "E097", "E057", length), file)
        found += faults
    return fixity, found


def _check_content_paths(stated: Stated, file: str) -> Iterator[Finding]:
    for path in stated.content:
        parts = path.split("/")
        if len(parts) < 3 or parts[0] not in stated.versions or parts[1] != stated.content_directory:
            said = message("不在任何版本的内容文件夹中：{path}", "in no version's content folder: {path}", path=path)
            yield _bad("E042", said, file)


def _check_use(stated: Stated, exact: Iterable[str], file: str) -> Iterator[Finding]:
    used = {digest for state in stated.states.values() for digest in state.values()}
    for digest in exact:
        if digest.lower() not in used:
            said = message("没有版本用到：{digest}", "used by no version: {digest}", digest=digest[:200])
            yield _bad("E107", said, file)


def _path_faults(path: str, codes: tuple[str, str], file: str) -> Iterator[Finding]:
    """Yield what is wrong with a path: a slash at an end (first code), a part that is a dot or empty (second)."""
    if path.startswith("/") or path.endswith("/") or not path:
        yield _bad(codes[0], message("路径以 / 开头或结尾：{path}", "begins or ends with /: {path}", path=path), file)
    if any(part in ("", ".", "..") for part in path.strip("/").split("/")) or "//" in path:
        yield _bad(codes[1], message("路径含 .、.. 或空：{path}", "has a part ., .. or none: {path}", path=path), file)


def _conflicts(paths: Mapping[str, str], code: str, file: str) -> Iterator[Finding]:
    folders: set[str] = set()
    for path in paths:
        for folder in parents_of(path):
            if folder in folders:
                break
            folders.add(folder)
    for path in sorted(folders & paths.keys()):
        yield _bad(code, message("既是文件又是文件夹：{path}", "both a file and a folder: {path}", path=path), file)


def _unknown_keys(block: Block, known: tuple[str, ...], file: str) -> Iterator[Finding]:
    for key in block:
        if key not in known:
            yield _bad(
                "E102", message("规范没有的键：{key}", "a key that the standard has not: {key}", key=key[:200]), file
            )


def _is_moment(value: object) -> bool:
    found = _CREATED.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return False
    try:
        datetime.fromisoformat(found[1].upper() + found[2].upper().replace("Z", "+00:00"))
    except ValueError:
        return found[1].endswith(":60")  # a leap second
    return True


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _bad(code: str, said: Message, file: str) -> Finding:
    return error(code, said, file=file)


def _should(code: str, said: Message, file: str) -> Finding:
    return warning(code, said, file=file)
