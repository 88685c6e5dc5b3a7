"""Text as it is shown, with the places marked that were looked for."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from archives.text.cues import Cue, Piece
from search.doors.portal.record.flow import Flow
from search.doors.portal.record.grid import Grid, is_number
from search.index.answer import Marks

_AROUND = 30
"""How many characters before the first mark an excerpt shows, twice as many behind it: of Chinese, of others double."""
_LINE_END = re.compile(r"[ \t\u3000]*\r?\n\s*")
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")  # words that blanks divide
_WIDEST = 1_000  # columns that a cell may go over (HTML, 4.9.11)
_HYPHENS = ("-", "\u2010", "\u00ad")


def flowing_text(text: str, flow: Flow, marks: Sequence[tuple[int, int]], current: int) -> tuple[Markup, Markup]:
    """Return what a stamp left, and the paragraphs of a text, the marks shown; the current one (from 1) can be gone to.

    Lines stand in elements of their own, so that they can be shown as they are on the page.
    """
    shown = _Shown(text, marks, current)
    stamp = Markup(" ").join(shown.line(*span) for span in flow.stamp)
    return stamp, Markup("\n").join(Markup("<p>{}</p>").format(shown.paragraph(lines)) for lines in flow.paragraphs)


def table_text(text: str, grid: Grid, marks: Sequence[tuple[int, int]], current: int) -> Markup:
    """Return a sheet as a table, what stands above it first, the marks shown as in a text that flows."""
    shown = _Shown(text, marks, current)
    above = Markup("").join(Markup("<p>{}</p>\n").format(shown.line(*span)) for span in grid.above)
    named = (Markup('<th scope="col">{}</th>').format(shown.line(*cell)) for cell in grid.headings)
    head = Markup("<thead><tr>{}</tr></thead>\n").format(Markup("").join(named)) if grid.headings else Markup("")
    rows = (Markup("<tr>{}</tr>").format(shown.cells(row, grid.columns)) for row in grid.rows)
    return above + Markup("<table>{}<tbody>{}</tbody></table>").format(head, Markup("\n").join(rows))


def cued_text(text: str, cues: Iterable[Cue], marks: Sequence[tuple[int, int]], current: int) -> Markup:
    """Return what is said in a recording, each part after its time, the marks shown as in a text that flows."""
    shown = _Shown(text, marks, current)
    said = Markup('<p><span class="meta">{}</span> {}</p>')
    return Markup("\n").join(
        said.format(cue.begin, Markup("<br>").join(shown.pieces(line) for line in cue.lines)) for cue in cues
    )


class _Shown:
    """A text of which parts are shown with their marks."""

    def __init__(self, text: str, marks: Sequence[tuple[int, int]], current: int) -> None:
        self._text = text
        self._marks = marks
        self._ends = [end for _, end in marks]
        self._current = current

    def paragraph(self, lines: Sequence[tuple[int, int]]) -> Markup:
        """Return lines that flow into one another."""
        parts: list[Markup] = []
        for number, (start, end) in enumerate(lines):
            following = lines[number + 1] if number + 1 < len(lines) else None
            parts.append(Markup('<span class="line">{}</span>').format(self._until(start, end, following)))
        return Markup("").join(parts)

    def cells(self, row: Sequence[tuple[int, int]], columns: int) -> Markup:
        """Return the cells of a row, numbers told; one alone goes over all columns."""
        if len(row) == 1 < columns:
            over = min(columns, _WIDEST)
            return Markup('<td colspan="{}">{}</td>').format(over, self.line(*row[0]))
        tags = (
            Markup('<td class="number">') if is_number(self._text[slice(*cell)]) else Markup("<td>") for cell in row
        )
        return Markup("").join(tag + self.line(*cell) + Markup("</td>") for tag, cell in zip(tags, row, strict=True))

    def pieces(self, line: Sequence[Piece]) -> Markup:
        """Return a line of a cue."""
        return Markup("").join(escape(one) if isinstance(one, str) else self.line(*one) for one in line)

    def _until(self, start: int, end: int, following: tuple[int, int] | None) -> Markup:
        if following is None:
            return self.line(start, end)
        last, first = self._text[start:end].rstrip()[-1:], self._text[slice(*following)].lstrip()[:1]
        if last in _HYPHENS and first.islower():
            at = start + len(self._text[start:end].rstrip()) - 1
            return self.line(start, at) + Markup('<span class="broken">{}</span>').format(last)
        return self.line(start, end) + (Markup("") if _is_wide(last) or _is_wide(first) else Markup(" "))

    def line(self, start: int, end: int) -> Markup:
        """Return a part of the text."""
        parts: list[Markup] = []
        at = start
        for number in range(bisect_right(self._ends, start), len(self._marks)):
            first, last = self._marks[number]
            if first >= end:
                break
            a, b = max(first, at), min(last, end)
            if a < b:
                is_first = number + 1 == self._current and first >= start
                tag = Markup('<mark id="hit">') if is_first else Markup("<mark>")
                parts += [escape(self._text[at:a]), tag, escape(self._text[a:b]), Markup("</mark>")]
                at = b
        return Markup("").join([*parts, escape(self._text[at:end])])


def _is_wide(character: str) -> bool:
    """Say whether a character is Chinese, or punctuation beside which no blank stands; blanks divide words of Korean."""
    return unicodedata.east_asian_width(character or " ") in "WF" and not _HANGUL.match(character)


def excerpt(text: str, marks: Marks) -> Markup:
    """Return a text around its first mark, all marks in it shown; where Chinese goes on in the next line no blank is left."""
    text, marks = _on_one_line(text, marks)
    first = marks[0][0] if marks else 0
    around = _AROUND if _is_wide(text[first : first + 1]) else 2 * _AROUND
    start, end = max(0, first - around), min(len(text), first + 2 * around)
    within = [(a - start, min(b, end) - start) for a, b in marks if a >= start and a < end]
    shown = marked(text[start:end], within)
    return Markup("…") * (start > 0) + shown + Markup("…") * (end < len(text))


def marked(text: str, marks: Iterable[tuple[int, int]]) -> Markup:
    """Return a whole text, all marks in it shown."""
    parts: list[Markup] = []
    at = 0
    for start, end in marks:
        if start >= at:
            parts += [escape(text[at:start]), Markup("<mark>"), escape(text[start:end]), Markup("</mark>")]
            at = end
    return Markup("").join([*parts, escape(text[at:])])


def _on_one_line(text: str, marks: Marks) -> tuple[str, Marks]:
    """Return a text whose lines follow one another as they are read, and its marks at their places there."""
    parts: list[str] = []
    cuts: list[tuple[int, int, int]] = []  # where each begins and ends, and what was left out up to its end
    at = gone = 0
    for found in _LINE_END.finditer(text):
        before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
        instead = "" if _is_wide(before) and _is_wide(after) else " "
        parts += [text[at : found.start()], instead]
        at = found.end()
        gone += len(found[0]) - len(instead)
        cuts.append((found.start(), at, gone))
    starts = [start for start, _, _ in cuts]

    def moved(place: int) -> int:
        number = bisect_left(starts, place)
        if not number:
            return place
        _, end, left_out = cuts[number - 1]
        return max(place, end) - left_out

    return "".join([*parts, text[at:]]), tuple((moved(a), moved(b)) for a, b in marks)


def written(text: str, spoken: Markup) -> Markup:
    """Return a text as HTML, in an element of its own where an attribute says its language."""
    return Markup("<span{}>{}</span>").format(spoken, text) if spoken else Markup.escape(text)
