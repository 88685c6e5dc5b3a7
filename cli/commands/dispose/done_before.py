"""What is told of a plan of disposal that was carried out before."""

from datetime import datetime

from archives.message import message
from cli.frame.listing import local_time
from cli.frame.output import Result
from preservation.disposal.plan import DisposalPlan
from preservation.disposal.register import register_code


def told_done_before(plan: DisposalPlan, done_at: datetime) -> Result:
    """Return that a plan was carried out wholly before: its register is kept, and no second one is written."""
    kept = register_code(plan).written
    said = message(
        "这份计划已于 {when} 执行完毕，这次什么也没有做；清册保存为 {code}（jinkui export {code} 导出）",
        "this plan was carried out on {when}, and nothing was done now; its register is kept as {code} (jinkui export {code})",
        when=local_time(done_at),
        code=kept,
    )
    data = {
        "plan_id": plan.plan_id,
        "disposed": [],
        "already_disposed": len(plan.records),
        "done_at": done_at.isoformat(),
        "kept_as": kept,
        "register": [],
    }
    return Result(data, lines=(said,))
