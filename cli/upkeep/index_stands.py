"""How the two indexes of a home stand beside its journal, in the words that every command tells it in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from archives.errors import SearchError
from archives.message import Message, message
from cli import wiring
from cli.home.home import Home
from cli.home.indexes import AUDIENCES, REBUILT, Beside, beside
from preservation.actions.overview.duties import LastRun, Runs
from search.index.search_index import Health, IndexState
from search.published.indexing import PUBLIC, STAFF

VERIFYING = {PUBLIC: "index-verify-public", STAFF: "index-verify-staff"}
"""Under which names it is remembered when an index was last found to hold what it should; that both were looked at is another matter, and a duty."""
MOST_WAITING = 1_000
HEALTH: dict[Health, Message] = {
    Health.WHOLE: message("完整", "whole"),
    Health.WITHOUT_REPLICA: message("完整，缺副本", "whole, without its replica"),
    Health.INCOMPLETE: message("不完整", "not all there"),
}


@dataclass(frozen=True, slots=True)
class IndexStand:
    """How an index stands; ``state`` is None where it is away, which ``failure`` tells.

    ``journal`` is the number of the newest entry, ``waiting`` how many units the index has still to take over, ``MOST_WAITING``
    at the most; None where nobody knows. ``verified_at`` is when it was last found to hold what it has to. ``beside`` is what is
    with another that was begun beside it and has not taken its place, since when where that is known.
    """

    audience: str
    state: IndexState | None
    failure: SearchError | None
    journal: int
    waiting: int | None
    verified_at: datetime | None = None
    beside: Beside | None = None
    beside_since: datetime | None = None

    @property
    def lag(self) -> int | None:
        """How many entries of the journal the index has not followed; None where it is away."""
        return None if self.state is None else max(0, self.journal - self.state.head)

    @property
    def is_well(self) -> bool:
        """Whether everything that it should find is found."""
        return (
            self.state is not None
            and self.state.is_ours
            and self.waiting == 0
            and self.state.health is not Health.INCOMPLETE
        )

    @property
    def needs_a_person(self) -> bool:
        """Whether it will not be well by itself: one that is behind catches up with the next run."""
        return self.state is None or not self.state.is_ours or self.state.health is Health.INCOMPLETE

    @property
    def said(self) -> Message:
        """What people are told in one line."""
        name = AUDIENCES[self.audience]
        if self.state is None or self.failure is not None:
            why = self.failure.message if self.failure else ""
            return message(
                "检索库（{name}）不可用：{why}", "the {name} search index is away: {why}", name=name, why=why
            )
        if not self.state.is_ours:
            return message(
                "检索库（{name}）由另一版软件写成，须重建",
                "the {name} search index was written by other software and has to be made again",
                name=name,
            )
        if self.waiting:
            most = message("至少 ", "at least ") if self.waiting == MOST_WAITING else message("", "")
            return message(
                "检索库（{name}）落后：{most}{n} 件待补",
                "the {name} search index is behind: {most}{n} {n:unit|units} to take over",
                name=name,
                most=most,
                n=self.waiting,
            )
        if self.state.health is Health.INCOMPLETE:
            return message("检索库（{name}）不完整", "the {name} search index is not all there", name=name)
        return message(
            "检索库（{name}）：{n} 件，跟上了日志",
            "the {name} search index: {n} {n:record|records}, level with the journal",
            name=name,
            n=self.state.records,
        )

    @property
    def command(self) -> str:
        """The command that helps."""
        if self.state is None or self.state.health is Health.INCOMPLETE:
            return "jinkui index status"
        return "jinkui opening publish" if self.state.is_ours else "jinkui index rebuild"


def stand_data(stand: IndexStand) -> dict[str, object]:
    """Return how an index stands as JSON holds it."""
    state = stand.state
    return {
        "index": stand.audience,
        "health": state.health.value if state else "away",
        "records": state and state.records,
        "lag_entries": stand.lag,
        "waiting_units": stand.waiting,
        "verified_at": stand.verified_at.isoformat() if stand.verified_at else None,
        "is_well": stand.is_well,
        "message": stand.said,
    }


def stands_of(home: Home) -> tuple[IndexStand, ...]:
    """Return how both indexes stand; nothing is brought up to the journal for it, and none of them is waited for long."""
    home.refresh()
    return tuple(_stands(home, Runs(home.work).last()))


def remember_verified(home: Home, audience: str) -> None:
    """Remember that an index was found to hold what it should."""
    runs, now, name = Runs(home.work), wiring.now(), VERIFYING[audience]
    runs.begin(name, now=now, by_clock=wiring.is_begun_by_clock())
    runs.end(name, now=now)


def _stands(home: Home, last: Mapping[str, LastRun]) -> Iterator[IndexStand]:
    source = home.holdings
    journal = source.head()
    for audience, index in home.indexes.items():
        at = last.get(VERIFYING[audience], LastRun()).ended_at
        try:
            state, begun = index.state(), beside(home, audience)
        except SearchError as failure:
            yield IndexStand(audience, None, failure, journal, None, at)
            continue
        changed = source.changed_after(state.head, decided=audience == PUBLIC) if state.head < journal else iter(())
        waiting = sum(1 for _ in islice(changed, MOST_WAITING))
        since = last.get(REBUILT[audience], LastRun()).begun_at if begun else None
        yield IndexStand(audience, state, None, journal, waiting, at, begun, since)
