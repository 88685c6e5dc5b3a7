"""A backup as it lies on disk: a bag (BagIt 1.0, RFC 8493), beside its place until every byte was read again.

``data/`` holds the files of the home under the names that they have there; ``data/locked.json`` those that only the
passphrase gives back, bound to the digests of all others and to what ``bag-info.txt`` says: whoever does not know the
passphrase changes nothing of a backup unnoticed, not even with new digests.
"""

import base64
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from archives.errors import ConflictError, FormatError, IntegrityError, NotFoundError, StorageError
from archives.message import message
from archives.proof.passphrase import lock, unlock
from archives.record.checksum import Digester, Digests, digests_of
from archives.system_reason import reason_of
from cli.home.backup.made import Made, read_made
from preservation.digests.tree import read_tree
from preservation.package.bag import DECLARATION, INFO, manifest_digests, manifest_path, tag_files
from preservation.stores.files import flush_file, flush_folder, write_new

LOCKED = PurePosixPath("data/locked.json")

_TAG_MANIFEST = PurePosixPath("tagmanifest-sha512.txt")
_BLOCK_BYTES = 1 << 20
_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup of which every byte was read and is as it was written; ``payload`` are its files as the bag names them."""

    folder: Path
    made: Made
    payload: Mapping[PurePosixPath, Digests]

    @property
    def files(self) -> tuple[PurePosixPath, ...]:
        """The files that lie in it as they are, under the names that they have in the home."""
        return tuple(path.relative_to("data") for path in sorted(self.payload) if path != LOCKED)

    def place(self, path: PurePosixPath) -> Path:
        """Return where a file of the home lies in it."""
        return self.folder / "data" / path

    def read(self, path: PurePosixPath) -> bytes:
        """Return a small file of the home, nothing where the home had none; raises ``IntegrityError`` when it changed since."""
        known = self.payload.get(PurePosixPath("data") / path)
        if known is None:
            return b""
        data = self.place(path).read_bytes()
        if digests_of(data) != known:
            raise _altered(self.folder, str(path))
        return data

    def require_same(self, path: PurePosixPath, copy: Path) -> None:
        """Read a copy of a file of the home; raises ``IntegrityError`` when it is not what was read in the backup."""
        if _digests(copy) != self.payload[PurePosixPath("data") / path]:
            raise _altered(self.folder, str(path))

    def opened(self, passphrase: str) -> dict[PurePosixPath, bytes]:
        """Return the files that lie under the passphrase; raises ``RefusedError`` for another one."""
        bound = _bound(self.payload, self.made)
        locked = unlock(self.read(LOCKED.relative_to("data")), passphrase, bound_to=bound)
        try:
            return {PurePosixPath(path): base64.b64decode(text) for path, text in json.loads(locked).items()}
        except (ValueError, AttributeError, TypeError) as cause:
            raise _altered(self.folder, str(LOCKED)) from cause


def finish(
    beside: Path,
    place: Path,
    made: Made,
    locked: Mapping[PurePosixPath, bytes],
    *,
    passphrase: str,
    drawn: bytes,
    at_last: Callable[[], None],
) -> Backup:
    """Make what was copied into ``beside/data`` a backup at ``place``, which is not there yet; return it as it was read again.

    ``drawn`` are random bytes for what is locked. Until all was read again it lies beside its place, and is no backup;
    ``at_last`` is called when it is as good as one, before it is.
    Raises ``IntegrityError`` when other bytes come back, ``ConflictError`` when there is a backup at the place,
    ``StorageError`` when it cannot be written.
    """
    try:
        others = _payload(beside)
        text = json.dumps({str(path): base64.b64encode(data).decode() for path, data in sorted(locked.items())})
        secret = lock(text.encode("utf-8"), passphrase, drawn=drawn, bound_to=_bound(others, made))
        write_new(beside / LOCKED, secret, mode=_MODE)
        tags = tag_files({**others, LOCKED: digests_of(secret)}, made.elements())
        for path in sorted(tags, key=lambda path: path == DECLARATION):  # without it this is no bag
            write_new(beside / path, tags[path], mode=_MODE)
        written = read_tree(beside)
        for name in (*written.files, *written.folders, "."):
            flush_file(beside / name)
        done = read_backup(beside)
        if done.opened(passphrase) != dict(locked):
            raise _altered(beside, str(LOCKED))
        if place.exists():
            raise _taken(place)
        at_last()
        beside.rename(place)  # a folder in which something stands is never replaced
        flush_folder(place.parent)
        return replace(done, folder=place)
    except FileExistsError as cause:
        raise _taken(place) from cause
    except OSError as cause:
        raise unwritten(place, cause) from cause


def begin(place: Path) -> Path:
    """Return a new folder beside the place of a backup to be; what a killed backup left there is removed."""
    beside = place.with_name(f".{place.name}.part")
    try:
        for left in place.parent.glob(f".{'-'.join(place.name.split('-')[:2])}-*.part"):
            shutil.rmtree(left)
        (beside / "data").mkdir(mode=0o700, parents=True)
    except OSError as cause:
        raise unwritten(place, cause) from cause
    return beside


def name_of(backup: Backup) -> str:
    """Return what tells a backup from every other: whose it is, when it was made and at which end of the journal."""
    return " ".join((backup.made.home_id, backup.made.name, backup.made.head.digest))


def read_backup(folder: Path) -> Backup:
    """Read every byte of a backup and return it.

    Raises ``NotFoundError`` for what is none, ``IntegrityError`` for one that is not as it was written, and says what
    is not; ``FormatError`` for one of a newer version.
    """
    if not (folder / DECLARATION).is_file() or not (folder / INFO).is_file():
        raise _no_backup(folder)
    try:
        tree = read_tree(folder)
        strange = [*tree.links, *tree.specials, *tree.unreadable, *tree.empty_folders]
        if strange:
            raise _altered(folder, strange[0])
        tags = {PurePosixPath(p): (folder / p).read_bytes() for p in tree.files if not p.startswith("data/")}
        payload = _payload(folder)
    except OSError as cause:
        raise _unread(folder, cause) from cause
    _require_own_tags(folder, tags)
    try:
        made = read_made(tags[INFO])
    except NotFoundError as cause:
        raise _no_backup(folder) from cause
    except ValueError as cause:
        raise _altered(folder, str(INFO)) from cause
    expected = tag_files(payload, made.elements())
    for path in sorted({*expected, *tags}):
        if expected.get(path) != tags.get(path):
            raise _altered(folder, str(_culprit(payload, expected, tags) or path))
    return Backup(folder, made, payload)


def _require_own_tags(folder: Path, tags: Mapping[PurePosixPath, bytes]) -> None:
    """Name the tag file that is not the one that was written, where the manifest of tag files knows it."""
    try:
        known = manifest_digests(tags.get(_TAG_MANIFEST, b""), subject=str(_TAG_MANIFEST))
    except FormatError as cause:
        raise _altered(folder, str(_TAG_MANIFEST)) from cause
    for path, digest in known.items():
        if digests_of(tags.get(path, b"")).sha512 != digest:
            raise _altered(folder, str(path))


def _culprit(
    payload: Mapping[PurePosixPath, Digests],
    expected: Mapping[PurePosixPath, bytes],
    tags: Mapping[PurePosixPath, bytes],
) -> PurePosixPath | None:
    """Return the file of the home whose bytes are not those that the manifest names, or that is too many or missing."""
    try:
        known = manifest_digests(tags[PurePosixPath("manifest-sha512.txt")], subject="")
    except (KeyError, FormatError):
        return None
    there = {path: digests.sha512 for path, digests in payload.items()}
    return next((path for path in sorted({*known, *there}) if known.get(path) != there.get(path)), None)


def _payload(folder: Path) -> dict[PurePosixPath, Digests]:
    data = folder / "data"
    return {PurePosixPath("data") / path: _digests(data / path) for path in sorted(read_tree(data).files)}


def _digests(path: Path) -> Digests:
    digester = Digester()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digester.update(block)
    return digester.digests()


def _bound(payload: Mapping[PurePosixPath, Digests], made: Made) -> bytes:
    """Return what the locked files are bound to: the digests of all others, and what the backup says of itself."""
    others = {path: digests for path, digests in payload.items() if path != LOCKED}
    tags = tag_files(others, made.elements())
    return tags[manifest_path("sha512")] + tags[INFO]


def _no_backup(folder: Path) -> NotFoundError:
    found = sorted(path.name for path in folder.glob("jinkui-*") if (path / DECLARATION).is_file())
    advice = message(
        "请写 jinkui home backup 写出的文件夹；压缩的，请先解压",
        "name a folder that jinkui home backup wrote; where it was packed into one file, unpack that first",
    )
    if found:
        newest = max(found, key=lambda name: name.split("-")[2:])
        advice = message(
            "其中的备份，最新的是 {path}",
            "the newest of the backups in it is {path}",
            path=str(folder / newest),
        )
    return NotFoundError(
        message("{path} 不是档案库的备份", "{path} is no backup of a home", path=str(folder)),
        subject=str(folder),
        advice=advice,
    )


def _altered(folder: Path, file: str) -> IntegrityError:
    return IntegrityError(
        message(
            "备份与写入时不同，不予使用：{file}",
            "the backup is not as it was written, and is not used: {file}",
            file=file,
        ),
        subject=str(folder),
        advice=message("请用另一个备份", "use another backup"),
    )


def _taken(place: Path) -> ConflictError:
    return ConflictError(
        message("{path} 处已有备份", "there is a backup already at {path}", path=str(place)),
        subject=str(place),
        advice=message("请写一个新的文件夹", "name a folder that is not there yet"),
    )


def _unread(folder: Path, cause: OSError) -> StorageError:
    return StorageError(
        message(
            "备份读不了：{path}（{reason}）",
            "the backup cannot be read: {path} ({reason})",
            path=str(folder),
            reason=reason_of(cause),
        ),
        subject=str(folder),
    )


def unwritten(place: Path, cause: OSError) -> StorageError:
    """Return the error that says that a backup cannot be written."""
    return StorageError(
        message(
            "备份写不了：{path}（{reason}）",
            "the backup cannot be written: {path} ({reason})",
            path=str(place),
            reason=reason_of(cause),
        ),
        subject=str(place),
    )
