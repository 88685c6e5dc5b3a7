"""What an account that is not root may do and see, shown from tests that may run as root."""

import os
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


def as_nobody(what: Callable[[], None]) -> None:
    """Do something as an account that is not root, in a process of its own where this one is, and let it fail nowhere."""
    if os.geteuid():
        what()
        return
    if child := os.fork():
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, "see what it wrote"
        return
    try:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        what()
        os._exit(0)
    except BaseException:  # nothing of the tests goes on in here
        traceback.print_exc()
    finally:
        os._exit(1)


def give_to_nobody(top: Path) -> None:
    """Make that account the owner of a folder and of all below it, where this one may."""
    if os.geteuid() == 0:
        for place in (top, *top.rglob("*")):
            os.chown(place, NOBODY, NOBODY, follow_symlinks=False)


@contextmanager
def folder_to_pass() -> Iterator[Path]:
    """Give a folder that every account may pass, which those of pytest are not; it goes afterwards, shut or not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for place in (folder, *(one for one in folder.rglob("*") if one.is_dir() and not one.is_symlink())):
        place.chmod(0o700)
    shutil.rmtree(folder)
