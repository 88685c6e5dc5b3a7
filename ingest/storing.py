"""What was worked out, put into the vault: a record as its first or next version."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from types import MappingProxyType

from archives.errors import ConflictError, JinkuiError
from archives.findings import Finding
from archives.journal.facts import PackageStored
from archives.record.identifiers import PackageId, RecordKey
from archives.record.record import PackageKind
from archives.record.volume.structure import VolumeStructure
from ingest.batch.plan import BatchPlan
from ingest.comparison import Candidate, disposed_before
from ingest.contents import Contents, file_pages
from ingest.meanwhile import say_what_is_new, with_newest
from ingest.outcome import Outcome, RecordOutcome, left_before
from ingest.package import Packaging, build_package, redescribe_package
from ingest.prepared import Prepared
from ingest.sheets.catalogue import is_mended
from ingest.submission import packaging_of
from ingest.volumes.planned import described_anew
from ingest.workplace import Workplace
from preservation.catalogue.catalogue import Catalogue
from preservation.catalogue.levels.wanted import Listed
from preservation.package.new_package import NewPackage
from preservation.vault.writing import UnderWay


class Storing:
    """Records on their way into the stores, while the next ones are worked on: new ones are written together.

    Their locks are held until they are acknowledged: by ``go_on`` as soon as they are written, by ``finished`` at the
    latest. Updates are stored by ``finished``, each by itself.
    """

    def __init__(self, plan: BatchPlan, place: Workplace) -> None:
        self._plan, self._place = plan, place
        self._prepared: Sequence[Prepared | RecordOutcome] = ()
        self._new: list[Prepared] = []
        self._numbers: tuple[int, ...] = ()
        self._outcomes: dict[int, RecordOutcome | JinkuiError] = {}
        self._hooked: dict[int, dict[RecordKey, Listed]] = {}
        self._locks = ExitStack()
        self._written: UnderWay | None = None

    def begin(self, prepared: Sequence[Prepared | RecordOutcome]) -> None:
        """Begin to store the next records; those before them are ``finished``."""
        self._prepared, self._outcomes, self._hooked = prepared, {}, {}
        self._new = [one for one in prepared if isinstance(one, Prepared) and one.candidate.held is None]
        if not self._new:
            return
        vault = self._place.archive.vault
        with ExitStack() as held:
            held.enter_context(vault.locks.records(one.key(self._plan) for one in self._new))
            packages = self._packages()
            self._numbers = tuple(packages)
            self._written = vault.begin_together(tuple(packages.values()), note="ingest")
            self._locks = held.pop_all()

    def go_on(self) -> None:
        """Acknowledge what was written meanwhile; does nothing as long as a store still writes."""
        if self._written is not None and self._written.is_written:
            self._acknowledge(self._written)

    def finished(self) -> Iterator[RecordOutcome]:
        """Wait for the stores; yields every outcome, settled ones as they are.

        What stands in the way of one is its outcome. Raises what keeps one from being stored at all, after those before it.
        """
        if self._written is not None:
            self._acknowledge(self._written)
        new = iter(range(len(self._new)))
        for one in self._prepared:
            if isinstance(one, RecordOutcome):
                yield one
            elif one.candidate.held is None:
                outcome = self._outcomes[next(new)]
                if isinstance(outcome, JinkuiError):
                    raise outcome
                yield outcome
            else:
                yield _store_next(one, self._plan, self._place)
        self._prepared = ()

    def left(self) -> None:
        """Let go of what was not acknowledged, once no store writes any more; recovery ends it."""
        with self._locks:
            if self._written is not None:
                self._written.left()
        self._written = None

    def _packages(self) -> dict[int, NewPackage]:
        """Return the packages of those new records that still are to be stored, by their numbers; settle the others."""
        plan, known = self._plan, self._place.archive.refresh()
        packages: dict[int, NewPackage] = {}
        units = _units_without_content([key for one in self._new for key in one.keys(plan)], known)
        self._new = [with_newest(one, units, plan) for one in self._new]
        for number, one in enumerate(self._new):
            try:
                if (held := known.find_key(one.key(plan))) is not None:
                    self._outcomes[number] = one.already_in(plan, held)
                elif gone := disposed_before(one.candidate.record, plan, self._place, known.tombstone(one.key(plan))):
                    self._outcomes[number] = gone
                elif left := left_before(one.candidate.record.planned, plan, known):
                    self._outcomes[number] = left
                else:
                    known.open_work.require_none_under(one.key(plan))
                    self._hooked[number] = {key: units[key] for key in one.keys(plan) if key in units}
                    packages[number] = _new_package(one, plan, self._place, self._hooked[number])
            except ConflictError as changed:
                self._outcomes[number] = one.refused(plan, changed)
        return packages

    def _acknowledge(self, written: UnderWay) -> None:
        self._written = None
        with self._locks:
            answers = written.finished()
        for number, answer in zip(self._numbers, answers, strict=True):
            match answer:
                case PackageStored():
                    self._outcomes[number] = self._new[number].outcome(self._plan, Outcome.STORED, answer)
                case ConflictError():
                    self._outcomes[number] = self._new[number].refused(self._plan, answer)
                case _:
                    self._outcomes[number] = answer
        stored = {n: one for n, one in self._outcomes.items() if n in self._hooked and isinstance(one, RecordOutcome)}
        hooked = [(self._new[number], self._hooked[number]) for number in stored]
        told = say_what_is_new(hooked, self._plan, self._place, "ingest")
        for (number, outcome), found in zip(stored.items(), told, strict=True):
            self._outcomes[number] = _telling(outcome, found)


def _units_without_content(keys: Sequence[RecordKey], known: Catalogue) -> dict[RecordKey, Listed]:
    """Return the units of these codes that have no content yet; none where it is not plain which of several is meant.

    An item of a volume that is said to have left stays the one that it is: its page is there.
    """
    by_code = known.units.by_code(keys[0].repository, [key.code_key for key in keys]) if keys else {}
    only = {key: found[0] for key in keys if len(found := by_code.get(key.code_key, ())) == 1}
    with_content = known.units.packages.with_package(one.unit.unit_id for one in only.values())
    return {key: one for key, one in only.items() if one.unit.unit_id not in with_content}


def _units_of(one: Prepared, unit_id: str, plan: BatchPlan, place: Workplace) -> dict[RecordKey, Listed]:
    """Return the unit of a record that is stored, and those of its items, by their keys; only those that are plain."""
    units = place.archive.refresh().units
    by_code = units.by_code(plan.repository.code.value, [key.code_key for key in one.keys(plan)[1:]])
    found = {key: by_code[key.code_key][0] for key in one.keys(plan)[1:] if len(by_code.get(key.code_key, ())) == 1}
    own = units.get([unit_id]).get(unit_id)
    return {key: listed for key, listed in found.items() if listed.has_content} | ({one.key(plan): own} if own else {})


def _telling(outcome: RecordOutcome, found: tuple[Finding, ...]) -> RecordOutcome:
    """Return an outcome with what was found after its package was put together."""
    if outcome.outcome is Outcome.STORED and any(one.severity != "note" for one in found):
        outcome = replace(outcome, outcome=Outcome.STORED_WITH_FINDINGS)
    return replace(outcome, findings=(*outcome.findings, *found))


def _new_package(
    one: Prepared, plan: BatchPlan, place: Workplace, hooked: Mapping[RecordKey, Listed] | None = None
) -> NewPackage:
    """Return the package of a record; of what is described already, items of a volume too, the identifiers stay."""
    described = one.candidate.record.planned.description
    packaging = packaging_of(plan, place, PackageKind.RECORD, described.code.fonds, one.contents.engine)
    known = {key.code_key: listed.unit.unit_id for key, listed in (hooked or {}).items()}
    left = ""
    if described.code.key in known:
        unit_id, listed = known[described.code.key], (hooked or {})[one.key(plan)]
        left = place.archive.catalogue.units.packages.left_by_mistake([unit_id]).get(unit_id, "")
        package_id = packaging.package_id if left else PackageId(unit_id)  # what is gone for good gives no name again
        packaging = replace(packaging, package_id=package_id, level=listed.unit.level.aggregation)
    contents = _with_volume(one.candidate, one.contents, None, place, known)
    package = build_package(described, contents, one.findings, packaging)
    if not left:
        return package
    info = (*package.info, ("Unit-Identifier", f"urn:uuid:{known[described.code.key]}"))
    return replace(package, succeeds=left, info=info)


def _with_volume(
    candidate: Candidate,
    contents: Contents,
    stored: VolumeStructure | None,
    place: Workplace,
    described: Mapping[str, str] = MappingProxyType({}),
) -> Contents:
    """Return contents that say of a volume what its pages are called and whose they are.

    ``described`` are the identifiers of the items that the catalogue knows already, by the matching form of their codes.
    """
    volume = candidate.record.planned.volume
    if volume is None:
        return contents
    pages = file_pages(contents.originals, contents.first_pages)
    new_id = place.archive.world.new_identifier
    structure, _ = volume.structure(pages, stored=stored, new_id=new_id, described=described)
    return replace(contents, volume=structure)


def _store_next(one: Prepared, plan: BatchPlan, place: Workplace) -> RecordOutcome:
    """Store a record that was held when it was looked for: as its next version, unless it has got another meanwhile."""
    fonds = one.candidate.record.planned.description.code.fonds
    packaging = packaging_of(plan, place, PackageKind.RECORD, fonds, one.contents.engine)
    one, outcome = _next_version(one, plan, place, packaging)
    if outcome.outcome is not Outcome.UPDATED or one.candidate.held is None:
        return outcome
    units = _units_of(one, one.candidate.held.unit_id, plan, place)
    described = {key: listed for key, listed in units.items() if listed.unit.revision}
    (told,) = say_what_is_new([(one, described)], plan, place, "update")
    return _telling(outcome, told)


def _next_version(
    one: Prepared, plan: BatchPlan, place: Workplace, packaging: Packaging
) -> tuple[Prepared, RecordOutcome]:
    """Return what was stored, as it is described on top of what others said meanwhile, and what became of it."""
    known = one.candidate.held
    with place.archive.vault.locks.record(one.key(plan)):
        held = place.archive.refresh().find_key(one.key(plan))
        if held is not None and known is not None and known.version != held.version:
            return one, one.already_in(plan, held)
        try:
            if held is not None:
                one = with_newest(one, _units_of(one, held.unit_id, plan, place), plan)
                one = replace(one, candidate=replace(one.candidate, held=held))
                stored = _put_next(one.candidate, one.contents, one.findings, packaging, place)
                return one, one.outcome(plan, Outcome.UPDATED, stored)
            place.archive.refresh().open_work.require_none_under(one.key(plan))
            stored = place.archive.vault.put(_new_package(one, plan, place), note="ingest")
        except ConflictError as changed:
            return one, one.refused(plan, changed)
    return one, one.outcome(plan, Outcome.STORED, stored)


def _keys_of(candidate: Candidate, packaging: Packaging) -> list[RecordKey]:
    volume, repository = candidate.record.planned.volume, packaging.repository.code.value
    items = (one.description for one in (volume.items if volume else ()))
    return [RecordKey(repository, one.code.key) for one in items if one]


def _put_next(
    candidate: Candidate, contents: Contents, findings: tuple[Finding, ...], packaging: Packaging, place: Workplace
) -> PackageStored:
    """Write the next version of a record that is held; only what changed is written."""
    assert candidate.held is not None
    held = place.archive.holdings.newest(candidate.held.package_id)
    unit_id = candidate.held.unit_id
    listed = place.archive.catalogue.units.get([unit_id]).get(unit_id)
    packaging = replace(
        packaging,
        package_id=candidate.held.package_id,
        previous=held.record,
        changes=candidate.changes,
        level=listed.unit.level.aggregation if listed and listed.unit.revision else "",
    )
    planned = candidate.record.planned
    if planned.keeps_files:
        living = (found for found in held.record.findings if not is_mended(found, planned.description))
        before = replace(held.record, findings=(*living, *findings))
        if planned.volume:
            before = replace(before, volume=described_anew(held.record.volume, planned.volume.items))
        package = redescribe_package(before, planned.description, packaging)
    else:
        known = _units_without_content(_keys_of(candidate, packaging), place.archive.refresh())
        described = {key.code_key: listed.unit.unit_id for key, listed in known.items()}
        contents = _with_volume(candidate, contents, held.record.volume, place, described)
        package = build_package(planned.description, contents, findings, packaging)
    return place.archive.vault.put_next(
        package,
        held.anchor,
        holders=held.holders,
        note=candidate.note,
        require_newest=lambda known: place.archive.refresh().require_newest(known),
    )
