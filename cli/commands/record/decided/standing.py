"""The command that lists what was decided about each unit, as it stands now, as a sheet that can be applied again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Annotated

from archives.errors import ConflictError, UsageProblem
from archives.message import Message, message
from archives.record.holding import Holding
from archives.record.rights import Conclusion, OpeningDecision, Openness, Withdrawal, term
from archives.units.unit import Level
from cli import wiring
from cli.commands.catalogue.units import CALLED, LEVEL, levels_named, next_page, unit_named
from cli.commands.shared import LOOKS, InRepository
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Cell, Result
from cli.frame.parameters import Option
from cli.home.home import Home, home_of
from preservation.catalogue.holdings.unit_holdings import UnitHoldings
from preservation.catalogue.levels.undecided import DecidedAbout, Undecided
from preservation.catalogue.levels.wanted import Listed, Wanted

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit with what was decided about it last; ``is_doubled``: several of its repository have its code, which names none."""

    listed: Listed
    holding: Holding | None
    is_doubled: bool = False

    @property
    def last(self) -> OpeningDecision | Withdrawal | None:
        """The last that was decided, None where nothing was."""
        return self.holding.decisions[-1] if self.holding and self.holding.decisions else None

    @property
    def decision(self) -> OpeningDecision | None:
        """The decision that stands; None where nothing was decided, or its opening was taken back."""
        return self.last if isinstance(self.last, OpeningDecision) else None

    @property
    def openness(self) -> Openness:
        """Its state today."""
        return self.holding.access_on(wiring.today()).openness if self.holding else Openness.NOT_REVIEWED

    @property
    def opens_on(self) -> date | None:
        """From which day on it is open, or will be, by the last decision that was not taken back."""
        is_opening = self.decision is not None and self.decision.conclusion is Conclusion.OPEN
        return self.decision.takes_effect_on if self.decision and is_opening else None

    @property
    def reviewed(self) -> str:
        """The digest that its opening stands for, empty where it is not opened."""
        return self.holding.approved if self.holding and self.opens_on else ""

    @property
    def remark(self) -> Message | str:
        """Why a sheet has no decision of it, though something was decided."""
        if isinstance(self.last, Withdrawal):
            return _taken_back(self.last)
        if self.decision is None:
            return ""
        if self.is_doubled:
            return message("同馆有几个单元用此档号", "several units of its repository have this code")
        return "" if self.listed.unit.description.code.written else message("没有档号", "it has no archival code")


def _taken_back(one: Withdrawal) -> Message:
    if one.takes_effect_on is None:
        return message("已撤回：{why}", "taken back: {why}", why=one.reason)
    day = str(one.takes_effect_on)
    return message("{day} 起关闭：{why}", "closes on {day}: {why}", day=day, why=one.reason)


def _day(day: date | None) -> str:
    return str(day or "")


def _of_unit(field: Field[Listed]) -> Field[Standing]:
    return Field(field.key, field.heading, lambda one: field.value(one.listed), lambda one: field.cell(one.listed))


def _decided(
    key: str,
    heading: Message,
    value: Callable[[OpeningDecision], object],
    shown: Callable[[OpeningDecision], Cell] | None = None,
) -> Field[Standing]:
    """Return the field of something that the decision says."""

    def cell(decision: OpeningDecision) -> Cell:
        return shown(decision) if shown else str(value(decision) or "")

    return Field(
        key,
        heading,
        lambda one: value(one.decision) if one.decision else None,
        lambda one: cell(one.decision) if one.decision and not one.remark else "",
    )


_CODE: Field[Standing] = Field(
    "archival_code", message("档号", "archival code"), lambda one: one.listed.unit.description.code.written
)
_OPENNESS: Field[Standing] = Field(
    "openness", message("开放状态", "openness"), lambda one: one.openness.value, lambda one: term(one.openness)
)
_OF_UNIT: tuple[Field[Standing], ...] = (
    _CODE,
    Field("unit_id", None, lambda one: one.listed.unit.unit_id),
    Field("repository", message("馆代码", "repository"), lambda one: one.listed.unit.repository),
    *map(_of_unit, (LEVEL, *CALLED)),
    _OPENNESS,
)
_CONCLUSION = _decided(
    "conclusion",
    message("结论", "conclusion"),
    lambda one: one.conclusion.value,
    lambda one: term(one.conclusion.value),
)
_BASIS = _decided("basis", message("依据", "basis"), lambda one: one.basis)
_REVIEWER = _decided("reviewer", message("审核人", "reviewer"), lambda one: one.reviewer)
_APPROVER = _decided("approver", message("批准人", "approver"), lambda one: one.approver)
_REVIEWED_ON = _decided("reviewed_on", message("审核日期", "reviewed on"), lambda one: _day(one.reviewed_on))
_OPENS_ON = _decided("opens_on", message("开放日期", "opens on"), lambda one: _day(one.takes_effect_on))
_SCOPE = _decided(
    "online_scope", message("网上范围", "online scope"), lambda one: one.scope.value, lambda one: term(one.scope.value)
)
_PUBLIC_TITLE = _decided("public_title", message("公开题名", "public title"), lambda one: one.public_title)
_REMARK: Field[Standing] = Field("", message("备注", "remarks"), lambda one: one.remark, lambda one: one.remark)
_BESIDE: tuple[Field[Standing], ...] = (
    _decided("joint_unit", message("会同单位", "joint unit"), lambda one: one.joint_unit),
    _decided("closes_on", message("关闭日期", "closes on"), lambda one: _day(one.closes_on)),
    _decided("postponed_until", message("延期至", "postponed until"), lambda one: _day(one.postponed_until)),
    Field(
        "reviewed_digest",
        message("审核摘要", "reviewed digest"),
        lambda one: one.reviewed,
        lambda one: "" if one.remark else one.reviewed,
    ),
)
_SAID = (_CONCLUSION, _BASIS, _REVIEWER, _APPROVER, _REVIEWED_ON, _OPENS_ON, _SCOPE, _PUBLIC_TITLE, _REMARK)
_SHOWN = (_CODE, _OPENNESS, *_SAID)
_IN_SHEET = (*_OF_UNIT, *_SAID, *_BESIDE)
_TAKEN_BACK: Field[Standing] = Field(
    "withdrawn_because", None, lambda one: one.last.reason if isinstance(one.last, Withdrawal) else None
)
_SAYING = {
    Openness.POSTPONED: (Conclusion.POSTPONED.value,),
    Openness.CONTROLLED: (Conclusion.CONTROLLED.value,),
    Openness.CLOSED: (Conclusion.CLOSED.value, Conclusion.OPEN.value),
    Openness.WITHDRAWN: ("reason",),
    Openness.OPEN: (Conclusion.OPEN.value,),
    Openness.NOT_YET_OPEN: (Conclusion.OPEN.value,),
    Openness.CHANGED: (Conclusion.OPEN.value,),
}
"""A word that some decision about a unit has in which a state of it is found: others need not be looked at."""


@command(example="jinkui opening list --state closed --report decided.xlsx", exits=(*LOOKS, ConflictError))
def list_decisions(
    call: Call,
    *,
    state: Annotated[
        str | None,
        Option(
            message(
                "开放状态：开放、待开放、延期开放、控制使用、不开放、已撤回、待复审、未审核",
                "openness: open, opens later, postponed, controlled, closed, withdrawn, changed, undecided",
            )
        ),
    ] = None,
    fonds: Annotated[str | None, Option(message("全宗号", "number of the fonds"))] = None,
    level: Annotated[
        str | None, Option(message("层次：全宗、类别、案卷、组、件", "level: fonds, series, file, group or item"))
    ] = None,
    opened_from: Annotated[date | None, Option(message("开放日期不早于", "opened on this day or later"))] = None,
    opened_to: Annotated[date | None, Option(message("开放日期不晚于", "opened on this day or before"))] = None,
    after: Annotated[str | None, Option(message("从此档号之后列起", "begin after this code"))] = None,
    most: Annotated[int, Option(message("最多列几条", "how many at most"), least=1, most=100_000)] = 50,
    repository: InRepository = None,
) -> Result:
    """List what was decided about each unit, as it stands now.

    The report is a decision sheet: as it stands ``opening apply`` decides nothing anew by it, and corrected it decides that.
    Of what was taken back it names the reason, and no decision.
    """
    home = home_of(call)
    wanted = Wanted(repository or "", fonds or "", levels_named(level))
    asked = _asked(wanted, _state_named(state), opened_from, opened_to)
    begin = unit_named(home, after, repository).after if after else None
    found = [*islice(_standing(home, asked, begin), most + 1)]
    page = found[:most]
    title = message("开放审核决定", "opening decisions")
    table, _ = listing(title, _SHOWN, page)
    sheet, data = listing(title, (*_IN_SHEET, _TAKEN_BACK), page)
    more = len(found) > most
    lines = [message("列出 {n} 条", "{n} listed", n=len(page))]
    lines += [next_page(home, [one.listed for one in page])] if more else []
    return Result({"decisions": data, "more": more}, (table,) if page else (), tuple(lines), report=(sheet,))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which units are listed: what the catalogue narrows by, and what only their decisions tell."""

    wanted: Wanted
    state: Openness | None
    opened_from: date | None
    opened_to: date | None

    def is_meant(self, one: Standing) -> bool:
        """Say whether a unit is one of these."""
        if self.state is not Openness.NOT_REVIEWED and one.last is None:
            return False
        if self.state not in (None, one.openness):
            return False
        if self.opened_from is None and self.opened_to is None:
            return True
        day = one.opens_on
        return day is not None and (self.opened_from or date.min) <= day <= (self.opened_to or date.max)


def _asked(wanted: Wanted, state: Openness | None, opened_from: date | None, opened_to: date | None) -> _Asked:
    if state is Openness.NOT_REVIEWED:
        narrowed = replace(wanted, undecided=Undecided())
    else:
        is_of_days = opened_from is not None or opened_to is not None
        words = _SAYING[state] if state else _SAYING[Openness.OPEN] if is_of_days else ()
        which = DecidedAbout(words)
        narrowed = replace(wanted, decided=which, unwritten=(Level.FONDS,))
    return _Asked(narrowed, state, opened_from, opened_to)


def _state_named(text: str | None) -> Openness | None:
    if not text:
        return None
    names = {one.value: one for one in Openness} | {term(one.value).text("en"): one for one in Openness}
    names |= {"undecided": Openness.NOT_REVIEWED, "changed": Openness.CHANGED}
    found = names.get(text.strip().casefold())
    if found is None:
        raise UsageProblem(message("不认识“{text}”", "“{text}” is none", text=text), subject="--state")
    return found


def _standing(home: Home, asked: _Asked, after: tuple[str, str, str, str] | None) -> Iterator[Standing]:
    """Yield the units that are asked for, in the order of their codes."""
    while page := home.catalogue.units.page(asked.wanted, after=after, most=_AT_ONCE):
        written = [one.unit.unit_id for one in page if one.digest]
        holdings = {one.unit_id: one for one in home.holdings.named(written)}
        doubled = _doubled(home, page)
        for one in page:
            unit = one.unit
            holding = holdings.get(unit.unit_id)
            if holding is None and one.digest == "" and unit.level is Level.FONDS:
                holding = UnitHoldings(home.catalogue).plain_fonds(
                    unit.description.code.written, repository=unit.repository
                )
            standing = Standing(one, holding, (unit.repository, unit.description.code.key) in doubled)
            if asked.is_meant(standing):
                yield standing
        after = page[-1].after


def _doubled(home: Home, page: list[Listed]) -> set[tuple[str, str]]:
    """Return the repositories and codes of which several units have one."""
    codes: dict[str, list[str]] = {}
    for one in page:
        if one.unit.description.code.key:
            codes.setdefault(one.unit.repository, []).append(one.unit.description.code.written)
    by_code = home.catalogue.units.by_code
    return {(place, key) for place, some in codes.items() for key, found in by_code(place, some).items() if found[1:]}
