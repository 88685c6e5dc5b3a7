"""Units as people and programs are shown them: in a list, one with all that is said of it and of what is above it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, TypeVar

from archives.errors import ConflictError, NotFoundError, UsageProblem
from archives.message import Language, Message, listed, message
from archives.record.description import Repository
from archives.record.elements.table import ELEMENTS
from archives.record.identifiers import CodeRule
from archives.units.former_codes import had_alike, had_by_several
from archives.units.level_names import level_named
from archives.units.state import ONLY_DESCRIBED, State
from archives.units.unit import Level, Unit
from cli import wiring
from cli.commands.catalogue.above import from_above
from cli.commands.catalogue.history import history_of
from cli.commands.catalogue.said import (
    called_alike,
    date_said,
    date_written,
    elements_said,
    pages_of,
    pages_said,
)
from cli.commands.catalogue.submissions import submissions_listed
from cli.commands.record.rendering import term
from cli.commands.shared import LOOKS, InRepository
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Cell, Result, Table
from cli.frame.parameters import Option
from cli.home.home import Home, home_of
from preservation.actions.disposal.batches import number_named
from preservation.catalogue.levels.wanted import Listed, Wanted, directly_below
from preservation.catalogue.naming import named

Known = TypeVar("Known")

LEVEL: Field[Listed] = Field(
    "level", message("层次", "level"), lambda one: one.unit.level.value, lambda one: one.unit.level.label
)
CALLED: tuple[Field[Listed], ...] = (
    Field("title", message("题名", "title"), lambda one: one.unit.description.title),
    Field(
        "date",
        message("日期", "date"),
        lambda one: one.unit.description.formed.edtf if one.unit.description.formed else "",
        lambda one: date_said(one.unit.description),
    ),
)
_FIELDS: tuple[Field[Listed], ...] = (
    Field("unit_id", None, lambda one: one.unit.unit_id),
    Field("repository", None, lambda one: one.unit.repository),
    LEVEL,
    Field("code", message("档号", "archival code"), lambda one: one.unit.description.code.written),
    *CALLED,
    Field("date_written", None, lambda one: date_written(one.unit.description)),
    Field("state", message("状态", "state"), lambda one: one.unit.state.value, lambda one: _state_of(one)),
    Field(
        "place",
        message("存放位置", "physical place"),
        lambda one: one.unit.description.place or one.unit.description.box,
    ),
    Field("has_content", None, lambda one: one.has_content),
    Field("is_implied", None, lambda one: one.is_implied),
    Field("revision", None, lambda one: one.unit.revision),
    Field("import", None, lambda one: one.unit.import_id),
)


@command(example="jinkui catalogue list --fonds J019 --level 案卷", exits=(*LOOKS, ConflictError))
def list_units(
    call: Call,
    *,
    fonds: Annotated[str | None, Option(message("全宗号", "number of the fonds"))] = None,
    level: Annotated[
        str | None, Option(message("层次：全宗、类别、案卷、组、件", "level: fonds, series, file, group or item"))
    ] = None,
    state: Annotated[str | None, Option(message("状态，如 未数字化、实物", "state, as not digitised, object"))] = None,
    code: Annotated[str | None, Option(message("档号的开头", "how the code begins"))] = None,
    below: Annotated[
        str | None, Option(message("只列此档号直接所辖的", "what stands directly below this code"))
    ] = None,
    under: Annotated[
        str | None, Option(message("只列此档号所辖的，不论几层", "what stands below this code at any depth"))
    ] = None,
    batch: Annotated[
        str | None,
        Option(
            message(
                "导入号或批次号（或其开头、文件夹名）", "an import or a batch: its number, its beginning, its folder"
            )
        ),
    ] = None,
    after: Annotated[str | None, Option(message("从此档号之后列起", "begin after this code"))] = None,
    most: Annotated[int, Option(message("最多列几条", "how many at most"), least=1, most=100_000)] = 50,
    without_content: Annotated[
        bool, Option(message("只列没有内容的（尚未挂接）", "only what has no content (nothing is hooked yet)"))
    ] = False,
    submissions: Annotated[
        bool, Option(message("改列各批次、导入的接收包", "list what batches and imports came with instead"))
    ] = False,
    repository: InRepository = None,
) -> Result:
    """List what the catalogue holds, in the order of codes, with content and without; or what batches came with."""
    home = home_of(call)
    if submissions:
        return submissions_listed(home, repository)
    units = home.catalogue.units
    levels = levels_named(level)
    wanted = Wanted()
    if below is not None or under is not None:
        chosen = unit_named(home, below or under or "", repository).unit
        wanted = directly_below(chosen) if below is not None else units.under(chosen)
    wanted = replace(
        wanted,
        repository=wanted.repository or repository or "",
        fonds=fonds or wanted.fonds,
        levels=levels,
        states=_states_named(state),
        import_id=number_named(home.archive, batch) if batch else "",
        code=code or "",
        without_content=without_content or _says_described_only(state),
        unwritten=levels or (_UNWRITTEN if below or under else ()),
    )
    page = units.page(wanted, after=unit_named(home, after, repository).after if after else None, most=most)
    table, data = listing(message("目录", "catalogue"), _FIELDS, page)
    counted = units.number(wanted)
    said = message("共 {all} 条，列出 {n} 条", "{n} of {all}", all=counted, n=len(page))
    lines = (said, next_page(home, page)) if len(page) == most and counted > most else (said,)
    return Result({"units": data, "count": counted}, (table,) if page else (), lines)


def next_page(home: Home, page: list[Listed]) -> Message:
    """Return how the units after a page are listed."""
    last = page[-1].unit
    code = last.unit_id if called_alike(home, last) else last.description.code.written or last.unit_id
    return message("下一页：加 --after {code}", "next page: add --after {code}", code=code)


def _says_described_only(text: str | None) -> bool:
    return text is not None and text.strip().casefold() in ONLY_DESCRIBED


def _states_named(text: str | None) -> tuple[State, ...]:
    """Return the state that somebody names by a word that a list shows, none where nobody does; raises ``UsageProblem``."""
    if not text:
        return ()
    state = State.HELD if _says_described_only(text) else State.named(text)
    return (_known(state, text, "--state", [*State, message(*ONLY_DESCRIBED)]),)


def levels_named(text: str | None) -> tuple[Level, ...]:
    """Return the level that somebody names, none where nobody does; raises ``UsageProblem`` for a word that is none."""
    return (_known(level_named(text), text, "--level", Level),) if text else ()


def units_named(home: Home, code: str, repository: str | None) -> tuple[Listed, ...]:
    """Return the units that ``CODE`` or ``REPOSITORY:CODE`` names, by their code of now, else one of before, else by identifier.

    Several where several of one repository have the code. Raises ``NotFoundError``, and ``AmbiguousError`` where several
    had it before and none has it.
    """
    repository, code = named(code, repository)
    units = home.catalogue.units
    places = [one.code.value for one in home.catalogue.repositories() if repository in (None, one.code.value)]
    for place in places:
        for found in units.by_code(place, [code]).values():
            return tuple(sorted(found, key=lambda one: one.unit.unit_id))
    for place in places:
        for unwritten in units.unwritten(place, [code]).values():
            return (unwritten,)
    had = [one for place in places for found in units.by_former_code(place, [code]).values() for one in found]
    if len(had) > 1:
        raise had_by_several(code, [f"{one.unit.repository}:{one.unit.description.code.written}" for one in had])
    if had:
        return (had[0],)
    if by_identifier := units.get([code]).get(code):
        return (by_identifier,)
    if is_fonds(home, code, repository):
        raise NotFoundError(
            message("全宗 {code} 还没有人著录", "nobody has described the fonds {code} yet", code=code),
            subject=code,
            advice=message(
                "其下的档案用 jinkui catalogue list --fonds {code} 列出；用 jinkui fonds import 著录全宗",
                "jinkui catalogue list --fonds {code} lists what is in it; jinkui fonds import describes it",
                code=code,
            ),
        )
    near = [one for place in places for one in units.near(place, code) or units.undivided(place, code)]
    free = {one.code.value for one in home.catalogue.repositories() if one.codes is CodeRule.FREE}
    if len(near) == 1 and near[0].unit.repository in free:
        return (near[0],)
    advice = message("用 jinkui catalogue list 列出", "jinkui catalogue list lists what it has")
    if near:
        codes = listed([one.unit.description.code.written for one in near])
        advice = message("相近的有 {codes}", "near it: {codes}", codes=codes)
    raise NotFoundError(
        message("目录中没有 {code}", "the catalogue has no {code}", code=code), subject=code, advice=advice
    )


def is_fonds(home: Home, code: str, repository: str | None) -> bool:
    """Say whether codes of units begin with this number of a fonds, which nobody need have described."""
    repository, code = named(code, repository)
    return bool(code) and home.catalogue.units.number(Wanted(repository=repository or "", fonds=code)) > 0


def unit_named(home: Home, code: str, repository: str | None) -> Listed:
    """Return the unit that somebody names; raises as ``units_named`` does, ``AmbiguousError`` for a code that several have."""
    found = units_named(home, code, repository)
    if len(found) > 1:
        raise had_alike(code, [one.unit.unit_id for one in found])
    return found[0]


def repository_of_unit(home: Home, code: str, repository: str | None) -> tuple[Repository, Unit]:
    """Return the repository of the unit that somebody names, and the unit; raises as ``unit_named`` does."""
    unit = unit_named(home, code, repository).unit
    place = next(one for one in home.catalogue.repositories() if one.code.value == unit.repository)
    return place, unit


def unit_shown(home: Home, shown: Listed, lines: tuple[Message, ...] = ()) -> Result:
    """Return everything that is said of a unit without content; ``lines`` are said with it."""
    unit = shown.unit
    higher = home.catalogue.units.above(unit)
    holdings = tuple(home.holdings.named([unit.unit_id]))
    places = [pages_of(home, one) for one in holdings if one.item]
    wanted = directly_below(unit, unwritten=(Level.SERIES,))
    below = home.catalogue.units.page(wanted, most=_MOST_BELOW)
    rows: list[tuple[Cell, ...]] = [
        (message("层次", "level"), unit.level.label),
        (message("状态", "state"), _state_of(shown)),
        *((message("页", "pages"), pages_said(text, volume)) for text, volume in places),
        *((message("开放状态", "openness"), term(one.access_on(wiring.today()).openness)) for one in holdings),
        *elements_said(unit.description),
        *from_above(unit.description, higher),
    ]
    described = Table(
        message("著录", "description"), (message("项目", "element"), message("内容", "value")), tuple(rows)
    )
    listed_below, data_below = listing(message("所辖", "below it"), _FIELDS, below)
    history, told = history_of(home, unit.unit_id)
    data = {
        "unit_id": unit.unit_id,
        "repository": unit.repository,
        "level": unit.level.value,
        "state": unit.state.value,
        "has_content": shown.has_content,
        "is_implied": shown.is_implied,
        "openness": [one.access_on(wiring.today()).openness.value for one in holdings],
        "pages": [text for text, _ in places],
        "volume": [volume for _, volume in places],
        "archival_code": unit.description.code.written,
        "description": {
            **{element.key: element.data(unit.description) for element in ELEMENTS},
            "date_written": date_written(unit.description),
        },
        "above": [one.description.code.written for one in higher],
        "below": data_below,
        "history": told,
        "same_code": [one.unit.unit_id for one in called_alike(home, unit)],
    }
    return Result(data, (described, *((listed_below,) if below else ()), *history), lines)


def _state_of(listed: Listed) -> Message:
    """Return what people are told of a unit's state; of one without content, of which nothing else is known, that."""
    if listed.is_implied:
        return message("未著录，由下级档号推知", "not described: the codes below it name it")
    if listed.unit.level is Level.FONDS and not listed.has_content:
        return listed.unit.state.label
    if listed.unit.state is State.HELD and not listed.has_content:
        return message(*ONLY_DESCRIBED)
    return listed.unit.state.label


_MOST_BELOW = 200
_UNWRITTEN = (Level.FONDS, Level.SERIES)


def _known(found: Known | None, text: str, option: str, every: Iterable[Level | State | Message]) -> Known:
    """Return what a word stands for; raises ``UsageProblem`` where it stands for none of them."""
    if found is None:
        raise UsageProblem(
            message("不认识“{text}”", "“{text}” is none", text=text),
            subject=option,
            advice=message("可写：{zh}", "one of: {en}", zh=_all(every, "zh"), en=_all(every, "en")),
        )
    return found


def _all(every: Iterable[Level | State | Message], language: Language) -> str:
    return ", ".join((one if isinstance(one, Message) else one.label).text(language) for one in every)
