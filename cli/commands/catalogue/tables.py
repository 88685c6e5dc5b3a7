"""Commands that bring tables into the catalogue, and draft a profile of a table."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, NotFoundError, RefusedError, ToolError
from archives.findings import Severity
from archives.message import Message, message
from archives.record.description import Repository
from archives.units.unit import Level
from cli import wiring
from cli.commands.record.rendering import finding_lines, size_text
from cli.commands.shared import SEVERITIES, WRITES, DryRun, InRepository, NotSecret, judged_places
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result, Table, require_report_place, write_report
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from ingest.batch.listing import PlannedFile
from ingest.batch.plan import BatchKind, BatchPlan
from ingest.cataloguing.already import Already
from ingest.cataloguing.brought.left_out import ROWS_FILE, write_rows
from ingest.cataloguing.brought.spooled import SpooledRows
from ingest.cataloguing.brought.tables import Imported, read_tables
from ingest.cataloguing.importing import ImportPlan, Tally, changes_of, import_number, plan_import
from ingest.cataloguing.rows import Origin
from ingest.dirt.dirt import Dirt
from ingest.dirt.kinds import DirtKind, DirtRow
from ingest.profiles.draft import draft_profile
from ingest.profiles.profile import load_profile
from ingest.submission import store_submission
from ingest.workplace import Workplace
from preservation.actions.describe import named_repository
from preservation.actions.disposal.batches import ROWS_PREFIX
from preservation.actions.overview.batches import TABLES_PREFIX
from preservation.actions.units.describing import Said, describe_units
from preservation.actions.units.history import rows_at
from preservation.catalogue.units import Units
from preservation.package.new_package import software

Sheets = Annotated[
    tuple[Path, ...],
    Argument(message("目录表（XLSX、XLS、ODS、CSV、DBF）", "catalogue tables (XLSX, XLS, ODS, CSV, DBF)")),
]
Keep = Callable[[Home, Repository, ImportPlan, Path], None]
"""Keeps in the stores what an import came with; has a folder for drafts."""
_FIRST_PLACES = 5
_ROWS_A_WORD = 1_000
_BYTES_A_CHARACTER = 8
_BYTES_A_ROW = 900
"""What a row takes in a store, as JSON and as CSV, beside its texts (measured on generated holdings)."""


_TABLES: tuple[Field[tuple[Imported, Tally]], ...] = (
    Field("table", message("表", "table"), lambda one: one[0].name),
    Field("profile", message("方案", "profile"), lambda one: one[0].profile.name, lambda one: one[0].profile.title),
    Field("read", message("读到", "rows read"), lambda one: one[1].read[one[0].name]),
    Field("new", message("新著录", "new"), lambda one: one[1].new[one[0].name]),
    Field("known", message("目录中已有", "in already"), lambda one: one[1].known[one[0].name]),
    Field("left_out", message("未导入", "left out"), lambda one: one[1].refused[one[0].name]),
)
_DIRT: tuple[Field[DirtKind], ...] = (
    Field("code", None, lambda one: one.code),
    Field(
        "severity", message("程度", "severity"), lambda one: one.severity.value, lambda one: SEVERITIES[one.severity]
    ),
    Field("count", message("处数", "places"), lambda one: one.count),
    Field("message", message("问题", "what"), lambda one: one.message),
    Field("first", message("最先见于", "first at"), lambda one: one.told_at(_FIRST_PLACES)),
    Field("advice", message("办法", "what to do"), lambda one: one.advice),
)
_TO_CORRECT: tuple[Field[tuple[DirtKind, DirtRow]], ...] = (
    Field("", message("文件", "file"), lambda one: one[1].file),
    Field("", message("工作表", "worksheet"), lambda one: one[1].worksheet),
    Field("", message("行", "row"), lambda one: one[1].number),
    Field("", message("单元格", "cell"), lambda one: one[1].cell),
    Field("", message("档号", "code"), lambda one: one[1].code),
    Field("", message("问题", "what"), lambda one: one[0].message),
    Field("", message("原文", "as written"), lambda one: one[1].written),
    Field("", message("建议", "proposed"), lambda one: one[1].proposed),
)


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
    to_correct: Annotated[
        Path | None,
        Option(
            message(
                "把每一处问题写入此清单，供对照改正原表（清单本身不导入）",
                "list every place here, to mend the tables by (the list itself is not imported)",
            )
        ),
    ] = None,
    not_secret: NotSecret = (),
    repository: InRepository = None,
    dry_run: DryRun = False,
) -> Result:
    """Bring the rows of tables into the catalogue, with content or without; no row is lost for a doubtful value."""
    if to_correct:
        require_report_place(to_correct)
    home = home_of(call)
    code = named_repository(home.archive, repository)
    if not dry_run:  # two plans made at once would both find a code free
        call.opened.enter_context(home.archive.vault.locks.imports(code.value))
        home.archive.refresh()
    place = next(one for one in home.catalogue.repositories() if one.code == code)
    chosen = load_profile(profile) if profile else None
    reader = home.table_reader(*{one.resolve().parent for one in sheets})
    tables = read_tables(sheets, chosen, reader, told=_counting(home))
    written = Path(profile).read_text("utf-8", "replace") if profile and Path(profile).is_file() else profile or ""
    origin = Origin(import_number(tables, place, written), code.value)
    fonds = {one.number for one in home.catalogue.fonds() if one.repository == code}
    elsewhere = [one.code.value for one in home.catalogue.repositories() if one.code != code]
    already = Already(origin, home.catalogue.units, partial(rows_at, home.archive), elsewhere)
    is_held = partial(_is_held, home.catalogue.units, code.value)
    today, judged = wiring.today(), judged_places(not_secret)
    with home.work_folder() as folder, SpooledRows(folder) as described:
        with Dirt(today=today, fonds=fonds, is_held=is_held, read_code=place.codes.parse) as dirt:
            plan = plan_import(tables, already, today=today, dirt=dirt, described=described, not_secret=judged)
            if to_correct:
                rows = ((kind, row) for kind in plan.dirt for row in dirt.rows(kind.code))
                corrections = listing(message("待更正", "to correct"), _TO_CORRECT, rows)[0]
                write_report(to_correct, [corrections], call.output.language)
        if not dry_run:
            brought = [file.planned() for one in tables for file in one.files]
            brought += [_listed(Path(profile))] if profile and Path(profile).is_file() else []
            write = partial(write_rows, tables, plan.left_out)
            keep = partial(_keep_tables, brought) if plan.may_keep_tables else partial(_keep_rows, write)
            _carry_out(home, place, plan, already, keep, Said(origin.import_id, by or home.operator))
    return _result(plan, dry_run=dry_run)


@command(example="jinkui catalogue profile 婚姻登记.dbf", exits=(NotFoundError, ToolError, FormatError))
def draft(
    call: Call,
    *,
    sheet: Annotated[Path, Argument(message("目录表", "a catalogue table"))],
) -> Result:
    """Draft a profile of a table: what each column seems to be, with counts, for a person to mend."""
    home = home_of(call)
    (first, *others) = read_tables([sheet], None, home.table_reader(sheet.resolve().parent))
    text = draft_profile(first.table)
    for one in others:
        home.output.say(message("另有工作表 {name}", "there is another worksheet: {name}", name=one.name))
    return Result({"profile": text}, lines=(message("{text}", "{text}", text=text),))


def _counting(home: Home) -> Callable[[], None]:
    """Return what tells a terminal how many rows were read."""
    rows = count(1)

    def told() -> None:
        if (number := next(rows)) % _ROWS_A_WORD == 0:
            home.output.progress(message("已读 {n} 行", "{n} {n:row|rows} read", n=number))

    return told


def _is_held(units: Units, repository: str, code: str) -> bool:
    return bool(units.identifiers(repository, [code]))


def _carry_out(home: Home, place: Repository, plan: ImportPlan, already: Already, keep: Keep, said: Said) -> None:
    home.begin_writing()
    with home.work_folder() as folder:
        keep(home, place, plan, folder)
    for done in describe_units(home.archive, place, changes_of(plan, already), said, plan.all_findings()):
        home.output.progress(message("已著录 {n} 条", "{n} {n:unit|units} described", n=done))
    home.follow()


def _keep_tables(
    files: Sequence[PlannedFile],
    home: Home,
    repository: Repository,
    plan: ImportPlan,
    folder: Path,
    prefix: str = TABLES_PREFIX,
) -> None:
    """Keep the tables as they came, once an import; raises ``FormatError`` for one that is another since it was judged."""
    folders = tuple({one.path.parent for one in files})
    batch = BatchPlan(
        plan.origin.import_id,
        folders[0],
        repository,
        BatchKind.DOCUMENTS,
        files[0].relative,
        (),
        (),
        tuple(files),
        () if plan.tally.going_in else plan.all_findings(),  # which stand beside the first rows, where any come in
    )
    with home.children(1, (*folders, folder)) as children:
        work = Workplace(home.archive, children, folder, home.ocr, software())
        store_submission(batch, (), work, prefix=prefix)


def _keep_rows(
    write: Callable[[Path], None], home: Home, repository: Repository, plan: ImportPlan, folder: Path
) -> None:
    """Keep the list of the rows in place of tables of which nothing may be copied but the rows that go in."""
    write(folder / ROWS_FILE)
    _keep_tables([_listed(folder / ROWS_FILE)], home, repository, plan, folder, ROWS_PREFIX)


def _listed(sheet: Path) -> PlannedFile:
    path = sheet.resolve()
    state = path.stat()
    return PlannedFile(path, path.name, state.st_size, identity=(state.st_dev, state.st_ino))


def _result(plan: ImportPlan, *, dry_run: bool) -> Result:
    dirt, dirt_data = listing(message("不清楚、不一致之处", "what is not clean"), _DIRT, plan.dirt)
    tables, table_data = listing(message("导入的表", "tables"), _TABLES, [(one, plan.tally) for one in plan.tables])
    data = {
        "import": plan.origin.import_id,
        "tables": table_data,
        "levels": {f"{fonds} {level.value}": number for (fonds, level), number in sorted(plan.tally.levels.items())},
        "dirt": dirt_data,
        "findings": plan.findings,
    }
    is_clean = not any(one.severity is not Severity.NOTE for one in plan.all_findings())
    shown = (tables, _levels(plan), *((dirt,) if plan.dirt else ()))
    lines = (*_sums(plan, dry_run=dry_run), *finding_lines(plan.findings))
    return Result(data, shown, lines, exit_code=0 if is_clean else FINDINGS.code)


def _levels(plan: ImportPlan) -> Table:
    levels = plan.tally.levels
    return Table(
        message("层次", "levels"),
        (message("全宗号", "number of the fonds"), *(level.label for level in Level)),
        tuple(
            (fonds or "—", *(levels[fonds, level] for level in Level)) for fonds in sorted({one for one, _ in levels})
        ),
    )


def _sums(plan: ImportPlan, *, dry_run: bool) -> Iterator[Message]:
    tally = plan.tally
    new = tally.new.total()
    yield message(
        "导入号 {id}：读到 {read} 行，{new} 条{done}，{known} 条目录中已有，{refused} 行未导入；每个存储约 {size}",
        "import {id}: {read} {read:row|rows} read, {new} {done}, {known} in the catalogue already, {refused} left out; about {size} in each store",
        id=plan.origin.import_id,
        read=plan.rows,
        new=new,
        done=message("将著录", "would be described") if dry_run else message("已著录", "{n:is|are} described", n=new),
        known=tally.known.total(),
        refused=tally.refused.total(),
        size=size_text(new * _BYTES_A_ROW + tally.characters * _BYTES_A_CHARACTER),
    )
    if not dry_run:
        yield message(
            "撤销：jinkui catalogue undo {id} --reason 理由；查看：jinkui catalogue list --batch {id}；全部问题及所在：jinkui findings list --batch {id}",
            "take it back: jinkui catalogue undo {id} --reason WHY; look at it: jinkui catalogue list --batch {id}; all findings with all their places: jinkui findings list --batch {id}",
            id=plan.origin.import_id,
        )
