"""A home restored from its backup: everything looked at before anything is written, the settings put in place last.

Until they are, it is no home (``jinkui.toml.restoring``), and a restoring that was killed begins again; after that it goes on
(``restored-from``). The home goes on from the farthest entry that its key signed in the stores, be that after the backup
(docs/decisions/0015). It publishes nothing until a person has confirmed it.
"""

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from archives.errors import (
    ConfigurationError,
    ConflictError,
    FormatError,
    NotFoundError,
    RefusedError,
    StorageError,
    StoreAbsentError,
)
from archives.message import listed, message
from archives.proof.signing import public_key_of
from archives.system_reason import reason_of
from cli import wiring
from cli.frame.output import Output
from cli.home.backup.contents import named_elsewhere
from cli.home.backup.elsewhere import not_where_set, require_no_other
from cli.home.backup.folder import Backup, name_of
from cli.home.backup.waiting import WAITING, is_being_restored, remember_backup
from cli.home.home import Home
from cli.home.settings.reading import parse_settings
from cli.home.settings.settings import Settings
from cli.home.settings_edit import with_number, with_place
from preservation.actions.journal.backed_up import BackedUpMemory, backed_up_memory
from preservation.actions.journal.restore import Farthest, farthest_signed, require_continued, restore_backup
from preservation.actions.overview.duties import Runs
from preservation.journal.key import SigningKey
from preservation.stores.files import flush_folder, write_new, write_streamed, write_whole
from preservation.stores.store import MARKER, Store, read_whole

SETTINGS = PurePosixPath(wiring.SETTINGS_FILE)


@dataclass(frozen=True, slots=True)
class Restoring:
    """What restoring a backup into a folder comes to: looked at wholly, with nothing written yet.

    ``minimum`` is how few copies are enough from now on, because stores are lost; 0 where that stays as it was.
    ``memory`` and ``farthest`` are None for an archive of earlier software, whose journal is not signed.
    """

    folder: Path
    backup: Backup
    locked: Mapping[PurePosixPath, bytes]
    text: str
    settings: Settings
    without: tuple[str, ...]
    minimum: int
    memory: BackedUpMemory | None = None
    farthest: Farthest | None = None

    @property
    def gone_on(self) -> int:
        """How many entries the archive went on with after the backup was made."""
        if self.memory is None or self.farthest is None:
            return 0
        return max(0, self.farthest.end.sequence - self.memory.end.sequence)

    @property
    def not_there(self) -> tuple[str, ...]:
        """What the settings name outside the home that is not on this machine."""
        return tuple(text for text in named_elsewhere(self.settings, self.folder) if not Path(text).exists())


def plan_restoring(
    folder: Path,
    backup: Backup,
    *,
    passphrase: str,
    places: Mapping[str, str],
    without: Sequence[str],
    other_is_lost: bool = False,
) -> Restoring:
    """Look at everything that restoring needs, and write nothing.

    ``places`` are where stores lie now, ``without`` those that are lost for good, ``other_is_lost`` says that so is the home
    that was restored after the backup was made. Raises ``RefusedError`` while that may still work, for another passphrase
    or a key that was replaced since, ``ConflictError`` for a folder that is not empty or a place of another
    store, ``StoreAbsentError`` for a store that is not there, ``IntegrityError`` for stores that do not continue the backup.
    """
    locked = backup.opened(passphrase)
    text = backup.read(SETTINGS).decode("utf-8")
    known = {store.name for store in parse_settings(text, folder / SETTINGS).stores}
    for name, place in places.items():
        text = with_place(text, parse_settings(text, folder / SETTINGS), name, place)
    settings = parse_settings(text, folder / SETTINGS)
    _require_room(folder, settings)
    left = sum(store.name not in without for store in settings.stores)
    minimum = left if 0 < left < settings.promise(wiring.today()).minimum else 0
    if minimum:  # else nothing could be written until they are replaced, and they are replaced in a home that works
        text = with_number(text, "minimum-copies", minimum)
        settings = parse_settings(text, folder / SETTINGS)
    plan = Restoring(folder, backup, locked, text, settings, tuple(without), minimum)
    if not (last := backup.read(PurePosixPath("journal/last"))):
        return plan
    memory = backed_up_memory(last, backup.read(PurePosixPath("journal/tail")), backup.folder)
    key = _key(locked, memory.public_key, backup)
    stores = _stores(plan)
    for store in stores:
        _require_own(store, memory.last.home_id, is_new=store.name not in known)
    try:
        farthest = farthest_signed(stores, key, without=without, memory=memory)
    except RefusedError as replaced:
        raise RefusedError(replaced.message, subject=replaced.subject, advice=_BY_KEY) from replaced
    except StoreAbsentError as absent:
        raise not_where_set(settings, folder, absent) from absent
    require_continued(memory, farthest)
    if not (other_is_lost or is_being_restored(folder)):  # what was killed had begun to go on itself
        require_no_other(memory, farthest)
    return replace(plan, memory=memory, farthest=farthest)


def restore(plan: Restoring, output: Output) -> None:
    """Put the home in place and let it go on; may be called again after it was killed.

    Raises ``StorageError`` for what cannot be written, ``IntegrityError`` when the backup changed since it was looked at.
    """
    folder = plan.folder
    try:
        _make_folder(folder)
        _sweep(plan)
        write_whole(folder / WAITING, plan.text.encode("utf-8"), mode=0o600)
        remember_backup(folder, name_of(plan.backup), plan.backup.folder)
        for path in plan.backup.files:
            if path != SETTINGS and path.parts[0] != "journal":
                _put_copy(plan, path)
        for path, data in plan.locked.items():
            _make_folder(folder / path.parent)
            write_new(folder / path, data, mode=0o600)
        with Home(folder, plan.settings, output) as home:
            Runs(home.work).forget_schedules()  # the units of before run on the home of before
            if plan.memory and plan.farthest:
                restore_backup(home.archive, plan.memory, plan.farthest, without=plan.without)
        (folder / WAITING).rename(folder / SETTINGS)
        flush_folder(folder)
    except OSError as cause:
        raise StorageError(
            message(
                "{path} 写不了：{reason}",
                "{path} cannot be written: {reason}",
                path=str(folder),
                reason=reason_of(cause),
            ),
            subject=str(folder),
        ) from cause


def _require_room(folder: Path, settings: Settings) -> None:
    """Raise ``ConflictError`` unless a folder is not there, holds nothing but stores of its own, or a killed restoring."""
    if not folder.exists() or is_being_restored(folder):
        return
    if others := sorted({path.name for path in folder.iterdir()} - _own_stores(folder, settings)):
        raise ConflictError(
            message(
                "{path} 不是空文件夹：{names}",
                "{path} is not empty: {names}",
                path=str(folder),
                names=listed(others),
            ),
            subject=str(folder),
            advice=message(
                "请用 --home 指明一个空的或尚不存在的文件夹（其中只可有档案库自己的存储）",
                "name a folder with --home that is empty or not there (only stores of the archive may lie in it)",
            ),
        )


def _own_stores(folder: Path, settings: Settings) -> set[str]:
    """Return the names directly below a folder under which stores lie that the settings name."""
    places = (setting.properties(folder).folder for setting in settings.stores)
    return {"lost+found", *(place.relative_to(folder).parts[0] for place in places if place and _below(folder, place))}


def _below(folder: Path, place: Path) -> bool:
    return place.is_relative_to(folder) and place != folder


def _sweep(plan: Restoring) -> None:
    """Remove what a killed restoring left, which began in an empty folder."""
    if not is_being_restored(plan.folder):
        return
    stay = {*_own_stores(plan.folder, plan.settings), WAITING}
    for left in plan.folder.iterdir():
        if left.name not in stay:
            shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()


def _put_copy(plan: Restoring, path: PurePosixPath) -> None:
    """Put a file of the backup in place, and read it again: it must be what was looked at."""
    target = plan.folder / path
    _make_folder(target.parent)
    with plan.backup.place(path).open("rb") as source:
        write_streamed(target, lambda file: shutil.copyfileobj(source, file), mode=0o600)
    plan.backup.require_same(path, target)


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _key(locked: Mapping[PurePosixPath, bytes], public_key: bytes, backup: Backup) -> SigningKey:
    for path, data in sorted(locked.items()):
        if path.parent == PurePosixPath("keys"):
            with suppress(FormatError, RefusedError):
                if public_key_of(data, None) == public_key:
                    return SigningKey(data, public_key)
    raise ConfigurationError(
        message("备份中没有签章的私钥", "the backup does not hold the private key that signs"),
        subject=str(backup.folder),
        advice=_BY_KEY,
    )


def _stores(plan: Restoring) -> tuple[Store, ...]:
    """Open the stores, those that are named lost left out; what they are opened with may lie under the passphrase."""
    with tempfile.TemporaryDirectory() as name:
        for path, data in plan.locked.items():
            if path.parts[0] != "keys":
                (Path(name) / path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_new(Path(name) / path, data, mode=0o600)
        opened = []
        for setting in plan.settings.stores:
            if setting.name not in plan.without:
                in_folder = setting.properties(plan.folder).folder is not None
                opened.append(setting.open(plan.folder if in_folder else Path(name), wiring.environment()))
        return tuple(opened)


def _require_own(store: Store, home_id: str, *, is_new: bool) -> None:
    """Raise ``ConflictError`` where another store lies than the one that is named, so far as its marker tells.

    One that the backup does not know (``is_new``) was taken into use later: it has to be there, else ``NotFoundError``.
    """
    found = None
    with suppress(
        NotFoundError, StorageError, ValueError, KeyError, TypeError
    ):  # its journal tells, or that it is away
        marker = json.loads(read_whole(store, MARKER))
        found = (str(marker["home_id"]), str(marker["name"]))
    where = {"name": store.name, "place": store.properties.where}
    if found is None and is_new:
        raise NotFoundError(
            message(
                "备份不知道存储“{name}”，{place} 处也没有",
                "the backup knows no store “{name}”, and there is none at {place}",
                **where,
            ),
            subject=store.name,
        )
    if found not in (None, (home_id, store.name)):
        raise ConflictError(
            message(
                "“{name}”处（{place}）是另一个存储：“{other}”",
                "where “{name}” should be ({place}) lies another store: “{other}”",
                other=found[1] if found else "",
                **where,
            ),
            subject=store.name,
            advice=message(
                "请用 --store {name}=位置 指明它在哪里", "say where it is with --store {name}=PLACE", name=store.name
            ),
        )


_BY_KEY = message(
    "请把备份 data/jinkui.toml 复制到新文件夹，再用保险柜中的私钥运行 jinkui rebuild --key 文件",
    "copy data/jinkui.toml of the backup into a new folder, and run jinkui rebuild --key FILE there with the key from the safe",
)
