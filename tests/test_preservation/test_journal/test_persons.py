"""Persons are what the journal says of them: registered once, retired once, active in between."""

from datetime import UTC, datetime

import pytest

from archives.errors import ConflictError, IdentifierError, IntegrityError, NotFoundError, RefusedError
from archives.journal.chain import Entry
from archives.journal.facts import BatchReceived, Fact, PersonAdded, PersonRetired
from archives.proof.signing import key_text, make_private_key, public_key_of, sign
from preservation.journal.persons import next_person_id, registered_persons, require_active, require_new_person

PEM = make_private_key(bytes(32), None)
KEY = key_text(public_key_of(PEM, None))
ADDED = PersonAdded("zhang", "张三", KEY)


def entries(*facts: Fact) -> list[Entry]:
    """Return the facts as the first entries of a journal."""
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    return [Entry(number, "", moment, "a", fact) for number, fact in enumerate(facts, 1)]


def test_a_person_is_active_between_registration_and_retirement() -> None:
    other = BatchReceived("b", "990001", 1, 1)
    person = registered_persons(entries(other, ADDED, other, PersonRetired("zhang", "调离"), other))["zhang"]
    assert (person.name, person.added, person.retired, person.reason) == ("张三", 2, 4, "调离")
    assert [n for n in range(1, 6) if person.was_active(n)] == [3]


def test_a_person_has_signed_what_their_key_signed() -> None:
    person = registered_persons(entries(ADDED))["zhang"]
    assert person.has_signed(b"x", sign(PEM, None, b"x"))
    assert not person.has_signed(b"y", sign(PEM, None, b"x"))


def test_only_a_registered_person_who_is_not_retired_acts() -> None:
    assert require_active(registered_persons(entries(ADDED)), "zhang").person_id == "zhang"
    with pytest.raises(NotFoundError):
        require_active({}, "zhang")
    with pytest.raises(RefusedError):
        require_active(registered_persons(entries(ADDED, PersonRetired("zhang", ""))), "zhang")


@pytest.mark.parametrize(
    "facts",
    [
        (ADDED, ADDED),
        (ADDED, PersonRetired("zhang", ""), ADDED),
        (PersonRetired("zhang", ""),),
        (PersonAdded("zhang", "", "AAAA"),),
    ],
)
def test_a_journal_that_contradicts_itself_is_no_register(facts: tuple[Fact, ...]) -> None:
    with pytest.raises(IntegrityError):
        registered_persons(entries(*facts))


def test_an_identifier_is_given_once() -> None:
    persons = registered_persons(entries(PersonAdded("person-1", "", KEY)))
    assert next_person_id(persons) == "person-2"
    require_new_person(persons, "person-2")
    with pytest.raises(ConflictError):
        require_new_person(persons, "person-1")
    for bad in ("", "../x", "张", "a" * 41):
        with pytest.raises(IdentifierError):
            require_new_person(persons, bad)
