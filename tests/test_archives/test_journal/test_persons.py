"""Persons are what the journal says of them and those who might have signed: nobody else adds or retires anybody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from archives.errors import ConflictError, IdentifierError, NotFoundError, RefusedError
from archives.journal.chain import Entry
from archives.journal.facts import (
    BatchReceived,
    Fact,
    HistoryAdopted,
    PersonAdded,
    PersonRetired,
    PersonsBegunAnew,
    PersonsFounded,
    SignedBy,
)
from archives.journal.persons import (
    Persons,
    next_person_id,
    read_persons,
    require_active,
    require_new_person,
    text_to_sign,
)
from archives.proof.signing import key_text, sign
from tests.support.disposal import founders, new_person, private_key

Signable = TypeVar("Signable", PersonAdded, PersonRetired)
OTHER = BatchReceived("b", "990001", 1, 1)
LI, WANG = founders("li", "wang").persons
OLD = PersonAdded("zhang", "张三", new_person("zhang").public_key)


def persons_of(*facts: Fact) -> Persons:
    """Read persons from facts as the first entries of a journal."""
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    return read_persons([Entry(number, "", moment, "a", fact) for number, fact in enumerate(facts, 1)])


def signed(fact: Signable, *names: str) -> Signable:
    """Return a registration or a retirement with these persons' signatures."""
    text = text_to_sign(fact)
    return replace(
        fact, signed_by=tuple(SignedBy(name, key_text(sign(private_key(name), None, text))) for name in names)
    )


def added(name: str, *by: str) -> PersonAdded:
    """Return a registration signed by these persons."""
    one = new_person(name)
    return signed(PersonAdded(one.person_id, one.name, one.public_key), *by)


def retired(name: str, *by: str) -> PersonRetired:
    """Return a retirement signed by these persons."""
    return signed(PersonRetired(name, "调离"), *by)


def test_a_person_is_active_between_registration_and_retirement() -> None:
    facts = (OTHER, founders("li", "wang"), OTHER, added("zhao", "li", "wang"), retired("zhao", "li", "wang"), OTHER)
    found = persons_of(*facts)
    person = found.known["zhao"]
    assert (person.name, person.added, person.retired, person.reason) == ("zhao", 4, 5, "调离")
    assert [n for n in range(1, 8) if found.known["li"].was_active(n)] == [3, 4, 5, 6, 7]
    assert [one.person_id for one in found.active] == ["li", "wang"]
    assert found.disregarded == ()


def test_a_person_has_signed_what_their_key_signed() -> None:
    person = persons_of(founders("li", "wang")).known["li"]
    assert person.has_signed(b"x", sign(private_key("li"), None, b"x"))
    assert not person.has_signed(b"y", sign(private_key("li"), None, b"x"))


def test_only_a_registered_person_who_is_not_retired_acts() -> None:
    known = persons_of(founders("li", "wang", "zhao"), retired("zhao", "li", "wang")).known
    assert require_active(known, "li").person_id == "li"
    with pytest.raises(NotFoundError):
        require_active({}, "li")
    with pytest.raises(RefusedError):
        require_active(known, "zhao")


@pytest.mark.parametrize(
    "forged",
    [
        added("zhao"),
        added("zhao", "li"),
        added("zhao", "li", "li"),
        added("zhao", "li", "zhao"),
        added("zhao", "li", "nobody"),
        replace(added("zhao", "li", "wang"), name="another"),
        replace(added("zhao", "li", "wang"), signed_by=(SignedBy("li", "AAAA"), SignedBy("wang", "?"))),
        signed(PersonAdded("zhao", "zhao", LI.public_key), "li", "wang"),
        signed(PersonAdded("zhao", "zhao", "AAAA"), "li", "wang"),
        signed(PersonAdded("../x", "zhao", new_person("zhao").public_key), "li", "wang"),
        added("li", "li", "wang"),
        retired("li"),
        retired("li", "wang"),
        retired("nobody", "li", "wang"),
        replace(retired("li", "li", "wang"), reason="another"),
        founders("zhao", "qian"),
        PersonsBegunAnew((new_person("zhao"),), "lost"),
        PersonsBegunAnew((new_person("zhao"), new_person("zhao")), "lost"),
        PersonsBegunAnew((new_person("zhao"), replace(new_person("zhao"), person_id="qian")), "lost"),
        PersonsBegunAnew((new_person("zhao"), LI), "lost"),
    ],
)
def test_what_nobody_who_might_has_signed_counts_for_nothing(forged: Fact) -> None:
    found = persons_of(founders("li", "wang"), forged, added("qian", "li", "wang"))
    assert [one.person_id for one in found.active] == ["li", "wang", "qian"]
    assert [entry.sequence for entry in found.disregarded] == [2]


@pytest.mark.parametrize("facts", [(PersonsFounded((LI,)),), (PersonsFounded((LI, LI)),), (PersonsFounded(()),)])
def test_nobody_founds_alone(facts: Sequence[Fact]) -> None:
    found = persons_of(*facts)
    assert (found.known, len(found.disregarded)) == ({}, 1)


def test_what_earlier_software_wrote_counts_until_the_first_entry_of_this() -> None:
    first = new_person("li")
    found = persons_of(OLD, PersonAdded("li", "李", first.public_key), PersonRetired("zhang", "调离"))
    assert [one.person_id for one in found.active] == ["li"]
    assert found.signatures_needed == 1
    facts = (
        OLD,
        PersonAdded("li", "李", first.public_key),
        added("wang", "zhang", "li"),
        PersonAdded("x", "x", OLD.public_key),
    )
    found = persons_of(*facts)
    assert [one.person_id for one in found.active] == ["zhang", "li", "wang"]
    assert [entry.sequence for entry in found.disregarded] == [4]


def test_what_was_adopted_is_not_added_to_in_the_old_way() -> None:
    late = PersonAdded("li", "李", new_person("li").public_key)
    found = persons_of(OLD, HistoryAdopted(1, "0" * 64, "", 0), late, PersonRetired("zhang", "x"))
    assert [one.person_id for one in found.active] == ["zhang"]
    assert [entry.sequence for entry in found.disregarded] == [3, 4]


@pytest.mark.parametrize("facts", [(OLD, OLD), (OLD, PersonRetired("zhang", ""), OLD), (PersonRetired("zhang", ""),)])
def test_what_contradicts_the_journal_before_it_counts_for_nothing(facts: tuple[Fact, ...]) -> None:
    assert [entry.fact for entry in persons_of(*facts).disregarded] == [facts[-1]]


def test_beginning_anew_retires_everybody_and_is_told() -> None:
    anew = PersonsBegunAnew((new_person("zhao"), new_person("qian")), "the flood")
    found = persons_of(founders("li", "wang"), anew, added("sun", "li", "wang"), added("zhou", "zhao", "qian"))
    assert [one.person_id for one in found.active] == ["zhao", "qian", "zhou"]
    assert [entry.fact for entry in found.begun_anew] == [anew]
    assert [entry.sequence for entry in found.disregarded] == [3]
    assert found.known["li"].retired == 2


def test_when_nobody_is_left_nobody_is_registered_by_signature() -> None:
    found = persons_of(OLD, PersonRetired("zhang", ""), added("wang", "zhang"), founders("li", "zhao"))
    assert found.active == ()
    assert len(found.disregarded) == 2


def test_an_identifier_is_given_once() -> None:
    known = persons_of(PersonAdded("person-1", "", OLD.public_key)).known
    assert next_person_id(known) == "person-2"
    require_new_person(known, "person-2")
    with pytest.raises(ConflictError):
        require_new_person(known, "person-1")
    for bad in ("", "../x", "张", "a" * 41):
        with pytest.raises(IdentifierError):
            require_new_person(known, bad)
