"""The command that says what a sheet of opening decisions would make public, before anybody is bound by it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from archives.errors import AmbiguousError, FormatError, JinkuiError, NotFoundError, SearchError
from archives.findings import Finding, refusal, warning
from archives.message import Message, message
from archives.record.elements.persons_shown import names_within, persons_named, persons_shown
from archives.record.elements.table import ELEMENTS, public_elements
from archives.record.holding import Holding, as_told
from archives.record.rights import Conclusion, OnlineScope, OpeningDecision
from archives.text.folding import folded_text
from archives.text.private import PrivateKind, private_things
from cli import wiring
from cli.commands.record.rendering import finding_table, passed_over, term
from cli.commands.shared import LOOKS, InRepository, Sheet
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.home.home import Home, home_of
from cli.home.originals import Originals
from formats.hidden import hidden_content_apart
from ingest.sheets.decisions import (
    DECISION_HEADINGS,
    REQUIRED,
    DecisionRow,
    about_sheet,
    filled_in,
    read_decisions,
)
from ingest.sheets.table import read_sheet
from preservation.actions.secrecy import refusal_to_open
from preservation.catalogue.naming import named_unit
from search.published.pages import page_texts, shown_pages

_LONGEST = 40
_PRIVATE = {
    PrivateKind.ID_NUMBER: message("身份证号码：{text}", "the number of an identity card: {text}"),
    PrivateKind.TELEPHONE: message("电话号码：{text}", "a telephone number: {text}"),
    PrivateKind.NAME: message("可能是人名：{text}", "perhaps a person's name: {text}"),
}
_OTHER_TITLE = message(
    "不应公开的，请在决定表的“公开题名”一列另写题名；仅目录也显示题名",
    "what is not meant for the public: give another title in the column public title of the decisions; catalogue only shows the title, too",
)
_IN_ELEMENT = message(
    "不应公开的，请先用 jinkui describe 改这一项，或改网上范围为不上网；仅目录也显示此项",
    "what is not meant for the public: change this element with jinkui describe first, or choose not online; catalogue only shows it, too",
)


@dataclass(frozen=True, slots=True)
class _Preview:
    """A record that a decision would open, and what a reviewer should look at."""

    holding: Holding
    decision: OpeningDecision
    findings: tuple[Finding, ...]
    opened: frozenset[str]


_FIELDS: tuple[Field[_Preview], ...] = (
    Field("archival_code", message("档号", "archival code"), lambda one: one.holding.description.code.written),
    Field("repository", None, lambda one: one.holding.key.repository),
    Field("title", message("题名", "title"), lambda one: one.holding.description.title),
    Field("public_title", message("公开题名", "public title"), lambda one: one.decision.public_title),
    Field(
        "online_scope",
        message("网上范围", "online"),
        lambda one: one.decision.scope.value,
        lambda one: term(one.decision.scope.value),
    ),
    Field("opens_on", message("开放日期", "opens on"), lambda one: str(one.decision.takes_effect_on or "")),
    Field("pages", message("页数", "pages"), lambda one: _pages(one)),
    Field("reviewed_digest", message("审核摘要", "reviewed digest"), lambda one: one.holding.reviewed),
    Field("findings", message("问题数", "findings"), lambda one: one.findings, lambda one: len(one.findings)),
)


@command(example="jinkui opening preview decisions-2026.xlsx", exits=(*LOOKS, SearchError, FormatError, FINDINGS))
def preview(call: Call, *, sheet: Sheet, repository: InRepository = None) -> Result:
    """Say, record by record, what a sheet of opening decisions would make public, and what to look at before.

    Found are the unit's own persons in its description and on its pages, what a Chinese title or note calls by surname and
    word (同志, 处分), numbers of Chinese identity cards and mobile telephones, and hidden content of files. No other name is.
    """
    home = home_of(call)
    table = read_sheet(sheet, DECISION_HEADINGS, required=REQUIRED, reader=home.sheet_reader(sheet.parent))
    table, blank = filled_in(table)
    about: list[tuple[str, Finding]] = [("", found) for found in about_sheet(table)]
    chosen: list[tuple[Holding, DecisionRow]] = []
    with home.originals() as originals:
        for row in read_decisions(table, today=wiring.today()):
            about += [(row.code_text, found) for found in row.findings]
            if row.decision is None or row.decision.conclusion is not Conclusion.OPEN:
                continue
            try:
                holding = named_unit(home.catalogue, row.code_text, row.repository or repository)
            except (NotFoundError, AmbiguousError) as unknown:
                about.append((row.code_text, refusal(unknown, file=table.name, row=row.number, cell=row.cell)))
                continue
            if refused := refusal_to_open(home.archive, holding):
                about.append((row.code_text, refusal(refused, file=table.name, row=row.number, cell=row.cell)))
                continue
            chosen.append((holding, row))
        opened = frozenset(one.unit_id for one, row in chosen if _scope(row) is OnlineScope.FULL_TEXT)
        previews = [
            _Preview(one, row.decision, tuple(_found(home, originals, one, row, opened)), opened)
            for one, row in chosen
            if row.decision
        ]
    about += [(one.holding.description.code.written, found) for one in previews for found in one.findings]
    shown, data = listing(message("将公开的档案", "what would become public"), _FIELDS, previews)
    tables = (shown, finding_table(about)) if about else (shown,)
    answer = {"records": data, "findings": [found for _, found in about]}
    return Result(answer, tables, tuple(passed_over(blank)), exit_code=FINDINGS.code if about else 0)


def _scope(row: DecisionRow) -> OnlineScope:
    return row.decision.scope if row.decision else OnlineScope.NOT_ONLINE


def _found(
    home: Home, originals: Originals, holding: Holding, row: DecisionRow, opened: frozenset[str]
) -> Iterator[Finding]:
    """Yield what a reviewer should look at, in that much of a record as would become public with the others."""
    scope = _scope(row)
    if scope is OnlineScope.NOT_ONLINE:
        return
    told = as_told(holding.description, (row.decision.public_title or "") if row.decision else "")
    kept_back = holding.description.title if told.title != holding.description.title else ""
    values = public_elements(told)
    for element in ELEMENTS:
        if element.portal and element.public_key in values:
            for found in _private(str(values[element.public_key] or ""), element.label):
                yield replace(found, advice=_OTHER_TITLE if element.key == "title" else _IN_ELEMENT)
            yield from _title_again(str(values[element.public_key] or ""), kept_back, element.label)
        elif element.key == "former_code":  # by which the public finds it
            for found in _private(holding.description.former_code, element.label, names=False):
                yield replace(found, advice=_IN_ELEMENT)
    for where, name in persons_shown(told):
        said = message("{place}：人名“{name}”", "{place}: the person's name “{name}”", place=where, name=name)
        yield warning("private-person", said)
    if scope is not OnlineScope.FULL_TEXT:
        return
    persons = persons_named(holding.description)
    try:
        texts = page_texts(home.holdings, holding)
        for number in (one for one in shown_pages(holding, texts, wiring.today(), opened=opened) if one in texts):
            text = texts[number]
            label = holding.label_of(number)
            place = label.shown if label else message("第 {n} 页", "page {n}", n=number)
            yield from _private(text, place, names=False)
            yield from _title_again(text, kept_back, place)
            for name in names_within(text, persons):
                said = message("{place}：人名“{name}”", "{place}: the person's name “{name}”", place=place, name=name)
                yield warning("private-name", said)
        for file in holding.originals:
            look = partial(hidden_content_apart, mime=file.mime)
            for found in originals.look_into(holding, file, look):
                yield found.at(file=file.original_name)
    except JinkuiError as failure:
        yield warning("not-looked-into", failure.message)


def _title_again(text: str, title: str, place: Message) -> Iterator[Finding]:
    """Yield that a title which the public is not to be told stands in something else that it would be; blanks do not count."""
    plain = "".join(folded_text(title).split())
    if plain and plain in "".join(folded_text(text).split()):
        said = message(
            "{place}：有不公开的题名“{title}”",
            "{place}: has the title that is kept back, “{title}”",
            place=place,
            title=title[:_LONGEST],
        )
        yield warning("title-elsewhere", said)


def _private(text: str, place: Message, *, names: bool = True) -> Iterator[Finding]:
    for kind, said in dict.fromkeys(private_things(text)):
        if names or kind is not PrivateKind.NAME:
            what = message(_PRIVATE[kind].zh, _PRIVATE[kind].en, text=said[:_LONGEST])
            yield warning(
                f"private-{kind.value}", message("{place}：{what}", "{place}: {what}", place=place, what=what)
            )


def _pages(one: _Preview) -> int:
    if one.decision.scope is not OnlineScope.FULL_TEXT:
        return 0
    texts = {file.page for file in one.holding.page_texts if file.page}
    return len(shown_pages(one.holding, texts, wiring.today(), opened=one.opened))
