"""Commands about versions of a record: list them, give a record another archival code."""

import importlib.metadata
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from archives.errors import ConflictError, NotFoundError, UsageProblem
from archives.journal.facts import PackageStored
from archives.message import message
from archives.record.holding import Holding
from archives.record.identifiers import ArchivalCode, RecordKey, parse_archival_code
from archives.record.record import PackageKind
from cli import wiring
from cli.commands.record.rendering import the_record
from cli.frame.commands import Call
from cli.frame.output import Cell, Result, Table
from cli.home.home import Home, home_of
from ingest.package import Packaging, redescribe_package
from preservation.package.new_package import NewPackage
from preservation.package.ocfl import Inventory


def versions(call: Call, *, code: str, repository: str | None) -> Result:
    """List the versions of a record: when, by whom, why, what is new in each."""
    home = home_of(call)
    holding = the_record(home, code, repository)
    inventory = home.vault.inventory(home.catalogue.anchor(holding.package_id))
    copies = home.catalogue.copies(holding.package_id)
    data: list[dict[str, object]] = []
    rows: list[tuple[Cell, ...]] = []
    before: Mapping[PurePosixPath, str] = {}
    sizes = _stored_bytes(home, holding)
    for number, version in enumerate(inventory.versions, 1):
        files = inventory.logical_files(number)
        news = {
            "added": sorted(str(path) for path in files.keys() - before.keys()),
            "changed": sorted(str(path) for path in files.keys() & before.keys() if files[path] != before[path]),
            "removed": sorted(str(path) for path in before.keys() - files.keys()),
        }
        at, size_bytes = version.created_at.isoformat(timespec="seconds"), sizes.get(number, 0)
        data.append(
            {
                "version": number,
                "created_at": at,
                "user": version.user,
                "message": version.message,
                **news,
                "stored_bytes": size_bytes,
                "stores": [copy.store for copy in copies if copy.version >= number],
            }
        )
        rows.append((number, at, version.user, version.message, *(len(paths) for paths in news.values()), size_bytes))
        before = files
    columns = (
        message("版本", "version"),
        message("时间", "at"),
        message("操作人", "by"),
        message("说明", "why"),
        message("新增", "added"),
        message("改动", "changed"),
        message("移除", "removed"),
        message("字节", "bytes stored"),
    )
    title = message("{code} 的版本", "versions of {code}", code=holding.description.code.written)
    answer = {
        "archival_code": holding.description.code.written,
        "package_id": holding.package_id.value,
        "versions": data,
    }
    return Result(answer, (Table(title, columns, tuple(rows)),))


def renumber(call: Call, *, old: str, new: str, repository: str | None, reason: str) -> Result:
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
            package,
            anchor,
            holders=holders,
            note="renumber",
            require_newest=lambda known: home.refresh().require_newest(known),
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
    newest = home.holdings.newest(holding)
    packaging = Packaging(
        package_id=holding.package_id,
        kind=PackageKind.RECORD,
        repository=holding.repository,
        fonds=home.fonds(holding.key.repository, code.fonds),
        batch_id=newest.anchor.batch_id,
        now=wiring.now(),
        operator=home.operator,
        software=f"jinkui {importlib.metadata.version('jinkui')}",
        engine="",
        previous=newest.record,
        changes=f"archival code {holding.description.code.written} became {code.written}: {reason}".rstrip(": "),
    )
    described = replace(newest.record.description, code=code)
    return redescribe_package(newest.record, described, packaging), newest.anchor, newest.holders


def require_version(inventory: Inventory, version: int | None) -> int:
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


def _stored_bytes(home: Home, holding: Holding) -> dict[int, int]:
    return {
        entry.fact.version: entry.fact.size_bytes
        for entry in home.archive.history(holding)
        if isinstance(entry.fact, PackageStored)
    }
