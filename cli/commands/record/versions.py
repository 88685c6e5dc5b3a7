"""Commands about versions of a record: list them, give a record another archival code."""

import importlib.metadata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Annotated

from archives.errors import ConflictError, IdentifierError, UsageProblem
from archives.journal.facts import PackageStored
from archives.message import message
from archives.record.holding import Holding
from archives.record.identifiers import ArchivalCode, RecordKey, parse_archival_code
from archives.record.record import PackageKind, Record
from cli import wiring
from cli.commands.record.rendering import the_record
from cli.commands.shared import LOOKS, WRITES, Code, InRepository
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from ingest.package import Packaging, redescribe_package
from preservation.package.new_package import NewPackage
from preservation.vault.content import read_package_record


@dataclass(frozen=True, slots=True)
class _Version:
    number: int
    at: str
    user: str
    why: str
    added: list[str]
    changed: list[str]
    removed: list[str]
    stored_bytes: int
    stores: list[str]


_FIELDS: tuple[Field[_Version], ...] = (
    Field("version", message("版本", "version"), lambda one: one.number),
    Field("created_at", message("时间", "at"), lambda one: one.at),
    Field("user", message("操作人", "by"), lambda one: one.user),
    Field("message", message("说明", "why"), lambda one: one.why),
    Field("added", message("新增", "added"), lambda one: one.added, lambda one: len(one.added)),
    Field("changed", message("改动", "changed"), lambda one: one.changed, lambda one: len(one.changed)),
    Field("removed", message("移除", "removed"), lambda one: one.removed, lambda one: len(one.removed)),
    Field("stored_bytes", message("字节", "bytes stored"), lambda one: one.stored_bytes),
    Field("stores", None, lambda one: one.stores),
)


@command(example="jinkui versions J019-WS·2014·Y·BGS-0101", exits=LOOKS)
def versions(call: Call, *, code: Code, repository: InRepository = None) -> Result:
    """List the versions of a record: when, by whom, why, what is new in each."""
    home = home_of(call)
    holding = the_record(home, code, repository)
    title = message("{code} 的版本", "versions of {code}", code=holding.description.code.written)
    table, data = listing(title, _FIELDS, _versions(home, holding))
    answer = {
        "archival_code": holding.description.code.written,
        "package_id": holding.package_id.value,
        "versions": data,
    }
    return Result(answer, (table,))


def _versions(home: Home, holding: Holding) -> Iterator[_Version]:
    inventory = home.vault.inventory(home.catalogue.anchor(holding.package_id))
    copies = home.catalogue.copies(holding.package_id)
    sizes = _stored_bytes(home, holding)
    before: Mapping[PurePosixPath, str] = {}
    for number, version in enumerate(inventory.versions, 1):
        files = inventory.logical_files(number)
        yield _Version(
            number,
            version.created_at.isoformat(timespec="seconds"),
            version.user,
            version.message,
            added=sorted(str(path) for path in files.keys() - before.keys()),
            changed=sorted(str(path) for path in files.keys() & before.keys() if files[path] != before[path]),
            removed=sorted(str(path) for path in before.keys() - files.keys()),
            stored_bytes=sizes.get(number, 0),
            stores=[copy.store for copy in copies if copy.version >= number],
        )
        before = files


@command(
    example='jinkui renumber J019-WS·2014·Y·BGS-0101 J019-WS·2014·Y·BGS-0201 --reason "filed twice"',
    exits=(*WRITES, IdentifierError),
)
def renumber(
    call: Call,
    *,
    old: Annotated[str, Argument(message("现在的档号", "its code now"))],
    new: Annotated[str, Argument(message("新的档号", "its new code"))],
    reason: Annotated[str, Option(message("理由", "why"))] = "",
    repository: InRepository = None,
) -> Result:
    """Give a record another archival code; its history stays, and both codes find it."""
    home = home_of(call)
    home.begin_writing()
    holding = the_record(home, old, repository)
    code = parse_archival_code(new)
    if code.key == holding.key.code_key:
        raise UsageProblem(
            message("{code} 已是它的档号", "{code} is its archival code already", code=code.written), subject=new
        )
    key = RecordKey(holding.key.repository, code.key)
    with home.vault.locks.records((key, holding.key)):
        if home.refresh().anchor(holding.package_id).version != holding.version:
            raise ConflictError(
                message("{code} 刚有了新版本，请重试", "{code} has just got another version; try again", code=old),
                subject=old,
            )
        _require_free(home, key, code, holding)
        package, anchor, holders = _renumbered(home, holding, code, reason)
        stored = home.vault.put_next(
            package, anchor, holders=holders, note="renumber", require_newest=lambda known: require_newest(home, known)
        )
    home.follow()
    said = message(
        "{old} 已改号为 {new}（第 {v} 版），两个档号都能找到",
        "{old} is now {new} (version {v}); both codes find it",
        old=holding.description.code.written,
        new=code.written,
        v=stored.version,
    )
    data = {
        "former_code": holding.description.code.written,
        "archival_code": code.written,
        "package_id": holding.package_id.value,
        "version": stored.version,
    }
    return Result(data, lines=(said,))


def _require_free(home: Home, key: RecordKey, code: ArchivalCode, holding: Holding) -> None:
    """Raise ``ConflictError`` when a code belongs to another record, one that was destroyed or one under way."""
    if home.catalogue.tombstone(key) is not None:
        raise ConflictError(
            message("档号 {code} 属于已销毁的档案", "{code} was the code of a disposed record", code=code.written),
            subject=code.written,
        )
    home.catalogue.open_work.require_none_under(key)
    other = home.catalogue.find_key(key)
    if other is not None and other.package_id != holding.package_id:
        raise ConflictError(
            message("档号 {code} 已有别的档案", "another record has the archival code {code}", code=code.written),
            subject=code.written,
        )


def _renumbered(
    home: Home, holding: Holding, code: ArchivalCode, reason: str
) -> tuple[NewPackage, PackageStored, tuple[str, ...]]:
    """Return the package with its new code, the version it follows, and the stores that have that."""
    record, anchor, holders = stored_record(home, holding)
    packaging = Packaging(
        package_id=holding.package_id,
        kind=PackageKind.RECORD,
        repository=holding.repository,
        fonds=home.fonds(holding.key.repository, code.fonds),
        batch_id=anchor.batch_id,
        now=wiring.now(),
        operator=home.operator,
        software=f"jinkui {importlib.metadata.version('jinkui')}",
        engine="",
        previous=record,
        changes=f"archival code {holding.description.code.written} became {code.written}: {reason}".rstrip(": "),
    )
    return redescribe_package(record, replace(record.description, code=code), packaging), anchor, holders


def stored_record(home: Home, holding: Holding) -> tuple[Record, PackageStored, tuple[str, ...]]:
    """Return what a record's package says of itself, its newest anchor, and the stores that have that version."""
    anchor = home.catalogue.anchor(holding.package_id)
    inventory = home.vault.inventory(anchor)
    holders = tuple(c.store for c in home.catalogue.copies(holding.package_id) if c.version == anchor.version)
    return read_package_record(home.vault, inventory), anchor, holders


def require_newest(home: Home, anchor: PackageStored) -> None:
    """Raise ``ConflictError`` unless a version still is its package's newest and no other was begun."""
    home.refresh().require_newest(anchor)


def _stored_bytes(home: Home, holding: Holding) -> dict[int, int]:
    return {
        entry.fact.version: entry.fact.size_bytes
        for entry in home.archive.history(holding)
        if isinstance(entry.fact, PackageStored)
    }
