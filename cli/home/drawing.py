"""Pages drawn for the screen, as the public will see them, each by a child."""

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path

from archives.pipeline import Failed, run
from archives.record.holding import Holding, StoredFile
from formats.processes.opened import Opened
from preservation.vault.content import Holdings

_SCREEN_PX = 1600


@contextmanager
def drawing(
    holdings: Holdings, children: Callable[[Path], AbstractContextManager[Executor]]
) -> Iterator[Callable[[Holding, StoredFile, int], bytes]]:
    """Give what draws a page as JPEG; ``children`` gives children that can read one folder, where originals lie meanwhile.

    What it gives raises ``FormatError`` or ``ToolError`` for a page that cannot be drawn, and as ``Holdings.read``.
    """
    with tempfile.TemporaryDirectory() as name, children(Path(name)) as executor:
        yield partial(_image, holdings, executor, Path(name))


def _image(
    holdings: Holdings, children: Executor, folder: Path, holding: Holding, file: StoredFile, page_index: int
) -> bytes:
    from formats.page_image import access_image_apart  # decoders are slow to load, and most commands draw nothing

    with tempfile.NamedTemporaryFile(dir=folder) as original:
        original.write(holdings.read(holding, file))
        original.flush()
        draw = partial(access_image_apart, mime=file.mime, page_index=page_index, longest_side_px=_SCREEN_PX)
        with Opened.at(Path(original.name)) as opened:
            (drawn,) = run(draw, [opened], executor_factory=lambda: nullcontext(children), window=1)
    if isinstance(drawn, Failed):
        raise drawn.error
    return drawn.result
