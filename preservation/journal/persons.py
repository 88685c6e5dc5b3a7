"""The persons that the journal knows: who may sign, since when, until when."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from archives.errors import ConflictError, FormatError, IdentifierError, IntegrityError, NotFoundError, RefusedError
from archives.journal.chain import Entry
from archives.journal.facts import PersonAdded, PersonRetired
from archives.message import message
from archives.proof.signing import parse_key, verify

_PERSON_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


@dataclass(frozen=True, slots=True)
class Person:
    """A registered person; ``added`` and ``retired`` are numbers of journal entries, ``retired`` None while active."""

    person_id: str
    name: str
    public_key: bytes
    added: int
    retired: int | None = None
    reason: str = ""

    def was_active(self, sequence: int) -> bool:
        """Say whether the person was registered and not retired when this entry was written."""
        return self.added < sequence and (self.retired is None or sequence < self.retired)

    def has_signed(self, data: bytes, signature: bytes) -> bool:
        """Say whether this person signed exactly ``data``; whether they might is another question."""
        return verify(self.public_key, data, signature)


def registered_persons(entries: Iterable[Entry]) -> Mapping[str, Person]:
    """Return every person the journal ever registered, by identifier, in the order of registration.

    Raises ``IntegrityError`` where the journal registers a person twice or with a key that is none.
    """
    persons: dict[str, Person] = {}
    for entry in entries:
        match entry.fact:
            case PersonAdded(person_id=person_id, name=name, public_key=key):
                if person_id in persons:
                    raise _contradiction(entry)
                try:
                    persons[person_id] = Person(person_id, name, parse_key(key), entry.sequence)
                except FormatError as cause:
                    raise _contradiction(entry) from cause
            case PersonRetired(person_id=person_id, reason=reason):
                if person_id not in persons or persons[person_id].retired is not None:
                    raise _contradiction(entry)
                persons[person_id] = replace(persons[person_id], retired=entry.sequence, reason=reason)
    return persons


def require_active(persons: Mapping[str, Person], person_id: str) -> Person:
    """Return a person who acts; raises ``NotFoundError`` for an unknown one, ``RefusedError`` for a retired one."""
    person = persons.get(person_id)
    if person is None:
        raise NotFoundError(
            message("没有标识为 {id} 的人员", "there is no person {id}", id=person_id),
            subject=person_id,
            advice=message("jinkui person list 列出全部人员", "jinkui person list shows everyone"),
        )
    if person.retired is not None:
        raise RefusedError(
            message("人员 {id} 已停用", "the person {id} is retired", id=person_id),
            subject=person_id,
        )
    return person


def require_new_person(persons: Mapping[str, Person], person_id: str) -> None:
    """Raise ``IdentifierError`` for what is no identifier, ``ConflictError`` for one that was ever given."""
    if not _PERSON_ID.fullmatch(person_id):
        raise IdentifierError(
            message(
                "人员标识由字母、数字和 . _ - 组成，最多 40 个字符：{id}",
                "a person's identifier is made of letters, digits and . _ -, at most 40: {id}",
                id=person_id,
            ),
            subject=person_id,
        )
    if person_id in persons:
        raise ConflictError(
            message("标识 {id} 已经给过一个人", "the identifier {id} was given to a person already", id=person_id),
            subject=person_id,
        )


def next_person_id(persons: Mapping[str, Person]) -> str:
    """Return the first of ``person-1``, ``person-2``, … that nobody has."""
    number = 1
    while f"person-{number}" in persons:
        number += 1
    return f"person-{number}"


def _contradiction(entry: Entry) -> IntegrityError:
    return IntegrityError(
        message(
            "日志第 {n} 条与此前的人员登记矛盾",
            "entry {n} of the journal contradicts the registration of persons before it",
            n=entry.sequence,
        ),
        subject=f"journal entry {entry.sequence}",
    )
