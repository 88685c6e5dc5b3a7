"""The command that takes a batch in."""

import importlib.metadata
from pathlib import Path

from archives.findings import Finding
from archives.message import Message, message
from cli import wiring
from cli.commands.record.rendering import finding_table
from cli.frame.commands import Call
from cli.frame.output import Result, Table
from cli.home.home import Home, home_of
from ingest.batch.plan import BatchPlan
from ingest.comparison import foresee
from ingest.outcome import Outcome, RecordOutcome, outcomes_of_rejected
from ingest.readers.reader import Known
from ingest.readers.registry import read_batch
from ingest.workflow import ingest, require_tools
from ingest.workplace import Workplace

_SAID = {
    Outcome.STORED: message("已保存", "stored"),
    Outcome.STORED_WITH_FINDINGS: message("已保存（有问题）", "stored, with findings"),
    Outcome.UPDATED: message("已存为新版本", "stored as a new version"),
    Outcome.ALREADY_IN: message("此前已保存", "in already"),
    Outcome.DIFFERS: message("与已保存的不同", "differs from what is stored"),
    Outcome.REJECTED: message("退回", "rejected"),
}


def ingest_batch(call: Call, *, batch: Path, repository: str | None, update: bool, dry_run: bool) -> Result:
    """Take a batch in, or say what would be done; with ``update`` what differs becomes a new version."""
    home = home_of(call)
    known = Known(
        repositories={r.code.value: r for r in home.catalogue.repositories()},
        fonds={(f.repository.value, f.number) for f in home.catalogue.fonds()},
        today=wiring.today(),
        repository=repository,
    )
    plan = read_batch(batch, known)
    if dry_run:
        require_tools(plan, home.ocr)
        return _planned(home, plan, update=update)
    home.begin_writing()
    outcomes = _take_in(home, plan, update=update)
    home.follow()
    return _result(plan, outcomes)


def _take_in(home: Home, plan: BatchPlan, *, update: bool) -> list[RecordOutcome]:
    total = len(plan.records) + len(plan.rejected)
    outcomes: list[RecordOutcome] = []
    pieces = 0
    home.output.say(message("接收 {n} 件：{batch}", "taking in {n} records: {batch}", n=total, batch=plan.folder.name))

    def progress(code: str) -> None:
        nonlocal pieces
        pieces += 1
        said = message(
            "正在处理 {code}，已读 {n} 页（个）", "at work on {code}, {n} pages or files read", code=code, n=pieces
        )
        home.output.progress(said)

    with home.work_folder() as folder, home.children(home.ocr.workers) as children:
        place = Workplace(
            archive=home.archive,
            executor=children,
            folder=folder,
            ocr=home.ocr,
            software=f"jinkui {importlib.metadata.version('jinkui')}",
            update=update,
        )
        for outcome in ingest(plan, place, progress=progress):
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


def _result(plan: BatchPlan, outcomes: list[RecordOutcome]) -> Result:
    columns = (
        message("档号", "archival code"),
        message("结果", "outcome"),
        message("识别页数", "pages read"),
        message("问题数", "findings"),
    )
    rows = tuple((o.archival_code, _SAID[o.outcome], o.pages, len(o.findings)) for o in outcomes)
    records = [_record_data(outcome) for outcome in outcomes]
    return _with_findings(
        plan, Table(message("批次结果", "what became of the batch"), columns, rows), records, outcomes
    )


def _with_findings(
    plan: BatchPlan, table: Table, records: list[dict[str, object]], outcomes: list[RecordOutcome]
) -> Result:
    about: list[tuple[str, Finding]] = [("", finding) for finding in plan.findings]
    about += [(outcome.archival_code, finding) for outcome in outcomes for finding in outcome.findings]
    found = any(finding.severity != "note" for _, finding in about)
    tables = (table, finding_table(about)) if about else (table,)
    said: tuple[Message, ...] = (
        message("批次 {id}：{n} 件", "batch {id}: {n} records", id=plan.batch_id, n=len(records)),
    )
    data = {"batch_id": plan.batch_id, "records": records, "findings": plan.findings}
    return Result(data, tables, said, exit_code=12 if found else 0)


def _planned(home: Home, plan: BatchPlan, *, update: bool) -> Result:
    columns = (
        message("档号", "archival code"),
        message("将会", "would be"),
        message("文件数", "files"),
        message("题名", "title"),
    )
    foreseen = [foresee(record, plan, home.catalogue, update=update) for record in plan.records]
    rows = tuple(
        (r.description.code.written, _SAID[one.outcome], len(r.files), r.description.title)
        for r, one in zip(plan.records, foreseen, strict=True)
    )
    outcomes = [*foreseen, *outcomes_of_rejected(plan)]
    records = [{**_record_data(outcome), "outcome": f"would be {outcome.outcome}"} for outcome in outcomes]
    return _with_findings(plan, Table(message("将要接收", "would be taken in"), columns, rows), records, outcomes)


def _record_data(outcome: RecordOutcome) -> dict[str, object]:
    return {
        "archival_code": outcome.archival_code,
        "repository": outcome.repository,
        "outcome": outcome.outcome.value,
        "package_id": outcome.package_id,
        "version": outcome.version,
        "pages": outcome.pages,
        "findings": outcome.findings,
    }
