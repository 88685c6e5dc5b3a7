"""What a reader of deliveries is: the seam between the shapes in which batches come and the one plan of ingest."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from archives.record.description import Repository
from ingest.batch.plan import BatchPlan
from ingest.sheets.grid import GridReader, grid_of


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before a batch is read.

    ``repository`` overrides what the batch says of itself; a lone repository is the default. ``fonds`` are the
    described pairs of repository and 全宗号. ``sheets`` is how a table is read.
    """

    repositories: Mapping[str, Repository]
    fonds: Collection[tuple[str, str]]
    today: date
    repository: str | None = None
    sheets: GridReader = grid_of


class BatchReader(Protocol):
    """Reads one shape of delivery; looks at it, changes nothing and copies nothing."""

    def recognises(self, delivery: Path) -> bool:
        """Say whether a delivery has this shape."""

    def read(self, delivery: Path, known: Known) -> BatchPlan:
        """Return what is to be done with a delivery.

        Everything that does not fit is a finding. Raises ``FormatError`` for a list of records that cannot be used,
        ``ConfigurationError`` for its settings or its repository, ``RefusedError`` for a state secret.
        """
