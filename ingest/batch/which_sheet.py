"""Which table of a batch folder is its catalogue: the one that is named, the one called as catalogues are, or the only one."""

import os
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from archives.errors import ConflictError, JinkuiError, NotFoundError
from archives.findings import Finding, note
from archives.message import Message, message
from archives.message import listed as named
from ingest.batch.listing import PACKED, PlannedFile, garbled_in_zip, is_passed_over, unpacking
from ingest.sheets.grid import TABLES as TABLES

SHEETS = (*TABLES, ".txt")
"""What the names of sheets of records end with, also of those that are taken for such only where they are named."""
_NAMES = (
    frozenset({"catalogue"}),
    frozenset({"catalog", "目录", "目錄", "文件目录", "归档文件目录", "卷内文件目录", "案卷目录", "档案目录"}),
)
"""What catalogues are called (DA/T 22-2015, GB/T 9705-2008), those that count first before the others."""
_BELOW = 2
"""How many parts the path of a table has that lies in a folder of the batch."""
_OF_VOLUMES = re.compile(r"案卷|^volumes?$|^files?$")
_OF_ITEMS = re.compile(r"卷内|^items?$")


@dataclass(frozen=True, slots=True)
class ChosenSheet:
    """The file with the records of a batch; ``worksheet`` is the one that was asked for by name.

    ``is_outside`` when it lies elsewhere than the batch. ``items`` is the list of the items in the volumes of the other.
    """

    file: PlannedFile
    worksheet: str | None = None
    is_outside: bool = False
    findings: tuple[Finding, ...] = ()
    items: PlannedFile | None = None


def sheet_of_batch(folder: Path, listed: Mapping[str, PlannedFile], asked: str | None) -> ChosenSheet:
    """Return which sheet holds the records of a batch, with a note when nothing but its being alone says so.

    ``asked`` names a file (in the batch, or anywhere by its path), a worksheet, or both as ``FILE!WORKSHEET``. Raises
    ``NotFoundError`` when there is none, ``ConflictError`` when it is not plain which.
    """
    if asked is None:
        return _only(folder, listed)
    file, _, worksheet = asked.rpartition("!")
    for name, sheet in ((asked, None), (file, worksheet)):
        if found := _inside(folder, listed, name):
            return ChosenSheet(found, sheet)
        if found := _outside(name):
            return ChosenSheet(found, sheet, is_outside=True)
    if file or PurePosixPath(asked).suffix.lower() in SHEETS or "/" in asked:
        raise _absent(asked)
    return replace(_only(folder, listed), worksheet=asked)


def _only(folder: Path, listed: Mapping[str, PlannedFile]) -> ChosenSheet:
    tables = [file for file in listed.values() if _is_table(file)]
    if pair := _volumes_and_items(tables):
        return ChosenSheet(pair[0], items=pair[1])
    by_name = ([file for file in tables if PurePosixPath(file.relative).stem.lower() in names] for names in _NAMES)
    called = next(filter(None, by_name), [])
    found = called or tables
    if len(found) != 1:
        raise _not_plain(folder, found) if found else _without(folder, listed)
    if called:
        return ChosenSheet(found[0])
    said = message("批次中只有这一个表，作为目录表", "the only table of the batch; it is taken for its catalogue")
    return ChosenSheet(found[0], findings=(note("sheet-taken", said, file=found[0].shown),))


def _volumes_and_items(tables: list[PlannedFile]) -> tuple[PlannedFile, PlannedFile] | None:
    """Return the list of volumes and that of their items, where by its name one table is each and none a catalogue."""
    stems = {file.relative: PurePosixPath(file.relative).stem.lower() for file in tables}
    items = [file for file in tables if _OF_ITEMS.search(stems[file.relative])]
    volumes = [file for file in tables if file not in items and _OF_VOLUMES.search(stems[file.relative])]
    has_catalogue = any(stem in _NAMES[0] for stem in stems.values())
    return (volumes[0], items[0]) if len(volumes) == len(items) == 1 and not has_catalogue else None


def _inside(folder: Path, listed: Mapping[str, PlannedFile], name: str) -> PlannedFile | None:
    path = Path(os.path.abspath(name))  # noqa: PTH100 - as written: the batch's own links are not followed
    below = str(path.relative_to(folder)) if path.is_relative_to(folder) else name
    return next((listed[one] for one in (name, str(Path(name)), below) if one in listed), None) if name else None


def _outside(name: str) -> PlannedFile | None:
    """Return the file at a path of the user's own, wherever links of his lead."""
    path = Path(name)
    if not name or not path.is_file():
        return None
    path = path.resolve()
    state = path.stat()
    return PlannedFile(path, path.name, state.st_size, identity=(state.st_dev, state.st_ino))


def _absent(asked: str) -> NotFoundError:
    return NotFoundError(
        message("没有这个目录表：{name}", "there is no such sheet: {name}", name=asked),
        subject=asked,
        advice=message(
            "--sheet 可写批次中的文件名、任何文件的路径、工作表名，或 文件!工作表",
            "--sheet takes the name of a file of the batch, the path of any file, the name of a worksheet, or FILE!WORKSHEET",
        ),
    )


def _is_table(file: PlannedFile) -> bool:
    place = PurePosixPath(file.relative)
    return len(place.parts) == 1 and place.suffix.lower() in TABLES and not is_passed_over(file.relative)


def _unpacking_of(folder: Path, packed: Sequence[str]) -> Message:
    """Return how ZIPs are unpacked: the first whose names tell in which encoding, where one does."""
    zips = [name for name in packed if name.lower().endswith(".zip")]
    found = ((name, garbled_in_zip(folder / name)) for name in zips)
    name, first = next((one for one in found if one[1]), ("FILE", None))
    return unpacking(shlex.quote(name), "DIR", first)


def _without(folder: Path, listed: Mapping[str, PlannedFile]) -> NotFoundError:
    advice = message("请放入 catalogue.xlsx 或 catalogue.csv", "put in catalogue.xlsx or catalogue.csv")
    places = [PurePosixPath(name) for name in listed if not is_passed_over(name)]
    packed = sorted(str(one) for one in places if one.suffix.lower() in PACKED and len(one.parts) == 1)
    below = sorted({one.parts[0] for one in places if one.suffix.lower() in TABLES and len(one.parts) == _BELOW})
    if packed:
        advice = message(
            "其中有压缩包（{names}）：请先解压，再接收解压后的文件夹；zip 用 {how}",
            "packed files are in it ({names}): unpack them first, and take in the unpacked folder; a zip with {how}",
            how=_unpacking_of(folder, packed),
            names=named(packed),
        )
    elif below:
        advice = message(
            "它下面的文件夹（{names}）里有表：若那就是批次，请给出那个文件夹",
            "there are tables in folders below it ({names}): where one of them is the batch, name that folder",
            names=named(below),
        )
    return NotFoundError(
        message("批次中应有且仅有一个目录表，现在没有", "a batch has exactly one catalogue sheet; this one has none"),
        subject=str(folder),
        advice=advice,
    )


def _not_plain(folder: Path, found: list[PlannedFile]) -> JinkuiError:
    return ConflictError(
        message(
            "批次中应有且仅有一个目录表，现有几个：{names}",
            "a batch has exactly one catalogue sheet; these may be meant: {names}",
            names=named([file.shown for file in found]),
        ),
        subject=str(folder),
        advice=message("请用 --sheet 文件名 指明", "name it with --sheet NAME"),
    )
