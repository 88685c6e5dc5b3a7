"""How the persons who sign are named on the command line: their key files and passphrases."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from archives.errors import UsageProblem
from archives.message import message
from cli.commands.person.passphrase import passphrase_of
from cli.frame.commands import Call
from cli.frame.parameters import Option
from preservation.actions.persons import Signer

SignerKeys = Annotated[
    tuple[Path, ...],
    Option(message("签名人的私钥文件（可多次）", "key file of a registered person who signs (may be repeated)")),
]
SignerPassphrases = Annotated[
    tuple[str, ...],
    Option(message("签名人的口令文件：一个，或与私钥同序", "their passphrase files: one, or as many as keys")),
]


def signers_with(call: Call, keys: Sequence[Path], passphrases: Sequence[str]) -> tuple[Signer, ...]:
    """Return who signs, each passphrase read or asked; raises ``UsageProblem`` for another number of passphrases."""
    if len(passphrases) > 1 and len(passphrases) != len(keys):
        raise UsageProblem(
            message("须与私钥一样多", "give as many as there are keys"), subject="--signer-passphrase-file"
        )
    return tuple(
        Signer(key, passphrase_of(call.output, passphrases[number % len(passphrases)] if passphrases else None, key))
        for number, key in enumerate(keys)
    )
