"""The register of destruction of a plan: written for people, and kept in a package of its own."""

import importlib.metadata
from collections.abc import Iterable
from pathlib import Path

from archives.message import message
from archives.record.description import Description
from archives.record.identifiers import ArchivalCode, RecordKey, parse_archival_code
from archives.record.record import PackageKind
from cli import wiring
from cli.home.home import Home
from ingest.batch.listing import PlannedFile
from ingest.examine import examine_file
from ingest.package import Contents, Packaging, build_package
from preservation.disposal.plan import DisposalPlan
from preservation.disposal.register import Register, chinese_font, register_page, register_sheet
from preservation.package.new_package import NewPackage
from preservation.stores.files import write_whole

NO_FONT = message(
    "没有写 PDF：缺少中文字体，请安装 fonts-noto-cjk 后再运行一次",
    "no PDF was written: a Chinese font is missing; install fonts-noto-cjk and run again",
)


def write_register(home: Home, register: Register, out: Path) -> list[Path]:
    """Write a register into a folder, as XLSX and, where there is a Chinese font, as PDF; return the files."""
    sheet = out / f"销毁清册-{register.plan.plan_id}.xlsx"
    write_whole(sheet, register_sheet(register))
    font = chinese_font()
    if font is None:
        home.output.say(NO_FONT)
        return [sheet]
    page = sheet.with_suffix(".pdf")
    write_whole(page, register_page(register, font))
    return [sheet, page]


def keep_register(home: Home, proposed: DisposalPlan, files: Iterable[Path]) -> None:
    """Keep plan and register in a package of their own, once a plan."""
    code = parse_archival_code(f"DISPOSAL-{proposed.plan_id}")
    key = RecordKey(proposed.records[0].repository, code.key)
    with home.vault.locks.record(key):
        if not home.refresh().anchors(batch_id=_batch_of(proposed)):
            home.catalogue.open_work.require_none_under(key)
            home.vault.put(_package(home, proposed, code, files), note="register of destruction")


def _package(home: Home, proposed: DisposalPlan, code: ArchivalCode, files: Iterable[Path]) -> NewPackage:
    repository = next(r for r in home.catalogue.repositories() if r.code.value == proposed.records[0].repository)
    examined = tuple(examine_file(PlannedFile(path, path.name, path.stat().st_size)) for path in files)
    packaging = Packaging(
        package_id=wiring.new_package_id(),
        kind=PackageKind.SUBMISSION,
        repository=repository,
        fonds=None,
        batch_id=_batch_of(proposed),
        now=wiring.now(),
        operator=home.operator,
        software=f"jinkui {importlib.metadata.version('jinkui')}",
        engine="",
    )
    description = Description(code, f"销毁清册 {proposed.plan_id}")
    contents = Contents(examined, (0,) * len(examined))
    return build_package(description, contents, (), packaging)


def _batch_of(proposed: DisposalPlan) -> str:
    return f"disposal-{proposed.plan_id}"
