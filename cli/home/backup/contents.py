"""What lies in a home, and which of it a backup holds: one table, and what the settings of a home add to it.

A backup holds what nothing else could give back. What is made again from the stores is left out, and so are the stores
themselves, of which there are several so that each is the others' backup.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from archives.message import Message, message
from cli import wiring
from cli.home.backup.waiting import RESTORED
from cli.home.carried import SHEET
from cli.home.settings.settings import Settings


class Kept(Enum):
    """Whether a backup holds something: as it is, under the passphrase, or not at all."""

    OPEN = message("在备份中", "in the backup")
    LOCKED = message("在备份中，加口令", "in the backup, under the passphrase")
    LEFT = message("不在备份中", "not in the backup")

    @property
    def said(self) -> Message:
        """What people are told."""
        return self.value


@dataclass(frozen=True, slots=True)
class Content:
    """Something that lies in a home: ``where`` is a pattern for files, or with a slash at its end a folder with all below."""

    where: str
    kept: Kept
    what: Message


CONTENTS: tuple[Content, ...] = (
    Content(wiring.SETTINGS_FILE, Kept.OPEN, message("设置", "the settings")),
    Content(
        "keys/archive.pub",
        Kept.OPEN,
        message("档案库的公钥，现用的和以前的", "the archive's public keys, former ones too"),
    ),
    Content(
        "keys/exported",
        Kept.OPEN,
        message("哪些密钥已存入保险柜", "which keys have been written out for the safe"),
    ),
    Content(
        "keys/",
        Kept.LOCKED,
        message(
            "私钥：档案库现用的和以前的，以及早先版本留下的个人私钥",
            "private keys: the archive's of now and before, and those of persons that earlier software left here",
        ),
    ),
    Content(
        "journal/",
        Kept.OPEN,
        message(
            "档案库对日志的记忆，防止倒退", "what the home remembers of the journal: nothing is put back unnoticed"
        ),
    ),
    Content("checkpoints/", Kept.OPEN, message("检查点和时间戳", "checkpoints and their time stamps")),
    Content(
        "work.db",
        Kept.OPEN,
        message(
            "工作状态：接口密钥、外部核查的结果、已发出的报警、未完的核查",
            "working state: API keys, results of outside checks, alarms that were told, unfinished audits",
        ),
    ),
    Content(
        "served",
        Kept.OPEN,
        message("网站提供过的最新状态，防止倒退", "the newest state that the site served: no older one is"),
    ),
    Content(
        "public/closed/",
        Kept.OPEN,
        message("封闭标记，日志可能尚无记载", "marks of closings, of which the journal may not know yet"),
    ),
    Content(
        SHEET,
        Kept.OPEN,
        message(
            "停用后撤回、尚未告知新位置的档案", "what was closed after the home retired, and nobody elsewhere knows of"
        ),
    ),
    Content("public/", Kept.LEFT, message("公布的内容，由存储重建", "what is published: made again from the stores")),
    Content("catalogue.db*", Kept.LEFT, message("目录数据库，由存储重建", "the catalogue: made again from the stores")),
    Content(
        "staff-index.db*",
        Kept.LEFT,
        message("检索库，由存储重建", "the index of everything: made again from the stores"),
    ),
    Content(
        "owed/",
        Kept.LEFT,
        message(
            "待重试的公布和索引，重建时全部重做", "what is to be published or indexed again: a rebuild does it all"
        ),
    ),
    Content(
        "owed-beside/",
        Kept.LEFT,
        message(
            "重建检索库时没有读出文字的档案，随重建重做",
            "what could not be read while an index is made again: making it again does it all",
        ),
    ),
    Content(RESTORED, Kept.LEFT, message("由哪个备份恢复而来", "which backup it was restored from")),
    Content("backed-up", Kept.LEFT, message("上次备份的时间和位置", "when and where the home was backed up")),
    Content("locks/", Kept.LEFT, message("进程之间的锁", "locks between processes")),
    Content("work/", Kept.LEFT, message("正在处理的草稿", "drafts of what is being worked on")),
    Content("work.db-*", Kept.LEFT, message("数据库的附属文件", "what SQLite keeps beside a database")),
)
"""The first that is meant counts."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What lies in a home: the files that a backup holds, and the names that nobody knows anything of."""

    files: dict[PurePosixPath, Kept]
    unknown: tuple[str, ...]


def contents_of(settings: Settings, home: Path) -> tuple[Content, ...]:
    """Return the table for a home: what its settings name that lies in it stands before what lies in every home."""
    named = [
        (settings.search.api_key_file, Kept.LOCKED, message("检索服务的密钥", "the key of the search server")),
        (
            settings.search.reader_api_key_file,
            Kept.LOCKED,
            message("网站检索用的密钥", "the key that the site searches with"),
        ),
        (settings.search.ca_file, Kept.OPEN, message("检索服务的根证书", "root certificates of the search server")),
        (settings.journal.timestamp_ca, Kept.OPEN, message("时间戳的根证书", "root certificates of time stamps")),
        (settings.portal.public_key, Kept.OPEN, message("网站所用的公钥", "the public key that the site goes by")),
        (settings.portal.logo, Kept.OPEN, message("网站的标识图", "the logo of the site")),
        (settings.audit.metrics_file, Kept.LEFT, message("指标，每次重写", "figures, written anew each time")),
        *(
            (getattr(store, "credentials_file", ""), Kept.LOCKED, message("存储的密钥", "the key of a store"))
            for store in settings.stores
        ),
        *(
            (word, Kept.OPEN, message("设置所运行的命令", "a command that the settings run"))
            for words in (settings.audit.alarm_command, settings.journal.checkpoint_command)
            for word in words
            if (home / word).is_file()
        ),
    ]
    files = [Content(where, kept, what) for text, kept, what in named if text and (where := _within(home, text))]
    folders = [(home / settings.journal.checkpoints, Kept.OPEN, message("检查点", "checkpoints"))]
    folders += [
        (folder, Kept.LEFT, message("存储，互为备份", "a store: each is the others' backup"))
        for store in settings.stores
        if (folder := store.properties(home).folder) is not None
    ]
    below = [Content(f"{where}/", kept, what) for path, kept, what in folders if (where := _within(home, str(path)))]
    usual = {content.where for content in CONTENTS}
    return (*files, *(content for content in below if content.where not in usual), *CONTENTS)


def named_elsewhere(settings: Settings, home: Path) -> tuple[str, ...]:
    """Return the files outside the home that its settings name, and without which it does not work elsewhere as here."""
    named = (
        settings.search.api_key_file,
        settings.search.reader_api_key_file,
        settings.search.ca_file,
        settings.journal.timestamp_ca,
        settings.portal.public_key,
        *(getattr(store, "credentials_file", "") for store in settings.stores),
        *(settings.audit.alarm_command[:1]),
        *(settings.journal.checkpoint_command[:1]),
    )
    folder = home / settings.journal.checkpoints
    outside = {text for text in named if Path(text).is_absolute() and not _within(home, text)}
    return tuple(sorted(outside | ({str(folder)} if not _within(home, str(folder)) else set())))


def survey(home: Path, contents: tuple[Content, ...]) -> Surveyed:
    """Look at what lies in a home; a link to a folder is followed where such a folder belongs, and nowhere else."""
    files: dict[PurePosixPath, Kept] = {}
    unknown: list[str] = []
    for path, is_folder in _walk(home, PurePosixPath(), contents):
        found = _content_of(path, contents)
        if found is None or is_folder:
            unknown.append(str(path))
        elif found.kept is not Kept.LEFT:
            files[path] = found.kept
    return Surveyed(files, tuple(sorted(unknown)))


def _walk(home: Path, folder: PurePosixPath, contents: tuple[Content, ...]) -> Iterator[tuple[PurePosixPath, bool]]:
    """Yield the files below a folder but for what is left out as a whole, and empty folders that nobody knows (True)."""
    try:
        entries = sorted(os.scandir(home / folder), key=lambda entry: entry.name)
    except FileNotFoundError:  # it went while the home was looked at
        return
    for entry in entries:
        path = folder / entry.name
        if not entry.is_dir(follow_symlinks=_is_known_folder(path, contents)):
            yield path, False
        elif not _is_left_whole(path, contents):
            yield from _walk(home, path, contents)
    if not entries and folder.parts and not _is_known_folder(folder, contents):
        yield folder, True


def _content_of(path: PurePosixPath, contents: tuple[Content, ...]) -> Content | None:
    return next((one for one in contents if _means(one.where, str(path))), None)


def _means(where: str, path: str) -> bool:
    return path.startswith(where) if where.endswith("/") else fnmatchcase(path, where)


def _is_left_whole(folder: PurePosixPath, contents: tuple[Content, ...]) -> bool:
    """Say whether nothing below a folder is in a backup, so that nobody need look."""
    found = _content_of(folder / "x", contents)
    kept_below = any(one.where.startswith(f"{folder}/") and one.kept is not Kept.LEFT for one in contents)
    return found is not None and found.kept is Kept.LEFT and not kept_below


def _is_known_folder(folder: PurePosixPath, contents: tuple[Content, ...]) -> bool:
    return any(f"{folder}/".startswith(one.where) or one.where.startswith(f"{folder}/") for one in contents)


def _within(home: Path, text: str) -> str:
    """Return a path below the home as it stands in the table, empty for one that lies elsewhere."""
    path = Path(os.path.normpath(home / text))
    return path.relative_to(home).as_posix() if path.is_relative_to(home) and path != home else ""
