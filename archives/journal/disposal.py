"""The proof of a disposal: what the journal alone must hold before a package is destroyed.

An entry ``DisposalPlanned`` carries the plan's core: which versions of which packages, when their retention ended, for
which day, without a title. Two registered people sign the core together with the digest of the plan that they read.
Whoever destroys (the command, recovery, a store that returns) asks here first.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from archives.errors import FormatError, RefusedError
from archives.journal.chain import Entry
from archives.journal.facts import (
    DescriptionsMerged,
    DisposalAbandoned,
    DisposalApproved,
    DisposalIntended,
    DisposalPlanned,
    HistoryAdopted,
    PackageDisposed,
    PackageStored,
    PackageSucceeded,
    UnitsRenumbered,
    Unproved,
)
from archives.journal.holds import standing_holds
from archives.journal.persons import Person, Persons, read_persons
from archives.message import Message, message
from archives.proof.canonical_json import Json, canonical_json
from archives.proof.signing import parse_signature
from archives.record.identifiers import archival_code_key
from archives.remedies import APPROVER

APPROVALS = 2
_FORMAT = 1
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CoreRecord:
    """One package of a plan, bound to a version; ``retention_end`` is the first day without retention, or None."""

    package_id: str
    version: int
    inventory_sha512: str
    retention_end: date | None


@dataclass(frozen=True, slots=True)
class PlanCore:
    """What the journal has of a plan; ``mistake`` says why it was taken in by mistake, empty for what has run out.

    ``purged`` are the units whose data a plan destroys in packages that also hold others', empty where records go whole.
    """

    plan_id: str
    planner: str
    day: date
    mistake: str
    records: tuple[CoreRecord, ...]
    purged: tuple[str, ...] = ()

    def encoded(self) -> str:
        """Return the core's only spelling."""
        records: list[Json] = [
            {
                "package_id": one.package_id,
                "version": one.version,
                "inventory_sha512": one.inventory_sha512,
                "retention_end": one.retention_end.isoformat() if one.retention_end else None,
            }
            for one in self.records
        ]
        core: dict[str, Json] = {
            "format": _FORMAT,
            "plan_id": self.plan_id,
            "planner": self.planner,
            "day": self.day.isoformat(),
            "mistake": self.mistake,
            "records": records,
            **({"purged": [*self.purged]} if self.purged else {}),
        }
        return canonical_json(core).decode("utf-8")


@dataclass(frozen=True, slots=True)
class Approval:
    """A signature under a plan that counts: by whom, and the entry that holds it."""

    person: Person
    entry: Entry


@lru_cache(maxsize=8)
def parse_core(text: str) -> PlanCore:
    """Read a core; raises ``FormatError`` for anything but the exact text that ``encoded`` gives."""
    try:
        body = json.loads(text)
        core = PlanCore(
            *(body["plan_id"], body["planner"]),
            date.fromisoformat(body["day"]),
            body["mistake"],
            tuple(
                CoreRecord(
                    one["package_id"],
                    one["version"],
                    one["inventory_sha512"],
                    date.fromisoformat(one["retention_end"]) if one["retention_end"] else None,
                )
                for one in body["records"]
            ),
            tuple(body.get("purged", ())),
        )
        if core.encoded() != text:
            raise ValueError("spelling")
    except (ValueError, KeyError, TypeError) as cause:
        raise FormatError(message("计划的核心不合规范", "this is no plan's core"), subject="core") from cause
    return core


def approved_text(planned: DisposalPlanned) -> bytes:
    """Return the bytes that people sign: a line over SHA-256(core ‖ the plan's digest).

    Of a plan that earlier software wrote, which has no core, the plan's digest in hexadecimal.
    """
    if not planned.core:
        return planned.plan_sha256.encode("ascii")
    digest = hashlib.sha256(planned.core.encode("utf-8") + bytes.fromhex(planned.plan_sha256)).hexdigest()
    return f"jinkui/disposal/v1\n{digest}\n".encode("ascii")


def require_approver(
    planned: DisposalPlanned, person: Person, persons: Mapping[str, Person], given: Iterable[Approval]
) -> None:
    """Raise ``RefusedError`` when a person may not approve a plan.

    Nobody approves what he or she planned, nobody twice, and one key is one person whatever it is called.
    """
    planner = persons.get(planned.planner)
    if person.person_id == planned.planner or (planner is not None and planner.public_key == person.public_key):
        raise _refused(planned, message("提出计划的人不能批准它", "who planned it cannot approve it"))
    for approval in given:
        if approval.person.person_id == person.person_id or approval.person.public_key == person.public_key:
            raise _refused(planned, message("此人（此密钥）已批准过", "this person (or key) has approved it already"))


def approvals_of(planned: DisposalPlanned, entries: Iterable[Entry], persons: Persons) -> tuple[Approval, ...]:
    """Return the approvals of a plan that count.

    A signature counts when it holds, by a person who was registered and not retired when it was journalled and who may
    approve; what was signed before everybody was registered anew has lapsed.
    """
    approvals: list[Approval] = []
    since = persons.begun_anew[-1].sequence if persons.begun_anew else 0
    for entry in entries:
        fact = entry.fact
        if not isinstance(fact, DisposalApproved) or entry.sequence < since:
            continue
        if (fact.plan_id, fact.plan_sha256) != (planned.plan_id, planned.plan_sha256):
            continue
        person = persons.known.get(fact.person_id)
        if person is None or not person.was_active(entry.sequence):
            continue
        try:
            require_approver(planned, person, persons.known, approvals)
            is_signed = person.has_signed(approved_text(planned), parse_signature(fact.signature))
        except (RefusedError, FormatError, ValueError):
            continue
        if is_signed:
            approvals.append(Approval(person, entry))
    return tuple(approvals)


def judge_intent(intent: DisposalIntended, entries: Sequence[Entry], *, today: date) -> Unproved | None:
    """Return why a package may not be destroyed under a plan, None when the journal bears it out.

    ``entries`` are those about the archive, persons and holds, about the plan and about the package, in order, all of them.
    """
    if is_merged(intent, entries):
        return Unproved.HELD if _is_held(_versions(intent.package_id, entries), entries) else None
    planned = plan_in(entries, intent.plan_id)
    if planned is None:
        return Unproved.NO_PLAN
    if not planned.core:
        return Unproved.NO_CORE
    if len(approvals_of(planned, entries, read_persons(entries))) < APPROVALS:
        return Unproved.NOT_APPROVED
    try:
        core = parse_core(planned.core)
    except FormatError:
        return Unproved.NO_PLAN
    if (core.plan_id, core.planner, core.mistake) != (planned.plan_id, planned.planner, planned.mistake):
        return Unproved.NO_PLAN
    named = next((one for one in core.records if one.package_id == intent.package_id), None)
    if named is None:
        return Unproved.NOT_NAMED
    stored = _versions(intent.package_id, entries)
    if not stored or (stored[-1].version, stored[-1].inventory_sha512) != (named.version, named.inventory_sha512):
        return Unproved.OTHER_VERSION
    if not (core.mistake or core.purged) and (
        named.retention_end is None or not named.retention_end <= min(core.day, today)
    ):
        return Unproved.NOT_RUN_OUT
    if _is_held(stored, entries):
        return Unproved.HELD
    return Unproved.NOT_SUCCEEDED if core.purged and not _is_succeeded(intent, entries) else None  # asked before, too


def judge_tombstone(package_id: str, entries: Sequence[Entry]) -> Unproved | None:
    """Return why a package's tombstone is not to be obeyed, None when the journal bears it out; ``entries`` as above.

    It is judged by what the journal held when the disposal was begun, so that nothing later undoes it. What earlier
    software destroyed has no core: there two people must have signed the plan that names the package.
    """
    begun = _begun(package_id, entries)
    if begun is None:
        return Unproved.NOT_INTENDED
    fact = begun.fact
    assert isinstance(fact, DisposalIntended)
    before = [entry for entry in entries if entry.sequence < begun.sequence]
    found = judge_intent(fact, before, today=begun.at.date() + _A_DAY)
    if found is not Unproved.NO_CORE:
        return found
    planned = plan_in(before, fact.plan_id)
    assert planned is not None
    if package_id not in planned.package_ids:
        return Unproved.NOT_NAMED
    approvals = approvals_of(planned, before, read_persons(before))
    return None if len(approvals) >= APPROVALS else Unproved.NOT_APPROVED


def is_merged(intent: DisposalIntended, entries: Iterable[Entry]) -> bool:
    """Say whether a package of rows is to go because it was merged into the one that the intent names as its plan."""
    merged = (entry.fact for entry in entries if isinstance(entry.fact, DescriptionsMerged))
    return any(fact.into == intent.plan_id and intent.package_id in fact.merged for fact in merged)


def plan_in(entries: Iterable[Entry], plan_id: str) -> DisposalPlanned | None:
    """Return the plan with an identifier, None when there is none.

    The first one counts; one without a core that follows one with a core, or the adoption of what earlier software wrote,
    was not written by it.
    """
    is_of_before = True
    for entry in entries:
        if isinstance(entry.fact, DisposalPlanned):
            if entry.fact.plan_id == plan_id:
                return entry.fact if entry.fact.core or is_of_before else None
            is_of_before = is_of_before and not entry.fact.core
        elif isinstance(entry.fact, HistoryAdopted):
            is_of_before = False
    return None


def _begun(package_id: str, entries: Iterable[Entry]) -> Entry | None:
    """Return the entry that began what a package's tombstone ends."""
    begun: Entry | None = None
    for entry in entries:
        match entry.fact:
            case DisposalIntended(owner) if owner == package_id:
                begun = entry
            case DisposalAbandoned(owner) if owner == package_id:
                begun = None
            case PackageDisposed(owner, plan_id) if owner == package_id:
                intent = begun.fact if begun else None
                return begun if isinstance(intent, DisposalIntended) and intent.plan_id == plan_id else None
    return None


def _is_succeeded(intent: DisposalIntended, entries: Iterable[Entry]) -> bool:
    """Say whether another package has taken the place of this one under the plan, or nothing of it was to stay."""
    stored = {entry.fact.package_id for entry in entries if isinstance(entry.fact, PackageStored)}
    succeeded = (entry.fact for entry in entries if isinstance(entry.fact, PackageSucceeded))
    named = (one.new for one in succeeded if (one.old, one.plan_id) == (intent.package_id, intent.plan_id))
    return any(not new or new in stored for new in named)


def _versions(package_id: str, entries: Iterable[Entry]) -> list[PackageStored]:
    facts = (entry.fact for entry in entries)
    return [fact for fact in facts if isinstance(fact, PackageStored) and fact.package_id == package_id]


def _is_held(stored: Sequence[PackageStored], entries: Sequence[Entry]) -> bool:
    """Say whether a hold stands on what a package holds, under any code that it has or had."""
    ids = {one.package_id for one in stored}
    codes = {(one.repository, archival_code_key(one.archival_code)) for one in stored}
    for fact in (one.fact for one in entries if isinstance(one.fact, UnitsRenumbered)):
        codes |= {
            (fact.repository, archival_code_key(code)) for unit, *both in fact.codes if unit in ids for code in both
        }
    holds = standing_holds(entries).values()
    return any((hold.repository, archival_code_key(hold.archival_code)) in codes for hold in holds)


def _refused(planned: DisposalPlanned, said: Message) -> RefusedError:
    return RefusedError(said, subject=planned.plan_id, advice=APPROVER)
