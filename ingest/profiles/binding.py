"""A profile laid on the columns of one table: where each of its texts stands there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ingest.profiles.codes.template import Template
from ingest.profiles.spec import FieldKind, LevelRule, Source, Spec
from ingest.profiles.values import unit_of_heading
from ingest.sheets.headings import field_of, fold_heading, spans_in
from ingest.tables.table import Columns

_SPANS = ("date", "page_range")
"""Elements that two columns under one heading are together, the first and the last."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: ways as in ``Source``, each of the places of its columns (from 0).

    ``values`` is the map that it goes through; ``otherwise`` what it is where no cell has any, ``compose`` what it is made of.
    """

    ways: tuple[tuple[int, ...], ...]
    join: str
    otherwise: str = ""
    values: Mapping[str, str] | None = None
    compose: Template | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """A profile laid on a table, with what is usual where it says nothing.

    ``level_of_table`` is what the name of the table says, if it says one. ``parents`` count beside a code that stands in
    the table only where the profile itself says them (``says_parents``). ``units`` are those that headings say, by the
    places of their columns.
    """

    elements: Mapping[str, Place]
    parts: Mapping[str, Place]
    fields: Mapping[str, tuple[FieldKind, Place]]
    image: Place
    level: Place
    level_of_table: str
    headings: tuple[str, ...]
    rule: LevelRule
    codes: Mapping[str, tuple[Template, ...]]
    parents: Mapping[str, tuple[Template, ...]]
    says_parents: bool
    cut: tuple[str, ...]
    units: Mapping[int, str]
    is_exact: bool = False


def bind(spec: Spec, columns: Columns, usual: Spec) -> Binding:
    """Lay a profile on the columns of a table; what it does not say stands under the ``usual`` headings."""
    table = _Table(columns, usual)
    others = usual if spec.usual else None
    elements = _places(table, spec.elements, others.elements if others else {}, spec)
    parts = _places(table, spec.parts, others.parts if others else {}, spec)
    fields = {key: (one.kind, table.place(one.source, spec)) for key, one in spec.fields.items()}
    image = spec.images.source if spec.images.source.ways or not others else others.images.source
    level = spec.level.source if spec.level.source.ways or not others else Source()
    level_place = table.place(level, spec) if level.ways else elements.get("level", Place((), ""))
    if not level_place.ways and columns.level_heading:
        level_place = table.place(Source(((columns.level_heading,),)), spec)
    taken = {
        place
        for one in (*elements.values(), *parts.values(), *(p for _, p in fields.values()))
        for way in one.ways
        for place in way
    }
    if others:
        for key, place in table.named_in_two_ways(taken, others).items():
            elements.setdefault(key, place)
    rule = (
        spec.level if spec.level.filled is not None or not others else replace(spec.level, filled=others.level.filled)
    )
    return Binding(
        {key: place for key, place in elements.items() if key != "level"},
        parts,
        fields,
        table.place(image, spec),
        level_place,
        _level_of_table(spec, columns, others),
        columns.headings,
        rule,
        _codes(spec, others, rule, parts),
        _parents(spec, others),
        bool(spec.parents),
        spec.images.cut,
        {} if spec.is_exact else {n: unit for n, one in enumerate(columns.headings) if (unit := unit_of_heading(one))},
        spec.is_exact,
    )


def _codes(
    spec: Spec, usual: Spec | None, rule: LevelRule, parts: Mapping[str, Place]
) -> Mapping[str, tuple[Template, ...]]:
    """Return the templates of codes by level.

    Where every row is an item, and no column tells those of one volume apart, a volume is one item (a house, a person).
    """
    codes = {**(usual.codes if usual else {}), **spec.codes}
    tells_apart = parts.keys() & {"JH", "YH"}
    if rule.filled == () and rule.constant == "件" and "件" not in spec.codes and not tells_apart:
        codes["件"] = (*codes.get("件", ()), *codes.get("案卷", ()))
    return codes


def _parents(spec: Spec, usual: Spec | None) -> Mapping[str, tuple[Template, ...]]:
    """Return the templates of the unit above; an item of a volume has that of the profile's volumes."""
    if spec.parents:
        return spec.parents
    if "案卷" in spec.codes:
        return {"件": spec.codes["案卷"]}
    return usual.parents if usual and not spec.codes else {}


class _Table:
    """The headings of a table as they are compared.

    What stands above them is what rows have that say nothing themselves, but for the title of their volume: that is no
    title of theirs, and stays beside.
    """

    def __init__(self, columns: Columns, usual: Spec) -> None:
        self._columns = columns
        self._folded = [fold_heading(one) for one in columns.headings]
        self._spans = spans_in(columns.headings)
        self._above = {fold_heading(label): value for label, value in columns.above.items()}
        titles = {fold_heading(one) for one in usual.elements["title"].columns}
        for place in range(len(columns.headings) - len(columns.labelled), len(columns.headings)):
            if self._folded[place] in titles:
                self._above.pop(self._folded[place], None)
                self._folded[place] = ""

    def place(self, source: Source, spec: Spec) -> Place:
        """Return where the columns of a source stand; of a way of several those that are there count."""
        return self._place(source, spec, {})

    def span(self, source: Source, spec: Spec) -> Place:
        """Return where the columns of a source stand; two under a heading that it names are one way together."""
        return self._place(source, spec, self._spans)

    def named_in_two_ways(self, taken: set[int], usual: Spec) -> Mapping[str, Place]:
        """Return where elements stand whose headings say them in two languages (``题名 / Title``)."""
        names = {fold_heading(one): key for key, source in usual.elements.items() for one in source.columns}
        found: dict[str, Place] = {}
        for place, heading in enumerate(self._columns.headings):
            if place not in taken and self._folded[place] and (key := field_of(heading, names)):
                way = (place, place + 1) if key in _SPANS and place in self._spans else (place,)
                found.setdefault(key, Place((way,), usual.elements[key].join))
        return found

    def _place(self, source: Source, spec: Spec, spans: Mapping[int, str]) -> Place:
        ways: list[tuple[int, ...]] = []
        for way in source.ways:
            places = [[n for n, one in enumerate(self._folded) if one == fold_heading(column)] for column in way]
            if len(way) == 1:
                both = [(n, n + 1) for n, over in spans.items() if over == fold_heading(way[0])]
                ways += [*both, *((n,) for n in places[0] if not any(n in one for one in both))]
            elif any(places):
                ways.append(tuple(found[0] for found in places if found))
        above = next((value for one in source.columns if (value := self._above.get(fold_heading(one)))), "")
        return Place(tuple(ways), source.join, source.constant or above, spec.maps.get(source.map), source.compose)


def _places(table: _Table, own: Mapping[str, Source], usual: Mapping[str, Source], spec: Spec) -> dict[str, Place]:
    sources = {**usual, **own}
    found = {key: (table.span if key in _SPANS else table.place)(source, spec) for key, source in sources.items()}
    return {key: place for key, place in found.items() if place.ways or place.otherwise or place.compose}


def _level_of_table(spec: Spec, columns: Columns, usual: Spec | None) -> str:
    rule = spec.level.tables
    if rule is None:
        rule = (usual.level.tables if usual else None) or {}
    return _said(rule, columns.worksheet) or _said(rule, columns.file)


def _said(rule: Mapping[str, str], name: str) -> str:
    levels = {level for word, level in rule.items() if word.lower() in name.lower()}
    return levels.pop() if len(levels) == 1 else ""
