"""Commands that write a workbook to be filled in, with notes, choices and an example."""

from pathlib import Path
from typing import Annotated

from archives.errors import ConflictError, StorageError, UsageProblem
from archives.message import message
from cli.frame.commands import Call, command
from cli.frame.output import Result
from cli.frame.parameters import Argument
from cli.frame.places import require_new_file
from ingest.templates.template import Template
from preservation.stores.files import READABLE, write_new

File = Annotated[Path, Argument(message("新的 .xlsx 文件", "a new .xlsx file"))]
_EXITS = (ConflictError, StorageError)


@command(example="jinkui template batch batches/2026-03/目录.xlsx", exits=_EXITS)
def batch(call: Call, *, file: File) -> Result:
    """Write the sheet of a batch of scans or documents."""
    from ingest.templates.records import BATCH

    return _written(call, BATCH, file)


@command(example="jinkui template volumes batches/2026-04/目录.xlsx", exits=_EXITS)
def volumes(call: Call, *, file: File) -> Result:
    """Write the two sheets of a batch of scanned volumes."""
    from ingest.templates.records import VOLUMES

    return _written(call, VOLUMES, file)


@command(example="jinkui template catalogue 目录.xlsx", exits=_EXITS)
def catalogue(call: Call, *, file: File) -> Result:
    """Write a sheet of what is held, digitised or not."""
    from ingest.templates.records import CATALOGUE

    return _written(call, CATALOGUE, file)


@command(example="jinkui template fonds 全宗.xlsx", exits=_EXITS)
def fonds(call: Call, *, file: File) -> Result:
    """Write a sheet of fonds."""
    from ingest.templates.decided import FONDS

    return _written(call, FONDS, file)


@command(example="jinkui template opening 开放审核.xlsx", exits=_EXITS)
def opening(call: Call, *, file: File) -> Result:
    """Write a sheet of opening decisions."""
    from ingest.templates.decided import OPENING

    return _written(call, OPENING, file)


def _written(call: Call, template: Template, file: Path) -> Result:
    from ingest.templates.workbook import template_workbook  # brings what writes workbooks with it

    if file.suffix.lower() != ".xlsx":
        raise UsageProblem(
            message("模板文件须以 .xlsx 结尾", "a template's name ends in .xlsx"),
            subject=str(file),
            advice=message("例如 {name}", "such as {name}", name=str(file.with_suffix(".xlsx"))),
        )
    require_new_file(file)
    if file.exists() or file.is_symlink():
        raise _there_already(file)
    write_new(file, template_workbook(template, call.output.language), mode=READABLE)
    made = message("已写出 {file}", "written: {file}", file=str(file))
    return Result({"template": template.name, "file": str(file)}, lines=(made, template.next_step))


def _there_already(file: Path) -> ConflictError:
    return ConflictError(
        message("{path} 已经存在，没有动它", "{path} is there already; it was left alone", path=str(file)),
        subject=str(file),
        advice=message("请另取一个文件名", "choose another name"),
    )
