"""Visitors of a site: so many requests a second, whether those before were answered or not, each timed from when it was due."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

_ANSWER_SECONDS = 30
_NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """A request: of which kind it is, its path as it stands in the request."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer: its status (0 where none came whole), after how many milliseconds, how many bytes of a body."""

    kind: str
    status: int
    milliseconds: float
    size: int


def visited(port: int, visits: Sequence[Visit], a_second: float) -> list[Seen]:
    """Ask all of these at this pace of a site on this machine, each on a connection of its own; returns when all are answered."""
    return asyncio.run(_visited(port, visits, a_second))


async def _visited(port: int, visits: Sequence[Visit], a_second: float) -> list[Seen]:
    begun = time.perf_counter() + 0.1
    asked = (_one(port, visit, begun + number / a_second) for number, visit in enumerate(visits))
    return list(await asyncio.gather(*asked))


async def _one(port: int, visit: Visit, due: float) -> Seen:
    await asyncio.sleep(max(0.0, due - time.perf_counter()))
    try:
        status, size = await asyncio.wait_for(_asked(port, visit.path), _ANSWER_SECONDS)
    except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError):
        status, size = _NO_ANSWER, 0
    return Seen(visit.kind, status, (time.perf_counter() - due) * 1000, size)


async def _asked(port: int, path: str) -> tuple[int, int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = ("GET " + path + " HTTP/1.1", "Host: localhost", "Accept-Language: zh", "Connection: close", "", "")
        writer.write("\r\n".join(head).encode("ascii"))
        answered = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in answered.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        body = await reader.readexactly(int(length.partition(b":")[2]))
        return int(answered.split(b" ", 2)[1]), len(body)
    except StopIteration as cause:
        raise ValueError(path) from cause
    finally:
        writer.close()
