"""What a reading of a table found beside its records: rows that are none, later lists, what was joined to a title."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from archives.findings import Finding, note, warning
from archives.message import listed, message

_PLAIN = message(
    "重复的表头、栏号、合计、落款等，不作为档案：第 {rows} 行",
    "headings again, numbers of columns, totals or signatures, and no records: rows {rows}",
)
_GUESSED = message(
    "没有编号、题名的行，看来是说明或小计，未作为档案；如是档案请补上编号：{rows}",
    "rows without number and title, notes or subtotals as it seems, which were not taken for records; give them a number if they are: {rows}",
)
_CONTINUED = message(
    "只有题名的行，读作上一行题名的续行；如自成一条，请补上编号：{rows}",
    "rows with a title alone, read as the rest of the title above; give them a number if they are records: {rows}",
)
_OTHER_LIST = message(
    "同一表中另起一份目录，此后各行用其上的标签和表头：第 {rows} 行",
    "another list begins in the table, whose labels and headings hold from there on: rows {rows}",
)


@dataclass(frozen=True, slots=True)
class Block:
    """From which row on which labels hold, and which headings (None: those of the table)."""

    first: int
    labels: Mapping[str, str]
    headings: tuple[str, ...] | None = None


@dataclass(slots=True)
class Survey:
    """What a reading found: rows that are none of records, later lists, and by the number of a record the rest of its title."""

    beside: set[int] = field(default_factory=set)
    blocks: list[Block] = field(default_factory=list)
    continued: dict[int, str] = field(default_factory=dict)
    title: int | None = None
    level: int | None = None
    plain: list[int] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)

    def without_texts(self) -> "Survey":
        """Return the same, telling rows by their numbers alone: what is left out of an import stands in no finding of it."""
        return replace(
            self,
            guessed=[one.partition(" ")[0] for one in self.guessed],
            joined=[one.partition(" ")[0] for one in self.joined],
        )

    def findings(self, where: str) -> Iterator[Finding]:
        """Yield what a person should know: what was taken for no record, and where another list begins."""
        told = (
            (note, "rows-beside-records", _PLAIN, sorted(self.plain)),
            (warning, "rows-taken-for-notes", _GUESSED, self.guessed),
            (warning, "title-continued", _CONTINUED, self.joined),
            (note, "list-begins", _OTHER_LIST, [one.first for one in self.blocks]),
        )
        for make, code, said, rows in told:
            if rows:
                yield make(code, message(said.zh, said.en, rows=listed(rows, most=200)), file=where)
