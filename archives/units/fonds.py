"""A fonds (全宗) as a unit of the catalogue: what its row says of it, and the row that says what is known of it."""

import uuid
from dataclasses import replace

from archives.errors import FormatError
from archives.record.dates.parse import parse_record_date
from archives.record.description import Description, Fonds, as_written
from archives.record.identifiers import RepositoryCode, reference_code
from archives.units.by_rule import implied_series
from archives.units.unit import Level, Unit

_NAMESPACE = uuid.UUID("0f8f3a52-2b8e-4a57-8f1e-4c7a6c0c5a77")
_YEARS = as_written("日期")


def fonds_of(unit: Unit) -> Fonds:
    """Return the fonds that a row describes."""
    said = unit.description
    years = said.formed.written if said.formed else dict(said.other).get(_YEARS, "")
    return Fonds(
        RepositoryCode(unit.repository),
        said.code.key,
        said.title,
        said.author,
        years,
        said.history,
        said.names,
        said.fonds_kind,
        said.fonds_state,
        said.relations,
    )


def plain_fonds(fonds: Fonds) -> Unit:
    """Return the unit of a fonds that no row describes: what the journal says of it (revision 0)."""
    place = fonds.repository.value
    unit_id = str(uuid.uuid5(_NAMESPACE, f"{place} {fonds.number}"))
    return Unit(unit_id, place, Level.FONDS, described_as(fonds), revision=0)


def unwritten_ids(repository: str, key: str) -> tuple[str, str]:
    """Return the identifiers that the fonds and the series of a code have in a repository as long as no row describes them."""
    fonds = plain_fonds(Fonds(RepositoryCode(repository), key, ""))
    return fonds.unit_id, implied_series(repository, key).unit_id


def described_as(fonds: Fonds, before: Description | None = None) -> Description:
    """Return the description of a fonds; what is empty stays as it was."""
    said = before or Description(reference_code(fonds.number), "", language="")
    said = replace(
        said,
        title=fonds.name or said.title,
        author=fonds.creator or said.author,
        history=fonds.history or said.history,
        names=fonds.names or said.names,
        fonds_kind=fonds.kind or said.fonds_kind,
        fonds_state=fonds.state or said.fonds_state,
        relations=fonds.relations or said.relations,
    )
    if not fonds.years:
        return said
    try:
        return replace(said, formed=parse_record_date(fonds.years))
    except FormatError:
        others = tuple(pair for pair in said.other if pair[0] != _YEARS)
        return replace(said, formed=None, other=(*others, (_YEARS, fonds.years)))
