"""Connections of the public site: whoever sends nothing, half a request, or takes nothing, is let go.

The server behind (uvicorn) has no time-out for a request that never comes whole, nor for an answer that nobody takes; what
it refuses itself lacks the headers of the site, and it takes requests that say their length twice.
"""

import asyncio
import resource
from contextlib import suppress

import h11
from fastapi import FastAPI
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from search.doors.portal.headers import HEADERS

_HEAD_SECONDS = 10.0
_ANSWER_SECONDS = 120.0
_HEAD_BYTES = 16 << 10
_FILES = 65_536
_SPARE_FILES = 256  # for what is not a connection
_LENGTHS = frozenset({b"content-length", b"transfer-encoding"})


class _Requests(h11.Connection):
    """Requests as they come; one that says its length twice is none: a proxy may have taken the other one (RFC 9112 §6.1)."""

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        """Return what came; raises ``RemoteProtocolError`` for what is no request, and for a huge head that came whole."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            if {name for name, _ in event.headers} >= _LENGTHS:
                raise h11.RemoteProtocolError("both Content-Length and Transfer-Encoding")
            if len(event.target) + sum(len(name) + len(value) for name, value in event.headers) > _HEAD_BYTES:
                raise h11.RemoteProtocolError("the head is too long")
        return event


class BoundedConnection(H11Protocol):
    """A connection with a time for the next whole request, and one for taking its answer.

    Where more are open than the process can hold, the one that has waited longest makes room.
    """

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """Begin to wait for the first request."""
        self.conn = _Requests(h11.SERVER, _HEAD_BYTES)
        super().connection_made(transport)
        self._wait(_HEAD_SECONDS)
        if len(self.connections) > most_connections():
            open_ones = [one for one in self.connections if isinstance(one, BoundedConnection) and one.is_open()]
            if len(open_ones) > most_connections():
                min(open_ones, key=BoundedConnection.ends_at).end()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time."""
        if self._timer:
            self._timer.cancel()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Go on with what came; a request that came whole has its own time."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._wait(_ANSWER_SECONDS)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, with the headers that every answer carries; in the midst of another answer, end it."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.end()
            return
        told = {"Content-Type": "text/plain; charset=utf-8", **HEADERS, "Connection": "close"}
        refusal = h11.Response(status_code=400, headers=[*told.items()], reason=b"Bad Request")
        for event in (refusal, h11.Data(data=msg.encode("ascii")), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def on_response_complete(self) -> None:
        """Wait for the next request, however its beginning may trickle in."""
        self._wait(_HEAD_SECONDS)
        super().on_response_complete()

    def is_open(self) -> bool:
        """Say whether it has not been let go."""
        return not self.transport.is_closing()

    def ends_at(self) -> float:
        """Return when the connection is let go, by the loop's clock."""
        return self._timer.when() if self._timer else 0.0

    def end(self) -> None:
        """Let go of the connection, whatever is still to be sent."""
        self.transport.abort()

    def _wait(self, seconds: float) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self.loop.call_later(seconds, self.end)


def most_connections() -> int:
    """Return how many connections the process can hold."""
    return max(64, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _SPARE_FILES)


def site_server(app: FastAPI, host: str, port: int) -> Server:
    """Return the server of the site, which ``run`` starts."""
    return Server(
        Config(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            http=BoundedConnection,
            ws="none",
        )
    )


def allow_connections() -> None:
    """Let the process hold as many connections as the system lets it, up to what a site needs."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    with suppress(OSError, ValueError):  # then it holds fewer
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
