"""The command that writes a record out for people who do not have Jinkui."""

from pathlib import Path
from typing import Annotated

from archives.errors import NotFoundError
from archives.message import message
from cli import wiring
from cli.commands.record.rendering import the_record
from cli.commands.shared import WRITES, Code, InRepository
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import home_of
from ingest.batch.listing import as_it_came as name_as_it_came
from preservation.package.ocfl import Inventory
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
    """Write a version of a record out as a complete bag, or its files as they came."""
    home = home_of(call)
    holding = the_record(home, code, repository)
    inventory = home.vault.inventory(home.catalogue.anchor(holding.package_id))
    chosen = _require_version(inventory, version)
    digesting = wiring.digesting()
    if as_it_came:
        named = export_files(
            home.vault, inventory, folder, version=chosen, as_it_came=name_as_it_came, digesting=digesting
        )
    else:
        named = export_version(home.vault, inventory, folder, version=chosen, digesting=digesting)
    table, other_names = listing(
        message("名称与来时不同的文件", "files under other names than they came with"), _FIELDS, named
    )
    lines = [message("已导出到 {folder}", "written to {folder}", folder=str(folder))]
    if named:
        lines.append(_HELD if as_it_came else _SAFE)
    data = {
        "archival_code": holding.description.code.written,
        "version": chosen,
        "folder": str(folder),
        "other_names": other_names,
    }
    return Result(data, (table,) if named else (), lines=tuple(lines))


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
            subject=str(version),
        )
    return version or inventory.head
