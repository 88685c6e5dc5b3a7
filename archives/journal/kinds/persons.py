"""Facts about the persons who decide: registered together at first, afterwards by those who are registered."""

from dataclasses import dataclass
from typing import Literal

from archives.journal.concern import Subject, SubjectKind, the_person
from archives.message import Message, message


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person with an Ed25519 public key in base64 (RFC 8032, 32 bytes)."""

    person_id: str
    name: str
    public_key: str


@dataclass(frozen=True, slots=True)
class SignedBy:
    """The signature of a registered person (Ed25519, base64)."""

    person_id: str
    signature: str


@dataclass(frozen=True, slots=True)
class PersonsFounded:
    """The first persons of the archive were registered, two at least."""

    persons: tuple[NewPerson, ...]
    type: Literal["persons-founded"] = "persons-founded"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.ARCHIVE), *(the_person(one.person_id) for one in self.persons))

    def said(self) -> Message:
        """Return what it says."""
        return message("首批登记人员：{names}", "registered the first persons: {names}", names=_names(self.persons))


@dataclass(frozen=True, slots=True)
class PersonsBegunAnew:
    """Keys were lost: the archive's key alone registered new persons, and nobody registered before acts any more."""

    persons: tuple[NewPerson, ...]
    reason: str
    type: Literal["persons-begun-anew"] = "persons-begun-anew"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.ARCHIVE), *(the_person(one.person_id) for one in self.persons))

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "重新登记全部人员（{reason}）：{names}；此前登记的人员不再有效，此前签名而未执行的计划作废",
            "all persons were registered anew ({reason}): {names}; nobody registered before acts any more, and what "
            "they had signed and was not carried out has lapsed",
            reason=self.reason,
            names=_names(self.persons),
        )


@dataclass(frozen=True, slots=True)
class PersonAdded:
    """A person was registered; two who were registered signed it (one, where there was only one).

    ``public_key`` is as in ``NewPerson``. Earlier software wrote it without signatures.
    """

    person_id: str
    name: str
    public_key: str
    signed_by: tuple[SignedBy, ...] = ()
    type: Literal["person-added"] = "person-added"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_person(self.person_id),)

    def said(self) -> Message:
        """Return what it says."""
        return message("登记人员 {id} {name}", "registered the person {id} {name}", id=self.person_id, name=self.name)


@dataclass(frozen=True, slots=True)
class PersonRetired:
    """A person no longer acts; what the key signed before stays valid. Signed as a registration is."""

    person_id: str
    reason: str
    signed_by: tuple[SignedBy, ...] = ()
    type: Literal["person-retired"] = "person-retired"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_person(self.person_id),)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "停用人员 {id}：{reason}", "retired the person {id}: {reason}", id=self.person_id, reason=self.reason
        )


def _names(persons: tuple[NewPerson, ...]) -> str:
    return ", ".join(f"{one.name} ({one.person_id})" for one in persons)
