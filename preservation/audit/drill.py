"""Restore drills: proof that packages can be got out of a store with stock tools and the store's own program only."""

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from archives.errors import IntegrityError, JinkuiError, NotFoundError, StoreAbsentError, ToolError, ToolMissingError
from archives.message import message
from archives.record.identifiers import PackageId
from preservation.digests.of_store import sha512_of
from preservation.package.bag import manifest_digests, manifest_path
from preservation.package.ocfl import INVENTORY, object_folder, parse_content_files, root_files
from preservation.stores.passed_over import passed_over_in
from preservation.stores.store import RESTORE_PROGRAM, EntryKind, Store, read_whole
from preservation.vault.founding import own_restore_program


class Runner(Protocol):
    """Runs an outside program in a folder; raises ``ToolError`` when it fails or is missing."""

    def __call__(self, argv: Sequence[str], *, folder: Path, stdin: bytes = b"") -> object:
        """Run it to its end."""


@dataclass(frozen=True, slots=True)
class DrillCandidate:
    """A copy that may be drawn, with its newest version's number."""

    store: str
    package_id: str
    versions: int


@dataclass(frozen=True, slots=True)
class DrillStep:
    """One version of a package, to be restored from one store."""

    store: str
    package_id: str
    version: int


@dataclass(frozen=True, slots=True)
class DrillOutcome:
    """What became of a step; ``failure`` is None when it was restored and found whole by every tool."""

    step: DrillStep
    failure: JinkuiError | None = None


def plan_drill(candidates: Iterable[DrillCandidate], *, packages: int, seed: int) -> tuple[DrillStep, ...]:
    """Return which versions are restored from where: at most ``packages`` packages, the same for the same seed."""
    by_package: dict[str, list[DrillCandidate]] = {}
    for candidate in sorted(candidates, key=lambda one: (one.package_id, one.store)):
        by_package.setdefault(candidate.package_id, []).append(candidate)
    draw = random.Random(seed)  # noqa: S311 - a sample that can be drawn again, no secret
    steps = []
    for package_id in draw.sample(sorted(by_package), min(packages, len(by_package))):
        chosen = draw.choice(by_package[package_id])
        steps.append(DrillStep(chosen.store, package_id, draw.randint(1, chosen.versions)))
    return tuple(steps)


def mirror(store: Store, package_id: str, folder: Path) -> None:
    """Copy out of a store what its restore program needs for one package; for stores that are no folders."""
    files = [RESTORE_PROGRAM, *root_files()]
    within = object_folder(PackageId(package_id))
    files += [entry.path for entry in store.walk(within) if entry.kind is EntryKind.FILE]
    content = parse_content_files(read_whole(store, within / INVENTORY), subject=package_id)
    files += [within / path for path in content if passed_over_in(f"{within}/{path}")]  # which no walk names
    for path in files:
        _copy_out(store, path, folder / path)


def restore(step: DrillStep, root: Path, folder: Path, *, python: str, run: Runner) -> DrillOutcome:
    """Restore one version from a store's folder into ``folder`` (empty) and validate it with stock tools.

    The store's ``restore.py`` runs in a Python that sees its standard library only; then bagit-python validates the bag
    and ``sha256sum`` its manifest. Raises ``ToolMissingError`` and ``StoreAbsentError``; anything else is the outcome.
    """
    bag = folder / "bag"
    urn = PackageId(step.package_id).urn
    program = str(root / RESTORE_PROGRAM)
    try:
        run([python, "-I", "-S", "-B", program, "get", urn, str(bag), f"v{step.version}"], folder=folder)
        run([python, "-I", "-m", "bagit", "--validate", "--quiet", str(bag)], folder=folder)
        manifest = (bag / manifest_path("sha256")).read_bytes()
        run(["sha256sum", "--check", "--strict", "--quiet", "-"], folder=bag, stdin=checksum_list(manifest))
    except (ToolMissingError, StoreAbsentError):
        raise
    except (ToolError, JinkuiError) as failure:
        return DrillOutcome(step, failure)
    except OSError as cause:
        return DrillOutcome(step, _no_manifest(step, cause))
    return DrillOutcome(step)


def require_own_program(store: Store, sha512: str) -> None:
    """Raise ``IntegrityError`` unless a store's restore program is the one that was put there: no other is run.

    This software's own is, too: an upgrade may have been killed before the journal knew it.
    """
    try:
        found = sha512_of(store, RESTORE_PROGRAM)
    except NotFoundError:
        found = ""
    if found not in (sha512, hashlib.sha512(own_restore_program()).hexdigest()):
        raise IntegrityError(
            message(
                "存储“{store}”中的 restore.py 不是当初放入的那一份，没有运行它",
                "restore.py in the store “{store}” is not the one that was put there; it was not run",
                store=store.name,
            ),
            subject=store.name,
            advice=message("请运行 jinkui audit 和 repair", "run jinkui audit and repair"),
        )


def checksum_list(manifest: bytes) -> bytes:
    """Return a bag's manifest as ``sha256sum`` reads it: paths as they are, ``\\`` and line ends escaped its own way."""
    lines = []
    for path, digest in manifest_digests(manifest, subject=str(manifest_path("sha256"))).items():
        name = str(path)
        escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        lines.append(f"{'' if escaped == name else chr(92)}{digest}  {escaped}\n")
    return "".join(lines).encode("utf-8")


def _copy_out(store: Store, path: PurePosixPath, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        for block in store.read(path):
            file.write(block)


def _no_manifest(step: DrillStep, cause: OSError) -> IntegrityError:
    return IntegrityError(
        message("恢复出的包没有清单：{reason}", "what was restored has no manifest: {reason}", reason=str(cause)),
        subject=step.package_id,
    )
