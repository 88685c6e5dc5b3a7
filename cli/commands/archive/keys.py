"""Commands about the archive's signing key: show it, keep it in the safe, bring it back, replace it."""

from pathlib import Path
from typing import Annotated

from archives.errors import FormatError, RefusedError
from archives.journal.seal import key_name
from archives.message import Message, message
from archives.proof.signing import is_under_passphrase, key_text
from cli import wiring
from cli.commands.person.passphrase import new_passphrase, read_passphrase
from cli.commands.shared import LOOKS, WRITES
from cli.frame.commands import Call, command
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import home_of
from preservation.actions.journal.keys import KeyState, export_key, import_key, key_state, rotate_key
from preservation.stores.files import require_place

PassphraseFile = Annotated[
    str | None,
    Option(message("口令文件（首行），- 为标准输入", "file whose first line is the passphrase; - is the input")),
]
NOT_EXPORTED = message(
    "签章私钥只在这台机器上；请运行 jinkui key export 文件，存入保险柜",
    "the signing key lies on this machine alone; run jinkui key export FILE and put that into the safe",
)


@command(example="jinkui key show", exits=LOOKS)
def show(call: Call) -> Result:
    """Show which key signs, with its public part for the safe; the private part is never shown."""
    return _result(key_state(home_of(call).archive), message("签章密钥", "the signing key"))


@command(example="jinkui key export /media/usb/archive-key.pem", exits=(*LOOKS, RefusedError))
def export(
    call: Call,
    *,
    file: Annotated[Path, Argument(message("写入的文件", "the file to write"))],
    passphrase_file: PassphraseFile = None,
) -> Result:
    """Write the private key under a passphrase to a file, to be kept in the safe."""
    require_place(file)
    home = home_of(call)
    state = export_key(home.archive, file, passphrase=new_passphrase(call.output, passphrase_file))
    return _result(
        state, message("私钥（加口令）已写入 {path}", "the private key, under its passphrase: {path}", path=str(file))
    )


@command(example="jinkui key import /media/usb/archive-key.pem", exits=(*LOOKS, RefusedError, FormatError))
def import_file(
    call: Call,
    *,
    file: Annotated[Path, Argument(message("私钥文件", "file of the private key"))],
    passphrase_file: PassphraseFile = None,
) -> Result:
    """Bring the archive's private key back from the safe."""
    home = home_of(call)
    state = import_key(home.archive, file, passphrase=asked_passphrase(call, file, passphrase_file))
    return _result(state, message("私钥已放回", "the private key is back"))


@command(example="jinkui key rotate", exits=WRITES)
def rotate(call: Call) -> Result:
    """Let a new key sign from now on; the old one vouches for it and signs nothing any more."""
    home = home_of(call)
    state = rotate_key(home.archive, new_seed=wiring.new_key_seed)
    return _result(state, message("新密钥开始签章", "a new key signs from now on"))


def asked_passphrase(call: Call, file: Path, passphrase_file: str | None) -> str | None:
    """Return the passphrase of a key file: from a file, asked on a terminal, None for a key that has none."""
    if passphrase_file is not None:
        return read_passphrase(passphrase_file)
    if file.is_file() and not is_under_passphrase(file.read_bytes()):
        return None
    return call.output.ask_secret(message("口令：", "passphrase: "))


def _result(state: KeyState, said: Message) -> Result:
    lines = [
        said,
        message("密钥 {name}", "key {name}", name=state.name),
        message("公钥 {key}", "public key {key}", key=key_text(state.public_key)),
    ]
    if not state.is_exported:
        lines.append(NOT_EXPORTED)
    data = {
        "name": state.name,
        "public_key": key_text(state.public_key),
        "exported": state.is_exported,
        "former": [key_name(one) for one in state.former],
    }
    return Result(data, lines=tuple(lines))
