"""What it means to renumber units, looked at as a whole: who gets which code, what follows, what speaks against it.

What stands below a unit follows it, where nothing else is said of it. Codes may be swapped among the units of a plan.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from archives.errors import IdentifierError
from archives.findings import Finding, error, warning
from archives.message import message
from archives.record.identifiers import ArchivalCode, reference_code
from archives.units.unit import Level, Unit
from preservation.actions.units.placing import AS_CODE_TELLS, Placed, in_packages, places_of
from preservation.catalogue.catalogue import Catalogue
from preservation.catalogue.levels.wanted import Listed
from preservation.catalogue.units import Units

_NAMESPACE = uuid.UUID("6f1c8f0e-3f5b-4f0e-9a63-0d6b0a1d2c11")
Parse = Callable[[str], ArchivalCode]
"""Reads a code by the rule of its repository; raises ``IdentifierError``."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Another code that somebody asks for; ``unit_id`` says which unit is meant where the old code does not.

    ``row``, ``old_cell`` and ``new_cell`` are where that stands.
    """

    old: str
    new: str
    unit_id: str = ""
    row: int | None = None
    old_cell: str | None = None
    new_cell: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A unit as it stands, its code to be and its place; ``asked`` is None where it follows what is above it."""

    listed: Listed
    code: ArchivalCode
    asked: Asked | None
    place: Placed = AS_CODE_TELLS

    @property
    def unit(self) -> Unit:
        """The unit as it stands."""
        return self.listed.unit


@dataclass(frozen=True, slots=True)
class RenumberingPlan:
    """What would be renumbered, how much is as it is asked for already, and what was found wrong.

    ``number`` is what the renumbering is known by: it follows from what is asked. With an error nothing may be renumbered.
    """

    number: str
    moves: tuple[Move, ...]
    unchanged: int
    findings: tuple[Finding, ...]

    @property
    def may_go(self) -> bool:
        """Whether nothing speaks against it."""
        return not any(one.severity == "error" for one in self.findings)


def renumbering_number(repository: str, asked: Iterable[Asked], again: str = "") -> str:
    """Return what a renumbering is known by: the same for the same codes (UUID of version 5, RFC 9562 §5.5)."""
    digest = hashlib.sha256(f"{repository} {again}".encode())
    for one in asked:
        digest.update(f"\n{one.unit_id}\t{one.old}\t{one.new}".encode())
    return str(uuid.uuid5(_NAMESPACE, digest.hexdigest()))


def plan_renumbering(
    catalogue: Catalogue, repository: str, asked: Sequence[Asked], *, parse: Parse, number: str
) -> RenumberingPlan:
    """Return what other codes would mean: for the units that are named and for all that stands below them."""
    found: list[Finding] = []
    told, unchanged = _told(catalogue.units, repository, asked, parse, found)
    moves, stay = _with_followers(catalogue.units, repository, told)
    found += [_stays(unit) for unit in stay if unit.unit_id not in moves]
    codes = {unit_id: (move.unit, move.code) for unit_id, move in moves.items()}
    placed = places_of(catalogue.units, repository, codes)
    found += [_at(moves[unit_id], one) for unit_id, one in in_packages(catalogue.units, codes)]
    moves = {unit_id: replace(move, place=placed[unit_id]) for unit_id, move in moves.items()}
    _clashes(catalogue, repository, moves, found)
    return RenumberingPlan(number, tuple(moves.values()), unchanged, tuple(found))


def _told(
    units: Units, repository: str, asked: Sequence[Asked], parse: Parse, found: list[Finding]
) -> tuple[dict[str, Move], int]:
    """Return what is asked for, by unit, and how many are called so already."""
    known = {
        **units.by_former_code(repository, (one.old for one in asked)),
        **units.by_code(repository, (one.old for one in asked)),
        **{unit_id: (listed,) for unit_id, listed in units.get(one.unit_id for one in asked if one.unit_id).items()},
    }
    moves: dict[str, Move] = {}
    unchanged = 0
    for one in asked:
        meant = known.get(one.unit_id or reference_code(one.old).key, ())
        code = _code(one, parse, found)
        if len(meant) != 1 or code is None:
            found += [] if len(meant) == 1 else [_not_one(one, len(meant))]
            continue
        unit = meant[0].unit
        now = unit.description.code
        if now.written == code.written:
            unchanged += 1
        elif not one.unit_id and now.key != reference_code(one.old).key:
            found.append(_called_otherwise(one, now))
        elif unit.unit_id in moves:
            found.append(_twice(one, moves[unit.unit_id]))
        else:
            moves[unit.unit_id] = Move(meant[0], code, one)
    return moves, unchanged


def _code(one: Asked, parse: Parse, found: list[Finding]) -> ArchivalCode | None:
    try:
        return parse(one.new)
    except IdentifierError as cause:
        found.append(
            replace(error("code-unreadable", cause.message, row=one.row, cell=one.new_cell), advice=cause.advice)
        )
        return None


def _with_followers(
    units: Units, repository: str, told: Mapping[str, Move]
) -> tuple[dict[str, Move], tuple[Unit, ...]]:
    """Return the moves with those of what stands below, level by level; and what stands below and cannot follow."""
    moves = dict(told)
    stay: list[Unit] = []
    higher = [move for move in told.values() if move.unit.level is not Level.ITEM]
    while higher:
        by_id = {move.unit.unit_id: move for move in higher}
        below = [(by_id[one.unit.parent], one) for one in units.below(by_id)]
        below += _below_by_code(units, repository, higher)
        higher = []
        for above, one in below:
            if one.unit.unit_id in moves:
                continue
            rest = one.unit.description.code.rest_below(above.unit.description.code)
            if rest is None:
                stay.append(one.unit)
                continue
            moves[one.unit.unit_id] = Move(one, reference_code(above.code.written + rest), None)
            if one.unit.level is not Level.ITEM:
                higher.append(moves[one.unit.unit_id])
    return moves, tuple(stay)


def _below_by_code(units: Units, repository: str, higher: Sequence[Move]) -> list[tuple[Move, Listed]]:
    """Return what the codes put below these; not what rows put below another unit of the same code."""
    twins = units.by_code(repository, (move.unit.description.code.key for move in higher))
    found: list[tuple[Move, Listed]] = []
    for move in higher:
        inside = units.with_code_below(repository, move.unit.description.code)
        others = {one.unit.unit_id for one in twins.get(move.unit.description.code.key, ())} - {move.unit.unit_id}
        above = units.above_all([one.unit for one in inside if one.unit.parent]) if others else {}
        found += [
            (move, one) for one in inside if others.isdisjoint(up.unit_id for up in above.get(one.unit.unit_id, ()))
        ]
    return found


def _clashes(catalogue: Catalogue, repository: str, moves: Mapping[str, Move], found: list[Finding]) -> None:
    """Say which codes to be are another's: of two of the plan, of a unit that keeps it, of what was disposed of."""
    wanted: dict[str, Move] = {}
    for move in moves.values():
        first = wanted.setdefault(move.code.key, move)
        if first is not move:
            found.append(_taken("code-twice", move, first.unit.description.code))
    ids = catalogue.units.identifiers(repository, wanted)
    keep = {key: next((one for one in some if one not in moves), "") for key, some in ids.items()}
    holders = catalogue.units.get(filter(None, keep.values()))
    had = catalogue.units.by_former_code(repository, wanted)
    tombstones = catalogue.tombstones(repository, wanted)
    for key, move in wanted.items():
        stays = holders.get(keep.get(key, ""))
        before = [one.unit for one in had.get(key, ()) if one.unit.unit_id not in moves]
        gone = tombstones.get(key)
        if stays:
            found.append(_taken("code-taken", move, stays.unit.description.code))
        elif gone is not None and not gone.mistake:
            found.append(_disposed(move))
        elif before:
            found.append(_had(move, before[0]))


def _at(move: Move, finding: Finding) -> Finding:
    return replace(finding, row=move.asked.row, cell=move.asked.new_cell) if move.asked else finding


def _not_one(one: Asked, number: int) -> Finding:
    if number:
        said = message(
            "有 {n} 个著录单元叫 {code}，请用“单元标识”列写明是哪一个",
            "{n} units are called {code}; say which one in a column unit_id",
            n=number,
            code=one.old,
        )
        return error("unit-ambiguous", said, row=one.row, cell=one.old_cell)
    said = message("目录中没有 {code}", "the catalogue has no {code}", code=one.old or one.unit_id or "—")
    return error("unit-unknown", said, row=one.row, cell=one.old_cell)


def _called_otherwise(one: Asked, now: ArchivalCode) -> Finding:
    said = message(
        "{old} 早已改号为 {now}：请写现在的档号",
        "{old} has been {now} for some time: write the code of now",
        old=one.old,
        now=now.written,
    )
    return error("code-of-before", said, row=one.row, cell=one.old_cell)


def _twice(one: Asked, other: Move) -> Finding:
    said = message(
        "{old} 在表中有两个新档号：{one}、{other}",
        "{old} has two new codes in the sheet: {one} and {other}",
        old=one.old,
        one=other.code.written,
        other=one.new,
    )
    return error("renumbered-twice", said, row=one.row, cell=one.new_cell)


def _taken(code: str, move: Move, other: ArchivalCode) -> Finding:
    said = (
        message(
            "{new} 同时要给 {other} 和 {old}",
            "{new} is to be the code of {other} and of {old}",
            new=move.code.written,
            other=other.written,
            old=move.unit.description.code.written,
        )
        if code == "code-twice"
        else message(
            "{new} 已有别的档案，它不在本次改号之列",
            "{new} is the code of something that is not renumbered with it",
            new=move.code.written,
        )
    )
    return _at(move, error(code, said))


def _disposed(move: Move) -> Finding:
    said = message("{new} 是已销毁档案的档号", "{new} was the code of a disposed record", new=move.code.written)
    return _at(move, error("code-of-disposed", said))


def _had(move: Move, other: Unit) -> Finding:
    said = message(
        "{new} 曾是 {other} 的档号，此后查它先见到 {old}",
        "{new} was the code of {other} before; who looks for it will now find {old} first",
        new=move.code.written,
        other=other.description.code.written,
        old=move.unit.description.code.written,
    )
    return _at(move, warning("code-was-given", said))


def _stays(unit: Unit) -> Finding:
    said = message(
        "{code} 在所改单元之下，但档号不以其档号开头：未改，要改请写入表中",
        "{code} stands below a unit that is renumbered and its code does not begin with that one's: it stays; name it in the sheet to change it",
        code=unit.description.code.written or unit.unit_id,
    )
    return warning("code-does-not-follow", said)
