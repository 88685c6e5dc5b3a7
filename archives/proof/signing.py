"""Ed25519 signatures (RFC 8032), with private keys as PKCS#8 PEM (RFC 5958), or in a file of their own under a passphrase.

Public keys are their 32 bytes, signatures their 64; as text both are base64. A passphrase is stretched by scrypt (RFC 7914);
what opens is the seed under AES-256-GCM. Keys that earlier software put under a passphrase are PEM, and are still read.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from archives.errors import FormatError, RefusedError
from archives.message import message
from archives.proof.passphrase import SCRYPT, require_long, stretched

PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64
_LOCKED = "jinkui-private-key-1"


def make_private_key(seed: bytes, passphrase: str | None) -> bytes:
    """Return the file of the private key with this seed (32 random bytes); None leaves it without a passphrase.

    Raises ``RefusedError`` for a passphrase of fewer than 8 characters.
    """
    key = Ed25519PrivateKey.from_private_bytes(seed)
    if passphrase is None:
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    require_long(passphrase)
    drawn = hashlib.sha512(b"jinkui/salt" + seed).digest()  # as random as the seed, of which it tells nothing
    salt, nonce = drawn[:16], drawn[16:28]
    public_key = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    sealed = AESGCM(stretched(passphrase, salt, *SCRYPT)).encrypt(nonce, seed, public_key)
    cost, block, parallel = SCRYPT
    value = {
        "format": _LOCKED,
        "public_key": key_text(public_key),
        "scrypt": {"n": cost, "r": block, "p": parallel, "salt": key_text(salt)},
        "nonce": key_text(nonce),
        "ciphertext": key_text(sealed),
    }
    return (json.dumps(value, indent=1) + "\n").encode("ascii")


def under_passphrase(private_key: bytes, passphrase: str | None, *, opened_with: str | None = None) -> bytes:
    """Return a private key under another passphrase, None for none; raises as ``sign`` and ``make_private_key`` do."""
    key = _opened(private_key, opened_with)
    return make_private_key(key.private_bytes_raw(), passphrase)


def public_key_of(private_key: bytes, passphrase: str | None) -> bytes:
    """Return the public key of a private one; raises as ``sign`` does."""
    return _opened(private_key, passphrase).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def sign(private_key: bytes, passphrase: str | None, data: bytes) -> bytes:
    """Return the signature of ``data``.

    Raises ``RefusedError`` for a wrong or missing passphrase, ``FormatError`` for what is no Ed25519 key.
    """
    return _opened(private_key, passphrase).sign(data)


def signer(private_key: bytes) -> Callable[[bytes], bytes]:
    """Return what signs with a private key that has no passphrase, opened once; raises as ``sign`` does."""
    return _opened(private_key, None).sign


def is_under_passphrase(private_key: bytes) -> bool:
    """Say whether a private key's file needs a passphrase."""
    return _is_locked(private_key) or b"ENCRYPTED PRIVATE KEY" in private_key


def verify(public_key: bytes, data: bytes, signature: bytes) -> bool:
    """Say whether the key's owner signed exactly ``data``; a key or signature of a wrong length never did."""
    if len(public_key) != PUBLIC_KEY_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_text(public_key: bytes) -> str:
    """Return a public key (or a signature) in base64."""
    return base64.b64encode(public_key).decode("ascii")


def parse_key(text: str) -> bytes:
    """Read a public key from base64; raises ``FormatError``."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as cause:
        raise _no_public_key() from cause
    if len(key) != PUBLIC_KEY_BYTES:
        raise _no_public_key()
    return key


def parse_signature(text: str) -> bytes:
    """Read a signature from base64; raises ``FormatError``."""
    try:
        signature = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as cause:
        raise _no_signature() from cause
    if len(signature) != SIGNATURE_BYTES:
        raise _no_signature()
    return signature


def _opened(private_key: bytes, passphrase: str | None) -> Ed25519PrivateKey:
    if _is_locked(private_key):
        return _unlocked(private_key, passphrase)
    locked = is_under_passphrase(private_key)
    if locked and not passphrase:
        raise _wrong_passphrase()
    try:
        key = load_pem_private_key(private_key, passphrase.encode("utf-8") if locked and passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as cause:
        raise (_wrong_passphrase() if locked else _no_private_key()) from cause
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_private_key()
    return key


def _is_locked(private_key: bytes) -> bool:
    return private_key.lstrip().startswith(b"{")


def _unlocked(private_key: bytes, passphrase: str | None) -> Ed25519PrivateKey:
    try:
        value = json.loads(private_key)
        cost, block, parallel = (value["scrypt"][name] for name in ("n", "r", "p"))
        salt, nonce, sealed, public_key = (
            base64.b64decode(text, validate=True)
            for text in (value["scrypt"]["salt"], value["nonce"], value["ciphertext"], value["public_key"])
        )
        if value["format"] != _LOCKED:
            raise _no_private_key()
        if not passphrase:
            raise _wrong_passphrase()
        seed = AESGCM(stretched(passphrase, salt, cost, block, parallel)).decrypt(nonce, sealed, public_key)
        return Ed25519PrivateKey.from_private_bytes(seed)
    except InvalidTag as cause:
        raise _wrong_passphrase() from cause
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as cause:
        raise _no_private_key() from cause


def _wrong_passphrase() -> RefusedError:
    return RefusedError(
        message("口令不对，私钥打不开", "the passphrase does not open the private key"), subject="private key"
    )


def _no_private_key() -> FormatError:
    return FormatError(message("不是 Ed25519 私钥", "this is no Ed25519 private key"), subject="private key")


def _no_public_key() -> FormatError:
    return FormatError(
        message("不是 Ed25519 公钥（base64，32 字节）", "this is no Ed25519 public key (32 bytes in base64)"),
        subject="public key",
    )


def _no_signature() -> FormatError:
    return FormatError(
        message("不是 Ed25519 签名（base64，64 字节）", "this is no Ed25519 signature (64 bytes in base64)"),
        subject="signature",
    )
