"""Files that a command leaves for other programs: there whole or not at all."""

import os
import tempfile
from pathlib import Path

from archives.errors import ConflictError, NotFoundError, StorageError
from archives.message import Message, message
from archives.system_reason import reason_of

_READABLE = 0o644


def require_place(path: Path) -> None:
    """Raise before anything is done when no file can be put there: ``NotFoundError`` without its folder, ``ConflictError``
    when a folder stands there.
    """
    folder = path.absolute().parent
    if not folder.is_dir():
        raise NotFoundError(
            message("没有文件夹 {folder}", "there is no folder {folder}", folder=str(folder)),
            subject=str(path),
            advice=_make_first(folder),
        )
    if path.is_dir():
        raise ConflictError(
            message("{path} 是一个文件夹", "{path} is a folder", path=str(path)),
            subject=str(path),
            advice=message("请给出文件名", "name a file in it"),
        )


def write_whole(path: Path, data: bytes, *, mode: int = _READABLE) -> None:
    """Put a file in place at once, on disk when this returns, instead of what stood there; makes no folder.

    Raises ``StorageError``.
    """
    place = path.absolute()
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{place.name[:100]}.", dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
            Path(temporary).replace(place)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
        folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as cause:
        raise StorageError(
            message(
                "{path} 写不了：{reason}", "{path} cannot be written: {reason}", path=str(path), reason=reason_of(cause)
            ),
            subject=str(path),
            advice=None if place.parent.is_dir() else _make_first(place.parent),
        ) from cause


def _make_first(folder: Path) -> Message:
    return message("请先建好文件夹 {folder}", "make the folder {folder} first", folder=str(folder))
