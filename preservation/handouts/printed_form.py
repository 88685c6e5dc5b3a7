"""A form on paper: PDF/A-2b that prints as it lies before the reader, Chinese fonts embedded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fpdf import FPDF

from archives.findings import Finding
from archives.message import Language, Message, message
from preservation.handouts.form import Align, Blank, Filled, Form
from preservation.handouts.ink import Ink, Line
from preservation.handouts.table import PAD_MM, Cell, Row, heading_row, line_mm, pages_of, table_rows

_POINT_MM = 25.4 / 72
_ASCENT = 0.88
"""How much of a letter's height stands above its foot line, in Chinese fonts."""
_RULE_MM = 0.2
_GAP_MM = 32
_NUMBER_PT = 9
_HEAD_LEADING, _FOOT_LEADING = 1.15, 2.0
"""How far apart the lines of blanks stand, in lines: a foot is written into by hand."""
_WHERE_TITLE = message("标题", "the title")


@dataclass(frozen=True, slots=True)
class Printed:
    """A form as PDF, and what could not be printed as it is."""

    data: bytes
    findings: tuple[Finding, ...] = ()


def print_form(form: Form, filled: Iterable[Filled], *, language: Language, printed_at: datetime) -> Printed:
    """Return a form filled in, once or several times one after the other, as PDF/A-2b.

    What a head does not have stays a blank to be written in by hand; of the rows, in their order, nothing is cut off.
    Raises ``ToolMissingError`` where no Chinese font is installed.
    """
    paper = form.paper
    document = FPDF(unit="mm", format=(paper.width_mm, paper.height_mm), enforce_compliance="PDF/A-2B")
    document.set_title(form.title.text(language))
    document.set_lang("zh-CN" if language == "zh" else "en")
    document.set_creation_date(printed_at)
    document.set_auto_page_break(auto=False)
    document.set_line_width(_RULE_MM)
    ink = Ink(document)
    for one in filled:
        sheet = _Sheet(form, one.head, language, document, ink)
        if form.cover:
            sheet.print_cover()
        if form.cells:
            sheet.print_cells()
        if form.frame:
            sheet.print_frame(form.frame)
        if form.columns:
            sheet.print_table(one.rows)
    return Printed(bytes(document.output()), ink.findings())


@dataclass(frozen=True, slots=True)
class _Sheet:
    form: Form
    head: Mapping[str, str]
    language: Language
    document: FPDF
    ink: Ink

    @property
    def width_mm(self) -> float:
        paper = self.form.paper
        return paper.width_mm - paper.left_mm - paper.right_mm

    @property
    def bottom_mm(self) -> float:
        return self.form.paper.height_mm - self.form.paper.bottom_mm

    def print_cover(self) -> None:
        """Print the title in the upper third, and below it each blank on a rule; what has no room goes on overleaf."""
        self.document.add_page()
        height = self.form.paper.height_mm
        y = self._title(height * 0.18, self.form.title_pt * 1.6) + height * 0.08
        size = self.form.text_pt * 1.4
        each = line_mm(size)
        left, label_mm, value_mm = (
            self.form.paper.left_mm + self.width_mm * 0.1,
            self.width_mm * 0.26,
            self.width_mm * 0.56,
        )
        for blank in self.form.cover:
            label = self._lines(self._spaced(blank.label.text(self.language)), label_mm, size, blank)
            value = self._lines(self.head.get(blank.key, ""), value_mm, size, blank)
            while label or value:
                fitting = int((self.bottom_mm - y) / each)
                if fitting < min(4, max(len(label), len(value))):
                    self.document.add_page()
                    y = self.form.paper.top_mm
                    fitting = max(1, int((self.bottom_mm - y) / each) - 1)
                self._text(label[:fitting], left, y, label_mm, size, "left")
                self._text(value[:fitting], left + label_mm, y, value_mm, size, "center" if len(value) < 2 else "left")
                y += min(fitting, max(len(label), len(value))) * each
                label, value = label[fitting:], value[fitting:]
            self.document.line(left + label_mm, y + 0.8, left + label_mm + value_mm, y + 0.8)
            y += each * 0.9

    def print_cells(self) -> None:
        """Print one field below the other, each with its name above what is written into it."""
        self.document.add_page()
        paper = self.form.paper
        each = (self.bottom_mm - paper.top_mm) / len(self.form.cells)
        for number, blank in enumerate(self.form.cells):
            y = paper.top_mm + number * each
            self.document.rect(paper.left_mm, y, self.width_mm, each)
            inner = self.width_mm - 2 * PAD_MM
            label = self._lines(blank.label.text(self.language), inner, self.form.text_pt, blank)
            below = y + PAD_MM + len(label) * line_mm(self.form.text_pt)
            self._text(label, paper.left_mm + PAD_MM, y + PAD_MM, inner, self.form.text_pt, "center")
            self.document.line(paper.left_mm, below + PAD_MM, paper.left_mm + self.width_mm, below + PAD_MM)
            room = y + each - below - PAD_MM
            size, value = self._fitting(blank, inner, room)
            start = below + PAD_MM + (room - len(value) * line_mm(size)) / 2
            self._text(value, paper.left_mm + PAD_MM, start, inner, size, "center")

    def print_frame(self, frame: Blank) -> None:
        """Print one large field, and in it at its end the foot; a text that is longer goes on on further pages."""
        size = self.form.text_pt
        inner = self.width_mm - 8
        label = self._lines(frame.label.text(self.language) + self._colon, inner, size, frame)
        lines = [*label, *self._lines(self.head.get(frame.key, ""), inner, size, frame)]
        foot_mm = len(self.form.foot) * line_mm(size) * 1.6 + 4
        while True:
            self.document.add_page()
            y = self._headline()
            fitting = max(1, int((self.bottom_mm - y - 8) / line_mm(size)))
            is_last = len(lines) <= max(0, int((self.bottom_mm - y - 8 - foot_mm) / line_mm(size)))
            self.document.rect(self.form.paper.left_mm, y, self.width_mm, self.bottom_mm - y)
            self._text(lines[:fitting], self.form.paper.left_mm + 4, y + 4, inner, size, "left")
            if is_last:
                break
            lines = lines[fitting:]
        top = self.bottom_mm - foot_mm
        for number, blank in enumerate(self.form.foot):
            self._blank(blank, self.form.paper.left_mm + self.width_mm * 0.5, top + number * line_mm(size) * 1.6)

    def print_table(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Print the table, on every page below title, head and headings, and below its end the foot."""
        heading = heading_row(self.form, self.ink, self.width_mm, self.language)
        top = self._title_mm + self._flow_mm(self.form.head, _HEAD_LEADING)
        foot_mm = self._flow_mm(self.form.foot, _FOOT_LEADING)
        room = self.bottom_mm - self.form.paper.top_mm - top - heading.height_mm - line_mm(_NUMBER_PT) * 1.2
        laid = table_rows(self.form, self.ink, rows, width_mm=self.width_mm, language=self.language)
        pages = tuple(pages_of(laid, room, last_room_mm=room - foot_mm))
        for number, page in enumerate(pages, 1):
            self.document.add_page()
            y = self._row(heading, self._headline())
            end = y + room - (foot_mm if number == len(pages) else 0)
            for row in page:
                y = self._row(row, y)
            while self.form.fills and y + self.form.row_mm <= end + 1e-6:
                y = self._row(_empty(heading, self.form.row_mm), y)
            if number == len(pages):
                self._flow(self.form.foot, y, _FOOT_LEADING)
            self._page_number(number, len(pages))

    @property
    def _colon(self) -> str:
        return "：" if self.language == "zh" else ": "

    @property
    def _title_mm(self) -> float:
        return line_mm(self.form.title_pt) + 2

    def _headline(self) -> float:
        """Print title and head; return where they end."""
        y = self._title(self.form.paper.top_mm, self.form.title_pt) + 2
        return self._flow(self.form.head, y, _HEAD_LEADING)

    def _title(self, y: float, size: float) -> float:
        title = self._spaced(self.form.title.text(self.language))
        lines = self.ink.lines(title, self.width_mm, size_pt=size, place=_WHERE_TITLE)
        self._text(lines, self.form.paper.left_mm, y, self.width_mm, size, "center")
        return y + len(lines) * line_mm(size)

    def _spaced(self, text: str) -> str:
        """Return a short Chinese title with its characters set apart, as they are on printed forms."""
        return " ".join(text) if self.language == "zh" and len(text) <= 8 and text.isalpha() else text

    def _fitting(self, blank: Blank, width: float, room: float) -> tuple[float, tuple[Line, ...]]:
        """Return the largest size, twice the form's at most, in which a value has room, and its lines."""
        size = self.form.text_pt * 2
        while True:
            lines = self._lines(self.head.get(blank.key, ""), width, size, blank)
            if len(lines) * line_mm(size) <= room or size < 4:
                return size, lines
            size *= 0.85

    def _flows(self, blanks: Sequence[Blank]) -> list[list[tuple[Blank, float]]]:
        """Return the blanks line by line, each with its width; one that is wider than the paper has a line of its own."""
        flows: list[list[tuple[Blank, float]]] = [[]]
        for blank in blanks:
            wide = min(self._blank_mm(blank), self.width_mm)
            if flows[-1] and sum(used + 8 for _, used in flows[-1]) + wide > self.width_mm:
                flows.append([])
            flows[-1].append((blank, wide))
        return [flow for flow in flows if flow]

    def _flow_mm(self, blanks: Sequence[Blank], leading: float) -> float:
        lines = sum(max(len(self._blank_lines(blank)) for blank, _ in flow) for flow in self._flows(blanks))
        return lines * line_mm(self.form.text_pt) * leading + (2 if lines else 0)

    def _flow(self, blanks: Sequence[Blank], y: float, leading: float) -> float:
        """Print blanks one after the other, spread over the width; return where they end."""
        end = y + self._flow_mm(blanks, leading)
        each = line_mm(self.form.text_pt) * leading
        for flow in self._flows(blanks):
            free = (self.width_mm - sum(wide for _, wide in flow)) / max(1, len(flow) - 1)
            x = self.form.paper.left_mm
            for blank, wide in flow:
                self._blank(blank, x, y + each - line_mm(self.form.text_pt))
                x += wide + free
            y += max(len(self._blank_lines(blank)) for blank, _ in flow) * each
        return end

    def _blank_lines(self, blank: Blank) -> tuple[Line, ...]:
        said = blank.label.text(self.language) + self._colon + self.head.get(blank.key, "")
        return self._lines(said, self.width_mm, self.form.text_pt, blank)

    def _blank_mm(self, blank: Blank) -> float:
        gap = 0 if self.head.get(blank.key) else _GAP_MM
        return max(line.width for line in self._blank_lines(blank)) * self.form.text_pt + gap

    def _blank(self, blank: Blank, x: float, y: float) -> None:
        """Print a blank with what stands in it, or with a rule to write on."""
        lines = self._blank_lines(blank)
        self._text(lines, x, y, self.width_mm, self.form.text_pt, "left")
        if not self.head.get(blank.key):
            start = x + lines[-1].width * self.form.text_pt
            below = y + line_mm(self.form.text_pt)
            self.document.line(start, below, start + _GAP_MM, below)

    def _lines(self, text: str, width: float, size: float, blank: Blank) -> tuple[Line, ...]:
        place = message("“{label}”", "“{label}”", label=Message(blank.label.zh, blank.label.en))
        return self.ink.lines(text, width, size_pt=size, place=place)

    def _row(self, row: Row, y: float) -> float:
        for cell in row.cells:
            self._cell(cell, y, row.height_mm)
        return y + row.height_mm

    def _cell(self, cell: Cell, y: float, height: float) -> None:
        size = self.form.text_pt
        left = self.form.paper.left_mm + cell.left_mm
        self.document.rect(left, y, cell.width_mm, height)
        start = y + (height - len(cell.lines) * line_mm(size)) / 2
        self._text(cell.lines, left + PAD_MM, start, cell.width_mm - 2 * PAD_MM, size, cell.align)

    def _text(self, lines: Sequence[Line], x: float, y: float, width: float, size: float, align: Align) -> None:
        for number, line in enumerate(lines):
            free = width - line.width * size
            at = x + {"left": 0.0, "center": free / 2, "right": free}[align]
            foot = y + number * line_mm(size) + (line_mm(size) - size * _POINT_MM) / 2 + size * _POINT_MM * _ASCENT
            for run in line.runs:
                self.document.set_font(run.face, size=size)
                self.document.text(at, foot, run.text)
                at += run.width * size

    def _page_number(self, number: int, total: int) -> None:
        said = message("第 {number} 页　共 {total} 页", "Page {number} of {total}", number=number, total=total)
        lines = self.ink.lines(said.text(self.language), self.width_mm, size_pt=_NUMBER_PT, place=_WHERE_TITLE)
        y = self.bottom_mm - line_mm(_NUMBER_PT)
        self._text(lines, self.form.paper.left_mm, y, self.width_mm, _NUMBER_PT, "center")


def _empty(heading: Row, height_mm: float) -> Row:
    return Row(tuple(Cell(one.left_mm, one.width_mm, (), one.align) for one in heading.cells), height_mm)
