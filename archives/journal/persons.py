"""The persons that the journal knows: who may sign, since when, until when, and who registered them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from archives.errors import ConflictError, FormatError, IdentifierError, NotFoundError, RefusedError
from archives.journal.chain import Entry
from archives.journal.facts import (
    HistoryAdopted,
    KeyBegunAnew,
    NewPerson,
    OpeningDecided,
    OpeningSignatures,
    PersonAdded,
    PersonRetired,
    PersonsBegunAnew,
    PersonsFounded,
    SignedBy,
)
from archives.message import message
from archives.proof.signing import parse_key, parse_signature, verify

FOUNDERS = 2
"""How many are registered at once at the least, and how many signatures register or retire afterwards."""

_PERSON_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_SIGNED = "jinkui/person/v1"
_KEY_BEGUN = "jinkui/key-anew/v1"
_SIGNATURES = "jinkui/opening-signatures/v1"

Signable = PersonAdded | PersonRetired | KeyBegunAnew | OpeningSignatures
"""What registered persons sign, but for openings."""


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


@dataclass(frozen=True, slots=True)
class Persons:
    """Every person by identifier, in the order of registration.

    ``begun_anew`` are the entries with which the archive's key alone registered everyone anew, ``disregarded`` those that
    register or retire somebody, or begin the archive's key anew, and that nobody who might has signed, or that contradict
    what was before. ``openings_signed`` says whether what opens a record needs two signatures by now. ``keys_begun_anew`` are the entries with which two persons let another key sign for the archive.
    """

    known: Mapping[str, Person]
    begun_anew: tuple[Entry, ...] = ()
    keys_begun_anew: tuple[Entry, ...] = ()
    openings_signed: bool = False
    disregarded: tuple[Entry, ...] = ()

    @property
    def active(self) -> tuple[Person, ...]:
        """Those who act now."""
        return tuple(one for one in self.known.values() if one.retired is None)

    @property
    def signatures_needed(self) -> int:
        """How many of them have to sign a registration or a retirement."""
        return min(FOUNDERS, len(self.active))


def read_persons(entries: Iterable[Entry]) -> Persons:
    """Read from a journal's entries who is registered.

    What earlier software wrote counts as it stands until its history was adopted or this one wrote an entry; afterwards a registration or
    a retirement counts with the signatures that it needs, and any other is disregarded.
    """
    known: dict[str, Person] = {}
    begun_anew: list[Entry] = []
    keys_begun_anew: list[Entry] = []
    disregarded: list[Entry] = []
    is_of_before, openings_signed, last_rule = True, False, 0
    for entry in entries:
        before = Persons(known)
        match entry.fact:
            case PersonsFounded(persons) if not known and _are_new(before, persons):
                known |= _registered(persons, entry)
            case PersonsBegunAnew(persons, reason) if _are_new(before, persons):
                for one in before.active:
                    known[one.person_id] = replace(one, retired=entry.sequence, reason=reason)
                known |= _registered(persons, entry)
                begun_anew.append(entry)
            case PersonAdded(person_id, name, key) as fact if _may_add(before, fact, is_of_before=is_of_before):
                known |= _registered((NewPerson(person_id, name, key),), entry)
            case PersonRetired(person_id, reason) as fact if _may_retire(before, fact, is_of_before=is_of_before):
                known[person_id] = replace(known[person_id], retired=entry.sequence, reason=reason)
            case KeyBegunAnew() as fact if len(signers_of(before, fact)) >= FOUNDERS and _is_key(fact.public_key):
                keys_begun_anew.append(entry)
            case OpeningSignatures(required, _, after) as fact if (
                after >= last_rule and len(signers_of(before, fact)) >= FOUNDERS
            ):
                openings_signed, last_rule = required, entry.sequence
            case HistoryAdopted():
                is_of_before = False
                continue
            case (
                PersonsFounded()
                | PersonsBegunAnew()
                | PersonAdded()
                | PersonRetired()
                | KeyBegunAnew()
                | OpeningSignatures()
            ):
                disregarded.append(entry)
                continue
            case _:
                continue
        is_of_before = is_of_before and isinstance(entry.fact, PersonAdded | PersonRetired) and not entry.fact.signed_by
    return Persons(known, tuple(begun_anew), tuple(keys_begun_anew), openings_signed, tuple(disregarded))


def text_to_sign(fact: Signable) -> bytes:
    """Return the bytes that registered persons sign to register or retire somebody, or to change what the archive obeys."""
    match fact:
        case PersonAdded():
            lines = [_SIGNED, "add", fact.person_id, fact.public_key, fact.name]
        case PersonRetired():
            lines = [_SIGNED, "retire", fact.person_id, fact.reason]
        case KeyBegunAnew():
            lines = [_KEY_BEGUN, fact.public_key, fact.suspect_since.isoformat(), fact.reason]
        case OpeningSignatures():
            lines = [_SIGNATURES, "require" if fact.required else "waive", str(fact.after), fact.reason]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def signers_of(persons: Persons, fact: Signable | OpeningDecided, text: bytes | None = None) -> tuple[Person, ...]:
    """Return the persons, active now, whose signatures over a fact's text hold; each once."""
    said = text_to_sign(fact) if text is None and not isinstance(fact, OpeningDecided) else text or b""
    signers = {one.public_key: one for one in persons.active if any(_holds(one, by, said) for by in fact.signed_by)}
    return tuple(signers.values())


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


def next_person_id(taken: Iterable[str]) -> str:
    """Return the first of ``person-1``, ``person-2``, … that nobody has."""
    given = set(taken)
    number = 1
    while f"person-{number}" in given:
        number += 1
    return f"person-{number}"


def _may_add(before: Persons, fact: PersonAdded, *, is_of_before: bool) -> bool:
    if is_of_before and not fact.signed_by:
        return fact.person_id not in before.known and _is_key(fact.public_key)
    return _are_new(before, (NewPerson(fact.person_id, fact.name, fact.public_key),), least=1) and _is_signed(
        before, fact
    )


def _may_retire(before: Persons, fact: PersonRetired, *, is_of_before: bool) -> bool:
    if fact.person_id not in {one.person_id for one in before.active}:
        return False
    return (is_of_before and not fact.signed_by) or _is_signed(before, fact)


def _is_signed(before: Persons, fact: PersonAdded | PersonRetired) -> bool:
    return 0 < before.signatures_needed <= len(signers_of(before, fact))


def _are_new(before: Persons, persons: Sequence[NewPerson], *, least: int = FOUNDERS) -> bool:
    """Say whether enough persons are registered at once, none of them known, and each with a key of his or her own."""
    names, keys = {one.person_id for one in persons}, {one.public_key for one in persons}
    return (
        len(persons) >= least
        and len(names) == len(keys) == len(persons)
        and all(_PERSON_ID.fullmatch(name) for name in names)
        and all(map(_is_key, keys))
        and names.isdisjoint(before.known)
        and {parse_key(key) for key in keys}.isdisjoint(one.public_key for one in before.known.values())
    )


def _registered(persons: Iterable[NewPerson], entry: Entry) -> dict[str, Person]:
    return {
        one.person_id: Person(one.person_id, one.name, parse_key(one.public_key), entry.sequence) for one in persons
    }


def _holds(person: Person, by: SignedBy, text: bytes) -> bool:
    if by.person_id != person.person_id:
        return False
    try:
        return person.has_signed(text, parse_signature(by.signature))
    except FormatError:
        return False


def _is_key(text: str) -> bool:
    try:
        parse_key(text)
    except FormatError:
        return False
    return True
