"""The command by which a person judges a store that goes on with entries this home does not know."""

from typing import Annotated

from archives.errors import RefusedError
from archives.message import message
from cli.commands.shared import WRITES
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import home_of
from preservation.actions.journal.reconcile import OtherBranch, other_branches
from preservation.actions.journal.reconcile import reconcile as reconcile_branch

_FIELDS: tuple[Field[OtherBranch], ...] = (
    Field("store", message("存储", "store"), lambda one: one.store.name),
    Field("first", message("自第几条", "from entry"), lambda one: one.first),
    Field("last", message("至第几条", "to entry"), lambda one: one.end.sequence),
    Field("continues", message("与此处衔接", "continues this home's"), lambda one: one.continues),
    Field("types", message("内容", "what it says"), lambda one: tuple(sorted({e.fact.type for e in one.entries()}))),
)


@command(
    example='jinkui journal reconcile --foreign second --reason "a test on a copied home"',
    exits=(*WRITES, RefusedError),
)
def reconcile(
    call: Call,
    *,
    adopt: Annotated[
        str | None,
        Option(
            message(
                "采用此存储中的后续日志（档案库由备份恢复）", "take this store's entries over (restored from a backup)"
            )
        ),
    ] = None,
    foreign: Annotated[
        str | None, Option(message("认定此存储中的后续日志不属于本档案库", "name this store's entries foreign"))
    ] = None,
    reason: Annotated[str, Option(message("理由", "why"))] = "",
) -> Result:
    """List what stores hold that this archive's key signed and this home does not know, or judge one of them."""
    home = home_of(call)
    branches = other_branches(home.archive)
    table, data = listing(message("此处没有记录的日志", "entries that this home does not know"), _FIELDS, branches)
    name = adopt or foreign
    if name is None:
        said = (
            message("没有这样的日志", "there are none")
            if not branches
            else message(
                "请查明是谁的，再裁定：采用的加 --adopt 存储 --reason 理由，不属于本档案库的加 --foreign 存储 --reason 理由",
                "find out whose they are, then judge: --adopt STORE --reason WHY takes them over, --foreign STORE --reason WHY says "
                "that they are not the archive's",
            )
        )
        return Result({"branches": data}, (table,) if data else (), (said,))
    if not reason.strip() or (adopt and foreign):
        raise RefusedError(message("须写明理由，且只作一种裁定", "give a reason, and one judgement"), subject=name)
    branch = next((one for one in branches if one.store.name == name), None)
    if branch is None:
        raise RefusedError(
            message("存储“{store}”没有这样的日志", "the store “{store}” has no such entries", store=name), subject=name
        )
    written = reconcile_branch(home.archive, branch, adopt=adopt is not None, reason=reason)
    home.follow()
    said = written[0].fact.said()
    return Result({"branches": data, "recorded": len(written)}, lines=(said,))
