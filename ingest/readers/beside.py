"""Files of a batch that belong to no row of its sheet: what is told of each."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from archives.findings import Finding, note, warning
from archives.message import Message, message
from formats.encoding.garbled_names import garbled
from ingest.batch.listing import PlannedFile, is_litter, shown
from ingest.batch.settings import SETTINGS

_LEFT_BEHIND = (
    (
        re.compile(r"(?i)~\$.*|\.~lock\..*#"),
        message(
            "办公软件打开文件时的临时文件；请确认该文件已保存并关闭",
            "what an office program leaves beside a document that is open: see that it was saved and closed",
        ),
    ),
    (re.compile(r"(?i)(?:eh)?thumbs\.db"), message("Windows 的缩略图", "thumbnails of Windows")),
    (re.compile(r"(?i)desktop\.ini"), message("Windows 的文件夹设置", "how Windows shows the folder")),
    (re.compile(r"(?i)\.ds_store|\._.*|__macosx"), message("macOS 的附带文件", "what macOS puts beside files")),
)
"""What systems and programs leave behind, by the names of files and of folders they lie in."""
_OTHER = message("系统文件", "a file of the system")
_HIDDEN = message("隐藏文件", "a hidden file")
_LIKE_SETTINGS = re.compile(r"(?i)batch\.toml(?:\.txt)?|batch\.(?:txt|tml|ini)")


def without_row(file: PlannedFile) -> Finding:
    """Return that no row names a file; of one that may be meant for the settings of the batch, what it is to be called."""
    zh, en = "目录表中没有对应的行，文件随批次保存", "no row of the sheet names the file; it is kept with the batch"
    found = warning("file-without-row", message(zh, en), file=file.shown)
    if not _LIKE_SETTINGS.fullmatch(file.relative):
        return found
    said = message(
        "批次的设置只从 {name} 读取，此文件未读",
        "the settings of a batch are read from {name} alone; this file was not read",
        name=SETTINGS,
    )
    advice = message(
        "如是批次的设置，请改名为 {name}（Windows 会隐藏 .txt 等扩展名），重新接收",
        "where it is meant for them, call it {name} (Windows hides endings such as .txt), and take the batch in again",
        name=SETTINGS,
    )
    return replace(found, message=said, advice=advice)


def garbled_names(files: Iterable[PlannedFile]) -> Iterator[Finding]:
    """Yield, once for a batch, that names came out wrong when it was unpacked, with what they were and how to unpack it."""
    found = [one for file in files if (one := garbled(file.relative))]
    if not found:
        return
    first, encoding = found[0], found[0].encoding
    said = message(
        "{n} 个文件名是乱码，像是压缩包按别的编码解开的：如 {name}，本应是 {meant}",
        "{n} {n:name|names} came out wrong, as of a ZIP unpacked in another encoding: {name} was {meant}",
        n=len(found),
        name=shown(first.name),
        meant=first.meant,
    )
    advice = message(
        "请删除解出的文件夹，用 python3 -m zipfile --metadata-encoding {encoding} -e 压缩包 文件夹 重新解压（Python 3.11 起），再接收",
        "delete what was unpacked, unpack the ZIP with python3 -m zipfile --metadata-encoding {encoding} -e FILE DIR (from "
        "Python 3.11 on), and take that in",
        encoding=encoding,
    )
    yield replace(warning("names-garbled", said, file=shown(first.name)), advice=advice)


def passed_over(file: PlannedFile, claimed: Mapping[str, PlannedFile]) -> Finding:
    """Return what a file is that is hidden or was left behind by a system, and where it is kept.

    One that its row names is like any other.
    """
    what = _what(file.relative)
    said = message("{what}，随批次保存", "{what}; it is kept with the batch", what=what)
    if file.relative in claimed:
        said = message("{what}，已随档案保存", "{what}; it is kept with its record", what=what)
        if claimed[file.relative].is_beside:
            said = message(
                "{what}，已随档案保存，未读取文字", "{what}; it is kept with its record and not read", what=what
            )
    return note("file-passed-over", said, file=file.shown)


def _what(relative: str) -> Message:
    parts = PurePosixPath(relative).parts
    known = (said for names, said in _LEFT_BEHIND if any(map(names.fullmatch, parts)))
    return next(known, _OTHER if is_litter(relative) else _HIDDEN)
