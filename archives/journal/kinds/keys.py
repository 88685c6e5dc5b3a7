"""Facts about the archive's signing key: handed on by the old one, or begun anew by two persons when that is not to be had."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from archives.journal.concern import Subject, SubjectKind
from archives.journal.kinds.persons import SignedBy
from archives.message import Message, message


@dataclass(frozen=True, slots=True)
class KeyRotated:
    """The archive signs with a new key from the next group on; the group of this entry is the old one's last.

    ``public_key`` and ``proof`` are base64; the proof is the new key's signature over ``rotation_text``.
    """

    public_key: str
    proof: str
    type: Literal["key-rotated"] = "key-rotated"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.ARCHIVE),)

    def said(self) -> Message:
        """Return what it says."""
        return message("更换了档案库的签章密钥", "the archive's signing key was replaced")


@dataclass(frozen=True, slots=True)
class KeyBegunAnew:
    """The key was lost or stolen: two persons let a new one sign, and the group of this entry is its first.

    ``public_key`` is base64. From the day ``suspect_since`` on somebody else may have signed with the old key. It proves
    nothing to whoever was not given the new key by hand.
    """

    public_key: str
    reason: str
    suspect_since: date
    signed_by: tuple[SignedBy, ...] = ()
    type: Literal["key-begun-anew"] = "key-begun-anew"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.ARCHIVE),)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "档案库的签章密钥重新开始（{reason}），由 {names} 签名；{day} 起的条目须复查",
            "the archive's signing key was begun anew ({reason}), signed by {names}; what was written since {day} is to "
            "be looked at",
            reason=self.reason,
            names=", ".join(one.person_id for one in self.signed_by),
            day=self.suspect_since.isoformat(),
        )
