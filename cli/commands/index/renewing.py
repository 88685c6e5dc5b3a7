"""The command that makes search indexes again while they go on to be searched, and the one that purges their files."""

from typing import Annotated, Literal

from archives.errors import SearchError, worst_exit_code
from archives.message import Message, message
from cli.commands.shared import WRITES, DryRun
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import home_of
from cli.home.indexes import AUDIENCES, purged, renewed, told_unpurged
from cli.upkeep.index_stands import IndexStand, remember_verified, stands_of
from search.published.indexed.renewing import Renewed
from search.published.indexing import PUBLIC

Only = Annotated[
    Literal["both", "public", "staff"],
    Option(message("只办其中一个：public 公众的，staff 馆内的", "one of them only: public or staff")),
]


@command(example="jinkui index rebuild --dry-run", exits=(*WRITES, SearchError, FINDINGS))
def rebuild(
    call: Call,
    *,
    only: Only = "both",
    incomplete: Annotated[
        bool,
        Option(
            message(
                "有的文字读不出来也换上，以后补",
                "let it take its place although some texts cannot be read; they are caught up with later",
            )
        ),
    ] = False,
    dry_run: DryRun = False,
) -> Result:
    """Make the search indexes again from the stores, beside those that are searched: these answer until the new ones are whole.

    Stopped at any moment, nothing changed; run again, it goes on, unless the journal, the settings or the day changed. What is published and the catalogue stay as they are.
    """
    home = home_of(call)
    audiences = [one for one in AUDIENCES if only in ("both", one)]
    if dry_run:
        return _planned(stands_of(home), audiences)
    home.follow()
    lines: list[Message] = []
    data: list[dict[str, object]] = []
    codes: list[int] = []
    for audience in audiences:
        try:
            done = renewed(home, audience, may_lack=incomplete)
        except SearchError as failure:
            home.output.say(_failed(audience, failure))
            data.append({"index": audience, "took_place": False, "code": failure.code, "message": failure.message})
            lines += [failure.advice] if failure.advice and failure.advice not in lines else []
            codes.append(failure.exit_code)
            continue
        lines += _told(audience, done)
        codes += [FINDINGS.code] if done.troubles else []
        data.append(_data(audience, done))
        if audience == PUBLIC and done.took_place:
            remember_verified(home, PUBLIC)
    if any(one["took_place"] for one in data):
        home.follow()  # what others left to be done meanwhile
    return Result({"indexes": data}, lines=tuple(lines), exit_code=worst_exit_code(codes))


@command(example="jinkui index purge", exits=(*WRITES, SearchError))
def purge(call: Call) -> Result:
    """Let removed words leave the files of the search indexes at once; openings on schedule do so every day.

    No search finds them before either.
    """
    home = home_of(call)
    behind = home.follow().behind
    left = tuple(purged(home))
    states = {one.audience: one.state for one in stands_of(home)}
    data = [
        {"index": name, "holds_removed_words": state.holds_removed if state else None} for name, state in states.items()
    ]
    lines = [told_unpurged(one) for one in left]
    lines += dict.fromkeys(one.failure.advice for one in left if one.failure.advice)
    if not left and not behind:
        lines = [
            message(
                "检索库的文件中已没有移除的字词", "no removed word stands in the files of the search indexes any more"
            )
        ]
    if not left and (names := [name for name, state in states.items() if state and state.holds_removed]):
        lines = [_still(name) for name in names]
        return Result({"indexes": data}, lines=tuple(lines), exit_code=SearchError.exit_code)
    return Result({"indexes": data}, lines=tuple(lines), exit_code=SearchError.exit_code if left or behind else 0)


def _planned(stands: tuple[IndexStand, ...], audiences: list[str]) -> Result:
    chosen = [one for one in stands if one.audience in audiences]
    lines = [
        message(
            "将在旁边重建检索库（{name}）：现有 {n} 件，{place}",
            "the {name} search index would be made again beside what is there: {n} {n:record|records}, {place}",
            name=AUDIENCES[one.audience],
            n=one.state.records,
            place=one.state.place,
        )
        if one.state
        else one.said
        for one in chosen
    ]
    lines.append(message("没有写入任何东西", "nothing was written"))
    data = [
        {"index": one.audience, "records": one.state and one.state.records, "place": one.state and one.state.place}
        for one in chosen
    ]
    code = SearchError.exit_code if any(one.failure for one in chosen) else 0
    return Result({"would_rebuild": data}, lines=tuple(lines), exit_code=code)


def _told(audience: str, done: Renewed) -> list[Message]:
    name = AUDIENCES[audience]
    lines = [one.said for one in done.troubles]
    if done.took_place:
        said = message(
            "检索库（{name}）已重建：{n} 件",
            "the {name} search index was made again: {n} {n:record|records}",
            name=name,
            n=done.records,
        )
        return [*lines, said]
    return [
        *lines,
        message(
            "检索库（{name}）没有换上：有 {n} 件的文字读不出来；仍要换上请加 --incomplete",
            "the {name} search index stays as it was: the texts of {n} {n:record|records} cannot be read; --incomplete lets the new one take its place all the same",
            name=name,
            n=len(done.troubles),
        ),
    ]


def _failed(audience: str, failure: SearchError) -> Message:
    return message(
        "检索库（{name}）未能重建，原来的不变：{why}",
        "the {name} search index could not be made again, and stays as it was: {why}",
        name=AUDIENCES[audience],
        why=failure.message,
    )


def _data(audience: str, done: Renewed) -> dict[str, object]:
    owed = [{"package_id": one.package_id, "message": one.said} for one in done.troubles]
    return {"index": audience, "records": done.records, "took_place": done.took_place, "owed": owed}


def _still(audience: str) -> Message:
    return message(
        "检索库（{name}）的文件中还有已移除的字词，服务器稍后才放手；请过后再运行一次",
        "removed words still stand in the files of the {name} search index, of which the server lets go later: run this again then",
        name=AUDIENCES[audience],
    )
