"""The command that writes a record out for people who do not have Jinkui."""

from pathlib import Path
from typing import Annotated

from archives.errors import NotFoundError
from archives.message import message
from cli import wiring
from cli.commands.record.rendering import the_record
from cli.commands.shared import WRITES, Code, InRepository
from cli.frame.commands import Call, command
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import home_of
from preservation.package.ocfl import Inventory
from preservation.vault.export import export_version


@command(example="jinkui export J019-WS·2014·Y·BGS-0101 /tmp/J019-0101 --version 1", exits=WRITES)
def export(
    call: Call,
    *,
    code: Code,
    folder: Annotated[Path, Argument(message("新文件夹", "a new folder"))],
    version: Annotated[int | None, Option(message("第几版（默认最新）", "which version (the newest)"), least=1)] = None,
    repository: InRepository = None,
) -> Result:
    """Write a version of a record out as a complete bag."""
    home = home_of(call)
    holding = the_record(home, code, repository)
    inventory = home.vault.inventory(home.catalogue.anchor(holding.package_id))
    chosen = _require_version(inventory, version)
    export_version(home.vault, inventory, folder, version=chosen, digesting=wiring.digesting())
    said = message("已导出到 {folder}", "written to {folder}", folder=str(folder))
    data = {"archival_code": holding.description.code.written, "version": chosen, "folder": str(folder)}
    return Result(data, lines=(said,))


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
