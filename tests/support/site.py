"""The public site as it runs: ``jinkui serve`` in a process of its own, asked over HTTP."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote

from tests.support.places import ROOT

JINKUI = ROOT / ".venv/bin/jinkui"
_STARTED_SECONDS = 180
_ANSWER_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: its status (0 when none came), its headers in order, its body."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        """Return a header, empty without one."""
        return next((value for key, value in self.headers if key.lower() == name), "")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port


class Site:
    """A running site of a home, until it is closed; ``log`` is the file that holds what it says.

    With ``public`` it opens that folder and nothing else of the home but its settings.
    """

    def __init__(self, home: Path, log: Path, *, public: Path | None = None) -> None:
        self.port = free_port()
        self._log = log
        self._said = log.open("ab")
        command = [str(JINKUI), "--home", str(home), "--lang", "en", "serve", "--port", str(self.port)]
        command += ["--public", str(public)] if public else []
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._said, stderr=self._said)
        begun = time.monotonic()
        deadline = begun + _STARTED_SECONDS
        while self.get("/about").status == 0:
            if time.monotonic() > deadline or self.process.poll() is not None:
                self.close()
                raise AssertionError(f"the site did not start: {log.read_text('utf-8', 'replace')[-2000:]}")
            time.sleep(0.05)
        self.started_seconds = time.monotonic() - begun

    def get(self, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answered:
        """Return what is answered for a path that is quoted already."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_ANSWER_SECONDS)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": "localhost", "Accept-Language": "en", **(headers or {})}.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return Answered(answer.status, tuple(answer.getheaders()), answer.read())
        except (OSError, http.client.HTTPException):
            return Answered(0)
        finally:
            connection.close()

    def record(self, code: str) -> Answered:
        """Return the page of a record of the repository of the tests, from its address by code."""
        answer = self.get(f"/records/990001/{quote(code, safe='')}")
        return self.get(answer.header("location")) if answer.status == 301 else answer

    def search(self, words: str) -> Answered:
        """Return the first page of what is found."""
        return self.get(f"/search?q={quote(words)}")

    def resident_bytes(self) -> int:
        """Return how much memory the site holds."""
        fields = Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")

    def close(self) -> None:
        """End the site."""
        with suppress(ProcessLookupError):
            self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._said.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
