"""What batches and imports came with: in a list, one with its files, its story; and an import taken back by its number."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated

from archives.errors import SearchError, UsageProblem
from archives.journal.facts import PackageStored
from archives.message import Message, message
from archives.record.identifiers import PackageId
from archives.record.record import FileObject, PackageKind
from cli.commands.record.findings import findings_of
from cli.commands.record.rendering import COPY_FIELDS, ENTRY_FIELDS, EVENT_FIELDS, settled_lines
from cli.commands.shared import WRITES, DryRun
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, as_data, listing
from cli.frame.output import Cell, Result, Table
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from preservation.actions.disposal.batches import ROWS_PREFIX, Kept, kept, kept_batches, number_named
from preservation.actions.disposal.gone import story_of
from preservation.actions.settling.described import settle_taken_back
from preservation.actions.units.describing import Said
from preservation.actions.units.undoing import Stay, Undoing, close_first, plan_undo, take_back
from preservation.catalogue.levels.wanted import Wanted
from preservation.vault.content import read_package_record

_FIELDS: tuple[Field[Kept], ...] = (
    Field("code", message("代号", "code"), lambda one: one.anchor.archival_code),
    Field("what", message("类型", "what"), lambda one: what_of(one).en, lambda one: what_of(one)),
    Field("name", message("名称", "name"), lambda one: one.name),
    Field("batch_id", message("批次号、导入号", "number"), lambda one: one.anchor.batch_id),
    Field("repository", message("馆代码", "repository"), lambda one: one.anchor.repository),
    Field("records", message("现有档案", "records now"), lambda one: one.records),
    Field("version", message("版本", "version"), lambda one: one.anchor.version),
    Field("size_bytes", message("字节", "bytes"), lambda one: one.anchor.size_bytes),
    Field("package_id", None, lambda one: one.anchor.package_id),
)
_FILES: tuple[Field[FileObject], ...] = (
    Field("path", message("路径", "path"), lambda one: str(one.path)),
    Field("came_as", message("来时", "as it came"), lambda one: one.original_name),
    Field("size_bytes", message("字节", "bytes"), lambda one: one.digests.size_bytes),
    Field("sha256", None, lambda one: one.digests.sha256),
)
_STAYS: tuple[Field[Stay], ...] = (
    Field("code", message("档号", "code"), lambda one: one.unit.description.code.written),
    Field("title", message("题名", "title"), lambda one: one.unit.description.title),
    Field("why", message("理由", "why"), lambda one: one.why),
    Field("unit_id", None, lambda one: one.unit.unit_id),
)
_MOST_SHOWN = 100


@command(
    example='jinkui catalogue undo 3f2a71c80b4d0a11 --reason "the wrong table"', exits=(*WRITES, SearchError, FINDINGS)
)
def undo(
    call: Call,
    *,
    number: Annotated[str, Argument(message("导入号", "number of the import"))],
    reason: Annotated[str, Option(message("理由", "why"))],
    by: Annotated[
        str | None, Option(message("由谁撤销（默认为操作人）", "who takes it back (default: the operator)"))
    ] = None,
    code: Annotated[
        tuple[str, ...], Option(message("只撤销这些档号（可多次）", "only units of these codes (may be repeated)"))
    ] = (),
    withdraw: Annotated[
        bool, Option(message("其中已开放的，先撤回开放", "take back first what was decided to open of them"))
    ] = False,
    corrected_too: Annotated[
        bool,
        Option(
            message("此后已更正、已改号的，也撤销", "take back also what was corrected or given another code since")
        ),
    ] = False,
    dry_run: DryRun = False,
) -> Result:
    """Take an import back: its units leave the catalogue, but for those that somebody works with, which are named."""
    if not reason.strip():
        raise UsageProblem(message("请用 --reason 写明理由", "say why with --reason"), subject="--reason")
    home = home_of(call)
    if not dry_run:
        home.begin_writing()
    number = number_named(home.archive, number)
    undoing = plan_undo(home.archive, number, codes=code, withdraw=withdraw, corrected_too=corrected_too)
    if dry_run:
        said = message("将撤销 {n} 条著录", "{n} {n:unit|units} would be taken back", n=len(undoing.leaving))
        would = {"would_take_back": len(undoing.leaving), "would_close": len(undoing.to_close)}
        return _told_undone(call, undoing, undoing.stays, would, (said,))
    whose = Said(number, by or home.operator, reason)
    close_first(home.archive, undoing, reason)
    for trouble in home.follow().troubles if undoing.to_close else ():
        raise trouble.failure
    done = take_back(home.archive, undoing, whose)
    settled = settle_taken_back(home.archive, number, reason=reason, settled_by=whose.person)
    home.follow()
    said = message("已撤销 {n} 条著录", "{n} {n:unit|units} {n:is|are} taken back", n=done.number)
    lines = (said, *_tables_left(home, number), *settled_lines(settled))
    data = {"taken_back": done.number, "closed": len(undoing.to_close), "settled": settled}
    return _told_undone(call, undoing, done.stays, data, lines)


def _told_undone(
    call: Call, undoing: Undoing, staying: Mapping[str, Stay], said: Mapping[str, object], lines: tuple[Message, ...]
) -> Result:
    """Return what became of an import that was taken back, or would, with what stays of it; 12 where all of it does."""
    most = None if call.output.report else _MOST_SHOWN
    table, stays = listing(message("保留不动的", "what stays"), _STAYS, staying.values())
    despite = [one for one in undoing.corrected if one.unit.unit_id not in staying]
    anew, corrected = listing(message("此后更正过、一并撤销的", "corrected since, and taken back"), _STAYS, despite)
    tables = tuple(replace(one, rows=one.rows[:most]) for one in (table, anew) if one.rows)
    kept = (_stay(len(stays), len(table.rows[:most])), *_despite(staying)) if stays else ()
    data = {"import": undoing.number, "kept": len(stays), "stays": stays, "corrected": corrected, **said}
    is_nothing = bool(stays) and not {*undoing.leaving} - staying.keys()
    return Result(data, tables, (lines[0], *kept, *lines[1:]), exit_code=FINDINGS.code if is_nothing else 0)


def _despite(staying: Mapping[str, Stay]) -> Iterator[Message]:
    """Yield with which option it would go all the same that was corrected since."""
    if number := sum(one.is_anew for one in staying.values()):
        yield message(
            "其中 {n} 条是更正过或改过号的；导入本身有误、要一并撤销的，加 --corrected-too",
            "{n} of them {n:was|were} corrected or given other codes; where the import itself was the mistake: --corrected-too",
            n=number,
        )


def _stay(number: int, shown: int) -> Message:
    if number == shown:
        return message("{n} 条保留不动，理由见表", "{n} stay, for the reasons in the table", n=number)
    return message(
        "{n} 条保留不动，列出前 {m} 条；全部用 --report 文件.xlsx 或 --json",
        "{n} stay, of which the first {m} are listed; all of them with --report FILE.xlsx or --json",
        n=number,
        m=shown,
    )


def _tables_left(home: Home, number: str) -> Iterator[Message]:
    """Yield that the tables themselves are still kept, where nothing of the import is left."""
    if home.catalogue.units.number(Wanted(import_id=number)):
        return
    for anchor in home.catalogue.anchors(batch_id=number, kind=PackageKind.SUBMISSION).values():
        if anchor.archival_code.startswith(ROWS_PREFIX):
            continue
        yield message(
            "原表仍保存在 {code}；不该保存的，用 jinkui dispose plan --mistake 理由 --batch {id} 移除",
            "the tables are kept in {code}; where they should not be: jinkui dispose plan --mistake WHY --batch {id}",
            code=anchor.archival_code,
            id=number,
        )


def submissions_listed(home: Home, repository: str | None) -> Result:
    """Return what every batch and import came with, and the registers of disposals, as a list."""
    table, data = listing(message("接收包", "submissions"), _FIELDS, kept_batches(home.archive, repository))
    said = message("共 {n} 个", "{n} of them", n=len(data))
    return Result({"submissions": data}, (table,) if data else (), (said,))


def submission_shown(home: Home, anchor: PackageStored) -> Result:
    """Return everything that a package holds which is no record's: files, events, findings, copies."""
    one = kept(home.archive, anchor)
    rows: list[tuple[Cell, ...]] = [
        (field.heading, field.cell(one)) for field in _FIELDS if field.heading and field.cell(one) != ""
    ]
    described = Table(message("信息包", "package"), (message("项目", "element"), message("内容", "value")), tuple(rows))
    files, events, file_data, event_data = _content(home, anchor)
    package_id = PackageId(anchor.package_id)
    copies, copy_data = listing(message("副本", "copies"), COPY_FIELDS, home.catalogue.copies(package_id))
    found, found_data = findings_of(home, package_id)
    data = {
        **as_data(_FIELDS, one),
        "archival_code": anchor.archival_code,
        "files": file_data,
        "events": event_data,
        "findings": found_data,
        "copies": copy_data,
    }
    return Result(data, (described, *files, *events, copies, *found))


def submission_explained(home: Home, anchor: PackageStored) -> Result:
    """Return what happened to a package that is no record's, and to the batch that came with it."""
    entries = story_of(home.archive, [anchor.package_id])
    table, told = listing(message("经过", "what happened"), ENTRY_FIELDS, entries)
    found, found_data = findings_of(home, PackageId(anchor.package_id))
    data = {"archival_code": anchor.archival_code, "is_here": True, "entries": told, "findings": found_data}
    return Result(data, (table, *found))


def what_of(one: Kept) -> Message:
    """Return what a package is that is no record's."""
    if one.anchor.kind is PackageKind.DESCRIPTION:
        return message("著录包", "package of descriptions")
    if one.is_register:
        return message("销毁清册", "register of destruction")
    return message("批次", "batch") if one.is_batch else message("导入", "import")


def _content(home: Home, anchor: PackageStored) -> tuple[tuple[Table, ...], tuple[Table, ...], object, object]:
    """Return files and events; of a package of rows, whose rows are shown with their units, none."""
    if anchor.kind is PackageKind.DESCRIPTION:
        return (), (), [], []
    record = read_package_record(home.vault, home.vault.inventory(anchor))
    every = (file for one in record.representations for file in one.files)
    files, file_data = listing(message("文件", "files"), _FILES, every)
    events, event_data = listing(message("事件", "events"), EVENT_FIELDS, record.events)
    return (files,), (events,), file_data, event_data
