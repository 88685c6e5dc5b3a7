"""Commands of holds (冻结): a record under one is not disposed of, whatever its retention period."""

from archives.errors import NotFoundError
from archives.journal.facts import HoldLifted, HoldPlaced
from archives.message import message
from cli import wiring
from cli.commands.record.rendering import the_record
from cli.frame.commands import Call
from cli.frame.output import Result, Table
from cli.home.home import home_of
from preservation.disposal.plan import standing_holds


def place(call: Call, *, code: str, reason: str, repository: str | None) -> Result:
    """Put a record under a hold."""
    home = home_of(call)
    home.begin_writing()
    holding = the_record(home, code, repository)
    hold_id = wiring.new_identifier()[:8]
    with home.vault.locks.record(holding.key):  # a disposal that is under way looks at the holds under the same lock
        home.refresh()
        the_record(home, code, repository)  # it may have been disposed of while the lock was waited for
        fact = HoldPlaced(hold_id, holding.key.repository, holding.description.code.written, reason)
        home.vault.ledger.append([fact])
    home.refresh()
    said = message(
        "已冻结 {code}，编号 {id}", "{code} is under the hold {id}", code=holding.description.code.written, id=hold_id
    )
    return Result({"hold_id": hold_id, "archival_code": holding.description.code.written}, lines=(said,))


def lift(call: Call, *, hold: str, reason: str) -> Result:
    """Let a hold stand no longer."""
    home = home_of(call)
    home.begin_writing()
    if hold not in standing_holds(home.vault.ledger.entries()):
        raise NotFoundError(message("没有冻结 {id}", "there is no hold {id}", id=hold), subject=hold)
    home.vault.ledger.append([HoldLifted(hold, reason)])
    home.refresh()
    return Result({"hold_id": hold}, lines=(message("已解除冻结 {id}", "the hold {id} is lifted", id=hold),))


def list_holds(call: Call) -> Result:
    """List the holds that stand."""
    home = home_of(call)
    holds = tuple(standing_holds(home.vault.ledger.entries()).values())
    columns = (
        message("编号", "hold"),
        message("馆代码", "repository"),
        message("档号", "archival code"),
        message("理由", "why"),
    )
    rows = tuple((one.hold_id, one.repository, one.archival_code, one.reason) for one in holds)
    data = [
        {"hold_id": h.hold_id, "repository": h.repository, "archival_code": h.archival_code, "reason": h.reason}
        for h in holds
    ]
    return Result({"holds": data}, (Table(message("冻结", "holds"), columns, rows),))
