"""Vouching for an archive's journal: verified, signed as it stands, proofs given of what is in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from archives.errors import FormatError, IntegrityError, NotFoundError, StorageError
from archives.journal.concern import the_package
from archives.journal.facts import PackageStored
from archives.message import message
from archives.proof.checkpoint import (
    Checkpoint,
    VerifierKey,
    journal_origin,
    open_checkpoint,
    parse_verifier_keys,
    published_origin,
    record_origin,
    require_checkpoint,
    sign_checkpoint,
)
from archives.proof.inclusion import make_proof
from archives.proof.merkle import MerkleTree
from archives.record.holding import Holding
from preservation.archive import Archive
from preservation.journal.key import SigningKey, archive_key, public_key_path, read_text, signing_key
from preservation.journal.ledger import first_home_id, journal_lines
from preservation.journal.refusals import retired
from preservation.journal.verification import (
    JournalVerification,
    VouchedFor,
    take_snapshot,
    verify_journal,
)
from preservation.stores.files import write_whole


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint and the signed note that holds it."""

    note: str
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Filed(Signed):
    """A signed checkpoint in its file."""

    path: Path


@dataclass(frozen=True, slots=True)
class Voucher:
    """What this archive signs with, and the folder in which its checkpoints are kept."""

    key: SigningKey
    checkpoints: Path


def voucher(archive: Archive, *, checkpoints: Path, new_seed: Callable[[], bytes]) -> Voucher:
    """Return what the archive signs with, the public keys, former ones too, put beside the private one.

    ``new_seed`` is for an archive that never had a key. Raises ``ConfigurationError`` where the key that signs by now is gone,
    and in a home that retired: it signs nothing any more.
    """
    folder = archive.folder / "keys"
    memory = archive.memory
    if memory.is_there and (since := memory.retired_at):
        raise retired(since)
    key = signing_key(folder, memory.public_keys[0]) if memory.is_there else archive_key(folder, new_seed=new_seed)
    home_id = first_home_id(archive.vault.ledger)
    names = (journal_origin(home_id), published_origin(home_id), record_origin(home_id))
    keys = memory.public_keys if memory.is_there else (key.public_key,)
    text = "".join(VerifierKey(name, one).text() + "\n" for one in keys for name in names)
    write_whole(public_key_path(folder), text.encode("utf-8"), mode=0o644)
    return Voucher(key, checkpoints)


def read_checkpoints(archive: Archive, place: Path, *, key_file: Path | None = None) -> tuple[Filed, ...]:
    """Return the checkpoints in a file or a folder, their signatures verified (by this archive's key unless another is named).

    Raises ``NotFoundError`` where there is none or no key, ``FormatError`` for what is no checkpoint, ``IntegrityError`` for one that is not signed by the key.
    """
    paths = sorted(place.glob("*.txt")) if place.is_dir() else [place]
    if not paths:
        raise NotFoundError(
            message("{path} 中没有检查点", "no checkpoints in {path}", path=str(place)),
            subject=str(place),
            advice=message(
                "检查点由 jinkui journal checkpoint --out 文件 写出", "jinkui journal checkpoint --out FILE writes one"
            ),
        )
    notes = [(path, _read_note(path)) for path in paths]
    keys = parse_verifier_keys(_read_keys(archive, place, key_file))
    return tuple(Filed(note, open_checkpoint(note, keys), path) for path, note in notes)


def read_journal(archive: Archive, checkpoints: Sequence[Checkpoint] = ()) -> JournalVerification:
    """Verify the journal of every store as it stands at this moment, and that it continues what checkpoints vouch for."""
    with archive.vault.locks.journal():
        snapshot = take_snapshot(archive.vault.stores, archive.memory)
    return verify_journal(snapshot, [VouchedFor(one.size, one.root) for one in checkpoints])


def read_sound_journal(archive: Archive, checkpoints: Sequence[Checkpoint]) -> JournalVerification:
    """Verify the journal as ``read_journal`` does, before it is signed.

    Raises ``IntegrityError`` instead of vouching for a journal that is broken or does not continue the checkpoints,
    ``StorageError`` when no store could be read.
    """
    found = read_journal(archive, checkpoints)
    fatal = next((one for one in found.faults if one.fault.is_of_the_journal), None)
    if fatal:
        raise IntegrityError(
            message(
                "不为这样的日志作保（第 {n} 条起）：{why}",
                "not vouched for, from entry {n}: {why}",
                n=fatal.entry,
                why=fatal.fault.said,
            ),
            subject="journal",
            advice=message("请运行 jinkui journal verify", "run jinkui journal verify"),
        )
    if not found.end.sequence:
        raise StorageError(message("没有可读的日志", "no journal could be read"), subject="journal")
    return found


def sign_journal(archive: Archive, with_: Voucher) -> Signed:
    """Return a signed checkpoint of the journal as it stands.

    It continues what this archive vouched for before; raises as ``read_sound_journal`` does.
    """
    folder = with_.checkpoints
    earlier = read_checkpoints(archive, folder) if any(folder.glob("*.txt")) else ()
    found = read_sound_journal(archive, tuple(one.checkpoint for one in earlier))
    origin = journal_origin(first_home_id(archive.vault.ledger))
    return _signed(with_.key, Checkpoint(origin, found.end.sequence, found.root, found.end.digest))


def prove_stored(archive: Archive, with_: Voucher, holding: Holding) -> tuple[str, Checkpoint]:
    """Return the proof that a unit's newest package is in a signed journal, and the checkpoint that signs it.

    Of an item of a volume that is the volume's, of a unit without content the one that its newest row lies in.
    """
    archive.refresh()
    package_id = holding.package_id.value
    if not holding.version:
        package_id = archive.catalogue.units.packages.packages_of(holding.unit_id)[-1][1]
    about = archive.reading.entries_about(the_package(package_id))
    stored = [one.sequence for one in about if isinstance(one.fact, PackageStored)]
    if not stored:
        code = holding.description.code.written
        raise NotFoundError(message("日志中没有入库条目", "the journal holds no such entry"), subject=code)
    signed = sign_journal(archive, with_)
    leaves = partial(journal_lines, archive.vault.ledger, signed.checkpoint.size)
    proof = make_proof(leaves, stored[-1] - 1, checkpoint=signed.checkpoint, note=signed.note)
    return proof, signed.checkpoint


def prove_published(archive: Archive, with_: Voucher, leaves: tuple[bytes, ...], index: int) -> tuple[str, Checkpoint]:
    """Return the proof that one leaf of what is published is in a signed tree, and the checkpoint that signs it."""
    tree = MerkleTree()
    tree.extend(leaves)
    origin = published_origin(first_home_id(archive.vault.ledger))
    signed = _signed(with_.key, Checkpoint(origin, tree.size, tree.root()))
    proof = make_proof(lambda: leaves, index, checkpoint=signed.checkpoint, note=signed.note)
    return proof, signed.checkpoint


def _signed(key: SigningKey, made: Checkpoint) -> Signed:
    return Signed(sign_checkpoint(made, key.public_key, key.sign), made)


def _read_note(path: Path) -> str:
    """Return what a file has where that is a checkpoint, whoever signed it: without this a key would be missed first."""
    try:
        note = path.read_bytes().decode("utf-8")
        require_checkpoint(note)
    except (FormatError, UnicodeDecodeError) as cause:
        raise FormatError(
            message("{path} 不是检查点", "{path} is no checkpoint", path=str(path)),
            subject=str(path),
            advice=message(
                "检查点由 jinkui journal checkpoint --out 文件 写出", "jinkui journal checkpoint --out FILE writes one"
            ),
        ) from cause
    except OSError:
        return read_text(path)  # which says what is wrong with it
    return note


def _read_keys(archive: Archive, place: Path, key_file: Path | None) -> str:
    path = key_file or public_key_path(archive.folder / "keys")
    try:
        return read_text(path)
    except NotFoundError as missing:
        raise NotFoundError(
            message(
                "检查点 {path} 无法验证：没有公钥 {key}",
                "the checkpoint {path} cannot be verified: there is no public key {key}",
                path=str(place),
                key=str(path),
            ),
            subject=str(path),
            advice=message("请用 --key 指明签署者的公钥", "name the signer's public key with --key"),
        ) from missing
