"""Facts about the archive as a whole: that it began, its repositories and fonds, what it received."""

from dataclasses import dataclass
from typing import Literal

from archives.journal.concern import Subject, SubjectKind
from archives.message import Message, message
from archives.record.description import Fonds, Repository


@dataclass(frozen=True, slots=True)
class HomeInitialised:
    """The archive began."""

    home_id: str
    type: Literal["home-initialised"] = "home-initialised"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.ARCHIVE, self.home_id),)

    def said(self) -> Message:
        """Return what it says."""
        return message("建立档案库 {id}", "the archive {id} began", id=self.home_id)


@dataclass(frozen=True, slots=True)
class GroupSigned:
    """The archive vouches for the group that this line ends, and for everything before it; see ``archives.journal.seal``.

    ``key`` is the short name of the signing key, ``instance`` that of the installation, ``signature`` base64.
    """

    key: str
    home: str
    instance: str
    signature: str
    type: Literal["group-signed"] = "group-signed"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns: it says nothing about the archive's holdings."""
        return ()

    def said(self) -> Message:
        """Return what it says."""
        return message("档案库签章（密钥 {key}）", "signed by the archive (key {key})", key=self.key)


@dataclass(frozen=True, slots=True)
class RepositoryAdded:
    """An archives or records room was described."""

    repository: Repository
    type: Literal["repository-added"] = "repository-added"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.REPOSITORY, self.repository.code.value),)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "登记馆（室）{code} {name}",
            "described the repository {code} {name}",
            code=self.repository.code.value,
            name=self.repository.name,
        )


@dataclass(frozen=True, slots=True)
class FondsDescribed:
    """A fonds was described or described anew."""

    fonds: Fonds
    type: Literal["fonds-described"] = "fonds-described"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.FONDS, f"{self.fonds.repository.value}:{self.fonds.number}"),)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "登记全宗 {number} {name}",
            "described the fonds {number} {name}",
            number=self.fonds.number,
            name=self.fonds.name,
        )


@dataclass(frozen=True, slots=True)
class BatchReceived:
    """Ingest of a batch began (or began again after it was stopped)."""

    batch_id: str
    repository: str
    records: int
    files: int
    type: Literal["batch-received"] = "batch-received"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.BATCH, self.batch_id),)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "接收批次 {id}：{n} 件，{files} 个文件",
            "received the batch {id}: {n} records, {files} files",
            id=self.batch_id,
            n=self.records,
            files=self.files,
        )
