"""The command that looks for records and pages."""

from typing import Annotated

from rich.text import Text

from archives.errors import SearchError, UsageProblem
from archives.message import message
from cli.commands.record.rendering import term
from cli.commands.shared import LOOKS, InRepository
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result, marked
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from preservation.actions.describe import require_repository
from search.index.query import Answer, Hit, parse_query

_AROUND = 30
_FIELDS: tuple[Field[Hit], ...] = (
    Field(
        "repository_name",
        message("馆", "repository"),
        lambda hit: hit.document.repository_name,
        lambda hit: message("{zh}", "{en}", zh=hit.document.repository_name, en=hit.document.repository_name_en),
    ),
    Field("archival_code", message("档号", "archival code"), lambda hit: hit.document.archival_code),
    Field("repository", None, lambda hit: hit.document.repository),
    Field("title", None, lambda hit: hit.document.title),
    Field("date", message("日期", "date"), lambda hit: hit.document.date),
    Field("page", message("页", "page"), lambda hit: hit.document.page, lambda hit: hit.document.page_name or "—"),
    Field("page_label", None, lambda hit: hit.document.label),
    Field(
        "openness", message("状态", "state"), lambda hit: hit.document.openness, lambda hit: term(hit.document.openness)
    ),
    Field("text", message("内容", "text"), lambda hit: hit.document.text, lambda hit: _excerpt(hit)),
    Field("marks", None, lambda hit: [list(mark) for mark in hit.marks]),
)


@command(example='jinkui search "land reform" --limit 5', exits=(*LOOKS, SearchError))
def search(
    call: Call,
    *,
    words: Annotated[str, Argument(message("检索词", "what to look for"))],
    public: Annotated[bool, Option(message("只看公众能看到的", "as the public would"))] = False,
    repository: InRepository = None,
    limit: Annotated[int, Option(message("最多显示几条", "how many hits to show"), least=1)] = 20,
) -> Result:
    """Search everything, or exactly what the public can find."""
    home = home_of(call)
    if not parse_query(words).phrases:
        raise UsageProblem(
            message("检索词里没有可检索的文字", "there is nothing to look for in these words"), subject=words
        )
    require_repository(home.archive, repository)
    home.follow()
    staff = home.staff_index.search(parse_query(words, repository=repository), limit=limit) if not public else None
    answer = staff or public_answer(home, words, repository, limit)
    table, hits = listing(message("检索：{words}", "search: {words}", words=words), _FIELDS, answer.hits)
    if public:
        hits = [{key: value for key, value in hit.items() if key != "openness"} for hit in hits]
    said = message("共 {n} 处", "{n} {n:hit|hits}", n=answer.total)
    return Result({"total": answer.total, "hits": hits}, (table,) if hits else (), (said,))


def public_answer(home: Home, words: str, repository: str | None, limit: int) -> Answer:
    """Return exactly what the portal would answer: every hit is checked against the published views."""
    views = home.public.views
    query = parse_query(words, repository=repository, hidden=views.hidden())
    answer = home.public.index.search(query, limit=limit)
    kept = tuple(hit for hit in answer.hits if views.get_by_id(hit.document.package_id))
    return Answer(answer.total - (len(answer.hits) - len(kept)), kept)


def _excerpt(hit: Hit) -> Text:
    text, marks = hit.document.text, hit.marks
    start = max(0, marks[0][0] - _AROUND)
    end = min(len(text), marks[0][1] + _AROUND)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start]
    return marked(text[start:end].replace("\n", " "), inside)
