"""Commands about persons: register them with signing keys, list them, retire one, begin anew when keys are lost."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, RefusedError, UsageProblem
from archives.journal.persons import Person
from archives.message import Message, message
from archives.proof.signing import key_text
from cli import wiring
from cli.commands.person.passphrase import new_passphrase, passphrase_of
from cli.commands.person.signing import SignerKeys, SignerPassphrases, signers_with
from cli.commands.shared import LOOKS, NOT_DONE, WRITES, Yes
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import home_of
from preservation.actions import persons
from preservation.actions.persons import Keyed, Requested, Signer, Wanted

Names = Annotated[tuple[str, ...], Argument(message("姓名", "name"))]
Ids = Annotated[tuple[str, ...], Option(message("标识，与姓名同序", "identifiers, in the order of the names"))]
KeyFiles = Annotated[
    tuple[Path, ...],
    Option(message("私钥写入的文件，与姓名同序", "where the private keys are written, in the order of the names")),
]
PassphraseFiles = Annotated[
    tuple[str, ...],
    Option(
        message(
            "口令文件（首行；- 为标准输入）：一个，或与姓名同序",
            "file whose first line is the passphrase (- is the input): one, or as many as names",
        )
    ),
]
Request = Annotated[
    Path | None,
    Option(message("签名未齐时请求写到哪个文件", "file of the request when signatures are lacking")),
]
Reason = Annotated[str, Option(message("原因", "reason"))]

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


@command(
    example="jinkui person add Wang Li --id wang --id li --key-file wang.key --key-file li.key",
    exits=(*WRITES, RefusedError, FormatError),
)
def add(
    call: Call,
    *,
    name: Names,
    id_: Ids = (),
    key_file: KeyFiles = (),
    passphrase_file: PassphraseFiles = (),
    signer_key: SignerKeys = (),
    signer_passphrase_file: SignerPassphrases = (),
    request: Request = None,
) -> Result:
    """Make keys under passphrases and register their owners: two or more at first, afterwards one, signed by two."""
    archive = home_of(call).archive
    if not persons.all_persons(archive).known:
        return _keyed(persons.found(archive, _wanted(call, name, id_, key_file, passphrase_file)))
    if len(name) != 1:
        raise UsageProblem(message("一次登记一人", "one person is registered at a time"), subject="NAME")
    (wanted,) = _wanted(call, name, id_, key_file, passphrase_file)
    keyed, done = persons.register(
        archive, wanted, signers_with(call, signer_key, signer_passphrase_file), request=request
    )
    made = _keyed((keyed,), is_registered=not done.lacking)
    return Result({**made.data, **_request_data(done)}, lines=(*made.lines, *_lacking(done)))


@command(example="jinkui person list", exits=LOOKS)
def list_persons(call: Call) -> Result:
    """List everyone ever registered."""
    found = persons.all_persons(home_of(call).archive)
    table, data = listing(message("人员", "persons"), _FIELDS, found.known.values())
    lines = [message("共 {n} 人", "{n} {n:person|persons}", n=len(data))]
    lines += [
        message("日志第 {n} 条未经有权者签名，不作数：{said}", "entry {n} counts for nothing, nobody who may has signed it: {said}", n=one.sequence, said=one.fact.said())
        for one in found.disregarded
    ]  # fmt: skip
    disregarded = [one.sequence for one in found.disregarded]
    return Result({"persons": data, "disregarded": disregarded}, (table,) if data else (), tuple(lines))


@command(
    example='jinkui person retire wang --reason "has left" --signer-key li.key --signer-key qian.key',
    exits=(*WRITES, RefusedError, FormatError),
)
def retire(
    call: Call,
    *,
    id_: Annotated[str, Argument(message("人员标识", "identifier of the person"))],
    reason: Reason,
    signer_key: SignerKeys = (),
    signer_passphrase_file: SignerPassphrases = (),
    request: Request = None,
) -> Result:
    """Retire a person, signed by two who are registered; what was signed before stays valid."""
    signers = signers_with(call, signer_key, signer_passphrase_file)
    done = persons.retire(home_of(call).archive, id_, signers, reason=reason, request=request)
    return _requested(done)


@command(example="jinkui person sign wang.request.json --key-file li.key", exits=(*WRITES, RefusedError, FormatError))
def sign(
    call: Call,
    *,
    request: Annotated[Path, Argument(message("请求文件", "file of the request"))],
    key_file: Annotated[Path, Option(message("私钥文件", "file of the private key"))],
    passphrase_file: Annotated[
        str | None, Option(message("口令文件，- 为标准输入", "file with the passphrase, - for the input"))
    ] = None,
) -> Result:
    """Sign the registration or the retirement of a person; the last signature that is needed carries it out."""
    signer = Signer(key_file, passphrase_of(call.output, passphrase_file, key_file))
    return _requested(persons.sign_request(home_of(call).archive, request, signer))


@command(
    example='jinkui person begin-anew Zhao Sun --reason "keys lost in the flood"',
    exits=(*WRITES, RefusedError),
)
def begin_anew(
    call: Call,
    *,
    name: Names,
    reason: Reason,
    id_: Ids = (),
    key_file: KeyFiles = (),
    passphrase_file: PassphraseFiles = (),
    yes: Yes = False,
) -> Result:
    """Register everybody anew when too few keys are left to sign: told by every verification from then on."""
    archive = home_of(call).archive
    question = message(
        "此前登记的人员全部失效，此后每次验证日志都会说明。继续？[y/N]",
        "nobody registered before will act any more, and every verification will tell of it. Continue? [y/N]",
    )
    if not (yes or call.output.confirm(question)):
        return Result({"persons": []}, lines=(NOT_DONE,), exit_code=5)
    wanted = _wanted(call, name, id_, key_file, passphrase_file)
    return _keyed(persons.begin_anew(archive, wanted, reason=reason))


def _wanted(
    call: Call, names: Sequence[str], ids: Sequence[str], files: Sequence[Path], passphrases: Sequence[str]
) -> tuple[Wanted, ...]:
    """Return who is to get a key; what is given by name stands in the order of the names, a passphrase file may serve all."""
    stripped = [name.strip() for name in names]
    if not all(stripped):
        raise UsageProblem(message("姓名不能为空", "a person has a name"), subject="NAME")
    for written, given, least in (("--id", ids, 0), ("--key-file", files, 0), ("--passphrase-file", passphrases, 1)):
        if len(given) > least and len(given) != len(names):
            raise UsageProblem(message("须与姓名一样多", "give as many as there are names"), subject=written)
    common = new_passphrase(call.output, passphrases[0]) if len(passphrases) == 1 else None
    return tuple(
        Wanted(
            name,
            ids[number] if ids else None,
            files[number] if files else None,
            common or new_passphrase(call.output, passphrases[number] if passphrases else None, name),
            wiring.new_key_seed(),
        )
        for number, name in enumerate(stripped)
    )


def _keyed(keyed: Sequence[Keyed], *, is_registered: bool = True) -> Result:
    said = [
        message(
            "{name}（{id}）的私钥在 {path}，请交本人保管，勿留副本",
            "the private key of {name} ({id}) is {path}, for that person to keep, and nobody else",
            name=one.person.name,
            id=one.person.person_id,
            path=str(one.key_file),
        )
        for one in keyed
    ]
    if is_registered:
        names = ", ".join(one.person.name for one in keyed)
        said.insert(0, message("已登记 {names}", "registered {names}", names=names))
    data = [
        {
            "id": one.person.person_id,
            "name": one.person.name,
            "public_key": one.person.public_key,
            "key_file": str(one.key_file),
        }
        for one in keyed
    ]
    return Result({"persons": data}, lines=tuple(said))


def _requested(done: Requested) -> Result:
    lines = _lacking(done) if done.lacking else (done.fact.said(),)
    return Result(_request_data(done), lines=lines)


def _request_data(done: Requested) -> dict[str, object]:
    return {
        "id": done.fact.person_id,
        "signed_by": [one.person_id for one in done.signers],
        "lacking": done.lacking,
        "request": str(done.request) if done.request else None,
    }


def _lacking(done: Requested) -> tuple[Message, ...]:
    if not done.lacking:
        return ()
    said = message(
        "还缺 {n} 人签名；请由已登记的人员运行 jinkui person sign {path} --key-file 私钥文件",
        "{n} {n:signature|signatures} {n:is|are} lacking; somebody registered runs jinkui person sign {path} --key-file FILE",
        n=done.lacking,
        path=str(done.request),
    )
    return (said,)
