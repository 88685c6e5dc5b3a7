"""Dirt planted in a county's tables: kinds that practice knows, each at rows drawn by the seed, and what is to be told of it.

A kind lies in rows of its own. What a planted row says of its neighbours (a number that is missing behind it) is avoided by where it
lies: at the last item of a volume, in a volume that does not say how many items it has.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.support.county import FILED, ITEMS, MARRIAGES, OTHERS, VOLUMES, County, CountyTable, Row

Place = tuple[str, int]
"""The name of a file and the number of a row in it."""
MOST_OF_A_KIND = 3
_REFUSED = "security-unknown"
"""Rows of which nobody can tell whether they are secret are no dirt: they stay out, and their number is told."""
Change = Callable[[Row, Sequence[Row]], Row | None]
"""What becomes of a volume and its items: returns the row that was changed, None where this volume does not suit."""


@dataclass(slots=True)
class Planted:
    """What was planted: of each kind how often, the rows that were touched, and those that lie in files no longer."""

    counts: Counter[str] = field(default_factory=Counter)
    rows: list[tuple[CountyTable, Row]] = field(default_factory=list)
    refused: int = 0

    def places(self) -> set[Place]:
        """Return where the rows stand, once the tables are written."""
        return {(table.path.name, table.places[id(row)]) for table, row in self.rows}


def plant(county: County, seed: int) -> Planted:
    """Plant every kind that these tables can hold, at least thirty, each one to three times."""
    return _Planting(county, random.Random(seed)).planted


class _Planting:
    def __init__(self, county: County, chance: random.Random) -> None:
        self.planted = Planted()
        self._chance = chance
        self._county = county
        volumes, items = county.tables[VOLUMES], county.tables[ITEMS]
        of: dict[str, list[Row]] = {}
        for row in items.rows:
            of.setdefault(row["code"].rpartition("-")[0], []).append(row)
        self._volumes = [(row, of[row["code"]]) for row in volumes.rows[1:-1]]
        chance.shuffle(self._volumes)
        pools = {kind: county.tables[kind].rows[3:-3] for kind in (FILED, MARRIAGES, OTHERS)}
        ends = {row["code"].rpartition("-")[0]: id(row) for row in county.tables[FILED].rows}
        self._ends = [row for row in pools[FILED] if id(row) in ends.values()]
        pools[FILED] = [row for row in pools[FILED] if id(row) not in ends.values()]
        self._pools = {kind: chance.sample(rows, len(rows)) for kind, rows in pools.items()}
        chance.shuffle(self._ends)
        self._cells()
        self._of_volumes()
        self._of_structure()

    def _some(self) -> range:
        return range(self._chance.randint(1, MOST_OF_A_KIND))

    def _tell(self, kind: str, table: CountyTable, row: Row) -> None:
        self.planted.counts[kind] += 1
        self.planted.rows.append((table, row))

    def _cells(self) -> None:
        """Plant what shows in a cell by itself, in tables of records without volumes."""
        for kind, one, column, change, unfit in _CELLS:
            tables = [self._county.tables[name] for name in one]
            fitting = [table for table in tables if column in table.columns and table.form not in unfit]
            if not fitting:
                continue
            for _ in self._some():
                table = self._chance.choice(fitting)
                row = self._pools[table.kind].pop()
                row[column] = change(row[column])
                if kind == _REFUSED:
                    self.planted.refused += 1
                else:
                    self._tell(kind, table, row)
        for kind in (FILED, MARRIAGES, OTHERS):
            table = self._county.tables[kind]
            if table.form in ("xlsx", "xls"):
                row = self._pools[kind].pop()
                table.hidden.add(id(row))
                self._tell("row-hidden", table, row)
        marriages = self._county.tables[MARRIAGES]
        first = marriages.rows[0]
        first["note"] = "同上"
        self._tell("nothing-above", marriages, first)
        self._tell_codes()

    def _tell_codes(self) -> None:
        """Plant what is wrong with codes, where no number is missing for it: at the last of their series."""
        filed, others = self._county.tables[FILED], self._county.tables[OTHERS]
        doubled = self._pools[OTHERS].pop()
        copy = {**doubled, "note": ""}
        others.rows.insert(others.rows.index(doubled) + 1, copy)
        self._tell("code-twice", others, copy)
        for _ in self._some():
            bare = self._ends.pop()
            bare["code"] = ""
            self._tell("code-missing", filed, bare)
        for _ in self._some():
            stray = self._ends.pop()
            stray["code"] = stray["code"].replace(filed.fonds, self._county.fonds[0], 1)
            self._tell("fonds-differs", filed, stray)
        if filed.form != "dbf":
            for _ in self._some():
                wide = self._ends.pop()
                wide["code"] = wide["code"].replace(filed.fonds, "".join(map(_full_width, filed.fonds)))
                self._tell("code-written-otherwise", filed, wide)

    def _of_volumes(self) -> None:
        """Plant what does not go together in a volume: at its last item, where it says nothing of their number."""
        volumes, items = self._county.tables[VOLUMES], self._county.tables[ITEMS]
        for kind, change in self._changes(volumes, items):
            for _ in self._some():
                volume, own = self._volumes.pop()
                volume["items"] = ""
                if (row := change(volume, own)) is not None:
                    self._tell(kind, volumes if row is volume else items, row)

    def _changes(self, volumes: CountyTable, items: CountyTable) -> Iterator[tuple[str, Change]]:
        has_parts = "item" in items.columns and "code" not in items.columns
        yield from _IN_ITEMS.items()
        if has_parts:
            yield "code-part-missing", lambda _, own: _set(own[-1], item="")
        if "first" in volumes.columns:
            yield "date-reversed", lambda volume, _: _set(volume, first=volume["last"], last=volume["first"])
        else:
            yield "date-reversed", lambda volume, _: _set(volume, dates=f"{volume['last']}—{volume['first']}")

    def _of_structure(self) -> None:
        """Plant what shows between rows: items without volume, volumes without items, numbers that are missing or too many."""
        volumes, items = self._county.tables[VOLUMES], self._county.tables[ITEMS]
        lost, own = self._volumes.pop()
        volumes.rows.remove(lost)
        for row in own:
            self._tell("volume-missing", items, row)
        self.planted.counts["number-gap"] += 1  # of the volume that is missing: told at the one after it
        self.planted.rows.append((volumes, next(row for row in volumes.rows if row["code"] > lost["code"])))
        empty, own = self._volumes.pop()
        for row in own:
            items.rows.remove(row)
        self._tell("items-missing", volumes, empty)
        wrong, _ = self._volumes.pop()
        wrong["items"] = str(int(wrong["items"]) + 2)
        self._tell("item-count-differs", volumes, wrong)
        for _ in self._some():
            volume, own = self._volumes.pop()
            volume["items"] = ""
            items.rows.remove(own[1])
            self._tell("number-gap", items, own[2])
            if _says_otherwise(own[0], own[2]):
                self._tell("pages-differ", items, own[0])


def _says_otherwise(before: Row, after: Row) -> bool:
    """Say whether an item of which only the first page is written no longer ends where the next one begins."""
    first, pages = before["range"], int(before["pages"])
    between = int(after["first_page"]) - int(before["first_page"])
    return "-" not in first and pages not in (between, between + 1)


def _set(row: Row, **values: str) -> Row:
    row.update(values)
    return row


def _full_width(sign: str) -> str:
    return chr(ord(sign) + 0xFEE0)


def _other_year(text: str, years: int) -> str:
    year = next(text[at : at + 4] for at in range(len(text)) if text[at : at + 4].isdecimal())
    return text.replace(year, str(int(year) + years), 1)


def _shorter(volume: Row, own: Sequence[Row]) -> Row | None:
    return _set(own[-1], retention="短期") if volume["retention"] == "永久" else None


def _longer(volume: Row, own: Sequence[Row]) -> Row | None:
    return _set(own[-1], retention="永久") if volume["retention"] != "永久" else None


def _wrong_count(_: Row, own: Sequence[Row]) -> Row:
    first = int(own[0]["first_page"])
    return _set(own[0], range=f"{first}-{first + int(own[0]['pages'])}")


def _beyond(volume: Row, own: Sequence[Row]) -> Row:
    own[-2]["pages"] = ""  # which would not reach to the page of the last
    return _set(own[-1], range=str(int(volume["pages"]) + 40), pages="")


def _reversed_pages(_: Row, own: Sequence[Row]) -> Row:
    first = int(own[-1]["first_page"])
    return _set(own[-1], range=f"{first + 2}-{first}")


_ALL, _BINARY = (FILED, MARRIAGES, OTHERS), ("dbf",)
_CELLS: Sequence[tuple[str, Sequence[str], str, Callable[[str], str], Sequence[str]]] = (
    ("title-missing", (FILED,), "title", lambda _: "", ()),
    ("date-impossible", _ALL, "date", lambda text: f"{text[:4]}0231", ()),
    ("date-unreadable", _ALL, "date", lambda _: "某年春", ()),
    ("date-in-future", (MARRIAGES,), "date", lambda text: f"2093{text[4:]}", ()),
    ("year-differs", (OTHERS,), "year", lambda text: str(int(text) - 7), ()),
    ("year-unreadable", (OTHERS,), "year", lambda _: "甲子", ()),
    ("document-number-differs", (FILED,), "number", lambda text: _other_year(text, -6), ()),
    ("code-differs", (FILED,), "retention", lambda text: "10年" if text != "10年" else "永久", ()),
    ("pages-none", (FILED,), "pages", lambda _: "0", ()),
    ("pages-unreadable", (FILED,), "pages", lambda _: "若干", ()),
    ("retention-unreadable", (FILED,), "retention", lambda _: "看情况", ()),
    (_REFUSED, (FILED,), "security", lambda _: "丙级", ()),
    ("language-unreadable", (FILED,), "language", lambda _: "火星语", ()),
    ("line-breaks", (FILED,), "title", lambda text: text.replace("关于", "关于\n", 1), _BINARY),
    ("characters-forbidden", (FILED,), "title", lambda text: f"{text}<草稿>", ()),
    ("characters-unseen", _ALL, "note", lambda _: "原件\u200b破损", _BINARY),
    ("characters-private", _ALL, "note", lambda _: "\ue123图", _BINARY),
    ("characters-lost", _ALL, "note", lambda _: "水??记录", ()),
    ("spaces-doubled", (FILED,), "author", lambda text: f"{text}  办公室", ()),
    ("digits-lost", _ALL, "note", lambda _: "4.40E+17", ()),
    ("image-path-unusable", (FILED,), "image", lambda _: "..\\..\\windows\\x.pdf", ()),
    ("cell-error", _ALL, "note", lambda _: "#REF!", ("csv", "dbf", "xls", "ods")),
)
"""Kind, tables, column, what becomes of the cell, formats that cannot hold it or mean nothing by it."""
_IN_ITEMS: Mapping[str, Change] = {
    "date-outside-volume": lambda _, own: _set(own[-1], date=_other_year(own[-1]["date"], 3), number=""),
    "page-range-unreadable": lambda _, own: _set(own[-1], range="甲"),
    "page-range-reversed": _reversed_pages,
    "page-range-descends": lambda _, own: _set(own[-1], range="1"),
    "page-beyond-volume": _beyond,
    "retention-below-volume": _shorter,
    "retention-above-volume": _longer,
    "pages-differ": _wrong_count,
}
