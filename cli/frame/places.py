"""Places that a command is given: what cannot be one is told before anything is done, with the place that may be meant."""

import difflib
import os
import re
from pathlib import Path

from archives.errors import JinkuiError, NotFoundError, UsageProblem
from archives.message import Message, message
from archives.system_reason import reason_of
from ingest.batch.listing import PACKED, garbled_in_zip, unpacking
from preservation.stores.files import require_place

_OF_WINDOWS = re.compile(r"(?P<drive>[A-Za-z]):(?:[\\/]+(?P<rest>.*))?", re.DOTALL)
_SHARE = re.compile(r"\\\\[^\\]+\\.+", re.DOTALL)
_CLOSE = 0.6


_BATCH = message(
    "请写批次文件夹的路径：其中有目录表和文件",
    "give the path of the batch's folder, in which its sheet and its files lie",
)


def require_of_this_machine(path: Path) -> None:
    """Raise ``UsageProblem`` for a path of Windows: written to, it would be a file here with a strange name.

    What is there by that name is taken as it is.
    """
    if (advice := _of_windows(path)) and not os.path.lexists(path):
        raise _foreign(str(path), advice)


def require_folder(path: Path) -> None:
    """Raise when no folder is there that can be listed: ``NotFoundError`` where nothing is, else ``UsageProblem``."""
    try:
        if path.is_dir():
            os.scandir(path).close()
            return
        is_file = path.exists()
    except OSError as cause:
        said = message(
            "读不了 {path}：{reason}", "{path} cannot be read: {reason}", path=str(path), reason=reason_of(cause)
        )
        raise UsageProblem(said, subject=str(path)) from cause
    raise _a_file(path) if is_file else _absent(path)


def require_new_file(path: Path) -> None:
    """Raise ``UsageProblem`` when no file can be put there: its folder is not there or not ours to write, or it is one."""
    try:
        require_place(path)
    except OSError as cause:  # nobody may look there, or no name is like that
        raise UsageProblem(_unreachable(path, cause), subject=str(path)) from cause
    folder = path.absolute().parent
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageProblem(
            message(
                "没有权限写入文件夹 {folder}", "nothing may be written into the folder {folder}", folder=str(folder)
            ),
            subject=str(path),
            advice=message("请改写到别的文件夹", "choose another folder"),
        )


def require_home_place(path: Path) -> None:
    """Raise ``UsageProblem`` where no archive can be: a file stands there, or on the way to it, or nobody may look."""
    if _of_windows(path) and not path.exists():
        raise _absent(Path(path.name))
    try:
        if path.is_dir():
            os.stat(f"{path}/.")  # noqa: PTH116 - a path would drop the point, which only who may go in can look at
            return
        blocking = next((one for one in (path, *path.parents) if one.exists() and not one.is_dir()), None)
    except OSError as cause:
        raise UsageProblem(_unreachable(path, cause), subject="--home") from cause
    if blocking is not None:
        raise UsageProblem(
            message(
                "{path} 是文件，档案库是文件夹", "{path} is a file, and an archive is a folder", path=str(blocking)
            ),
            subject="--home",
            advice=message("请用 --home 给出档案库所在的文件夹", "name the folder of the archive with --home"),
        )


def _unreachable(path: Path, cause: OSError) -> Message:
    reason = reason_of(cause)
    return message("进不了 {path}：{reason}", "{path} cannot be reached: {reason}", path=str(path), reason=reason)


def _a_file(path: Path) -> JinkuiError:
    if path.suffix.lower() in PACKED:
        folder = path.name.partition(".")[0] or "batch"
        return UsageProblem(
            message("{path} 是压缩包，这里要的是文件夹", "{path} is packed, and a folder is needed", path=str(path)),
            subject=str(path),
            advice=_unpack(path, folder),
        )
    return UsageProblem(
        message("{path} 是文件，这里要的是文件夹", "{path} is a file, and a folder is needed", path=str(path)),
        subject=str(path),
        advice=message("它所在的文件夹是 {folder}", "it lies in the folder {folder}", folder=str(path.parent)),
    )


def _unpack(path: Path, folder: str) -> Message:
    if path.suffix.lower() != ".zip":
        return message("请先解压到一个文件夹，再给出那个文件夹", "unpack it into a folder first, and name that")
    return message(
        "请先解压，再给出解压后的文件夹：{how}",
        "unpack it first, then name the folder: {how}",
        how=unpacking(_quoted(str(path)), _quoted(folder), garbled_in_zip(path)),
    )


def _absent(path: Path) -> JinkuiError:
    text = str(path)
    if found := _of_windows(path):
        return _foreign(text, found)
    said = message("没有这个文件夹：{path}", "there is no such folder: {path}", path=text)
    return NotFoundError(said, subject=text, advice=_meant(path) or _BATCH)


def _foreign(text: str, advice: Message) -> UsageProblem:
    return UsageProblem(
        message(
            "{path} 是 Windows 的路径，这里不认", "{path} is a path of Windows, which means nothing here", path=text
        ),
        subject=text,
        advice=advice,
    )


def _of_windows(path: Path) -> Message | None:
    """Return what to write instead of a path of Windows, None for any other path."""
    text = str(path)
    text = text.rpartition("/")[2] if "\\" in text and "/" in text else text
    if _SHARE.fullmatch(text):
        return message(
            "请先把该共享挂载到本机，再给出挂载后的路径",
            "mount the share on this machine first, and name its place here",
        )
    found = _OF_WINDOWS.fullmatch(text)
    if found is None:
        return None
    place = f"/mnt/{found['drive'].lower()}/{(found['rest'] or '').replace(chr(92), '/')}".rstrip("/")
    return message(
        "在 WSL 中它是 {place}；在别的机器上，请先把它复制或共享到本机，再给出本机的路径",
        "under WSL it is {place}; on another machine, copy or share it to this one first, and name its place here",
        place=_quoted(place),
    )


def _meant(path: Path) -> Message | None:
    """Return which folder may be meant by one that is not there."""
    turned = Path(str(path).replace("\\", "/"))
    if turned != path and turned.is_dir():
        return message("是否指 {path}？", "did you mean {path}?", path=_quoted(str(turned)))
    try:
        beside = [one.name for one in os.scandir(path.parent) if one.is_dir()]
    except OSError:
        return None
    close = difflib.get_close_matches(path.name, beside, n=1, cutoff=_CLOSE)
    return (
        message("是否指 {path}？", "did you mean {path}?", path=_quoted(str(path.with_name(close[0]))))
        if close
        else None
    )


def _quoted(text: str) -> str:
    """Return a path as a shell takes it."""
    return text if re.fullmatch(r"[\w./~:@%+,-]+", text) else "'" + text.replace("'", "'\\''") + "'"
