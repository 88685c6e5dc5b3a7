"""What a passphrase locks: a key is stretched from it by scrypt (RFC 7914), and what it locks lies under AES-256-GCM.

What is locked can be bound to other bytes: it opens only beside those.
"""

import base64
import json

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from archives.errors import FormatError, RefusedError
from archives.message import message

SCRYPT = (1 << 17, 8, 1)
"""128 MiB and less than half a second a try (RFC 7914 §2)."""
DRAWN_BYTES = 28

_SHORTEST = 8
_FORMAT = "jinkui-locked-1"
_SALT_BYTES = 16
_MOST_MEMORY_BYTES = 1 << 30


def require_long(passphrase: str) -> None:
    """Raise ``RefusedError`` for a passphrase of fewer than 8 characters."""
    if len(passphrase) < _SHORTEST:
        raise RefusedError(
            message("口令至少 {n} 个字符", "a passphrase has at least {n} characters", n=_SHORTEST),
            subject="passphrase",
        )


def stretched(passphrase: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    """Return the 32 bytes that scrypt makes of a passphrase; raises ``ValueError`` for a cost beyond 1 GiB of memory."""
    if 128 * cost * block * parallel > _MOST_MEMORY_BYTES:
        raise ValueError(cost)
    return Scrypt(salt=salt, length=32, n=cost, r=block, p=parallel).derive(passphrase.encode("utf-8"))


def lock(data: bytes, passphrase: str, *, drawn: bytes, bound_to: bytes) -> bytes:
    """Return bytes locked under a passphrase, as JSON; ``drawn`` are 28 random bytes that are used for nothing else.

    Raises ``RefusedError`` for a passphrase that is too short.
    """
    require_long(passphrase)
    salt, nonce = drawn[:_SALT_BYTES], drawn[_SALT_BYTES:DRAWN_BYTES]
    cost, block, parallel = SCRYPT
    sealed = AESGCM(stretched(passphrase, salt, *SCRYPT)).encrypt(nonce, data, bound_to)
    value = {
        "format": _FORMAT,
        "scrypt": {"n": cost, "r": block, "p": parallel, "salt": _text(salt)},
        "nonce": _text(nonce),
        "ciphertext": _text(sealed),
    }
    return (json.dumps(value, indent=1) + "\n").encode("ascii")


def unlock(locked: bytes, passphrase: str, *, bound_to: bytes) -> bytes:
    """Return what ``lock`` locked.

    Raises ``RefusedError`` for another passphrase, or where it is not what it was locked beside; ``FormatError`` for what
    ``lock`` did not write.
    """
    try:
        value = json.loads(locked)
        cost, block, parallel = (int(value["scrypt"][name]) for name in ("n", "r", "p"))
        texts = (value["scrypt"]["salt"], value["nonce"], value["ciphertext"])
        salt, nonce, sealed = (base64.b64decode(text, validate=True) for text in texts)
        if value["format"] != _FORMAT:
            raise ValueError(value["format"])
        return AESGCM(stretched(passphrase, salt, cost, block, parallel)).decrypt(nonce, sealed, bound_to)
    except InvalidTag as cause:
        raise RefusedError(
            message("口令不对，打不开", "the passphrase does not open it"), subject="passphrase"
        ) from cause
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as cause:
        raise FormatError(
            message("不是用口令锁住的内容", "this is nothing that a passphrase locks"), subject="locked"
        ) from cause


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
