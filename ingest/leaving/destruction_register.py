"""The package in which the register of destruction (销毁清册) of a disposal is kept, with the plan that it carries out."""

from collections.abc import Sequence
from pathlib import Path

from archives.record.description import Description
from archives.record.identifiers import PackageId
from archives.record.record import PackageKind
from ingest.batch.listing import PlannedFile
from ingest.contents import Contents
from ingest.examine import examine_file
from ingest.package import Packaging, build_package
from preservation.archive import Archive
from preservation.disposal.plan import DisposalPlan
from preservation.disposal.register import register_batch, register_code
from preservation.package.new_package import NewPackage, software


def pack_register(archive: Archive, plan: DisposalPlan, files: Sequence[Path]) -> NewPackage:
    """Return the package of a plan and the files of its register."""
    examined = tuple(examine_file(PlannedFile(path, path.name, path.stat().st_size)) for path in files)
    packaging = Packaging(
        package_id=PackageId(archive.world.new_identifier()),
        kind=PackageKind.SUBMISSION,
        repository=next(r for r in archive.catalogue.repositories() if r.code.value == plan.records[0].repository),
        fonds=None,
        batch_id=register_batch(plan),
        now=archive.world.now(),
        operator=archive.operator,
        software=software(),
        engine="",
    )
    description = Description(register_code(plan), f"销毁清册 {plan.plan_id}")
    return build_package(description, Contents(examined, (0,) * len(examined)), (), packaging)
