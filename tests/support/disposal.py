"""What people decide about disposal, put into a journal: three persons, a plan, two signatures."""

from collections.abc import Sequence
from datetime import date

from archives.journal.disposal import CoreRecord, PlanCore, approved_text
from archives.journal.facts import (
    DisposalApproved,
    DisposalPlanned,
    Fact,
    NewPerson,
    PackageStored,
    PersonsFounded,
)
from archives.proof.signing import key_text, make_private_key, public_key_of, sign
from preservation.catalogue.journal_fold import JournalReading
from preservation.vault.vault import Vault

PERSONS = ("planner", "li", "wang")
RUN_OUT = date(2012, 1, 1)
TODAY = date(2026, 1, 2)


def private_key(name: str) -> bytes:
    """Return a person's private key, without a passphrase."""
    return make_private_key(name.encode().ljust(32, b"."), None)


def new_person(name: str) -> NewPerson:
    """Return a person with the key of that name."""
    return NewPerson(name, name, key_text(public_key_of(private_key(name), None)))


def founders(*names: str) -> PersonsFounded:
    """Return the fact that registers persons, without names ``PERSONS``."""
    return PersonsFounded(tuple(new_person(name) for name in names or PERSONS))


def planned_of(
    stored: PackageStored,
    *,
    plan_id: str = "plan",
    planner: str = "planner",
    retention_end: date | None = RUN_OUT,
    day: date = TODAY,
    mistake: str = "",
) -> DisposalPlanned:
    """Return the fact that proposes a package's disposal."""
    record = CoreRecord(stored.package_id, stored.version, stored.inventory_sha512, retention_end)
    core = PlanCore(plan_id, planner, day, mistake, (record,)).encoded()
    return DisposalPlanned(plan_id, "5" * 64, planner, (stored.package_id,), core, mistake)


def approval(planned: DisposalPlanned, name: str, *, key_of: str | None = None) -> DisposalApproved:
    """Return a person's approval of a plan, signed with that person's key or another's."""
    signature = sign(private_key(key_of or name), None, approved_text(planned))
    return DisposalApproved(planned.plan_id, planned.plan_sha256, name, key_text(signature))


def approved(planned: DisposalPlanned, names: Sequence[str] = ("li", "wang")) -> tuple[Fact, ...]:
    """Return a plan with its approvals."""
    return planned, *(approval(planned, name) for name in names)


def approve_disposal(vault: Vault, package_id: str, *, plan_id: str = "plan") -> None:
    """Let a package's disposal be planned and signed as it ought to be; persons are registered the first time."""
    entries = tuple(vault.ledger.entries())
    facts: list[Fact] = [] if any(isinstance(e.fact, PersonsFounded) for e in entries) else [founders()]
    newest = JournalReading(vault.ledger).anchors.versions[package_id][-1]
    vault.ledger.append([*facts, *approved(planned_of(newest, plan_id=plan_id))])
