"""Commands about archives and records rooms."""

from datetime import date
from typing import Annotated, Literal

from archives.errors import UsageProblem
from archives.message import Message, message
from archives.record.description import Repository
from archives.record.identifiers import CodeRule
from cli.commands.shared import LOOKS, WRITES
from cli.frame.commands import Call, command
from cli.frame.listing import Field, as_data, listing, moment
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from preservation.actions.describe import (
    Named,
    RepositoryName,
    add_repository,
    correct_day,
    name_repository,
    repository_names,
)

Code = Annotated[str, Argument(message("代码", "its code"))]
Reason = Annotated[str, Option(message("理由", "why"))]
By = Annotated[str | None, Option(message("由谁更改（默认为操作人）", "who says it (default: the operator)"))]

_KINDS = {"馆": message("馆", "archives"), "室": message("室", "records room")}
_FIELDS: tuple[Field[Repository], ...] = (
    Field("code", message("代码", "code"), lambda one: one.code.value),
    Field("name", message("名称", "name"), lambda one: one.name),
    Field("name_en", message("英文名称", "English name"), lambda one: one.name_en),
    Field("kind", message("类型", "kind"), lambda one: one.kind, lambda one: _KINDS[one.kind]),
    Field("parent", message("上级", "above"), lambda one: one.parent.value if one.parent else None),
    Field("codes", message("档号规则", "codes"), lambda one: one.codes.value, lambda one: one.codes.label),
)

_NAMES: tuple[Field[RepositoryName], ...] = (
    Field("code", message("代码", "code"), lambda one: one.repository.code.value),
    Field("name", message("名称", "name"), lambda one: one.repository.name),
    Field("name_en", message("英文名称", "English name"), lambda one: one.repository.name_en),
    Field("since", message("自", "from"), lambda one: one.since and one.since.isoformat()),
    Field("until", message("至", "until"), lambda one: one.until and one.until.isoformat()),
    Field("corrected", message("状态", "state"), lambda one: one.corrected, lambda one: _held(one)),
    moment("said_at", message("登记时间", "said at"), lambda one: one.said_at),
    Field("person", message("何人", "by"), lambda one: one.person),
    Field("reason", message("理由", "why"), lambda one: one.reason),
)


@command(example='jinkui repository add 419001 --name … --name-en "Jiyuan City Archives"', exits=WRITES)
def add(
    call: Call,
    *,
    code: Code,
    name: Annotated[str, Option(message("中文名称", "its Chinese name"))],
    name_en: Annotated[str, Option(message("英文名称", "its English name"))] = "",
    kind: Annotated[Literal["馆", "室"], Option(message("馆 或 室", "馆 (archives) or 室 (records room)"))] = "馆",
    parent: Annotated[str | None, Option(message("上级馆代码", "code of the repository above it"))] = None,
    codes: Annotated[
        str | None,
        Option(
            message("档号规则：da-t（默认）或 free（自定）", "rule for codes: da-t (default), or free reference codes")
        ),
    ] = None,
) -> Result:
    """Describe an archives or a records room; its rule for codes may be changed later."""
    if codes not in (None, *CodeRule):
        said = message(
            "没有规则“{text}”，可写 da-t 或 free", "there is no rule “{text}”: da-t or free", text=codes or ""
        )
        raise UsageProblem(said, subject="--codes")
    rule = CodeRule(codes) if codes else None
    new = add_repository(home_of(call).archive, code, name=name, name_en=name_en, kind=kind, parent=parent, codes=rule)
    said = message("已登记 {code} {name}", "{code} is described: {name}", code=code, name=new.called)
    return Result({"repository": as_data(_FIELDS, new)}, lines=(said,))


@command(example='jinkui repository correct 419001 --name 济源市档案馆 --reason "a letter was wrong"', exits=WRITES)
def correct(
    call: Call,
    *,
    code: Code,
    name: Annotated[str | None, Option(message("正确的中文名称", "the right Chinese name"))] = None,
    name_en: Annotated[str | None, Option(message("正确的英文名称", "the right English name"))] = None,
    kind: Annotated[str | None, Option(message("馆 或 室", "馆 (archives) or 室 (records room)"))] = None,
    parent: Annotated[str | None, Option(message("上级馆代码", "code of the repository above it"))] = None,
    since: Annotated[
        date | None, Option(message("现名正确的启用日期", "the right day from which on its present name holds"))
    ] = None,
    reason: Reason,
    by: By = None,
) -> Result:
    """Correct what was said of a repository by mistake: it holds for all its records, and what stood there stays told."""
    kinds: dict[str | None, Literal["馆", "室"] | None] = {"馆": "馆", "室": "室", None: None}
    if kind not in kinds:
        said = message("没有类型“{text}”，可写 馆 或 室", "there is no kind “{text}”: 馆 or 室", text=kind or "")
        raise UsageProblem(said, subject="--kind")
    named = Named(name, name_en, kinds[kind], parent)
    return (
        _named(call, code, named, None, reason, by) if since is None else _dated(call, code, named, since, reason, by)
    )


@command(example="jinkui repository rename 419001 --name 济源市国家档案馆 --since 2027-01-01 --reason …", exits=WRITES)
def rename(
    call: Call,
    *,
    code: Code,
    name: Annotated[str, Option(message("新名称", "the new Chinese name"))],
    name_en: Annotated[str | None, Option(message("新的英文名称", "the new English name"))] = None,
    since: Annotated[date, Option(message("从哪一天起", "from which day on"))],
    reason: Reason,
    by: By = None,
) -> Result:
    """Say that a repository has another name from a day on; what it was called before stays told."""
    return _named(call, code, Named(name, name_en), since, reason, by)


@command(example="jinkui repository list --history", exits=LOOKS)
def list_repositories(
    call: Call,
    *,
    history: Annotated[bool, Option(message("列出每一个曾用的登记", "with all that was ever said of them"))] = False,
) -> Result:
    """List archives and records rooms, or how each was called from when to when."""
    home = home_of(call)
    every = home.catalogue.repositories()
    if history:
        names = [one for place in every for one in repository_names(home.archive, place.code.value)]
        table, data = listing(message("馆和室的沿革", "how repositories were called"), _NAMES, names)
        return Result({"names": data}, (table,))
    table, data = listing(message("馆和室", "repositories"), _FIELDS, every)
    return Result({"repositories": data}, (table,))


def _named(call: Call, code: str, named: Named, since: date | None, reason: str, by: str | None) -> Result:
    home, person = _saying(call, named, reason, by)
    return _said(home, name_repository(home.archive, code, named, since=since, reason=reason.strip(), person=person))


def _dated(call: Call, code: str, named: Named, since: date, reason: str, by: str | None) -> Result:
    home, person = _saying(call, named, reason, by)
    new = correct_day(home.archive, code, named, since, reason=reason.strip(), person=person)
    return _said(home, new, since)


def _saying(call: Call, named: Named, reason: str, by: str | None) -> tuple[Home, str]:
    if not reason.strip():
        raise UsageProblem(message("请用 --reason 写明理由", "say why with --reason"), subject="--reason")
    if named.name is not None and not named.name.strip():
        raise UsageProblem(message("名称是空的", "the name is empty"), subject="--name")
    home = home_of(call)
    return home, by or home.archive.operator


def _said(home: Home, new: Repository, since: date | None = None) -> Result:
    home.follow()
    called = (
        message("{name}", "{name} ({in_english})", name=new.name, in_english=new.name_en) if new.name_en else new.name
    )
    said = message("{code} 现名为 {name}", "{code} is {name} now", code=new.code.value, name=called)
    if since is not None:
        said = message(
            "{code} 自 {day} 起名为 {name}",
            "{code} is called {name} from {day} on",
            code=new.code.value,
            name=called,
            day=since.isoformat(),
        )
    return Result({"repository": as_data(_FIELDS, new)}, lines=(said,))


def _held(one: RepositoryName) -> Message:
    if one.corrected:
        return message("误登，已更正", "a mistake, corrected")
    if one.until:
        return message("曾用", "until then")
    return message("现行", "present")
