"""What stands under the headings of a table, found in one reading: records, what is none, and where another list begins.

Printed catalogues have several lists under one another, each with its title, its labels (案卷号：16) and its headings.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from archives.units.level_names import level_named
from archives.units.unit import Level
from ingest.sheets.grid import GridRow, cell_text
from ingest.sheets.headings import field_of, fold_heading
from ingest.sheets.layout import is_beside_records, may_be_title, second_headings
from ingest.tables.above import are_labels, labels_above, volume_title
from ingest.tables.surveyed import Block, Survey

_LEVEL_HEADINGS = frozenset(("级别", "类型", "级次", "著录单位", "档案类型", "记录类型", "type", "recordtype", "kind"))
"""Headings under which levels stand in some tables, and something else in others."""
_MOSTLY = 0.9
_NUMBERS = ("code", "sequence", "level")
_LINES = ("序号", "行号", "no")
_TELL_APART = ("code", "sequence", "part AJH", "part JH", "part SXH", "part ZH", *_LINES)
"""What tells records apart: below a row that has it, a title alone is the rest of its own."""
_COUNTS = ("pages", "item_count")
_COUNT = re.compile(r"[\d,.]+\s*[页件卷张份]?")
_SECTION = re.compile(
    r"[（(]?[一二三四五六七八九十]+[)）、.．].*|.{1,8}(?:类|部分)|[\d一二三四五六七八九〇○零]{4}年度?"
)
_OF_TOTALS = re.compile("计|总数|共|tot|sub|gra|sum", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LEAST_HAN = 6
_LEAST_HEADINGS = 3
_IS_VALUE = re.compile(r"[\d:：]|.{17}", re.DOTALL)
_TOLD_TEXT = 40


def survey(
    rows: Iterable[GridRow],
    headings: Sequence[str],
    names: Mapping[str, str],
    titles: Iterable[str],
    first_line: GridRow | None = None,
) -> Survey:
    """Read what stands below headings (``names``: folded heading to field); ``titles`` are the texts above them.

    ``first_line`` is the upper row of headings that have two.
    """
    reading = _Reading(headings, names, frozenset(map(_tight, titles)), first_line)
    for row in rows:
        reading.take(row)
    return reading.end()


class _Reading:
    """What is known while the rows pass: those that may be the title of a list that begins are kept until it is plain."""

    def __init__(
        self, headings: Sequence[str], names: Mapping[str, str], titles: frozenset[str], first_line: GridRow | None
    ) -> None:
        self._names, self._titles, self._upper = (
            names,
            titles,
            [*map(cell_text, first_line.cells)] if first_line else [],
        )
        self._above: GridRow | None = None
        self._waiting: list[GridRow] = []
        self._labels: dict[str, str] = {}
        self._record: int | None = None
        self._newest = 0
        self._first: int | None = None
        self.found = Survey()
        self._levels: dict[int, dict[str, int]] = {}
        self._under(headings)

    def _under(self, headings: Sequence[str]) -> None:
        self._headings = headings
        self._tight = [*map(_tight, headings)]
        self._fields = [field_of(one, self._names) or fold_heading(one) for one in headings]
        titles = [place for place, one in enumerate(self._fields) if one == "title"]
        self.found.title = titles[0] if len(titles) == 1 and not self.found.blocks else self.found.title
        self._title = titles[0] if len(titles) == 1 else None
        if "level" not in self._fields and not self.found.blocks:
            self._levels = {n: {} for n, one in enumerate(headings) if fold_heading(one) in _LEVEL_HEADINGS}

    def take(self, row: GridRow) -> None:
        """Take in the next row."""
        texts = [*map(cell_text, row.cells)]
        filled = [(place, text) for place, text in enumerate(texts) if text]
        self._first = self._first or row.number
        above, self._above = self._above, None
        if above and (two := second_headings(above, row, self._names)):
            self._pass(row)
            self._take_second(two)
            return
        is_beside = self._may_be_beside(row.number, filled) and is_beside_records(row, self._headings, self._first)
        if is_beside and filled[0][0] == self._title and may_be_title([text for _, text in filled]):
            if len(filled) == 1:
                self._guess(row)
                return
            is_beside = False
        if is_beside:
            self._pass(row)
            if self._is_head(filled):
                self._begin(row)
        elif are_labels([text for _, text in filled], self._names):
            self._labels |= labels_above([row])
            self._pass(row)
            self._begin(row)
        elif (is_upper := texts == self._upper) or are_other_headings([one for _, one in filled], self._names):
            self._pass(row)
            self._begin(row, None if is_upper else tuple(texts))
            self._above = row
        elif len(filled) == 1 and self._take_alone(row, *filled[0]):
            return
        elif self._counts_only(filled):
            self._guess(row)
        else:
            self._settle()
            is_numbered = any(place < len(self._fields) and self._fields[place] in _TELL_APART for place, _ in filled)
            self._record, self._newest = row.number if is_numbered else None, row.number
            for place, counted in self._levels.items():
                if place < len(texts) and (text := texts[place]):
                    counted[text] = counted.get(text, 0) + 1

    def end(self) -> Survey:
        """Return what was found."""
        self._settle()
        self.found.level = next((place for place, texts in self._levels.items() if _are_levels(texts)), None)
        return self.found

    def _may_be_beside(self, number: int, filled: Sequence[tuple[int, str]]) -> bool:
        """Say quickly whether a row can be none of a record: headings again, their numbers, a total, a signature."""
        place, text = filled[0]
        is_heading = place < len(self._tight) and _tight(text) == self._tight[place]
        is_signed = ":" in text or "：" in text or text[:1] == "第" or text[:4].lower() == "page"
        if number == self._first or len(filled) == 1 or is_heading or is_signed:
            return True
        return _OF_TOTALS.search("".join(text for _, text in filled)) is not None

    def _take_alone(self, row: GridRow, place: int, text: str) -> bool:
        """Take in a row of one text that is no record, or may be none."""
        if _tight(text) in self._titles:
            self._pass(row)
        elif place == self._title and self._title and self._record and self._newest == row.number - 1:
            self._newest = row.number
            if _SECTION.fullmatch(text):
                self._guess(row)
                return True
            before = self.found.continued.get(self._record, "")
            self.found.continued[self._record] = before + text
            self.found.beside.add(row.number)
            self.found.joined.append(_told(row))
        elif place == 0 and place != self._title:
            self._waiting.append(row)
        else:
            return False
        return True

    def _is_head(self, filled: Sequence[tuple[int, str]]) -> bool:
        """Say whether a row that is none of a record is the headings again, above which titles and labels may stand."""
        pairs = [(place, fold_heading(text)) for place, text in filled]
        return len(pairs) > 1 and all(
            place < len(self._headings) and text == fold_heading(self._headings[place]) for place, text in pairs
        )

    def _begin(self, row: GridRow, headings: tuple[str, ...] | None = None) -> None:
        """Let another list begin, of which the rows that wait are the titles."""
        if title := volume_title(labels_above(self._waiting).items()):
            self._labels.setdefault("案卷题名", title)
        self._take_waiting()
        is_new = bool(self._labels) or headings is not None
        if headings is not None:
            self._under(headings)
        if is_new:
            own = tuple(self._headings) if headings is not None or self._has_own() else None
            self.found.blocks.append(Block(row.number, dict(self._labels), own))
        self._labels = {}
        self._record = None

    def _take_second(self, headings: tuple[str, ...]) -> None:
        """Take the lower line of headings in, whose upper one was the row before."""
        if self._has_own() and headings != tuple(self._headings):
            self._under(headings)
            self.found.blocks[-1] = replace(self.found.blocks[-1], headings=headings)

    def _has_own(self) -> bool:
        return bool(self.found.blocks) and self.found.blocks[-1].headings is not None

    def _take_waiting(self) -> None:
        for one in self._waiting:
            self._pass(one)
        self._waiting = []

    def _settle(self) -> None:
        """Take what waited for a list that did not begin as what it is by itself: a note in a column of numbers, or a record."""
        for one in self._waiting:
            heading = self._fields[0] if self._fields else ""
            is_number = heading in (*_NUMBERS, *_LINES) or heading.startswith("part ")
            if is_number and len(_HAN.findall(cell_text(one.cells[0]))) >= _LEAST_HAN:
                self._guess(one)
        self._waiting = []

    def _counts_only(self, filled: Sequence[tuple[int, str]]) -> bool:
        return all(
            place < len(self._fields) and self._fields[place] in _COUNTS and _COUNT.fullmatch(text)
            for place, text in filled
        )

    def _pass(self, row: GridRow) -> None:
        self.found.beside.add(row.number)
        self.found.plain.append(row.number)

    def _guess(self, row: GridRow) -> None:
        self.found.beside.add(row.number)
        self.found.guessed.append(_told(row))


def are_other_headings(texts: Sequence[str], names: Mapping[str, str]) -> bool:
    """Say whether the texts of a row among records are headings, whatever stands above them."""
    if len(texts) < _LEAST_HEADINGS or any(map(_IS_VALUE.search, texts)):
        return False
    known = {found for text in texts if (found := field_of(text, names))}
    return len(known) >= _LEAST_HEADINGS and len(known) * 2 > len(texts)


def _told(row: GridRow) -> str:
    texts = [text for cell in row.cells if (text := cell_text(cell))]
    return f"{row.number} “{' '.join(texts)[:_TOLD_TEXT]}”"


def _tight(text: str) -> str:
    return "".join(text.split())


def _are_levels(texts: Mapping[str, int]) -> bool:
    """Say whether a column that may say the level does: nearly all of it are levels, and not all words of something else, too."""
    levels = {text: level for text in texts if (level := level_named(text))}
    named = sum(texts[text] for text in levels)
    is_plain = len({*levels.values()}) > 1 or any(
        level in (Level.FONDS, Level.FILE) or text[0] == "件" for text, level in levels.items() if not text.isascii()
    )
    return named > 0 and named >= _MOSTLY * sum(texts.values()) and is_plain
