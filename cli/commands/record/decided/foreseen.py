"""What a sheet of opening decisions would do, row by row, said and not done."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from archives.message import Message, message
from archives.record.holding import Holding
from archives.record.rights import Conclusion, OpeningDecision
from cli import wiring
from cli.commands.record.decided.asked import AskedSheet, known_as, unchanged
from cli.commands.record.rendering import finding_table, passed_over, term
from cli.frame.commands import FINDINGS
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from preservation.actions.opening import AppliedDecision


class Effect(StrEnum):
    """What a decision would do to what stands: open it, close it, be recorded without either, or nothing."""

    OPENS = "opens"
    CLOSES = "closes"
    CHANGES = "changes"
    STANDS = "stands"


@dataclass(frozen=True, slots=True)
class _Foreseen:
    """A unit, the decision about it, and what that would do."""

    holding: Holding
    decision: OpeningDecision
    effect: Effect


_EFFECTS = {
    Effect.OPENS: message("开放", "opens"),
    Effect.CLOSES: message("不再开放", "closes"),
    Effect.CHANGES: message("只记决定", "decided anew"),
    Effect.STANDS: message("照旧", "as it stands"),
}
_FIELDS: tuple[Field[_Foreseen], ...] = (
    Field("repository", message("馆代码", "repository"), lambda one: one.holding.key.repository),
    Field("archival_code", message("档号", "archival code"), lambda one: one.holding.description.code.written),
    Field(
        "openness",
        message("现在", "now"),
        lambda one: one.holding.access_on(wiring.today()).openness.value,
        lambda one: term(one.holding.access_on(wiring.today()).openness.value),
    ),
    Field(
        "conclusion",
        message("结论", "conclusion"),
        lambda one: one.decision.conclusion.value,
        lambda one: term(one.decision.conclusion.value),
    ),
    Field("opens_on", message("开放日期", "opens on"), lambda one: str(one.decision.takes_effect_on or "")),
    Field(
        "online_scope",
        message("网上范围", "online"),
        lambda one: one.decision.scope.value,
        lambda one: term(one.decision.scope.value),
    ),
    Field("public_title", message("公开题名", "public title"), lambda one: one.decision.public_title),
    Field("effect", message("执行后", "effect"), lambda one: one.effect.value, lambda one: _EFFECTS[one.effect]),
)


def foreseen(sheet: AskedSheet, outcomes: Iterable[AppliedDecision]) -> Result:
    """Return what applying a sheet would find and do, from what would become of its rows, in their order."""
    by_row = dict(zip(sheet.asked, outcomes, strict=True))
    findings = [*sheet.about(), *sheet.about_rows(by_row)]
    units = [_Foreseen(one.holding, one.asked.decision, _effect(one)) for one in by_row.values() if one.holding]
    counts = Counter(one.effect for one in units)
    would, data = listing(message("将执行的决定", "decisions that would be applied"), _FIELDS, units)
    codes = filter(None, map(known_as, by_row.values()))
    lines = (_would(counts), *unchanged(counts[Effect.STANDS]), *codes, *passed_over(sheet.blank), _NOTHING_DONE)
    answer = {
        "dry_run": True,
        "decisions": data,
        "effects": {one.value: counts[one] for one in Effect},
        "findings": [found for _, found in findings],
    }
    tables = (would, finding_table(findings)) if findings else (would,)
    return Result(answer, tables, lines, exit_code=FINDINGS.code if findings else 0)


_NOTHING_DONE = message("未执行，没有写入任何内容", "nothing was applied or written")


def _would(counts: Counter[Effect]) -> Message:
    return message(
        "将开放 {o} 件，将不再开放 {c} 件，另有 {n} 件只记下决定，不因此开放或关闭",
        "{o} would open, {c} would close, {n} would be decided about without opening or closing",
        o=counts[Effect.OPENS],
        c=counts[Effect.CLOSES],
        n=counts[Effect.CHANGES],
    )


def _effect(one: AppliedDecision) -> Effect:
    if not one.is_new or one.holding is None:
        return Effect.STANDS
    was_open, opens = _is_open(one.holding), one.asked.decision.conclusion is Conclusion.OPEN
    if was_open == opens:
        return Effect.CHANGES
    return Effect.OPENS if opens else Effect.CLOSES


def _is_open(holding: Holding) -> bool:
    """Say whether a unit is open, or opens on a day that was decided."""
    last = holding.decisions[-1] if holding.decisions else None
    if isinstance(last, OpeningDecision):
        return last.conclusion is Conclusion.OPEN and not holding.waits_for_review and not _has_closed(last)
    return holding.access_on(wiring.today()).is_open


def _has_closed(decision: OpeningDecision) -> bool:
    return decision.closes_on is not None and decision.closes_on <= wiring.today()
