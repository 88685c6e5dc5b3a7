"""Files that a command leaves for other programs: there whole or not at all."""

import os
import tempfile
from pathlib import Path

from archives.errors import StorageError
from archives.message import message

_READABLE = 0o644


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
            message("{path} 写不了：{reason}", "{path} cannot be written: {reason}", path=str(path), reason=str(cause)),
            subject=str(path),
        ) from cause
