"""Small packages of rows merged into larger ones: every row of every revision is kept, and nothing needs an approval.

The order: a package with all rows of the old ones is stored and verified in every store that is there, ``descriptions-merged`` is
journalled, then the old ones are removed as everything is, after each of their rows was looked for in the new one. Its
identifier follows from theirs, so that running again finishes what was stopped.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archives.errors import RefusedError
from archives.findings import Finding
from archives.journal.concern import Subject, SubjectKind, the_package
from archives.journal.facts import DescriptionsMerged, DisposalIntended, DisposalPlanned, PackageStored
from archives.message import message
from archives.record.description import Repository
from archives.record.identifiers import PackageId
from preservation.actions.replicate import require_everywhere
from preservation.archive import Archive
from preservation.catalogue.unit_packages import SmallPackage
from preservation.package.description_package import FINDINGS, MOST_ROWS, UNITS, package_of_rows, read_findings
from preservation.package.new_package import NewPackage, software
from preservation.vault.recovery import judge_removal
from preservation.vault.removal import remove_package

SMALL_ROWS = 1_000
MANY = 64
"""More small packages than this of one repository are merged; as many as fit into one."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Packages of a repository's rows, in the order in which they were stored, that go into one."""

    repository: Repository
    packages: tuple[str, ...]
    rows: int
    batch: str

    @property
    def into(self) -> PackageId:
        """The identifier of the package that takes them in."""
        return PackageId(str(uuid.uuid5(uuid.UUID(self.packages[0]), "+".join(self.packages))))


def plan_merges(archive: Archive, *, many: int = MANY) -> tuple[Merge, ...]:
    """Return which packages are to be merged: all small ones of a repository that has more than so ``many``.

    Those that were merged before are merged among themselves, when there are as many of them. What a purge names that is not
    at its end, and what it wrote, is left alone: data would live on in a package that the purge does not know.
    """
    merges: list[Merge] = []
    units = archive.refresh().units
    for repository in archive.catalogue.repositories():
        every = units.packages.small(repository.code.value, most=SMALL_ROWS)
        purged = _of_purges(archive, [one.package_id for one in every])
        small = [one for one in every if one.package_id not in purged]
        for level, batch in enumerate(_BATCHES):
            mine = [one for one in small if _level(one.batch_id) == level]
            if len(mine) > many:
                merges += _grouped(repository, mine, batch)
    return tuple(merges)


def merge(archive: Archive, one: Merge) -> int:
    """Merge packages of rows and remove the old ones; returns how many were removed. May be called again after a stop.

    Nothing is merged where a purge came between.
    """
    anchors = archive.fresh_reading.refresh()
    with archive.vault.locks.descriptions(one.repository.code.value):
        if _of_purges(archive, one.packages):
            return 0
        if one.into.value not in anchors.versions:
            archive.vault.put(_package(archive, one), note="merge")
        require_everywhere(archive, one.into)
        if one.into.value not in _merged(archive):
            archive.vault.ledger.append([DescriptionsMerged(one.into.value, one.packages)])
    archive.refresh()
    return finish_merges(archive)


def finish_merges(archive: Archive) -> int:
    """Remove the packages that were merged and are still there; returns how many were."""
    removed = 0
    for into, packages in _merged(archive).items():
        for package_id in packages:
            removed += _remove(archive, package_id, into)
    return removed


def _of_purges(archive: Archive, package_ids: Sequence[str]) -> set[str]:
    """Return which of these packages a purge names that is not at its end, or wrote."""
    anchors = archive.reading.refresh()
    planned = (entry.fact for entry in archive.reading.entries_about(Subject(SubjectKind.PLAN)))
    purges = [one for one in planned if isinstance(one, DisposalPlanned) and one.purge]
    unfinished = [one for one in purges if any(old not in anchors.tombstones for old in one.package_ids)]
    if not unfinished:
        return set()
    named = {old for one in unfinished for old in one.package_ids}
    plans = {one.plan_id for one in unfinished}
    stored = (entry.fact for entry in archive.reading.entries_about(*map(the_package, package_ids)))
    wrote = (one for one in stored if isinstance(one, PackageStored))
    apart = {one.package_id for one in wrote if one.succeeds in named or one.batch_id in plans}
    return (named | apart).intersection(package_ids)


def _grouped(repository: Repository, small: Sequence[SmallPackage], batch: str) -> Iterator[Merge]:
    some: list[str] = []
    rows = 0
    for one in small:
        if some and rows + one.rows > MOST_ROWS:
            yield Merge(repository, tuple(some), rows, batch)
            some, rows = [], 0
        some.append(one.package_id)
        rows += one.rows
    if len(some) > 1:
        yield Merge(repository, tuple(some), rows, batch)


def _level(batch: str) -> int:
    """Return how often the rows of a package of this batch were merged."""
    return _BATCHES.index(batch) + 1 if batch in _BATCHES else 0


def _merged(archive: Archive) -> dict[str, tuple[str, ...]]:
    """Return what the journal says was merged into packages that there are."""
    anchors = archive.fresh_reading.refresh()
    found: dict[str, tuple[str, ...]] = {}
    known = archive.refresh()
    for into in (package_id for batch in _BATCHES for package_id in known.anchors(batch_id=batch)):
        for entry in archive.fresh_reading.entries_about(the_package(into)):
            if isinstance(entry.fact, DescriptionsMerged) and entry.fact.into == into:
                found[into] = tuple(one for one in entry.fact.merged if one not in anchors.tombstones)
    return found


_BATCHES = tuple(f"merged-{number}" for number in range(1, 5))
"""What merged packages name as their batch: how often their rows were merged."""


def _package(archive: Archive, one: Merge) -> NewPackage:
    rows: dict[bytes, None] = {}  # each once, in the order in which they were written
    findings: list[Finding] = []
    for package_id in one.packages:
        inventory = archive.vault.inventory(archive.catalogue.anchor(PackageId(package_id)))
        rows |= dict.fromkeys(archive.vault.read(inventory, UNITS).splitlines(keepends=True))
        if FINDINGS in inventory.logical_files():
            findings += read_findings(archive.vault.read(inventory, FINDINGS))
    return package_of_rows(
        one.into,
        one.repository,
        b"".join(rows),
        findings,
        code=f"CATALOGUE-{one.batch}",
        batch_id=one.batch,
        now=archive.world.now(),
        software=software(),
    )


def _remove(archive: Archive, package_id: str, into: str) -> bool:
    with archive.vault.locks.package_exclusive(PackageId(package_id)):
        anchors = archive.fresh_reading.refresh()
        if package_id in anchors.tombstones:
            return False
        intent, today = DisposalIntended(package_id, into), archive.world.today()
        unproved = judge_removal(archive.vault, archive.decisions, anchors, intent, today=today)
        if unproved is not None:
            said = message("{id}：{why}", "{id}: {why}", id=package_id, why=unproved.said)
            raise RefusedError(said, subject=package_id)
        remove_package(archive.vault, anchors, package_id, plan_id=into)
        return True
