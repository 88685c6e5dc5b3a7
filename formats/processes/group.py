"""A process and everything it started: who they are, and how much memory they hold together."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

_SHARE = 0.6
_COUNTED = (b"RssAnon:", b"RssShmem:", b"VmSwap:")
_SHARED = (b"Pss_Anon:", b"Pss_Shmem:", b"SwapPss:")


def members(leader: int) -> list[int]:
    """Return a process and all its descendants that live; orphans count when it takes them in (a subreaper)."""
    found = [leader]
    for one in found:  # grows while it is walked
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{one}/task").iterdir():
                with contextlib.suppress(OSError), open(thread / "children", "rb") as children:
                    found += map(int, children.read().split())
    return found


def memory_bytes(leader: int) -> int:
    """Return how much memory a process and its descendants hold by themselves, at most: files that were mapped do not count.

    What two of them share since one was forked counts twice; ``holds_more`` looks closer where it matters.
    """
    return sum(_told(one, "status", _COUNTED) or 0 for one in members(leader))


def holds_more(leader: int, most_bytes: int) -> bool:
    """Say whether a process and its descendants hold more memory than this, what they share counted once."""
    if memory_bytes(leader) <= most_bytes:
        return False
    shares = [_told(one, "smaps_rollup", _SHARED) for one in members(leader)]
    return None in shares or sum(filter(None, shares)) > most_bytes


def _told(process: int, file: str, names: tuple[bytes, ...]) -> int | None:
    try:
        with open(f"/proc/{process}/{file}", "rb") as told:
            return sum(int(line.split()[1]) << 10 for line in told if line.startswith(names))
    except FileNotFoundError:  # it has ended
        return 0
    except OSError:
        return None


def affordable(workers: int, budget_bytes: int) -> int:
    """Return how many of so many children may work at once, at least one, so that their budgets fit into the machine."""
    return max(1, min(workers, int(_SHARE * available_bytes()) // budget_bytes))


def available_bytes() -> int:
    """Return how much memory can still be taken: what the system has free, or less where a cgroup says so."""
    with open("/proc/meminfo", encoding="ascii") as told:
        stated = dict(line.split(":", 1) for line in told)
    free = int(stated.get("MemAvailable", stated["MemFree"]).split()[0]) << 10
    return min([free, *_cgroup_limits()])


def _cgroup_limits() -> Iterator[int]:
    """Yield the limits of the groups that this process is in, of either version of cgroups."""
    with contextlib.suppress(OSError), open("/proc/self/cgroup", encoding="utf-8") as told:
        for line in told:
            _, controllers, place = line.rstrip("\n").split(":", 2)
            if controllers == "":
                files = [Path("/sys/fs/cgroup", *above, "memory.max") for above in _upwards(place)]
            elif "memory" in controllers.split(","):
                files = [Path("/sys/fs/cgroup/memory", *above, "memory.limit_in_bytes") for above in _upwards(place)]
            else:
                continue
            for file in files:
                with contextlib.suppress(OSError, ValueError):
                    yield int(file.read_text("ascii"))


def _upwards(place: str) -> list[tuple[str, ...]]:
    parts = tuple(part for part in place.split("/") if part)
    return [parts[:count] for count in range(len(parts), -1, -1)]
