"""An import taken back: its units leave the catalogue; what was said of them stays in the packages.

What somebody works with by now stays, and it is said why: what was described anew, opened, or got files since, and what
stands above something that stays.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from archives.errors import NotFoundError
from archives.journal.concern import the_package
from archives.journal.facts import OpeningWithdrawn, UnitsRenumbered
from archives.message import Message, message
from archives.record.holding import Holding
from archives.record.identifiers import RepositoryCode, archival_code_key
from archives.record.rights import Withdrawal, closes_for_good
from archives.units.state import State
from archives.units.unit import Level, Unit
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.archive import Archive
from preservation.catalogue.holdings.unit_holdings import UnitHoldings
from preservation.catalogue.levels.wanted import Listed, Wanted

_HOOKED = message("此后已挂接文件", "files were hooked to it since")
_FONDS = message(
    "全宗不随导入撤销：请用 jinkui fonds correct 更正", "a fonds stays: jinkui fonds correct mends its name"
)
_ABOVE = message("其下有保留的著录", "something stays that stands below it")
_OPEN = message(
    "此后已决定开放，先撤回：加 --withdraw", "it was decided to open it since: --withdraw takes that back first"
)


@dataclass(frozen=True, slots=True)
class Stay:
    """A unit of an import that stays in the catalogue, and why; ``is_anew`` where it was described anew since."""

    unit: Unit
    why: Message
    is_anew: bool = False


@dataclass(frozen=True, slots=True)
class Undoing:
    """What taking an import back would do: its repositories, how many units leave, which stay, which are closed first.

    ``codes`` are those of which it was asked, none for all; ``withdraw`` says that an opening keeps no unit,
    ``corrected_too`` that no correction does: ``corrected`` leave all the same.
    """

    number: str
    places: tuple[RepositoryCode, ...]
    leaving: Collection[str]
    stays: Mapping[str, Stay]
    to_close: tuple[Holding, ...] = ()
    codes: Collection[str] = ()
    withdraw: bool = False
    corrected_too: bool = False
    corrected: Collection[Stay] = ()


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many units were taken back, and those that stay as they are by now."""

    number: int
    stays: Mapping[str, Stay]


def plan_undo(
    archive: Archive, number: str, *, codes: Collection[str] = (), withdraw: bool = False, corrected_too: bool = False
) -> Undoing:
    """Return what taking an import back would do, or the units of these ``codes`` alone.

    With ``withdraw`` an opening keeps no unit, with ``corrected_too`` no correction does. Raises ``NotFoundError`` where no
    unit of such an import is in the catalogue.
    """
    units = archive.refresh().units
    repositories = sorted({key[0] for key in units.counts(Wanted(import_id=number))})
    if not repositories:
        raise NotFoundError(
            message("目录中没有导入号为 {id} 的著录", "the catalogue has no unit of the import {id}", id=number),
            subject=number,
            advice=message(
                "若已全部撤回，就没有可撤的了；导入号见 jinkui catalogue list --submissions",
                "where all of it was taken back already, nothing is left to do; jinkui catalogue list --submissions has the numbers of imports",
            ),
        )
    places = tuple(map(RepositoryCode, repositories))
    plan = _planned(archive, Undoing(number, places, (), {}, (), codes, withdraw, corrected_too))
    _require_all(number, codes, units.get({*plan.leaving, *plan.stays}).values())
    return plan


def _planned(archive: Archive, asked: Undoing) -> Undoing:
    """Return what taking back an import that is asked for would do now."""
    units, number = archive.catalogue.units, asked.number
    stays: dict[str, Stay] = {}
    anew: dict[str, Stay] = {}
    closing: list[Holding] = []
    meant: set[str] = set()
    unmeant: list[Unit] = []
    wanted = {archival_code_key(code) for code in asked.codes}
    for page in units.pages(Wanted(import_id=number)):
        chosen = [one for one in page if not wanted or one.unit.description.code.key in wanted]
        unmeant += [one.unit for one in page if one not in chosen] if wanted else []
        meant |= {one.unit.unit_id for one in chosen}
        closing += _sorted_out(archive, number, chosen, stays, anew, withdraw=asked.withdraw)
    if not asked.corrected_too:
        stays |= anew
    _keep_above(archive, number, stays, [one.unit_id for one in unmeant])
    stays = {unit_id: one for unit_id, one in stays.items() if unit_id in meant}
    to_close = tuple(one for one in closing if one.unit_id not in stays)
    leaving = meant - stays.keys()
    corrected = tuple(one for unit_id, one in anew.items() if unit_id in leaving)
    return replace(asked, leaving=leaving, stays=stays, to_close=to_close, corrected=corrected)


def close_first(archive: Archive, undoing: Undoing, reason: str) -> None:
    """Take back in the journal what was decided to open of the units that leave; whoever follows it closes them."""
    facts = [
        OpeningWithdrawn(one.key.repository, one.description.code.written, Withdrawal(reason), one.unit_id)
        for one in undoing.to_close
    ]
    if facts:
        archive.vault.ledger.append(facts)
        archive.refresh()


def take_back(archive: Archive, undoing: Undoing, said: Said) -> TakenBack:
    """Take the units of an import back but those that stay: also what somebody began to work with since the plan was made.

    May be called again after a stop.
    """
    gone = 0
    stays = dict(undoing.stays)
    for code in undoing.places:
        place = next(one for one in archive.catalogue.repositories() if one.code == code)
        gone += max(
            describe_units(archive, place, _changes(archive, code.value, undoing, said, stays), said), default=0
        )
    return TakenBack(gone, stays)


def _changes(
    archive: Archive, repository: str, undoing: Undoing, said: Said, stays: dict[str, Stay]
) -> Iterator[Change]:
    """Yield that the units leave that would have left and still may; ``describe_units`` asks when nobody else describes."""
    archive.refresh()
    now = _planned(archive, undoing)
    stays |= {unit_id: one for unit_id, one in now.stays.items() if unit_id in undoing.leaving}
    told = {(one.unit.unit_id, one.unit.revision) for one in undoing.corrected}
    later = (one for one in now.corrected if one.unit.unit_id in undoing.leaving)
    stays |= {one.unit.unit_id: one for one in later if (one.unit.unit_id, one.unit.revision) not in told}
    opened = {one.unit_id for one in now.to_close} & {*undoing.leaving}
    stays |= {one.unit.unit_id: Stay(one.unit, _OPEN) for one in archive.catalogue.units.get(opened).values()}
    for one in archive.catalogue.units.all(Wanted(repository=repository, import_id=undoing.number)):
        if one.unit.unit_id in undoing.leaving and one.unit.unit_id not in stays:
            yield Change(replace(one.unit, state=State.TAKEN_BACK, reason=said.reason, source=""), one.digest)


def _sorted_out(
    archive: Archive,
    number: str,
    page: Collection[Listed],
    stays: dict[str, Stay],
    anew: dict[str, Stay],
    *,
    withdraw: bool,
) -> Iterator[Holding]:
    """Keep what somebody works with of a page of units; yields what is open and leaves all the same.

    What was described ``anew`` is set apart: whether that keeps it, the caller says.
    """
    packages = archive.catalogue.units.packages
    known = {one.unit.unit_id: one.unit for one in page}
    untouched, hooked = packages.last_said_by(number, known), packages.with_package(known)
    renumbered = _renumbered(archive, known.keys() - untouched)
    for unit_id, unit in known.items():
        if unit_id in hooked:
            stays[unit_id] = Stay(unit, _HOOKED)
        elif unit.level is Level.FONDS:
            stays[unit_id] = Stay(unit, _FONDS)
        elif unit_id not in untouched:
            anew[unit_id] = Stay(unit, _said_anew(unit, renumbered.get(unit_id)), is_anew=True)
    left = {unit_id: unit.description.code.key for unit_id, unit in known.items() if unit_id not in stays}
    for holding in UnitHoldings(archive.catalogue).named(sorted(packages.decided(left))):
        if closes_for_good(holding.decisions):
            continue
        if withdraw:
            yield holding
        else:
            stays[holding.unit_id] = Stay(known[holding.unit_id], _OPEN)


def _require_all(number: str, codes: Collection[str], found: Collection[Listed]) -> None:
    """Raise ``NotFoundError`` for a code of which the import brought nothing that is there."""
    known = {one.unit.description.code.key for one in found} if codes else set()
    for code in codes:
        if archival_code_key(code) not in known:
            said = message("导入 {id} 没有 {code}", "the import {id} has no {code}", id=number, code=code)
            advice = message(
                "它带来了什么见 jinkui catalogue list --batch {id}",
                "jinkui catalogue list --batch {id} says what it brought",
                id=number,
            )
            raise NotFoundError(said, subject=code, advice=advice)


def _keep_above(archive: Archive, number: str, stays: dict[str, Stay], others: Collection[str]) -> None:
    """Keep the units of an import below which something stays: of what stays, of ``others`` of it, of another import."""
    units = archive.catalogue.units
    above = {*units.packages.above_others(number)}
    above |= {one.unit_id for chain in units.above_each({*stays, *others}).values() for one in chain}
    above |= {one.unit_id for chain in units.above_each(above).values() for one in chain}
    for unit_id, listed in units.get(above - stays.keys()).items():
        if listed.unit.import_id == number and listed.unit.state is not State.TAKEN_BACK:
            stays[unit_id] = Stay(listed.unit, _ABOVE)


def _renumbered(archive: Archive, unit_ids: Collection[str]) -> dict[str, UnitsRenumbered]:
    """Return which renumbering gave each of these units its code of now."""
    found: dict[str, UnitsRenumbered] = {}
    for entry in archive.reading.entries_about(*map(the_package, unit_ids)) if unit_ids else ():
        if isinstance(entry.fact, UnitsRenumbered):
            found |= {unit_id: entry.fact for unit_id, _, _ in entry.fact.codes if unit_id in unit_ids}
    return found


def _said_anew(unit: Unit, renumbered: UnitsRenumbered | None) -> Message:
    """Return who said something else of a unit since it came in, when and why."""
    values = {"who": unit.person or "—", "at": unit.at[:16], "why": unit.reason or "—"}
    if renumbered and renumbered.reason == unit.reason:
        former = next(was for unit_id, was, _ in renumbered.codes if unit_id == unit.unit_id)
        return message(
            "已由 {who} 于 {at} 从 {old} 改号：{why}",
            "{who} renumbered it from {old} at {at}: {why}",
            old=former or "—",
            **values,
        )
    return message("已由 {who} 于 {at} 更正：{why}", "{who} described it anew at {at}: {why}", **values)
