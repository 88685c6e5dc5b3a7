"""A row of a table under its profile: its elements, its code from parts, its level, its persons, and what is left over."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archives.findings import Finding, Severity
from archives.message import Message, message
from archives.record.identifiers import archival_code_key
from archives.units.level_names import level_named
from archives.units.unit import Level
from formats.spreadsheet.cells import How
from ingest.profiles.binding import Binding, Place
from ingest.profiles.cells import doubtful_cells
from ingest.profiles.codes.parts import PART_NAMES, Built, built, wanting, whole_codes
from ingest.profiles.codes.template import Template, plain_part
from ingest.profiles.images import image_paths
from ingest.profiles.spec import FieldKind
from ingest.profiles.values import folded_value, mapped, with_unit
from ingest.tables.table import TableRow

_NAMES_DIVIDED = re.compile(r"[、，,;；/\n|]+")
_TELL_APART = frozenset(("JH", "SXH", "YH"))
"""Parts of a code that no two records share: 同上 says nothing there."""
_SAID_ELSEWHERE = ("BGQX", "ND")
"""Parts of a code that a table has for their own sake, whether or not codes are built from parts."""
_WITHOUT_SERIES = (Level.FONDS, Level.SERIES)
VolumeOf = Callable[[Mapping[str, str]], str]
"""Finds the code of the volume that the parts of an item's code mean, empty where that is not plain."""


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


def read_row(row: TableRow, binding: Binding, volume_of: VolumeOf | None = None) -> ProfiledRow:
    """Return what a row says under a profile that was laid on its table."""
    return _Row(row, binding, volume_of).read()


class _Row:
    """Reads one row, and remembers which of its cells were used."""

    __slots__ = ("_binding", "_cells", "_notes", "_row", "_used", "_volume_of", "_written")

    def __init__(self, row: TableRow, binding: Binding, volume_of: VolumeOf | None) -> None:
        self._row, self._binding, self._volume_of = row, binding, volume_of
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
        whole = whole_codes(parts)
        full = parts
        if level == "件" and not stated and "AJH" not in whole and (volume := self._volume(parts)):
            full, whole = {**parts, "AJH": volume}, whole | {"AJH"}
        own = Built() if stated else built(binding.codes.get(level, ()), full, whole)
        code = stated or own.code
        is_above_said = not stated or binding.says_parents or bool(whole - _TELL_APART)
        above = built(binding.parents.get(level, ()), full, whole).code if is_above_said else ""
        self._compare(code if stated or whole else "", parts)
        if not code:
            self._missing_parts([one.beginning_with(whole) for one in binding.codes.get(level, ())], full)
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
            above if above != code else "",
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
            tuple(self._rest(fields, own.parts, parts if not code else {})),
            (*self._notes, *(doubtful_cells(row, self._cells) if row.hows else ())),
            row.is_hidden,
            "" if level in _WITHOUT_SERIES else built(binding.codes.get(Level.SERIES, ()), full, whole).code,
        )

    def _text(self, key: str, place: Place) -> str:
        """Return the text of an element, put through its map; its cells are used."""
        row, units = self._row, self._binding.units
        for way in place.ways:
            texts = [(n, text) for n in way if (text := row.text(n))]
            if units and (key == "carrier" or key.startswith("field ")):
                texts = [(n, with_unit(text, units.get(n, ""))) for n, text in texts]
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

    def _volume(self, parts: Mapping[str, str]) -> str:
        """Return the code of the volume whose number alone a row has, where a list beside the table makes it plain."""
        return self._volume_of(parts) if self._volume_of and parts.get("AJH") else ""

    def _missing_parts(self, templates: Sequence[Template], parts: Mapping[str, str]) -> None:
        """Note which parts are wanting for the code that comes nearest; where codes have a column, that it is empty."""
        in_code = self._empty_cell(self._binding.elements.get("code"))
        found = wanting(templates if in_code is None else (), parts, apart=_SAID_ELSEWHERE)
        if found is None:
            self._warn("code-missing", message("缺少档号", "the archival code is missing"), in_code)
            return
        said = found.said({name: text for name, text in parts.items() if name not in _SAID_ELSEWHERE})
        cells = [self._cells[f"part {name}"] for name in parts if f"part {name}" in self._cells]
        empty = self._empty_cell(self._binding.parts.get(found.parts[0]))
        self._warn("code-part-missing", said, empty or next(iter(cells), None))

    def _empty_cell(self, place: Place | None) -> str | None:
        """Return the name of the cell in which a text should stand; None where no column is for it."""
        return self._row.cell_name(place.ways[0][0]) if place is not None and place.ways else None

    def _compare(self, stated: str, parts: Mapping[str, str]) -> None:
        """Note a part that says otherwise than the code beside it; it stays among the rest."""
        if not stated:
            return
        key = archival_code_key(stated)
        tokens = {_number(one) for one in re.split(r"[-·]", key)}
        for name in ("QZH", "MLH", "AJH", "ZH", "JH"):
            part = parts.get(name, "")
            if not part or f"part {name}" not in self._cells:
                continue
            plain = archival_code_key(plain_part(part))
            if _number(plain) in tokens or plain in key:
                self._use_part(name)
            elif name not in ("JH", "ZH"):  # the number of a line in a list, or of another arrangement
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
                if text := place.compose.text(known):
                    values[key] = text

    def _rest(
        self, fields: tuple[Field, ...], built_of: Sequence[str], parts: Mapping[str, str]
    ) -> Iterator[tuple[str, str]]:
        """Yield what is left over; ``parts`` are those of a code that could not be built, which may stand in no cell of the row."""
        yield from ((one.name, one.text) for one in fields if one.kind != "person")
        for name in built_of:
            self._use_part(name)
        row, used = self._row, self._used
        for place, (heading, text) in enumerate(zip(self._binding.headings, row.texts, strict=False)):
            if place not in used and text and (text := row.text(place)):
                yield heading if self._binding.is_exact else heading.rstrip(" *"), text
        for name, text in parts.items():
            if f"part {name}" not in self._cells and name not in _SAID_ELSEWHERE:
                yield PART_NAMES[name].zh if name in PART_NAMES else name, text

    def _is_ditto(self, key: str) -> bool:
        place = self._binding.elements.get(key)
        return place is not None and any(self._row.hows.get(n) is How.DITTO for way in place.ways for n in way)

    def _warn(self, code: str, said: Message, cell: str | None) -> None:
        row = self._row
        self._notes.append(Finding(code, Severity.WARNING, said, row.columns.file, row.number, cell))


def _number(part: str) -> str:
    return part.lstrip("0") or part


def _names(role: str, text: str) -> list[tuple[str, str]]:
    return [(role, name) for one in _NAMES_DIVIDED.split(text) if (name := one.strip())] if text else []
