"""What a reader of deliveries is: the seam between the shapes in which batches come and the one plan of ingest."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from archives.record.description import Description, Repository
from archives.record.holding import Holding
from archives.record.identifiers import RecordKey
from ingest.batch.plan import BatchPlan
from ingest.readers.standing import Standing
from ingest.sheets.catalogue import CatalogueRow
from ingest.sheets.grid import GridReader, grid_of


def _no_items(_: RecordKey) -> None:
    return None


def _nothing(key: RecordKey) -> None:
    del key


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before a batch is read.

    ``repository`` overrides what the batch says of itself; a lone repository is the default. ``fonds`` are the
    described pairs of repository and 全宗号. ``sheets`` is how a table is read, ``sheet`` the name of the one to be read
    where it is not plain which. ``held`` finds a record that is kept; with ``update`` a row need bring no files for it.
    ``described`` finds what the catalogue says of a unit without content, which files are hooked to by its code alone;
    ``items_below`` what it says of the items of such a volume, None where it is none.
    ``language`` is that of a record of which nothing else tells. ``not_secret`` are the places that an archivist judged to
    be no marking of a state secret, with the reasons. ``standing`` is what the catalogue has of codes.
    """

    repositories: Mapping[str, Repository]
    fonds: Collection[tuple[str, str]]
    today: date
    repository: str | None = None
    sheets: GridReader = grid_of
    sheet: str | None = None
    held: Callable[[RecordKey], Holding | None] = _nothing
    described: Callable[[RecordKey], Description | None] = _nothing
    items_below: Callable[[RecordKey], Sequence[Description] | None] = _no_items
    update: bool = False
    language: str = "zh-Hans"
    not_secret: Mapping[str, str] = field(default_factory=dict)
    standing: Standing = field(default_factory=Standing)

    def looking_once(self) -> "Known":
        """Return the same, where a record that is not there is looked for once: every row of a sheet asks several times."""
        absent: set[RecordKey] = set()

        def held(key: RecordKey) -> Holding | None:
            found = None if key in absent else self.held(key)
            if found is None:
                absent.add(key)
            return found

        return replace(self, held=held)

    def with_content(self, rows: Sequence[CatalogueRow], repository: Repository) -> tuple[CatalogueRow, ...]:
        """Return rows of which only those are held that have content: a record of their code, or the volume above them."""
        return tuple(replace(one, is_held=one.is_held and self._has_content(one, repository)) for one in rows)

    def _has_content(self, row: CatalogueRow, repository: Repository) -> bool:
        key = row.description.code.key if row.description else ""
        return any(self.held(RecordKey(repository.code.value, one)) for one in (key, key.rpartition("-")[0]) if one)


class BatchReader(Protocol):
    """Reads one shape of delivery; looks at it, changes nothing and copies nothing."""

    def recognises(self, delivery: Path) -> bool:
        """Say whether a delivery has this shape."""

    def read(self, delivery: Path, known: Known) -> BatchPlan:
        """Return what is to be done with a delivery.

        Everything that does not fit is a finding. Raises ``NotFoundError`` and ``ConflictError`` when there is no list of
        records, or it is not plain which, ``FormatError`` for a list of records that cannot be used,
        ``ConfigurationError`` for its settings or its repository, ``RefusedError`` for a state secret.
        """
