"""Checkpoints: signed notes that vouch for a tree of a size (C2SP tlog-checkpoint, signed-note, Ed25519).

The text: the origin, the number of leaves, the root in base64, further lines ``name value``; an empty line; one line
``— NAME BASE64`` a signature. The name of our key is the origin, so that a key vouches for one tree only.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from archives.errors import FormatError, IntegrityError
from archives.message import message
from archives.proof.signing import PUBLIC_KEY_BYTES, SIGNATURE_BYTES, verify

_ED25519 = b"\x01"
_KEY_HASH_BYTES = 4
_SIGNED = "— "
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_ORIGIN = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_HEAD = "head "
_SEQUENCE = "sequence "


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is vouched for: ``origin`` names the tree, ``head`` is the digest of the journal's newest line, if any.

    ``sequence`` is the number of the journal's entry up to which what is published was brought, if it is about that.
    """

    origin: str
    size: int
    root: bytes
    head: str = ""
    sequence: int = 0

    def text(self) -> str:
        """Return the signed text, with its last line feed."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode("ascii")]
        if self.head:
            lines.append(_HEAD + self.head)
        if self.sequence:
            lines.append(f"{_SEQUENCE}{self.sequence}")
        return "".join(line + "\n" for line in lines)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name of what it vouches for."""

    name: str
    public_key: bytes

    def key_hash(self) -> bytes:
        """Return the four bytes by which a signature names its key (C2SP signed-note)."""
        return hashlib.sha256(self.name.encode("utf-8") + b"\n" + _ED25519 + self.public_key).digest()[:_KEY_HASH_BYTES]

    def text(self) -> str:
        """Return the key in one line: ``NAME+HASH+BASE64`` (C2SP signed-note)."""
        return f"{self.name}+{self.key_hash().hex()}+{base64.b64encode(_ED25519 + self.public_key).decode('ascii')}"


def journal_origin(home_id: str) -> str:
    """Return the origin of the tree over an archive's journal."""
    return f"jinkui/{home_id}/journal"


def published_origin(home_id: str) -> str:
    """Return the origin of the tree over an archive's published views."""
    return f"jinkui/{home_id}/published"


def record_origin(home_id: str) -> str:
    """Return the origin of the trees of one leaf each, with which an archive signs what is published of a record."""
    return f"jinkui/{home_id}/record"


def sign_checkpoint(checkpoint: Checkpoint, public_key: bytes, sign: Callable[[bytes], bytes]) -> str:
    """Return the signed note; ``sign`` signs with the private part of ``public_key``."""
    key_hash = VerifierKey(checkpoint.origin, public_key).key_hash()
    signature = base64.b64encode(key_hash + sign(checkpoint.text().encode("utf-8"))).decode("ascii")
    return f"{checkpoint.text()}\n{_SIGNED}{checkpoint.origin} {signature}\n"


def open_checkpoint(note: str, keys: tuple[VerifierKey, ...]) -> Checkpoint:
    """Return what a signed note vouches for.

    Raises ``FormatError`` for what is no checkpoint, ``IntegrityError`` when none of the keys signed it.
    """
    checkpoint = require_checkpoint(note)
    text, _, signatures = note.rpartition("\n\n")
    for line in signatures.splitlines():
        name, signature = _signature(line)
        for key in keys:
            if (
                key.name == name == checkpoint.origin
                and signature[:_KEY_HASH_BYTES] == key.key_hash()
                and verify(key.public_key, (text + "\n").encode("utf-8"), signature[_KEY_HASH_BYTES:])
            ):
                return checkpoint
    raise IntegrityError(
        message("检查点的签名不符", "the checkpoint is not signed by this key"), subject=checkpoint.origin
    )


def require_checkpoint(note: str) -> Checkpoint:
    """Return what a note says, whether or not anybody signed it; raises ``FormatError`` for what is no checkpoint."""
    text, divider, signatures = note.rpartition("\n\n")
    if not divider or not signatures.endswith("\n"):
        raise _no_checkpoint()
    return _parse(text + "\n")


def parse_verifier_keys(text: str) -> tuple[VerifierKey, ...]:
    """Read public keys, one a line; raises ``FormatError``."""
    keys = []
    for line in filter(None, text.splitlines()):
        try:
            name, key_hash, encoded = line.split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error) as cause:
            raise _no_key() from cause
        key = VerifierKey(name, raw[1:])
        if raw[:1] != _ED25519 or len(raw) != 1 + PUBLIC_KEY_BYTES or key.key_hash().hex() != key_hash:
            raise _no_key()
        keys.append(key)
    if not keys:
        raise _no_key()
    return tuple(keys)


def _parse(text: str) -> Checkpoint:
    lines = text.split("\n")[:-1]
    if len(lines) < 3 or "" in lines or not _ORIGIN.fullmatch(lines[0]) or not _SIZE.fullmatch(lines[1]):
        raise _no_checkpoint()
    try:
        root = base64.b64decode(lines[2], validate=True)
    except (ValueError, binascii.Error) as cause:
        raise _no_checkpoint() from cause
    if len(root) != hashlib.sha256().digest_size:
        raise _no_checkpoint()
    head = next((line.removeprefix(_HEAD) for line in lines[3:] if line.startswith(_HEAD)), "")
    number = next((line.removeprefix(_SEQUENCE) for line in lines[3:] if line.startswith(_SEQUENCE)), "0")
    if not _SIZE.fullmatch(number):
        raise _no_checkpoint()
    return Checkpoint(lines[0], int(lines[1]), root, head, int(number))


def _signature(line: str) -> tuple[str, bytes]:
    name, space, encoded = line.removeprefix(_SIGNED).partition(" ")
    try:
        signature = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as cause:
        raise _no_checkpoint() from cause
    if not line.startswith(_SIGNED) or not space or len(signature) < _KEY_HASH_BYTES + SIGNATURE_BYTES:
        raise _no_checkpoint()
    return name, signature


def _no_checkpoint() -> FormatError:
    return FormatError(message("不是检查点", "this is no checkpoint"), subject="checkpoint")


def _no_key() -> FormatError:
    return FormatError(message("不是检查点的公钥", "this is no public key of checkpoints"), subject="public key")
