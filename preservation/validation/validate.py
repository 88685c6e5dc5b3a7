"""Validation of somebody's bag, OCFL object or storage root: looks, reports, changes nothing, fetches nothing."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archives.errors import NotFoundError
from archives.findings import Finding, Report, Severity, note
from archives.message import message
from preservation.digests.many_files import Digesting
from preservation.digests.tree import read_tree, top_of
from preservation.validation.bag import check_bag
from preservation.validation.ocfl_object import check_object
from preservation.validation.second_opinion import SecondOpinion, compare
from preservation.validation.storage_root import check_root

MOST_FINDINGS = 10_000
"""Of one code no more are told one by one: a manifest may list millions of files that are not there."""

_OBJECTS_LOOKED_FOR = 3


_UNRECOGNISED = note(
    "kind-unknown",
    message(
        "看不出是什么：没有 bagit.txt（BagIt 包）、0=ocfl_object_…（OCFL 对象）或 0=ocfl_…（OCFL 存储根）；按 OCFL 对象判断",
        "nothing says what this is: no bagit.txt (a bag), no 0=ocfl_object_… (an OCFL object), no 0=ocfl_… (a storage "
        "root); judged as an OCFL object",
    ),
)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a folder is (``bag``, ``ocfl-object``, ``ocfl-root``), whether it is valid, and what was found."""

    kind: str
    valid: bool
    findings: tuple[Finding, ...]
    second_opinion: SecondOpinion | None = None

    def with_opinion(self, opinion: SecondOpinion) -> "CheckResult":
        """Return the result with another validator's verdict and what there is to say of it; ours decides."""
        findings = (*self.findings, *compare(opinion, valid=self.valid))
        return replace(self, findings=findings, second_opinion=opinion)


def check(path: Path, digesting: Digesting) -> CheckResult:
    """Validate a folder; raises ``NotFoundError`` when there is none.

    A folder of no recognisable kind is judged as an OCFL object (E003), and a note says what was looked for.
    """
    if not _is_folder(path):
        raise NotFoundError(
            message("这里没有文件夹：{path}", "there is no folder at {path}", path=str(path)), subject=str(path)
        )
    recognised = kind_of(path)
    kind = recognised or "ocfl-object"
    if kind == "ocfl-root":
        found = check_root(path, digesting)
    else:
        tree = read_tree(path)
        found = check_bag(tree, digesting) if kind == "bag" else check_object(tree, digesting)
    findings = (*(() if recognised else (_UNRECOGNISED,)), *_bounded(found))
    return CheckResult(kind, not Report(findings).has_errors, findings)


def kind_of(path: Path) -> str | None:
    """Return what a folder is by the names in it: ``bag``, ``ocfl-object`` or ``ocfl-root``; None for nothing of these."""
    names = top_of(path)
    if "bagit.txt" in names:
        return "bag"
    if any(name.startswith("0=ocfl_object_") for name in names):
        return "ocfl-object"
    if any(name.startswith("0=ocfl_") or name == "ocfl_layout.json" for name in names):
        return "ocfl-root"
    if "inventory.json" in names:
        return "ocfl-object"
    if "data" in names and any(re.fullmatch(r"manifest-.+\.txt", name) for name in names):
        return "bag"
    return "ocfl-root" if _holds_objects(path, names) else None


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long, a folder on the way that lets nobody in
        return False


def _holds_objects(path: Path, names: Iterable[str], depth: int = _OBJECTS_LOOKED_FOR) -> bool:
    """Whether the first folder of each level leads to an object: a storage root that lost its declaration."""
    for name in names:
        below = path / name
        if name != "extensions" and not below.is_symlink() and below.is_dir():
            inner = top_of(below)
            return any(n.startswith("0=ocfl_object_") for n in inner) or (
                depth > 0 and _holds_objects(below, inner, depth - 1)
            )
    return False


def _bounded(found: Iterable[Finding]) -> Iterator[Finding]:
    told: Counter[tuple[str, Severity]] = Counter()
    first: dict[tuple[str, Severity], Finding] = {}
    for finding in found:
        key = (finding.code, finding.severity)
        told[key] += 1
        if told[key] <= MOST_FINDINGS:
            yield finding
        else:
            first.setdefault(key, finding)
    for key, finding in first.items():
        said = message(
            "{code} 另有 {n} 处，没有逐一列出",
            "{n} more of {code} are not listed",
            code=finding.code,
            n=told[key] - MOST_FINDINGS,
        )
        yield replace(finding, message=said, file=None, row=None)
