"""The command that proves that each search index holds what it should and nothing else."""

from collections.abc import Iterator
from typing import Annotated, Literal

from archives.errors import SearchError
from archives.message import Message, message
from cli.commands.shared import WRITES
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result, Table
from cli.frame.parameters import Option
from cli.home.home import home_of
from cli.home.indexes import AUDIENCES, follow_wholly, verified, verified_staff
from cli.upkeep.clock import on_duty
from cli.upkeep.duties import INDEXES
from cli.upkeep.index_stands import remember_verified
from search.published.indexed.verifying import Difference, Differing, Verified
from search.published.indexing import PUBLIC, STAFF

_KINDS: dict[Difference, Message] = {
    Difference.MISSING: message("检索库中没有", "missing from the index"),
    Difference.TOO_MUCH: message("检索库中有，本不该有", "in the index, and should not be"),
    Difference.CLOSED: message(
        "已封闭，检索库尚未撤下（检索时已排除）", "closed, and not gone from the index yet (no search shows it)"
    ),
    Difference.DIFFERENT: message("内容不同", "different"),
    Difference.NOT_FOUND: message("按其文字检索不到", "not found by its own words"),
    Difference.UNREAD: message(
        "其文字在存储中读不出来，无法核对", "cannot be read in the stores, so it was not compared"
    ),
}
_HOLDS = {
    PUBLIC: message("检索库与公开的内容一致", "the index holds what is published, and nothing else"),
    STAFF: message("馆内检索库与存储中的内容一致", "the staff's index holds what lies in the stores, and nothing else"),
}
_FIELDS: tuple[Field[Differing], ...] = (
    Field("archival_code", message("档号", "archival code"), lambda one: one.archival_code),
    Field("difference", message("情况", "what"), lambda one: one.difference.value, lambda one: _KINDS[one.difference]),
    Field(
        "description",
        message("著录", "description"),
        lambda one: one.description,
        lambda one: message("不同", "differs") if one.description else message("", ""),
    ),
    Field("pages", message("页", "pages"), lambda one: list(one.pages), lambda one: ", ".join(map(str, one.pages))),
    Field("package_id", None, lambda one: one.package_id),
)


Only = Annotated[
    Literal["both", "public", "staff"],
    Option(message("只核对其中一个：public 公众的，staff 馆内的", "one of them only: public or staff")),
]


@command(example="jinkui index verify --report differences.xlsx", exits=(*WRITES, SearchError, FINDINGS))
def verify(call: Call, *, only: Only = "both") -> Result:
    """Prove that the public search index holds exactly what is published, and the staff's everything, page by page by digests of the texts.

    Both are brought up to the journal first. For the staff's, every text is read in the stores. What is missing, too much or
    different is listed, and ends with 12; jinkui index rebuild makes an index again. Two indexes of which the digests are equal hold the same.
    """
    home = home_of(call)
    tables: list[Table] = []
    lines: list[Message] = []
    data: list[dict[str, object]] = []
    with on_duty(home, INDEXES) as duty:
        follow_wholly(home)
        for audience in (one for one in AUDIENCES if only in ("both", one)):
            found = verified(home) if audience == PUBLIC else verified_staff(home)
            heading = message("不符（{name}）", "differences ({name})", name=AUDIENCES[audience])
            table, differing = listing(heading, _FIELDS, found.differing)
            tables += [table] if found.differences else []
            lines += _told(audience, found)
            data.append({"index": audience, **_data(found), "differing": differing})
            if not found.differences:
                remember_verified(home, audience)
        duty.is_done = only == "both"
    is_well = not any(one["differences"] for one in data)
    return Result({"indexes": data}, tuple(tables), tuple(lines), exit_code=0 if is_well else FINDINGS.code)


def _told(audience: str, found: Verified) -> Iterator[Message]:
    name = AUDIENCES[audience]
    yield message(
        "检索库（{name}）：核对了 {n} 件、{m} 页；按文字试查了 {t} 件；摘要 {digest}",
        "the {name} search index: {n} {n:record|records} with {m} {m:page|pages} compared, {t} looked for by their words; digest {digest}",
        name=name,
        n=found.records,
        m=found.pages,
        t=found.tried,
        digest=found.digest,
    )
    if found.differences:
        yield message(
            "检索库（{name}）有 {n} 处不符 → jinkui index rebuild --only {audience}",
            "the {name} search index: {n} {n:difference|differences} → jinkui index rebuild --only {audience}",
            name=name,
            n=found.differences,
            audience=audience,
        )
    if any(one.difference is Difference.UNREAD for one in found.differing):
        yield message(
            "有的文字在存储中读不出来 → jinkui audit",
            "some texts cannot be read in the stores → jinkui audit",
        )
    if not found.differences:
        yield _HOLDS[audience]


def _data(found: Verified) -> dict[str, object]:
    return {
        "records": found.records,
        "pages": found.pages,
        "sha256": found.digest,
        "differences": found.differences,
        "looked_for": found.tried,
    }
