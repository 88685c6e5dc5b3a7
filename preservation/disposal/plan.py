"""Disposal under retention and holds: what may go, planned; who approved it; whether it may go now (DA/T 鉴定销毁).

A retention period of N years is counted from the first of January after the year of formation (机关文件材料归档范围和文书档案
保管期限规定, 国家档案局令第8号): a record of 2001 kept for ten years may be proposed from 2012-01-01 on. 永久 never may; the older
长期 and 短期 name no number of years and have to be appraised anew first.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from archives.consequences import WithConsequences
from archives.errors import FormatError, NotFoundError, RefusedError
from archives.journal.chain import Entry
from archives.journal.disposal import APPROVALS, Approval, CoreRecord, PlanCore, plan_in
from archives.journal.facts import DisposalPlanned, PackageStored
from archives.message import Message, message
from archives.proof.canonical_json import canonical_json
from archives.record.holding import Holding
from preservation.catalogue.anchors import Anchors

_FORMAT = 2
_FORMAT_WITHOUT_CORE = 1

_NO_PERIOD = message("没有以年计的保管期限，须先重新鉴定", "it has no period in years; appraise it anew first")
_OTHER_BATCH = message(
    "有的版本出自其他批次，档案保留；要改回以前的一版（见 jinkui versions 档号）：jinkui export 档号 新文件夹 --as-it-came --version N，"
    "再 jinkui ingest 新文件夹 --update",
    "it has versions that came with other batches, and stays; an earlier one (jinkui versions CODE) comes back with jinkui export CODE "
    "FOLDER --as-it-came --version N, then jinkui ingest FOLDER --update",
)
_NEWER_VERSION = message(
    "现行的一版出自其他批次，档案保留；此批次带来的是以前的版本，各版都保留，见 jinkui versions 档号",
    "its newest version came with another batch, and it stays; what this batch brought is an earlier version, and versions are kept: "
    "jinkui versions CODE",
)


class Obstacle(WithConsequences):
    """Why a record may not be disposed of: in words, and whether a plan that names the record is refused for it."""

    said: Message
    is_absolute: bool

    PERMANENT = "permanent", message("保管期限为永久", "it is kept permanently"), True
    HELD = "held", message("已冻结，不得销毁", "it is under a hold"), True
    NOT_RUN_OUT = "not-run-out", message("保管期限未满", "its retention period has not run out"), False
    NO_PERIOD = "no-period", _NO_PERIOD, False
    OTHER_BATCH = "other-batch", _OTHER_BATCH, False
    NEWER_VERSION = "newer-version", _NEWER_VERSION, False
    NO_YEAR = "no-year", message("没有形成年度", "its year of formation is not known"), False


@dataclass(frozen=True, slots=True)
class PlannedDisposal:
    """One record of a plan, bound to the very version that was appraised; ``retention_end`` (ISO) is empty without one."""

    repository: str
    archival_code: str
    title: str
    retention: str
    formed: str
    pages: int | None
    files: int
    package_id: str
    version: int
    inventory_sha512: str
    retention_end: str = ""


@dataclass(frozen=True, slots=True)
class DisposalPlan:
    """What is proposed to go: by whom, on whose opinion, for which day; ``planner`` is a registered person.

    ``mistake`` says why what it lists should never have been taken in; it is empty where time has run out; ``batch`` is the
    number of the batch that is taken back, where one is. ``purge`` says why
    the data of the units ``purged`` are to be destroyed; ``records`` are then the packages that have some, without titles. A
    plan of ``form`` 1 was written by earlier software: the journal has no core of it.
    """

    plan_id: str
    planner: str
    opinion: str
    day: date
    records: tuple[PlannedDisposal, ...]
    mistake: str = ""
    form: int = _FORMAT
    purge: str = ""
    purged: tuple[str, ...] = ()
    batch: str = ""

    def encoded(self) -> bytes:
        """Return the plan's only spelling, whose SHA-256 people approve together with its core."""
        is_of_before = self.form == _FORMAT_WITHOUT_CORE
        names = [name for name in _FIELDS if not (is_of_before and name == "retention_end")]
        return canonical_json(
            {
                "format": self.form,
                "plan_id": self.plan_id,
                "planner": self.planner,
                "opinion": self.opinion,
                "day": self.day.isoformat(),
                "records": [{name: getattr(record, name) for name in names} for record in self.records],
                **({} if is_of_before else {"mistake": self.mistake}),
                **({"purge": self.purge, "purged": [*self.purged]} if self.purged else {}),
                **({"batch": self.batch} if self.batch else {}),
            }
        )

    def core(self) -> str:
        """Return what the journal itself has of the plan; a plan of earlier software has none."""
        if self.form == _FORMAT_WITHOUT_CORE:
            return ""
        records = tuple(
            CoreRecord(
                one.package_id,
                one.version,
                one.inventory_sha512,
                date.fromisoformat(one.retention_end) if one.retention_end else None,
            )
            for one in self.records
        )
        return PlanCore(self.plan_id, self.planner, self.day, self.mistake, records, self.purged).encoded()

    @property
    def sha256(self) -> str:
        """The digest of its exact bytes."""
        return hashlib.sha256(self.encoded()).hexdigest()


_FIELDS = tuple(PlannedDisposal.__dataclass_fields__)


def parse_plan(data: bytes) -> DisposalPlan:
    """Read a plan; raises ``FormatError`` for anything but the exact bytes that ``encoded`` gives."""
    try:
        body = json.loads(data)
        plan = DisposalPlan(
            body["plan_id"],
            body["planner"],
            body["opinion"],
            date.fromisoformat(body["day"]),
            tuple(PlannedDisposal(**record) for record in body["records"]),
            body.get("mistake", ""),
            body["format"],
            body.get("purge", ""),
            tuple(body.get("purged", ())),
            body.get("batch", ""),
        )
        if plan.form not in (_FORMAT, _FORMAT_WITHOUT_CORE) or plan.encoded() != data.strip():
            raise ValueError("spelling")
    except (ValueError, KeyError, TypeError) as cause:
        raise FormatError(
            message("不是销毁计划，或已被改动", "this is no disposal plan, or it was changed"), subject="plan"
        ) from cause
    return plan


def read_plan(path: Path) -> DisposalPlan:
    """Read a plan from its file; raises ``NotFoundError``, or ``FormatError`` with the file's name as ``parse_plan`` does."""
    try:
        return parse_plan(path.read_bytes())
    except FormatError as cause:
        advice = message(
            "请用 jinkui dispose plan（或 jinkui purge plan）写出的计划文件，一字不改",
            "name the file that jinkui dispose plan (or jinkui purge plan) wrote, without a change",
        )
        raise cause.of_file(path, advice) from cause
    except OSError as cause:
        raise NotFoundError(
            message("读不到计划：{path}", "the plan cannot be read: {path}", path=str(path)), subject=str(path)
        ) from cause


def obstacle_to(holding: Holding, day: date, *, held: bool) -> Obstacle | None:
    """Return why a record may not be disposed of on a day, or None when it may."""
    retention = holding.description.retention
    if retention is not None and retention.kind == "永久":
        return Obstacle.PERMANENT
    if held:
        return Obstacle.HELD
    if retention is None or retention.years is None:
        return Obstacle.NO_PERIOD
    end = retention_end(holding)
    if end is None:
        return Obstacle.NO_YEAR
    return None if day >= end else Obstacle.NOT_RUN_OUT


def retention_end(holding: Holding) -> date | None:
    """Return the first day on which a record's retention period has run out, None when that is not known or never."""
    retention, formed = holding.description.retention, holding.description.formed
    year = formed.latest.year if formed and formed.latest < date.max else holding.description.year
    if retention is None or retention.years is None or year is None:
        return None
    return date(year + 1 + retention.years, 1, 1)


def planned_disposal(holding: Holding, anchor: PackageStored) -> PlannedDisposal:
    """Return a record as a plan names it."""
    description, end = holding.description, retention_end(holding)
    return PlannedDisposal(
        repository=holding.key.repository,
        archival_code=description.code.written,
        title=description.title,
        retention=str(description.retention or ""),
        formed=description.formed.written if description.formed else str(description.year or ""),
        pages=description.pages,
        files=len(holding.originals),
        package_id=holding.package_id.value,
        version=anchor.version,
        inventory_sha512=anchor.inventory_sha512,
        retention_end=end.isoformat() if end else "",
    )


def planned_submission(anchor: PackageStored) -> PlannedDisposal:
    """Return a package that is no record as a plan names it: what a batch came with, rows; by its code, without a title."""
    return PlannedDisposal(
        repository=anchor.repository,
        archival_code=anchor.archival_code,
        title="",
        retention="",
        formed="",
        pages=None,
        files=0,
        package_id=anchor.package_id,
        version=anchor.version,
        inventory_sha512=anchor.inventory_sha512,
    )


def require_plan_known(plan: DisposalPlan, entries: Iterable[Entry]) -> DisposalPlanned:
    """Return the plan as the journal has it; raises ``RefusedError`` unless it is this very plan."""
    planned = plan_in(entries, plan.plan_id)
    if planned is None or (planned.plan_sha256, planned.core) != (plan.sha256, plan.core()):
        raise _refused(
            plan, message("日志中没有这份计划，或计划已被改动", "the journal holds no such plan, or it was changed")
        )
    return planned


def require_approvals(plan: DisposalPlan, approvals: Iterable[Approval]) -> None:
    """Raise ``RefusedError`` unless two people approved."""
    number = len(tuple(approvals))
    if number < APPROVALS:
        raise RefusedError(
            message("已有 {n} 人批准，须两人", "{n} {n:person|people} approved it; two are needed", n=number),
            subject=plan.plan_id,
            advice=message(
                "还须另一人签名：jinkui dispose approve PLAN --by PERSON，再执行",
                "another person signs: jinkui dispose approve PLAN --by PERSON, then run it again",
            ),
        )


def require_unchanged(plan: DisposalPlan, anchors: Anchors) -> None:
    """Raise ``RefusedError`` when a planned record is not the version that was appraised; what is gone already passes."""
    for record in plan.records:
        if record.package_id in anchors.tombstones:
            continue
        versions = anchors.versions.get(record.package_id, [])
        if not versions or (versions[-1].version, versions[-1].inventory_sha512) != (
            record.version,
            record.inventory_sha512,
        ):
            said = message("{code} 在计划之后有了新版本", "{code} has another version since", code=record.archival_code)
            raise _refused(plan, said)


def _refused(plan: DisposalPlan, said: Message) -> RefusedError:
    return RefusedError(said, subject=plan.plan_id)
