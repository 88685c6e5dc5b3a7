"""A folder with a catalogue sheet, as batches are handed over: its sheet against its files, three ways, before one byte is copied.

The folder is listed, never changed, and no file but the sheet and ``batch.toml`` is opened. Everything that does not
fit is a finding with file, row and cell; only a state secret that was not declassified stops the whole batch.
"""

import hashlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from archives.findings import Finding, warning
from archives.message import message
from archives.record.description import Description, Repository
from archives.record.identifiers import ArchivalCode, RecordKey
from archives.text.language import language_to_read_in
from formats.kinds.registry import PAGE_ENDINGS, PICTURE_ENDINGS
from ingest.batch.listing import Listing, PlannedFile, is_litter, is_passed_over, list_batch
from ingest.batch.matching import Claim, Matcher
from ingest.batch.plan import BatchKind, BatchPlan, PlannedRecord, RejectedRow
from ingest.batch.reopened import Listed, open_listed
from ingest.batch.secrets import refuse_secrets_of, with_merged
from ingest.batch.settings import SETTINGS, BatchSettings, repository_of, settings_of
from ingest.batch.which_sheet import TABLES, ChosenSheet, sheet_of_batch
from ingest.readers.beside import garbled_names, passed_over, without_row
from ingest.readers.items import with_items
from ingest.readers.letters import alike_fonds, joined_to_rows, lettered, with_letters
from ingest.readers.reader import Known
from ingest.readers.row_files import about_files, is_kept
from ingest.readers.unknown_secrecy import about_sheets, may_be_told, row_list, without_texts
from ingest.sheets.catalogue import CATALOGUE_HEADINGS, REQUIRED, CatalogueRow, read_catalogue
from ingest.sheets.languages import Languages, LanguageSource, about_languages
from ingest.sheets.remarks import require_kind
from ingest.sheets.table import Sheet, SheetCell, sheet_of
from ingest.tables.file_counts import place_without_row
from ingest.volumes.components import rows_of_records
from ingest.volumes.sheets import VolumeSheets, read_volumes


class CataloguedFolder:
    """A folder with one catalogue sheet, files, and perhaps a ``batch.toml``."""

    def recognises(self, delivery: Path) -> bool:
        """Say whether a table lies in it."""
        return any(one.suffix.lower() in TABLES and one.is_file() for one in delivery.iterdir())

    def read(self, delivery: Path, known: Known) -> BatchPlan:
        """Read a batch folder and plan its ingest; raises ``NotFoundError`` when it is not plain which its sheet is."""
        listing = list_batch(delivery)
        listed = {file.relative: file for file in listing.files}
        chosen = sheet_of_batch(delivery, listed, known.sheet)
        settings = settings_of(listed.get(SETTINGS))
        home = repository_of(known.repository or settings.repository, known.repositories)
        read = _sheets(chosen, settings, known, home)
        own = {SETTINGS} if chosen.is_outside else {chosen.file.relative, SETTINGS}
        own |= {chosen.items.relative} if chosen.items else set()
        brought = (*listing.files, chosen.file) if chosen.is_outside else listing.files
        payload = [file for file in listing.files if file.relative not in own]
        matched, claim_findings = _matched(read, payload, listing, settings)
        names = _names(delivery, listing, matched, brought)
        judged, about_judged = refuse_secrets_of([*read.alone()], names, known.not_secret)
        records, rejected = with_items(*_sorted_out(matched[0], known, home), read)  # the first has the volumes
        for apart in matched[1:]:
            more, out = _sorted_out(apart, known, home)
            records, rejected = [*records, *(replace(one, sheet=apart.sheet) for one in more)], [*rejected, *out]
        records = [replace(one, base=read.bases.get(one.description.code.key)) for one in records]
        claims = [claim for one in matched for claim in one.claims.values()]
        claimed = {file.relative: file for claim in claims for file in claim.files}
        loose = [file for file in payload if file.relative not in claimed]
        letters = lettered(matched[0].rows, loose, {number for code, number in known.fonds if code == home.code.value})
        records, rejected = with_letters(records, rejected, letters, read.sheet.name)
        rows = row_list(read)
        not_kept = (own | {chosen.file.relative}) - {SETTINGS} if rows else set()
        known_empty = {str(PurePosixPath(claim.root, one)) for claim in claims for one in claim.empty_folders}
        return BatchPlan(
            batch_id=_batch_id(home, [file for file in brought if not is_litter(file.relative)], own, chosen),
            folder=delivery,
            repository=home,
            kind=settings.kind,
            sheet_name=read.sheet.name,
            records=tuple(records),
            rejected=tuple(rejected),
            submission=tuple(
                replace(file, place=PurePosixPath(file.relative))
                for file in brought
                if (file.relative not in claimed or file is chosen.file) and file.relative not in not_kept
            ),
            findings=(
                *chosen.findings,
                *read.findings,
                *about_judged,
                *([about_sheets(read.sheet.name)] if rows else []),
                *(found for one in matched for found in about_languages(_languages(one.rows), one.sheet)),
                *listing.findings,
                *garbled_names(listing.files),
                *claim_findings,
                *joined_to_rows(map(without_row, (one for one in loose if not is_passed_over(one.relative))), letters),
                *(passed_over(file, claimed) for file in payload if is_passed_over(file.relative)),
            ),
            empty_folders=tuple(folder for folder in listing.empty_folders if folder not in known_empty),
            not_secret=judged,
            row_list=rows,
            files_by_row=tuple(_files_by_row(matched, read)),
        )


@dataclass(frozen=True, slots=True)
class _Matched:
    """The rows of a sheet that are records, and by their numbers what belongs to each."""

    sheet: str
    rows: tuple[CatalogueRow, ...]
    claims: Mapping[int, Claim]


def _matched(
    read: VolumeSheets, payload: Sequence[PlannedFile], listing: Listing, settings: BatchSettings
) -> tuple[list[_Matched], list[Finding]]:
    """Return what belongs to the records of each sheet; what a volume has claimed is no item's of another sheet."""
    matched: list[_Matched] = []
    findings: list[Finding] = []
    empty: list[str] = [*listing.empty_folders]
    for at, sheet in enumerate(read.joined.sheets):
        taken = {file.relative for one in matched for claim in one.claims.values() for file in claim.files}
        rows = read.with_files_of_items(read.records(0)) if at == 0 else read.records(at)
        matcher = Matcher(
            rows,
            [file for file in payload if file.relative not in taken],
            empty,
            sheet_name=sheet.name,
            is_page=_order_matters(settings.kind),
            volumes=read.names(settings.page_labels) if at == 0 else {},
        )
        if rows or at == 0:
            claims, found = matcher.match()
            matched.append(_Matched(sheet.name, rows, claims))
            findings += found
            owned = {str(PurePosixPath(one.root, name)) for one in claims.values() for name in one.empty_folders}
            empty = [one for one in empty if one not in owned]
    return matched, findings


def _files_by_row(matched: Sequence[_Matched], read: VolumeSheets) -> Iterator[tuple[str, int]]:
    """Yield how many files each row has, whether or not it goes in; of a volume without a row by its code, if that may be told."""
    for one in matched:
        codes = {row.number: row.code_text for row in one.rows}
        for number, claim in one.claims.items():
            if not claim.files:
                continue
            place = f"{one.sheet} {number}"
            if one.sheet == read.sheet.name and number in read.joined.implied:
                place = place_without_row(codes[number] if may_be_told(number, read) else "")
            yield place, len(claim.files)


def _sheets(chosen: ChosenSheet, settings: BatchSettings, known: Known, home: Repository) -> VolumeSheets:
    """Return the sheets of a batch, read: the chosen one, and the list of items that belongs to it."""

    def opened_sheet(file: PlannedFile, worksheet: str | None) -> Sheet:
        with open_listed(file) as opened:
            read = sheet_of(opened, CATALOGUE_HEADINGS, required=REQUIRED, reader=known.sheets, worksheet=worksheet)
        require_kind(read.name, read.headings.values(), CATALOGUE_HEADINGS)
        return prepared(read)

    def prepared(read: Sheet) -> Sheet:
        return rows_of_records(_with_defaults(read, settings.defaults))

    bases: dict[str, Description] = {}

    def held(code: ArchivalCode) -> Description | None:
        found = _stored(code, known, home) or known.described(RecordKey(home.code.value, code.key))
        if found:
            bases.setdefault(code.key, found)
        return bases.get(code.key)

    def rows_of(sheet: Sheet) -> tuple[CatalogueRow, ...]:
        spoken, judged = Languages(settings.language, known.language), with_merged(sheet, known.not_secret).keys()
        rows = read_catalogue(
            sheet, languages=spoken, today=known.today, held=held, not_secret=judged, codes=home.codes
        )
        return without_texts(sheet, known.with_content(known.with_plain_codes(rows, home, sheet.name), home))

    def key(row: CatalogueRow) -> RecordKey:
        return RecordKey(home.code.value, row.description.code.key if row.description else "")

    read = read_volumes(
        opened_sheet(chosen.file, chosen.worksheet),
        opened_sheet(chosen.items, None) if chosen.items else None,
        rows_of,
        held=lambda row: known.held(key(row)),
        below=lambda row: known.items_below(key(row)),
        stored=lambda code: _stored(code, known, home),
        prepared=prepared,
        is_asked_for=chosen.worksheet is not None,
    )
    return replace(read, bases=bases)


def _stored(code: ArchivalCode, known: Known, home: Repository) -> Description | None:
    """Return how the record of a code, or the item of a volume, is described that has content."""
    if found := known.held(RecordKey(home.code.value, code.key)):
        return found.description
    above = known.held(RecordKey(home.code.value, code.key.rpartition("-")[0]))
    return above.volume.described(code.key) if above and above.volume else None


def _sorted_out(matched: _Matched, known: Known, home: Repository) -> tuple[list[PlannedRecord], list[RejectedRow]]:
    """Return the rows that can go in with their files, and those that cannot, with why."""
    records, rejected, sheet_name = [], [], matched.sheet
    for row in matched.rows:
        claim = matched.claims.get(row.number, Claim())
        keeps_files = known.update and row.is_held and not claim.files and not row.files
        found = about_files(row, matched.rows, matched.claims) if not keeps_files else ()
        if found and row.is_held and not claim.files and not row.files:
            found = (is_kept(row).at(file=sheet_name, row=row.number, cell=row.code_cell),)
        findings = (*row.findings, *found, *_fonds_finding(row, home, known.fonds, sheet_name))
        if row.description is None or any(f.severity == "error" for f in findings):
            rejected.append(RejectedRow(row.number, row.code_text, findings))
        else:
            is_guessed = row.language_from in ("text", "interface")
            records.append(
                PlannedRecord(
                    row.number, row.description, claim.files, findings, claim.empty_folders, keeps_files, is_guessed
                )
            )
    return records, rejected


def _languages(rows: Sequence[CatalogueRow]) -> Iterator[tuple[str, LanguageSource, int]]:
    """Yield in which language each row's files are read, where that was taken from, and the number of the row."""
    for row in rows:
        if said := row.description:
            language = language_to_read_in(said.language, said.title, said.author)
            yield language, row.language_from if said.language else "text", row.number


def _names(
    delivery: Path,
    listing: Listing,
    matched: Sequence[_Matched],
    brought: Sequence[PlannedFile],
) -> dict[str, bool]:
    """Return the name of the batch and of everything in it, each with whether its record was declassified."""
    over = {
        file.relative: row.is_declassified
        for one in matched
        for row in one.rows
        for file in one.claims.get(row.number, Claim()).files
    }
    names = {f"{delivery.name}/": False}
    names |= dict.fromkeys((found.file for found in listing.findings if found.file), False)
    names |= dict.fromkeys((f"{folder}/" for folder in listing.empty_folders), False)
    return names | {file.relative: over.get(file.relative, False) for file in brought}


def _order_matters(kind: BatchKind) -> Callable[[PlannedFile], bool]:
    """Return what says of a file whether it is a page by itself, whose place among the others must not be in doubt."""
    endings = {BatchKind.MIXED: PICTURE_ENDINGS, BatchKind.SCANS: PAGE_ENDINGS, BatchKind.DOCUMENTS: frozenset[str]()}
    return lambda file: PurePosixPath(file.relative).suffix.lower() in endings[kind]


def _with_defaults(sheet: Sheet, defaults: Mapping[str, str]) -> Sheet:
    """Return the sheet with what ``batch.toml`` says put into empty cells."""
    given = {name: SheetCell(text, SETTINGS) for name, text in defaults.items()}
    return replace(sheet, rows=tuple(replace(row, cells={**given, **row.cells}) for row in sheet.rows))


def _fonds_finding(
    row: CatalogueRow, home: Repository, fonds: Collection[tuple[str, str]], sheet_name: str
) -> Iterator[Finding]:
    if row.description and (home.code.value, row.description.code.fonds) not in fonds:
        said = message(
            "全宗号 {number} 未登记，请用 jinkui fonds import 登记",
            "the fonds {number} is not described; describe it with jinkui fonds import",
            number=row.description.code.fonds,
        )
        number, registered = row.description.code.fonds, (one for code, one in fonds if code == home.code.value)
        found = warning("fonds-unknown", said, file=sheet_name, row=row.number, cell=row.code_cell)
        yield replace(found, advice=alike_fonds(number, registered))


def _batch_id(home: Repository, files: Sequence[PlannedFile], own: Collection[str], chosen: ChosenSheet) -> str:
    """Return an identifier of the batch's content as listed: the same folder, handed over again, has the same."""
    digest = hashlib.sha256(home.code.value.encode())
    for file in files:
        digest.update(os.fsencode(file.relative) + f"\0{file.size_bytes}\0".encode())
        if file.relative in own or file is chosen.file:
            digest.update(Listed(file).read_bytes())
    digest.update((chosen.worksheet or "").encode())
    return digest.hexdigest()[:24]
