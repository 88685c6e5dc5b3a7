"""Facts about looking: what was found whole, what was not, what was mended, audits and drills."""

from dataclasses import dataclass
from typing import Literal

from archives.journal.concern import Subject, SubjectKind, the_packages, the_store
from archives.message import Message, message


@dataclass(frozen=True, slots=True)
class FixityChecked:
    """Every byte of these packages' copies in one store was read and found whole."""

    store: str
    packages: tuple[str, ...]
    type: Literal["fixity-checked"] = "fixity-checked"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.store), *the_packages(self.packages))

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "存储“{store}”中的副本逐字节核查完好",
            "store “{store}”: every byte of the copy was read and found whole",
            store=self.store,
        )


@dataclass(frozen=True, slots=True)
class DamageFound:
    """A file of a copy is not as it should be (verdict: one that is damage)."""

    store: str
    package_id: str | None
    file: str
    verdict: str
    type: Literal["damage-found"] = "damage-found"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.store), *the_packages((self.package_id,) if self.package_id else ()))

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "存储“{store}”：{verdict} {file}",
            "store “{store}”: {verdict} {file}",
            store=self.store,
            verdict=self.verdict,
            file=self.file,
        )


@dataclass(frozen=True, slots=True)
class CopyRepaired:
    """A file of a copy was mended from a verified one, or moved to quarantine."""

    store: str
    package_id: str | None
    file: str
    action: str
    from_store: str | None
    quarantined_as: str | None = None
    type: Literal["copy-repaired"] = "copy-repaired"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.store), *the_packages((self.package_id,) if self.package_id else ()))

    def said(self) -> Message:
        """Return what it says."""
        return message("存储“{store}”已修复 {file}", "store “{store}”: mended {file}", store=self.store, file=self.file)


@dataclass(frozen=True, slots=True)
class StoreReading:
    """How much an audit read in one store, in how many seconds of its time."""

    store: str
    copies: int
    files: int
    size_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class AuditCompleted:
    """An audit came to its end; ``selection`` says of what (``all``, ``due``, ``sample 1%``), ``problems`` how many."""

    selection: str
    problems: int
    readings: tuple[StoreReading, ...]
    type: Literal["audit-completed"] = "audit-completed"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.AUDIT), *(the_store(one.store) for one in self.readings))

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "核查（{selection}）完成，{n} 个问题",
            "an audit ({selection}) was completed with {n} {n:problem|problems}",
            selection=self.selection,
            n=self.problems,
        )


@dataclass(frozen=True, slots=True)
class RestoreDrilled:
    """Packages (identifier, version) were restored with stock tools only; ``failed`` are those that were not whole."""

    restored: tuple[tuple[str, int], ...]
    failed: tuple[tuple[str, int], ...]
    type: Literal["restore-drilled"] = "restore-drilled"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return the_packages(tuple(package_id for package_id, _ in (*self.restored, *self.failed)))

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "恢复演练：{n} 个信息包完好，{failed} 个不完好",
            "a restore drill: {n} {n:package|packages} restored whole, {failed} not",
            n=len(self.restored),
            failed=len(self.failed),
        )
