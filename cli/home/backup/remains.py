"""What is left of a home that lost its settings, or that is being made again from its stores: no new archive begins there."""

from collections.abc import Collection
from pathlib import Path

from archives.errors import ConfigurationError
from archives.message import message
from cli import wiring
from preservation.stores.files import write_whole

_REBUILDING = "journal/rebuilding"
_REMAINS = ("journal/last", _REBUILDING, "keys/archive.pem", "work.db")
WITHOUT_SETTINGS = message(
    "此处有档案库，但缺少其设置文件 jinkui.toml",
    "there is an archive here, but its settings file jinkui.toml is missing",
)
SETTINGS_BACK = message(
    "请把备份（jinkui home backup 所作）中的 data/jinkui.toml 复制到此文件夹；没有备份的，"
    "在别的空文件夹运行 jinkui home restore 或 jinkui rebuild --key 私钥文件 --store 名称=位置",
    "copy data/jinkui.toml of a backup (jinkui home backup made it) into this folder; without a backup, run jinkui rebuild "
    "--key FILE --store NAME=PLACE in another, empty folder",
)
UNFINISHED_REBUILD = message("此处由密钥重建档案库没有做完", "making the home again with its key was not finished here")
REBUILD_AGAIN = message(
    "请重新运行 jinkui rebuild --key（参数同前），直到它运行完；要另建档案库，请用 --home 指明别的文件夹",
    "run jinkui rebuild --key again as before, until it ends; for a new archive name another folder with --home",
)


def is_without_settings(folder: Path) -> bool:
    """Say whether a home lies in a folder whose settings are gone."""
    return not (folder / wiring.SETTINGS_FILE).exists() and any((folder / name).exists() for name in _REMAINS)


def require_stores(folder: Path, file: Path, named: Collection[str], places: Collection[Path | None]) -> None:
    """Raise ``ConfigurationError`` where a home has a journal, and its settings say nothing at all or name no store.

    ``named`` are the settings that the file states, ``places`` the folders of the stores that hold: where the file names
    none, they are the usual ones, and hold as long as any of them is there.
    """
    is_usual = "stores" not in named and any(place is not None and place.exists() for place in places)
    if not (folder / "journal/last").exists() or (named and (is_usual or ("stores" in named and places))):
        return
    said = (
        message("设置文件没有写明任何存储：{path}", "the settings file names no stores: {path}", path=str(file))
        if named
        else message("设置文件是空的：{path}", "the settings file is empty: {path}", path=str(file))
    )
    raise ConfigurationError(said, subject=str(file), advice=SETTINGS_BACK)


def is_being_rebuilt(folder: Path) -> bool:
    """Say whether making a home again with its key was begun and did not end."""
    return (folder / _REBUILDING).exists()


def begin_rebuilding(folder: Path) -> None:
    """Remember, before anything else is written, that a home is being made again."""
    (folder / _REBUILDING).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(folder / _REBUILDING, b"", mode=0o600)


def end_rebuilding(folder: Path) -> None:
    """Remember that the home was made again."""
    (folder / _REBUILDING).unlink(missing_ok=True)
