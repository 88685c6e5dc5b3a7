"""Facts about persons who decide, holds, and disposal."""

from dataclasses import dataclass
from typing import Literal

from archives.journal.concern import Subject, the_hold, the_package, the_packages, the_person, the_plan, the_record
from archives.message import Message, message


@dataclass(frozen=True, slots=True)
class PersonAdded:
    """A person was registered; ``public_key`` is the Ed25519 key in base64 (RFC 8032, 32 bytes)."""

    person_id: str
    name: str
    public_key: str
    type: Literal["person-added"] = "person-added"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_person(self.person_id),)

    def said(self) -> Message:
        """Return what it says."""
        return message("登记人员 {id} {name}", "registered the person {id} {name}", id=self.person_id, name=self.name)


@dataclass(frozen=True, slots=True)
class PersonRetired:
    """A person no longer acts; what the key signed before stays valid."""

    person_id: str
    reason: str
    type: Literal["person-retired"] = "person-retired"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_person(self.person_id),)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "停用人员 {id}：{reason}", "retired the person {id}: {reason}", id=self.person_id, reason=self.reason
        )


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """A record may not be disposed of until the hold is lifted."""

    hold_id: str
    repository: str
    archival_code: str
    reason: str
    type: Literal["hold-placed"] = "hold-placed"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_hold(self.hold_id), the_record(self.repository, self.archival_code))

    def said(self) -> Message:
        """Return what it says."""
        return message("冻结，不得销毁：{reason}", "put on hold, not to be disposed of: {reason}", reason=self.reason)


@dataclass(frozen=True, slots=True)
class HoldLifted:
    """A hold no longer stands."""

    hold_id: str
    reason: str
    type: Literal["hold-lifted"] = "hold-lifted"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_hold(self.hold_id),)

    def said(self) -> Message:
        """Return what it says."""
        return message("解除冻结：{reason}", "the hold was lifted: {reason}", reason=self.reason)


@dataclass(frozen=True, slots=True)
class DisposalPlanned:
    """A disposal was proposed; the digest is that of the plan's exact bytes, ``planner`` the registered person."""

    plan_id: str
    plan_sha256: str
    planner: str
    package_ids: tuple[str, ...]
    type: Literal["disposal-planned"] = "disposal-planned"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_plan(self.plan_id), *the_packages(self.package_ids))

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "{planner} 提出销毁计划 {id}",
            "{planner} proposed disposal under the plan {id}",
            planner=self.planner,
            id=self.plan_id,
        )


@dataclass(frozen=True, slots=True)
class DisposalApproved:
    """A registered person signed the plan's digest (Ed25519, base64)."""

    plan_id: str
    plan_sha256: str
    person_id: str
    signature: str
    type: Literal["disposal-approved"] = "disposal-approved"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_plan(self.plan_id), the_person(self.person_id))

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "{person} 批准销毁计划 {id}",
            "{person} approved the disposal plan {id}",
            person=self.person_id,
            id=self.plan_id,
        )


@dataclass(frozen=True, slots=True)
class DisposalIntended:
    """A package is about to leave every store under an approved plan."""

    package_id: str
    plan_id: str
    type: Literal["disposal-intended"] = "disposal-intended"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_plan(self.plan_id), the_package(self.package_id))

    def said(self) -> Message:
        """Return what it says."""
        return message("开始按计划 {id} 销毁", "began to destroy it under the plan {id}", id=self.plan_id)


@dataclass(frozen=True, slots=True)
class PackageDisposed:
    """The tombstone of a package: it was destroyed under this plan, and a store that still has it obeys."""

    package_id: str
    plan_id: str
    repository: str
    archival_code: str
    type: Literal["package-disposed"] = "package-disposed"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_plan(self.plan_id), the_package(self.package_id), the_record(self.repository, self.archival_code))

    def said(self) -> Message:
        """Return what it says."""
        return message("已按计划 {id} 销毁", "destroyed under the plan {id}", id=self.plan_id)
