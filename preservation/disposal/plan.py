"""Disposal under retention and holds: what may go, planned; who approved it; whether it may go now (DA/T 鉴定销毁).

A retention period of N years is counted from the first of January after the year of formation (机关文件材料归档范围和文书档案
保管期限规定, 国家档案局令第8号): a record of 2001 kept for ten years may be proposed from 2012-01-01 on. 永久 never may; the older
长期 and 短期 name no number of years and have to be appraised anew first.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from archives.consequences import WithConsequences
from archives.errors import FormatError, NotFoundError, RefusedError
from archives.journal.chain import Entry
from archives.journal.facts import DisposalApproved, DisposalPlanned, PackageStored
from archives.message import Message, message
from archives.proof.canonical_json import canonical_json
from archives.proof.signing import verify
from archives.record.holding import Holding
from preservation.catalogue.anchors import Anchors
from preservation.journal.persons import Person

_FORMAT = 1
_APPROVALS = 2


_NO_PERIOD = message("没有以年计的保管期限，须先重新鉴定", "it has no period in years; appraise it anew first")


class Obstacle(WithConsequences):
    """Why a record may not be disposed of: in words, and whether a plan that names the record is refused for it."""

    said: Message
    is_absolute: bool

    PERMANENT = "permanent", message("保管期限为永久", "it is kept permanently"), True
    HELD = "held", message("已冻结，不得销毁", "it is under a hold"), True
    NOT_RUN_OUT = "not-run-out", message("保管期限未满", "its retention period has not run out"), False
    NO_PERIOD = "no-period", _NO_PERIOD, False
    NO_YEAR = "no-year", message("没有形成年度", "its year of formation is not known"), False


@dataclass(frozen=True, slots=True)
class PlannedDisposal:
    """One record of a plan, bound to the very version that was appraised."""

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


@dataclass(frozen=True, slots=True)
class DisposalPlan:
    """What is proposed to go: by whom, on whose opinion, for which day; ``planner`` is a registered person."""

    plan_id: str
    planner: str
    opinion: str
    day: date
    records: tuple[PlannedDisposal, ...]

    def encoded(self) -> bytes:
        """Return the plan's only spelling, whose SHA-256 is what people approve."""
        return canonical_json(
            {
                "format": _FORMAT,
                "plan_id": self.plan_id,
                "planner": self.planner,
                "opinion": self.opinion,
                "day": self.day.isoformat(),
                "records": [{name: getattr(record, name) for name in _FIELDS} for record in self.records],
            }
        )

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
        )
        if body["format"] != _FORMAT or plan.encoded() != data.strip():
            raise ValueError("spelling")
    except (ValueError, KeyError, TypeError) as cause:
        raise FormatError(
            message("不是销毁计划，或已被改动", "this is no disposal plan, or it was changed"), subject="plan"
        ) from cause
    return plan


def read_plan(path: Path) -> DisposalPlan:
    """Read a plan from its file; raises ``NotFoundError``, or as ``parse_plan`` does."""
    try:
        return parse_plan(path.read_bytes())
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
    year = holding.description.formed.latest.year if holding.description.formed else holding.description.year
    if year is None:
        return Obstacle.NO_YEAR
    return None if day >= date(year + 1 + retention.years, 1, 1) else Obstacle.NOT_RUN_OUT


def planned_disposal(holding: Holding, anchor: PackageStored) -> PlannedDisposal:
    """Return a record as a plan names it."""
    description = holding.description
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
    )


@dataclass(frozen=True, slots=True)
class Approval:
    """A signature over a plan's digest that counts: by whom, and the entry that holds it."""

    person: Person
    entry: Entry


def require_approver(
    plan: DisposalPlan, person: Person, persons: Mapping[str, Person], given: Iterable[Approval]
) -> None:
    """Raise ``RefusedError`` when a person may not approve a plan.

    Nobody approves what he or she planned, nobody twice, and one key is one person whatever it is called.
    """
    planner = persons.get(plan.planner)
    if person.person_id == plan.planner or (planner is not None and planner.public_key == person.public_key):
        raise _refused(plan, message("提出计划的人不能批准它", "who planned it cannot approve it"))
    for approval in given:
        if approval.person.person_id == person.person_id or approval.person.public_key == person.public_key:
            raise _refused(plan, message("此人（此密钥）已批准过", "this person (or key) has approved it already"))


def approvals_of(plan: DisposalPlan, entries: Iterable[Entry], persons: Mapping[str, Person]) -> tuple[Approval, ...]:
    """Return the approvals of a plan that count, from the journal itself.

    A signature counts when it verifies over the plan's digest with the key of a person who was registered and not
    retired when it was journalled, and who may approve.
    """
    approvals: list[Approval] = []
    for entry in entries:
        fact = entry.fact
        if not isinstance(fact, DisposalApproved) or fact.plan_id != plan.plan_id or fact.plan_sha256 != plan.sha256:
            continue
        person = persons.get(fact.person_id)
        if person is None or not person.was_active(entry.sequence):
            continue
        try:
            require_approver(plan, person, persons, approvals)
            signed = verify(person.public_key, plan.sha256.encode("ascii"), _signature(fact.signature))
        except (RefusedError, FormatError):
            continue
        if signed:
            approvals.append(Approval(person, entry))
    return tuple(approvals)


def require_plan_known(plan: DisposalPlan, entries: Iterable[Entry]) -> None:
    """Raise ``RefusedError`` unless the journal holds this very plan."""
    known = {e.fact.plan_id: e.fact.plan_sha256 for e in entries if isinstance(e.fact, DisposalPlanned)}
    if known.get(plan.plan_id) != plan.sha256:
        raise _refused(
            plan, message("日志中没有这份计划，或计划已被改动", "the journal holds no such plan, or it was changed")
        )


def require_approvals(plan: DisposalPlan, approvals: Iterable[Approval]) -> None:
    """Raise ``RefusedError`` unless two people approved."""
    number = len(tuple(approvals))
    if number < _APPROVALS:
        raise _refused(plan, message("已有 {n} 人批准，须两人", "{n} people approved it; two are needed", n=number))


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


def _signature(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as cause:
        raise FormatError(message("签名不合规范", "no signature"), subject="signature") from cause


def _refused(plan: DisposalPlan, said: Message) -> RefusedError:
    return RefusedError(said, subject=plan.plan_id)
