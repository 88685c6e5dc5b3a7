"""What happened to packages that are gone, or that are no record's, told from the journal."""

from collections.abc import Collection

from archives.errors import RefusedError
from archives.journal.chain import Entry
from archives.journal.concern import Subject, SubjectKind, the_package
from archives.journal.facts import PackageStored
from archives.message import Message, message
from archives.record.identifiers import RecordKey, archival_code_key
from archives.record.record import PackageKind
from preservation.actions.overview.batches import TABLES_PREFIX
from preservation.archive import Archive
from preservation.catalogue.naming import named


def removal_of(archive: Archive, batch_id: str) -> Message | None:
    """Return the sentence that a batch or an import was removed as taken in by mistake; None where it was not, or is here again."""
    code = archival_code_key(f"{TABLES_PREFIX}{batch_id}")
    gone = [archive.catalogue.tombstone(RecordKey(one.code.value, code)) for one in archive.catalogue.repositories()]
    found = next((one for one in gone if one and one.mistake), None)
    came = archive.catalogue.units.packages.came_with(batch_id).values()  # rows of units that it hooked stay
    if found is None or any(one.kind is not PackageKind.DESCRIPTION for one in came):
        return None
    return found.said(batch_id)


def require_not_removed(archive: Archive, batch_id: str) -> None:
    """Raise ``RefusedError`` for a batch that was removed as taken in by mistake, and did not come in again since."""
    if said := removal_of(archive, batch_id):
        advice = message("确应接收的，加 --removed-too", "where it is the right one all the same: --removed-too")
        raise RefusedError(said, subject=batch_id, advice=advice)


def story_of_gone(archive: Archive, code: str, repository: str | None) -> tuple[Entry, ...]:
    """Return what happened to all that was disposed of under ``CODE`` or ``REPOSITORY:CODE``, in order; nothing for none."""
    repository, code = named(code, repository)
    key, packages = archival_code_key(code), archive.refresh().units.packages
    places = [one.code.value for one in archive.catalogue.repositories() if repository in (None, one.code.value)]
    return story_of(archive, [one for place in places for one in packages.gone_under(place, key)])


def story_of(archive: Archive, package_ids: Collection[str]) -> tuple[Entry, ...]:
    """Return what happened to packages, their plans, and the batches of those that are what one came with, in order."""
    ours = {the_package(one) for one in package_ids}
    own = {entry.sequence: entry for entry in archive.reading.entries_about(*ours)} if ours else {}
    facts = [entry.fact for entry in own.values()]
    stored = [one for one in facts if isinstance(one, PackageStored) and one.kind is PackageKind.SUBMISSION]
    beside = {Subject(SubjectKind.BATCH, one.batch_id) for one in stored}
    beside |= {s for fact in facts for s in fact.concerns() if s.kind is SubjectKind.PLAN}
    for entry in archive.reading.entries_about(*beside) if beside else ():
        others = [s for s in entry.fact.concerns() if s.kind is SubjectKind.PACKAGE]
        if not others or ours & {*others}:
            own[entry.sequence] = entry
    return tuple(own[sequence] for sequence in sorted(own))
