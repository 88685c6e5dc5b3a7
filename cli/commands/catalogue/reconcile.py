"""The command that adds up what came in to the last row."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, ToolError
from archives.message import Message, message
from cli.commands.shared import LOOKS
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result, require_report_place, write_report
from cli.frame.parameters import Argument, Option
from cli.home.home import home_of
from ingest.cataloguing.reconciling import Readers, numbers_of, reconcile
from ingest.cataloguing.sums import Reconciled, RowOut, Sums
from preservation.actions.disposal.batches import number_named

Line = tuple[str, str, str, Sums]

_FIELDS: tuple[Field[Line], ...] = (
    Field("number", message("导入号或批次号", "import or batch"), lambda one: one[0]),
    Field("fonds", message("全宗号", "fonds"), lambda one: one[1]),
    Field("series", message("目录号", "inventory"), lambda one: one[2]),
    Field("read", message("读到行", "rows read"), lambda one: one[3].read),
    Field("came_in", message("入目录", "in"), lambda one: one[3].came_in),
    Field("taken_back", message("已撤销", "taken back"), lambda one: one[3].taken_back),
    Field("was_in", message("原已有", "in already"), lambda one: one[3].was_in),
    Field("refused", message("未入", "refused"), lambda one: one[3].refused),
    Field("unexplained", message("未入且无说明", "refused, no reason kept"), lambda one: one[3].unexplained),
    Field("files", message("文件", "files"), lambda one: one[3].files),
    Field("hooked", message("已挂接", "hooked"), lambda one: one[3].hooked),
    Field("files_in", message("文件原已有", "files in already"), lambda one: one[3].files_in),
    Field("files_refused", message("文件未入", "files refused"), lambda one: one[3].files_refused),
    Field("orphans", message("无主", "orphans"), lambda one: one[3].orphans),
    Field("without_tables", message("无原表", "no tables"), lambda one: one[3].without_tables),
    Field("adds_up", message("相符", "adds up"), lambda one: one[3].adds_up, lambda one: _yes(adds_up=one[3].adds_up)),
)
_OUT: tuple[Field[tuple[str, RowOut]], ...] = (
    Field("number", message("导入号或批次号", "import or batch"), lambda one: one[0]),
    Field("file", message("文件", "file"), lambda one: one[1].file),
    Field("row", message("行", "row"), lambda one: one[1].row),
    Field("code", message("档号", "code"), lambda one: one[1].code),
    Field("reason", message("原因", "why"), lambda one: one[1].reason),
)
_ORPHANS: tuple[Field[tuple[str, str]], ...] = (
    Field("number", message("导入号或批次号", "import or batch"), lambda one: one[0]),
    Field("file", message("文件", "file"), lambda one: one[1]),
)


@command(
    example="jinkui catalogue reconcile 3f2a71c80b4d0a11 --xlsx 核对.xlsx",
    exits=(*LOOKS, ToolError, FormatError, FINDINGS),
)
def reconcile_all(
    call: Call,
    *,
    numbers: Annotated[
        tuple[str, ...], Argument(message("导入号或批次号；不写为全部", "imports or batches; none means all"))
    ] = (),
    xlsx: Annotated[Path | None, Option(message("写入工作簿", "write a workbook"))] = None,
) -> Result:
    """Add up imports and batches to the last row and file: read = in + taken back + refused, files = hooked + in already + refused + orphans."""
    if xlsx is not None:
        require_report_place(xlsx)
    home = home_of(call)
    done: list[Reconciled] = []
    known = numbers_of(home.archive)
    for number in [one if one in known else number_named(home.archive, one) for one in numbers] or known:
        with home.archive.work_folder() as folder:
            readers = Readers(home.table_reader(folder), home.sheet_reader(folder))
            done.append(reconcile(home.archive, number, folder, readers))
    lines = [*_lines(done)]
    table, data = listing(message("核对", "reconciliation"), _FIELDS, lines)
    rows = [(one.number, row) for one in done for row in one.out]
    out, out_data = listing(message("未入的行", "rows that are not in"), _OUT, rows)
    orphans = [(one.number, name) for one in done for name in one.orphans]
    loose, orphan_data = listing(message("无主文件", "orphans"), _ORPHANS, orphans)
    notes = [note for one in done for note in (*one.notes, *one.removed)]
    adds_up = all(one.adds_up for one in done)
    said = (
        message("逐行相符", "it adds up to the last row")
        if adds_up
        else message(
            "不能全部相符，见“未入且无说明”“无原表”和提示",
            "not all adds up: see the rows without a reason, what has no tables, and the notes",
        )
    )
    if xlsx is not None:
        write_report(xlsx, [table, out, loose], call.output.language)
    answer = {
        "adds_up": adds_up,
        "sums": data,
        "rows_out": out_data,
        "orphans": orphan_data,
        "notes": notes,
    }
    tables = (table, *((out,) if rows else ()), *((loose,) if orphans else ()))
    return Result(answer, tables, (said, *notes), exit_code=0 if adds_up else FINDINGS.code)


def _lines(done: list[Reconciled]) -> Iterator[Line]:
    whole = Sums()
    for one in done:
        for (fonds, series), sums in sorted(one.sums.items()):
            yield one.number, fonds, series, sums
            for name in Sums.__slots__:
                setattr(whole, name, getattr(whole, name) + getattr(sums, name))
    yield "", "", "", whole


def _yes(*, adds_up: bool) -> Message:
    return message("是", "yes") if adds_up else message("否", "no")
