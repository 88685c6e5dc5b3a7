"""The restore drill: packages are got out of their stores with stock tools only, and the result is remembered."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from archives.errors import JinkuiError, StorageError, StoreAbsentError, StoreDeniedError
from archives.journal.facts import RestoreDrilled
from archives.message import message
from preservation.archive import Archive
from preservation.audit.audit import present_stores
from preservation.audit.drill import (
    DrillCandidate,
    DrillOutcome,
    DrillStep,
    Runner,
    mirror,
    plan_drill,
    require_own_program,
    restore,
)
from preservation.stores.presence import StorePresence, unavailable


@dataclass(frozen=True, slots=True)
class Drilled:
    """What became of the packages that were drawn, the stores that were not there, whether the journal remembers it."""

    outcomes: tuple[DrillOutcome, ...]
    away: tuple[StorePresence, ...]
    recorded: bool

    @property
    def absent_stores(self) -> tuple[str, ...]:
        """The names of the stores from which nothing could be restored."""
        return tuple(one.store.name for one in self.away)


def drill(
    archive: Archive, *, packages: int, seed: int, python: str, run: Runner, watch: Callable[[int, int], None]
) -> Drilled:
    """Restore packages drawn at random and validate them; the same seed draws the same.

    ``python`` is the interpreter that runs the stores' own program, by its absolute path; ``watch`` is told how many are
    restored, and of how many. Where too few stores are there to write, the drill is made and not recorded.
    """
    may_write = _begin(archive)
    anchors = archive.fresh_reading.refresh()
    there, missing = present_stores(archive.vault, anchors)
    away = list(missing)
    names = {store.name for store in there}
    candidates = [
        DrillCandidate(store, package_id, len(anchors.copy_versions(store, package_id)))
        for store, package_id in anchors.copies()
        if store in names
    ]
    steps = plan_drill(candidates, packages=packages, seed=seed)
    outcomes: list[DrillOutcome] = []
    for step in steps:
        try:
            outcomes.append(_restore(archive, step, python=python, run=run))
        except (StoreAbsentError, StoreDeniedError) as failure:
            away.append(unavailable(archive.vault.store(step.store), failure))
        watch(len(outcomes), len(steps))
    if recorded := may_write and bool(outcomes):
        _record(archive, outcomes)
    return Drilled(tuple(outcomes), tuple(away), recorded)


def _begin(archive: Archive) -> bool:
    """Become a writer, so that nobody sweeps our folder away; where too few stores are there to write, say so."""
    try:
        archive.begin_writing()
    except StorageError as failure:
        archive.world.tell(failure.with_advice)
        return False
    return True


def _restore(archive: Archive, step: DrillStep, *, python: str, run: Runner) -> DrillOutcome:
    """Restore one package in a folder that vanishes afterwards; a store that is no folder is mirrored first."""
    store = archive.vault.store(step.store)
    with archive.work_folder() as work:
        try:
            require_own_program(store, archive.fresh_reading.anchors.stores[store.name].restore_program_sha512)
            if (folder := store.properties.folder) is not None:
                root = folder.absolute()
            else:
                root = work / "mirror"
                archive.world.tell(
                    message(
                        "存储“{store}”不是文件夹，先把信息包取到本机：{id}",
                        "the store “{store}” is no folder; the package is fetched first: {id}",
                        store=store.name,
                        id=step.package_id,
                    )
                )
                mirror(store, step.package_id, root)
        except (StoreAbsentError, StoreDeniedError):
            raise
        except JinkuiError as failure:
            return DrillOutcome(step, failure)
        empty = Path(tempfile.mkdtemp(dir=work))
        return restore(step, root, empty, python=python, run=run)


def _record(archive: Archive, outcomes: Sequence[DrillOutcome]) -> None:
    versions = [(one.step.package_id, one.step.version) for one in outcomes]
    failed = tuple((one.step.package_id, one.step.version) for one in outcomes if one.failure)
    whole = tuple(version for version in versions if version not in failed)
    archive.vault.ledger.append([RestoreDrilled(whole, failed)])
    archive.refresh()
