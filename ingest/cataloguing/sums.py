"""Sums of what came in: rows and files by fonds and 目录, each accounted for or not."""

from collections import defaultdict
from dataclasses import dataclass, field

from archives.message import Message, message
from archives.record.identifiers import ArchivalCode, archival_code_key, reference_code
from archives.units.by_rule import series_number
from ingest.cataloguing.brought.kept import Kept


@dataclass(slots=True)
class Sums:
    """How many rows and files there are of one 目录 of one fonds; ``adds_up`` when each is accounted for.

    ``without_tables`` counts the imports and batches of which no table can be read again.
    """

    read: int = 0
    came_in: int = 0
    taken_back: int = 0
    was_in: int = 0
    refused: int = 0
    unexplained: int = 0
    files: int = 0
    hooked: int = 0
    files_in: int = 0
    files_refused: int = 0
    orphans: int = 0
    without_tables: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether rows read are rows in, taken back and refused, and files are hooked, in already, refused and orphans."""
        rows = self.came_in + self.taken_back + self.was_in + self.refused
        files = self.hooked + self.files_in + self.files_refused + self.orphans
        return not (self.unexplained or self.without_tables) and self.read == rows and self.files == files


@dataclass(frozen=True, slots=True)
class RowOut:
    """A row that is not in, and why; without a reason nothing that was kept says why."""

    file: str
    row: int
    code: str
    reason: str | Message


@dataclass(slots=True)
class Reconciled:
    """An import or a batch: its sums by fonds and 目录, the rows that are not in, the files that belong to nothing."""

    number: str
    sums: dict[tuple[str, str], Sums] = field(default_factory=lambda: defaultdict(Sums))
    out: list[RowOut] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    removed: list[Message] = field(default_factory=list)
    """That all of it was removed as taken in by mistake: nothing is left to add up, and two people signed that."""

    @property
    def adds_up(self) -> bool:
        """Whether everything is accounted for."""
        return not self.notes and all(one.adds_up for one in self.sums.values())


def under(code: ArchivalCode) -> tuple[str, str]:
    """Return the fonds and the 目录 (by number; of records by item 门类 and 年度) of a code."""
    return code.fonds, series_number(code)


class Files:
    """Counts the files of rows as they are accounted for, and at last whether all that came are."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._of_rows = dict(kept.counts.by_place) if kept.counts else {}
        self._described_alone: set[str] = set()

    def take(self, place: str, key: str, sums: Sums, *, is_in: bool, was_in: bool) -> None:
        """Account for the files of a row that is in, was in already or was refused."""
        number = self._of_rows.get(place, 0)
        if is_in:
            if self._kept.counts and not number:
                self._described_alone.add(key)
            return
        sums.files += number
        sums.files_in += number if was_in else 0
        sums.files_refused += 0 if was_in else number

    def add_up(self, done: Reconciled) -> None:
        """Add what was kept of records, and of no row; tell how many that came are nowhere."""
        kept, counts = self._kept, self._kept.counts
        for description, files, _ in kept.records:
            if description.code.key not in self._described_alone:  # it brought none, and has those that it had
                sums = done.sums[under(description.code)]
                sums.files += len(files)
                sums.hooked += len(files)
        done.orphans += kept.loose
        brought = {key for _, _, keys in kept.records for key in keys}
        for code, number in counts.by_code.items() if counts else ():
            if archival_code_key(code) not in brought:
                sums = done.sums[under(reference_code(code))]
                sums.files += number
                sums.files_refused += number
        whole = done.sums["", ""] if counts or done.orphans else Sums()
        unplaced = counts.unplaced if counts else 0
        whole.files += len(done.orphans) + unplaced
        whole.orphans += len(done.orphans)
        whole.files_refused += unplaced
        if counts:
            there = sum(one.files for one in done.sums.values()) + kept.submitted - len(done.orphans)
            if lost := counts.came - there:
                whole.files += lost
                done.notes.append(_nowhere(lost))
        if done.sums.get(("", "")) == Sums():
            del done.sums["", ""]


def _nowhere(number: int) -> Message:
    return message(
        "收到的文件与挂接、原已有、未入、无主的合计相差 {n} 个",
        "{n} of the files that came are neither hooked nor in already, refused or orphans",
        n=number,
    )
