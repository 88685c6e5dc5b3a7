"""Facts about opening: what a review concluded, what was taken back."""

from dataclasses import dataclass
from typing import Literal

from archives.journal.concern import Subject, SubjectKind, the_package, the_record
from archives.journal.kinds.persons import SignedBy
from archives.message import Message, message
from archives.record.rights import OpeningDecision, Withdrawal, term


@dataclass(frozen=True, slots=True)
class OpeningDecided:
    """A unit's opening review was concluded.

    ``reviewed`` is the digest of what was reviewed (``archives.reviewed``): the decision stands for nothing else. Entries
    of before have none and stand for the newest version that was stored before them. ``package_id`` is the identifier of
    the unit: that of a record's package, of an item of a volume or of a unit without content its own; entries of before
    name it by its code alone. Where persons signed it (``archives.journal.openings``), ``after`` is the journal's newest
    entry then.
    """

    repository: str
    archival_code: str
    decision: OpeningDecision
    reviewed: str = ""
    package_id: str = ""
    after: int = 0
    signed_by: tuple[SignedBy, ...] = ()
    type: Literal["opening-decided"] = "opening-decided"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return _the_unit(self.repository, self.archival_code, self.package_id)

    def said(self) -> Message:
        """Return what it says."""
        said: dict[str, str | Message] = {
            "conclusion": term(self.decision.conclusion),
            "scope": term(self.decision.scope),
            "basis": self.decision.basis,
        }
        if self.decision.public_title:
            return message(
                "开放审核：{conclusion}，网上范围 {scope}，公开题名“{title}”，依据 {basis}",
                "opening review: {conclusion}, online {scope} as “{title}”, basis {basis}",
                title=self.decision.public_title,
                **said,
            )
        return message(
            "开放审核：{conclusion}，网上范围 {scope}，依据 {basis}",
            "opening review: {conclusion}, online {scope}, basis {basis}",
            **said,
        )


@dataclass(frozen=True, slots=True)
class OpeningWithdrawn:
    """An opening was taken back; ``package_id`` is the identifier of the unit, empty where nothing told it.

    Without it the entry closes whatever has, or had, the code.
    """

    repository: str
    archival_code: str
    withdrawal: Withdrawal
    package_id: str = ""
    type: Literal["opening-withdrawn"] = "opening-withdrawn"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return _the_unit(self.repository, self.archival_code, self.package_id)

    def said(self) -> Message:
        """Return what it says."""
        return message("撤回开放：{reason}", "opening withdrawn: {reason}", reason=self.withdrawal.reason)


@dataclass(frozen=True, slots=True)
class OpeningSignatures:
    """From here on what opens a record counts with the signatures of two registered persons only, or without again.

    Signed by two persons itself; ``after`` is the journal's newest entry when they did.
    """

    required: bool
    reason: str
    after: int
    signed_by: tuple[SignedBy, ...] = ()
    type: Literal["opening-signatures"] = "opening-signatures"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.ARCHIVE),)

    def said(self) -> Message:
        """Return what it says."""
        if self.required:
            return message(
                "此后开放决定须有两人签名：{why}", "openings need two signatures from here on: {why}", why=self.reason
            )
        return message("此后开放决定不须签名：{why}", "openings need no signature from here on: {why}", why=self.reason)


def _the_unit(repository: str, archival_code: str, package_id: str) -> tuple[Subject, ...]:
    named = the_record(repository, archival_code)
    return (named, the_package(package_id)) if package_id else (named,)
