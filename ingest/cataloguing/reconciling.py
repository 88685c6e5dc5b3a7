"""What came in, added up to the last row and the last file, from what was kept: tables, rows, packages.

Of an import or a batch every row of its tables is in, was taken back, was in already, or was refused, and every file that it
brought is hooked to something or an orphan. Nothing is taken from what was counted then: the tables are read again.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

from archives.errors import FormatError, NotFoundError
from archives.findings import Finding, Severity
from archives.message import Message, message
from archives.record.identifiers import archival_code_key, reference_code
from archives.record.record import PackageKind
from ingest.cataloguing.brought.beside import with_volumes_beside
from ingest.cataloguing.brought.destroyed import destroyed_tables
from ingest.cataloguing.brought.kept import Kept, kept_of
from ingest.cataloguing.brought.tables import Imported, read_tables
from ingest.cataloguing.rows import place_of
from ingest.cataloguing.sums import Files, Reconciled, RowOut, under
from ingest.profiles.markings import row_markings
from ingest.profiles.profile import Profile, load_profile
from ingest.sheets.catalogue import CATALOGUE_HEADINGS
from ingest.sheets.grid import GridReader
from ingest.sheets.table import Sheet, other_sheets, read_sheet
from ingest.tables.packed import TableReader
from ingest.tables.row_list import ListedRow, read_rows
from ingest.volumes.joining import are_volumes_and_items, joined_of_two
from ingest.volumes.sheets import read_together
from preservation.actions.disposal.gone import removal_of
from preservation.archive import Archive
from preservation.disposal.register import REGISTER_BATCH

_AT_ONCE = 1_000
_TAKEN_BACK = message(
    "目录中原有此档号的著录，后来撤销了；要导入，请再运行一次导入",
    "the catalogue had a unit of this code, which was taken back since; to bring this row in, import the table again",
)


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads tables, each in a child: those of imports, which may be long, and the sheets of batches."""

    table: TableReader
    sheet: GridReader


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table; ``refused`` is why an import leaves out what such a row says, where it does.

    ``under`` are fonds and 目录 where no code says them.
    """

    file: str
    place: str
    number: int
    code: str
    refused: Message | None = None
    under: tuple[str, str] | None = None


def numbers_of(archive: Archive) -> tuple[str, ...]:
    """Return what every import and every batch is known by, in the order in which they came; a register brought nothing."""
    numbers = (one.batch_id for one in archive.refresh().anchors(kind=PackageKind.SUBMISSION).values())
    kept = [number for number in numbers if not number.startswith(REGISTER_BATCH)]
    return tuple(dict.fromkeys((*kept, *destroyed_tables(archive))))


def reconcile(archive: Archive, number: str, folder: Path, readers: Readers) -> Reconciled:
    """Add up what an import or a batch came to; its tables are written into a folder and read again.

    Raises ``NotFoundError`` where nothing was kept of it, ``IntegrityError`` where no store has something whole.
    """
    anchors = [*archive.refresh().anchors(batch_id=number).values()]
    destroyed = destroyed_tables(archive).get(number)
    if not anchors and destroyed is None:
        raise NotFoundError(
            message("没有导入号或批次号 {id}", "there is no import or batch {id}", id=number),
            subject=number,
            advice=message(
                "批次见 jinkui batch list，导入见 jinkui catalogue list --submissions",
                "jinkui batch list has the batches, jinkui catalogue list --submissions the imports",
            ),
        )
    done = Reconciled(number)
    if removed := removal_of(archive, number):
        done.removed.append(removed)
        return done
    if destroyed is not None and not anchors:
        _without_tables(done, destroyed)
        return done
    kept = kept_of(archive, anchors, folder)
    if kept.unknown:
        said = message(
            "目录缺少 {n} 条，其著录在存储中：请运行 jinkui rebuild 后再核对",
            "the catalogue lacks {n} units that the stores describe: run jinkui rebuild, then this again",
            n=kept.unknown,
        )
        done.notes.append(said)
    repository = anchors[0].repository
    files = Files(kept)
    rows = _rows(kept, readers, done, archive.world.today(), destroyed)
    _add_rows(archive, repository, kept, rows, done, files)
    files.add_up(done)
    return done


def _without_tables(done: Reconciled, why: Message) -> None:
    """Note that no table can be read again: what cannot be added up does not add up."""
    done.notes.append(why)
    done.sums["", ""].without_tables += 1


def _rows(
    kept: Kept, readers: Readers, done: Reconciled, today: date, destroyed: Message | None = None
) -> Iterator[_Row]:
    """Yield every row of the tables; what is no table of a catalogue is one of the files that belong to nothing."""
    if not kept.tables and kept.row_list:
        yield from map(_of_list, read_rows(kept.row_list))
    elif not kept.tables:
        said = message(
            "{id} 的原表没有保存，不能逐行核对",
            "the tables of {id} were not kept: nothing can be added up by row",
            id=done.number,
        )
        _without_tables(done, destroyed or said)
    profile: Profile | None = load_profile(kept.profile) if kept.profile else None
    tables: list[Imported] = []
    sheets: dict[Path, Sheet] = {}
    for path in kept.tables:
        try:
            if kept.is_batch:
                sheet = read_sheet(path, CATALOGUE_HEADINGS, required=(), reader=readers.sheet)
                sheets[path] = _as_recorded(kept, sheet)
            else:
                tables += read_tables([path], profile, readers.table)
        except FormatError:
            done.orphans.append(path.name)
    for path, sheet in sheets.items():
        try:
            yield from _of_batch(path, sheet, [*sheets.values()], readers, today)
        except FormatError:
            done.orphans.append(path.name)
    yield from _of_import(tables, today)


def _as_recorded(kept: Kept, sheet: Sheet) -> Sheet:
    """Return a sheet of a batch under the name that its rows were recorded by: earlier software left the worksheet out."""
    told = {f"{found.file} {found.row}" for found in kept.findings if found.row}
    recorded = {
        place.rpartition(" ")[0] for place in (*told, *kept.sources, *(kept.counts.by_place if kept.counts else ()))
    }
    return replace(sheet, name=sheet.file) if sheet.file in recorded and sheet.name not in recorded else sheet


def _of_list(row: ListedRow) -> _Row:
    if row.left_out is None:
        return _Row(row.file, row.place, row.number, row.code)
    return _Row(row.file, row.place, row.number, "", row.left_out.said, (row.fonds, row.series))


def _of_import(tables: Sequence[Imported], today: date) -> Iterator[_Row]:
    for one in with_volumes_beside(tables):
        for cells, row in one.rows():
            found = row_markings(cells, row, today=today).findings
            why = next((said.message for said in found if said.severity is Severity.ERROR), None)
            yield _Row(row.file, place_of(row), row.number, row.code, why)


def _of_batch(path: Path, sheet: Sheet, every: Sequence[Sheet], readers: Readers, today: date) -> Iterator[_Row]:
    """Yield the rows of a sheet of a batch as they were put together; ``every`` are those that came with it."""
    if (one := _joined_with(sheet, every)) is not None:
        yield from (_Row(one.name, f"{one.name} {row.number}", row.number, row.text("code")) for row in one.rows)
        return
    if "code" not in sheet.fields:  # codes of their parts, as tables of a catalogue have them
        yield from _of_import(read_tables([path], None, readers.table), today)
        return
    put_together = {one.worksheet: one for one in read_together(sheet).sheets}
    for alone in (sheet, *other_sheets(sheet, CATALOGUE_HEADINGS)):
        one = put_together.get(alone.worksheet, alone)  # in which items without 档号 have the codes they came in under
        codes = {row.number: row.text("code") for row in one.rows}
        for row in alone.rows:
            yield _Row(one.name, f"{one.name} {row.number}", row.number, codes.get(row.number, row.text("code")))


def _joined_with(sheet: Sheet, every: Sequence[Sheet]) -> Sheet | None:
    """Return a sheet as it came in where it is a list of volumes, or of their items, and the other half is a file of its own."""
    for other in every:
        for pair in ((sheet, other), (other, sheet)) if other is not sheet else ():
            if are_volumes_and_items(*pair, names=(pair[0].name, pair[1].name)):
                return joined_of_two(*pair).sheets[pair.index(sheet)]
    return None


def _add_rows(
    archive: Archive, repository: str, kept: Kept, rows: Iterator[_Row], done: Reconciled, files: Files
) -> None:
    brought = {key for _, _, keys in kept.records for key in keys}
    left = set(kept.sources)
    gone = _why_gone(archive, repository)
    reasons = _reasons(kept.findings)
    while some := list(islice(rows, _AT_ONCE)):
        codes = [row.code for row in some if row.code]
        units = archive.catalogue.units
        known = {*units.identifiers(repository, codes), *units.by_former_code(repository, codes)}
        for row in some:
            code = reference_code(row.code)
            sums = done.sums[row.under or under(code)]
            sums.read += 1
            if row.place in kept.sources or code.key in brought:
                is_gone = kept.sources.get(row.place, False)
                sums.taken_back += is_gone
                sums.came_in += not is_gone
                left.discard(row.place)
                files.take(row.place, code.key, sums, is_in=True, was_in=False)
                continue
            told = reasons.get(row.place) or _unread(kept, row) or reasons.get(f"={code.key}")
            if code.key and code.key in known and not (kept.is_batch and told):  # a batch may refuse what is described
                sums.was_in += 1
                files.take(row.place, code.key, sums, is_in=False, was_in=True)
            else:
                sums.refused += 1
                files.take(row.place, code.key, sums, is_in=False, was_in=False)
                why = row.refused or told or gone.get(code.key) or ""
                sums.unexplained += not why
                done.out.append(RowOut(row.place.rpartition(" ")[0], row.number, row.code, why))
    if (kept.tables or kept.row_list) and left:
        done.notes.append(_strangers(left))


def _why_gone(archive: Archive, repository: str) -> dict[str, Message]:
    """Return why what had these codes (in their matching forms) is in the catalogue no more."""
    gone = dict.fromkeys(archive.catalogue.units.packages.taken_back(repository).values(), _TAKEN_BACK)
    for key, one in archive.catalogue.tombstones(repository, gone).items():
        if one.mistake:
            gone[key] = one.said(message("此档号的档案", "what had this code"))
    return gone


def _reasons(findings: Sequence[Finding]) -> dict[str, Message]:
    """Return why rows are not in, by file, worksheet and row, and by ``=`` and the code of a record that was not taken in."""
    reasons: dict[str, Message] = {}
    for found in findings:
        if found.severity is Severity.ERROR:
            if found.file and found.row:
                reasons.setdefault(f"{found.file} {found.row}", found.message)
            if found.about:
                reasons.setdefault(f"={archival_code_key(found.about)}", found.message)
    return reasons


def _unread(kept: Kept, row: _Row) -> Message | None:
    """Return that the worksheet of a row was not read for records, where a finding of the batch says so."""
    about = ("sheet", row.place.rpartition(" ")[0].rpartition("!")[2])
    unread = (one.message for one in kept.findings if kept.is_batch and one.code == "worksheet-not-read")
    return next((said for said in unread if about in said.values), None)


def _strangers(places: Collection[str]) -> Message:
    return message(
        "{n} 条著录说自己来自表中没有的行，如 {first}",
        "{n} units say that they come from rows that the tables do not have, as {first}",
        n=len(places),
        first=min(places),
    )
