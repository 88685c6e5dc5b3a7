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
from archives.message import Message, message
from archives.pipeline import Failed, run
from archives.record.holding import Holding, StoredFile
from formats.played.kinds import ENDINGS, PLAYED
from formats.processes.children import LARGEST_FOLDER_BYTES
from formats.processes.opened import Opened
from preservation.vault.content import Holdings
from search.published.shown.page_file import THUMBNAIL, PageImages

_SCREEN_PX = 1600
_LONGEST_RECORDING_BYTES = LARGEST_FOLDER_BYTES
_MOST_TOLD = 10
_NO_ENDING = message("制作程序出错", "the program that makes it failed")
Looked = TypeVar("Looked")


class Originals:
    """The originals of an archive's records, as long as there are children to open them.

    Its verbs raise ``FormatError`` or ``ToolError`` for a file that cannot be opened, and as ``Holdings.read``. Which recordings
    the public can not play, and why, is remembered to be told (``told_not_played``).
    """

    def __init__(self, holdings: Holdings, children: Executor, folder: Path) -> None:
        self.children = children
        self.folder = folder
        self._holdings = holdings
        self._not_played: list[Message] = []

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
        if file.mime in PLAYED or file.mime.startswith(("audio/", "video/")):
            return PageImages(b"", recording=self._played(holding, file, page_index))
        from formats.page_image import (
            page_for_screens_apart,
        )  # decoders are slow to load, and most commands draw nothing
        from formats.picture.pyramid import OVERLAP_PX, TILE_PX

        draw = partial(page_for_screens_apart, mime=file.mime, page_index=page_index, longest_side_px=_SCREEN_PX)
        drawn = self.look_into(holding, file, draw)
        parts = {f"{tile.level}/{tile.column}_{tile.row}.jpg": tile.jpeg for tile in drawn.tiles}
        parts[THUMBNAIL] = drawn.thumbnail
        return PageImages(drawn.screen, drawn.width_px, drawn.height_px, TILE_PX, OVERLAP_PX, parts)

    def told_not_played(self) -> Iterator[Message]:
        """Yield which recordings are open and cannot be played on the site, the first by name."""
        yield from self._not_played[:_MOST_TOLD]
        if more := len(self._not_played[_MOST_TOLD:]):
            yield message(
                "另有 {n} 件录音录像不能播放", "{n} more {n:recording|recordings} {n:is|are} not played", n=more
            )

    def _played(self, holding: Holding, file: StoredFile, page_index: int) -> Path:
        try:
            return self._recording(holding, file, page_index)
        except FormatError as failure:
            said = message(
                "{code}：{name} 已开放，但不能在网上播放（{why}），公众须到馆收听、观看",
                "{code}: {name} is open and is not played on the site ({why}); the public has to hear or see it in the reading room",
                code=holding.description.code.written,
                name=file.original_name or file.path.name,
                why=failure.message,
            )
            self._not_played.append(said)
            raise

    def _recording(self, holding: Holding, file: StoredFile, page_index: int) -> Path:
        if page_index or file.mime not in PLAYED:
            raise _not_played(file, message("只播放 WAVE、MP3 和 MP4", "what is played are WAVE, MP3 and MP4"))
        if file.size_bytes > _LONGEST_RECORDING_BYTES:
            raise _not_played(file, message("超过 1 GiB", "it is longer than 1 GiB"))
        from formats.played.plain_recording import (
            PlainRecordingTask,
            make_plain_recording,
        )  # what looks into recordings is slow to load

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
        if not isinstance(done, Failed) and done.result in ENDINGS:
            return made.rename(made.with_suffix(done.result))
        made.unlink()
        if isinstance(done, Failed) and not isinstance(done.error, ToolFailedError):
            raise done.error
        # one that takes too long would do so another time: the record is shown without it
        raise _not_played(file, done.error.message if isinstance(done, Failed) else _NO_ENDING)

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


def _not_played(file: StoredFile, why: Message) -> FormatError:
    return FormatError(why, subject=file.path.name)


@contextmanager
def opened_originals(
    holdings: Holdings, children: Callable[[Path], AbstractContextManager[Executor]]
) -> Iterator[Originals]:
    """Give the originals; ``children`` gives children that can read one folder, where originals lie meanwhile."""
    with tempfile.TemporaryDirectory() as name, children(Path(name)) as executor:
        yield Originals(holdings, executor, Path(name))
