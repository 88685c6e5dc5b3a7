"""Why a record is never opened as it is described: what in it is marked as secret."""

from collections.abc import Iterable, Sequence

from archives.errors import RefusedError
from archives.journal.concern import Subject, SubjectKind
from archives.journal.facts import BatchReceived, PackageStored
from archives.message import message
from archives.record.holding import Holding
from archives.record.marked import marked_places
from archives.units.unit import Unit
from preservation.archive import Archive

_LONGEST = 40


def above_each(archive: Archive, holdings: Iterable[Holding]) -> dict[str, list[Unit]]:
    """Return what stands above each of these units, by identifier."""
    units = archive.catalogue.units
    return units.above_all([one.unit for one in units.get(holding.unit_id for holding in holdings).values()])


def refusal_to_open(archive: Archive, holding: Holding, above: Sequence[Unit] | None = None) -> RefusedError | None:
    """Return why a unit is never opened as it is described: a marking of secrecy, in its elements or its files' names.

    A state secret that is said of what stands above it, its volume or series, holds for it. What an archivist judged to be
    no marking when the record came in is none. ``above`` is what stands above it, where that is known already.
    """
    names, today = [file.original_name for file in (*holding.originals, *holding.attachments)], archive.world.today()
    marked = [*marked_places(holding.description, names, day=today)]
    for higher in above_each(archive, [holding]).get(holding.unit_id, ()) if above is None else above:
        marked += [one for one in marked_places(higher.description, (), day=today) if one.level.is_state_secret]
    judged = _judged(archive, holding) if marked else frozenset()
    found = next((one for one in marked if one.said not in judged), None)
    if found is None:
        return None
    code, command = holding.description.code.written, "ingest --update" if holding.version else "jinkui describe"
    if found.level.is_state_secret:
        return RefusedError(
            message(
                "{code} 的“{place}”为“{said}”，是未解密的国家秘密，不能开放",
                "{code} is not opened: its {place} says “{said}”, a state secret that was not declassified",
                code=code,
                place=found.place,
                said=found.said[:_LONGEST],
            ),
            subject=code,
            advice=message(
                "请立即停止利用并报告保密部门；已解密的，用 {command} 补入解密日期和解密依据",
                "let nobody use it and tell who is responsible for secrets; if it was declassified, add date and basis with {command}",
                command=command,
            ),
        )
    return RefusedError(
        message(
            "{code} 的“{place}”为“{said}”，不予开放",
            "{code} is not opened: its {place} says “{said}”",
            code=code,
            place=found.place,
            said=found.said[:_LONGEST],
        ),
        subject=code,
        advice=message(
            "经鉴定可以开放的，先用 {command} 把密级改为公开，再执行决定",
            "if it may be opened after all, correct its classification to 公开 with {command}, then apply the decision",
            command=command,
        ),
    )


def _judged(archive: Archive, holding: Holding) -> frozenset[str]:
    """Return the texts of a record's batches that were judged to be no marking."""
    batches = {entry.fact.batch_id for entry in archive.history(holding) if isinstance(entry.fact, PackageStored)}
    subjects = [Subject(SubjectKind.BATCH, batch) for batch in sorted(batches)]
    entries = archive.reading.entries_about(*subjects) if subjects else ()
    facts = (entry.fact for entry in entries)
    return frozenset(said for fact in facts if isinstance(fact, BatchReceived) for _, said, _ in fact.no_markings)
