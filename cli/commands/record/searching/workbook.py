"""All that was found, written to a workbook: what is said of each record, one a row."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from archives.message import Language, Message, message
from cli.commands.record.rendering import term
from cli.commands.record.searching.asked import Search
from cli.commands.record.searching.shown import holder
from cli.frame.output import Cell, Table, write_report
from search.index.answer import Found
from search.index.query import Query

_MOST = 100_000
_TOGETHER = 2_000
_IN_WORKBOOK: tuple[tuple[Message, Callable[[Found], Cell]], ...] = (
    (message("馆", "repository"), lambda one: holder(one)),
    (message("全宗", "fonds"), lambda one: " ".join(filter(None, (one.record.fonds, one.record.fonds_name)))),
    (message("档号", "archival code"), lambda one: one.record.archival_code),
    (message("题名", "title"), lambda one: one.record.title),
    (message("责任者", "author"), lambda one: one.record.author),
    (message("文号", "document number"), lambda one: one.record.document_number),
    (message("日期", "date"), lambda one: one.record.date),
    (message("年度", "year"), lambda one: one.record.year or ""),
    (message("门类", "class"), lambda one: one.record.genre),
    (message("状态", "state"), lambda one: term(one.record.openness)),
    (message("有词的页和件", "pages and items with words"), lambda one: one.places),
)


def write_found(path: Path, ask: Search, query: Query, total: int, language: Language) -> Message:
    """Write a workbook of what a query finds, and say how many of ``total`` records are in it: 100,000 at the most."""
    rows = tuple(tuple(cell(one) for _, cell in _IN_WORKBOOK) for one in _all_found(ask, query))
    table = Table(message("检索结果", "found"), tuple(name for name, _ in _IN_WORKBOOK), rows)
    write_report(path, [table], language)
    if total > len(rows):
        said = message(
            "已写入 {n} 件（共 {m} 件）：{path}",
            "{n} of {m} {m:record|records} written to {path}",
            n=len(rows),
            m=total,
            path=str(path),
        )
    else:
        said = message("已写入 {n} 件：{path}", "{n} {n:record|records} written to {path}", n=len(rows), path=str(path))
    return said


def _all_found(ask: Search, query: Query) -> Iterator[Found]:
    for offset in range(0, _MOST, _TOGETHER):
        found = ask(replace(query, places=0), offset, _TOGETHER).found
        yield from found
        if not found:
            return
