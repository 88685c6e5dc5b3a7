"""Why a record is never opened as it is described: what in it is marked as secret, or that nobody would know what it is."""

from collections.abc import Iterable, Sequence

from archives.advice import ADVICE
from archives.errors import RefusedError
from archives.journal.concern import Subject, SubjectKind
from archives.journal.facts import BatchReceived, PackageStored
from archives.message import message
from archives.record.elements.persons_shown import persons_shown
from archives.record.holding import Holding, as_told
from archives.record.marked import marked_places
from archives.record.rights import Conclusion, OnlineScope, OpeningDecision
from archives.units.unit import Unit
from preservation.archive import Archive

_LONGEST = 40


def above_each(archive: Archive, holdings: Iterable[Holding]) -> dict[str, list[Unit]]:
    """Return what stands above each of these units, by identifier."""
    return archive.catalogue.units.above_each(holding.unit_id for holding in holdings)


def refusal_to_open(archive: Archive, holding: Holding, above: Sequence[Unit] | None = None) -> RefusedError | None:
    """Return why a unit is never opened as it is described: a marking of secrecy, in its elements or its files' names.

    Nor is one without content that would show the public a code alone. A state secret that is said of what stands above it, its volume or series, holds for it. What an archivist judged to be
    no marking when the record came in is none. ``above`` is what stands above it, where that is known already.
    """
    names, today = [file.original_name for file in (*holding.originals, *holding.attachments)], archive.world.today()
    marked = [*marked_places(holding.description, names, day=today)]
    for higher in above_each(archive, [holding]).get(holding.unit_id, ()) if above is None else above:
        marked += [one for one in marked_places(higher.description, (), day=today) if one.level.is_state_secret]
    judged = _judged(archive, holding) if marked else frozenset()
    found = next((one for one in marked if one.said not in judged), None)
    if found is None:
        return None if _is_known_by_something(holding) else _unknowable(holding)
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


def refusal_to_name(holding: Holding, decision: OpeningDecision) -> RefusedError | None:
    """Return why a decision makes nothing public that names a unit's persons unless it tells what its reviewer saw.

    What tables say of persons in columns of their own is for the staff; a title put together of it is not.
    """
    told = as_told(holding.description, decision.public_title or "")
    shown = [*persons_shown(told)] if makes_public(decision) else []
    if not shown:
        return None
    code, (place, name) = holding.description.code.written, shown[0]
    said = message(
        "{code} 的“{place}”中有人名“{name}”，公众将看到，决定未执行",
        "{code} is not opened: its {place} says the person's name “{name}”, which the public would see",
        code=code,
        place=place,
        name=name,
    )
    return RefusedError(said, subject=code, advice=ADVICE["private-person"])


def refusal_to_tell(holding: Holding, decision: OpeningDecision) -> RefusedError | None:
    """Return why a decision does not tell the public the title of what was opened under another: it says neither.

    A sheet without the column, or a cell that was left empty, must not make public what was kept back on purpose.
    """
    opened = [
        one for one in holding.decisions if isinstance(one, OpeningDecision) and one.conclusion is Conclusion.OPEN
    ]
    told = opened[-1].public_title if opened else None
    if decision.public_title or told in (None, "", holding.description.title):
        return None
    code = holding.description.code.written
    return RefusedError(
        message(
            "{code} 此前以公开题名“{told}”开放，决定表没有写公开题名，决定未执行",
            "{code} was opened under the public title “{told}” and the sheet gives none; the decision was not applied",
            code=code,
            told=told,
        ),
        subject=code,
        advice=message(
            "请在“公开题名”栏写明：沿用的写原公开题名，今后公开题名本身的写题名",
            "fill in the column “public title”: the same again, or the title itself if the public may know it now",
        ),
    )


def makes_public(decision: OpeningDecision) -> bool:
    """Say whether a decision puts anything online, now or later."""
    return decision.conclusion is Conclusion.OPEN and decision.scope is not OnlineScope.NOT_ONLINE


def _is_known_by_something(holding: Holding) -> bool:
    """Say whether the public would know what a unit is: by its title, who it is of, its document number, or by seeing it."""
    said = holding.description
    return bool(holding.files) or any(map(str.isalnum, f"{said.title}{said.author}{said.document_number}"))


def _unknowable(holding: Holding) -> RefusedError:
    code = holding.description.code.written or holding.unit_id
    said = message(
        "{code} 没有题名，也没有责任者、文号和图像，公众看不出是什么，不予开放",
        "{code} is not opened: it has no title, author, document number or image by which the public would know what it is",
        code=code,
    )
    advice = message("请先用 jinkui describe 补写题名", "give it a title with jinkui describe first")
    return RefusedError(said, subject=code, advice=advice)


def _judged(archive: Archive, holding: Holding) -> frozenset[str]:
    """Return the texts of a record's batches that were judged to be no marking."""
    batches = {entry.fact.batch_id for entry in archive.history(holding) if isinstance(entry.fact, PackageStored)}
    subjects = [Subject(SubjectKind.BATCH, batch) for batch in sorted(batches)]
    entries = archive.reading.entries_about(*subjects) if subjects else ()
    facts = (entry.fact for entry in entries)
    return frozenset(said for fact in facts if isinstance(fact, BatchReceived) for _, said, _ in fact.no_markings)
