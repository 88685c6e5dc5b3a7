"""What a bag's tag files say of the bag: the declaration, bag-info.txt and fetch.txt, each with what is wrong in it."""

import codecs
import contextlib
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from archives.findings import Finding, error, note, warning
from archives.message import Message, message
from archives.system_reason import reason_of
from preservation.digests.tree import Tree, open_regular, read_regular
from preservation.package.bag import decode_path, is_unsafe, plain_path

OLDEST, NEWEST = (0, 93), (1, 0)
"""The versions of BagIt that were ever published: draft 0.93 to RFC 8493."""

LONGEST_LINE = 64 * 1024
"""No line of a tag file is longer, in characters: the longest path there is, encoded, is a fifth of it."""

_LARGEST_TAG_BYTES = 16 * 1024 * 1024
_DECLARED = re.compile(
    r"BagIt-Version: (\d{1,3})\.(\d{1,3})(?P<space1>[ \t]*)\n"
    r"Tag-File-Character-Encoding: ([^\s:]+)(?P<space2>[ \t]*)(?P<more>\n[\s\S]*)?"
)
_OXUM = re.compile(r"(\d{1,30})\.(\d{1,30})")
_FETCH = re.compile(r"(\S+)[ \t]+(\d+|-)[ \t]+(\S.*)")
_NO_TEXT = ("idna", "punycode", "undefined", "raw-unicode-escape", "unicode-escape", "mbcs", "oem")


@dataclass(frozen=True, slots=True)
class Declaration:
    """What ``bagit.txt`` declares (RFC 8493 §2.1.1), or what is taken for it when it cannot be understood."""

    version: tuple[int, int] = NEWEST
    encoding: str = "utf-8"

    @property
    def is_final(self) -> bool:
        """Whether the rules of RFC 8493 hold, which are stricter than those of the drafts before it."""
        return self.version >= (1, 0)


def read_declaration(tree: Tree, found: list[Finding]) -> Declaration:
    """Return what ``bagit.txt`` declares; what is wrong with it is added to ``found``."""
    name = "bagit.txt"
    if name not in tree.files:
        found.append(error("declaration-missing", message("没有 bagit.txt", "there is no bagit.txt"), file=name))
        return Declaration()
    try:
        data = read_regular(tree.root, name, at_most=_LARGEST_TAG_BYTES)
    except OSError as cause:
        found.append(could_not_look(name, cause))
        return Declaration()
    if data.startswith(codecs.BOM_UTF8):
        said = message("bagit.txt 以字节顺序标记开头", "bagit.txt begins with a byte order mark")
        found.append(error("declaration-malformed", said, file=name))
    text = re.sub(r"\r\n?", "\n", data.decode("utf-8-sig", "replace"))
    declared = _DECLARED.fullmatch(text)
    if declared is None:
        said = message(
            "bagit.txt 不是由 BagIt-Version 和 Tag-File-Character-Encoding 两行组成",
            "bagit.txt is not the two lines BagIt-Version and Tag-File-Character-Encoding",
        )
        found.append(error("declaration-malformed", said, file=name))
        return Declaration()
    version = (int(declared[1]), int(declared[2]))
    found.extend(_judge_declaration(declared, version))
    return Declaration(version, _codec(declared[4]) or "utf-8")


def _judge_declaration(declared: "re.Match[str]", version: tuple[int, int]) -> Iterator[Finding]:
    name = "bagit.txt"
    if not (OLDEST <= version <= (0, 97) or version == NEWEST):
        said = message("未知的 BagIt 版本 {version}", "unknown BagIt version {version}", version=_shown(version))
        yield error("version-unknown", said, file=name)
    if _codec(declared[4]) is None:
        said = message("未知的字符编码 {name}", "unknown character encoding {name}", name=declared[4])
        yield error("encoding-unknown", said, file=name)
    if declared["space1"] or declared["space2"]:
        said = message("bagit.txt 行末有空白", "bagit.txt has white space at the end of a line")
        yield warning("declaration-spaces", said, file=name)
    if (declared["more"] or "").strip():
        said = message("bagit.txt 多于两行", "bagit.txt has more than two lines")
        yield (error if version >= (1, 0) else warning)("declaration-malformed", said, file=name)


@contextlib.contextmanager
def tag_lines(tree: Tree, name: str, encoding: str) -> Iterator[Iterator[str]]:
    """Give the lines of a tag file, each with a line feed at its end, whatever ends it in the file.

    Raises ``OSError`` when it cannot be read and ``UnicodeError`` when it is no text in this encoding, or a line of
    it has no end.
    """
    handle = open_regular(tree.root, name)
    with io.TextIOWrapper(os.fdopen(handle, "rb"), encoding=encoding, errors="strict", newline=None) as text:
        yield _bounded(text)


def tag_text(tree: Tree, name: str, encoding: str) -> str:
    """Return a whole tag file, with a line feed at the end of each line; raises what ``tag_lines`` does."""
    with io.TextIOWrapper(os.fdopen(open_regular(tree.root, name), "rb"), encoding=encoding, newline=None) as text:
        return text.read()


def check_info(tree: Tree, declaration: Declaration) -> Iterator[Finding]:
    """Yield what is wrong with ``bag-info.txt`` (``package-info.txt`` before 0.96): form and ``Payload-Oxum``."""
    for name in ("bag-info.txt", "package-info.txt"):
        if name not in tree.files or (name == "package-info.txt" and declaration.version > (0, 95)):
            continue
        try:
            with tag_lines(tree, name, declaration.encoding) as lines:
                yield from _check_elements(lines, name, tree, declaration)
        except OSError as cause:
            yield could_not_look(name, cause)
        except UnicodeError:
            yield not_text(name, declaration)


def _check_elements(lines: Iterator[str], name: str, tree: Tree, declaration: Declaration) -> Iterator[Finding]:
    oxums: list[tuple[int, str]] = []
    for row, line in enumerate(lines, 1):
        if not line.strip() or (line[0] in " \t" and row > 1):
            continue
        label, colon, rest = line.rstrip("\n").partition(":")
        value = rest.lstrip(" \t")
        if not colon or not label.strip():
            yield error("info-malformed", message("不是“标签: 值”", "no “label: value”"), file=name, row=row)
            continue
        if declaration.is_final and (label != label.strip() or rest.removesuffix(value) not in (" ", "\t")):
            said = message("冒号前后的空白不合规范", "not one white space after the colon and none before it")
            yield warning("info-spaces", said, file=name, row=row)
        if label.strip().lower() == "payload-oxum":
            oxums.append((row, value.strip()))
    if len(oxums) > 1:
        said = message("Payload-Oxum 出现多次", "there is more than one Payload-Oxum")
        yield (error if declaration.is_final else warning)("oxum-repeated", said, file=name, row=oxums[1][0])
    for row, value in oxums:
        yield from _check_oxum(value, name, row, tree)


def _check_oxum(value: str, name: str, row: int, tree: Tree) -> Iterator[Finding]:
    stated = _OXUM.fullmatch(value)
    payload = [state.st_size for path, state in tree.files.items() if path.startswith("data/")]
    actual = f"{sum(payload)}.{len(payload)}"
    if stated is None:
        said = message("Payload-Oxum 不合规范：{value}", "not a Payload-Oxum: {value}", value=value)
        yield error("oxum-malformed", said, file=name, row=row)
    elif (int(stated[1]), int(stated[2])) != (sum(payload), len(payload)):
        said = message(
            "Payload-Oxum 写 {stated}，实为 {actual}",
            "Payload-Oxum says {stated}, it is {actual}",
            stated=value,
            actual=actual,
        )
        yield error("oxum-differs", said, file=name, row=row)


def check_fetch(tree: Tree, declaration: Declaration, listed: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with ``fetch.txt`` (RFC 8493 §2.2.3); nothing is ever fetched, its paths are judged.

    ``listed`` are the paths that every payload manifest lists.
    """
    name = "fetch.txt"
    if name not in tree.files:
        return
    try:
        with tag_lines(tree, name, declaration.encoding) as lines:
            for row, line in enumerate(lines, 1):
                if line.strip():
                    yield from _check_fetched(line.rstrip("\n"), row, tree, declaration, listed)
    except OSError as cause:
        yield could_not_look(name, cause)
    except UnicodeError:
        yield not_text(name, declaration)


def _check_fetched(
    line: str, row: int, tree: Tree, declaration: Declaration, listed: frozenset[str]
) -> Iterator[Finding]:
    name = "fetch.txt"
    parts = _FETCH.fullmatch(line)
    if parts is None:
        yield error("fetch-malformed", message("不是“网址 长度 路径”", "no “URL length path”"), file=name, row=row)
        return
    raw = plain_path(parts[3])
    path = raw if raw in tree.files else decode_path(raw)
    if is_unsafe(parts[3]) or not path.startswith("data/"):
        yield unsafe(parts[3], name, row)
        return
    if path not in listed:
        said = message(
            "fetch.txt 所列文件不在清单中：{path}", "fetch.txt lists what no manifest does: {path}", path=path
        )
        yield (error if declaration.is_final else warning)("fetch-not-listed", said, file=name, row=row)
    if path in tree.files:
        said = message("待取文件已在包中：{path}", "what is to be fetched is here already: {path}", path=path)
        yield note("fetch-present", said, file=name, row=row)
    else:
        said = message("待取文件不在包中，不会去取：{path}", "it is yet to be fetched, and is not: {path}", path=path)
        yield error("fetch-absent", said, file=name, row=row)


def could_not_look(name: str, cause: OSError | Message) -> Finding:
    """Return the finding for what could not be read; nothing is said about its bytes."""
    reason = cause if isinstance(cause, Message) else reason_of(cause)
    said = message("无法读取，未能核对：{reason}", "could not be read, so was not checked: {reason}", reason=reason)
    return error("unreadable", said, file=name)


def not_text(name: str, declaration: Declaration) -> Finding:
    """Return the finding for a tag file whose bytes are not of the declared encoding."""
    said = message("不是 {encoding} 编码的文本", "is no text in {encoding}", encoding=declaration.encoding)
    return error("tag-file-not-text", said, file=name)


def unsafe(path: str, name: str, row: int) -> Finding:
    """Return the finding for a path that leaves the payload."""
    said = message("路径越出包的范围：{path}", "the path leaves the bag: {path}", path=path)
    return error("unsafe-path", said, file=name, row=row)


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            raise UnicodeError("a line without an end")
        yield line


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name).name
        "".encode(found)
    except (LookupError, ValueError):  # not known, or no encoding of text
        return None
    return None if found.replace("_", "-") in _NO_TEXT else found


def _shown(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
