"""Units renumbered: other codes for any number of them, given at one moment, or not at all.

What is said is a row more of each (its code, and the one that it had among the former ones); packages with content are not
touched.
"""

from dataclasses import replace

from archives.advice import advice_on
from archives.errors import ConflictError, UsageProblem
from archives.journal.concern import Subject, SubjectKind
from archives.journal.facts import UnitsRenumbered
from archives.message import message
from archives.record.description import Repository
from archives.record.identifiers import RecordKey
from archives.units.former_codes import had_too
from archives.units.unit import Unit
from preservation.actions.units.describing import Change, Said, description_packages, next_rows
from preservation.actions.units.renumbering_plan import Asked, Move, Parse, RenumberingPlan, plan_renumbering
from preservation.archive import Archive


def was_carried_out(archive: Archive, number: str) -> bool:
    """Return whether the journal says that a renumbering was carried out."""
    archive.refresh()
    entries = archive.reading.entries_about(Subject(SubjectKind.BATCH, number))
    return any(isinstance(entry.fact, UnitsRenumbered) for entry in entries)


def renumber_one(
    archive: Archive, repository: Repository, old: str, new: str, *, reason: str, parse: Parse, unit_id: str = ""
) -> RenumberingPlan:
    """Give one unit another code, and what stands below it; returns what was done. Every code that it had finds it.

    ``unit_id`` says which unit is meant where several have the old code.

    Raises ``IdentifierError`` for what is no code, ``ConflictError`` where something else has the new code, had it, or
    is getting it, or when somebody else changed the unit meanwhile.
    """
    parse(new)
    archive.begin_writing()
    place = repository.code.value
    number = archive.world.new_identifier()
    asked = [Asked(old, new, unit_id)]
    plan = plan_renumbering(archive.catalogue, place, asked, parse=parse, number=number)
    speaks_against = next((one for one in plan.findings if one.code != "code-does-not-follow"), None)
    if speaks_against is not None:
        raise ConflictError(speaks_against.message, subject=new, advice=advice_on(speaks_against))
    if not plan.moves:
        raise UsageProblem(message("{code} 已是它的档号", "{code} is its archival code already", code=new), subject=new)
    carry_out(archive, repository, plan, Said(number, archive.operator, reason))
    return plan


def carry_out(archive: Archive, repository: Repository, plan: RenumberingPlan, said: Said, *, sheet: str = "") -> None:
    """Give all units of a plan their codes, in one group of the journal; ``sheet`` is the table that asks for them.

    The caller has begun to write. Raises ``ConflictError`` where somebody else changed a unit meanwhile,
    ``UnfinishedError`` where a record of one of the codes is being stored.
    """
    place = repository.code.value
    old = {RecordKey(place, move.unit.description.code.key) for move in plan.moves}
    new = {RecordKey(place, move.code.key) for move in plan.moves}
    locks = archive.vault.locks
    with locks.imports(place), locks.descriptions(place), locks.records(old | new):  # an import counts on what is free
        archive.refresh().open_work.require_none_under_any(old | new)
        _require_still_free(archive, place, plan)
        changes = [Change(_renamed(move, sheet), move.listed.digest) for move in plan.moves]
        packages = description_packages(archive, repository, next_rows(archive, changes, said), said)
        codes = tuple((one.unit.unit_id, one.unit.description.code.written, one.code.written) for one in plan.moves)
        fact = UnitsRenumbered(place, codes, said.number, said.reason, said.person)
        archive.vault.put_as_one(packages, [fact], note="renumber", together=said.number)
    archive.refresh()


def _require_still_free(archive: Archive, place: str, plan: RenumberingPlan) -> None:
    """Raise ``ConflictError`` where another unit got one of the codes since the plan was made."""
    moved = {move.unit.unit_id for move in plan.moves}
    for had in archive.catalogue.units.by_code(place, [move.code.written for move in plan.moves]).values():
        if taken := next((one.unit for one in had if one.unit.unit_id not in moved), None):
            said = message("已另有著录单元改用此档号", "another unit has this code by now")
            raise ConflictError(said, subject=taken.description.code.written)


def _renamed(move: Move, sheet: str) -> Unit:
    source = f"{sheet} {move.asked.row}" if sheet and move.asked else ""
    before = move.unit.description
    description = replace(before, code=move.code, former_code=had_too(before, move.code.written))
    return replace(
        move.unit, description=description, source=source, parent=move.place.parent, series=move.place.series
    )
