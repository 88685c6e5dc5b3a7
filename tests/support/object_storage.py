"""A real S3 server for tests, where one can be had: its objects are files that can be damaged behind its back."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from preservation.stores.access_key import AccessKey
from preservation.stores.object_storage import ObjectStorageSetting, ObjectStore
from tests.support.places import SHARED

TOOL = SHARED / "tools/s3-server"
_PATIENCE_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address and key, and the folder in which its buckets are folders."""

    name: str
    endpoint: str
    access_key_id: str
    secret_access_key: str
    folder: Path

    def store(self, name: str, *, prefix: str | None = None, timeout_seconds: float = 20.0) -> ObjectStore:
        """Return a store of its own in the server's bucket."""
        chosen = prefix or f"{name}-{uuid.uuid4().hex}"
        url = f"s3://jinkui-test/{chosen}"
        setting = ObjectStorageSetting(name=name, url=url, endpoint=self.endpoint, timeout_seconds=timeout_seconds)
        return ObjectStore(setting, AccessKey(self.access_key_id, self.secret_access_key))

    def setting(self, name: str, *, key_in: Path) -> ObjectStorageSetting:
        """Describe a store of its own in the server's bucket, whose key is written to a file."""
        key = f"access-key-id = '{self.access_key_id}'\nsecret-access-key = '{self.secret_access_key}'\n"
        key_in.write_text(key, "utf-8")
        key_in.chmod(0o600)
        url = f"s3://jinkui-test/{name}-{uuid.uuid4().hex}"
        return ObjectStorageSetting(name=name, url=url, endpoint=self.endpoint, credentials_file=str(key_in))

    def objects_of(self, store: ObjectStore) -> Path:
        """Return the folder in which a store's objects are files."""
        return self.folder / "jinkui-test" / store.setting.prefix

    def tell(self, command: str) -> None:
        """Pause, resume, kill or wipe the server."""
        subprocess.run([TOOL, command, self.name], check=True, capture_output=True, timeout=120)


@dataclass(frozen=True, slots=True)
class Starting:
    """A server that is being started, and built first where nobody has built it, while other tests run."""

    name: str
    process: subprocess.Popen[str] | None
    watcher: subprocess.Popen[bytes] | None = None
    """Ends the server when its standard input does: with ``end``, or however else this process ends."""

    def server(self) -> Server:
        """Return the server when it answers, or skip the test and say why there is none."""
        if self.process is None:
            pytest.skip("no S3 server: ../shared/tools/s3-server or Go is not here")
        try:
            out, err = self.process.communicate(timeout=_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            pytest.skip(f"no S3 server: it was not ready after {_PATIENCE_SECONDS} s")
        if self.process.returncode:
            pytest.skip(f"no S3 server: {err[-200:]}")
        stated = dict(
            line.removeprefix("export ").split("=", 1) for line in out.splitlines() if line.startswith("export ")
        )
        return Server(
            self.name,
            stated["AWS_ENDPOINT_URL"],
            stated["AWS_ACCESS_KEY_ID"],
            stated["AWS_SECRET_ACCESS_KEY"],
            Path(stated["JINKUI_S3_FOLDER"]),
        )

    def end(self) -> None:
        """End the server, or its building, and take away what it kept."""
        if self.process is None or self.watcher is None:
            return
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.communicate(timeout=60)
        self.watcher.communicate(timeout=60)


def begin_server(purpose: str) -> Starting:
    """Begin to start a server of this process's own; whoever comes second to the building waits for the first."""
    name = f"{purpose}-{os.getpid()}"
    if not TOOL.exists() or not shutil.which("go") or not shutil.which("flock"):
        return Starting(name, None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    lock = Path(tempfile.gettempdir()) / "jinkui-s3.lock"
    argv: list[str | Path] = ["flock", "--close", lock, TOOL, "start", name, "--port", str(port)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(argv, stdout=pipe, stderr=pipe, text=True, start_new_session=True)
    watch = f'cat > /dev/null; "{TOOL}" resume {name}; exec "{TOOL}" wipe {name}'
    return Starting(name, process, subprocess.Popen(["sh", "-c", watch], stdin=pipe, start_new_session=True))
