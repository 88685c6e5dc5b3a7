"""The audit command: what is to be read, how far it is, what was found."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from archives.errors import ToolError, UsageProblem
from archives.message import message
from cli import wiring
from cli.commands.audit.verdict_telling import told, told_lost
from cli.commands.record.rendering import BYTES, duration_text, size_text
from cli.commands.shared import LOOKS, Throttle
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.output import Output, Result
from cli.frame.parameters import Option
from cli.home.home import Home, home_of
from cli.upkeep.alarms import raise_alarms
from cli.upkeep.metrics import update_metrics_file
from preservation.actions.audit import AuditRequest, JournalLost, Progress, audit
from preservation.audit.audit import Budget

_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}


@command(example="jinkui audit --due --budget 2h", exits=(*LOOKS, ToolError, FINDINGS))
def audit_copies(
    call: Call,
    *,
    all_: Annotated[bool, Option(message("全部（默认）", "everything (the default)"))] = False,
    due: Annotated[bool, Option(message("只核查到期的副本", "only the copies that are due"))] = False,
    package: Annotated[
        str | None,
        Option(message("只核查一件（档号或信息包标识）", "only one package (archival code or identifier)")),
    ] = None,
    store: Annotated[str | None, Option(message("只核查一个存储", "only one store"))] = None,
    budget: Annotated[
        str | None, Option(message("时间或数据量限额，如 2h、500GiB", "stop after so much, such as 2h or 500GiB"))
    ] = None,
    sample: Annotated[str | None, Option(message("随机抽样，如 1%", "a random sample, such as 1%"))] = None,
    restart: Annotated[bool, Option(message("从头开始，不接续中断的核查", "begin anew after a stopped audit"))] = False,
    throttle: Throttle = None,
) -> Result:
    """Read copies again, byte by byte, and say what is not as it should be."""
    if all_ and (due or sample or package or store):
        raise UsageProblem(
            message("--all 不能与其他选择并用", "--all does not go with another selection"), subject="--all"
        )
    home = home_of(call, throttle=throttle)
    request = AuditRequest(
        interval_days=home.settings.audit.interval_days if due else None,
        package=package,
        store=store,
        sample=parse_share(sample),
        budget=parse_budget(budget),
        restart=restart,
    )
    found = audit(home.archive, request, workers=workers_of(home), watch=watch_audit(call.output))
    if isinstance(found, JournalLost):
        raise_alarms(home, found.problems, [], [])
        return told_lost(found.problems, found.broken)
    answer = told(found.result, found.owed, hopeless=found.hopeless, not_recorded=found.not_recorded)
    alarms = raise_alarms(home, found.result.problems, [one.store.name for one in found.result.away], found.owed)
    update_metrics_file(home)
    return replace(
        answer, exit_code=answer.exit_code if answer.exit_code in (9, 10) else alarms.exit_code or answer.exit_code
    )


def workers_of(home: Home) -> int:
    """Return how many copies are read at the same time."""
    return home.settings.audit.workers or wiring.processors()


def watch_audit(output: Output) -> Callable[[Progress], None]:
    """Return what tells a person how far an audit is and how long it will take."""

    def tell(done: Progress) -> None:
        left = max(0, done.of_bytes - done.size_bytes)
        eta = left / (done.size_bytes / done.seconds) if done.size_bytes and done.seconds > 0 else 0.0
        output.progress(
            message(
                "已核查 {n}/{of} 份、{size}，约余 {eta}",
                "checked {n} of {of} copies, {size}, about {eta} left",
                n=done.copies,
                of=done.of_copies,
                size=size_text(done.size_bytes),
                eta=duration_text(eta),
            )
        )

    return tell


def parse_budget(text: str | None) -> Budget:
    """Read ``2h``, ``90min``, ``500GiB``; raises ``UsageProblem``."""
    if text is None:
        return Budget()
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)", text)
    if found and found[2] in BYTES:
        return Budget(size_bytes=int(float(found[1]) * BYTES[found[2]]))
    if found and found[2] in _SECONDS:
        return Budget(seconds=float(found[1]) * _SECONDS[found[2]])
    raise UsageProblem(
        message("看不懂的限额：{text}", "not a budget: {text}", text=text),
        subject=text,
        advice=message("例如 2h、90min、500GiB", "for example 2h, 90min, 500GiB"),
    )


def parse_share(text: str | None) -> float | None:
    """Read ``1%`` or ``0.5%`` as a share above 0 and at most 1; raises ``UsageProblem``."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text)
    if found and 0 < float(found[1]) <= 100:
        return float(found[1]) / 100
    raise UsageProblem(
        message("抽样比例应写作 1% 到 100%：{text}", "a sample is a share such as 1%: {text}", text=text), subject=text
    )
