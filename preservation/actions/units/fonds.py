"""Fonds described, and described anew: a row of the fonds' unit, like all that is said of units; what was said stays.

A fonds of which nothing but name, creator, years and introduction is known needs no unit: the journal has it.
"""

from collections.abc import Sequence
from dataclasses import replace

from archives.findings import Finding, warning
from archives.journal.facts import Fact, FondsDescribed
from archives.message import message
from archives.record.description import Fonds, Repository
from archives.record.fonds_names import FondsName, in_order, names_text, parse_names
from archives.units.fonds import described_as, fonds_of, plain_fonds
from archives.units.unit import Level
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.archive import Archive


def describe_fonds(archive: Archive, repository: Repository, fonds: Sequence[Fonds]) -> tuple[Finding, ...]:
    """Describe fonds that are new, or anew: what is empty stays, names are added to those that were there before.

    Returns what is not plain: another name without dates may be a later one or a correction.
    """
    place = repository.code.value
    found: list[Finding] = []
    changes: list[Change] = []
    facts: list[Fact] = []
    listed = archive.refresh().units.by_code(place, (one.number for one in fonds))
    for one in fonds:
        stands = next((unit for unit in listed.get(one.number, ()) if unit.unit.level is Level.FONDS), None)
        known = fonds_of(stands.unit) if stands else archive.fonds(place, one.number)
        said = _with_names_of(known, one, found) if known else one
        if stands is not None:
            after = replace(stands.unit, description=described_as(said, stands.unit.description))
            changes += [Change(after, stands.digest)] if after != stands.unit else []
        elif said != known and not _has_history(said):
            facts.append(FondsDescribed(said))
        elif said != known:
            unit = plain_fonds(known or said)
            changes.append(Change(replace(unit, description=described_as(said, unit.description), revision=1)))
    if changes or facts:
        archive.begin_writing()
    if facts:
        archive.vault.ledger.append(facts)
        archive.refresh()
    if changes:
        number = archive.world.new_identifier()
        for _ in describe_units(archive, repository, changes, Said(number, archive.operator)):
            pass
    return tuple(found)


def _has_history(fonds: Fonds) -> bool:
    """Return whether more is said of a fonds than its name, its creator, its years and its introduction."""
    return bool(fonds.names or fonds.kind or fonds.state or fonds.relations)


def _with_names_of(known: Fonds, said: Fonds, found: list[Finding]) -> Fonds:
    """Return what is said of a fonds now, with the names that it had before among its names."""
    new = parse_names(said.names) or (FondsName(said.name, said.creator),)
    old = parse_names(known.names) or (FondsName(known.name, known.creator),)
    called = {one.name for one in new}
    if all(one.name in called for one in old) and not (said.names or known.names):
        return said  # it is called as before
    names = in_order([*(one for one in old if one.name not in called), *_dated_as_before(new, old)])
    undated = [one.name for one in names if not (one.begins or one.ends)]
    if len(undated) > 1 or (undated and len(names) > 1 and names[-1].name in undated):
        found.append(_undated(said, undated))
    return replace(said, names=names_text(names))


def _dated_as_before(new: Sequence[FondsName], old: Sequence[FondsName]) -> list[FondsName]:
    """Return names, where they have no dates or creator with those that were known."""
    known = {one.name: one for one in old}
    return [
        replace(
            one,
            creator=one.creator or before.creator,
            first=one.first or before.first,
            last=one.last or before.last,
        )
        if (before := known.get(one.name))
        else one
        for one in new
    ]


def _undated(fonds: Fonds, names: Sequence[str]) -> Finding:
    said = message(
        "全宗 {number} 有几个名称，其中 {names} 没有起止：件的日期不能确定用哪个名称时，不作判断",
        "the fonds {number} has several names, {names} without dates: where the date of a record does not tell which one held, none is said",
        number=fonds.number,
        names="、".join(names),
    )
    advice = message(
        "请在表中写明各名称的启用和停用时间；只是写错的，用 jinkui describe 更正",
        "say in the sheet from when to when each held; a mere mistake is corrected by jinkui describe",
    )
    return replace(warning("fonds-names-undated", said), advice=advice)
