"""The archive's own signing key: kept in the home, readable by its owner alone."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archives.errors import ConfigurationError, NotFoundError, PathTakenError, StorageError
from archives.message import message
from archives.proof.signing import make_private_key, public_key_of, sign, signer
from archives.system_reason import reason_of
from preservation.stores.files import write_new

_NAME = "archive"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key without a passphrase and its public part; never shown."""

    private_pem: bytes
    public_key: bytes

    def __repr__(self) -> str:
        return "SigningKey(…)"

    def sign(self, data: bytes) -> bytes:
        """Return the signature of ``data``."""
        return sign(self.private_pem, None, data)

    def signer(self) -> Callable[[bytes], bytes]:
        """Return what signs very often, with the key opened once."""
        return signer(self.private_pem)


def archive_key(folder: Path, *, new_seed: Callable[[], bytes]) -> SigningKey:
    """Return the archive's key, making it when there is none; raises as ``read_archive_key`` does."""
    path = private_key_path(folder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            with suppress(PathTakenError):  # another process made it meanwhile
                write_new(path, make_private_key(new_seed(), None), mode=0o600)
    except OSError as cause:
        raise _unusable(path, cause) from cause
    return read_archive_key(folder)


def read_archive_key(folder: Path) -> SigningKey:
    """Return the archive's key.

    Raises ``ConfigurationError`` when it is not there, or others than its owner may read it.
    """
    path = private_key_path(folder)
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigurationError(
                message("私钥文件可被他人读取：{path}", "others may read the private key: {path}", path=str(path)),
                subject=str(path),
                advice=message("请运行 chmod 600 {path}", "run chmod 600 {path}", path=str(path)),
            )
        private_pem = path.read_bytes()
    except FileNotFoundError as cause:
        raise ConfigurationError(
            message("没有档案库的私钥：{path}", "the archive's private key is not there: {path}", path=str(path)),
            subject=str(path),
            advice=message(
                "请从保险柜取回：jinkui key import 文件", "bring it back from the safe: jinkui key import FILE"
            ),
        ) from cause
    except OSError as cause:
        raise _unusable(path, cause) from cause
    return SigningKey(private_pem, public_key_of(private_pem, None))


def signing_key(folder: Path, public_key: bytes) -> SigningKey:
    """Return the archive's key with this public part: the one in its place, or the one that is about to come there.

    Raises as ``read_archive_key`` does, and ``ConfigurationError`` when another one lies there.
    """
    coming = next_key_path(folder)
    if coming.is_file():
        private_pem = coming.read_bytes()
        if public_key_of(private_pem, None) == public_key:
            return SigningKey(private_pem, public_key)
    key = read_archive_key(folder)
    if key.public_key != public_key:
        raise ConfigurationError(
            message("keys 中的私钥不是本档案库的", "the private key in keys is not this archive's"),
            subject=str(folder),
            advice=message("请放回原来的私钥", "put the archive's own private key back"),
        )
    return key


def next_key_path(folder: Path) -> Path:
    """Return where a new private key waits until the journal says that it signs."""
    return folder / f"{_NAME}-next.pem"


def private_key_path(folder: Path) -> Path:
    """Return where the archive's private key lies."""
    return folder / f"{_NAME}.pem"


def public_key_path(folder: Path) -> Path:
    """Return where the archive's public key lies."""
    return folder / f"{_NAME}.pub"


def read_key(path: Path) -> bytes:
    """Return a person's private key as it lies in a file; raises ``NotFoundError``."""
    try:
        return path.read_bytes()
    except OSError as cause:
        raise NotFoundError(
            message("读不到私钥：{path}", "the private key cannot be read: {path}", path=str(path)), subject=str(path)
        ) from cause


def read_text(path: Path) -> str:
    """Return a small text file; raises ``NotFoundError``, or ``StorageError`` when it cannot be read."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as cause:
        raise NotFoundError(message("没有文件 {path}", "no file {path}", path=str(path)), subject=str(path)) from cause
    except (OSError, UnicodeDecodeError) as cause:
        raise _unusable(path, cause) from cause


def _unusable(path: Path, cause: Exception) -> StorageError:
    return StorageError(
        message(
            "文件不能用：{path}（{reason}）", "{path} cannot be used: {reason}", path=str(path), reason=reason_of(cause)
        ),
        subject=str(path),
    )
