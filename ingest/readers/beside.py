"""Files of a batch that belong to no row of its sheet: what is told of each."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from archives.findings import Finding, note, warning
from archives.message import Message, message
from ingest.batch.listing import PlannedFile, is_litter
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
