"""A server that says what a test wants it to say where Elasticsearch is expected: busy, garbage, half of it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PRODUCT = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its method, its path without what is asked of it, its body."""

    method: str
    path: str
    body: str

    @property
    def lines(self) -> list[dict[str, object]]:
        """The body as lines of JSON."""
        return [json.loads(line) for line in self.body.splitlines()]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: JSON, or bytes as they are."""

    status: int = 200
    body: object = field(default_factory=dict)


@contextmanager
def scripted_server(answer: Callable[[Asked], Said]) -> Iterator[str]:
    """Answer every request as told; give the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            said = answer(Asked(self.command, self.path.partition("?")[0], data.decode()))
            sent = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            self.send_response(said.status)
            for name, value in PRODUCT.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(sent)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _answer  # noqa: N815 - as the library calls them

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
