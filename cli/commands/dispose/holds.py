"""Commands of holds (冻结): a record under one is not disposed of, whatever its retention period."""

from typing import Annotated

from archives.journal.holds import Hold
from archives.message import message
from cli.commands.shared import LOOKS, WRITES, Code, InRepository
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import home_of
from preservation.actions.disposal.hold import all_holds, lift_hold, place_hold

Reason = Annotated[str, Option(message("理由", "why"))]

_FIELDS: tuple[Field[Hold], ...] = (
    Field("hold_id", message("编号", "hold"), lambda one: one.hold_id),
    Field("repository", message("馆代码", "repository"), lambda one: one.repository),
    Field("archival_code", message("档号", "archival code"), lambda one: one.archival_code),
    Field("reason", message("理由", "why"), lambda one: one.reason),
)


@command(example='jinkui hold place J019-WS·2014·Y·BGS-0101 --reason "case 17"', exits=WRITES)
def place(call: Call, *, code: Code, reason: Reason, repository: InRepository = None) -> Result:
    """Put a record under a hold."""
    hold = place_hold(home_of(call).archive, code, repository=repository, reason=reason)
    said = message(
        "已冻结 {code}，编号 {id}", "{code} is under the hold {id}", code=hold.archival_code, id=hold.hold_id
    )
    return Result({"hold_id": hold.hold_id, "archival_code": hold.archival_code}, lines=(said,))


@command(example='jinkui hold lift 3f2a71c8 --reason "the case is closed"', exits=WRITES)
def lift(
    call: Call, *, hold: Annotated[str, Argument(message("冻结编号", "identifier of the hold"))], reason: Reason
) -> Result:
    """Let a hold stand no longer."""
    lift_hold(home_of(call).archive, hold, reason=reason)
    return Result({"hold_id": hold}, lines=(message("已解除冻结 {id}", "the hold {id} is lifted", id=hold),))


@command(example="jinkui hold list", exits=LOOKS)
def list_holds(call: Call) -> Result:
    """List the holds that stand."""
    table, data = listing(message("冻结", "holds"), _FIELDS, all_holds(home_of(call).archive))
    return Result({"holds": data}, (table,))
