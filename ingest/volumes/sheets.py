"""The sheets of a batch with volumes in it: read together, their rows told apart, each volume with its items."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from archives.findings import Finding
from archives.record.description import Description
from archives.record.holding import Holding
from archives.record.identifiers import ArchivalCode, reference_code
from archives.record.volume.label_rules import LabelRule
from ingest.sheets.catalogue import CATALOGUE_HEADINGS, CatalogueRow
from ingest.sheets.table import Sheet, SheetCell, other_sheets
from ingest.volumes.assignment import ItemPages
from ingest.volumes.joining import Joined, Row, are_volumes_and_items, joined, joined_of_two
from ingest.volumes.naming import VolumeNames, loose_key
from ingest.volumes.planned import PlannedItem, PlannedVolume
from ingest.volumes.stand_in import stand_in
from preservation.catalogue.units import ItemBelow

ReadRows = Callable[[Sheet], tuple[CatalogueRow, ...]]
"""How the rows of a sheet are read into descriptions."""


@dataclass(frozen=True)
class VolumeSheets:
    """The sheets of a batch, read: the first with its records and volumes, the second, where there is one, with items.

    Any sheet after these is of records that are neither (归档文件目录).
    ``rows`` are the rows of each sheet. ``catalogued`` are the items that the catalogue has of volumes whose items no sheet
    names, by the volumes' rows: one that is kept apart keeps its pages from the others, and stands in no volume; ``stored``
    is how an item of a code is described that has content; ``bases`` what was known, when the rows were read, of the codes in them.
    """

    joined: Joined
    rows: tuple[tuple[CatalogueRow, ...], ...]
    catalogued: Mapping[int, Sequence[ItemBelow]] = field(default_factory=dict)
    stored: Callable[[ArchivalCode], Description | None] = lambda _: None
    bases: Mapping[str, Description] = field(default_factory=dict)

    @property
    def sheet(self) -> Sheet:
        """The sheet of the volumes, or the only one."""
        return self.joined.sheets[0]

    @property
    def findings(self) -> Iterator[Finding]:
        """What a person should know of all sheets."""
        for sheet in self.joined.sheets:
            yield from sheet.findings
        yield from self.joined.findings

    def alone(self) -> Iterator[tuple[Sheet, tuple[CatalogueRow, ...], str]]:
        """Yield each sheet with its rows, and with what else the file holds but for the other of them.

        Beside them stands what is written before the cells of a sheet that is not the first, so that they can be told.
        """
        for at, (sheet, rows) in enumerate(zip(self.joined.sheets, self.rows, strict=True)):
            others = {one.worksheet for one in self.joined.sheets if one is not sheet and one.grid is sheet.grid}
            grid = tuple(replace(one, rows=(), beside=()) if at in others else one for at, one in enumerate(sheet.grid))
            yield replace(sheet, grid=grid), rows, f"{sheet.name.rpartition('!')[2]}!" if at else ""

    def records(self, sheet: int) -> tuple[CatalogueRow, ...]:
        """Return the rows of a sheet that are records: those that are no item of a volume."""
        return tuple(row for row in self.rows[sheet] if (sheet, row.number) not in self.joined.volume_of)

    def items(self, volume: CatalogueRow) -> Iterator[tuple[CatalogueRow, ItemPages]]:
        """Yield the rows of a volume's items with what they say of their pages."""
        yield from self._of_volumes.get(volume.number, ())

    @cached_property
    def _of_volumes(self) -> Mapping[int, Sequence[tuple[CatalogueRow, ItemPages]]]:
        found: defaultdict[int, list[tuple[CatalogueRow, ItemPages]]] = defaultdict(list)
        for place, row in self._items():
            found[self.joined.volume_of[place][1]].append((row, self.joined.pages[place]))
        return found

    def names(self, rules: Sequence[LabelRule]) -> dict[int, VolumeNames]:
        """Return by the row of each volume how its files are named."""
        items: dict[int, dict[str, str]] = {}
        for place, row in self._items():
            number = self.joined.volume_of[place][1]
            items.setdefault(number, {})[loose_key(row.code_text)] = self.joined.pages[place].item
        return {
            row.number: VolumeNames(loose_key(row.code_text), items.get(row.number, {}), tuple(rules))
            for row in self.rows[0]
            if (0, row.number) in self.joined.volumes and row.code_text
        }

    def planned(self, volume: CatalogueRow) -> PlannedVolume | None:
        """Return the volume that a row is, with its items; None for the row of another record."""
        if (0, volume.number) not in self.joined.volumes:
            return None
        items = tuple(self._planned_items(volume))
        known = self.catalogued.get(volume.number, ())
        of_catalogue = (
            PlannedItem(None if is_apart else one, _pages_of(one, volume), base=one) for one, is_apart in known
        )
        return PlannedVolume(items or tuple(of_catalogue))

    def _planned_items(self, volume: CatalogueRow) -> Iterator[PlannedItem]:
        """Yield the items of a volume; of several rows that cannot be used and have one code, the first is the item."""
        taken: set[str] = set()
        for row, pages in self.items(volume):
            said = row.description
            if said is None:
                said = row.unread or Description(reference_code(pages.code), pages.code, language="")
                said = self.stored(said.code) or stand_in(said)
            base = self.bases.get(said.code.key)
            yield PlannedItem(None if said.code.key in taken else said, pages, base=base)
            taken.add(said.code.key)

    def with_files_of_items(self, rows: Sequence[CatalogueRow]) -> tuple[CatalogueRow, ...]:
        """Return rows in which a volume names what its items name, too."""
        named: dict[int, list[str]] = {}
        for place, item in self._items():
            if item.files:
                named.setdefault(self.joined.volume_of[place][1], []).append(item.files)
        return tuple(
            replace(row, files="\n".join([*filter(None, [row.files]), *named[row.number]]))
            if row.number in named
            else row
            for row in rows
        )

    def _items(self) -> Iterator[tuple[Row, CatalogueRow]]:
        for sheet, rows in enumerate(self.rows):
            for row in rows:
                if (sheet, row.number) in self.joined.volume_of:
                    yield (sheet, row.number), row


def _pages_of(item: Description, volume: CatalogueRow) -> ItemPages:
    return ItemPages(item.code.written, item.page_range, row=volume.number)


def read_volumes(
    sheet: Sheet,
    second: Sheet | None,
    read: ReadRows,
    *,
    held: Callable[[CatalogueRow], Holding | None],
    below: Callable[[CatalogueRow], Sequence[ItemBelow] | None],
    stored: Callable[[ArchivalCode], Description | None],
    prepared: Callable[[Sheet], Sheet] = lambda sheet: sheet,
    is_asked_for: bool = False,
) -> VolumeSheets:
    """Read the sheets of a batch; ``second`` is the list of items where that is a file of its own.

    Other worksheets are looked at for it, and for lists of records; beside one that ``is_asked_for`` by name, only for
    its other half. ``prepared`` is what becomes of them before they are put together, as it became of those that are given.

    What is kept as a record of its own stays one: then the rows of one sheet are not put together. What is kept as a
    volume stays one without a row of an item; one that is not kept has the items that the catalogue has ``below`` it
    (None: it is no volume there). ``stored`` is as in ``VolumeSheets``.
    """
    if second is None:
        others = tuple(map(prepared, other_sheets(sheet, CATALOGUE_HEADINGS)))
        found = _joined(sheet, others, is_asked_for=is_asked_for)
    else:
        found = joined_of_two(sheet, second)
    read_rows = _read(found, read)
    if len(found.sheets) == 1 and any(held(row) for row in _of_items(read_rows)):
        read_rows = VolumeSheets(Joined((sheet,)), (read(sheet),))
    kept = {(0, row.number) for row in read_rows.records(0) if (known := held(row)) and known.volume}
    alone = [row for row in read_rows.records(0) if row.description and not any(read_rows.items(row)) and not held(row)]
    catalogued = {row.number: tuple(items) for row in alone if (items := below(row)) is not None}
    volumes = read_rows.joined.volumes | kept | {(0, number) for number in catalogued}
    return replace(read_rows, joined=replace(read_rows.joined, volumes=volumes), catalogued=catalogued, stored=stored)


def read_together(sheet: Sheet) -> Joined:
    """Return the worksheets of a file that are read as one batch, put together as far as they say themselves."""
    return _joined(sheet, other_sheets(sheet, CATALOGUE_HEADINGS), is_asked_for=False)


def _joined(sheet: Sheet, others: Sequence[Sheet], *, is_asked_for: bool) -> Joined:
    for one, other in _pairs(sheet, others, is_asked_for=is_asked_for):
        if (found := joined_of_two(one, other)).volume_of:
            pair = (one.worksheet, other.worksheet)
            beside = [] if is_asked_for else [*_of_records(sheet, others, pair)]
            return _without_notes(replace(found, sheets=(*found.sheets, *beside)))
    return joined(sheet)


def _read(found: Joined, read: ReadRows) -> VolumeSheets:
    """Read all sheets; a volume that no row describes has the title that it was given, unless the catalogue says one."""
    rows = tuple(map(read, found.sheets))
    lacking = {row.number for row in rows[0] if row.description is None} & found.implied.keys()
    if not lacking:
        return VolumeSheets(found, rows)
    titled = [
        replace(one, cells={**one.cells, "title": SheetCell(found.implied[one.number], one.cell_name("code") or "")})
        if one.number in lacking
        else one
        for one in found.sheets[0].rows
    ]
    first = replace(found.sheets[0], rows=tuple(titled))
    found = replace(found, sheets=(first, *found.sheets[1:]))
    return VolumeSheets(found, (read(first), *rows[1:]))


def _pairs(sheet: Sheet, others: Sequence[Sheet], *, is_asked_for: bool) -> Iterator[tuple[Sheet, Sheet]]:
    """Yield the worksheets that may be a list of volumes and one of their items, those that are called so first.

    Neither need be the first worksheet: lists of records (归档文件目录) may stand before them. Of one that is asked for only
    the other half is looked for, and only by what both are called.
    """
    every = (sheet, *others)
    pairs = [(one, other) for one in every for other in every if one is not other]
    named = [(one, other) for one, other in pairs if "案卷" in _own(one) and "卷内" in _own(other)]
    yield from (pair for pair in named if not is_asked_for or pair[0] is sheet)
    for one, other in [] if is_asked_for else pairs:
        is_pair = are_volumes_and_items(one, other, names=(_own(one), _own(other)))
        if is_pair and sheet in (one, other) and not (_is_of_records(one) or _is_of_records(other)):
            yield one, other


def _own(sheet: Sheet) -> str:
    """Return what a worksheet is called."""
    return sheet.grid[sheet.worksheet].name if sheet.grid else ""


def _is_of_records(sheet: Sheet) -> bool:
    """Say whether a worksheet is called a list of records by item (DA/T 22: 归档文件目录), which has no volumes."""
    return "归档文件" in _own(sheet)


def _of_records(sheet: Sheet, others: Sequence[Sheet], pair: tuple[int, int]) -> Iterator[Sheet]:
    """Yield the worksheets with records beside a list of volumes and one of their items: the first one, and what is called so."""
    if sheet.worksheet not in pair:
        yield sheet
    yield from (one for one in others if one.worksheet not in pair and "code" in one.fields and _is_of_records(one))


def _without_notes(found: Joined) -> Joined:
    """Return sheets without the findings that others of them, which are read after all, were not."""
    names = {_own(one) for one in found.sheets}
    return replace(found, sheets=tuple(replace(one, findings=_still_true(one, names)) for one in found.sheets))


def _still_true(sheet: Sheet, names: Collection[str]) -> tuple[Finding, ...]:
    read = {("sheet", name) for name in names}
    return tuple(one for one in sheet.findings if one.code != "worksheet-not-read" or not read & {*one.message.values})


def _of_items(read: VolumeSheets) -> Iterator[CatalogueRow]:
    return (row for at, rows in enumerate(read.rows) for row in rows if (at, row.number) in read.joined.volume_of)
