"""Who may see what: opening decisions and what follows from them on a given day.

Nothing is open until it was decided (档案法 2020 §27–30; 国家档案馆档案开放办法): a proposal in a catalogue sheet opens
nothing, a decision opens on its date, and a withdrawal closes at once.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from archives.message import Message, message


class Conclusion(StrEnum):
    """The conclusion of an opening review (开放审核结论)."""

    OPEN = "开放"
    POSTPONED = "延期开放"
    CONTROLLED = "控制使用"
    CLOSED = "不开放"


class OnlineScope(StrEnum):
    """网上范围: how much of an open record the portal shows."""

    FULL_TEXT = "全文"
    CATALOGUE_ONLY = "仅目录"
    NOT_ONLINE = "不上网"


class Openness(StrEnum):
    """A record's state on one day."""

    NOT_REVIEWED = "未审核"
    OPEN = "开放"
    NOT_YET_OPEN = "待开放"
    POSTPONED = "延期开放"
    CONTROLLED = "控制使用"
    CLOSED = "不开放"
    WITHDRAWN = "已撤回"
    CHANGED = "待复审"


@dataclass(frozen=True, slots=True)
class OpeningDecision:
    """One row of a decision sheet, as applied.

    ``takes_effect_on`` is 开放日期, ``postponed_until`` is 延期至; from ``closes_on`` (关闭日期) on the record is open no more.
    ``public_title`` is 公开题名: what the public is told in place of the title, None where it is told the title.
    """

    conclusion: Conclusion
    basis: str
    joint_unit: str
    reviewer: str
    approver: str
    reviewed_on: date
    takes_effect_on: date | None
    postponed_until: date | None
    scope: OnlineScope
    closes_on: date | None = None
    public_title: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An opening taken back: at once, or on a day that is named beforehand."""

    reason: str
    takes_effect_on: date | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What may be done with a record on one day; from ``until`` on it is open no more, as far as that is known."""

    openness: Openness
    scope: OnlineScope
    until: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether the record is open to the public at all."""
        return self.openness is Openness.OPEN

    @property
    def is_online(self) -> bool:
        """Whether anything of the record may reach the portal."""
        return self.is_open and self.scope is not OnlineScope.NOT_ONLINE

    @property
    def is_online_in_full(self) -> bool:
        """Whether pages and their text may reach the portal."""
        return self.is_open and self.scope is OnlineScope.FULL_TEXT


_ENGLISH = {
    "未审核": "not reviewed",
    "开放": "open",
    "待开放": "opens later",
    "延期开放": "postponed",
    "控制使用": "controlled",
    "不开放": "closed",
    "已撤回": "withdrawn",
    "待复审": "changed since its review",
    "全文": "full text",
    "仅目录": "catalogue only",
    "不上网": "not online",
    "永久": "permanent",
    "长期": "long term",
    "短期": "short term",
    "公开": "public",
    "非密": "unclassified",
    "国内": "domestic",
    "内部": "internal",
    "限制": "restricted",
    "敏感": "sensitive",
    "工作秘密": "work secret",
    "商业秘密": "trade secret",
    "秘密": "confidential",
    "机密": "secret",
    "绝密": "top secret",
}
_CHINESE = {"zh-Hans": "汉语", "zh-Hant": "汉语（繁体）", "en": "英语"}
_LANGUAGES = {"zh-Hans": "Chinese", "zh-Hant": "Chinese (traditional)", "en": "English"}


def term(value: str) -> Message:
    """Return a term of openness, retention, classification or language as the reader says it; other text stays as it is."""
    if years := re.fullmatch(r"定期(\d+)年", value):
        return message("{value}", "{years} years", value=value, years=years[1])
    plain = value.replace("{", "{{").replace("}", "}}")
    return Message(_CHINESE.get(value, plain), _LANGUAGES.get(value) or _ENGLISH.get(value, plain))


CLOSED_UNTIL_DECIDED = Access(Openness.NOT_REVIEWED, OnlineScope.NOT_ONLINE)

_STATES = {
    Conclusion.POSTPONED: Openness.POSTPONED,
    Conclusion.CONTROLLED: Openness.CONTROLLED,
    Conclusion.CLOSED: Openness.CLOSED,
}


def access_on(day: date, decisions: Iterable[OpeningDecision | Withdrawal]) -> Access:
    """Return what a record's decisions, in journal order, allow on ``day``: the last counts whose day has come."""
    until: date | None = None
    for decision in reversed(tuple(decisions)):
        if isinstance(decision, OpeningDecision):
            return _allowed(day, decision, _earlier(until, decision.closes_on))
        if decision.takes_effect_on is None or decision.takes_effect_on <= day:
            return Access(Openness.WITHDRAWN, OnlineScope.NOT_ONLINE)
        until = _earlier(until, decision.takes_effect_on)
    return CLOSED_UNTIL_DECIDED


def opened_on(day: date, decisions: Iterable[OpeningDecision | Withdrawal]) -> date | None:
    """Return the day on which a record that is open on ``day`` was opened: by the decision that opens it, and no other.

    That is 开放日期, or the day of the review where that came later. None for what is not open then by its decisions.
    """
    for decision in reversed(tuple(decisions)):
        if isinstance(decision, OpeningDecision):
            takes_effect = decision.takes_effect_on
            is_open = decision.conclusion is Conclusion.OPEN and takes_effect is not None and takes_effect <= day
            return max(decision.reviewed_on, takes_effect) if is_open and takes_effect else None
        if decision.takes_effect_on is None or decision.takes_effect_on <= day:
            return None
    return None


def closes_for_good(decisions: Iterable[OpeningDecision | Withdrawal]) -> bool:
    """Say whether the last of a record's decisions closes it whatever the day, as does having none."""
    last = tuple(decisions)[-1:]
    if not last:
        return True
    if isinstance(last[0], Withdrawal):
        return last[0].takes_effect_on is None
    return last[0].conclusion is not Conclusion.OPEN


def same_name(one: str, other: str) -> bool:
    """Say whether two writings of a name are equal: widths, case, spaces and what cannot be seen do not count."""
    return _as_one_name(one) == _as_one_name(other)


def _as_one_name(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(one for one in plain if not one.isspace() and unicodedata.category(one) not in ("Cf", "Cc"))


def _allowed(day: date, decision: OpeningDecision, until: date | None) -> Access:
    if decision.conclusion is not Conclusion.OPEN:
        return Access(_STATES[decision.conclusion], OnlineScope.NOT_ONLINE)
    if decision.takes_effect_on is None or decision.takes_effect_on > day:
        return Access(Openness.NOT_YET_OPEN, OnlineScope.NOT_ONLINE)
    if until is not None and until <= day:
        return Access(Openness.CLOSED, OnlineScope.NOT_ONLINE)
    return Access(Openness.OPEN, decision.scope, until)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)
