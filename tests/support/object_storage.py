"""A real S3 server for tests, where one can be had: its objects are files that can be damaged behind its back."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from preservation.stores.access_key import AccessKey
from preservation.stores.object_storage import ObjectStorageSetting, ObjectStore
from tests.support.places import SHARED

TOOL = SHARED / "tools/s3-server"


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


def start_server(name: str, port: int) -> Server:
    """Start a server, or skip the test and say why."""
    if not TOOL.exists() or not shutil.which("go"):
        pytest.skip("no S3 server: ../shared/tools/s3-server or Go is not here")
    done = subprocess.run(
        [TOOL, "start", name, "--port", str(port)], capture_output=True, text=True, timeout=280, check=False
    )
    if done.returncode:
        pytest.skip(f"no S3 server: {done.stderr[-200:]}")
    stated = dict(
        line.removeprefix("export ").split("=", 1) for line in done.stdout.splitlines() if line.startswith("export ")
    )
    return Server(
        name,
        stated["AWS_ENDPOINT_URL"],
        stated["AWS_ACCESS_KEY_ID"],
        stated["AWS_SECRET_ACCESS_KEY"],
        Path(stated["JINKUI_S3_FOLDER"]),
    )


def own_server(name: str) -> Iterator[Server]:
    """Give a server that a test may pause and kill, on a port of its own worker; wipe it afterwards."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    server = start_server(f"{name}-{worker}", 9100 + int(worker))
    try:
        yield server
    finally:
        subprocess.run([TOOL, "resume", server.name], check=False, capture_output=True, timeout=60)
        subprocess.run([TOOL, "wipe", server.name], check=False, capture_output=True, timeout=60)
