"""Fonds described, and described anew: a row of the fonds' unit, like all that is said of units; what was said stays.

A fonds of which nothing but name, creator, years and introduction is known needs no unit: the journal has it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from archives.errors import ConflictError, NotFoundError, UsageProblem
from archives.findings import Finding, warning
from archives.journal.concern import Subject, SubjectKind
from archives.journal.facts import Fact, FondsDescribed
from archives.message import joined, message
from archives.record.description import Fonds, Repository
from archives.record.fonds_names import FondsName, in_order, joined_names, names_text, parse_names
from archives.units.fonds import described_as, fonds_of, plain_fonds
from archives.units.unit import Level
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.actions.units.history import rows_about
from preservation.archive import Archive
from preservation.catalogue.levels.wanted import Listed


def describe_fonds(archive: Archive, repository: Repository, fonds: Sequence[Fonds]) -> tuple[Finding, ...]:
    """Describe fonds that are new, or anew: what is empty stays, names are added to those that were there before.

    Returns what is not plain: another name without dates may be a later one or a correction.
    """
    place = repository.code.value
    found, changes, facts = _planned(archive, place, fonds)
    if not (changes or facts):
        return found
    archive.begin_writing()
    if facts:  # which say all of a fonds: what others said of it since would be lost
        with archive.vault.locks.descriptions(place):
            if facts := _planned(archive, place, fonds)[2]:
                archive.vault.ledger.append(facts)
        archive.refresh()
    number = archive.world.new_identifier()
    for _ in describe_units(archive, repository, _rows(archive, place, fonds), Said(number, archive.operator)):
        pass
    return found


def _rows(archive: Archive, place: str, fonds: Sequence[Fonds]) -> Iterator[Change]:
    """Yield what is to be said in rows; ``describe_units`` asks when nobody else describes."""
    yield from _planned(archive, place, fonds)[1]


def _planned(
    archive: Archive, place: str, fonds: Sequence[Fonds]
) -> tuple[tuple[Finding, ...], list[Change], list[Fact]]:
    """Return what is to be said of fonds, in rows and in the journal alone, and what is not plain about it."""
    found: list[Finding] = []
    changes: list[Change] = []
    facts: list[Fact] = []
    listed = archive.refresh().units.by_code(place, (one.number for one in fonds))
    for one in fonds:
        stands = next((unit for unit in listed.get(one.number, ()) if unit.unit.level is Level.FONDS), None)
        known = fonds_of(stands.unit) if stands else archive.fonds(place, one.number)
        said = _with_names_of(known, one) if known else one
        found += _doubts_of(said)
        if stands is not None:
            after = replace(stands.unit, description=described_as(said, stands.unit.description))
            changes += [Change(after, stands.digest)] if after != stands.unit else []
        elif said != known and not _has_history(said):
            facts.append(FondsDescribed(said))
        elif said != known:
            unit = plain_fonds(known or said)
            after = replace(unit, description=described_as(said, unit.description), revision=0 if known else 1)
            changes.append(Change(after))
    return tuple(found), changes, facts


@dataclass(frozen=True, slots=True)
class FondsSaid:
    """What was said of a fonds at a moment (ISO 8601), by whom and why."""

    fonds: Fonds
    at: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class FondsCalled:
    """What a fonds, and its creator, are called, and from which day on; None stays as it is."""

    name: str | None = None
    creator: str | None = None
    since: date | None = None


def correct_fonds(
    archive: Archive, repository: Repository, number: str, called: FondsCalled, *, was: str | None, said: Said
) -> Fonds:
    """Say that a name of a fonds, or the day it began, was a mistake and never held: of the present one, or that ``was`` is.

    What is not said stays; what then says the same twice stands once. Raises ``NotFoundError`` for an unknown fonds or name,
    ``UsageProblem`` for nothing to change, or a day before another name's or to come.
    """
    stands, known = _known(archive, repository, number)
    old = was or known.name
    had = parse_names(known.names) or ((FondsName(known.name, known.creator),) if called.since else ())
    names = [*dict.fromkeys(_corrected(one, called) if one.name == old else one for one in had)]
    if called.since:
        ordered = [_corrected(one, called) if one.name == old else one for one in in_order(had)]
        _require_order(archive, ordered, called.since)
    if old != known.name and old not in {one.name for one in parse_names(known.names)}:
        raise NotFoundError(
            message("全宗 {number} 没有名称“{name}”", "the fonds {number} has no name {name}", number=number, name=old),
            subject=old,
            advice=message("有过的名称见 jinkui fonds list --history", "jinkui fonds list --history has its names"),
        )
    after = replace(known, names=names_text(names))
    if old == known.name:
        creator = known.creator if called.creator is None else called.creator
        after = replace(after, name=called.name or known.name, creator=creator)
    return _say(archive, repository, stands, known, after, said)


def _corrected(one: FondsName, called: FondsCalled) -> FondsName:
    return FondsName(
        called.name or one.name,
        one.creator if called.creator is None else called.creator,
        called.since.isoformat() if called.since else one.first,
        one.last,
    )


def _require_order(archive: Archive, corrected: Sequence[FondsName], since: date) -> None:
    """Raise ``UsageProblem`` for a day that has not come, or with which names would hold in another order than before."""
    if since > archive.world.today() or in_order(corrected) != tuple(corrected):
        raise UsageProblem(
            message(
                "启用的日期须在前后两个名称的启用日期之间、今天或以前",
                "the day lies between those of the names before and after it, and is not to come",
            ),
            subject="--since",
        )


def rename_fonds(
    archive: Archive, repository: Repository, number: str, called: FondsCalled, *, since: date, said: Said
) -> Fonds:
    """Say that a fonds is called otherwise from a day on; a record of before says the name of then.

    Raises ``NotFoundError`` for an unknown fonds, ``UsageProblem`` for nothing to change, or a day that cannot be.
    """
    stands, known = _known(archive, repository, number)
    names = parse_names(known.names) or (FondsName(known.name, known.creator),)
    if called.name in (None, known.name) and called.creator in (None, known.creator):
        raise UsageProblem(
            message(
                "全宗 {number} 现名即为 {name}；日期写错的，用 jinkui fonds correct {number} --since 日期 更正",
                "the fonds {number} is {name} already; a wrong day is corrected by jinkui fonds correct {number} --since DAY",
                number=number,
                name=known.name,
            ),
            subject="--name",
        )
    begun = max((one.begins for one in names if one.begins), default=None)
    if since > archive.world.today() or (begun is not None and since <= begun):
        raise UsageProblem(
            message(
                "更名的日期须在现名启用之后、今天或以前", "the day is after that of the present name, and not to come"
            ),
            subject="--since",
        )
    new = FondsName(
        called.name or known.name, known.creator if called.creator is None else called.creator, since.isoformat()
    )
    after = replace(known, name=new.name, creator=new.creator, names=names_text(in_order([*names, new])))
    return _say(archive, repository, stands, known, after, said)


def fonds_history(archive: Archive, fonds: Fonds) -> Iterator[FondsSaid]:
    """Yield what was said of a fonds, the first first: in the journal alone, then in rows."""
    place = f"{fonds.repository.value}:{fonds.number}"
    for entry in archive.reading.entries_about(Subject(SubjectKind.FONDS, place)):
        if isinstance(entry.fact, FondsDescribed):
            yield FondsSaid(entry.fact.fonds, entry.at.astimezone().isoformat(timespec="seconds"), entry.agent, "")
    for some in archive.refresh().units.by_code(fonds.repository.value, [fonds.number]).values():
        for unit_id in (one.unit.unit_id for one in some if one.unit.level is Level.FONDS):
            for row in rows_about(archive, unit_id):
                yield FondsSaid(fonds_of(row), row.at, row.person, row.reason)


def _known(archive: Archive, repository: Repository, number: str) -> tuple[Listed | None, Fonds]:
    """Return the row of a fonds, None where no row describes it, and what is said of it; raises ``NotFoundError``."""
    place = repository.code.value
    listed = archive.refresh().units.by_code(place, [number])
    found = (one for some in listed.values() for one in some if one.unit.level is Level.FONDS)
    stands = next(found, None)
    known = fonds_of(stands.unit) if stands else archive.fonds(place, number)
    if known is None:
        raise NotFoundError(
            message("没有全宗 {number}", "there is no fonds {number}", number=number),
            subject=number,
            advice=message("用 jinkui fonds list 列出", "jinkui fonds list lists them"),
        )
    return stands, known


def _say(
    archive: Archive, repository: Repository, stands: Listed | None, known: Fonds, after: Fonds, said: Said
) -> Fonds:
    unit = stands.unit if stands else plain_fonds(known)
    description = replace(unit.description, title=after.name, author=after.creator, names=after.names)
    if description == unit.description:
        raise UsageProblem(
            message("没有要改的：全宗已如此登记", "nothing to change: the fonds is described so already"),
            subject=known.number,
        )
    archive.begin_writing()
    change = Change(replace(unit, description=description, source=""), stands.digest if stands else None)
    for _ in describe_units(archive, repository, _unless_overtaken(archive, repository, stands, known, change), said):
        pass
    return after


def _unless_overtaken(
    archive: Archive, repository: Repository, stands: Listed | None, known: Fonds, change: Change
) -> Iterator[Change]:
    """Yield a change of a fonds; raises ``ConflictError`` where something else is said of it by now, in a row or without."""
    if _known(archive, repository, known.number) != (stands, known):
        raise ConflictError(
            message(
                "全宗 {number} 刚被别人改过",
                "somebody else has just described the fonds {number} anew",
                number=known.number,
            ),
            subject=known.number,
            advice=message(
                "请用 jinkui fonds list 看过再改", "look at it with jinkui fonds list, then correct it again"
            ),
        )
    yield change


def _has_history(fonds: Fonds) -> bool:
    """Return whether more is said of a fonds than its name, its creator, its years and its introduction."""
    return bool(fonds.names or fonds.kind or fonds.state or fonds.relations)


def _with_names_of(known: Fonds, said: Fonds) -> Fonds:
    """Return what is said of a fonds now, with the names that it had before among its names."""
    new = parse_names(said.names) or (FondsName(said.name, said.creator),)
    old = parse_names(known.names) or (FondsName(known.name, known.creator),)
    plain = not (said.names or known.names) and said.name == known.name
    if plain and (not said.creator or not known.creator or said.creator == known.creator):
        return said  # it is called as before
    names = joined_names(new, old)
    if len(names) == 1 and not (said.names or known.names):
        return said
    return replace(said, names=names_text(names))


def _doubts_of(fonds: Fonds) -> list[Finding]:
    """Return what is not plain about names: several, of which one has no dates."""
    names = parse_names(fonds.names)
    undated = [one for one in names if not (one.begins or one.ends)]
    if len(undated) > 1 or (undated and len(names) > 1 and names[-1] in undated):
        return [_undated(fonds, [one.name + (f"（{one.creator}）" if one.creator else "") for one in undated])]
    return []


def _undated(fonds: Fonds, names: Sequence[str]) -> Finding:
    said = message(
        "全宗 {number} 有几个名称，其中 {names} 没有起止：件的日期不能确定用哪个名称时，不作判断",
        "the fonds {number} has several names, {names} without dates: where the date of a record does not tell which one held, none is said",
        number=fonds.number,
        names=joined(names),
    )
    advice = message(
        "请在表中写明各名称的启用和停用时间；只是写错的，用 jinkui describe 更正",
        "say in the sheet from when to when each held; a mere mistake is corrected by jinkui describe",
    )
    return replace(warning("fonds-names-undated", said), advice=advice)
