"""The command that proves that the public's index holds what is published and nothing else."""

from archives.errors import SearchError
from archives.message import Message, message
from cli.commands.shared import WRITES
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.home.home import home_of
from cli.home.indexes import verified
from cli.upkeep.index_stands import remember_verified
from search.published.indexed.verifying import Difference, Differing

_KINDS: dict[Difference, Message] = {
    Difference.MISSING: message("检索库中没有", "missing from the index"),
    Difference.TOO_MUCH: message("没有公开，检索库中却有", "in the index, and not published"),
    Difference.CLOSED: message(
        "已封闭，检索库尚未撤下（检索时已排除）", "closed, and not gone from the index yet (no search shows it)"
    ),
    Difference.DIFFERENT: message("内容不同", "different"),
    Difference.NOT_FOUND: message("按其文字检索不到", "not found by its own words"),
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


@command(example="jinkui index verify --report differences.xlsx", exits=(*WRITES, SearchError, FINDINGS))
def verify(call: Call) -> Result:
    """Prove that the public search index holds exactly what is published, page by page by digests of the texts.

    Both are brought up to the journal first. What is missing, too much or different is listed, and ends with 12; jinkui
    index rebuild makes the index again. Two indexes of which the digests are equal hold the same.
    """
    home = home_of(call)
    home.follow().require_indexes()
    found = verified(home)
    table, data = listing(message("不符", "differences"), _FIELDS, found.differing)
    answer: dict[str, object] = {
        "records": found.records,
        "pages": found.pages,
        "sha256": found.digest,
        "differences": found.differences,
        "looked_for": found.tried,
        "differing": data,
    }
    compared = message(
        "核对了公开的 {n} 件、{m} 页；按文字试查了 {t} 件；摘要 {digest}",
        "{n} published {n:record|records} with {m} {m:page|pages} compared, {t} looked for by their words; digest {digest}",
        n=found.records,
        m=found.pages,
        t=found.tried,
        digest=found.digest,
    )
    if not found.differences:
        remember_verified(home)
        said = message("检索库与公开的内容一致", "the index holds what is published, and nothing else")
        return Result(answer, lines=(compared, said))
    said = message(
        "有 {n} 处不符 → jinkui index rebuild --only public",
        "{n} {n:difference|differences} → jinkui index rebuild --only public",
        n=found.differences,
    )
    return Result(answer, (table,), (compared, said), exit_code=FINDINGS.code)
