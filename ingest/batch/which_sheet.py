"""Which table of a batch folder is its catalogue: the one that is named, the one called catalogue, or the only one."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from archives.errors import NotFoundError
from archives.findings import Finding, note
from archives.message import listed as named
from archives.message import message
from ingest.batch.listing import PlannedFile, is_passed_over
from ingest.sheets.grid import TABLES as TABLES

_NAME = "catalogue"


def sheet_of_batch(
    folder: Path, listed: Mapping[str, PlannedFile], asked: str | None
) -> tuple[PlannedFile, tuple[Finding, ...]]:
    """Return the file with the records of a batch, and a note when it is called otherwise than ``catalogue``.

    ``asked`` is its name, or its path, in the batch folder. Raises ``NotFoundError`` when there is none or it is not
    plain which.
    """
    if asked is not None:
        return _asked(folder, listed, asked), ()
    tables = [file for file in listed.values() if _is_table(file)]
    called = [file for file in tables if PurePosixPath(file.relative).stem.lower() == _NAME]
    found = called or tables
    if len(found) != 1:
        raise _not_plain(folder, found)
    if called:
        return found[0], ()
    said = message("批次中只有这一个表，作为目录表", "the only table of the batch; it is taken for its catalogue")
    return found[0], (note("sheet-taken", said, file=found[0].shown),)


def _asked(folder: Path, listed: Mapping[str, PlannedFile], asked: str) -> PlannedFile:
    path = Path(asked)
    if path.is_absolute() and path.is_relative_to(folder):
        path = path.relative_to(folder)
    for name in (asked, str(path)):
        if name in listed:
            return listed[name]
    raise NotFoundError(
        message("批次中没有这个目录表：{name}", "the batch has no such sheet: {name}", name=asked),
        subject=asked,
        advice=message(
            "请把目录表放进批次文件夹，写它在其中的文件名",
            "put the sheet into the batch's folder and give its name there",
        ),
    )


def _is_table(file: PlannedFile) -> bool:
    place = PurePosixPath(file.relative)
    return len(place.parts) == 1 and place.suffix.lower() in TABLES and not is_passed_over(file.relative)


def _not_plain(folder: Path, found: list[PlannedFile]) -> NotFoundError:
    if not found:
        return NotFoundError(
            message(
                "批次中应有且仅有一个目录表，现在没有", "a batch has exactly one catalogue sheet; this one has none"
            ),
            subject=str(folder),
            advice=message("请放入 catalogue.xlsx 或 catalogue.csv", "put in catalogue.xlsx or catalogue.csv"),
        )
    return NotFoundError(
        message(
            "批次中应有且仅有一个目录表，现有几个：{names}",
            "a batch has exactly one catalogue sheet; these may be meant: {names}",
            names=named([file.shown for file in found]),
        ),
        subject=str(folder),
        advice=message("请用 --sheet 文件名 指明", "name it with --sheet NAME"),
    )
