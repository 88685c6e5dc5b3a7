"""Ed25519 signatures (RFC 8032), with private keys as PKCS#8 PEM (RFC 5958) under a passphrase or without one.

Public keys are their 32 bytes, signatures their 64; as text both are base64.
"""

import base64
import binascii

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from archives.errors import FormatError, RefusedError
from archives.message import message

PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64
SHORTEST_PASSPHRASE = 8


def make_private_key(seed: bytes, passphrase: str | None) -> bytes:
    """Return the PEM of the private key with this seed (32 random bytes); None leaves it without a passphrase.

    Raises ``RefusedError`` for a passphrase of fewer than 8 characters.
    """
    encryption: KeySerializationEncryption = NoEncryption()
    if passphrase is not None:
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise RefusedError(
                message("口令至少 {n} 个字符", "a passphrase has at least {n} characters", n=SHORTEST_PASSPHRASE),
                subject="passphrase",
            )
        encryption = BestAvailableEncryption(passphrase.encode("utf-8"))
    return Ed25519PrivateKey.from_private_bytes(seed).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def under_passphrase(private_pem: bytes, passphrase: str | None, *, opened_with: str | None = None) -> bytes:
    """Return a private key under another passphrase, None for none; raises as ``sign`` and ``make_private_key`` do."""
    key = _opened(private_pem, opened_with)
    return make_private_key(key.private_bytes_raw(), passphrase)


def public_key_of(private_pem: bytes, passphrase: str | None) -> bytes:
    """Return the public key of a private one; raises as ``sign`` does."""
    return _opened(private_pem, passphrase).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def sign(private_pem: bytes, passphrase: str | None, data: bytes) -> bytes:
    """Return the signature of ``data``.

    Raises ``RefusedError`` for a wrong or missing passphrase, ``FormatError`` for what is no Ed25519 key.
    """
    return _opened(private_pem, passphrase).sign(data)


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


def _opened(private_pem: bytes, passphrase: str | None) -> Ed25519PrivateKey:
    locked = b"ENCRYPTED PRIVATE KEY" in private_pem
    if locked and not passphrase:
        raise _wrong_passphrase()
    try:
        key = load_pem_private_key(private_pem, passphrase.encode("utf-8") if locked and passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as cause:
        raise (_wrong_passphrase() if locked else _no_private_key()) from cause
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_private_key()
    return key


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
