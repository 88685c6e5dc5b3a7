"""The command that takes a batch in."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, RefusedError, ToolError
from archives.findings import Severity
from archives.message import Message, message
from cli import wiring
from cli.commands.record.rendering import finding_table, settled_lines, to_update
from cli.commands.shared import WRITES, DryRun, InRepository, NotSecret, judged_places
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, as_data, listing
from cli.frame.output import Result, Table
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from ingest.batch.plan import BatchPlan, PlannedRecord
from ingest.comparison import WAITS
from ingest.outcome import Outcome, RecordOutcome, outcomes_of_rejected, taken_in
from ingest.readers.reader import Known, Standing
from ingest.readers.registry import read_batch
from ingest.reading.reading import may_be_recognised
from ingest.workflow import foresee_batch, ingest, require_tools
from ingest.workplace import Workplace
from preservation.actions.disposal.gone import require_not_removed
from preservation.actions.overview.batches import duty_of
from preservation.actions.overview.intakes import Asked, Intakes, folders_of, wherever
from preservation.actions.settling.again import settle_seen_again
from preservation.catalogue.findings import Wanted
from preservation.journal.refusals import going_on_with
from preservation.package.new_package import software

_SAID = {
    Outcome.STORED: message("已保存", "stored"),
    Outcome.STORED_WITH_FINDINGS: message("已保存（有问题）", "stored, with findings"),
    Outcome.UPDATED: message("已存为新版本", "stored as a new version"),
    Outcome.ALREADY_IN: message("此前已保存", "in already"),
    Outcome.DIFFERS: message("与已保存的不同", "differs from what is stored"),
    Outcome.REJECTED: message("退回", "rejected"),
}
_WOULD = {
    Outcome.STORED: message("将保存", "would be stored"),
    Outcome.STORED_WITH_FINDINGS: message("将保存（有问题）", "would be stored, with findings"),
    Outcome.UPDATED: message("将存为新版本", "would be stored as a new version"),
    Outcome.ALREADY_IN: message("此前已保存", "in already"),
    Outcome.DIFFERS: message("与已保存的不同，不会更改", "differs from what is stored, and would be left alone"),
    Outcome.REJECTED: message("将退回", "would be rejected"),
}

_FIELDS: tuple[Field[RecordOutcome], ...] = (
    Field("archival_code", message("档号", "archival code"), lambda one: one.archival_code),
    Field("repository", None, lambda one: one.repository),
    Field("outcome", message("结果", "outcome"), lambda one: one.outcome.value, lambda one: _SAID[one.outcome]),
    Field("package_id", None, lambda one: one.package_id),
    Field("version", None, lambda one: one.version),
    Field("pages", message("识别页数", "pages read"), lambda one: one.pages),
    Field("findings", message("问题数", "findings"), lambda one: one.findings, lambda one: _problems(one)),
)
_FORESEEN: tuple[Field[tuple[PlannedRecord | None, RecordOutcome]], ...] = (
    Field("", message("档号", "archival code"), lambda one: one[1].archival_code),
    Field("", message("将会", "would be"), lambda one: _WOULD[one[1].outcome]),
    Field("", message("文件数", "files"), lambda one: len(one[0].files) if one[0] else ""),
    Field("", message("题名", "title"), lambda one: one[0].description.title if one[0] else ""),
    Field(
        "",
        message("日期读作", "date, as read"),
        lambda one: one[0].description.formed.edtf if one[0] and one[0].description.formed else "",
    ),
    Field("", message("语种", "language"), lambda one: one[0].description.language if one[0] else ""),
    Field("", message("问题数", "findings"), lambda one: _problems(one[1])),
)
"""What would become of every row; of one that would be rejected there is no plan."""


@command(
    example="jinkui ingest batches/2026-03 --repository 419001",
    exits=(*WRITES, RefusedError, ToolError, FormatError, FINDINGS),
)
def ingest_batch(
    call: Call,
    *,
    batch: Annotated[Path, Argument(message("批次文件夹", "folder of the batch"), is_folder=True)],
    repository: InRepository = None,
    update: Annotated[
        bool, Option(message("与已保存的不同者存为新版本", "store what differs as a new version"))
    ] = False,
    sheet: Annotated[
        str | None,
        Option(
            message(
                "目录表：批次中的文件名、任何文件的路径、工作表名，或 文件!工作表",
                "the catalogue sheet: a file of the batch, the path of any file, a worksheet, or FILE!WORKSHEET",
            )
        ),
    ] = None,
    not_secret: NotSecret = (),
    removed_too: Annotated[
        bool,
        Option(
            message(
                "曾因误接收移除、现确应接收的，也接收",
                "take in also what was removed as taken in by mistake, and is the right one now",
            )
        ),
    ] = False,
    dry_run: DryRun = False,
) -> Result:
    """Take a batch in, or say what would be done; with ``update`` what differs becomes a new version."""
    home = home_of(call)
    asked = Asked(batch.absolute(), repository, wherever(batch, sheet), not_secret, update, removed_too)
    plan = plan_of(home, asked)
    if dry_run:
        require_tools(plan, home.ocr)
        return foreseen(home, plan, asked)
    return take_in(home, plan, asked)


def plan_of(home: Home, asked: Asked) -> BatchPlan:
    """Read the folder of a batch into a plan; nothing is written."""
    known = Known(
        repositories={r.code.value: r for r in home.catalogue.repositories()},
        fonds={(f.repository.value, f.number) for f in home.catalogue.fonds()},
        today=wiring.today(),
        repository=asked.repository,
        sheets=home.sheet_reader(asked.folder, *folders_of(asked.sheet)),
        sheet=asked.sheet,
        held=home.catalogue.find_key,
        described=home.catalogue.units.described,
        items_below=home.catalogue.units.items_below,
        update=asked.update,
        language="zh-Hans" if home.output.language == "zh" else "en",
        not_secret=judged_places(asked.not_secret),
        standing=Standing(
            home.catalogue.units.identifiers,
            lambda place, code: [one.unit.description.code.written for one in home.catalogue.units.near(place, code)],
        ),
    )
    return read_batch(asked.folder, known)


def take_in(home: Home, plan: BatchPlan, asked: Asked) -> Result:
    """Take a batch in; what it was asked is remembered until all of it is acknowledged, so that it can be gone on with."""
    require_tools(plan, home.ocr)
    if not asked.removed_too:
        require_not_removed(home.archive, plan.batch_id)
    home.begin_writing()
    intakes = Intakes(home.work)
    asked = replace(asked, repository=plan.repository.code.value)
    number = intakes.begin(plan.batch_id, asked, now=wiring.now(), person=home.operator)
    with home.archive.locks.under_way(duty_of(number)), going_on_with(plan.batch_id):
        outcomes = _take_in(home, plan, asked)
        intakes.end(number, now=wiring.now())
    home.follow()
    settled = settle_seen_again(home.archive, taken_in(plan, asked.folder, outcomes), settled_by=home.operator)
    result = _result(home, plan, outcomes)
    return replace(result, data={**result.data, "settled": settled}, lines=(*result.lines, *settled_lines(settled)))


def _take_in(home: Home, plan: BatchPlan, asked: Asked) -> list[RecordOutcome]:
    total, outcomes = len(plan.records) + len(plan.rejected), list[RecordOutcome]()
    home.output.say(
        message("接收 {n} 件：{batch}", "taking in {n} {n:record|records}: {batch}", n=total, batch=plan.folder.name)
    )
    with _workplace(home, plan, asked, _memory_of(home, plan)) as place:
        for outcome in ingest(plan, place, progress=_progress(home)):
            outcomes.append(outcome)
            said = message(
                "{done}/{total} {code} {outcome}",
                "{done}/{total} {code} {outcome}",
                done=len(outcomes),
                total=total,
                code=outcome.archival_code,
                outcome=_SAID[outcome.outcome],
            )
            home.output.progress(said)
    return outcomes


def _memory_of(home: Home, plan: BatchPlan) -> int | None:
    return home.settings.children.recogniser_memory_mib if may_be_recognised(plan) else None


@contextmanager
def _workplace(home: Home, plan: BatchPlan, asked: Asked, memory_mib: int | None) -> Iterator[Workplace]:
    readable = (
        plan.folder,
        *{file.path.parent for file in plan.submission if not file.path.is_relative_to(plan.folder)},
    )
    with home.work_folder() as folder, home.children(home.ocr.workers, (*readable, folder), memory_mib) as children:
        yield Workplace(
            archive=home.archive,
            executor=children,
            folder=folder,
            ocr=home.ocr,
            software=software(),
            update=asked.update,
            removed_too=asked.removed_too,
        )


def _progress(home: Home) -> Callable[[str], None]:
    pieces = count(1)

    def progress(code: str) -> None:
        zh, en = "正在处理 {code}，已读 {n} 页（个）", "at work on {code}; pages or files read: {n}"
        said = message(zh, en, code=code, n=next(pieces))
        home.output.progress(said)

    return progress


def _result(home: Home, plan: BatchPlan, outcomes: list[RecordOutcome]) -> Result:
    table, records = listing(message("批次结果", "what became of the batch"), _FIELDS, outcomes)
    result = _with_findings(home, plan, table, records, outcomes)
    said = _counted(plan, outcomes, _SAID)
    kept = home.catalogue.findings.of(Wanted(batch_id=plan.batch_id))
    if living := sum(one.settlement is None for one in kept):
        said = message(
            "{said}；{n} 个问题未了结，下一步：jinkui findings list --batch {id}",
            "{said}; {n} {n:finding|findings} to settle, next: jinkui findings list --batch {id}",
            said=said,
            n=living,
            id=plan.batch_id,
        )
    differing = sum(one.outcome is Outcome.DIFFERS for one in outcomes)
    return replace(result, lines=(said, to_update(differing)) if differing else (said,))


def _with_findings(
    home: Home, plan: BatchPlan, table: Table, records: list[dict[str, object]], outcomes: list[RecordOutcome]
) -> Result:
    settled = home.catalogue.findings.settled_of_batch(plan.batch_id)
    living = [finding for finding in plan.findings if finding not in settled]
    about = [("", finding) for finding in living]
    about += [(outcome.archival_code, finding) for outcome in outcomes for finding in outcome.findings]
    found = any(finding.severity != "note" for _, finding in about)
    tables = (table, finding_table(about)) if about else (table,)
    data = {"batch_id": plan.batch_id, "records": records, "findings": living}
    return Result(data, tables, exit_code=FINDINGS.code if found else 0)


def _problems(one: RecordOutcome) -> int:
    """Return how many findings are more than notes."""
    return sum(found.severity is not Severity.NOTE for found in one.findings)


def _counted(plan: BatchPlan, outcomes: Sequence[RecordOutcome], words: Mapping[Outcome, Message]) -> Message:
    """Return how many records of the batch there are, and of how many what became."""
    counts = Counter(one.outcome for one in outcomes)
    said = message("批次 {id}：{n} 件", "batch {id}: {n} {n:record|records}", id=plan.batch_id, n=len(outcomes))
    for outcome in Outcome:
        if counts[outcome]:
            said = message(
                "{said}，{outcome} {n}", "{said}, {n} {outcome}", said=said, outcome=words[outcome], n=counts[outcome]
            )
    return said


def foreseen(home: Home, plan: BatchPlan, asked: Asked) -> Result:
    """Say what would become of a batch; nothing is written."""
    if not asked.removed_too:
        require_not_removed(home.archive, plan.batch_id)
    with _workplace(home, plan, asked, _memory_of(home, plan)) as place:
        foreseen = list(foresee_batch(plan, place, progress=_progress(home)))
    rejected = outcomes_of_rejected(plan)
    would = [*zip(plan.records, foreseen, strict=True), *((None, one) for one in rejected)]
    table, _ = listing(message("批次将会怎样", "what would become of the batch"), _FORESEEN, would)
    outcomes = [*foreseen, *rejected]
    records = [{**as_data(_FIELDS, one), "outcome": f"would be {one.outcome}"} for one in outcomes]
    result = _with_findings(home, plan, table, records, outcomes)
    dark = sum(any(found.code == WAITS for found in one.findings) for one in foreseen)
    said = message("{n} 件已开放的档案将待复审", "{n} open {n:record|records} would wait for review", n=dark)
    counted = _counted(plan, outcomes, _WOULD)
    all_rejected = message(
        "{said}；没有写入任何内容；请先改正以上各行",
        "{said}; nothing was written; mend these rows first",
        said=counted,
    )
    goes_in = message(
        "{said}；没有写入任何内容，不带 --dry-run 运行即接收",
        "{said}; nothing was written, without --dry-run the batch is taken in",
        said=counted,
    )
    next_step = all_rejected if outcomes and len(rejected) == len(outcomes) else goes_in
    lines = (next_step, said) if dark else (next_step,)
    return replace(result, data={**result.data, "would_wait": dark}, lines=lines)
