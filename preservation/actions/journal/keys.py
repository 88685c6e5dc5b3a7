"""The life of the archive's signing key: shown, kept in the safe, brought back, replaced."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archives.errors import NotFoundError, RefusedError
from archives.journal.facts import KeyRotated
from archives.journal.seal import key_name, rotation_text
from archives.message import message
from archives.proof.signing import key_text, make_private_key, public_key_of, under_passphrase
from preservation.archive import Archive
from preservation.journal.key import SigningKey, private_key_path, read_archive_key
from preservation.stores.files import write_new, write_whole

_NEXT = "archive-next.pem"
_EXPORTED = "exported"


@dataclass(frozen=True, slots=True)
class KeyState:
    """The key that signs: its short name, its public part, where its private part lies, whether it was ever exported."""

    name: str
    public_key: bytes
    path: Path
    is_exported: bool
    former: tuple[bytes, ...]


def key_state(archive: Archive) -> KeyState:
    """Return which key signs; raises ``ConfigurationError`` when it is not there."""
    folder = _folder(archive)
    key = read_archive_key(folder)
    name = key_name(key.public_key)
    marks = folder / _EXPORTED
    exported = marks.is_file() and name in marks.read_text("utf-8").split()
    former = (
        tuple(one for one in archive.memory.public_keys if one != key.public_key) if archive.memory.is_there else ()
    )
    return KeyState(name, key.public_key, private_key_path(folder), exported, former)


def export_key(archive: Archive, out: Path, *, passphrase: str) -> KeyState:
    """Write the private key under a passphrase to a file for the safe, and remember that this was done."""
    folder = _folder(archive)
    state = key_state(archive)
    write_new(out.absolute(), under_passphrase(state.path.read_bytes(), passphrase), mode=0o600)
    marks = folder / _EXPORTED
    known = marks.read_text("utf-8") if marks.is_file() else ""
    write_whole(marks, f"{known}{state.name}\n".encode(), mode=0o600)
    return key_state(archive)


def import_key(archive: Archive, file: Path, *, passphrase: str | None) -> KeyState:
    """Bring the archive's private key back from a file.

    Raises ``RefusedError`` for a key that is not this archive's (or a wrong passphrase), ``ConflictError`` when another
    one is in its place, ``NotFoundError`` without the file.
    """
    private_pem = opened_key_file(file, passphrase)
    public_key = public_key_of(private_pem, None)
    if archive.memory.is_there and public_key != archive.memory.public_keys[0]:
        raise RefusedError(
            message("不是本档案库现用的密钥：{name}", "not the key that signs here: {name}", name=key_name(public_key)),
            subject=str(file),
        )
    folder = _folder(archive)
    folder.mkdir(mode=0o700, exist_ok=True)
    write_new(private_key_path(folder), private_pem, mode=0o600)
    return key_state(archive)


def rotate_key(archive: Archive, *, new_seed: Callable[[], bytes]) -> KeyState:
    """Let a new key sign from the next group on; the journal says so, signed by the old one, with proof of the new.

    May be called again after it was interrupted. The old private key is kept beside the new one, under its name.
    """
    folder = _folder(archive)
    waiting = folder / _NEXT
    old = archive.memory.public_keys[0]
    if waiting.is_file() and public_key_of(waiting.read_bytes(), None) == old:  # killed when all but this was done
        write_whole(private_key_path(folder), waiting.read_bytes(), mode=0o600)
        waiting.unlink()
        return key_state(archive)
    archive.begin_writing()
    if not waiting.is_file():
        write_new(waiting, make_private_key(new_seed(), None), mode=0o600)
    private_pem = waiting.read_bytes()
    new = SigningKey(private_pem, public_key_of(private_pem, None))
    if not _is_rotated_to(archive, new.public_key):
        proof = key_text(new.sign(rotation_text(archive.memory.home_id, old, new.public_key)))
        archive.vault.ledger.append([KeyRotated(key_text(new.public_key), proof)])
    former = read_archive_key(folder)
    write_new(folder / f"archive-{key_name(former.public_key)}.pem", former.private_pem, mode=0o600)
    with archive.vault.locks.journal():
        archive.memory.sign_with(new.public_key)
    write_whole(private_key_path(folder), private_pem, mode=0o600)
    waiting.unlink()
    return key_state(archive)


def opened_key_file(file: Path, passphrase: str | None) -> bytes:
    """Return a private key without its passphrase; raises ``NotFoundError``, ``RefusedError`` or ``FormatError``."""
    try:
        private_pem = file.read_bytes()
    except OSError as cause:
        raise NotFoundError(
            message("读不到私钥：{path}", "the private key cannot be read: {path}", path=str(file)), subject=str(file)
        ) from cause
    return under_passphrase(private_pem, None, opened_with=passphrase)


def _is_rotated_to(archive: Archive, public_key: bytes) -> bool:
    text = key_text(public_key)
    return any(isinstance(e.fact, KeyRotated) and e.fact.public_key == text for e in archive.vault.ledger.entries())


def _folder(archive: Archive) -> Path:
    return archive.folder / "keys"
