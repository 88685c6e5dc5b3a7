"""Tables as an import reads them: each with its profile, and with what its file says of secrecy outside its rows."""

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archives.errors import ConflictError, NotFoundError
from archives.message import message
from formats.processes.opened import Opened
from formats.spreadsheet.dbase import memo_names
from ingest.batch.secrets import Marked
from ingest.dirt.places import table_name
from ingest.profiles.profile import Profile, fitting_profile, usual_names
from ingest.profiles.reading import ProfiledRow, VolumeOf
from ingest.tables.gate import marked_outside
from ingest.tables.packed import PackedTable, TableReader
from ingest.tables.table import Table, TableRow, tables_of


def _nobody() -> None:
    """Hear nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """A table with the profile that its rows are read under; ``marked`` is what its file says of secrecy in no row of them.

    Of several tables of one file the first has it. ``told`` hears of every row that is read. ``volume_of`` finds the code of the volume that the parts of an item's
    code mean, where a list of volumes came with a table whose items say 案卷号 alone.
    """

    table: Table
    profile: Profile
    marked: tuple[Marked, ...] = ()
    volume_of: VolumeOf | None = None
    told: Callable[[], object] = _nobody

    @property
    def name(self) -> str:
        """What people call it: its file, and its worksheet where there are several."""
        return table_name(self.table.columns.file, self.table.columns.worksheet)

    def rows(self) -> Iterator[tuple[TableRow, ProfiledRow]]:
        """Yield its rows, each with what it says, from the first to the last."""
        for row in self.table.rows():
            self.told()
            yield row, self.profile.read(row, self.volume_of)


def read_tables(
    paths: Sequence[Path], profile: Profile | None, reader: TableReader, *, told: Callable[[], object] = _nobody
) -> tuple[Imported, ...]:
    """Return the tables of files with the profile of each: the one that is given, else the one of ours that fits.

    ``told`` hears of every row that is read of them later.

    Raises ``FormatError`` for a file that cannot be read or has no headings, ``NotFoundError`` for one that is not there,
    ``ConflictError`` for two of one name: rows are known by the name of their file.
    """
    found: list[Imported] = []
    names = Counter(path.name.casefold() for path in paths)
    for path in paths:
        if names[path.name.casefold()] > 1:
            raise _of_one_name(path)
    for path in paths:
        packed = _packed(path, reader)
        tables = tables_of(packed, profile.names if profile else usual_names(), file=path.name)
        marked = tuple(marked_outside(path.name, packed, tables))
        for table in tables:
            of_file = marked if table is tables[0] else ()
            found.append(Imported(table, profile or fitting_profile(table.columns), of_file, told=told))
    return tuple(found)


def _of_one_name(path: Path) -> ConflictError:
    return ConflictError(
        message("有几个表都叫 {name}", "several tables are called {name}", name=path.name),
        subject=str(path),
        advice=message("请改名后再导入，或分几次导入", "give them other names, or import each on its own"),
    )


def _packed(path: Path, reader: TableReader) -> PackedTable:
    try:
        opened = Opened.at(path)
    except OSError as cause:
        raise NotFoundError(
            message("没有这个文件：{path}", "there is no such file: {path}", path=str(path)), subject=str(path)
        ) from cause
    with opened:
        if not stat.S_ISREG(os.fstat(opened.handle).st_mode):
            raise NotFoundError(message("不是文件：{path}", "no file: {path}", path=str(path)), subject=str(path))
        memo = next((path.with_name(name) for name in memo_names(path.name) if path.with_name(name).is_file()), None)
        if path.suffix.lower() != ".dbf" or memo is None:
            return reader(opened)
        with Opened.at(memo) as beside:
            return reader(opened, beside)
