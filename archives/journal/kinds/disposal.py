"""Facts about holds and disposal."""

from dataclasses import dataclass
from typing import Literal

from archives.consequences import WithConsequences
from archives.journal.concern import (
    Subject,
    SubjectKind,
    the_hold,
    the_package,
    the_packages,
    the_person,
    the_plan,
    the_record,
)
from archives.message import Message, message


class Unproved(WithConsequences):
    """Why the journal does not bear a disposal out."""

    said: Message

    NOT_INTENDED = "not-intended", message("日志中没有销毁的开始", "the journal does not say that it was begun")
    NO_PLAN = "no-plan", message("日志中没有这份计划", "the journal holds no such plan")
    NO_CORE = (
        "no-core",
        message("计划由较早的版本写成，须有计划文件", "the plan is of an earlier version; its file is needed"),
    )
    NOT_APPROVED = "not-approved", message("没有两人的有效签名", "two people did not sign it validly")
    NOT_NAMED = "not-named", message("计划中没有这个信息包", "the plan does not name the package")
    OTHER_VERSION = "other-version", message("计划所列的不是现有的版本", "the plan names another version than there is")
    NOT_RUN_OUT = "not-run-out", message("保管期限未满", "its retention period has not run out")
    HELD = "held", message("已冻结", "it is under a hold")
    NOT_SUCCEEDED = (
        "not-succeeded",
        message("没有去除所清除内容的新包", "there is no package without what is purged in its place"),
    )
    ROWS_MISSING = (
        "rows-missing",
        message("并入的著录包中缺少它的行", "the package that it was merged into lacks rows of it"),
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
class BatchSum:
    """What had become of a batch: how many records of it were in, and how many rows were refused, by the kinds of findings.

    Words of the rows are none of it: they leave with what the batch came with.
    """

    batch_id: str
    records: int
    refused: int
    kinds: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class DisposalPlanned:
    """A disposal was proposed; the digest is that of the plan's exact bytes, ``planner`` the registered person.

    ``core`` is what the journal itself has of the plan (``archives.journal.disposal``), empty in what earlier software
    wrote. ``mistake`` says why what it names should never have been taken in, empty where its time has run out; ``purge``
    why units' data are to be destroyed in every package that has them, empty where whole records go. ``batch`` is the number
    of the batch that is to be taken back, where one is. ``sums`` are what stays told of batches that lose what they came with.
    """

    plan_id: str
    plan_sha256: str
    planner: str
    package_ids: tuple[str, ...]
    core: str = ""
    mistake: str = ""
    purge: str = ""
    batch: str = ""
    sums: tuple[BatchSum, ...] = ()
    type: Literal["disposal-planned"] = "disposal-planned"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        batch = (Subject(SubjectKind.BATCH, self.batch),) if self.batch else ()
        return (the_plan(self.plan_id), *batch, *the_packages(self.package_ids))

    def said(self) -> Message:
        """Return what it says."""
        if self.purge:
            return message(
                "{planner} 提出清除数据的计划 {id}：{why}",
                "{planner} proposed under the plan {id} to purge data: {why}",
                planner=self.planner,
                id=self.plan_id,
                why=self.purge,
            )
        if self.mistake:
            return message(
                "{planner} 提出移除误接收档案的计划 {id}：{why}",
                "{planner} proposed under the plan {id} to remove what was taken in by mistake: {why}",
                planner=self.planner,
                id=self.plan_id,
                why=self.mistake,
            )
        return message(
            "{planner} 提出销毁计划 {id}",
            "{planner} proposed disposal under the plan {id}",
            planner=self.planner,
            id=self.plan_id,
        )


@dataclass(frozen=True, slots=True)
class DisposalApproved:
    """A registered person signed the plan (Ed25519, base64): see ``archives.journal.disposal.approved_text``."""

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
            "{person} 批准计划 {id}",
            "{person} approved the plan {id}",
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
        return message("开始按计划 {id} 移除", "began to remove it under the plan {id}", id=self.plan_id)


@dataclass(frozen=True, slots=True)
class DisposalAbandoned:
    """A disposal that was begun is given up: the package stays, and copies that were set aside came back."""

    package_id: str
    plan_id: str
    reason: Unproved
    type: Literal["disposal-abandoned"] = "disposal-abandoned"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_plan(self.plan_id), the_package(self.package_id))

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "放弃按计划 {id} 移除：{why}",
            "gave up removing it under the plan {id}: {why}",
            id=self.plan_id,
            why=self.reason.said,
        )


@dataclass(frozen=True, slots=True)
class PackageDisposed:
    """The tombstone of a package: it was destroyed under this plan, and a store that still has it obeys.

    ``mistake`` says why it should never have been taken in, empty for what had run out.
    """

    package_id: str
    plan_id: str
    repository: str
    archival_code: str
    mistake: str = ""
    type: Literal["package-disposed"] = "package-disposed"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_plan(self.plan_id), the_package(self.package_id), the_record(self.repository, self.archival_code))

    def said(self) -> Message:
        """Return what it says."""
        if self.mistake:
            return message(
                "属误接收，已按计划 {id} 移除：{why}",
                "taken in by mistake, removed under the plan {id}: {why}",
                id=self.plan_id,
                why=self.mistake,
            )
        return message("已按计划 {id} 销毁", "destroyed under the plan {id}", id=self.plan_id)
