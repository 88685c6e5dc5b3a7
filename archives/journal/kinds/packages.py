"""Facts about packages: versions that were intended, stored, given up; codes that were changed; findings that were settled."""

from dataclasses import dataclass, field
from typing import Literal

from archives.journal.concern import Subject, SubjectKind, the_package, the_packages, the_plan
from archives.message import Message, message
from archives.record.record import PackageKind


@dataclass(frozen=True, slots=True)
class PackageIntended:
    """A version of a package is about to be written; the digest is its inventory's to be.

    ``stores`` are those it was promised to; empty (in journals of before) means every store. ``succeeds`` is the package
    whose place it takes, empty for one that takes nobody's. ``together`` names what counts only with others or not at all,
    and is set aside after a crash.
    """

    package_id: str
    version: int
    inventory_sha512: str
    size_bytes: int
    kind: PackageKind
    repository: str
    archival_code: str
    batch_id: str
    stores: tuple[str, ...] = ()
    succeeds: str = field(default="", compare=False)
    together: str = ""
    type: Literal["package-intended"] = "package-intended"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_package(self.package_id),)

    def said(self) -> Message:
        """Return what it says."""
        return message("开始写入第 {v} 版", "began to write version {v}", v=self.version)


@dataclass(frozen=True, slots=True)
class PackageStored:
    """A version lies, verified, in the named stores: the anchor against rollback, swap and removal.

    ``inventory_sha512`` is the digest of the version's OCFL inventory; ``archival_code`` is as written. ``succeeds`` is the
    package whose place it takes: what that one described and held is looked for here from now on.
    """

    package_id: str
    version: int
    inventory_sha512: str
    size_bytes: int
    kind: PackageKind
    repository: str
    archival_code: str
    batch_id: str
    stores: tuple[str, ...]
    succeeds: str = field(default="", compare=False)
    type: Literal["package-stored"] = "package-stored"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return the_packages((self.package_id, self.succeeds) if self.succeeds else (self.package_id,))

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "第 {v} 版已保存并核实于 {stores}",
            "version {v} stored and verified in {stores}",
            v=self.version,
            stores=", ".join(self.stores),
        )


@dataclass(frozen=True, slots=True)
class PackageAbandoned:
    """An intended version was not completed; what there was of it lies in quarantine.

    ``cause`` is a short stable word (``crash``, ``storage``, ``integrity``), no sentence.
    """

    package_id: str
    version: int
    cause: str
    type: Literal["package-abandoned"] = "package-abandoned"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_package(self.package_id),)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "第 {v} 版未完成，已移入隔离区", "version {v} was not completed and is set aside", v=self.version
        )


@dataclass(frozen=True, slots=True)
class UnitsRenumbered:
    """Units have other codes from here on, all of them at the same moment: two may take each other's.

    ``codes`` are (unit, the code that it had, its code now), as written; the rows that say so lie in packages that were
    stored with this entry. ``number`` is what the renumbering is known by.
    """

    repository: str
    codes: tuple[tuple[str, str, str], ...]
    number: str
    reason: str
    person: str
    type: Literal["units-renumbered"] = "units-renumbered"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        units = (the_package(unit_id) for unit_id, _, _ in self.codes)
        return (Subject(SubjectKind.BATCH, self.number), *units)

    def said(self) -> Message:
        """Return what it says."""
        _, former, code = self.codes[0] if self.codes else ("", "—", "—")
        if len(self.codes) == 1:
            return message(
                "{old} 改号为 {new}：{why}", "{old} is now {new}: {why}", old=former, new=code, why=self.reason
            )
        return message(
            "{n} 个单元同时改号（{old} 改为 {new} 等）：{why}",
            "{n} {n:unit|units} got other codes at once ({old} is now {new}, and so on): {why}",
            n=len(self.codes),
            old=former,
            new=code,
            why=self.reason,
        )


@dataclass(frozen=True, slots=True)
class PackageSucceeded:
    """What a plan purges is not in ``new`` any more, which lies verified in every store that is there; the old may go.

    ``new`` is empty where nothing of the old package stays.
    """

    old: str
    new: str
    plan_id: str
    type: Literal["package-succeeded"] = "package-succeeded"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (*the_packages((self.old, self.new) if self.new else (self.old,)), the_plan(self.plan_id))

    def said(self) -> Message:
        """Return what it says."""
        if not self.new:
            return message(
                "按计划 {plan} 清除，全部移除", "purged under the plan {plan}: nothing of it stays", plan=self.plan_id
            )
        return message(
            "按计划 {plan} 清除，由信息包 {new} 接替 {old}",
            "purged under the plan {plan}: the package {new} takes the place of {old}",
            plan=self.plan_id,
            new=self.new,
            old=self.old,
        )


@dataclass(frozen=True, slots=True)
class DescriptionsMerged:
    """Every row of the packages ``merged`` lies in the package ``into``, too, verified; they may go.

    Whoever removes one of them looks for each of its rows first.
    """

    into: str
    merged: tuple[str, ...]
    type: Literal["descriptions-merged"] = "descriptions-merged"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return the_packages((self.into, *self.merged))

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "{n} 个著录包并入 {into}",
            "{n} {n:package|packages} of rows were merged into {into}",
            n=len(self.merged),
            into=self.into,
        )


@dataclass(frozen=True, slots=True)
class FindingsSettled:
    """A person settled findings about a package: they are known, and nothing more is to be done about them.

    ``findings`` are their identifiers (``preservation.catalogue.findings``), ``settled_by`` whom the person named.
    """

    package_id: str
    findings: tuple[str, ...]
    reason: str
    settled_by: str
    type: Literal["findings-settled"] = "findings-settled"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_package(self.package_id),)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "{who} 了结了 {n} 个问题（{ids}）：{why}",
            "{who} settled {n} {n:finding|findings} ({ids}): {why}",
            who=self.settled_by,
            n=len(self.findings),
            ids=", ".join(self.findings),
            why=self.reason,
        )
