"""Tables as an import reads them: each with its profile, and with what its file says of secrecy outside its rows."""

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from archives.errors import ConflictError, FormatError
from archives.message import message
from formats.processes.opened import Opened
from formats.spreadsheet.dbase_memos import memo_names
from ingest.batch.listing import PlannedFile
from ingest.batch.secrets import Marked
from ingest.dirt.places import table_name
from ingest.examine import digest_opened
from ingest.profiles.profile import Profile, fitting_profile, usual_names
from ingest.profiles.reading import ProfiledRow, VolumeOf
from ingest.sheets.remarks import absent, require_kind, unreadable
from ingest.tables.gate import marked_outside
from ingest.tables.packed import PackedTable, TableReader
from ingest.tables.table import Table, TableRow, tables_of


def _nobody() -> None:
    """Hear nothing."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was opened, read and judged: what its bytes were, and no other bytes may be kept in its name."""

    path: Path
    size_bytes: int
    identity: tuple[int, int]
    sha256: str

    def planned(self) -> PlannedFile:
        """Return it as a file to be kept."""
        return PlannedFile(self.path, self.path.name, self.size_bytes, identity=self.identity, sha256=self.sha256)


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """A table with the profile that its rows are read under; ``marked`` is what its file says of secrecy in no row of them.

    Of several tables of one file the first has it, and the ``files``: the table's, and that of its memos. ``told`` hears of
    every row that is read. ``volume_of`` finds the code of the volume that the parts of an item's
    code mean, where a list of volumes came with a table whose items say 案卷号 alone.
    """

    table: Table
    profile: Profile
    marked: tuple[Marked, ...] = ()
    volume_of: VolumeOf | None = None
    told: Callable[[], object] = _nobody
    files: tuple[Brought, ...] = ()

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

    Raises ``FormatError`` for a file that cannot be read, has no headings, or those of another command's sheet, ``NotFoundError`` for one that is not there,
    ``UsageProblem`` for one of which the profile that is given names no column, ``ConflictError`` for two of one name: rows are known by the name of their file.
    """
    found: list[Imported] = []
    names = Counter(path.name.casefold() for path in paths)
    for path in paths:
        if names[path.name.casefold()] > 1:
            raise _of_one_name(path)
    for path in paths:
        packed, files = _packed(path, reader)
        tables = tables_of(packed, profile.names if profile else usual_names(), file=path.name)
        if profile:
            profile.require_any_column([table.columns for table in tables])
        else:
            for table in tables:
                require_kind(path.name, table.columns.headings, usual_names())
        marked = tuple(marked_outside(path.name, packed, tables))
        for table in tables:
            chosen = profile or fitting_profile(table.columns)
            is_first = table is tables[0]
            beside = files if is_first else ()
            found.append(Imported(table, chosen, marked if is_first else (), told=told, files=beside))
    return tuple(found)


def _of_one_name(path: Path) -> ConflictError:
    return ConflictError(
        message("有几个表都叫 {name}", "several tables are called {name}", name=path.name),
        subject=str(path),
        advice=message("请改名后再导入，或分几次导入", "give them other names, or import each on its own"),
    )


def _packed(path: Path, reader: TableReader) -> tuple[PackedTable, tuple[Brought, ...]]:
    """Read a table and the file of its memos, each opened once; raises ``ConflictError`` where one changes meanwhile."""
    with ExitStack() as stack:
        opened = [stack.enter_context(_opened(path))]
        memo = next((path.with_name(name) for name in memo_names(path.name) if path.with_name(name).is_file()), None)
        if path.suffix.lower() == ".dbf" and memo is not None:
            opened.append(stack.enter_context(_opened(memo)))
        before = [_state(one, place) for one, place in zip(opened, (path, memo or path), strict=False)]
        try:
            packed = reader(*opened)
        except FormatError as cause:
            raise unreadable(path.name, cause) from cause
        for was, one in zip(before, opened, strict=True):
            if was != _state(one, was[0].path):
                raise _changed(was[0].path)
    return packed, tuple(file for file, _ in before)


def _opened(path: Path) -> Opened:
    try:
        opened = Opened.at(path)
    except OSError as cause:
        raise absent(path) from cause
    if not stat.S_ISREG(os.fstat(opened.handle).st_mode):
        os.close(opened.handle)
        raise absent(path)
    return opened


def _state(opened: Opened, path: Path) -> tuple[Brought, int]:
    """Return what an opened file is, and when it was last touched: bytes may be changed and changed back."""
    digest = digest_opened(opened).sha256
    state = os.fstat(opened.handle)
    return Brought(path.resolve(), state.st_size, (state.st_dev, state.st_ino), digest), state.st_ctime_ns


def _changed(path: Path) -> ConflictError:
    return ConflictError(
        message(
            "{name} 在读取时被改动，未导入",
            "{name} was changed while it was read; nothing was imported",
            name=path.name,
        ),
        subject=str(path),
        advice=message("请待文件改完后再导入", "import it when nobody changes the file any more"),
    )
