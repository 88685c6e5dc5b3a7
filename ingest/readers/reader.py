"""What a reader of deliveries is: the seam between the shapes in which batches come and the one plan of ingest."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from archives.findings import Finding, error
from archives.message import listed, message
from archives.record.description import Description, Repository
from archives.record.holding import Holding
from archives.record.identifiers import RecordKey, archival_code_key
from ingest.batch.plan import BatchPlan
from ingest.sheets.catalogue import CatalogueRow
from ingest.sheets.grid import GridReader, grid_of
from preservation.catalogue.units import ItemBelow

_TITLE = "title-missing"


def _no_units(repository: str, codes: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    del repository, codes
    return {}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the catalogue has of codes: the units of each, and the codes that one may have been meant for."""

    units: Callable[[str, Sequence[str]], Mapping[str, tuple[str, ...]]] = _no_units
    near: Callable[[str, str], Sequence[str]] | None = None


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
    items_below: Callable[[RecordKey], Sequence[ItemBelow] | None] = _no_items
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

    def with_plain_codes(
        self, rows: Sequence[CatalogueRow], repository: Repository, sheet: str
    ) -> tuple[CatalogueRow, ...]:
        """Return rows without those that several units may be meant by; what hooks to nothing says so, not that it has no title.

        A record that is kept already is meant by its code whatever else has it.
        """
        place = repository.code.value
        keys = [archival_code_key(row.code_text) for row in rows]
        units = self.standing.units(place, [key for key in keys if key])
        answer: list[CatalogueRow] = []
        without_titles = all(map(_has_no_title, rows))
        for row, key in zip(rows, keys, strict=True):
            own = units.get(key, ())
            has_no_title = _has_no_title(row)
            if key and len(own) > 1 and self.held(RecordKey(place, key)) is None:
                row = _refused(row, _several(own), sheet)
            elif key and has_no_title and not own and self.standing.near is not None:
                row = _refused(row, _unknown(self.standing.near(place, row.code_text), without_titles), sheet)
            answer.append(row)
        return tuple(answer)

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


def _has_no_title(row: CatalogueRow) -> bool:
    return any(one.code == _TITLE and one.severity == "error" for one in row.findings)


def _refused(row: CatalogueRow, found: Finding, sheet: str) -> CatalogueRow:
    others = tuple(one for one in row.findings if one.code != _TITLE)
    placed = found.at(file=sheet, row=row.number, cell=row.code_cell)
    return replace(row, description=None, unread=row.description or row.unread, findings=(*others, placed))


def _several(units: Sequence[str]) -> Finding:
    said = message(
        "此档号有 {n} 个著录单元（{ids}），不能确定是哪一个",
        "{n} units have this code ({ids}): it is not plain which is meant",
        n=len(units),
        ids=listed(sorted(units)),
    )
    return error("code-of-several", said)


def _unknown(near: Sequence[str], without_titles: bool) -> Finding:
    """Return that a code is not known; ``without_titles``: no row of the sheet has a title, so its column may be called otherwise."""
    if near:
        said = message(
            "目录中没有此档号（相近的有 {near}），本行也没有题名",
            "the catalogue has no such code (near it: {near}), and the row has no title",
            near=listed(near),
        )
    else:
        said = message("目录中没有此档号，本行也没有题名", "the catalogue has no such code, and the row has no title")
    if without_titles:
        said = message(
            "{said}；全表都没有题名：题名一列的列名请写“题名”",
            "{said}; no row of the sheet has one: call the column of titles “title”",
            said=said,
        )
    return error("code-unknown", said)
