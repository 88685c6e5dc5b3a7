"""Persons: the first registered together, later ones registered and retired by those who are, each with a signature.

What needs more signatures than are given at once is a request: a file that goes from one person to the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from archives.errors import ConflictError, FormatError, NotFoundError, RefusedError
from archives.journal.concern import Subject, SubjectKind
from archives.journal.facts import (
    KeyBegunAnew,
    NewPerson,
    OpeningSignatures,
    PersonAdded,
    PersonRetired,
    PersonsBegunAnew,
    PersonsFounded,
    SignedBy,
)
from archives.journal.persons import (
    FOUNDERS,
    Person,
    Persons,
    next_person_id,
    read_persons,
    require_active,
    require_new_person,
    signers_of,
    text_to_sign,
)
from archives.message import message
from archives.proof.signing import key_text, make_private_key, public_key_of, sign, under_passphrase
from preservation.archive import Archive
from preservation.journal.key import read_key
from preservation.stores.files import require_place, write_new, write_whole

Signable = TypeVar("Signable", bound=PersonAdded | PersonRetired | KeyBegunAnew | OpeningSignatures)
_REQUEST: TypeAdapter[PersonAdded | PersonRetired] = TypeAdapter(PersonAdded | PersonRetired)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody who is to get a key: ``seed`` is 32 random bytes, ``person_id`` None for the next free one."""

    name: str
    person_id: str | None
    key_file: Path | None
    passphrase: str = field(repr=False)
    seed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keyed:
    """A person with the private key under its passphrase, and the file that it is for."""

    person: NewPerson
    key_file: Path
    private_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Signer:
    """The key file of somebody who signs, with its passphrase."""

    key_file: Path
    passphrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Requested:
    """What became of a registration or a retirement: journalled, or (``lacking`` signatures) written into ``request``."""

    fact: PersonAdded | PersonRetired
    signers: tuple[Person, ...]
    lacking: int
    request: Path | None


def all_persons(archive: Archive) -> Persons:
    """Return every person the journal ever registered, and what it says of them that does not count."""
    archive.reading.refresh()
    return read_persons(archive.reading.entries_about(Subject(SubjectKind.ARCHIVE), Subject(SubjectKind.PERSON)))


def found(archive: Archive, wanted: Sequence[Wanted]) -> tuple[Keyed, ...]:
    """Register the first persons, two at least; raises ``RefusedError`` for fewer, and where somebody is registered."""
    archive.begin_writing()
    persons = all_persons(archive)
    if persons.known:
        raise RefusedError(
            message("已有登记的人员", "persons are registered already"),
            subject="person",
            advice=message("须由已登记的人员签名登记", "those who are registered sign the registration"),
        )
    keyed = _make_keys(archive, persons, _enough(wanted))
    _write_keys(keyed)
    _append(archive, PersonsFounded(tuple(one.person for one in keyed)))
    return keyed


def begin_anew(archive: Archive, wanted: Sequence[Wanted], *, reason: str) -> tuple[Keyed, ...]:
    """Register everybody anew with the archive's key alone, because too few keys are left to sign; told for ever.

    Raises ``RefusedError`` for fewer than two, and where nobody was registered before.
    """
    archive.begin_writing()
    persons = all_persons(archive)
    if not persons.known:
        raise RefusedError(
            message("还没有登记任何人员", "nobody was registered yet"),
            subject="person",
            advice=message("请用 jinkui person add 登记首批人员", "register the first ones with jinkui person add"),
        )
    keyed = _make_keys(archive, persons, _enough(wanted))
    _write_keys(keyed)
    _append(archive, PersonsBegunAnew(tuple(one.person for one in keyed), reason))
    return keyed


def register(
    archive: Archive, wanted: Wanted, signers: Sequence[Signer], *, request: Path | None
) -> tuple[Keyed, Requested]:
    """Register a person with the signatures of those who are registered, or write the request for those that lack."""
    archive.begin_writing()
    persons = all_persons(archive)
    (keyed,) = _make_keys(archive, persons, (wanted,))
    person = keyed.person
    fact = signed_by(persons, PersonAdded(person.person_id, person.name, person.public_key), signers)
    place = request or Path(f"{person.person_id}.request.json")
    require_place(place.absolute())
    _write_keys((keyed,))
    return keyed, _file(archive, persons, fact, place)


def retire(
    archive: Archive, person_id: str, signers: Sequence[Signer], *, reason: str, request: Path | None
) -> Requested:
    """Retire a person as one is registered; raises ``RefusedError`` when fewer than two would be left."""
    archive.begin_writing()
    persons = all_persons(archive)
    person = require_active(persons.known, person_id)
    if len(persons.active) <= FOUNDERS:
        raise RefusedError(
            message("停用后不足 {n} 人", "fewer than {n} persons would be left", n=FOUNDERS),
            subject=person_id,
            advice=message("请先登记接替的人员", "register a successor first"),
        )
    place = request or Path(f"retire-{person_id}.request.json")
    fact = signed_by(persons, PersonRetired(person.person_id, reason), signers)
    return _file(archive, persons, fact, place)


def sign_request(archive: Archive, request: Path, signer: Signer) -> Requested:
    """Add a signature to a request; with the last one that is needed it is journalled and the file is of no more use.

    Raises ``FormatError`` for another file, ``ConflictError`` for what was registered or retired meanwhile.
    """
    archive.begin_writing()
    persons = all_persons(archive)
    fact = _read_request(request)
    if isinstance(fact, PersonAdded):
        require_new_person(persons.known, fact.person_id)
    else:
        require_active(persons.known, fact.person_id)
    return _file(archive, persons, signed_by(persons, fact, (signer,)), request)


def require_outside(archive: Archive, path: Path) -> None:
    """Raise ``RefusedError`` for a person's key below the home: whoever has the home would have the person's key."""
    if path.absolute().resolve().is_relative_to(archive.folder.absolute().resolve()):
        raise RefusedError(
            message(
                "个人私钥不得放在档案库中：{path}", "a person's key is never kept in the home: {path}", path=str(path)
            ),
            subject=str(path),
            advice=message("请用 --key-file 指定别处", "name another place with --key-file"),
        )


def _enough(wanted: Sequence[Wanted]) -> Sequence[Wanted]:
    if len(wanted) < FOUNDERS:
        raise RefusedError(
            message("首批须同时登记至少 {n} 人", "at least {n} persons are registered at first, at once", n=FOUNDERS),
            subject="person",
            advice=message("请在同一命令中写明两人以上", "name two or more in one command"),
        )
    return wanted


def _make_keys(archive: Archive, persons: Persons, wanted: Sequence[Wanted]) -> tuple[Keyed, ...]:
    """Make a key for everybody; nothing is written by that."""
    taken = {*persons.known, *(one.person_id for one in wanted if one.person_id)}
    named = [one.person_id for one in wanted if one.person_id]
    if len(set(named)) < len(named):
        raise ConflictError(
            message("标识写了两次", "an identifier is given twice"),
            subject="--id",
            advice=message("每人各写一个标识", "give each person one of their own"),
        )
    keyed: list[Keyed] = []
    for one in wanted:
        person_id = one.person_id or next_person_id(taken)
        taken.add(person_id)
        require_new_person(persons.known, person_id)
        path = one.key_file or Path(f"{person_id}.key")
        require_outside(archive, path)
        require_place(path.absolute())
        private_key = make_private_key(one.seed, one.passphrase)
        public_key = key_text(public_key_of(make_private_key(one.seed, None), None))
        keyed.append(Keyed(NewPerson(person_id, one.name, public_key), path, private_key))
    return tuple(keyed)


def _write_keys(keyed: Sequence[Keyed]) -> None:
    for one in keyed:
        write_new(one.key_file.absolute(), one.private_key, mode=0o600)


def signed_by(persons: Persons, fact: Signable, signers: Sequence[Signer]) -> Signable:
    """Return what persons sign with these signatures too; raises ``RefusedError`` for somebody else's key."""
    if not persons.active:
        raise RefusedError(
            message("没有可以签名的人员", "nobody is left to sign"),
            subject="person",
            advice=message("请运行 jinkui person begin-anew", "run jinkui person begin-anew"),
        )
    text = text_to_sign(fact)
    signatures = list(fact.signed_by)
    for signer in signers:
        signature = sign(read_key(signer.key_file), signer.passphrase, text)
        person = next((one for one in persons.active if one.has_signed(text, signature)), None)
        if person is None:
            raise _nobodys_key(signer.key_file)
        signatures.append(SignedBy(person.person_id, key_text(signature)))
    return replace(fact, signed_by=tuple(signatures))


def unlocked(persons: Persons, signers: Sequence[Signer]) -> tuple[tuple[Person, bytes], ...]:
    """Return who signs, each with the private key opened once, for many signatures; raises as ``signed_by`` does."""
    found: dict[bytes, tuple[Person, bytes]] = {}
    for signer in signers:
        private_key = under_passphrase(read_key(signer.key_file), None, opened_with=signer.passphrase)
        public_key = public_key_of(private_key, None)
        person = next((one for one in persons.active if one.public_key == public_key), None)
        if person is None:
            raise _nobodys_key(signer.key_file)
        found[public_key] = (person, private_key)
    return tuple(found.values())


def _nobodys_key(path: Path) -> RefusedError:
    said = message("{path} 不是任何在任人员的私钥", "{path} is not the key of anybody who acts", path=str(path))
    advice = message("在任人员见 jinkui person list", "jinkui person list says who acts")
    return RefusedError(said, subject=str(path), advice=advice)


def _file(archive: Archive, persons: Persons, fact: PersonAdded | PersonRetired, request: Path) -> Requested:
    """Journal what enough people signed; write anything else into a request."""
    valid = signers_of(persons, fact)
    lacking = max(0, persons.signatures_needed - len(valid))
    if lacking:
        write_whole(request.absolute(), _REQUEST.dump_json(fact, indent=1) + b"\n", mode=0o644)
        return Requested(fact, valid, lacking, request)
    _append(archive, fact)
    return Requested(fact, valid, 0, None)


def _append(archive: Archive, fact: PersonsFounded | PersonsBegunAnew | PersonAdded | PersonRetired) -> None:
    """Journal what was decided about persons; raises ``ConflictError`` when others decided otherwise meanwhile."""
    (entry,) = archive.vault.ledger.append([fact])
    if entry in all_persons(archive).disregarded:
        raise ConflictError(
            message(
                "其间人员登记已有变化，此次不作数",
                "persons were registered or retired meanwhile; this counts for nothing",
            ),
            subject="person",
            advice=message("请用 jinkui person list 查看后重试", "look at jinkui person list and try again"),
        )


def _read_request(path: Path) -> PersonAdded | PersonRetired:
    try:
        return _REQUEST.validate_json(path.read_bytes())
    except OSError as cause:
        raise NotFoundError(message("没有文件 {path}", "no file {path}", path=str(path)), subject=str(path)) from cause
    except ValidationError as cause:
        raise FormatError(
            message("不是登记或停用人员的请求", "this is no request about a person"),
            subject=str(path),
            advice=message(
                "请求由 jinkui person add、person retire 写出", "jinkui person add and person retire write them"
            ),
        ) from cause
