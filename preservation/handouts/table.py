"""The table of a form, laid out on pages before anything is drawn: which rows stand on which page, and how high each is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from archives.message import Language, Message, message
from archives.units.unit import Level
from preservation.handouts.form import Align, Column, Form
from preservation.handouts.ink import Ink, Line

PAD_MM = 1.2
_SEQUENCE = "sequence"
_HEADINGS = message("表头", "the headings")
_LEADING = 1.35
_POINT_MM = 25.4 / 72
_GAP = "    "


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is set: where it begins and how wide it is, in mm from the table's left edge."""

    left_mm: float
    width_mm: float
    lines: tuple[Line, ...]
    align: Align


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is set. ``opens`` a group: the line across the table that the rows after it belong to."""

    cells: tuple[Cell, ...]
    height_mm: float
    opens: bool = False


def line_mm(size_pt: float) -> float:
    """Return how high a line of text is."""
    return size_pt * _POINT_MM * _LEADING


def column_places(form: Form, width_mm: float) -> tuple[tuple[Column, float, float], ...]:
    """Return each column with where it begins and how wide it is, in mm, in a table of this width."""
    shares = sum(column.width_mm for column in form.columns)
    places, left = [], 0.0
    for column in form.columns:
        wide = column.width_mm / shares * width_mm
        places.append((column, left, wide))
        left += wide
    return tuple(places)


def heading_row(form: Form, ink: Ink, width_mm: float, language: Language) -> Row:
    """Return the headings as a row."""
    cells = [
        _cell(form, ink, column.heading.text(language), left, wide, align="center", place=_HEADINGS)
        for column, left, wide in column_places(form, width_mm)
    ]
    return _row(form, cells)


def table_rows(
    form: Form, ink: Ink, rows: Iterable[Mapping[str, str]], *, width_mm: float, language: Language
) -> Iterator[Row]:
    """Yield the rows as they are set; those without a ``sequence`` are counted, in each volume anew."""
    places = column_places(form, width_mm)
    counted = 0
    for number, row in enumerate(rows, 1):
        name = row.get("code") or message("第 {number} 条", "entry {number}", number=number)
        if is_volume(form, row):
            counted = 0
            text, place = group_line(form, row, language), message("{name}", "{name}", name=name)
            yield _row(form, [_cell(form, ink, text, 0, width_mm, align="left", place=place)], opens=True)
            continue
        counted += 1
        cells = []
        for column, left, wide in places:
            place = _place(name, column)
            text = cell_text(column, row, counted)
            cells.append(_cell(form, ink, text, left, wide, align=column.align, place=place))
        yield _row(form, cells)


def is_volume(form: Form, row: Mapping[str, str]) -> bool:
    """Whether a row is a line across the table, to which the rows after it belong."""
    return bool(form.group) and row.get("level") == Level.FILE


def cell_text(column: Column, row: Mapping[str, str], counted: int) -> str:
    """Return what stands in a row below a column; ``counted`` is its number where it brings none."""
    return row.get(column.key, "") or (str(counted) if column.key == _SEQUENCE else "")


def group_line(form: Form, row: Mapping[str, str], language: Language) -> str:
    """Return what the line of a volume says."""
    said = [(blank.label.text(language), row.get(blank.key, "")) for blank in form.group]
    return _GAP.join(f"{label}{_colon(language)}{value}" for label, value in said if value)


def pages_of(rows: Iterable[Row], room_mm: float, *, last_room_mm: float) -> Iterator[tuple[Row, ...]]:
    """Yield the rows of each page: as many as there is room for, on the last less for the foot; at least one page.

    A row higher than a page goes on on the next. The line of a volume is never the last on a page, and stands again on
    each page on which its items go on.
    """
    page: list[Row] = []
    volume: Row | None = None
    for row in (part for whole in rows for part in _parts(whole, room_mm)):
        while page and not _has_room(page, row, room_mm):
            moved = [page.pop()] if page[-1].opens and len(page) > 1 else []
            yield tuple(page)
            goes_on = volume and not row.opens and _has_room([volume], row, room_mm)
            page = moved or ([volume] if volume and goes_on else [])
        volume = row if row.opens else volume
        page.append(row)
    last = _last_rows(page, last_room_mm)
    if len(last) < len(page):
        yield tuple(page[: len(page) - len(last)])
    yield tuple(last)


def _last_rows(page: list[Row], room_mm: float) -> list[Row]:
    """Return what of the last page stays on it with the foot: all of it, its last row with its volume's line, or nothing."""
    tail = page[-2:] if len(page) > 1 and page[-2].opens else page[-1:]
    return next((rows for rows in (page, tail) if _height(rows) <= room_mm + 1e-6), [])


def _has_room(page: list[Row], row: Row, room_mm: float) -> bool:
    return _height(page) + row.height_mm <= room_mm + 1e-6


def _height(page: Iterable[Row]) -> float:
    return sum(row.height_mm for row in page)


def _parts(row: Row, room_mm: float) -> Iterator[Row]:
    """Yield a row in parts that a page has room for."""
    most = max((len(cell.lines) for cell in row.cells), default=0)
    if row.height_mm <= room_mm or most < 2:
        yield row
        return
    each = row.height_mm / most
    fitting = max(1, int(room_mm / each))
    for first in range(0, most, fitting):
        cells = tuple(replace(cell, lines=cell.lines[first : first + fitting]) for cell in row.cells)
        yield Row(cells, min(fitting, most - first) * each, row.opens and first == 0)


def _place(name: str | Message, column: Column) -> Message:
    heading = Message(column.heading.zh, column.heading.en)
    return message("{name}“{heading}”", "{name}, {heading}", name=name, heading=heading)


def _cell(form: Form, ink: Ink, text: str, left: float, width: float, *, align: Align, place: Message) -> Cell:
    return Cell(left, width, ink.lines(text, width - 2 * PAD_MM, size_pt=form.text_pt, place=place), align)


def _row(form: Form, cells: Iterable[Cell], *, opens: bool = False) -> Row:
    cells = tuple(cells)
    most = max((len(cell.lines) for cell in cells), default=1)
    return Row(cells, max(form.row_mm, most * line_mm(form.text_pt) + 2 * PAD_MM), opens)


def _colon(language: Language) -> str:
    return "：" if language == "zh" else ": "
