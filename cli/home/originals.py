"""Stored originals, opened one at a time by a child that can read nothing else."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TypeVar

from archives.errors import FormatError, StorageError, ToolFailedError
from archives.message import message
from archives.pipeline import Failed, run
from archives.record.holding import Holding, StoredFile
from formats.processes.children import LARGEST_FOLDER_BYTES
from formats.processes.opened import Opened
from preservation.vault.content import Holdings
from search.published.shown.page_file import THUMBNAIL, PageImages

_SCREEN_PX = 1600
_LONGEST_RECORDING_BYTES = LARGEST_FOLDER_BYTES
_FILMS = ("application/mp4",)  # recordings whose MIME type says neither sound nor pictures
Looked = TypeVar("Looked")


class Originals:
    """The originals of an archive's records, as long as there are children to open them.

    Its verbs raise ``FormatError`` or ``ToolError`` for a file that cannot be opened, and as ``Holdings.read``.
    """

    def __init__(self, holdings: Holdings, children: Executor, folder: Path) -> None:
        self.children = children
        self.folder = folder
        self._holdings = holdings

    def look_into(self, holding: Holding, file: StoredFile, look: Callable[[Opened], Looked]) -> Looked:
        """Return what a child finds that looks into a file; ``look`` is a function that children can be given."""
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=file.path.suffix) as original:
            original.write(self._holdings.read(holding, file))
            original.flush()
            with Opened.at(Path(original.name)) as opened:
                (looked,) = run(look, [opened], executor_factory=lambda: nullcontext(self.children), window=1)
        if isinstance(looked, Failed):
            raise looked.error
        return looked.result

    def image(self, holding: Holding, file: StoredFile, page_index: int) -> PageImages:
        """Return a page as the public will see it: for a screen, and in tiles; of a recording what will be played.

        Raises ``FormatError`` for a recording that is too long, or of which sound and pictures alone cannot be kept.
        """
        if file.mime in _FILMS or file.mime.startswith(("audio/", "video/")):
            return PageImages(b"", recording=self._recording(holding, file, page_index))
        from formats.page_image import (
            page_for_screens_apart,
        )  # decoders are slow to load, and most commands draw nothing
        from formats.picture.pyramid import OVERLAP_PX, TILE_PX

        draw = partial(page_for_screens_apart, mime=file.mime, page_index=page_index, longest_side_px=_SCREEN_PX)
        drawn = self.look_into(holding, file, draw)
        parts = {f"{tile.level}/{tile.column}_{tile.row}.jpg": tile.jpeg for tile in drawn.tiles}
        parts[THUMBNAIL] = drawn.thumbnail
        return PageImages(drawn.screen, drawn.width_px, drawn.height_px, TILE_PX, OVERLAP_PX, parts)

    def _recording(self, holding: Holding, file: StoredFile, page_index: int) -> Path:
        from formats.played.plain_recording import ENDINGS, PLAYED, PlainRecordingTask, make_plain_recording

        if page_index or file.mime not in PLAYED or file.size_bytes > _LONGEST_RECORDING_BYTES:
            raise _not_played(file)
        self._require_room(2 * file.size_bytes)
        made = self.folder / "recording"
        made.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder) as place:
            source = self._holdings.copy(holding, file, Path(place, "original"))
            with Opened.at(source) as opened, Opened.anew(made) as target:
                tasks = [PlainRecordingTask(opened, target, file.mime)]
                (done,) = run(
                    make_plain_recording, tasks, executor_factory=lambda: nullcontext(self.children), window=1
                )
        if isinstance(done, Failed):
            made.unlink()
            if isinstance(done.error, ToolFailedError):
                raise _not_played(
                    file
                ) from done.error  # another time would take as long: the record is shown without it
            raise done.error
        if done.result not in ENDINGS:
            made.unlink()
            raise _not_played(file)
        return made.rename(made.with_suffix(done.result))

    def _require_room(self, size_bytes: int) -> None:
        if shutil.disk_usage(self.folder).free < size_bytes:
            raise StorageError(
                message(
                    "放临时文件的磁盘满了：{path}",
                    "the disk for temporary files is full: {path}",
                    path=str(self.folder),
                ),
                subject=str(self.folder),
                advice=message(
                    "腾出空间，或把环境变量 TMPDIR 指到别的磁盘",
                    "make room, or let TMPDIR name a folder of another disk",
                ),
            )


def _not_played(file: StoredFile) -> FormatError:
    return FormatError(
        message("这段录音录像不在网上播放", "this recording is not played online"), subject=file.path.name
    )


@contextmanager
def opened_originals(
    holdings: Holdings, children: Callable[[Path], AbstractContextManager[Executor]]
) -> Iterator[Originals]:
    """Give the originals; ``children`` gives children that can read one folder, where originals lie meanwhile."""
    with tempfile.TemporaryDirectory() as name, children(Path(name)) as executor:
        yield Originals(holdings, executor, Path(name))
