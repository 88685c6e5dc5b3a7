"""A version of a package written out as a bag, wholly or not at all."""

import os
import shutil
from pathlib import Path

from archives.errors import NotFoundError, PathTakenError, StorageError
from archives.exchange.premis import read_premis
from archives.message import message
from archives.system_reason import reason_of
from preservation.digests.many_files import Digesting
from preservation.package.new_package import PREMIS
from preservation.package.ocfl import Inventory
from preservation.stores.files import flush_folder
from preservation.vault.vault import Vault

_REPRESENTATIONS = ("data", "representations")


def export_version(
    vault: Vault, inventory: Inventory, folder: Path, *, version: int, digesting: Digesting | None = None
) -> None:
    """Write a version out as a complete bag, wholly or not at all: beside, flushed to disk, then renamed.

    The folders in which nothing lay when the record came are made again: neither OCFL nor BagIt keeps them.

    Raises ``NotFoundError`` for a version the package does not have, ``PathTakenError`` when the folder is there
    already, ``StorageError`` when it cannot be written, ``IntegrityError`` when no store has a file whole.
    """
    if not 1 <= version <= inventory.head:
        said = message(
            "没有第 {n} 版，最新为第 {head} 版",
            "there is no version {n}; the newest is {head}",
            n=version,
            head=inventory.head,
        )
        raise NotFoundError(said, subject=str(version))
    if os.path.lexists(folder):
        raise PathTakenError(
            message("目标文件夹已存在：{path}", "the folder is there already: {path}", path=str(folder)),
            subject=str(folder),
            advice=message("请给一个新文件夹", "name a new folder"),
        )
    beside = folder.with_name(f".{folder.name}.{vault.stamp()}.unfinished")
    try:
        vault.export(inventory, beside, version=version, digesting=digesting)
        _make_empty_folders(beside)
        beside.rename(folder)
        flush_folder(folder.parent)
    except OSError as cause:
        raise StorageError(
            message(
                "无法写入 {path}：{reason}",
                "{path} cannot be written: {reason}",
                path=str(folder),
                reason=reason_of(cause),
            ),
            subject=str(folder),
        ) from cause
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _make_empty_folders(bag: Path) -> None:
    """Make the folders that PREMIS remembers, below the representations alone; raises ``OSError``."""
    description = bag / PREMIS
    if not description.is_file():
        return
    for folder in read_premis(description.read_bytes()).empty_folders:
        if folder.parts[:2] == _REPRESENTATIONS and ".." not in folder.parts:
            (bag / folder).mkdir(parents=True, exist_ok=True)
