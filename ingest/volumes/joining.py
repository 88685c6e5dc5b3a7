"""Which rows are volumes and which are items of them: by 档号, or by its parts, in one sheet or in two.

A list of volumes (案卷目录) and one of their items (卷内文件目录) come as two worksheets, as two files, or as one table with
both kinds of row. Nothing is decided by the look of a code alone where the rows could as well be records of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from archives.findings import Finding, note, warning
from archives.message import listed, message
from archives.record.identifiers import archival_code_key
from ingest.sheets.table import Sheet, SheetCell, SheetRow
from ingest.volumes.assignment import ItemPages
from ingest.volumes.columns import columns_of, level_of

Row = tuple[int, int]
"""A row: the number of its sheet (0 or 1) and its own in that."""

_WIDTH = 3
"""DA/T 13-1994: the number of an item stands behind that of its volume, by habit with three digits."""
_PARTS_OF_A_VOLUME = 3


@dataclass(frozen=True, slots=True)
class Joined:
    """Sheets of volumes and items, put together.

    ``sheets`` have the codes that could be told from the parts filled in. ``volume_of`` says of the row of an item which
    is its volume's; ``pages`` what it says of its pages. A row in neither is a record of its own. ``implied`` are volumes
    that only the codes of their items name: numbers of rows that were put behind those of the first sheet, each with the
    title that a volume gets of which nobody says one.
    """

    sheets: tuple[Sheet, ...]
    volume_of: Mapping[Row, Row] = field(default_factory=dict)
    pages: Mapping[Row, ItemPages] = field(default_factory=dict)
    volumes: frozenset[Row] = frozenset()
    implied: Mapping[int, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def joined(sheet: Sheet) -> Joined:
    """Return one table in which both kinds of row may stand, put together."""
    columns = columns_of(sheet)
    own = sheet.grid[sheet.worksheet].name if sheet.grid else ""
    levels = [level_of(row, columns) for row in sheet.rows]
    keys = [_key(row, columns) for row in sheet.rows]
    if any(level == "volume" for level in levels):
        volumes = [at for at, level in enumerate(levels) if level == "volume"]
        items = [at for at, level in enumerate(levels) if level != "volume"]
    elif "案卷" in f"{sheet.name}{own}" and "卷内" not in f"{sheet.name}{own}" and "pages" not in columns:
        volumes, items = [*range(len(keys))], []
    else:
        volumes = [*_by_their_items(sheet, keys, columns)]
        may_imply = not volumes and ("卷内" in f"{sheet.name}{own}" or "pages" in columns)
        items = [at for at in range(len(keys)) if at not in volumes] if volumes or may_imply else []
    rows = [((0, row.number), row, key) for row, key in zip(sheet.rows, keys, strict=True)]
    return _Join((sheet,), (columns,), [rows[at] for at in volumes], [rows[at] for at in items]).joined()


def joined_of_two(volumes: Sheet, items: Sheet) -> Joined:
    """Return a sheet of volumes and one of their items, put together."""
    columns = columns_of(volumes), columns_of(items)
    of_volumes = [((0, row.number), row, _key(row, columns[0])) for row in volumes.rows]
    of_items = [((1, row.number), row, _key(row, columns[1])) for row in items.rows]
    return _Join((volumes, items), columns, of_volumes, of_items).joined()


def are_volumes_and_items(one: Sheet, other: Sheet, *, names: tuple[str, str]) -> bool:
    """Say whether one sheet is of volumes and the other of their items, by their names or else by their columns."""
    if "卷内" in names[0] or ("案卷" in names[1] and "卷内" not in names[1]):
        return False
    columns = columns_of(one), columns_of(other)
    if "卷内" in names[1]:
        return "案卷" in names[0] or "pages" not in columns[0]
    return "pages" in columns[1] and "pages" not in columns[0] and ("items" in columns[0] or "案卷" in names[0])


_Placed = tuple[Row, SheetRow, str]


class _Join:
    """Finds the volume of every item, and the code of a row that has only its parts."""

    def __init__(
        self,
        sheets: tuple[Sheet, ...],
        columns: tuple[Mapping[str, str], ...],
        volumes: Sequence[_Placed],
        items: Sequence[_Placed],
    ) -> None:
        self._sheets = sheets
        self._columns = columns
        self._volumes = volumes
        self._items = items
        self._by_key: dict[str, Row] = {}
        self._codes: dict[Row, SheetCell] = {}
        self._volume_codes: dict[Row, str] = {}
        self._implied: dict[int, list[SheetRow]] = {}
        self._take(volumes)
        self._imply(are_listed=len(sheets) > 1)

    def _take(self, volumes: Sequence[_Placed]) -> None:
        for place, row, key in volumes:
            written = row.text("code") or self._of_parts(place, row)
            self._volume_codes[place] = written
            if key:
                self._by_key.setdefault(key, place)
            if written and not row.text("code"):
                self._codes[place] = SheetCell(written, self._cell(place, row, "volume"))

    def _imply(self, *, are_listed: bool) -> None:
        """Put a row behind those of the first sheet for every volume that only the codes of its items name.

        Where no list of volumes is there, an item is one by its page in the volume.
        """
        found: dict[str, tuple[str, list[SheetRow]]] = {}
        for place, row, key in self._items:
            if self._volume_of(place, row, key) is None and (head := self._implied_head(place, row, key, are_listed)):
                found.setdefault(_norm(head), (head, []))[1].append(row)
        first = max((row.number for row in self._sheets[0].rows), default=self._sheets[0].header_row) + 1
        made: list[_Placed] = []
        for number, (key, (head, rows)) in enumerate(found.items(), first):
            cell = SheetCell(head, rows[0].cell_name("code") or "")
            made.append(((0, number), SheetRow(number, {"code": cell}), key))
            self._implied[number] = rows
        if made:
            sheet = self._sheets[0]
            self._sheets = (replace(sheet, rows=(*sheet.rows, *(row for _, row, _ in made))), *self._sheets[1:])
            self._volumes = [*self._volumes, *made]
            self._take(made)

    def _implied_head(self, place: Row, row: SheetRow, key: str, are_listed: bool) -> str:
        """Return the code of the volume that the code of an item, or its parts, names; empty where that is not sure."""
        has_pages = bool(row.text(self._columns[place[0]].get("pages", "")))
        code = row.text("code")
        head = _cut(code) if code else self._of_parts(place, row)
        parts = _norm(head).split("-")
        is_volume = len(parts) >= _PARTS_OF_A_VOLUME and all(part.isdecimal() for part in parts[1:])
        return head if is_volume and key and (are_listed or has_pages) else ""

    def joined(self) -> Joined:
        """Return everything put together."""
        volume_of = {place: found for place, row, key in self._items if (found := self._volume_of(place, row, key))}
        counts: dict[Row, int] = {}
        pages: dict[Row, ItemPages] = {}
        for place, row, key in self._items:
            if (volume := volume_of.get(place)) is None:
                continue
            counts[volume] = counts.get(volume, 0) + 1
            number = self._number(place, row, key, volume, counts[volume])
            if not row.text("code") or key == self._head(volume):
                code = f"{self._volume_codes[volume]}-{number.zfill(_WIDTH)}"
                self._codes[place] = SheetCell(code, self._cell(place, row, "item"))
            pages[place] = self._pages(place, row, number)
        return Joined(
            tuple(self._with_codes(at, sheet) for at, sheet in enumerate(self._sheets)),
            volume_of,
            pages,
            frozenset(place for place, _, _ in self._volumes),
            {number: _title_of(rows) for number, rows in self._implied.items()},
            tuple(self._findings(volume_of)),
        )

    def _volume_of(self, place: Row, row: SheetRow, key: str) -> Row | None:
        stated = _norm(row.text(self._columns[place[0]].get("volume_code", "")))
        if stated and stated in self._by_key:
            return self._by_key[stated]
        if key in self._by_key:
            return self._by_key[key]
        if not key:
            number = _norm(row.text(self._columns[place[0]].get("volume", "")))
            same = [known for head, known in self._by_key.items() if number and head.rpartition("-")[2] == number]
            return same[0] if len(same) == 1 else None
        parts = key.split("-")
        heads = ("-".join(parts[:end]) for end in range(len(parts) - 1, 0, -1))
        return next((self._by_key[head] for head in heads if head in self._by_key), None)

    def _of_parts(self, place: Row, row: SheetRow) -> str:
        columns = self._columns[place[0]]
        parts = [row.text(columns[name]).strip() for name in ("fonds", "series", "volume") if name in columns]
        return "-".join(parts) if len(parts) > 1 and all(parts) else ""

    def _number(self, place: Row, row: SheetRow, key: str, volume: Row, at: int) -> str:
        """Return the number of an item in its volume: what its code goes on with, else its own column, else its place."""
        head = self._head(volume)
        if row.text("code") and key.startswith(f"{head}-"):
            return key[len(head) + 1 :]
        column = self._columns[place[0]].get("item", "")
        return row.text(column).strip() or str(at)

    def _head(self, volume: Row) -> str:
        return _norm(self._volume_codes[volume])

    def _pages(self, place: Row, row: SheetRow, number: str) -> ItemPages:
        columns = self._columns[place[0]]
        code = self._codes[place].text if place in self._codes else row.text("code")
        return ItemPages(
            code,
            row.text(columns.get("pages", "")),
            row.text(columns.get("last", "")),
            self._sheets[place[0]].name,
            row.number,
            row.cell_name(columns.get("pages", "")) or row.cell_name("code"),
            number,
        )

    def _cell(self, place: Row, row: SheetRow, name: str) -> str:
        return row.cell_name(self._columns[place[0]].get(name, "")) or ""

    def _with_codes(self, at: int, sheet: Sheet) -> Sheet:
        rows = tuple(
            replace(row, cells={**row.cells, "code": self._codes[at, row.number]})
            if (at, row.number) in self._codes
            else row
            for row in sheet.rows
        )
        read = {
            ("heading", sheet.headings[column]) for column in self._columns[at].values() if column in sheet.headings
        }
        known = [one for one in sheet.findings if one.code != "column-unknown" or not read & {*one.message.values}]
        return replace(sheet, rows=rows, findings=tuple(known) if self._volumes else sheet.findings)

    def _findings(self, volume_of: Mapping[Row, Row]) -> Iterator[Finding]:
        for number, rows in self._implied.items():
            said = message(
                "目录中没有案卷 {code} 的行，按卷内 {n} 件的档号立为一卷；请补案卷目录，再用 jinkui describe 更正题名",
                "no row describes the volume {code}; it was made of the codes of its {n} items: add it to the list of volumes, and correct its title with jinkui describe",
                code=self._volume_codes[0, number],
                n=len(rows),
            )
            yield warning("volume-without-row", said, file=self._sheets[-1].name, row=rows[0].number)
        for at, sheet in enumerate(self._sheets):
            if built := [number for where, number in self._codes if where == at]:
                said = message(
                    "第 {rows} 行没有自己的档号，按全宗号、目录号、案卷号、件号组成",
                    "rows {rows} have no archival code of their own; it was made of the numbers of fonds, series, volume and item",
                    rows=listed(built),
                )
                yield note("code-of-parts", said, file=sheet.name, row=built[0])
            lost = [row.number for place, row, _ in self._items if place[0] == at and place not in volume_of]
            if lost and (len(self._sheets) > 1 or "level" in self._columns[at]):
                said = message(
                    "第 {rows} 行找不到所属的案卷，各自作为一件",
                    "rows {rows} belong to no volume of the sheet; each is taken for a record of its own",
                    rows=listed(lost),
                )
                yield warning("item-without-volume", said, file=sheet.name, row=lost[0])


def _cut(code: str) -> str:
    """Return a code without its last part."""
    return code[: max(0, *(code.rfind(sign) for sign in "-·/."))]


def _title_of(items: Sequence[SheetRow]) -> str:
    """Return the title of a volume that has none, in the brackets of what was supplied (ISAD(G) 3.1.2)."""
    first = next((text for row in items if (text := row.text("title"))), "")
    return f"[{first}等{len(items)}件]" if len(items) > 1 else f"[{first}]"


def _key(row: SheetRow, columns: Mapping[str, str]) -> str:
    """Return the code of a row as codes are compared here; of one without, what its parts make."""
    if code := row.text("code"):
        return _norm(code)
    parts = [row.text(columns[name]).strip() for name in ("fonds", "series", "volume") if name in columns]
    return _norm("-".join(parts)) if len(parts) > 1 and all(parts) else ""


def _norm(code: str) -> str:
    """Return a code in which 0015 and 15 are one."""
    parts = archival_code_key(code).split("-") if code else []
    return "-".join(part.lstrip("0") or "0" if part.isdecimal() else part for part in parts)


def _by_their_items(sheet: Sheet, keys: Sequence[str], columns: Mapping[str, str]) -> Iterator[int]:
    """Yield the rows whose codes others go on with, where those have pages in them or the code is that of a volume."""
    known = {key: at for at, key in enumerate(keys) if key}
    of: dict[int, list[int]] = {}
    for at, key in enumerate(keys):
        head = key.rpartition("-")[0]
        if head in known:
            of.setdefault(known[head], []).append(at)
    for volume, items in of.items():
        has_pages = any(sheet.rows[at].text(columns.get("pages", "")) for at in items)
        parts = keys[volume].split("-")
        is_called_so = len(parts) == _PARTS_OF_A_VOLUME and all(part.isdecimal() for part in parts[1:])
        if (has_pages or is_called_so) and volume not in {one for others in of.values() for one in others}:
            yield volume
