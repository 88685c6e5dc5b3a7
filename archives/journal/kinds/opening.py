"""Facts about opening: what a review concluded, what was taken back."""

from dataclasses import dataclass
from typing import Literal

from archives.journal.concern import Subject, the_record
from archives.message import Message, message
from archives.record.rights import OpeningDecision, Withdrawal, term


@dataclass(frozen=True, slots=True)
class OpeningDecided:
    """A record's opening review was concluded.

    ``reviewed`` is the digest of what was reviewed (``archives.reviewed``): the decision stands for nothing else. Entries
    of before have none and stand for the newest version that was stored before them.
    """

    repository: str
    archival_code: str
    decision: OpeningDecision
    reviewed: str = ""
    type: Literal["opening-decided"] = "opening-decided"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_record(self.repository, self.archival_code),)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "开放审核：{conclusion}，网上范围 {scope}，依据 {basis}",
            "opening review: {conclusion}, online {scope}, basis {basis}",
            conclusion=term(self.decision.conclusion),
            scope=term(self.decision.scope),
            basis=self.decision.basis,
        )


@dataclass(frozen=True, slots=True)
class OpeningWithdrawn:
    """An opening was taken back."""

    repository: str
    archival_code: str
    withdrawal: Withdrawal
    type: Literal["opening-withdrawn"] = "opening-withdrawn"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_record(self.repository, self.archival_code),)

    def said(self) -> Message:
        """Return what it says."""
        return message("撤回开放：{reason}", "opening withdrawn: {reason}", reason=self.withdrawal.reason)
