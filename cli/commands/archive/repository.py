"""Commands about archives and records rooms."""

from typing import Annotated, Literal

from archives.errors import UsageProblem
from archives.message import message
from archives.record.description import Repository
from archives.record.identifiers import CodeRule
from cli.commands.shared import LOOKS, WRITES
from cli.frame.commands import Call, command
from cli.frame.listing import Field, as_data, listing
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import home_of
from preservation.actions.describe import add_repository

_FIELDS: tuple[Field[Repository], ...] = (
    Field("code", message("代码", "code"), lambda one: one.code.value),
    Field("name", message("名称", "name"), lambda one: one.name),
    Field("name_en", message("英文名称", "English name"), lambda one: one.name_en),
    Field("kind", message("类型", "kind"), lambda one: one.kind),
    Field("parent", message("上级", "above"), lambda one: one.parent.value if one.parent else None),
    Field("codes", message("档号规则", "codes"), lambda one: one.codes.value, lambda one: one.codes.label),
)


@command(example='jinkui repository add 419001 --name … --name-en "Jiyuan City Archives"', exits=WRITES)
def add(
    call: Call,
    *,
    code: Annotated[str, Argument(message("代码", "its code"))],
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
    said = message("已登记 {code} {name}", "{code} is described: {name}", code=code, name=name)
    return Result({"repository": as_data(_FIELDS, new)}, lines=(said,))


@command(example="jinkui repository list", exits=LOOKS)
def list_repositories(call: Call) -> Result:
    """List archives and records rooms."""
    table, data = listing(message("馆和室", "repositories"), _FIELDS, home_of(call).catalogue.repositories())
    return Result({"repositories": data}, (table,))
