"""Findings settled by a batch that came again: a cause looked for again and gone, a mistyped code corrected."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath

from archives.findings import Finding, Severity
from archives.message import message
from archives.record.identifiers import archival_code_key
from archives.record.record import PackageKind
from preservation.actions.overview.batches import WITHOUT_ROW
from preservation.actions.overview.intakes import Intakes
from preservation.actions.settling.described import settle_known_fonds
from preservation.actions.settling.reasons import (
    AGAIN_AGREEING,
    AGAIN_CODE_CORRECTED,
    AGAIN_GONE,
    AGAIN_IN_RECORD,
    settle_where,
)
from preservation.archive import Archive
from preservation.catalogue.findings import KeptFinding, Wanted
from preservation.catalogue.sums.batches import packages_of, rejected_codes

_OF_NOTHING = sha256().hexdigest()
"""The digest of every empty file, which tells none of them apart."""


_AS_DIGITS = str.maketrans("OIL", "011")
"""Letters that people type for digits."""


@dataclass(frozen=True, slots=True)
class RowIn:
    """A row whose record is in now: its code, its sheet and its number there, and the names of its files."""

    code: str
    place: tuple[str, int]
    files: Collection[str]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A batch that was taken in wholly: from which folder, its rows by the packages in which they are, and the codes of those refused."""

    batch_id: str
    repository: str
    folder: Path
    records: Mapping[str, RowIn]
    refused: Collection[str] = ()

    @property
    def codes(self) -> frozenset[str]:
        """The keys of the codes of the rows that are in now."""
        return frozenset(archival_code_key(one.code) for one in self.records.values())


def settle_seen_again(archive: Archive, seen: TakenIn, *, settled_by: str) -> int:
    """Settle the findings that a batch was looked through for again, and of which it has the cause no more.

    Those are files without a row whose bytes lie in a record of it; fonds that are described; and what was wrong with the
    sheet, or with a file, of an earlier batch whose every row is in now with this one, whatever its folder is called, that is
    so no more in this one; and what was wrong with rows that are in now, also under a corrected code. What did not come again
    is settled by nobody but a person.
    """
    batch = message("（批次 {id}）", " (batch {id})", id=seen.batch_id)
    in_record = message(*AGAIN_IN_RECORD, batch=batch)
    gone = message(*AGAIN_GONE, batch=batch)
    return (
        settle_known_fonds(archive, settled_by=settled_by)
        + settle_where(archive, Wanted(kind=WITHOUT_ROW), _lies_in_record(archive, seen), in_record, settled_by)
        + sum(settle_where(archive, one, is_gone, gone, settled_by) for one, is_gone in _earlier(archive, seen))
        + _settle_agreeing(archive, seen, settled_by)
        + _settle_corrected(archive, seen, settled_by)
    )


def _settle_agreeing(archive: Archive, seen: TakenIn, settled_by: str) -> int:
    """Settle what was found wrong, in any batch, with rows that are in as this batch says."""
    codes, said = seen.codes, message(*AGAIN_AGREEING, id=seen.batch_id)

    def agrees(kept: KeptFinding) -> bool:
        return archival_code_key(kept.finding.about) in codes

    batches = archive.refresh().findings.batches_open(seen.repository)
    return sum(settle_where(archive, Wanted(batch_id=one), agrees, said, settled_by) for one in batches)


def _settle_corrected(archive: Archive, seen: TakenIn, settled_by: str) -> int:
    """Settle what was found wrong with rows of earlier batches that have another code by now."""
    settled = 0
    for batch_id in archive.refresh().findings.batches_open(seen.repository):
        for about, row in _corrected(archive, batch_id, seen).items():
            said = message(*AGAIN_CODE_CORRECTED, code=row.code, id=seen.batch_id)
            wanted = Wanted(batch_id=batch_id, about=about)
            settled += settle_where(archive, wanted, lambda _: True, said, settled_by)
    return settled


def _corrected(archive: Archive, batch_id: str, seen: TakenIn) -> dict[str, RowIn]:
    """Return the refused codes of an earlier batch that were mistyped, each with the row that has another by now.

    Told is it by a file that was without a row, and lies now in the record of a code that reads alike, or of the same row
    of the sheet; of what was no code at all by that row alone. A row says so only where every record of its sheet came
    again: a folder may hold another batch by now.
    """
    known = archive.refresh().findings
    found = known.of(Wanted(batch_id=batch_id))
    refused = [one.finding for one in found if one.finding.about and one.finding.severity is Severity.ERROR]
    still = {*seen.codes, *map(archival_code_key, seen.refused)}
    gone = [one for one in refused if archival_code_key(one.about) not in still]
    if not gone or batch_id == seen.batch_id:
        return {}
    brought = packages_of(archive.catalogue.fold.engine, batch_id).keys()
    new = {package_id: row for package_id, row in seen.records.items() if package_id not in brought}
    strays = {
        known_as
        for one in found
        if one.finding.code == WITHOUT_ROW
        for known_as in _files(archive, one.package_id, one.finding.file)
    }
    with_stray = [row for package_id, row in new.items() if strays & {*_files(archive, package_id)}] if strays else []
    by_place = (
        {row.place: row for row in new.values() if row.place[1]}
        if _is_same_sheet(archive, batch_id, brought, seen)
        else {}
    )
    unreadable = {one.about for one in gone if one.code == "code-unreadable" and brought}
    corrected: dict[str, RowIn] = {}
    for one in gone:
        alike = [row for row in with_stray if _as_read(row.code) == _as_read(one.about)]
        row = by_place.get((one.file or "", one.row or 0))
        if len(alike) == 1:
            corrected[one.about] = alike[0]
        elif row is not None and (row in with_stray or one.about in unreadable):
            corrected[one.about] = row
    return corrected


def _is_same_sheet(archive: Archive, batch_id: str, brought: Collection[str], seen: TakenIn) -> bool:
    """Say whether every record of an earlier batch is in with this one; where it brought none, whether its folder is the same."""
    if brought:
        return seen.records.keys() >= {*brought}
    intake = Intakes(archive.work).newest().get(batch_id)
    return intake is not None and intake.asked.folder == seen.folder


def _as_read(code: str) -> str:
    """Return a code as a hurried eye reads it: letters as the digits that they look like, numbers without leading zeros."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", archival_code_key(code).translate(_AS_DIGITS))


def _files(archive: Archive, package_id: str, name: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield what tells the files of a package, or one of them, from all others: their bytes; of empty ones their names, too."""
    for one, digest in archive.catalogue.findings.digests(package_id).items():
        if name in (None, one):
            yield digest, PurePosixPath(one).name if digest == _OF_NOTHING else ""


def _lies_in_record(archive: Archive, seen: TakenIn) -> Callable[[KeptFinding], bool]:
    """Return what says of a file without a row that a record has it by now: the same bytes, if any, else under the same name."""
    archive.refresh()

    @cache
    def in_records() -> frozenset[tuple[str, str]]:
        return frozenset(one for package_id in seen.records for one in _files(archive, package_id))

    def lies_in_one(kept: KeptFinding) -> bool:
        if kept.repository != seen.repository or not kept.finding.file:
            return False
        return not in_records().isdisjoint(_files(archive, kept.package_id, kept.finding.file))

    return lies_in_one


def _earlier(archive: Archive, seen: TakenIn) -> Iterator[tuple[Wanted, Callable[[KeptFinding], bool]]]:
    """Yield the findings of each earlier batch that came in again, with what says that one of them is so no more."""
    catalogue = archive.refresh()
    kept_now = catalogue.anchors(batch_id=seen.batch_id, kind=PackageKind.SUBMISSION)
    files = {name for package_id in kept_now for name in catalogue.findings.digests(package_id)}
    in_records = {name for row in seen.records.values() for name in row.files}
    of_now = [one.finding for one in catalogue.findings.of(Wanted(batch_id=seen.batch_id))]
    about_sheets = {_as_of_sheet(one) for one in of_now if is_about_sheet(one)}
    now = {(one.code, one.file) for one in of_now}

    def is_gone(kept: KeptFinding) -> bool:
        found = kept.finding
        if kept.title or found.about or found.code == WITHOUT_ROW:
            return False
        if is_about_sheet(found):
            return bool(kept_now) and _as_of_sheet(found) not in about_sheets
        came = found.file in files or PurePosixPath(found.file or "").name in in_records
        return came and (found.code, found.file) not in now

    for batch_id in catalogue.findings.batches_open(seen.repository):
        if batch_id != seen.batch_id and _came_again(archive, batch_id, seen):
            yield Wanted(batch_id=batch_id), is_gone


def _came_again(archive: Archive, batch_id: str, seen: TakenIn) -> bool:
    """Say whether every row of an earlier batch is in with this one, those that were refused then by their codes.

    Of a batch of no row at all nothing but its folder says that it is the same.
    """
    engine = archive.catalogue.fold.engine
    brought = packages_of(engine, batch_id).keys()
    refused = {archival_code_key(one) for one in rejected_codes(engine, batch_id)}
    if brought or refused:
        corrected = map(archival_code_key, _corrected(archive, batch_id, seen))
        return brought <= seen.records.keys() and refused <= {*seen.codes, *corrected}
    return _is_same_sheet(archive, batch_id, brought, seen)


def is_about_sheet(found: Finding) -> bool:
    """Say whether a finding about a batch is about its sheet, rather than about a file that came with it."""
    return found.row is not None or found.code.startswith(("column", "worksheet-", "sheet-"))


def _as_of_sheet(found: Finding) -> tuple[str, object]:
    """Return what makes a finding about a sheet the same in another, whatever that is called: its kind, and what it names."""
    values = dict(found.message.values)
    return found.code, values.get("heading") or values.get("sheet") or ""
