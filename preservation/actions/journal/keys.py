"""The life of the archive's signing key: shown, kept in the safe, brought back, replaced."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from archives.errors import FormatError, NotFoundError, RefusedError
from archives.journal.chain import Entry
from archives.journal.facts import GroupSigned, KeyBegunAnew, KeyRotated
from archives.journal.persons import FOUNDERS, signers_of
from archives.journal.seal import key_name, rotation_text
from archives.message import message
from archives.proof.signing import key_text, make_private_key, parse_key, public_key_of, under_passphrase
from preservation.actions.journal.reconcile import other_branches, recorded_again
from preservation.actions.persons import Signer, all_persons, signed_by
from preservation.archive import Archive
from preservation.journal.key import SigningKey, next_key_path, private_key_path, read_archive_key, signing_key
from preservation.stores.files import write_new, write_whole

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
    place = next_key_path(folder) if archive.memory.is_there and _is_unfinished(archive) else private_key_path(folder)
    key = signing_key(folder, archive.memory.public_keys[0]) if archive.memory.is_there else read_archive_key(folder)
    name = key_name(key.public_key)
    marks = folder / _EXPORTED
    exported = marks.is_file() and name in marks.read_text("utf-8").split()
    former = (
        tuple(one for one in archive.memory.public_keys if one != key.public_key) if archive.memory.is_there else ()
    )
    return KeyState(name, key.public_key, place, exported, former)


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
    if _is_unfinished(archive):
        _put_in_place(folder)
        return key_state(archive)
    archive.begin_writing()
    old, new = archive.memory.public_keys[0], _new_key(new_seed)
    write_whole(next_key_path(folder), new.private_pem, mode=0o600)
    proof = key_text(new.sign(rotation_text(archive.memory.home_id, old, new.public_key)))
    archive.vault.ledger.append([KeyRotated(key_text(new.public_key), proof)])
    _put_in_place(folder)
    return key_state(archive)


def begin_key_anew(
    archive: Archive, signers: Sequence[Signer], *, reason: str, suspect_since: date, new_seed: Callable[[], bytes]
) -> tuple[Entry, ...]:
    """Let a new key sign although the old one is lost or stolen, signed by two registered persons; told for ever.

    May be called again after it was interrupted. What stores hold that the old key signed and this home does not know is
    foreign from then on and set aside; what it closed and held is recorded again with the new key. Returns the entries, the
    key's first. Raises ``RefusedError`` unless two persons who act have signed.
    """
    folder = _folder(archive)
    persons = all_persons(archive)
    if _is_unfinished(archive) and persons.keys_begun_anew:
        last = persons.keys_begun_anew[-1]
        if isinstance(last.fact, KeyBegunAnew) and parse_key(last.fact.public_key) == archive.memory.public_keys[0]:
            return _carried(archive, last)
    if len(persons.active) < FOUNDERS:
        raise _nobody_to_sign(len(persons.active))
    new = _new_key(new_seed)
    fact = signed_by(persons, KeyBegunAnew(key_text(new.public_key), reason, suspect_since), signers)
    if (given := len(signers_of(persons, fact))) < FOUNDERS:
        raise _nobody_to_sign(given)
    said = recorded_again(other_branches(archive), reason=reason)
    again = [fact for number, fact in enumerate(said) if fact not in said[:number]]  # stores may hold the same
    folder.mkdir(mode=0o700, exist_ok=True)
    if _is_unfinished(archive):  # the key that signs by now lies nowhere else
        _put_in_place(folder)
    write_whole(next_key_path(folder), new.private_pem, mode=0o600)
    return _carried(archive, *archive.vault.ledger.append_at_home([fact, *again]))


def entries_since(archive: Archive, day: date, *, before: int) -> tuple[Entry, ...]:
    """Return what the journal says since a day (of this place), up to before an entry, seals left out."""
    entries = (entry for entry in archive.vault.ledger.entries() if entry.sequence < before)
    return tuple(
        entry for entry in entries if entry.at.astimezone().date() >= day and not isinstance(entry.fact, GroupSigned)
    )


def opened_key_file(file: Path, passphrase: str | None) -> bytes:
    """Return a private key without its passphrase; raises ``NotFoundError``, ``RefusedError`` or ``FormatError``."""
    try:
        private_pem = file.read_bytes()
    except OSError as cause:
        raise NotFoundError(
            message("读不到私钥：{path}", "the private key cannot be read: {path}", path=str(file)), subject=str(file)
        ) from cause
    try:
        return under_passphrase(private_pem, None, opened_with=passphrase)
    except FormatError as cause:
        zh, en = (
            "请用 jinkui key export 写出、存在保险柜中的文件",
            "name the file that jinkui key export wrote for the safe",
        )
        raise cause.of_file(file, message(zh, en)) from cause


def _new_key(new_seed: Callable[[], bytes]) -> SigningKey:
    private_pem = make_private_key(new_seed(), None)
    return SigningKey(private_pem, public_key_of(private_pem, None))


def _is_unfinished(archive: Archive) -> bool:
    """Say whether a change of the key ended after the journal had it, and before the key was in its place."""
    coming = next_key_path(_folder(archive))
    return coming.is_file() and public_key_of(coming.read_bytes(), None) == archive.memory.public_keys[0]


def _put_in_place(folder: Path) -> None:
    """Let the key that waits take the place of the former one, which is kept under its name."""
    place, coming = private_key_path(folder), next_key_path(folder)
    if place.is_file() and place.read_bytes() != coming.read_bytes():
        former = read_archive_key(folder)
        write_whole(folder / f"archive-{key_name(former.public_key)}.pem", former.private_pem, mode=0o600)
    write_whole(place, coming.read_bytes(), mode=0o600)
    coming.unlink()


def _carried(archive: Archive, *entries: Entry) -> tuple[Entry, ...]:
    """Put the new key in its place and bring the stores level with what it signed; return the entries."""
    _put_in_place(_folder(archive))
    archive.begin_writing()
    archive.refresh()
    return entries


def _nobody_to_sign(number: int) -> RefusedError:
    return RefusedError(
        message(
            "须由两位在任人员签名，现有 {n} 位", "two persons who act have to sign, and {n} did or could", n=number
        ),
        subject="key",
        advice=message(
            "密钥还在的，用 jinkui key rotate 更换，或用 jinkui person begin-anew 重新登记人员；丢失的，由保险柜取回"
            "（jinkui key import）。密钥和人员私钥都没有的，无人能再为此日志作保：请新建档案库，由各存储的信息包重新接收",
            "give two key files with --signer-key. Where the key is still there, jinkui key rotate replaces it and jinkui "
            "person begin-anew registers persons again; where it is lost, bring it from the safe (jinkui key import). With "
            "neither it nor two persons' keys nobody can vouch for this journal any more: found another archive and take "
            "the packages of the stores into it",
        ),
    )


def _folder(archive: Archive) -> Path:
    return archive.folder / "keys"
