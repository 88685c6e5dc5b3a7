"""The command that writes a record out for people who do not have Jinkui."""

from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated

from archives.errors import IdentifierError, NotFoundError
from archives.journal.facts import PackageStored
from archives.message import Message, message
from cli import wiring
from cli.commands.batch.taking_back import as_batch, is_for_update
from cli.commands.catalogue.units import unit_named
from cli.commands.record.rendering import the_record
from cli.commands.shared import WRITES, Code, InRepository
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result, Table
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from ingest.batch.listing import as_it_came as name_as_it_came
from preservation.actions.units.present import below, package_of, place_of_present, units_in, write_present
from preservation.catalogue.naming import named_apart
from preservation.package.ocfl import Inventory
from preservation.stores.files import require_place
from preservation.vault.export import OtherName, export_files, export_version

_FIELDS: tuple[Field[OtherName], ...] = (
    Field("path", message("所在", "where it lies"), lambda one: str(one.path)),
    Field("came_as", message("来时", "as it came"), lambda one: str(one.came)),
)
_SAFE = message(
    "包内用的是任何系统都能用的名称，原名在 PREMIS 中；要按原名取出文件，用 --as-it-came",
    "in a bag names are such that every system takes them, the names as they came stand in PREMIS; --as-it-came writes the files under those",
)
_HELD = message(
    "这里的文件系统放不下这些名称，改用包内的名称；请换一个文件系统再导出，或按此表对照",
    "the file system here cannot hold these names, so those of the package were used; export to another one, or use this table",
)


@command(example="jinkui export J019-WS·2014·Y·BGS-0101 /tmp/J019-0101 --version 1", exits=WRITES)
def export(
    call: Call,
    *,
    code: Code,
    folder: Annotated[Path, Argument(message("新文件夹", "a new folder"))],
    version: Annotated[int | None, Option(message("第几版（默认最新）", "which version (the newest)"), least=1)] = None,
    as_it_came: Annotated[
        bool,
        Option(
            message("只要文件，按来时的文件夹和名称", "the files alone, in their folders and under their own names")
        ),
    ] = False,
    repository: InRepository = None,
) -> Result:
    """Write a version of a record out as a complete bag, or its files as they came, with what is said of it now.

    Packages of descriptions are named by their identifiers; of what has no files only what is said of it is written.
    """
    home = home_of(call)
    anchor, units = _meant(home, code, repository)
    data: dict[str, object] = {"archival_code": code, "folder": None}
    tables: tuple[Table, ...] = ()
    lines: list[Message] = []
    if anchor is not None:
        inventory = home.vault.inventory(anchor)
        chosen = _require_version(inventory, version)
        for_update = as_it_came and is_for_update(home, anchor, version)

        def complete(written: Path) -> Path:
            """Write what belongs to the folder before it is there: whoever sees it has all of it."""
            write_present(home.archive, units, folder, made_in=written.parent)
            return as_batch(home, anchor, written, chosen) if for_update else written

        named = _written(home, inventory, folder, chosen, as_it_came=as_it_came, complete=complete)
        table, other_names = listing(
            message("名称与来时不同的文件", "files under other names than they came with"), _FIELDS, named
        )
        tables = (table,) if named else ()
        lines = [message("已导出到 {folder}", "written to {folder}", folder=str(folder))]
        if named:
            lines.append(_HELD if as_it_came else _SAFE)
        if for_update:
            lines.append(_comes_back(folder, chosen))
        data = {"archival_code": anchor.archival_code, "version": chosen, "folder": str(folder)}
        data["other_names"] = other_names
    present = place_of_present(folder) if anchor is not None else write_present(home.archive, units, folder)
    lines.append(message("现行著录：{path}", "what is said of it now: {path}", path=str(present)))
    return Result({**data, "present": str(present)}, tables, lines=tuple(lines))


def _comes_back(folder: Path, version: int) -> Message:
    return message(
        "其中目录.csv 为第 {v} 版的著录，文件在“文件”文件夹中；要改回这一版：jinkui ingest {folder} --update",
        "目录.csv in it has what version {v} said, the folder 文件 its files; to make it the newest again: jinkui ingest {folder} --update",
        v=version,
        folder=str(folder),
    )


def _meant(home: Home, code: str, repository: str | None) -> tuple[PackageStored | None, Collection[str]]:
    """Return the package that a code or an identifier names, None for a unit without one, and of whom it says something."""
    try:
        anchor = home.catalogue.anchor(the_record(home, code, repository).package_id)
        return anchor, units_in(home.archive, anchor)
    except NotFoundError as unknown:
        if apart := named_apart(home.catalogue, code, repository):
            return apart, units_in(home.archive, apart)
        with suppress(NotFoundError, IdentifierError):
            anchor = package_of(home.archive, code)
            return anchor, units_in(home.archive, anchor)
        try:
            unit_id = unit_named(home, code, repository).unit.unit_id
        except NotFoundError:
            raise unknown from None
        return None, {unit_id, *below(home.archive, unit_id)}


def _written(
    home: Home, inventory: Inventory, folder: Path, version: int, *, as_it_came: bool, complete: Callable[[Path], Path]
) -> tuple[OtherName, ...]:
    require_place(place_of_present(folder))
    digesting = wiring.digesting()
    write = partial(export_files, as_it_came=name_as_it_came) if as_it_came else export_version
    return write(home.vault, inventory, folder, version=version, digesting=digesting, complete=complete)


def _require_version(inventory: Inventory, version: int | None) -> int:
    """Return the version that was named (the newest without one); raises ``NotFoundError``."""
    if version is not None and version > inventory.head:
        raise NotFoundError(
            message(
                "没有第 {v} 版，最新是第 {n} 版",
                "there is no version {v}; the newest is {n}",
                v=version,
                n=inventory.head,
            ),
            advice=message("各版见 jinkui versions 档号", "jinkui versions CODE has them all"),
            subject=str(version),
        )
    return version or inventory.head
