"""Findings settled by what is done about them: a doubtful element corrected, units taken back, a cause looked for again and gone."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath

from archives.findings import Finding
from archives.journal.facts import FindingsSettled
from archives.message import Message, message
from archives.record.elements.table import ELEMENTS
from archives.record.identifiers import archival_code_key
from archives.record.record import PackageKind
from archives.units.state import State
from archives.units.unit import Unit
from preservation.actions.overview.batches import WITHOUT_ROW
from preservation.actions.overview.intakes import Intakes
from preservation.actions.units.history import rows_at
from preservation.archive import Archive
from preservation.catalogue.findings import KeptFinding
from preservation.catalogue.findings import Wanted as WantedFindings
from preservation.catalogue.levels.wanted import Wanted
from preservation.catalogue.sums.batches import DIFFERENCES, packages_of, rejected_codes

FONDS_UNKNOWN = "fonds-unknown"
"""The finding about a code whose fonds nobody described."""
_OF_NOTHING = sha256().hexdigest()
"""The digest of every empty file, which tells none of them apart."""
_ELEMENTS = {element.key: element for element in ELEMENTS}


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A batch that was taken in wholly: from which folder, and of every record that is in now the names of its files.

    ``codes`` are those of the rows that are in now.
    """

    batch_id: str
    repository: str
    folder: Path
    records: Mapping[str, Collection[str]]
    codes: Collection[str] = ()


_AGAIN_IN_RECORD = ("再次接收时文件已有对应的行{batch}", "taken in again: a row names the file{batch}")
_AGAIN_GONE = ("再次接收时已无此问题{batch}", "taken in again: it is so no more{batch}")
_TAKEN_BACK = ("所涉著录已撤销：{reason}", "what it is about was taken back: {reason}")
_KNOWN_FONDS = ("再看时全宗已登记", "looked at again: the fonds is described")
_CORRECTED = ("已更正：{reason}", "corrected: {reason}")
_OWN_REASONS = (_AGAIN_IN_RECORD, _AGAIN_GONE, _TAKEN_BACK, _KNOWN_FONDS, _CORRECTED)
"""What is written as the reason where no person wrote one: in Chinese, a blank, and the same in English."""


def told_reason(reason: str) -> Message:
    """Return why a finding was settled in the reader's language alone, where we wrote it; what a person wrote stays as it is."""
    for zh, en in _OWN_REASONS:
        parts = ("(?:.*)".join(map(re.escape, re.split(r"\{\w+\}", one))) for one in (zh, en))
        if found := re.fullmatch("({}) ({})".format(*parts), reason, re.DOTALL):
            return message("{zh}", "{en}", zh=found[1], en=found[2])
    return message("{why}", "{why}", why=reason)


def settle_corrected(archive: Archive, changed: Sequence[Unit], *, reason: str, settled_by: str) -> int:
    """Settle the findings of imports of which every unit says something else of the doubtful element by now.

    ``changed`` are units that were just described anew; returns how many findings are settled.
    """
    ids = {one.unit_id for one in changed}

    def is_corrected(found: Finding) -> bool:
        return bool(found.element and ids & {*found.units}) and _say_otherwise(archive, found)

    batches = sorted({one.import_id for one in changed if one.import_id})
    said = message(*_CORRECTED, reason=reason)
    wanted = [WantedFindings(batch_id=one) for one in batches]
    return sum(_settle(archive, one, lambda kept: is_corrected(kept.finding), said, settled_by) for one in wanted)


def settle_taken_back(archive: Archive, import_id: str, *, reason: str, settled_by: str) -> int:
    """Settle the findings about units that were taken back; of those that name no units when nothing of the import is left."""
    units = archive.refresh().units
    is_gone = not units.number(Wanted(import_id=import_id))

    def is_about_nothing(found: Finding) -> bool:
        states = [one.unit.state for one in units.get(found.units).values()]
        return is_gone or (bool(states) and all(state is State.TAKEN_BACK for state in states))

    said = message(*_TAKEN_BACK, reason=reason)
    wanted = WantedFindings(batch_id=import_id)
    return _settle(archive, wanted, lambda kept: is_about_nothing(kept.finding), said, settled_by)


def settle_known_fonds(archive: Archive, *, settled_by: str) -> int:
    """Settle the findings about fonds that nobody had described, and somebody has by now."""
    known = {(one.repository.value, one.number) for one in archive.refresh().fonds()}

    def is_known(kept: KeptFinding) -> bool:
        numbers = _fonds_of(archive, kept)
        return bool(numbers) and all((kept.repository, one) in known for one in numbers)

    said = message(*_KNOWN_FONDS)
    return _settle(archive, WantedFindings(kind=FONDS_UNKNOWN), is_known, said, settled_by)


def settle_seen_again(archive: Archive, seen: TakenIn, *, settled_by: str) -> int:
    """Settle the findings that a batch was looked through for again, and of which it has the cause no more.

    Those are files without a row whose bytes lie in a record of it; fonds that are described; and what was wrong with the
    sheet, or with a file, of an earlier batch whose every row is in now with this one, whatever its folder is called, that is
    so no more in this one. What did not come again is settled by nobody but a person.
    """
    batch = message("（批次 {id}）", " (batch {id})", id=seen.batch_id)
    in_record = message(*_AGAIN_IN_RECORD, batch=batch)
    gone = message(*_AGAIN_GONE, batch=batch)
    return (
        settle_known_fonds(archive, settled_by=settled_by)
        + _settle(archive, WantedFindings(kind=WITHOUT_ROW), _lies_in_record(archive, seen), in_record, settled_by)
        + sum(_settle(archive, one, is_gone, gone, settled_by) for one, is_gone in _earlier(archive, seen))
        + _settle_agreeing(archive, seen, settled_by)
    )


def _settle_agreeing(archive: Archive, seen: TakenIn, settled_by: str) -> int:
    """Settle what was found to differ, in any batch, of rows that are in as this batch says."""
    codes = {archival_code_key(one) for one in seen.codes}

    def agrees(kept: KeptFinding) -> bool:
        return kept.repository == seen.repository and archival_code_key(kept.finding.about) in codes

    zh, en = "再次接收后与所收一致（批次 {id}）", "it is as the batch {id} has it"
    said = message(zh, en, id=seen.batch_id)
    return sum(_settle(archive, WantedFindings(kind=one), agrees, said, settled_by) for one in DIFFERENCES)


def _lies_in_record(archive: Archive, seen: TakenIn) -> Callable[[KeptFinding], bool]:
    """Return what says of a file without a row that a record has it by now: the same bytes, if any, else under the same name."""
    findings = archive.refresh().findings

    @cache
    def in_records() -> frozenset[tuple[str, str]]:
        every = (pair for package_id in seen.records for pair in findings.digests(package_id).items())
        return frozenset((digest, PurePosixPath(name).name if digest == _OF_NOTHING else "") for name, digest in every)

    def lies_in_one(kept: KeptFinding) -> bool:
        if kept.repository != seen.repository or not kept.finding.file:
            return False
        ours = findings.digests(kept.package_id).get(kept.finding.file)
        name = PurePosixPath(kept.finding.file).name if ours == _OF_NOTHING else ""
        return ours is not None and (ours, name) in in_records()

    return lies_in_one


def _earlier(archive: Archive, seen: TakenIn) -> Iterator[tuple[WantedFindings, Callable[[KeptFinding], bool]]]:
    """Yield the findings of each earlier batch that came in again, with what says that one of them is so no more."""
    catalogue = archive.refresh()
    kept_now = catalogue.anchors(batch_id=seen.batch_id, kind=PackageKind.SUBMISSION)
    files = {name for package_id in kept_now for name in catalogue.findings.digests(package_id)}
    in_records = {name for names in seen.records.values() for name in names}
    of_now = [one.finding for one in catalogue.findings.of(WantedFindings(batch_id=seen.batch_id))]
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
            yield WantedFindings(batch_id=batch_id), is_gone


def _came_again(archive: Archive, batch_id: str, seen: TakenIn) -> bool:
    """Say whether every row of an earlier batch is in with this one, those that were refused then by their codes.

    Of a batch of no row at all nothing but its folder says that it is the same.
    """
    engine = archive.catalogue.fold.engine
    brought = packages_of(engine, batch_id).keys()
    refused = {archival_code_key(one) for one in rejected_codes(engine, batch_id)}
    if not brought and not refused:
        intake = Intakes(archive.work).newest().get(batch_id)
        return intake is not None and intake.asked.folder == seen.folder
    return brought <= seen.records.keys() and refused <= {archival_code_key(one) for one in seen.codes}


def is_about_sheet(found: Finding) -> bool:
    """Say whether a finding about a batch is about its sheet, rather than about a file that came with it."""
    return found.row is not None or found.code.startswith(("column", "worksheet-", "sheet-"))


def _as_of_sheet(found: Finding) -> tuple[str, object]:
    """Return what makes a finding about a sheet the same in another, whatever that is called: its kind, and what it names."""
    values = dict(found.message.values)
    return found.code, values.get("heading") or values.get("sheet") or ""


def _fonds_of(archive: Archive, kept: KeptFinding) -> set[str]:
    """Return the numbers of the fonds that a finding is about: its units', else the one that it names, else all of its import."""
    units = archive.catalogue.units
    if kept.finding.units:
        return {one.unit.description.code.fonds for one in units.get(kept.finding.units).values()}
    named = {str(value) for name, value in kept.finding.message.values if name == "number"}
    return named or units.packages.fonds_of(kept.batch_id)


def _settle(
    archive: Archive,
    wanted: WantedFindings,
    is_settled: Callable[[KeptFinding], bool],
    reason: Message,
    settled_by: str,
) -> int:
    every = archive.refresh().findings.of(wanted)
    done = [one for one in every if one.settlement is None and is_settled(one)]
    by_package: dict[str, list[str]] = {}
    for one in done:
        by_package.setdefault(one.package_id, []).append(one.identifier)
    said = f"{reason.text('zh')} {reason.text('en')}"
    facts = [FindingsSettled(package_id, tuple(ids), said, settled_by) for package_id, ids in by_package.items()]
    if facts:
        archive.vault.ledger.append(facts)
        archive.refresh()
    return len(done)


def _say_otherwise(archive: Archive, found: Finding) -> bool:
    """Say whether all units of a finding say something else of its element than when they came in."""
    element = _ELEMENTS.get(found.element)
    now = {unit_id: one.unit for unit_id, one in archive.catalogue.units.get(found.units).items()}
    if element is None or now.keys() != {*found.units}:
        return False
    first = rows_at(archive, dict(_first(archive, now)))
    return all(element.of(first[one].description) != element.of(now[one].description) for one in now if one in first)


def _first(archive: Archive, units: Mapping[str, Unit]) -> Iterator[tuple[str, int]]:
    """Yield the revision with which each unit came in."""
    for unit_id in units:
        (revision, _), *_ = archive.catalogue.units.packages.packages_of(unit_id)
        yield unit_id, revision
