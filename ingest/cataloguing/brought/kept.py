"""What the stores have of an import or a batch: its tables as they came, what became of their rows, its records and files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path, PurePosixPath

from archives.findings import Finding
from archives.journal.facts import PackageStored
from archives.record.description import Description
from archives.record.record import FileObject, PackageKind, Record, RepresentationName
from archives.units.unit import read_unit_row
from formats.spreadsheet.dbase_memos import MEMOS
from ingest.batch.listing import is_passed_over
from ingest.batch.settings import SETTINGS
from ingest.batch.which_sheet import SHEETS
from ingest.tables.file_counts import FileCounts, read_counts
from ingest.tables.row_list import ROWS_FILE
from preservation.actions.disposal.batches import ROWS_PREFIX, is_batch
from preservation.archive import Archive
from preservation.package.description_package import FINDINGS, UNITS, read_findings
from preservation.vault.content import read_package_record

_PROFILE = ".toml"


class _Came(Enum):
    """What a file is that an import or a batch came with, and that is no record's."""

    TABLE = auto()
    MEMOS = auto()
    PROFILE = auto()
    SETTINGS = auto()
    LOOSE = auto()
    PASSED_OVER = auto()


@dataclass(frozen=True, slots=True)
class Kept:
    """What the stores have of an import or a batch; the journal says which it is, whatever became of its rows.

    ``tables`` may be files of a batch that are none. ``row_list`` is the list of rows that was kept in place of tables.
    ``sources`` are the rows that its units came from, each with whether its unit was taken back; ``unknown`` is of how many
    of these units the catalogue knows nothing. ``submitted`` is how many files of no row were kept, tables too; ``counts``
    how many came, where that was kept.
    """

    is_batch: bool
    tables: tuple[Path, ...]
    row_list: Path | None
    profile: Path | None
    loose: tuple[str, ...]
    records: tuple[tuple[Description, tuple[FileObject, ...], tuple[str, ...]], ...]
    sources: Mapping[str, bool]
    unknown: int
    findings: tuple[Finding, ...]
    submitted: int = 0
    counts: FileCounts | None = None


def kept_of(archive: Archive, anchors: Sequence[PackageStored], folder: Path) -> Kept:
    """Read what was kept under these anchors, its tables written into a folder; raises ``IntegrityError`` where no store has it whole."""
    is_of_batch = is_batch(archive, anchors[0].batch_id)
    has_list = any(one.archival_code.startswith(ROWS_PREFIX) for one in anchors)
    tables: list[Path] = []
    row_list: Path | None = None
    profile: Path | None = None
    loose: list[str] = []
    submitted, counts = 0, None
    records: list[tuple[Description, tuple[FileObject, ...], tuple[str, ...]]] = []
    findings: list[Finding] = []
    origins: dict[str, str] = {}
    for anchor in anchors:
        inventory = archive.vault.inventory(anchor)
        if anchor.kind is PackageKind.DESCRIPTION:
            rows = map(read_unit_row, archive.vault.read(inventory, UNITS).splitlines(keepends=True))
            origins |= {one.unit_id: one.source for one in rows if one.source and one.import_id == anchor.batch_id}
            if FINDINGS in inventory.logical_files():
                findings += read_findings(archive.vault.read(inventory, FINDINGS))
            continue
        record = read_package_record(archive.vault, inventory)
        originals = [f for one in record.representations if one.name is RepresentationName.ORIGINAL for f in one.files]
        if anchor.kind is PackageKind.RECORD:
            records.append(_record(archive, anchor, record, tuple(originals)))
            continue
        findings += record.findings
        if anchor.archival_code.startswith(ROWS_PREFIX):
            (file,) = originals
            row_list = folder / ROWS_FILE
            row_list.write_bytes(archive.vault.read(inventory, file.path))
            continue
        submitted, counts = submitted + len(originals), counts or read_counts(record.description.other)
        for file in originals:
            name = PurePosixPath(file.original_name)
            what = _of_batch(name, has_list=has_list) if is_of_batch else _of_import(name)
            if what in (_Came.SETTINGS, _Came.PASSED_OVER):
                continue
            if what is _Came.LOOSE:
                loose.append(file.original_name)
                continue
            place = folder / name.name
            place.write_bytes(archive.vault.read(inventory, file.path))
            tables += [place] if what is _Came.TABLE else []
            profile = place if what is _Came.PROFILE else profile
    gone = archive.catalogue.units.packages.taken_back(anchors[0].repository)
    there = archive.catalogue.units.there(origins)
    sources = {source: unit_id in gone for unit_id, source in origins.items() if unit_id in there}
    return Kept(
        is_of_batch,
        tuple(tables),
        row_list,
        profile,
        tuple(loose),
        tuple(records),
        sources,
        len(origins) - len(there),
        tuple(findings),
        submitted,
        counts,
    )


def _of_import(name: PurePosixPath) -> _Came:
    """Return what a file of an import is: a table, whatever it is called, but for what came with one."""
    ending = name.suffix.lower()
    return _Came.PROFILE if ending == _PROFILE else _Came.MEMOS if ending in MEMOS else _Came.TABLE


def _of_batch(name: PurePosixPath, *, has_list: bool) -> _Came:
    """Return what a file of a batch is: no table where a list of rows is kept in place of its sheets (``has_list``).

    What intake passes over as hidden or left behind by a system is nobody's file, and so no orphan.
    """
    if is_passed_over(str(name)):
        return _Came.PASSED_OVER
    if str(name) == SETTINGS:
        return _Came.SETTINGS
    return _Came.TABLE if len(name.parts) == 1 and name.suffix.lower() in SHEETS and not has_list else _Came.LOOSE


def _record(
    archive: Archive, anchor: PackageStored, record: Record, originals: tuple[FileObject, ...]
) -> tuple[Description, tuple[FileObject, ...], tuple[str, ...]]:
    """Return what is said of a record now, its files, and the codes that it and its items came with."""
    (unit_id,) = archive.catalogue.units.packages.whose([anchor.package_id]).values()
    said = archive.catalogue.units.get([unit_id]).get(unit_id)
    items = tuple(one.description.code.key for one in record.volume.items) if record.volume else ()
    return said.unit.description if said else record.description, originals, (record.description.code.key, *items)
