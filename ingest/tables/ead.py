"""A finding aid in EAD as a table: a unit a row, in the columns of a catalogue that was exported.

What others wrote is read as far as it says the same; an element of EAD that has no place here stands beside the elements under
its own name, and is told.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from archives.exchange.ead3 import REPOSITORY, EadUnit
from archives.exchange.ead3_reader import read_ead
from archives.findings import Finding, note
from archives.message import listed, message
from archives.record.elements.kinds import Written
from archives.record.elements.table import ELEMENTS
from archives.record.identifiers import archival_code_key, reference_code
from archives.units.by_rule import key_by_rule
from archives.units.unit import Level
from ingest.tables.ead_words import marked_words, unjudged
from preservation.handouts.catalogue_sheet import catalogue_columns

ENDINGS = (".xml",)
_SINGLE = ("code", "title", "date")
_KEYS = {one.key: one for one in ELEMENTS if one.kind.parse}
_MANY = frozenset(one.key for one in ELEMENTS if not one.kind.parse)
_NAME = "名称"
_BY_RULE = (Level.FONDS, Level.SERIES)
_SAYS_NOTHING = frozenset(("dao", "daoset", "head"))


class EadTable:
    """A finding aid, read again for each question: its columns and what is to be told, what is marked beside its rows, its rows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._findings: list[Finding] = []
        beside: Counter[str] = Counter()
        keys: set[str] = set()
        for cells in self._units(self._findings, beside):
            keys |= cells.keys()
        self._columns = catalogue_columns(keys, "zh")
        self._marked = tuple(self._beside_rows())
        self._findings += _told(beside)

    @property
    def findings(self) -> Sequence[Finding]:
        """What could not be read, and what has no place of its own here."""
        return self._findings

    @property
    def marked(self) -> Sequence[tuple[str, str]]:
        """The words that are markings of state secrets and stand in no row, each with its place."""
        return self._marked

    def rows(self) -> Iterator[list[str]]:
        """Yield the headings, then a row a unit."""
        yield [column.heading for column in self._columns]
        for cells in self._units([], Counter()):
            yield [cells.get(column.key, "") for column in self._columns]

    def _beside_rows(self) -> Iterator[tuple[str, str]]:
        words = marked_words(self._path)
        yield from unjudged(words.get(-1, ()), {})
        if words.keys() - {-1}:
            for number, cells in enumerate(self._every([], Counter())):
                yield from unjudged(words.get(number, ()), cells)

    def _units(self, findings: list[Finding], beside: Counter[str]) -> Iterator[Mapping[str, str]]:
        return (cells for cells in self._every(findings, beside) if cells)

    def _every(self, findings: list[Finding], beside: Counter[str]) -> Iterator[Mapping[str, str]]:
        """Yield the cells of every unit; none of what stands above several fonds, and of what nobody described."""
        above: list[tuple[str, str]] = []
        with self._path.open("rb") as source:
            number = 1
            for depth, unit in read_ead(source, say=findings.append, subject=self._path.name):
                del above[depth:]
                if unit.level == REPOSITORY or unit.is_implied:
                    above.append(("", ""))
                    yield {}
                    continue
                number += 1
                unit_id, key = unit.unit_id or f"#{number}", archival_code_key(unit.code)
                parent_id, of_parent = above[-1] if depth else ("", "")
                is_told = bool(of_parent) and of_parent == _by_rule(unit)
                above.append((unit_id, key if unit.level in _BY_RULE else ""))
                facts = {"unit_id": unit_id, "level": unit.level, "parent_id": "" if is_told else parent_id}
                yield {**facts, **_cells(unit, beside)}


def _by_rule(unit: EadUnit) -> str:
    """Return the code of what stands above a unit by the rule of its own code, which need not be said."""
    return key_by_rule(reference_code(unit.code), Level(unit.level)) if unit.level in {*Level} else ""


def _cells(unit: EadUnit, beside: Counter[str]) -> Mapping[str, str]:
    cells: dict[str, str] = {}
    for key, values in unit.elements.items():
        texts = [one.text for one in values if one.text]
        if key in _KEYS and texts:
            cells[key] = texts[0] if key in _SINGLE else "；".join(texts)
            if key in _SINGLE and texts[1:]:
                cells[f"other:{_KEYS[key].label.zh} *"] = "\n".join(texts[1:])
        elif key in _MANY:
            _take_named(cells, key, values)
        elif texts and key == "state":
            cells[key] = texts[0]
        elif texts:
            beside[key] += 1
            cells[f"other:{key}"] = "\n".join(texts)
        elif not texts and key not in _SAYS_NOTHING:
            beside[f"{key}@"] += 1
    return cells


def _take_named(cells: dict[str, str], key: str, values: Sequence[Written]) -> None:
    for one in values:
        if one.text:
            place = f"{key}:{one.attributes.get(_NAME, '')}"
            cells[place] = f"{cells[place]}\n{one.text}" if place in cells else one.text


def _told(beside: Counter[str]) -> Iterator[Finding]:
    texts = [f"{key} ({n})" for key, n in beside.items() if not key.endswith("@")]
    if texts:
        said = message(
            "EAD 的这些元素没有对应的著录项，照录为其他著录项：{names}",
            "these elements of EAD have no element here; their text is kept beside the elements: {names}",
            names=listed(texts),
        )
        yield note("ead-beside", said)
    without = [f"{key[:-1]} ({n})" for key, n in beside.items() if key.endswith("@")]
    if without:
        said = message(
            "EAD 的这些元素没有文字，只有属性，未读入：{names}",
            "these elements of EAD have no text, only attributes, and were not read: {names}",
            names=listed(without),
        )
        yield note("ead-attributes", said)
