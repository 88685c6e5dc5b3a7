"""What others said of units while a batch was on its way: it stays, and what the batch changes of them is changed.

A plan is made before its files are read, which may take hours. What the sheet does not say stays as it is now; of what both
say otherwise the newer one stays, as with corrections (``archives.units.merging``), and is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archives.errors import ConflictError
from archives.findings import Finding, note
from archives.message import message
from archives.record.description import Description
from archives.record.identifiers import RecordKey
from archives.units.merging import Since, merged, told_conflict, told_since
from archives.units.state import State
from archives.units.unit import Unit
from ingest.batch.plan import BatchPlan
from ingest.prepared import Prepared, key_of
from ingest.workplace import Workplace
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.catalogue.levels.wanted import Listed

_TRIES = 8
"""How often others may be faster one after the other, before what is in the way is told."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a batch says of a unit, on what description it says so, where it stands, and whose record it came with."""

    number: int
    said: Description
    base: Description
    source: str
    unit_id: str


def with_newest(one: Prepared, units: Mapping[RecordKey, Listed], plan: BatchPlan) -> Prepared:
    """Return a record that says of itself, and of items, what its sheet says on top of what is said now, and tells what changed."""
    planned = one.candidate.record.planned
    description, base, found = _on_top(planned.description, planned.base, units.get(one.key(plan)))
    told = [one.at(file=plan.sheet_of(planned), row=planned.row) for one in found]
    volume = planned.volume
    if volume:
        items = []
        for item in volume.items:
            listed = units.get(key_of(item.description, plan)) if item.description else None
            if item.description and listed:
                said, before, found = _on_top(item.description, item.base, listed)
                told += [one.at(file=item.pages.sheet, row=item.pages.row) for one in found]
                item = replace(item, description=said, base=before)
            items.append(item)
        volume = replace(volume, items=tuple(items))
    planned = replace(planned, description=description, base=base, volume=volume)
    candidate = replace(one.candidate, record=replace(one.candidate.record, planned=planned))
    return Prepared(candidate, one.contents, (*one.findings, *told))


def say_what_is_new(
    stored: Sequence[tuple[Prepared, Mapping[RecordKey, Listed]]], plan: BatchPlan, place: Workplace, reason: str
) -> tuple[tuple[Finding, ...], ...]:
    """Let the rows of units say what the sheet says of them, where that is something else; returns what is told of each record.

    Raises ``ConflictError`` where others change the same units again and again.
    """
    wanted = [
        _Wanted(number, said, base or listed.unit.description, source, listed.unit.unit_id)
        for number, (one, units) in enumerate(stored)
        for said, base, source in zip(one.descriptions, one.bases, one.sources(plan), strict=True)
        if (listed := units.get(key_of(said, plan))) and said != listed.unit.description
    ]
    who = Said(plan.batch_id, place.archive.operator, reason)
    tries = _TRIES
    while wanted:
        told: list[list[Finding]] = [[] for _ in stored]
        changes = [*_changes(wanted, place, told)]
        try:
            for _ in describe_units(place.archive, plan.repository, changes, who):
                pass
        except ConflictError:
            tries -= 1
            if not tries:
                raise
        else:
            return tuple(map(tuple, told))
    return ((),) * len(stored)


def _changes(wanted: Sequence[_Wanted], place: Workplace, told: Sequence[list[Finding]]) -> Iterator[Change]:
    known = place.archive.refresh().units.get(one.unit_id for one in wanted)
    for one in wanted:
        listed = known.get(one.unit_id)
        if listed is None or listed.unit.state is State.PURGED:
            continue
        said, _, found = _on_top(one.said, one.base, listed)
        sheet, _, row = one.source.rpartition(" ")
        told[one.number].extend(each.at(file=sheet, row=int(row)) for each in found)
        if said != listed.unit.description:
            yield Change(replace(listed.unit, description=said, source=one.source), listed.digest)


def _on_top(
    said: Description, base: Description | None, listed: Listed | None
) -> tuple[Description, Description | None, tuple[Finding, ...]]:
    """Return what a sheet says on top of what is said of its unit now, and that; ``base`` is what was said when it was read."""
    if base is None or listed is None or base == listed.unit.description:
        return said, base, ()
    unit = listed.unit
    found = merged((replace(unit, description=base), unit), said)
    if not found.since:
        return found.description, unit.description, ()
    return found.description, unit.description, (_told(unit, found.since), *map(told_conflict, found.conflicts))


def _told(unit: Unit, since: Sequence[Since]) -> Finding:
    said = message(
        "{code} 在接收期间改过：{zh}",
        "{code} was described anew while the batch came in: {en}",
        code=unit.description.code.written or unit.unit_id,
        zh="；".join(told_since(one).text("zh") for one in since),
        en="; ".join(told_since(one).text("en") for one in since),
    )
    return note("described-since", said)
