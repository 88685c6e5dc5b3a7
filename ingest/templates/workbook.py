"""A template as a workbook: empty worksheets with choices and notes where one types, an example, and a page that explains all."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet as Sheet

from archives.message import Language, Message, message
from ingest.templates.template import Column, Template, Worksheet
from preservation.handouts.explanations import NOTES, example_of
from preservation.handouts.workbook import save_workbook

LONGEST_PROMPT, LONGEST_PROMPT_TITLE, LONGEST_LIST = 255, 32, 255
"""How many characters a workbook holds of what is said where one types, and of what is offered there (ECMA-376 18.3.1.32)."""

_LAST_ROW = 1_048_576
_NARROWEST, _WIDEST = 10, 48
_REQUIRED = message("必填", "required")
_OPTIONAL = message("可不填", "may be empty")
_CHOOSE = message("可选：{values}", "Choose from: {values}")
_OFFERED = message("常用：{values}", "For instance: {values}")
_NOT_OFFERED = message("请从列表中选择。", "Please choose from the list.")
_NOT_USUAL = message("不在列表中，确定要这样写吗？", "It is not in the list. Is it meant so?")
_EXAMPLE, _NOTES = message("例", "Example"), message("说明", "Notes")
_HEADINGS = (
    message("列", "column"),
    message("要求", "needed"),
    message("填什么", "what goes into it"),
    message("可选的值", "to choose from"),
    message("例", "example"),
)
_NOTE_WIDTHS = (22, 12, 70, 50, 34)
_DARK, _LIGHT, _PALE = (PatternFill("solid", fgColor=one) for one in ("1F4E78", "D9E1F2", "FFF2CC"))
_LINE = Side(style="thin", color="A6A6A6")
_THIN = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def template_workbook(template: Template, language: Language) -> bytes:
    """Return the workbook of a template in a language; every cell of it is text, so that no zero and no date is changed."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for one in template.worksheets:
        _Page(book.create_sheet(one.title.text(language)), language).to_fill_in(one)
    for one in template.worksheets:
        title = _EXAMPLE.text(language)
        if len(template.worksheets) > 1:
            title += f" {one.title.text(language)}"
        _Page(book.create_sheet(title), language).example(one)
    _Page(book.create_sheet(_NOTES.text(language)), language).notes(template.worksheets)
    out = BytesIO()
    save_workbook(book, out)
    return out.getvalue()


class _Page:
    """A worksheet that is being written in one language."""

    def __init__(self, sheet: Sheet, language: Language) -> None:
        self._sheet, self._language = sheet, language
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)

    def to_fill_in(self, about: Worksheet) -> None:
        """Write headings alone, with notes and choices for every cell below them."""
        self._headings(about, 1)
        self._sheet.freeze_panes = "A2"
        self._sheet.print_title_rows = "1:1"
        for number, column in enumerate(about.columns, 1):
            letter = get_column_letter(number)
            self._sheet.column_dimensions[letter].number_format = "@"
            self._sheet.add_data_validation(self._choices(column, f"{letter}2:{letter}{_LAST_ROW}"))

    def example(self, about: Worksheet) -> None:
        """Write the rows of the example under the same headings, as no reader takes them for records."""
        said = example_of(len(about.example), about.title)
        self._line(1, [said.text(self._language)], font=Font(bold=True, color="C00000"))
        self._headings(about, 2)
        self._sheet.freeze_panes = "A3"
        for number, row in enumerate(about.example, 3):
            texts = [row[one.key].text(self._language) if one.key in row else "" for one in about.columns]
            self._line(number, texts, fill=_PALE, border=_THIN)
        self._sheet.protection.sheet = True

    def notes(self, worksheets: Sequence[Worksheet]) -> None:
        """Write a line about every column."""
        self._line(1, [NOTES.text(self._language)], font=Font(bold=True, color="C00000"))
        number = 2
        for about in worksheets:
            if len(worksheets) > 1:
                self._line(number + 1, [about.title.text(self._language)], font=Font(bold=True, size=13))
                number += 2
            self._line(number, self._texts(_HEADINGS), font=Font(bold=True), fill=_LIGHT, border=_THIN)
            for column in about.columns:
                number += 1
                example = next((row[column.key] for row in about.example if column.key in row), None)
                needed = _REQUIRED if column.is_required else _OPTIONAL
                texts = [*self._texts((column.heading, needed, column.meaning)), self._listed(column)]
                texts.append(example.text(self._language) if example else "")
                self._line(number, texts, border=_THIN, font=Font(bold=column.is_required))
            number += 1
        for place, width in enumerate(_NOTE_WIDTHS, 1):
            self._sheet.column_dimensions[get_column_letter(place)].width = width
        self._sheet.protection.sheet = True

    def _headings(self, about: Worksheet, number: int) -> None:
        for place, column in enumerate(about.columns, 1):
            cell = self._sheet.cell(number, place, column.heading.text(self._language))
            cell.fill = _DARK if column.is_required else _LIGHT
            cell.font = Font(bold=True, color="FFFFFF" if column.is_required else "000000")
            cell.border, cell.number_format = _THIN, "@"
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            texts = [column.heading, *(row[column.key] for row in about.example if column.key in row)]
            width = max(_width(text) for text in self._texts(texts)) + 4
            self._sheet.column_dimensions[get_column_letter(place)].width = min(max(width, _NARROWEST), _WIDEST)
        self._sheet.row_dimensions[number].height = 30

    def _choices(self, column: Column, cells: str) -> DataValidation:
        """Return what is said and offered in the cells of a column; what is only proposed may be written otherwise."""
        needed = _REQUIRED if column.is_required else _OPTIONAL
        heading = column.heading.text(self._language)
        values = self._texts(column.values)
        shown = DataValidation(
            type="list" if values else None,
            formula1=f'"{",".join(values)}"' if values else None,
            allow_blank=True,
            sqref=cells,
            promptTitle=heading[:LONGEST_PROMPT_TITLE],
            prompt=f"{needed.text(self._language)} · {column.meaning.text(self._language)}",
            showInputMessage=True,
        )
        if values:
            shown.showErrorMessage = True
            shown.errorStyle = "stop" if column.is_closed else "warning"
            shown.errorTitle = shown.promptTitle
            shown.error = (_NOT_OFFERED if column.is_closed else _NOT_USUAL).text(self._language)
        return shown

    def _listed(self, column: Column) -> str:
        if not column.values:
            return ""
        values = ("、" if self._language == "zh" else ", ").join(self._texts(column.values))
        said = _CHOOSE if column.is_closed else _OFFERED
        return message(said.zh, said.en, values=values).text(self._language)

    def _line(
        self,
        number: int,
        texts: Sequence[str],
        *,
        font: Font | None = None,
        fill: PatternFill | None = None,
        border: Border | None = None,
    ) -> None:
        for place, text in enumerate(texts, 1):
            cell = self._sheet.cell(number, place, text or None)
            cell.number_format = "@"
            cell.alignment = Alignment(vertical="top", wrap_text=border is not None)
            if font:
                cell.font = font
            if fill:
                cell.fill = fill
            if border:
                cell.border = border

    def _texts(self, said: Iterable[Message]) -> list[str]:
        return [one.text(self._language) for one in said]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
