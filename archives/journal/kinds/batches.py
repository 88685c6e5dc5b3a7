"""Facts about batches: what was received, and what nobody goes on with."""

from dataclasses import dataclass
from typing import Literal

from archives.journal.concern import Subject, SubjectKind
from archives.message import Message, message


@dataclass(frozen=True, slots=True)
class BatchReceived:
    """A batch was received, and its ingest began; one that was stopped and goes on does not say so again.

    Journals of before say it each time. ``no_markings`` are the places that an archivist judged to be no marking of a state secret: each with what stands
    there, and why.
    """

    batch_id: str
    repository: str
    records: int
    files: int
    no_markings: tuple[tuple[str, str, str], ...] = ()
    type: Literal["batch-received"] = "batch-received"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.BATCH, self.batch_id),)

    def said(self) -> Message:
        """Return what it says."""
        judged = "; ".join(f"{place} “{said}”: {reason}" for place, said, reason in self.no_markings)
        return message(
            "接收批次 {id}：{n} 件，{files} 个文件{judged}",
            "received the batch {id}: {n} {n:record|records}, {files} {files:file|files}{judged}",
            id=self.batch_id,
            n=self.records,
            files=self.files,
            judged=message("；判断不是密级标志：{what}", "; judged to be no marking of secrecy: {what}", what=judged)
            if judged
            else "",
        )


@dataclass(frozen=True, slots=True)
class BatchClosed:
    """A person gave up going on with a batch whose ingest did not come to its end; what of it is stored stays."""

    batch_id: str
    reason: str
    type: Literal["batch-closed"] = "batch-closed"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.BATCH, self.batch_id),)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "不再继续接收批次 {id}：{why}",
            "the batch {id} is not gone on with: {why}",
            id=self.batch_id,
            why=self.reason,
        )
