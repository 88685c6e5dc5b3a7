"""The restore drill: packages are got out of their stores with stock tools only, and the result is remembered."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from archives.errors import IntegrityError, StorageError, ToolError, UsageProblem
from archives.message import Message, message
from cli import wiring
from cli.commands.shared import LOOKS, said_of
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import home_of
from cli.upkeep.clock import on_duty
from cli.upkeep.duties import DRILL
from cli.upkeep.names import name_fields, names_of
from formats.processes.tools import run_tool
from preservation.actions.drill import Drilled, drill
from preservation.audit.drill import DrillOutcome

_TIMEOUT_SECONDS = 4 * 3600.0
_WHOLE = message("完好", "whole")
_PACKAGE: tuple[Field[DrillOutcome], ...] = (
    Field("package_id", message("信息包", "package"), lambda one: one.step.package_id),
)
_OUTCOME: tuple[Field[DrillOutcome], ...] = (
    Field("version", message("版本", "version"), lambda one: one.step.version),
    Field("store", message("存储", "store"), lambda one: one.step.store),
    Field("whole", None, lambda one: one.failure is None),
    Field(
        "failure",
        message("结果", "result"),
        lambda one: one.failure.message if one.failure else None,
        lambda one: one.failure.message if one.failure else _WHOLE,
    ),
)


@command(example="jinkui restore-drill --packages 20", exits=(*LOOKS, ToolError))
def restore_drill(
    call: Call,
    *,
    packages: Annotated[int, Option(message("信息包数", "how many packages"))] = 5,
    seed: Annotated[
        int | None, Option(message("抽样种子，用于重做同一次演练", "seed of the draw, to repeat one"))
    ] = None,
) -> Result:
    """Restore packages drawn at random and validate them; exit 10 when one failed, 9 when a store was away."""
    if packages < 1:
        raise UsageProblem(message("信息包数至少为 1", "at least one package"), subject="--packages")
    home = home_of(call, throttle=0.0)
    chosen = wiring.new_seed() if seed is None else seed

    def watch(done: int, of: int) -> None:
        call.output.progress(message("已恢复 {done}/{of}", "restored {done} of {of}", done=done, of=of))

    with on_duty(home, DRILL) as duty:
        found = drill(home.archive, packages=packages, seed=chosen, python=wiring.interpreter(), run=_run, watch=watch)
        duty.is_done = found.recorded or not (found.outcomes or found.absent_stores)
    names = names_of(home, [one.step.package_id for one in found.outcomes])
    fields = (*_PACKAGE, *name_fields(names, lambda one: one.step.package_id), *_OUTCOME)
    table, data = listing(message("恢复演练", "restore drill"), fields, found.outcomes)
    failed = any(one.failure for one in found.outcomes)
    return Result(
        {"seed": chosen, "packages": data, "absent_stores": found.absent_stores, "recorded": found.recorded},
        (table,) if data else (),
        tuple(_lines(chosen, found)),
        exit_code=IntegrityError.exit_code if failed else StorageError.exit_code if found.absent_stores else 0,
    )


def _run(argv: Sequence[str], *, folder: Path, stdin: bytes = b"") -> object:
    return run_tool(argv, timeout_seconds=_TIMEOUT_SECONDS, stdin=stdin, folder=folder)


def _lines(seed: int, found: Drilled) -> list[Message]:
    whole = sum(outcome.failure is None for outcome in found.outcomes)
    said = message(
        "恢复了 {n} 个信息包，{whole} 个完好（种子 {seed}）",
        "restored {n} {n:package|packages}, {whole} of them whole (seed {seed})",
        n=len(found.outcomes),
        whole=whole,
        seed=seed,
    )
    lines = [said if found.outcomes else message("没有可恢复的信息包", "there is no package to restore")]
    lines += [said_of(one) for one in found.away]
    if found.outcomes and not found.recorded:
        lines.append(message("演练结果没有记入日志", "the drill was not recorded in the journal"))
    return lines
