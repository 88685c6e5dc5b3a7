"""A form as a workbook: the same title, head, columns and rows, ruled, on the same paper, to be printed or gone on with."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from math import ceil
from typing import cast
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from archives.exchange.xml import xml_text
from archives.message import Language
from archives.text.harmless import harmless
from preservation.handouts.form import Blank, Filled, Form
from preservation.handouts.table import cell_text, group_line, is_volume
from preservation.handouts.workbook import cell_string, save_workbook

_MM_A_LETTER = 1.95
_INCH_MM = 25.4
_POINTS_A_MM = 72 / _INCH_MM
_A4 = "9"
"""The number of the paper size (ISO/IEC 29500-1 18.3.1.63)."""
_LABEL_MM, _VALUE_MM = 40.0, 110.0
_LEADING = 1.3


def form_workbook(form: Form, filled: Iterable[Filled], *, language: Language) -> bytes:
    """Return a form filled in as XLSX, as ``print_form`` prints it; of several each begins a page. Every cell is text."""
    book = Workbook(write_only=True)
    filled = tuple(filled)
    others = (*form.cells, *((form.frame,) if form.frame else ()), *form.foot)
    if form.cover:
        is_alone = not (form.columns or others)
        name = form.title.text(language) if is_alone else "封面" if language == "zh" else "Cover"
        cover = _Sheet(book, name, form, language)
        for one in filled:
            cover.fields(form.cover, one.head)
    if form.columns or others:
        sheet = _Sheet(book, form.title.text(language), form, language)
        for one in filled:
            if form.columns:
                sheet.table(one.head, one.rows, is_alone=len(filled) == 1)
            else:
                sheet.fields(others, one.head)
    out = BytesIO()
    save_workbook(book, out)
    return out.getvalue()


class _Sheet:
    """One worksheet, written row by row. Each look of a cell is made once: a workbook is slow to be told of looks."""

    def __init__(self, book: Workbook, title: str, form: Form, language: Language) -> None:
        # openpyxl's types know of a sheet that is only written less than there is
        self._sheet = cast("Worksheet", book.create_sheet(_sheet_name(title)))
        self._form, self._language = form, language
        self._looks: dict[tuple[float, str, bool], Cell] = {}
        self._across: list[str] = []
        self._widths_mm: tuple[float, ...] = ()
        self._rows = 0
        self._set_up()

    def table(self, head: Mapping[str, str], rows: Iterable[Mapping[str, str]], *, is_alone: bool) -> None:
        """Write title, head, headings, rows and foot; the first three are printed on every page of one that is alone."""
        form, wide = self._form, len(self._form.columns)
        self._begin([column.width_mm for column in form.columns])
        self._line(form.title.text(self._language), wide, size=form.title_pt, align="center")
        if form.head:
            self._line("    ".join(self._said(blank, head) for blank in form.head), wide)
        self._row([(column.heading.text(self._language), "center") for column in form.columns])
        if is_alone:
            self._sheet.print_title_rows = f"1:{self._rows}"
        counted = 0
        for row in rows:
            if is_volume(form, row):
                counted = 0
                self._line(group_line(form, row, self._language), wide, ruled=True)
                continue
            counted += 1
            self._row([(cell_text(column, row, counted), column.align) for column in form.columns])
        for blank in form.foot:
            self._line(self._said(blank, head), wide)
        self._merge()

    def fields(self, blanks: Iterable[Blank], head: Mapping[str, str]) -> None:
        """Write the title and a row for each field."""
        self._begin([_LABEL_MM, _VALUE_MM])
        self._line(self._form.title.text(self._language), 2, size=self._form.title_pt, align="center")
        for blank in blanks:
            self._row([(blank.label.text(self._language), "left"), (head.get(blank.key, ""), "left")])
        self._merge()

    def _set_up(self) -> None:
        """Give the sheet the form's paper: how it lies, its margins, the number of each page."""
        paper, sheet = self._form.paper, self._sheet
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.orientation = "landscape" if paper.width_mm > paper.height_mm else "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        margins = sheet.page_margins
        margins.left, margins.right = paper.left_mm / _INCH_MM, paper.right_mm / _INCH_MM
        margins.top, margins.bottom = paper.top_mm / _INCH_MM, paper.bottom_mm / _INCH_MM
        margins.header, margins.footer = margins.top / 2, margins.bottom / 2
        footer = sheet.oddFooter
        assert footer is not None and footer.center is not None
        footer.center.text = "第 &P 页　共 &N 页" if self._language == "zh" else "Page &P of &N"

    def _begin(self, widths_mm: Sequence[float]) -> None:
        """Begin a page, the columns as wide as they are on all of them."""
        if self._rows:
            self._sheet.row_breaks.append(Break(id=self._rows))
            return
        self._widths_mm = tuple(widths_mm)
        for number, width in enumerate(widths_mm, 1):
            self._sheet.column_dimensions[get_column_letter(number)].width = width / _MM_A_LETTER

    def _said(self, blank: Blank, head: Mapping[str, str]) -> str:
        colon = "：" if self._language == "zh" else ": "
        return f"{blank.label.text(self._language)}{colon}{head.get(blank.key, '')}"

    def _line(self, text: str, columns: int, *, size: float = 0, align: str = "left", ruled: bool = False) -> None:
        """Write one text across the table."""
        height = self._height_mm(text, sum(self._widths_mm), size or self._form.text_pt)
        self._append([self._cell(one, size, align, ruled=ruled) for one in (text, *[""] * (columns - 1))], height)
        self._across.append(f"A{self._rows}:{get_column_letter(columns)}{self._rows}")

    def _row(self, texts: Sequence[tuple[str, str]]) -> None:
        size = self._form.text_pt
        heights = [self._height_mm(text, wide, size) for (text, _), wide in zip(texts, self._widths_mm, strict=True)]
        self._append([self._cell(text, 0, align, ruled=True) for text, align in texts], max(heights))

    def _append(self, cells: Sequence[Cell], height_mm: float) -> None:
        """Write a row as high as its text needs it: not every program finds that out by itself."""
        self._rows += 1
        self._sheet.row_dimensions[self._rows].height = max(height_mm, self._form.row_mm) * _POINTS_A_MM
        self._sheet.append(tuple(cells))

    @staticmethod
    def _height_mm(text: str, width_mm: float, size_pt: float) -> float:
        """Return about how high a text stands in a column: Chinese characters are as wide as high, others half of it."""
        em = size_pt / _POINTS_A_MM
        wide = [sum(1.0 if east_asian_width(char) in "WF" else 0.55 for char in part) * em for part in text.split("\n")]
        return sum(max(1, ceil(one / (width_mm - em))) for one in wide) * em * _LEADING + 2

    def _merge(self) -> None:
        for place in self._across:
            self._sheet.merged_cells.add(CellRange(place))
        self._across = []

    def _cell(self, text: str, size: float, align: str, *, ruled: bool) -> Cell:
        look = (size or self._form.text_pt, align, ruled)
        if look not in self._looks:
            self._looks[look] = self._styled(*look)
        cell = WriteOnlyCell(self._sheet, cell_string(xml_text(harmless(text))))
        cell.data_type = "s"
        cell._style = self._looks[look]._style  # type: ignore[attr-defined]  # the one way to give a whole look at once
        return cell

    def _styled(self, size: float, align: str, ruled: bool) -> Cell:
        cell = WriteOnlyCell(self._sheet, None)
        cell.number_format = "@"
        cell.font = Font(size=size)
        cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
        side = Side(style="thin")
        cell.border = Border(left=side, right=side, top=side, bottom=side) if ruled else Border()
        return cell


def _sheet_name(title: str) -> str:
    """Return a title as a worksheet may be called: at most 31 characters, none of ``[]:*?/\\`` (ISO/IEC 29500-1 18.2.19)."""
    return "".join(" " if char in "[]:*?/\\" else char for char in title)[:31].strip()
