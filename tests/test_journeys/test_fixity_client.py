"""The published ``fixity`` client, as a program of its own, audits a running server: the fourteen points of its contract.

The client is never imported: it lives in a virtual environment of its own, made once and kept in the system's
temporary folder.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from archives.record.identifiers import PackageId
from cli.frame.output import Output
from cli.home.home import Home, open_home
from preservation.package.ocfl import object_folder
from preservation.vault.removal import remove_package
from tests.support.command_line import Jinkui
from tests.support.vaults import ORIGINAL, make_package

VERSION = "0.8.0"
PACKAGES = 103
JINKUI = Path(sys.executable).parent / "jinkui"


@pytest.fixture(scope="session")
def client() -> Path:
    """Return the client's program, installing it where that is possible."""
    folder = Path(tempfile.gettempdir()) / f"jinkui-test-fixity-{VERSION}-{os.getuid()}"
    program = folder / "bin/fixity"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True, timeout=200)
        done = subprocess.run(
            [folder / "bin/pip", "install", "-q", f"fixity=={VERSION}"], check=False, capture_output=True, timeout=280
        )
        if done.returncode:
            shutil.rmtree(folder)
            pytest.skip(f"the fixity client {VERSION} could not be installed")
    return program


class Jail:
    """The home, its key, the server's address, its log, and the client."""

    def __init__(self, home: Home, key: str, address: str, program: Path, log: Path) -> None:
        self.home = home
        self.log = log
        self.key = key
        self.address = address
        self._program = program

    def fixity(self, *arguments: str, key: str | None = None, report: str = "") -> subprocess.CompletedProcess[str]:
        """Run the client."""
        environment = {
            "PATH": os.environ["PATH"],
            "STORAGE_SERVICE_URL": self.address,
            "STORAGE_SERVICE_USER": "watch",
            "STORAGE_SERVICE_KEY": key or self.key,
        }
        if report:
            environment |= {"REPORT_URL": report, "REPORT_USERNAME": "watch", "REPORT_PASSWORD": self.key}
        return subprocess.run(
            [self._program, *arguments], env=environment, capture_output=True, text=True, timeout=280, check=False
        )

    def ask(self, path: str, *, key: str | None = None) -> tuple[int, dict[str, object]]:
        """Call the server directly."""
        address = f"{self.address}{path}?username=watch&api_key={key or self.key}"
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as failure:
            return failure.code, {}

    def files(self, number: int, store: str = "second") -> Path:
        """Return the content folder of a package's copy."""
        folder = object_folder(make_package(number).package_id)
        return self.home.folder / "stores" / store / folder / "v1/content"


def free_port() -> int:
    """Return a port that is free at the moment."""
    probe = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    try:
        return int(probe.server_address[1])
    finally:
        probe.server_close()


@pytest.fixture
def jail(tmp_path: Path, client: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Jail]:
    if not JINKUI.exists():
        pytest.skip("the jinkui command is not installed beside this Python")
    jinkui = Jinkui(tmp_path / "home", capsys)
    jinkui("init")
    jinkui("repository", "add", "990001", "--name", "馆")
    home = open_home(jinkui.home, Output("en", as_json=True))
    for number in range(1, 4):
        home.vault.put(make_package(number), note="ingest")
    key = str(jinkui.json("api-key", "add", "watch")["key"])
    port = free_port()
    log = tmp_path / "server.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [JINKUI, "--home", jinkui.home, "--lang", "en", "serve", "--storage-api", "--port", str(port)],
            stderr=written,
            stdout=written,
        )
    made = Jail(home, key, f"http://127.0.0.1:{port}/", client, log)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                made.ask("api/v2/file/")
                break
            except (urllib.error.URLError, ConnectionError):
                assert time.monotonic() < deadline, log.read_text()
        yield made
    finally:
        process.terminate()
        process.wait(timeout=20)
    assert key not in log.read_text("utf-8", "replace"), "a key reached a log"


def identifier(number: int) -> str:
    """Return a package's identifier."""
    return make_package(number).package_id.value


def test_everything_is_whole_in_two_pages_and_what_was_disposed_of_is_passed_over(jail: Jail) -> None:
    for number in range(4, PACKAGES):
        jail.home.vault.put(make_package(number), note="ingest")
    remove_package(jail.home.vault, jail.home.archive.reading.refresh(), identifier(2), plan_id="plan")
    status, first = jail.ask("api/v2/file/")
    assert status == 200
    assert first["meta"]["next"].startswith("/api/v2/file/?cursor=")  # type: ignore[index]  # a mapping
    assert jail.key not in str(first)
    deleted = [one["uuid"] for one in first["objects"] if one["status"] == "DELETED"]  # type: ignore[attr-defined]  # a list
    assert deleted == [identifier(2)]
    done = jail.fixity("scanall")
    assert done.returncode == 0, done.stderr
    assert f"Successfully scanned {PACKAGES - 2} AIPs" in done.stderr


def test_a_wrong_key_opens_nothing(jail: Jail) -> None:
    assert jail.fixity("scanall", key="wrong").returncode == 1
    assert jail.fixity("scan", identifier(1), key="wrong").returncode == 1
    assert jail.ask("api/v2/file/", key="wrong")[0] == 401
    for path in ("", "api/v2/file", "docs", "openapi.json", "api/v2/location/", "api/v2/file/x/download/"):
        assert jail.ask(path)[0] == 404
    assert jail.ask(f"api/v2/file/{uuid.uuid4()}/")[0] == 404
    assert jail.ask(f"api/v2/file/{uuid.uuid4()}/check_fixity/")[0] == 404


def test_what_is_wrong_is_told_by_file_and_digest(jail: Jail) -> None:
    assert jail.fixity("scan", identifier(1), "--force-local").returncode == 0
    page = jail.files(1) / ORIGINAL
    data, times = bytearray(page.read_bytes()), page.stat()
    data[7] ^= 1
    page.write_bytes(data)
    os.utime(page, ns=(times.st_atime_ns, times.st_mtime_ns))  # only the bytes can tell
    assert jail.fixity("scan", identifier(1), "--force-local").returncode == 1
    (jail.files(2) / ORIGINAL).unlink()
    (jail.files(3) / "stray.txt").write_bytes(b"x")
    for number, kind in ((1, "changed"), (2, "missing"), (3, "untracked")):
        assert jail.fixity("scan", identifier(number)).returncode == 1
        _, answer = jail.ask(f"api/v2/file/{identifier(number)}/check_fixity/")
        files = answer["failures"]["files"]  # type: ignore[index]  # a mapping
        assert answer["success"] is False
        assert answer["message"] == f"1 {kind}"
        (named,) = files[kind]
        assert "second/" in named["path"]
        assert sum(len(one) for one in files.values()) == 1
    _, answer = jail.ask(f"api/v2/file/{identifier(1)}/check_fixity/")
    (changed,) = answer["failures"]["files"]["changed"]  # type: ignore[index]  # a mapping
    assert re.fullmatch("[0-9a-f]{128}", changed["expected"])
    assert re.fullmatch("[0-9a-f]{128}", changed["actual"])
    assert changed["expected"] != changed["actual"]
    assert changed["hash_type"] == "sha512"
    (jail.files(1) / "manifest-sha512.txt").unlink()
    _, answer = jail.ask(f"api/v2/file/{identifier(1)}/check_fixity/")
    assert (answer["success"], answer["message"]) == (False, "1 missing, 1 changed")
    told = [entry.fact.type for entry in jail.home.vault.ledger.entries()]
    assert "fixity-checked" in told
    assert told.count("damage-found") == 4


def test_a_store_that_is_away_is_no_verdict(jail: Jail, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.move(jail.home.folder / "stores/second", tmp_path / "second")
    _, answer = jail.ask(f"api/v2/file/{identifier(1)}/check_fixity/")
    assert answer["success"] is None
    assert "second" in str(answer["message"])
    assert jail.fixity("scanall", report=jail.address).returncode == 1
    reports = Jinkui(jail.home.folder, capsys).json("api-key", "results")["reports"]
    assert [one["state"] for one in reports] == ["running"] * 3, "the client tells of a start and of no end"
    assert len({one["session"] for one in reports}) == 1
    shutil.move(jail.home.folder / "stores/first", tmp_path / "first")
    assert jail.ask(f"api/v2/file/{identifier(1)}/")[0] == 200
    assert jail.ask(f"api/v2/file/{identifier(1)}/check_fixity/")[1]["success"] is None
    assert jail.ask("api/v2/file/")[0] == 200, "the home remembers the journal"
    assert jail.fixity("scanall").returncode == 1


def test_reports_come_in_once_and_are_shown(jail: Jail, capsys: pytest.CaptureFixture[str]) -> None:
    done = jail.fixity("scan", identifier(1), report=jail.address)
    assert done.returncode == 0
    assert "unable" not in done.stderr.lower()
    answer = Jinkui(jail.home.folder, capsys).json("api-key", "results")
    (report,) = answer["reports"]
    assert (report["package_id"], report["state"]) == (identifier(1), "good")
    assert [one["success"] for one in answer["results"]] == [True]
    Jinkui(jail.home.folder, capsys)("api-key", "revoke", "watch")
    assert jail.fixity("scan", identifier(1)).returncode == 1


def test_a_long_check_is_waited_for_and_holds_nobody_up(jail: Jail) -> None:
    """The server sets no time limit of its own; a lock held for some seconds stands for a check of hours."""
    path = f"api/v2/file/{identifier(1)}/check_fixity/"
    with ThreadPoolExecutor(50) as clients:
        with jail.home.vault.locks.package_exclusive(PackageId(identifier(1))):
            begun = time.monotonic()
            scanned = clients.submit(jail.fixity, "scan", identifier(1))
            checks = [clients.submit(jail.ask, path) for _ in range(45)]
            threading.Event().wait(6)
            assert jail.ask("api/v2/file/")[0] == 200
            assert not scanned.done()
            assert not any(check.done() for check in checks)
        assert scanned.result().returncode == 0
        assert time.monotonic() - begun > 5
        assert all(check.result()[1]["success"] is True for check in checks)
