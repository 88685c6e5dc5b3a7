"""The command that shows how the search indexes stand."""

from dataclasses import replace
from datetime import datetime

from archives.errors import SearchError
from archives.message import Message, message
from cli import wiring
from cli.commands.operate.screen import ago
from cli.commands.record.rendering import size_text
from cli.commands.shared import LOOKS
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.home.home import home_of
from cli.home.indexes import AUDIENCES, Beside
from cli.upkeep.index_stands import HEALTH, IndexStand, stands_of

_THIS = "jinkui index status"
_UNKNOWN = message("—", "—")
_OTHER = message("另一版软件的，须重建", "of other software, to be made again")
_OURS = message("现行", "current")


_AT_SOME_TIME = message("何时开始不详", "at a time not known")
_BESIDE: dict[Beside, Message] = {
    Beside.UNDER_WAY: message(
        "检索库（{name}）正在旁边重建（开始于：{ago}），其间现有的照常应答",
        "the {name} search index is being made again beside this one, begun {ago}; until then this one answers",
    ),
    Beside.GOES_ON: message(
        "检索库（{name}）在旁边重建过，没有做完（开始于：{ago}），现有的照常应答 → jinkui index rebuild --only {only} 接着做",
        "another {name} search index was begun beside this one and never finished ({ago}); this one answers"
        " → jinkui index rebuild --only {only} goes on with it",
    ),
    Beside.BEGINS_ANEW: message(
        "检索库（{name}）在旁边重建过，没有做完（开始于：{ago}），此后日志、设置、日期或软件已变，不能接着做；现有的照常应答"
        " → jinkui index purge 删去，jinkui index rebuild --only {only} 从头重建",
        "another {name} search index was begun beside this one and never finished ({ago}); the journal, the settings, the day or the software"
        " changed since, so that it is of no use; this one answers → jinkui index purge removes it, jinkui index rebuild --only {only} begins anew",
    ),
}


def _health(stand: IndexStand) -> Message:
    return HEALTH[stand.state.health] if stand.state else message("不可用", "away")


_FIELDS: tuple[Field[IndexStand], ...] = (
    Field("index", message("检索库", "index"), lambda one: one.audience, lambda one: AUDIENCES[one.audience]),
    Field("health", message("状况", "health"), lambda one: one.state.health.value if one.state else "away", _health),
    Field("records", message("件", "records"), lambda one: one.state and one.state.records),
    Field("places", message("页等", "pages and items"), lambda one: one.state and one.state.places),
    Field("lag_entries", message("落后条目", "entries behind"), lambda one: one.lag),
    Field("waiting_units", message("待补件数", "units to take over"), lambda one: one.waiting),
    Field(
        "schema_is_current",
        message("格式", "form"),
        lambda one: one.state and one.state.is_ours,
        lambda one: (_OURS if one.state.is_ours else _OTHER) if one.state else _UNKNOWN,
    ),
    Field(
        "size_bytes",
        message("大小", "size"),
        lambda one: one.state and one.state.size_bytes,
        lambda one: size_text(one.state.size_bytes) if one.state and one.state.size_bytes is not None else _UNKNOWN,
    ),
    Field("place", message("位置", "where"), lambda one: one.state and one.state.place),
    Field("engine", None, lambda one: one.state and one.state.engine),
    Field("head", None, lambda one: one.state and one.state.head),
    Field("journal", None, lambda one: one.journal),
    Field("holds_removed_words", None, lambda one: one.state and one.state.holds_removed),
    Field("verified_at", None, lambda one: one.verified_at and one.verified_at.isoformat()),
    Field("beside", None, lambda one: one.beside and one.beside.value),
    Field("beside_since", None, lambda one: one.beside_since and one.beside_since.isoformat()),
    Field("is_well", None, lambda one: one.is_well),
    Field("message", None, lambda one: one.said),
)


@command(example="jinkui index status", exits=(*LOOKS, SearchError, FINDINGS))
def status(call: Call) -> Result:
    """Show how both search indexes stand: how much they hold, how far behind the journal, where, whether all of it is there.

    Nothing is changed. Exit 12 when one of them does not find all that it should, 11 when one cannot be reached.
    """
    stands = stands_of(home_of(call))
    table, data = listing(message("检索库", "search indexes"), _FIELDS, stands)
    lines: list[Message] = []
    for one in stands:
        if not one.is_well and one.command == _THIS:
            lines.append(one.said)
        elif not one.is_well:
            lines.append(message("{said} → {command}", "{said} → {command}", said=one.said, command=one.command))
        if one.state and one.state.holds_removed:
            lines.append(
                message(
                    "检索库（{name}）的文件中可能还有已移除的字词 → jinkui index purge",
                    "removed words may still stand in the files of the {name} search index → jinkui index purge",
                    name=AUDIENCES[one.audience],
                )
            )
    lines += dict.fromkeys(one.failure.advice for one in stands if one.failure and one.failure.advice)
    now = wiring.now()
    for one in stands:
        said = message(
            "检索库（{name}）上次核对无误：{ago}",
            "the {name} search index was last verified: {ago}",
            name=AUDIENCES[one.audience],
            ago=ago(one.verified_at, now),
        )
        if one.failure and one.verified_at:
            said = message("{said}；那以后已不可用", "{said}; since then it cannot be used any more", said=said)
        lines.append(said)
    lines += [_told_beside(one, one.beside, now) for one in stands if one.beside]
    code = 0 if all(one.is_well for one in stands) else FINDINGS.code
    if any(one.failure for one in stands):
        code = SearchError.exit_code
    return Result({"indexes": data}, (table,), tuple(lines), exit_code=code)


def _told_beside(stand: IndexStand, state: Beside, now: datetime) -> Message:
    """Return what is said of an index that was begun beside the one that is searched, and what to do about it."""
    since = ago(stand.beside_since, now) if stand.beside_since else _AT_SOME_TIME
    return replace(
        _BESIDE[state], values=(("name", AUDIENCES[stand.audience]), ("only", stand.audience), ("ago", since))
    )
