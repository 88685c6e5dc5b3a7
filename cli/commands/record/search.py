"""The command that looks for records and pages."""

from collections.abc import Iterator
from typing import Annotated

from rich.text import Text

from archives.errors import SearchError, UsageProblem
from archives.message import message
from cli.commands.record.rendering import term
from cli.commands.shared import LOOKS, InRepository
from cli.frame.commands import Call, command
from cli.frame.listing import Field, as_data
from cli.frame.output import Cell, Result, Table, marked
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from preservation.actions.describe import require_repository
from search.index.answer import Answer, Found, Hit, Marks
from search.index.query import MOST_AT_ONCE, parse_query
from search.published.view import as_published

_AROUND = 30
_PLACE: tuple[Field[Hit], ...] = (
    Field("page", None, lambda hit: hit.place.page),
    Field("page_label", None, lambda hit: hit.place.called),
    Field("archival_code", None, lambda hit: hit.place.archival_code or None),
    Field("title", None, lambda hit: hit.place.title or None),
    Field("date", None, lambda hit: hit.place.date or None),
    Field("openness", None, lambda hit: hit.place.openness),
    Field("text", None, lambda hit: hit.place.text),
    Field("marks", None, lambda hit: [list(mark) for mark in hit.marks]),
)
_RECORD: tuple[Field[Found], ...] = (
    Field("repository_name", None, lambda found: found.record.repository_name),
    Field("archival_code", None, lambda found: found.record.archival_code),
    Field("repository", None, lambda found: found.record.repository),
    Field("title", None, lambda found: found.record.title),
    Field("date", None, lambda found: found.record.date),
    Field("openness", None, lambda found: found.record.openness),
    Field("text", None, lambda found: found.record.text),
    Field("marks", None, lambda found: [list(mark) for mark in found.marks]),
    Field("places", None, lambda found: found.places),
)
_HEADINGS = (
    message("馆", "repository"),
    message("档号", "archival code"),
    message("日期", "date"),
    message("页", "page"),
    message("状态", "state"),
    message("内容", "text"),
)


@command(example='jinkui search "land reform" --limit 5', exits=(*LOOKS, SearchError))
def search(
    call: Call,
    *,
    words: Annotated[str, Argument(message("检索词", "what to look for"))],
    public: Annotated[bool, Option(message("只看公众能看到的", "as the public would"))] = False,
    repository: InRepository = None,
    limit: Annotated[int, Option(message("最多显示几件", "how many records to show"), least=1, most=MOST_AT_ONCE)] = 20,
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
    rows = tuple(row for found in answer.found for row in _rows(found))
    table = Table(message("检索：{words}", "search: {words}", words=words), _HEADINGS, rows)
    hits = [_data(found, is_public=public) for found in answer.found]
    said = message("共 {n} 件，{m} 处", "{n} {n:record|records}, {m} {m:place|places}", n=answer.total, m=answer.places)
    data = {"total": answer.total, "places": answer.places, "hits": hits}
    return Result(data, (table,) if hits else (), (said,))


def public_answer(home: Home, words: str, repository: str | None, limit: int) -> Answer:
    """Return exactly what the portal would answer: every hit is checked against the published views."""
    views = home.public.views
    query = parse_query(words, repository=repository, hidden=views.hidden())
    answer = home.public.index.search(query, limit=limit)
    return as_published(answer, views.of(one.record.package_id for one in answer.found), is_signed=views.is_signed)


def _rows(found: Found) -> Iterator[tuple[Cell, ...]]:
    """Yield a record, then below it the places in which words stand."""
    record = found.record
    name = message("{zh}", "{en}", zh=record.repository_name, en=record.repository_name_en)
    yield (name, record.archival_code, record.date, "—", term(record.openness), _described(found))
    for hit in found.hits:
        place = hit.place
        yield (
            "",
            place.archival_code,
            place.date,
            place.name or "—",
            term(place.openness),
            _excerpt(place.text, hit.marks),
        )
    if more := found.places - len(found.hits):
        yield ("", "", "", message("另有 {n} 处", "{n} more", n=more), "", "")


def _data(found: Found, *, is_public: bool) -> dict[str, object]:
    """Return a record as JSON holds it; how open it is, is the staff's."""
    record, pages = as_data(_RECORD, found), [as_data(_PLACE, hit) for hit in found.hits]
    for told in (record, *pages) if is_public else ():
        del told["openness"]
    return {**record, "pages": pages}


def _described(found: Found) -> Text:
    """Return a record's title, and what else of its description has words; the description begins with the title."""
    title, text = found.record.title, found.record.text
    begins = len(title) if text.startswith(title) else 0
    within = [mark for mark in found.marks if mark[1] <= begins]
    beyond = tuple((start - begins, end - begins) for start, end in found.marks if start >= begins)
    told = marked(title, within)
    return told.append(" … ").append(_excerpt(text[begins:], beyond)) if beyond else told


def _excerpt(text: str, marks: Marks) -> Text:
    first = marks[0] if marks else (0, 0)
    start = max(0, first[0] - _AROUND)
    end = min(len(text), first[1] + _AROUND)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start]
    return marked(text[start:end].replace("\n", " "), inside)
