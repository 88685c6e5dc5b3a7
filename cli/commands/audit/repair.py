"""The command that mends copies from good ones."""

from collections.abc import Iterable

from archives.errors import IntegrityError, RefusedError, StorageError
from archives.message import Message, message
from cli.commands.audit.audit import watch_audit, workers_of
from cli.commands.shared import NOT_DONE, WRITES, DryRun, OldPlaces, Yes, no_good_copy, old_places
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, as_data, listing
from cli.frame.output import Result
from cli.home.home import home_of
from cli.upkeep.names import name_fields, names_of
from preservation.actions.repair import mend, plan
from preservation.audit.repair import RepairAction, RepairStep
from preservation.audit.verdicts import FileVerdict
from preservation.stores.presence import StorePresence

_PLACE: tuple[Field[RepairStep], ...] = (
    Field("store", message("存储", "store"), lambda one: one.store),
    Field("package_id", None, lambda one: one.package_id),
)
_STEP: tuple[Field[RepairStep], ...] = (
    Field("file", message("文件", "file"), lambda one: one.file),
    Field("action", message("办法", "action"), lambda one: one.action.value, lambda one: one.action.said),
    Field("from_store", message("来源", "from"), lambda one: one.from_store, lambda one: one.from_store or "—"),
)


@command(example="jinkui repair --dry-run", exits=(*WRITES, RefusedError, FINDINGS))
def repair_all(call: Call, *, from_: OldPlaces = (), dry_run: DryRun = False, yes: Yes = False) -> Result:
    """Audit, show what can be mended, and mend it when told to."""
    beside = old_places(from_)
    home = home_of(call)
    found = plan(home.archive, workers=workers_of(home), watch=watch_audit(call.output), beside=beside)
    steps = found.steps
    names = names_of(home, [step.package_id for step in steps])
    fields = (*_PLACE, *name_fields(names, lambda one: one.package_id), *_STEP)
    table, planned = listing(message("修复计划", "plan of repair"), fields, steps)
    hopeless = len({step.file for step in steps if step.action is RepairAction.NO_GOOD_COPY})
    lost = (*((no_good_copy(hopeless),) if hopeless else ()), *_said_away(found.away), *map(_said_unread, found.unread))
    worst = IntegrityError.exit_code if hopeless else StorageError.exit_code if found.away or found.unread else 0
    data: dict[str, object] = {"plan": planned, "done": [], "absent_stores": [one.store.name for one in found.away]}
    number = sum(step.action.changes for step in steps)
    if not steps and not dry_run:
        mend(home.archive, ())
    if dry_run or not number:
        said = message("可修复 {n} 处", "{n} can be mended", n=number)
        code = worst or (FINDINGS.code if steps else 0)
        return Result(data, (table,) if steps else (), (said, *lost), exit_code=code)
    if not yes and not call.output.confirm(message("按上述计划修复 {n} 处？[y/N]", "mend these {n}? [y/N]", n=number)):
        return Result({**data, "refused": NOT_DONE}, (table,), (NOT_DONE,), exit_code=RefusedError.exit_code)
    done = mend(home.archive, steps, beside=beside)
    data["done"] = [as_data(fields, step) for step in done]
    said = message("已修复 {n} 处", "mended {n}", n=len(done))
    return Result(data, (table,), (said, *lost), exit_code=worst)


def _said_unread(found: FileVerdict) -> Message:
    return message(
        "没有修复 {store}/{file}：{why}",
        "not mended: {store}/{file}: {why}",
        store=found.store,
        file=found.file,
        why=found.why,
    )


def _said_away(away: Iterable[StorePresence]) -> tuple[Message, ...]:
    """Return that stores could not be judged, each with what helps."""
    unjudged = (
        message(
            "{what}；其中的副本没有核查，也没有修复", "{what}; its copies were neither read nor mended", what=one.reason
        )
        for one in away
        if one.reason
    )
    return (*unjudged, *(one.advice for one in away if one.advice))
