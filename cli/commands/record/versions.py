"""The command that lists the versions of a record."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from archives.errors import NotFoundError
from archives.journal.concern import the_package
from archives.journal.facts import PackageStored
from archives.message import message
from archives.record.identifiers import PackageId
from cli.commands.record.rendering import the_record
from cli.commands.shared import LOOKS, Code, InRepository
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing, local_time
from cli.frame.output import Result
from cli.home.home import Home, home_of
from preservation.catalogue.naming import named_apart


@dataclass(frozen=True, slots=True)
class _Version:
    number: int
    at: datetime
    user: str
    why: str
    added: list[str]
    changed: list[str]
    removed: list[str]
    stored_bytes: int
    stores: list[str]


_WHY = {
    "ingest": message("接收", "ingest"),
    "update": message("更新", "update"),
    "recognise": message("重新识别文字", "text recognised anew"),
    "submission": message("批次所附", "what a batch came with"),
    "describe": message("著录", "description"),
    "renumber": message("改档号", "renumbered"),
    "merge": message("合并", "merged"),
    "purge": message("清除数据", "purge"),
    "register of destruction": message("清册", "register of destruction"),
}
"""What the inventories of packages say of their versions, as people are told it."""
_FIELDS: tuple[Field[_Version], ...] = (
    Field("version", message("版本", "version"), lambda one: one.number),
    Field(
        "created_at",
        message("时间", "at"),
        lambda one: one.at.isoformat(timespec="seconds"),
        lambda one: local_time(one.at),
    ),
    Field("user", message("操作人", "by"), lambda one: one.user),
    Field("message", message("说明", "why"), lambda one: one.why, lambda one: _WHY.get(one.why, one.why)),
    Field("added", message("新增", "added"), lambda one: one.added, lambda one: len(one.added)),
    Field("changed", message("改动", "changed"), lambda one: one.changed, lambda one: len(one.changed)),
    Field("removed", message("移除", "removed"), lambda one: one.removed, lambda one: len(one.removed)),
    Field("stored_bytes", message("字节", "bytes stored"), lambda one: one.stored_bytes),
    Field("stores", None, lambda one: one.stores),
)


@command(example="jinkui versions J019-WS·2014·Y·BGS-0101", exits=LOOKS)
def versions(call: Call, *, code: Code, repository: InRepository = None) -> Result:
    """List the versions of a record, or of what a batch came with: when, by whom, why, what is new in each."""
    home = home_of(call)
    anchor, written = _meant(home, code, repository)
    title = message("{code} 的版本", "versions of {code}", code=written)
    table, data = listing(title, _FIELDS, _versions(home, anchor))
    return Result({"archival_code": written, "package_id": anchor.package_id, "versions": data}, (table,))


def _meant(home: Home, code: str, repository: str | None) -> tuple[PackageStored, str]:
    """Return the newest version of the record that a code names, or of what a batch came with, and what that is called."""
    try:
        holding = the_record(home, code, repository)
    except NotFoundError:
        if (apart := named_apart(home.catalogue, code, repository)) is None:
            raise
        return apart, apart.archival_code
    return home.catalogue.anchor(holding.package_id), holding.description.code.written


def _versions(home: Home, anchor: PackageStored) -> Iterator[_Version]:
    inventory = home.vault.inventory(anchor)
    copies = home.catalogue.copies(PackageId(anchor.package_id))
    sizes = _stored_bytes(home, anchor.package_id)
    before: Mapping[PurePosixPath, str] = {}
    for number, version in enumerate(inventory.versions, 1):
        files = inventory.logical_files(number)
        yield _Version(
            number,
            version.created_at,
            version.user,
            version.message,
            added=sorted(str(path) for path in files.keys() - before.keys()),
            changed=sorted(str(path) for path in files.keys() & before.keys() if files[path] != before[path]),
            removed=sorted(str(path) for path in before.keys() - files.keys()),
            stored_bytes=sizes.get(number, 0),
            stores=[copy.store for copy in copies if copy.version >= number],
        )
        before = files


def _stored_bytes(home: Home, package_id: str) -> dict[int, int]:
    facts = (entry.fact for entry in home.archive.reading.entries_about(the_package(package_id)))
    return {
        fact.version: fact.size_bytes
        for fact in facts
        if isinstance(fact, PackageStored) and fact.package_id == package_id
    }
