"""What stays of a package of content when some of what it holds is purged: its newest state without that, packaged anew."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from archives.journal.facts import PackageStored
from archives.message import Message, listed, message
from archives.record.description import Description
from archives.record.record import (
    Event,
    EventOutcome,
    FileObject,
    PackageKind,
    Record,
    Representation,
    RepresentationName,
)
from archives.record.volume.page_label import PageKind, parse_label
from archives.record.volume.structure import VolumeItem, VolumeStructure
from formats.spreadsheet.dbase_memos import MEMOS
from ingest.package import Packaging, package_of_record
from ingest.tables.packed import LONG_TABLES
from preservation.actions.purging.carry_out import Remainder, Without
from preservation.actions.purging.reach import Reach, purged_items
from preservation.actions.purging.wording import Wording, words_of
from preservation.archive import Archive
from preservation.package.new_package import PayloadFile, software
from preservation.vault.content import read_package_record

_TABLES = frozenset((*LONG_TABLES, *MEMOS, ".xlt", ".fods", ".json", ".jsonl", ".mdb", ".accdb"))
"""How the names of tables end that name the records of a batch or the rows of an import, readable here or not."""


def refound(archive: Archive, without: Without) -> Remainder:
    """Return the package without what is purged of a volume or of what a batch came with, and what stays in it untold."""
    inventory = archive.vault.inventory(without.old)
    record = read_package_record(archive.vault, inventory)
    goes, left, beside = _apart(record, without.old, without.reach)
    if without.old.kind is PackageKind.SUBMISSION and not any(not goes(file) for file in _files(record)):
        return Remainder(None, left, beside)
    bag = without.folder / "bag"
    archive.vault.export(inventory, bag)
    kept = _without(record, goes, replace(without, reach=_own(without.reach, without.old)), archive)
    payload = tuple(PayloadFile(file.path, bag / file.path, file.digests) for file in _files(kept))
    packaging = Packaging(
        package_id=without.package_id,
        kind=without.old.kind,
        repository=record.repository,
        fonds=record.fonds,
        batch_id=without.old.batch_id,
        now=archive.world.now(),
        operator=archive.operator,
        software=software(),
        engine="",
    )
    made = package_of_record(kept, payload, packaging)
    (unit_id,) = archive.catalogue.units.packages.whose([without.old.package_id]).values()
    info = (*made.info, ("Unit-Identifier", f"urn:uuid:{unit_id}"))
    return Remainder(replace(made, succeeds=without.old.package_id, info=info), left, beside)


def staying(archive: Archive, reach: Reach) -> Iterator[Message]:
    """Yield what a purge will leave in volumes, batches and imports, though it may say something of what goes."""
    for one in reach.packages:
        if one.kind is not PackageKind.DESCRIPTION and one.package_id not in reach.whole:
            record = read_package_record(archive.vault, archive.vault.inventory(one))
            yield from _apart(record, one, reach)[1]


def is_table(path: PurePosixPath) -> bool:
    """Say whether a file that came with a batch or an import may be a table, by its name."""
    return path.suffix.lower() in _TABLES


Goes = Callable[[FileObject], bool]


Apart = tuple[Goes, tuple[Message, ...], tuple[Message, ...]]
"""Which files go, what stays that may have something, and what goes though it is of others."""


def _own(reach: Reach, package: PackageStored) -> Reach:
    """Return what goes of a package's repository: codes of others mean other units."""
    return replace(reach, units=tuple(one for one in reach.units if one.repository == package.repository))


def _apart(record: Record, package: PackageStored, reach: Reach) -> Apart:
    of_kind = _of_submission if package.kind is PackageKind.SUBMISSION else _of_volume
    return of_kind(record, _own(reach, package))


def _of_submission(record: Record, reach: Reach) -> Apart:
    """Return that tables go, whole, for nobody can take a row out of them; what else came with the batch stays."""

    def goes(file: FileObject) -> bool:
        return is_table(file.path)

    staying = sorted(file.original_name for file in _files(record) if not goes(file))
    going = sorted(file.original_name for file in _files(record) if goes(file))
    removed = message(
        "表格已整个移除，其中的别的行也随之移除（其著录保留）：{names}",
        "tables were removed whole, and the rows of others in them, too (what is said of those stays): {names}",
        names=listed(going),
    )
    return goes, tuple(_told_of(staying, going, reach)), ((removed,) if going else ())


def _told_of(staying: Sequence[str], going: Sequence[str], reach: Reach) -> Iterator[Message]:
    if staying:
        yield message(
            "随批次接收的其他文件未逐个查看：{names}",
            "other files that came with a batch were not looked into: {names}",
            names=listed(staying),
        )
    wording = Wording(reach.words, reach.codes)
    if telling := [name for name in going if wording.is_in(name)]:
        yield message(
            "表格的名称含要清除的文字，同来的其他著录仍写明来自该表：{names}",
            "the names of tables have words of what is purged, and what is said of others still names the table that it came "
            "from: {names}",
            names=listed(telling),
        )


def _of_volume(record: Record, reach: Reach) -> Apart:
    """Return that the pages go which belong to nobody but purged items, with all that was made of them."""
    volume = record.volume or VolumeStructure({})
    purged, others = _items(volume, reach)
    pages = {page for one in purged for page in one.pages} - {page for one in others for page in one.pages}
    shared = {page for one in purged for page in one.pages} - pages
    originals = _files(record, RepresentationName.ORIGINAL)
    starts = sorted(file.page for file in originals if file.page)
    ends = dict(zip(starts, (*starts[1:], max([*volume.labels, *starts, 0]) + 1), strict=True))
    whole = {
        file.path
        for file in originals
        if file.page and all(page in pages for page in range(file.page, ends[file.page]))
    }
    mixed = [
        file.original_name
        for file in originals
        if file.page and file.path not in whole and any(page in pages for page in range(file.page, ends[file.page]))
    ]

    def goes(file: FileObject) -> bool:
        if file.path in whole or any(source in whole for source in file.derived_from):
            return True
        return file.page in pages and bool(file.derived_from)

    return goes, tuple(_untold(volume, record.description, shared, mixed)), ()


def _untold(
    volume: VolumeStructure, said: Description, shared: Collection[int], mixed: Collection[str]
) -> Iterator[Message]:
    code = said.code.written
    named = [volume.labels.get(page, str(page)) for page in sorted(shared)]
    if named:
        yield message(
            "{code}：第 {pages} 页另有别的文件，未移除",
            "{code}: pages {pages} belong to other items, too, and stay",
            code=code,
            pages=listed(named),
        )
    if mixed:
        yield message(
            "{code}：{files} 还含有别的文件的页，未移除",
            "{code}: {files} has pages of other items, too, and stays",
            code=code,
            files=listed(sorted(mixed)),
        )
    lists = [text for text in volume.labels.values() if parse_label(text).kind is PageKind.CONTENTS]
    if lists:
        yield message(
            "{code}：卷内目录页（{pages}）可能有其名称，未移除",
            "{code}: the list of contents ({pages}) may name it, and stays",
            code=code,
            pages=listed(lists),
        )


def _items(volume: VolumeStructure, reach: Reach) -> tuple[list[VolumeItem], list[VolumeItem]]:
    """Return the items of a volume that are purged, and the others."""
    purged = purged_items(volume.items, reach.units)
    return purged, [one for one in volume.items if one not in purged]


def _without(record: Record, goes: Goes, without: Without, archive: Archive) -> Record:
    """Return what is said of a package without what goes."""
    gone = {file.path for file in _files(record) if goes(file)}
    representations = tuple(
        Representation(one.name, files)
        for one in record.representations
        if (files := tuple(file for file in one.files if file.path not in gone))
    )
    reach, now = without.reach, archive.world.now()
    said = words_of(one.description for one in _items(record.volume, reach)[0]) if record.volume else ()
    wording = Wording((*reach.words, *said, *(path.name for path in gone)), reach.codes)
    purge = Event("deletion", now, "purge", EventOutcome.SUCCESS, archive.operator)
    described = record.description
    if without.old.kind is PackageKind.SUBMISSION:  # the title has the name of the folder that the batch came in
        described = replace(described, title=f"Submission {without.old.batch_id}")
    return replace(
        record,
        description=described,
        package_id=without.package_id,
        representations=representations,
        events=(*_events(record.events, gone, wording), purge),
        findings=tuple(one for one in record.findings if record.volume and not wording.is_in(one)),
        modified_at=now,
        empty_folders=tuple(one for one in record.empty_folders if not wording.is_in(one)),
        volume=_structure(record.volume, reach, kept=_pages_kept(record, gone)) if record.volume else None,
    )


def _structure(volume: VolumeStructure, reach: Reach, *, kept: Collection[int]) -> VolumeStructure:
    """Return what is said of a volume's pages and items without those that go; running numbers stay what they were."""
    labels = {page: text for page, text in volume.labels.items() if page in kept}
    return VolumeStructure(labels, tuple(_items(volume, reach)[1]))


def _pages_kept(record: Record, gone: Collection[PurePosixPath]) -> frozenset[int]:
    every = sorted(file.page for file in _files(record, RepresentationName.ORIGINAL) if file.page)
    going = {file.page for file in _files(record, RepresentationName.ORIGINAL) if file.page and file.path in gone}
    labels = record.volume.labels if record.volume else {}
    return frozenset(page for page in labels if max((one for one in every if one <= page), default=0) not in going)


def _events(events: Sequence[Event], gone: Collection[PurePosixPath], wording: Wording) -> Iterator[Event]:
    """Yield what was done to what stays, without a word of what goes."""
    for one in events:
        objects = tuple(path for path in one.objects if path not in gone)
        if one.objects and not objects:
            continue
        detail, note = ("" if wording.is_in(text) else text for text in (one.detail, one.outcome_note))
        yield replace(one, objects=objects, detail=detail, outcome_note=note)


def _files(record: Record, name: RepresentationName | None = None) -> list[FileObject]:
    chosen = (one for one in record.representations if name in (None, one.name))
    return [file for one in chosen for file in one.files]
