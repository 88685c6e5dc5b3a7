"""Commands that bring tables into the catalogue, take an import back, and draft a profile of a table."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, RefusedError, ToolError, UsageProblem
from archives.findings import Severity
from archives.message import message
from archives.record.description import Repository
from archives.units.unit import Level
from cli import wiring
from cli.commands.record.rendering import size_text
from cli.commands.shared import WRITES, DryRun, InRepository
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.output import Result, Table
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from ingest.batch.listing import PlannedFile
from ingest.batch.plan import BatchKind, BatchPlan
from ingest.cataloguing.importing import (
    ImportPlan,
    changes_of,
    import_number,
    plan_import,
    read_tables,
)
from ingest.cataloguing.rows import Origin
from ingest.profiles.profile import load_profile
from ingest.storing import store_submission
from ingest.workplace import Workplace
from preservation.actions.describe import named_repository
from preservation.actions.units.describing import Said, describe_units
from preservation.actions.units.undoing import take_back
from preservation.package.new_package import software

Sheets = Annotated[
    tuple[Path, ...],
    Argument(message("目录表（XLSX、XLS、ODS、CSV、DBF）", "catalogue tables (XLSX, XLS, ODS, CSV, DBF)")),
]
_BYTES_A_CHARACTER = 8
_BYTES_A_ROW = 900
"""What a row takes in a store, as JSON and as CSV, beside its texts (measured on generated holdings)."""


@command(
    example="jinkui catalogue import 案卷目录.xls 卷内目录.xls --dry-run",
    exits=(*WRITES, RefusedError, ToolError, FormatError, FINDINGS),
)
def import_tables(
    call: Call,
    *,
    sheets: Sheets,
    profile: Annotated[
        str | None, Option(message("方案：内置名称或 TOML 文件", "profile: one of ours by name, or a TOML file"))
    ] = None,
    by: Annotated[
        str | None, Option(message("由谁导入（默认为操作人）", "who imports (default: the operator)"))
    ] = None,
    repository: InRepository = None,
    dry_run: DryRun = False,
) -> Result:
    """Bring the rows of tables into the catalogue, with content or without; no row is lost for a doubtful value."""
    home = home_of(call)
    code = named_repository(home.archive, repository)
    place = next(one for one in home.catalogue.repositories() if one.code == code)
    chosen = load_profile(profile) if profile else None
    tables = read_tables(sheets, chosen, home.table_reader(*{one.resolve().parent for one in sheets}))
    written = Path(profile).read_text("utf-8", "replace") if profile and Path(profile).is_file() else profile or ""
    origin = Origin(import_number(sheets, place, written), code.value)
    plan = plan_import(tables, origin, home.catalogue.units, today=wiring.today())
    if not dry_run:
        home.begin_writing()
        _keep_tables(home, place, plan, sheets)
        said = Said(origin.import_id, by or home.operator)
        for done in describe_units(home.archive, place, changes_of(plan, home.catalogue.units), said, plan.findings):
            home.output.progress(message("已著录 {n} 条", "{n} units described", n=done))
        home.follow()
    return _result(plan, dry_run=dry_run)


@command(example='jinkui catalogue undo 3f2a71c80b4d0a11 --reason "the wrong table"', exits=WRITES)
def undo(
    call: Call,
    *,
    number: Annotated[str, Argument(message("导入号", "number of the import"))],
    reason: Annotated[str, Option(message("理由", "why"))],
    by: Annotated[
        str | None, Option(message("由谁撤销（默认为操作人）", "who takes it back (default: the operator)"))
    ] = None,
) -> Result:
    """Take an import back: its units leave the catalogue, but for those that were described anew or have content."""
    if not reason.strip():
        raise UsageProblem(message("请写明理由", "say why: the reason is empty"), subject="--reason")
    home = home_of(call)
    home.begin_writing()
    gone, kept = take_back(home.archive, number, Said(number, by or home.operator, reason))
    home.follow()
    lines = [message("已撤销 {n} 条著录", "{n} units are taken back", n=gone)]
    if kept:
        lines.append(
            message(
                "{n} 条此后已更正或已有内容，保留不动",
                "{n} were described anew or have content, and stay",
                n=kept,
            )
        )
    return Result({"import": number, "taken_back": gone, "kept": kept}, lines=tuple(lines))


def _keep_tables(home: Home, repository: Repository, plan: ImportPlan, sheets: Sequence[Path]) -> None:
    """Keep the tables as they came, once an import."""
    folders = tuple({one.resolve().parent for one in sheets})
    batch = BatchPlan(
        plan.origin.import_id,
        folders[0],
        repository,
        BatchKind.DOCUMENTS,
        sheets[0].name,
        (),
        (),
        tuple(map(_listed, sheets)),
        (),
    )
    with home.work_folder() as folder, home.children(1, (*folders, folder)) as children:
        store_submission(batch, (), Workplace(home.archive, children, folder, home.ocr, software()))


def _listed(sheet: Path) -> PlannedFile:
    path = sheet.resolve()
    state = path.stat()
    return PlannedFile(path, path.name, state.st_size, identity=(state.st_dev, state.st_ino))


def _result(plan: ImportPlan, *, dry_run: bool) -> Result:
    tally = plan.tally
    tables = Table(
        message("导入的表", "tables"),
        (
            message("表", "table"),
            message("方案", "profile"),
            message("读到", "rows read"),
            message("新著录", "new"),
            message("目录中已有", "in already"),
            message("未导入", "left out"),
        ),
        tuple(
            (
                one.name,
                one.profile.title,
                tally.read[one.name],
                tally.new[one.name],
                tally.known[one.name],
                tally.refused[one.name],
            )
            for one in plan.tables
        ),
    )
    levels = Table(
        message("层次", "levels"),
        (message("全宗", "fonds"), *(level.label for level in Level)),
        tuple(
            (fonds or "—", *(tally.levels[fonds, level] for level in Level))
            for fonds in sorted({fonds for fonds, _ in tally.levels})
        ),
    )
    new = tally.new.total()
    size = size_text(new * _BYTES_A_ROW + tally.characters * _BYTES_A_CHARACTER)
    done = message("将著录", "would be described") if dry_run else message("已著录", "are described")
    lines = [
        message(
            "导入号 {id}：读到 {read} 行，{new} 条{done}，{known} 条目录中已有，{refused} 行未导入；每个存储约 {size}",
            "import {id}: {read} rows read, {new} {done}, {known} in the catalogue already, {refused} left out; about {size} in each store",
            id=plan.origin.import_id,
            read=plan.rows,
            new=new,
            done=done,
            known=tally.known.total(),
            refused=tally.refused.total(),
            size=size,
        )
    ]
    if not dry_run:
        lines.append(
            message(
                "撤销：jinkui catalogue undo {id}；查看：jinkui catalogue list --batch {id}",
                "take it back: jinkui catalogue undo {id}; look at it: jinkui catalogue list --batch {id}",
                id=plan.origin.import_id,
            )
        )
    data = {
        "import": plan.origin.import_id,
        "tables": [
            {
                "table": one.name,
                "profile": one.profile.name,
                "read": tally.read[one.name],
                "new": tally.new[one.name],
                "known": tally.known[one.name],
                "left_out": tally.refused[one.name],
            }
            for one in plan.tables
        ],
        "levels": {f"{fonds} {level.value}": number for (fonds, level), number in sorted(tally.levels.items())},
        "findings": plan.findings,
    }
    is_clean = not any(one.severity is not Severity.NOTE for one in plan.findings)
    return Result(
        data,
        (tables, levels),
        tuple(lines),
        exit_code=0 if is_clean else FINDINGS.code,
    )
