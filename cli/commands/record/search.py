"""The command that looks for records and pages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from archives.errors import SearchError
from archives.message import Message, message
from cli import wiring
from cli.commands.record.searching.asked import nothing_found, of_public, of_staff, offer_data, query_of, totals_of
from cli.commands.record.searching.shown import answer_data, counted_table, listed_table
from cli.commands.record.searching.workbook import write_found
from cli.commands.shared import LOOKS, InRepository
from cli.frame.commands import Call, command
from cli.frame.output import Result, require_report_place
from cli.frame.parameters import Argument, Option
from cli.home.home import home_of
from cli.home.indexes import followed
from preservation.actions.describe import require_repository
from search.index.answer import Answer
from search.index.language.named import NamedWords
from search.index.language.suggestions import suggestions
from search.index.language.told import told, told_beside
from search.index.query import MOST_AT_ONCE, Facet, Narrowed

_MOST_PAGES = 100_000
WithText = Annotated[
    Literal["", "yes", "no", "extracted", "recognised"],
    Option(
        message(
            "有无全文；extracted 取自文件，recognised 由机器识别",
            "with text or without; taken from the file itself, or recognised by machine",
        )
    ),
]


@command(
    example='jinkui search "防汛 -水库 1986-1990" --title 通知 --order date --xlsx found.xlsx',
    exits=(*LOOKS, SearchError),
)
def search(
    call: Call,
    *,
    words: Annotated[
        tuple[str, ...],
        Argument(
            message(
                "检索词：空格分开的都要有，'\"…\"' 连在一起，-词 不要，1986-1990 为日期范围",
                "words: all of them; '\"…\"' as it stands, -word without it, 1986-1990 dated so",
            )
        ),
    ] = (),
    title: Annotated[str, Option(message("题名中有", "in the title"))] = "",
    author: Annotated[str, Option(message("责任者中有", "in the author"))] = "",
    number: Annotated[str, Option(message("文号中有", "in the document number"))] = "",
    fonds: Annotated[str, Option(message("全宗号或全宗名", "number or name of the fonds"))] = "",
    genre: Annotated[str, Option(message("门类代码（WS、KJ……）或名称", "class, as WS or KJ or by its name"))] = "",
    year: Annotated[str, Option(message("年度：1986 或 1986-1990", "filed under 1986, or 1986-1990"))] = "",
    repository: InRepository = None,
    text: WithText = "",
    order: Annotated[Literal["ours", "date", "code"], Option(message("次序", "in which order"))] = "ours",
    public: Annotated[bool, Option(message("只看公众能看到的", "as the public would"))] = False,
    pages: Annotated[bool, Option(message("列出有词的页及其文字", "show the pages, with what stands there"))] = False,
    count: Annotated[
        bool, Option(message("只报件数，按馆、全宗等分列", "only how many, by repository, fonds …"))
    ] = False,
    limit: Annotated[int, Option(message("每页显示几件", "how many records a page"), least=1, most=MOST_AT_ONCE)] = 20,
    page: Annotated[int, Option(message("第几页", "which page"), least=1, most=_MOST_PAGES)] = 1,
    xlsx: Annotated[
        Path | None, Option(message("查到的全部写入工作簿", "write all that is found to a workbook"))
    ] = None,
) -> Result:
    """Search everything, or exactly what the public can find."""
    if xlsx is not None:
        require_report_place(xlsx)
    narrowed = Narrowed(repository or "", fonds, genre, year, text)
    query = query_of(" ".join(words), NamedWords(title, author, number), narrowed, order)
    home = home_of(call)
    require_repository(home.archive, repository)
    with followed(home):
        ask = of_public(home) if public else of_staff(home)
        first = (replace(query, counted=tuple(Facet)), 0, 0) if count else (query, (page - 1) * limit, limit)
        answer = ask(*first)
    if count:
        table, lines = counted_table(answer), [_said(answer)]
    else:
        heading = message("检索：{words}", "search: {words}", words=query.words)
        table, lines = listed_table(heading, answer, with_pages=pages), [_said(answer), *_turned(answer, page, limit)]
    lines += [one] if (one := told_beside(query)) else []
    asked = replace(query, this_year=wiring.today().year)
    offers = () if answer.total else suggestions(asked, totals_of(home, is_public=public))
    lines += [] if answer.total else nothing_found(query, offers)
    if xlsx is not None:
        lines.append(write_found(xlsx, ask, query, answer.total, call.output.language))
    searched = [one.text("en") for one in told(query)]
    data = {**answer_data(answer, is_public=public), "page": page, "searched": searched}
    data["left_out"] = [one.said for one in query.left_out]
    data |= {} if answer.total else {"offers": [offer_data(one) for one in offers]}
    return Result(data, (table,) if table.rows else (), tuple(lines))


def _said(answer: Answer) -> Message:
    return message("共 {n} 件，{m} 处", "{n} {n:record|records}, {m} {m:place|places}", n=answer.total, m=answer.places)


def _turned(answer: Answer, page: int, limit: int) -> Iterator[Message]:
    """Say which page it is, where there are several."""
    last = max(1, -(-answer.total // limit))
    if page < last:
        yield message(
            "第 {n}/{m} 页；下一页：--page {k}", "page {n} of {m}; the next: --page {k}", n=page, m=last, k=page + 1
        )
    elif page > 1:
        yield message("第 {n}/{m} 页", "page {n} of {m}", n=page, m=last)
