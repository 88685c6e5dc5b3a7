"""What was taken in by mistake, proposed to leave: records, volumes, a batch with what it came with; retention does not count.

What stays is told with it, and why: what others need, what has a hold, what came with another batch.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from archives.errors import NotFoundError, RefusedError, UsageProblem
from archives.journal.facts import PackageStored
from archives.message import Message, listed, message
from archives.record.holding import Holding
from archives.record.identifiers import archival_code_key
from archives.record.record import PackageKind
from archives.units.unit import Unit
from preservation.actions.disposal.batches import is_batch, named_batch
from preservation.actions.disposal.propose import (
    RECORD,
    Going,
    Proposal,
    Staying,
    is_on_hold,
    planner_of,
    proposed,
    sorted_out,
)
from preservation.actions.overview.batches import sum_of
from preservation.archive import Archive
from preservation.catalogue.levels.wanted import Wanted
from preservation.catalogue.naming import named, named_apart, named_record
from preservation.disposal.plan import DisposalPlan, Obstacle, PlannedDisposal, planned_submission
from preservation.disposal.register import REGISTER_BATCH

VOLUME = message("案卷", "volume")
SUBMISSION = message("接收包", "submission")
_OF_IMPORT = message("导入的表", "tables of an import")


def propose_removal(
    archive: Archive,
    *,
    by: str,
    codes: Sequence[str],
    batch: str | None,
    mistake: str,
    repository: str | None,
    out: Path | None,
) -> Proposal:
    """Propose to remove what was taken in by mistake: what was named, or a batch with what it came with.

    ``codes`` name records, volumes, or what a batch came with; ``batch`` a batch or an import by its number, by the code of
    what it came with, or by the name of its folder. Raises as ``propose`` does, ``NotFoundError`` for what is unknown.
    """
    if not mistake.strip() or bool(codes) == (batch is not None):
        raise UsageProblem(
            message("须写明原因，并写明档号或一个批次", "give the reason, and either records or one batch"),
            subject="--mistake",
        )
    planner = planner_of(archive, by, is_written=out is not None)
    if batch is not None:
        batch_id = named_batch(archive, batch, repository)
        came: Mapping[str, PackageStored] = archive.catalogue.units.packages.came_with(batch_id)
        holdings = [
            *archive.catalogue.named([one for one, anchor in came.items() if anchor.kind is PackageKind.RECORD])
        ]
    else:
        batch_id = ""
        holdings, came = _named(archive, codes, repository)
    seen = [(holding, _obstacle(archive, holding, batch_id)) for holding in holdings]
    records, excluded = sorted_out(archive, seen, named=bool(codes))
    leaving = {one.package_id for one in records}
    beside = [one for one in came.values() if one.kind is PackageKind.SUBMISSION]
    needed = {one.package_id: why for one in beside if (why := needed_by(archive, one, leaving))}
    if codes:
        require_not_needed(beside, needed)
    going = tuple(_going(archive, records, {one.package_id.value: one for one in holdings}))
    going += tuple(
        Going(planned_submission(one), _what(archive, one)) for one in beside if one.package_id not in needed
    )
    staying = tuple(
        Staying(one.archival_code, one.package_id, needed[one.package_id]) for one in beside if one.package_id in needed
    )
    staying += tuple(_left_over(archive, {one.planned.package_id for one in going})) if codes else ()
    plan = DisposalPlan(
        archive.world.new_identifier(),
        planner,
        "",
        archive.world.today(),
        tuple(one.planned for one in going),
        mistake.strip(),
        batch=batch_id,
    )
    losing = [one.batch_id for one in beside if one.package_id not in needed]
    sums = tuple(sum_of(archive, one) for one in dict.fromkeys(losing) if is_batch(archive, one))
    return proposed(archive, Proposal(plan, excluded, going, staying), out=out, sums=sums)


def left_of_batch(archive: Archive, batch_id: str) -> tuple[Staying, ...]:
    """Return what is still here of a batch that was taken back, and why; nothing where all of it left."""
    came = archive.refresh().units.packages.came_with(batch_id)
    of_records = [one for one in came.values() if one.kind is PackageKind.RECORD]
    staying = []
    for holding in archive.catalogue.named([one.package_id for one in of_records]):
        if (why := _obstacle(archive, holding, batch_id)) is not None:
            staying.append(Staying(holding.description.code.written, holding.package_id.value, why.said))
    for one in came.values():
        if one.kind is PackageKind.SUBMISSION and (needed := needed_by(archive, one, ())):
            staying.append(Staying(one.archival_code, one.package_id, needed))
    return tuple(staying)


def require_not_needed(beside: Iterable[PackageStored], needed: Mapping[str, Message]) -> None:
    """Raise ``RefusedError`` for the first of these that something else needs."""
    for one in beside:
        if one.package_id in needed:
            said = message(
                "{code} 不能移除：{why}",
                "{code} cannot be removed: {why}",
                code=one.archival_code,
                why=needed[one.package_id],
            )
            advice = message(
                "请先处理所说的各件：移除（--code 档号），或改回以前的一版（jinkui export 档号 新文件夹 --as-it-came --version N，"
                "再 jinkui ingest 新文件夹 --update）",
                "see to what needs it first: plan it too (--code CODE), or make an earlier version the newest again "
                "(jinkui export CODE FOLDER --as-it-came --version N, then jinkui ingest FOLDER --update)",
            )
            raise RefusedError(said, subject=one.archival_code, advice=advice)


def _named(
    archive: Archive, codes: Sequence[str], repository: str | None
) -> tuple[list[Holding], Mapping[str, PackageStored]]:
    """Return the records that codes name, each once, and what batches came with among what they name."""
    records: dict[str, Holding] = {}
    beside: dict[str, PackageStored] = {}
    for code in codes:
        try:
            holding = named_record(archive.catalogue, code, repository)
            records[holding.package_id.value] = holding
        except NotFoundError:
            found = named_apart(archive.catalogue, code, repository)
            if found is None:
                _require_content(archive, code, repository)
                raise
            if found.kind is not PackageKind.SUBMISSION or found.batch_id.startswith(REGISTER_BATCH):
                raise _not_this_way(found) from None
            beside[found.package_id] = found
    return [*records.values()], beside


def _require_content(archive: Archive, code: str, repository: str | None) -> None:
    """Raise ``RefusedError`` for what is described only: an import that was a mistake is taken back otherwise."""
    place, plain = named(code, repository)
    for one in archive.catalogue.repositories():
        if place in (None, one.code.value):
            for found in archive.catalogue.units.by_code(one.code.value, [plain]).get(archival_code_key(plain), ()):
                if not found.has_content:
                    raise _described_only(found.unit)


def _described_only(unit: Unit) -> RefusedError:
    code = unit.description.code.written
    said = message(
        "{code} 只有目录，没有内容可移除", "{code} is described only: there is no content to remove", code=code
    )
    advice = message(
        "导入有误的，用 jinkui catalogue undo {id} --code {code} --reason 理由 撤销；此后更正过的，另加 --corrected-too",
        "where its import was a mistake: jinkui catalogue undo {id} --code {code} --reason WHY, and --corrected-too where it was "
        "corrected since",
        id=unit.import_id,
        code=code,
    )
    return RefusedError(said, subject=code, advice=advice if unit.import_id else None)


def _obstacle(archive: Archive, holding: Holding, batch_id: str) -> Obstacle | None:
    """Return why a record that was taken in by mistake may not go: a hold, or versions that came with other batches."""
    if is_on_hold(archive, holding):
        return Obstacle.HELD
    versions = archive.fresh_reading.refresh().versions[holding.package_id.value]
    if not batch_id or all(one.batch_id == batch_id for one in versions):
        return None
    return Obstacle.OTHER_BATCH if versions[-1].batch_id == batch_id else Obstacle.NEWER_VERSION


def needed_by(archive: Archive, beside: PackageStored, leaving: Collection[str]) -> Message | None:
    """Return why what a batch came with has to stay, None where nothing that stays needs it."""
    if others := _records_left(archive, beside.batch_id, leaving):
        return message(
            "{n} 件现行版本出自此批次的档案不在计划之内，以它为据：{codes}",
            "{n} {n:record|records} whose newest version came with this batch {n:is|are} not in the plan, and it is what they came with: "
            "{codes}",
            n=len(others),
            codes=listed([one.archival_code for one in others]),
        )
    if number := archive.catalogue.units.number(Wanted(import_id=beside.batch_id)):
        return message(
            "目录中还有这次导入的 {n} 条著录：先运行 jinkui catalogue undo {id} --reason 理由，更正过的另加 --corrected-too",
            "{n} units of this import are in the catalogue: first jinkui catalogue undo {id} --reason WHY, with --corrected-too "
            "where some were corrected",
            n=number,
            id=beside.batch_id,
        )
    return None


def _records_left(archive: Archive, batch_id: str, leaving: Collection[str] = ()) -> list[PackageStored]:
    """Return the records that are as a batch brought them and stay; one that a later batch made another version of is that one's."""
    came = archive.catalogue.anchors(batch_id=batch_id, kind=PackageKind.RECORD)
    return [one for one in came.values() if one.package_id not in leaving]


def _going(archive: Archive, records: Sequence[PlannedDisposal], holdings: Mapping[str, Holding]) -> Iterator[Going]:
    today = archive.world.today()
    for one in records:
        holding = holdings[one.package_id]
        units = (holding, *holding.each_item())
        known = archive.catalogue.units.get(unit.unit_id for unit in units).values()
        yield Going(
            one,
            VOLUME if holding.volume else RECORD,
            items=len(units) - 1,
            is_public=any(unit.access_on(today).is_open for unit in units),
            described=sum(bool(one.unit.revision and one.unit.import_id) for one in known),
        )


def _left_over(archive: Archive, going: Collection[str]) -> Iterator[Staying]:
    """Yield what batches came with that nothing would need any more, and that nobody named."""
    batches = {one.batch_id for pid in going for one in archive.fresh_reading.anchors.versions[pid]}
    for batch_id in sorted(batches):
        for one in archive.catalogue.anchors(batch_id=batch_id).values():
            if (
                one.kind is PackageKind.SUBMISSION
                and one.package_id not in going
                and not needed_by(archive, one, going)
            ):
                why = message(
                    "未列入计划；此后没有别的需要它，要一并移除，用 --batch {id}",
                    "it is not named; nothing else will need it: --batch {id} takes it, too",
                    id=batch_id,
                )
                yield Staying(one.archival_code, one.package_id, why)


def _what(archive: Archive, beside: PackageStored) -> Message:
    return SUBMISSION if is_batch(archive, beside.batch_id) else _OF_IMPORT


def _not_this_way(found: PackageStored) -> RefusedError:
    if found.kind is PackageKind.DESCRIPTION:
        said = message(
            "{id} 是著录包：导入有误的用 jinkui catalogue undo 撤销，著录有误的用 jinkui describe 更正",
            "{id} is a package of descriptions: jinkui catalogue undo takes an import back, jinkui describe corrects",
            id=found.package_id,
        )
    else:
        said = message(
            "{code} 是销毁清册，永久保存", "{code} is a register of destruction and is kept", code=found.archival_code
        )
    return RefusedError(said, subject=found.package_id)
