"""A row of a table under its profile: its elements, its code from parts, its level, its persons, and what is left over."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archives.findings import Finding, Severity
from archives.message import Message, message
from archives.record.identifiers import archival_code_key
from archives.units.level_names import level_named
from archives.units.unit import Level
from formats.spreadsheet.cells import How
from ingest.profiles.binding import Binding, Place
from ingest.profiles.images import image_paths
from ingest.profiles.spec import ELEMENT_KEYS, FieldKind
from ingest.profiles.template import Template, plain_part
from ingest.profiles.values import folded_value, mapped
from ingest.sheets.doubts import doubts_of
from ingest.sheets.table import SheetCell, SheetRow
from ingest.tables.table import TableRow

_NAMES_DIVIDED = re.compile(r"[、，,;；/\n|]+")
_TELL_APART = frozenset(("JH", "SXH", "YH"))
"""Parts of a code that no two records share: 同上 says nothing there."""
_SAID_ELSEWHERE = ("BGQX", "ND")
"""Parts of a code that a table has for their own sake, whether or not codes are built from parts."""
_DOUBTFUL = frozenset((How.NO_VALUE, How.ERROR, How.ROUNDED, How.ODD, How.LONG, How.YEARLESS, How.DATE))
_WITHOUT_SERIES = (Level.FONDS, Level.SERIES)
_DAYS = frozenset(("date", "declassified_on"))
_NO_DAYS = ELEMENT_KEYS - _DAYS


@dataclass(frozen=True, slots=True)
class Field:
    """A field of records of one kind: what it is, its name, its text."""

    kind: FieldKind
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ProfiledRow:
    """What a row says; texts as written but for what a map stands for.

    ``level`` is one of ``Level``; ``code`` is empty where the row has none and its parts do not make one; ``parent`` is the
    code of the unit above where the profile says it, else empty; ``series`` that of the series, by the rule of the profile. ``values`` are by the keys of elements, without level and
    code; ``written`` what stood there, where a map changed it; ``cells`` the names of their cells. ``parts`` are those of the code as
    written. ``image``: paths divided by ``;``. ``rest`` are columns without an element.
    """

    file: str
    worksheet: str
    number: int
    level: str
    code: str
    parent: str
    values: Mapping[str, str]
    written: Mapping[str, str]
    cells: Mapping[str, str]
    parts: Mapping[str, str]
    fields: tuple[Field, ...]
    persons: tuple[tuple[str, str], ...]
    image: str
    item_count: str
    rest: tuple[tuple[str, str], ...]
    notes: tuple[Finding, ...]
    is_hidden: bool = False
    series: str = ""


def read_row(row: TableRow, binding: Binding) -> ProfiledRow:
    """Return what a row says under a profile that was laid on its table."""
    return _Row(row, binding).read()


class _Row:
    """Reads one row, and remembers which of its cells were used."""

    __slots__ = ("_binding", "_cells", "_notes", "_row", "_used", "_written")

    def __init__(self, row: TableRow, binding: Binding) -> None:
        self._row, self._binding = row, binding
        self._used: set[int] = set()
        self._written: dict[str, str] = {}
        self._cells: dict[str, str] = {}
        self._notes: list[Finding] = []

    def read(self) -> ProfiledRow:
        row, binding = self._row, self._binding
        values = {key: text for key, place in binding.elements.items() if (text := self._text(key, place))}
        if row.hows and self._is_ditto("code"):
            values.pop("code", None)
        level_text = self._text("level", binding.level)
        parts = self._parts()
        level = self._level(level_text, parts)
        stated = values.pop("code", "")
        code = stated or self._built(binding.codes, level, parts)
        self._compare(stated, parts)
        if not code:
            self._missing_parts(level, parts)
        image = self._image()
        fields = tuple(self._fields())
        self._compose(values, fields, parts)
        if "title" not in values and (cell := self._empty_cell(binding.elements.get("title"))):
            self._cells["title"] = cell
        return ProfiledRow(
            row.columns.file,
            row.columns.worksheet,
            row.number,
            level,
            code,
            "" if stated and not binding.says_parents else self._built(binding.parents, level, parts),
            values,
            self._written,
            self._cells,
            parts,
            fields,
            (
                *_names("人名", values.get("persons", "")),
                *(n for f in fields if f.kind == "person" for n in _names(f.name, f.text)),
            ),
            image,
            values.pop("item_count", ""),
            tuple(self._rest(fields, is_built=not stated)),
            (*self._notes, *(_about_cells(row, self._cells) if row.hows else ())),
            row.is_hidden,
            "" if level in _WITHOUT_SERIES else self._built(binding.codes, Level.SERIES, parts),
        )

    def _text(self, key: str, place: Place) -> str:
        """Return the text of an element, put through its map; its cells are used."""
        row = self._row
        for way in place.ways:
            texts = [(n, text) for n in way if (text := row.text(n))]
            if not texts:
                continue
            self._used.update(n for n, _ in texts)
            self._cells[key] = row.cell_name(texts[0][0])
            text = place.join.join(dict.fromkeys(text for _, text in texts)) if len(texts) > 1 else texts[0][1]
            return self._mapped(key, text, place.values) if place.values is not None else text
        return place.otherwise

    def _mapped(self, key: str, text: str, values: Mapping[str, str]) -> str:
        found = mapped(text, values)
        if found is None:
            said = message(
                "对照表中没有值“{text}”，照录",
                "the value “{text}” is not in the map of the profile and is kept as written",
                text=text,
            )
            self._warn("value-not-in-map", said, self._cells[key])
            return text
        if found != text:
            self._written[key] = text
        return found

    def _parts(self) -> Mapping[str, str]:
        """Return the parts of the code; 同上 is none for what tells records apart."""
        row = self._row
        answer: dict[str, str] = {}
        for name, place in self._binding.parts.items():
            text = place.otherwise
            for way in place.ways:
                found = "".join(t for n in way if (t := row.text(n)))
                if found and not (row.hows and name in _TELL_APART and row.hows.get(way[0]) is How.DITTO):
                    text = found
                    self._cells[f"part {name}"] = row.cell_name(way[0])
                    break
            if place.values is not None and text:
                text = mapped(text, place.values) or text
            if text:
                answer[name] = text
        return answer

    def _level(self, text: str, parts: Mapping[str, str]) -> str:
        rule = self._binding.rule
        if text:
            found = rule.values.get(folded_value(text)) or level_named(text)
            if found:
                return found
            said = message("不认识的层级“{text}”", "“{text}” is no level that is known", text=text)
            self._warn("level-unreadable", said, self._cells.get("level"))
        if self._binding.level_of_table:
            return self._binding.level_of_table
        return next((level for level, names in rule.filled or () if all(map(parts.get, names))), rule.constant)

    def _built(self, templates: Mapping[str, tuple[Template, ...]], level: str, parts: Mapping[str, str]) -> str:
        return next((code for one in templates.get(level, ()) if (code := one.code(parts))), "")

    def _missing_parts(self, level: str, parts: Mapping[str, str]) -> None:
        """Note which parts are wanting for the code that comes nearest; where codes have a column, that it is empty."""
        in_code = self._empty_cell(self._binding.elements.get("code"))
        templates = self._binding.codes.get(level, ()) if in_code is None else ()
        nearest = min(templates, key=lambda one: sum(not parts.get(part) for part in one.needed), default=None)
        if nearest and any(parts.get(part) for part in nearest.needed if part not in _SAID_ELSEWHERE):
            wanting = [part for part in nearest.needed if not parts.get(part)]
            said = message(
                "档号缺少组成部分：{parts}", "parts of the archival code are missing: {parts}", parts=", ".join(wanting)
            )
            self._warn("code-part-missing", said, self._empty_cell(self._binding.parts.get(wanting[0])))
        else:
            self._warn("code-missing", message("缺少档号", "the archival code is missing"), in_code)

    def _empty_cell(self, place: Place | None) -> str | None:
        """Return the name of the cell in which a text should stand; None where no column is for it."""
        return self._row.cell_name(place.ways[0][0]) if place is not None and place.ways else None

    def _compare(self, stated: str, parts: Mapping[str, str]) -> None:
        """Note a part that says otherwise than the code beside it; it stays among the rest."""
        if not stated:
            return
        key = archival_code_key(stated)
        tokens = {_number(one) for one in re.split(r"[-·]", key)}
        for name in ("QZH", "MLH", "AJH", "JH"):
            part = parts.get(name, "")
            if not part or f"part {name}" not in self._cells:
                continue
            plain = archival_code_key(plain_part(part))
            if _number(plain) in tokens or plain in key:
                self._use_part(name)
            elif name != "JH":  # which may be the number of a line in a list
                said = message(
                    "与档号 {code} 不一致：{part}",
                    "it is not what the archival code {code} says: {part}",
                    code=stated,
                    part=part,
                )
                self._warn("code-differs-from-parts", said, self._cells[f"part {name}"])

    def _use_part(self, name: str) -> None:
        row = self._row
        way = next((way for way in self._binding.parts[name].ways if any(map(row.text, way))), ())
        self._used.update(way)

    def _image(self) -> str:
        place = self._binding.image
        text = self._text("image", place)
        if not text:
            return ""
        paths = image_paths(text, self._binding.cut)
        if not paths:
            said = message("不能用作路径：{text}", "this cannot be a path: {text}", text=text)
            self._warn("image-path-unusable", said, self._cells.get("image"))
        joined = ";".join(paths)
        if joined != text:
            self._written["image"] = text
        return joined

    def _fields(self) -> Iterator[Field]:
        for name, (kind, place) in self._binding.fields.items():
            if text := self._text(f"field {name}", place):
                yield Field(kind, name, text)

    def _compose(self, values: dict[str, str], fields: tuple[Field, ...], parts: Mapping[str, str]) -> None:
        """Put elements together that have no text of their own; what stands in no cell has no name of one."""
        for key, place in self._binding.elements.items():
            if place.compose is not None and key not in values:
                known = {**parts, **{one.name: one.text for one in fields}}
                if text := place.compose.code(known):
                    values[key] = text

    def _rest(self, fields: tuple[Field, ...], *, is_built: bool) -> Iterator[tuple[str, str]]:
        yield from ((one.name, one.text) for one in fields if one.kind != "person")
        if is_built:
            for name in self._binding.parts:
                self._use_part(name)
        row, used = self._row, self._used
        for place, heading in enumerate(self._binding.headings):
            if place not in used and (text := row.text(place)):
                yield heading if self._binding.is_exact else heading.rstrip(" *"), text

    def _is_ditto(self, key: str) -> bool:
        place = self._binding.elements.get(key)
        return place is not None and any(self._row.hows.get(n) is How.DITTO for way in place.ways for n in way)

    def _warn(self, code: str, said: Message, cell: str | None) -> None:
        row = self._row
        self._notes.append(Finding(code, Severity.WARNING, said, row.columns.file, row.number, cell))


def _about_cells(row: TableRow, named: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is doubtful about cells that were not simply written: errors, values not saved, digits not seen."""
    fields = {cell: key for key, cell in named.items() if " " not in key}
    cells: dict[str, SheetCell] = {}
    for place, how in row.hows.items():
        if how in _DOUBTFUL:
            name = row.cell_name(place)
            heading = row.columns.headings[place] if place < len(row.columns.headings) else name
            cells[fields.get(name, heading)] = SheetCell(row.texts[place], name, how)
    found = SheetRow(row.number, cells)
    yield from doubts_of(found, sheet=row.columns.file, dates=_DAYS, identifiers=(), known=_NO_DAYS) if cells else ()


def _number(part: str) -> str:
    return part.lstrip("0") or part


def _names(role: str, text: str) -> list[tuple[str, str]]:
    return [(role, name) for one in _NAMES_DIVIDED.split(text) if (name := one.strip())] if text else []
