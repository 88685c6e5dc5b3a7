"""How long making the catalogue anew takes, tried out on a part of the journal and on some packages of this archive."""

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass

from archives.errors import FormatError, IntegrityError, StorageError
from archives.journal.chain import Entry, Head
from archives.journal.facts import PackageDisposed, PackageStored, PackageSucceeded
from preservation.archive import Archive
from preservation.catalogue.journal_fold import JournalFold
from preservation.vault.content import read_content

ENTRIES_TRIED = 20_000
_PACKAGES_TRIED = 40
_MILLION = 1_000_000
_WRITTEN_TOO = 2.0
"""Of a package that is read also rows and words of the indexes are written: measured, as a multiple of reading it."""
_BEGINNING_SECONDS = 5.0
"""What databases and a process that opens originals take to begin, however little there is to do."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried, of how much, and how many seconds it took; ``packages`` is estimated where not all entries were tried."""

    entries: int
    entries_tried: int
    entries_seconds: float
    packages: int
    packages_tried: int
    packages_seconds: float

    @property
    def seconds(self) -> float:
        """How long all of it takes, by what was tried."""
        return _BEGINNING_SECONDS + self._journal(self.entries) + self._packages(self.packages)

    @property
    def seconds_at_a_million(self) -> float:
        """How long it would take with a million entries in the journal, and as many packages to an entry as now."""
        packages = self.packages * _MILLION / max(1, self.entries)
        return _BEGINNING_SECONDS + self._journal(_MILLION) + self._packages(packages)

    def _journal(self, entries: float) -> float:
        return self.entries_seconds * entries / max(1, self.entries_tried)

    def _packages(self, packages: float) -> float:
        return self.packages_seconds * packages / max(1, self.packages_tried) * _WRITTEN_TOO


def try_out(archive: Archive) -> Trial:
    """Fold the first entries of the journal in memory, read some of the packages that they name, and write nothing.

    A package that cannot be read is passed over. Raises as reading the journal does.
    """
    ledger, clock = archive.vault.ledger, archive.world.seconds
    groups = tuple(_first(ledger.groups()))
    tried = groups[-1][0].sequence if groups else 0
    with closing(JournalFold()) as fold:
        begun = clock()
        tuple(_first(ledger.groups()))  # reading them is a part of it
        fold.follow(lambda _: groups)
        entries_seconds = clock() - begun
    stored = _standing([entry for _, entries in groups for entry in entries])
    drawn = stored[:: max(1, len(stored) // _PACKAGES_TRIED)][:_PACKAGES_TRIED]
    begun, read = clock(), 0
    for anchor in drawn:
        with suppress(IntegrityError, FormatError, StorageError):
            read_content(archive.vault, anchor)
            read += 1
    seconds, total = clock() - begun, ledger.head().sequence
    packages = round(len(stored) * total / max(1, tried))
    return Trial(total, tried, entries_seconds, packages, read, seconds)


def _first(groups: Iterator[tuple[Head, tuple[Entry, ...]]]) -> Iterator[tuple[Head, tuple[Entry, ...]]]:
    for group in groups:
        yield group
        if group[0].sequence >= ENTRIES_TRIED:
            return


def _standing(entries: Sequence[Entry]) -> tuple[PackageStored, ...]:
    """Return the newest version of every package that still stands by these entries."""
    newest: dict[str, PackageStored] = {}
    for entry in entries:
        match entry.fact:
            case PackageStored(package_id) as fact:
                newest[package_id] = fact
            case PackageDisposed(package_id):
                newest.pop(package_id, None)
            case PackageSucceeded(old):
                newest.pop(old, None)
            case _:
                pass
    return tuple(newest.values())
