"""The restore drill: packages are got out of their stores with stock tools only, and the result is remembered."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from archives.errors import JinkuiError, StorageError, StoreAbsentError, UsageProblem
from archives.journal.facts import RestoreDrilled
from archives.message import Message, message
from cli import wiring
from cli.frame.commands import Call
from cli.frame.output import Result, Table
from cli.home.home import Home, home_of
from formats.processes.tools import run_tool
from preservation.audit.audit import present_stores
from preservation.audit.drill import (
    DrillCandidate,
    DrillOutcome,
    DrillStep,
    mirror,
    plan_drill,
    require_own_program,
    restore,
)
from preservation.stores.store import Store

_TIMEOUT_SECONDS = 4 * 3600.0


def restore_drill(call: Call, *, packages: int, seed: int | None) -> Result:
    """Restore packages drawn at random and validate them; exit 10 when one failed, 9 when a store was away."""
    if packages < 1:
        raise UsageProblem(message("信息包数至少为 1", "at least one package"), subject="--packages")
    home = home_of(call)
    chosen = wiring.new_seed() if seed is None else seed
    may_write = _begin(home)
    present, away = _presence(home)
    steps = plan_drill(_candidates(home, present), packages=packages, seed=chosen)
    outcomes: list[DrillOutcome] = []
    for step in steps:
        try:
            outcomes.append(_restore(home, present[step.store], step))
        except StoreAbsentError:
            away = (*away, step.store)
        done, of = len(outcomes), len(steps)
        call.output.progress(message("已恢复 {done}/{of}", "restored {done} of {of}", done=done, of=of))
    failed = [outcome for outcome in outcomes if outcome.failure]
    if recorded := may_write and bool(outcomes):
        _record(home, outcomes)
    return Result(
        _data(chosen, outcomes, away, recorded=recorded),
        (_table(outcomes),) if outcomes else (),
        tuple(_lines(chosen, outcomes, away, recorded=recorded)),
        exit_code=10 if failed else 9 if away else 0,
    )


def _presence(home: Home) -> tuple[dict[str, Store], tuple[str, ...]]:
    """Return the stores that are there, as they are (no throttle between), and the names of those that are not."""
    there, away = present_stores(home.vault, home.reading.anchors)
    names = {store.name for store in there}
    opened = {setting.name: home.open_store(setting) for setting in home.settings.stores if setting.name in names}
    return opened, tuple(one.store.name for one in away)


def _candidates(home: Home, present: dict[str, Store]) -> list[DrillCandidate]:
    anchors = home.reading.anchors
    return [
        DrillCandidate(store, package_id, len(anchors.copy_versions(store, package_id)))
        for store, package_id in anchors.copies()
        if store in present
    ]


def _restore(home: Home, store: Store, step: DrillStep) -> DrillOutcome:
    """Restore one package in a folder that vanishes afterwards; a store that is no folder is mirrored first."""
    with home.work_folder() as work:
        try:
            require_own_program(store, home.reading.anchors.stores[store.name].restore_program_sha512)
            if (folder := store.properties.folder) is not None:
                root = folder.absolute()
            else:
                root = work / "mirror"
                home.output.say(
                    message(
                        "存储“{store}”不是文件夹，先把信息包取到本机：{id}",
                        "the store “{store}” is no folder; the package is fetched first: {id}",
                        store=store.name,
                        id=step.package_id,
                    )
                )
                mirror(store, step.package_id, root)
        except StoreAbsentError:
            raise
        except JinkuiError as failure:
            return DrillOutcome(step, failure)
        empty = Path(tempfile.mkdtemp(dir=work))
        return restore(step, root, empty, python=wiring.interpreter(), run=_run)


def _run(argv: Sequence[str], *, folder: Path, stdin: bytes = b"") -> object:
    return run_tool(argv, timeout_seconds=_TIMEOUT_SECONDS, stdin=stdin, folder=folder)


def _begin(home: Home) -> bool:
    """Become a writer, so that nobody sweeps our folder away; where too few stores are there to write, say so."""
    try:
        home.begin_writing()
    except StorageError as failure:
        home.output.say(failure.message)
        return False
    return True


def _record(home: Home, outcomes: Sequence[DrillOutcome]) -> None:
    """Remember the drill in the journal."""
    versions = [(outcome.step.package_id, outcome.step.version) for outcome in outcomes]
    failed = tuple((outcome.step.package_id, outcome.step.version) for outcome in outcomes if outcome.failure)
    whole = tuple(version for version in versions if version not in failed)
    home.vault.ledger.append([RestoreDrilled(whole, failed)])
    home.refresh()


def _lines(seed: int, outcomes: Sequence[DrillOutcome], away: Sequence[str], *, recorded: bool) -> list[Message]:
    whole = sum(outcome.failure is None for outcome in outcomes)
    said = message(
        "恢复了 {n} 个信息包，{whole} 个完好（种子 {seed}）",
        "restored {n} packages, {whole} of them whole (seed {seed})",
        n=len(outcomes),
        whole=whole,
        seed=seed,
    )
    lines = [said if outcomes else message("没有可恢复的信息包", "there is no package to restore")]
    lines += [message("存储“{name}”不在", "the store “{name}” is not there", name=name) for name in away]
    if outcomes and not recorded:
        lines.append(message("演练结果没有记入日志", "the drill was not recorded in the journal"))
    return lines


def _table(outcomes: Sequence[DrillOutcome]) -> Table:
    columns = (
        message("信息包", "package"),
        message("版本", "version"),
        message("存储", "store"),
        message("结果", "result"),
    )
    whole = message("完好", "whole")
    rows = tuple(
        (o.step.package_id, o.step.version, o.step.store, o.failure.message if o.failure else whole) for o in outcomes
    )
    return Table(message("恢复演练", "restore drill"), columns, rows)


def _data(seed: int, outcomes: Sequence[DrillOutcome], away: Sequence[str], *, recorded: bool) -> dict[str, object]:
    return {
        "seed": seed,
        "packages": [
            {
                "package_id": outcome.step.package_id,
                "version": outcome.step.version,
                "store": outcome.step.store,
                "whole": outcome.failure is None,
                "failure": outcome.failure.message if outcome.failure else None,
            }
            for outcome in outcomes
        ],
        "absent_stores": list(away),
        "recorded": recorded,
    }
