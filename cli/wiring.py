"""The effects of the outside world, made in one place: clock, random identifiers, environment."""

import getpass
import grp
import os
import pwd
import random
import secrets
import shutil
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import platformdirs

from archives.record.identifiers import PackageId
from formats.processes.children import ChildExecutor
from preservation.actions.overview.room import Room
from preservation.digests.many_files import Digesting

HOME_VARIABLE = "JINKUI_HOME"
SETTINGS_FILE = "jinkui.toml"
CLOCK_VARIABLE = "JINKUI_BY_CLOCK"

_BATCH_SECONDS = 600.0
Item = TypeVar("Item")


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return today where this machine is."""
    return datetime.now(UTC).astimezone().date()


def seconds() -> float:
    """Return seconds that only go forward, from some moment on."""
    return time.monotonic()


def wait(for_seconds: float) -> None:
    """Let so many seconds pass."""
    time.sleep(for_seconds)


def draw(items: Sequence[Item], number: int) -> Sequence[Item]:
    """Draw so many items at random, without putting any back."""
    return random.SystemRandom().sample(items, number)


def new_identifier() -> str:
    """Return a random UUID."""
    return str(uuid.uuid4())


def new_secret() -> str:
    """Return a random text of 32 bytes that can stand in an address."""
    return secrets.token_urlsafe(32)


def new_key_seed() -> bytes:
    """Return the random bytes that a signing key is made from."""
    return secrets.token_bytes(32)


def new_package_id() -> PackageId:
    """Return the identifier of a new package."""
    return PackageId(new_identifier())


def environment() -> Mapping[str, str]:
    """Return the environment of this process."""
    return os.environ


def is_begun_by_clock() -> bool:
    """Say whether a unit or a line of a crontab started this process, which says so in its environment."""
    return bool(os.environ.get(CLOCK_VARIABLE))


def operator_name() -> str:
    """Return the name of the person at this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def default_home() -> Path:
    """Return the home of the archive when nobody names one: ``JINKUI_HOME``, else the user's data folder."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_data_dir("jinkui"))


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


def digesting() -> Digesting:
    """Return what reads and digests files with every processor; children are started when they are worth it."""
    workers = processors()
    return Digesting(workers, lambda: ChildExecutor(workers, timeout_seconds=_BATCH_SECONDS))


def device_of(path: Path) -> int:
    """Return the number of the device a path, or the nearest folder above it, lies on."""
    while not os.access(path, os.F_OK) and path != path.parent:
        path = path.parent
    return path.stat().st_dev


def room_at(path: Path) -> Room | None:
    """Return how much room there is where a folder lies; None where that cannot be told."""
    try:
        state = os.statvfs(path)
        device = path.stat().st_dev
    except OSError:
        return None
    return Room(state.f_bavail * state.f_frsize, state.f_blocks * state.f_frsize, device)


def program() -> tuple[str, ...]:
    """Return the argument list that starts Jinkui as it was started now, by absolute paths."""
    script = Path(sys.executable).with_name("jinkui")
    if script.is_file():
        return (str(script),)
    return (sys.executable, "-P", "-c", "from cli.main import main; main()")  # nothing of the folder one stands in


def interpreter() -> str:
    """Return the Python that runs this process, by its absolute path."""
    return sys.executable


SYSTEM_UNITS = Path("/etc/systemd/system")
CRON_FOLDER = Path("/etc/cron.d")
_OF_SYSTEMD = Path("/run/systemd/system")
_OF_CRON = ("cron", "crond", "crontab")
_WHERE_CRON_LIES = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"


def has_systemd() -> bool:
    """Say whether systemd runs this machine, as sd_booted(3) finds it out; that its commands are installed says nothing."""
    return _OF_SYSTEMD.is_dir()


def has_cron() -> bool:
    """Say whether a cron is installed, wherever accounts that are not root have no look at: under the names that all go by."""
    return any(shutil.which(name, path=_WHERE_CRON_LIES) for name in _OF_CRON)


def unit_folders(home: Path) -> tuple[Path, ...]:
    """Return where units and pieces of the crontab that begin the jobs of a home can lie: of this machine and of this user.

    And of the account that owns the home; whether any may be read is another matter.
    """
    return tuple(dict.fromkeys((SYSTEM_UNITS, user_unit_folder(), *_owners_unit_folder(home), CRON_FOLDER)))


def _owners_unit_folder(home: Path) -> tuple[Path, ...]:
    try:
        owner = home.stat().st_uid
        return () if owner == os.geteuid() else (Path(pwd.getpwuid(owner).pw_dir, ".config", "systemd", "user"),)
    except (KeyError, OSError):
        return ()


def user_unit_folder() -> Path:
    """Return where the units of the user's own service manager lie (systemd.unit(5))."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def is_own(path: Path) -> bool:
    """Say whether a path belongs to the account of this process."""
    return path.stat().st_uid == os.geteuid()


def owner_of(path: Path) -> str:
    """Return the account a path belongs to: its name, or its number when it has none."""
    owner = path.stat().st_uid
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        return str(owner)


def group_number(name: str) -> int | None:
    """Return the number of a group of accounts, None where this machine has none of that name."""
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        return None


def new_seed() -> int:
    """Return a number from which a draw can be repeated."""
    return secrets.randbelow(1 << 32)
