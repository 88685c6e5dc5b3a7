"""Commands about persons: register one with a signing key, list them, retire one."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from archives.errors import NotFoundError, RefusedError, UsageProblem
from archives.journal.concern import Subject, SubjectKind
from archives.journal.facts import PersonAdded, PersonRetired
from archives.message import message
from archives.proof.signing import key_text, make_private_key, public_key_of
from cli import wiring
from cli.commands.shared import LOOKS, WRITES
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Output, Result
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from preservation.journal.key import read_text
from preservation.journal.persons import Person, next_person_id, registered_persons, require_active, require_new_person
from preservation.stores.files import write_new

_ACTIVE, _RETIRED = message("在任", "active"), message("已停用", "retired")
_FIELDS: tuple[Field[Person], ...] = (
    Field("id", message("标识", "id"), lambda one: one.person_id),
    Field("name", message("姓名", "name"), lambda one: one.name),
    Field("", message("状态", "state"), lambda one: _RETIRED if one.retired else _ACTIVE),
    Field("public_key", message("公钥", "public key"), lambda one: key_text(one.public_key)),
    Field("added", None, lambda one: one.added),
    Field("retired", None, lambda one: one.retired),
    Field("reason", None, lambda one: one.reason),
)


@command(example="jinkui person add Wang --id wang --key-file wang.pem", exits=(*WRITES, RefusedError))
def add(
    call: Call,
    *,
    name: Annotated[str, Argument(message("姓名", "name"))],
    id_: Annotated[str | None, Option(message("标识", "identifier"))] = None,
    key_file: Annotated[Path | None, Option(message("私钥写入的文件", "where the private key is written"))] = None,
    passphrase_file: Annotated[
        str | None,
        Option(
            message("口令文件（首行），- 为标准输入", "file whose first line is the passphrase; - is the input"),
        ),
    ] = None,
) -> Result:
    """Make a key under a passphrase, write it to a file of the person's, register its public part."""
    home = home_of(call)
    if not name.strip():
        raise UsageProblem(message("姓名不能为空", "a person has a name"), subject="NAME")
    home.begin_writing()
    persons = _registered(home)
    person_id = id_ or next_person_id(persons)
    require_new_person(persons, person_id)
    passphrase = new_passphrase(call.output, passphrase_file)
    private_pem = make_private_key(wiring.new_key_seed(), passphrase)
    public_key = key_text(public_key_of(private_pem, passphrase))
    path = key_file or home.folder / "keys" / "persons" / f"{person_id}.pem"
    if key_file is None:
        path.parent.parent.mkdir(mode=0o700, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
    write_new(path.absolute(), private_pem, mode=0o600)
    home.vault.ledger.append([PersonAdded(person_id, name.strip(), public_key)])
    said = message(
        "已登记 {name}（{id}），私钥在 {path}，请交本人保管",
        "registered {name} ({id}); the private key is {path}, for that person to keep",
        name=name.strip(),
        id=person_id,
        path=str(path),
    )
    data = {"id": person_id, "name": name.strip(), "public_key": public_key, "key_file": str(path)}
    return Result(data, lines=(said,))


@command(example="jinkui person list", exits=LOOKS)
def list_persons(call: Call) -> Result:
    """List everyone ever registered."""
    persons = _registered(home_of(call)).values()
    table, data = listing(message("人员", "persons"), _FIELDS, persons)
    said = message("共 {n} 人", "{n} persons", n=len(data))
    return Result({"persons": data}, (table,) if data else (), (said,))


@command(example='jinkui person retire wang --reason "has left"', exits=(*WRITES, RefusedError))
def retire(
    call: Call,
    *,
    id_: Annotated[str, Argument(message("人员标识", "identifier of the person"))],
    reason: Annotated[str, Option(message("原因", "reason"))],
) -> Result:
    """Retire a person; what was signed before stays valid."""
    home = home_of(call)
    home.begin_writing()
    person = require_active(_registered(home), id_)
    home.vault.ledger.append([PersonRetired(person.person_id, reason)])
    said = message("已停用 {name}（{id}）", "retired {name} ({id})", name=person.name, id=person.person_id)
    return Result({"id": person.person_id, "reason": reason}, lines=(said,))


def _registered(home: Home) -> Mapping[str, Person]:
    home.reading.refresh()
    return registered_persons(home.reading.entries_about(Subject(SubjectKind.PERSON)))


def new_passphrase(output: Output, file: str | None) -> str:
    """Return a new passphrase: asked twice on a terminal, else the first line of a file (``-``: of the input).

    Raises ``RefusedError`` when there is neither, or the two answers differ.
    """
    if file is not None:
        return read_passphrase(file)
    once = output.ask_secret(message("新口令：", "new passphrase: "))
    again = output.ask_secret(message("再输一遍：", "once more: ")) if once is not None else None
    if once is None:
        raise RefusedError(
            message("没有终端，不能询问口令", "there is no terminal to ask for the passphrase on"),
            subject="passphrase",
            advice=message("请用 --passphrase-file", "use --passphrase-file"),
        )
    if once != again:
        raise RefusedError(message("两次输入的口令不同", "the two passphrases differ"), subject="passphrase")
    return once


def read_passphrase(file: str) -> str:
    """Return the first line of a file, ``-`` for the input; raises ``NotFoundError`` when it is empty."""
    lines = (sys.stdin.readline() if file == "-" else read_text(Path(file))).splitlines()
    if not lines:
        raise NotFoundError(message("没有口令", "there is no passphrase"), subject=file)
    return lines[0]
