"""Commands that keep copies good: repair, rebuild."""

from collections.abc import Sequence

from archives.errors import RefusedError, StoreAbsentError
from archives.message import message
from cli import wiring
from cli.commands.audit.audits import AuditOptions, look
from cli.frame.commands import Call
from cli.frame.output import Result, Table
from cli.home.home import Home, home_of
from preservation.audit.audit import AuditResult
from preservation.audit.repair import RepairAction, RepairStep, plan_repair, repair


def repair_all(call: Call, *, dry_run: bool, yes: bool) -> Result:
    """Audit, show what can be mended, and mend it when told to."""
    home = home_of(call)
    result = look(home, AuditOptions())
    if result.away:
        raise _absent(result)
    plan = plan_repair(home.vault, home.archive.fresh_reading, result.problems)
    table = _plan_table(plan)
    hopeless = any(step.action is RepairAction.NO_GOOD_COPY for step in plan)
    data: dict[str, object] = {"plan": [_step_data(step) for step in plan], "done": []}
    mendable = [step for step in plan if step.action.changes]
    if not plan and not dry_run:
        home.begin_writing()
    if dry_run or not mendable:
        said = message("可修复 {n} 处", "{n} can be mended", n=len(mendable))
        return Result(data, (table,) if plan else (), (said,), exit_code=10 if hopeless else 12 if plan else 0)
    if not yes and not call.output.confirm(
        message("按上述计划修复 {n} 处？[y/N]", "mend these {n}? [y/N]", n=len(mendable))
    ):
        said = message("未获确认，没有改动；加 --yes 执行", "not confirmed, nothing was changed; add --yes to do it")
        return Result({**data, "refused": said}, (table,), (said,), exit_code=RefusedError.exit_code)
    done = _mend(home, plan)
    data["done"] = [_step_data(step) for step in done]
    said = message("已修复 {n} 处", "mended {n}", n=len(done))
    return Result(data, (table,), (said,), exit_code=10 if hopeless else 0)


def _mend(home: Home, plan: Sequence[RepairStep]) -> tuple[RepairStep, ...]:
    """Mend the stores' own files first, so that the journal can be written; then recover; then mend packages."""
    stamp = wiring.now().strftime("%Y%m%dT%H%M%S%f")
    own = [step for step in plan if step.package_id is None]
    done = repair(home.vault, own, reading=home.archive.fresh_reading, stamp=stamp)
    home.begin_writing()
    packages = [step for step in plan if step.package_id is not None]
    done += repair(home.vault, packages, reading=home.archive.fresh_reading, stamp=stamp)
    home.refresh()
    return done


def rebuild(call: Call) -> Result:
    """Make catalogue, indexes and public copies again from the stores alone."""
    home = home_of(call)
    done = home.rebuild()
    said = message(
        "已重建：{n} 件入索引，{p} 件公开",
        "made again: {n} records indexed, {p} published",
        n=done.indexed,
        p=done.published,
    )
    lost = [anchor.package_id for anchor in home.unreadable]
    data = {"indexed": done.indexed, "published": done.published, "unreadable": lost}
    return Result(data, lines=(said,), exit_code=12 if lost else 0)


def _absent(result: AuditResult) -> StoreAbsentError:
    names = ", ".join(one.store.name for one in result.away)
    reason = next((one.reason for one in result.away if one.reason), None)
    return StoreAbsentError(
        message(
            "存储“{names}”不在，没有修复任何东西", "the store “{names}” is not there; nothing was repaired", names=names
        ),
        subject=names,
        advice=reason or message("请检查磁盘是否已挂载", "check that its disk is mounted"),
    )


def _plan_table(plan: tuple[RepairStep, ...]) -> Table:
    columns = (message("存储", "store"), message("文件", "file"), message("办法", "action"), message("来源", "from"))
    rows = tuple((s.store, s.file, s.action.said, s.from_store or "—") for s in plan)
    return Table(message("修复计划", "plan of repair"), columns, rows)


def _step_data(step: RepairStep) -> dict[str, object]:
    return {
        "store": step.store,
        "package_id": step.package_id,
        "file": step.file,
        "from_store": step.from_store,
        "action": step.action.value,
    }
