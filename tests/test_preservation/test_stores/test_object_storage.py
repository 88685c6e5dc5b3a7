"""Object storage that rots, is gone, stops answering: found, named, mended, never waited for without end."""

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from archives.errors import ConflictError, NotFoundError, StorageError, StoreAbsentError
from archives.message import message
from preservation.audit.verdicts import Verdict
from preservation.package.ocfl import object_folder
from preservation.stores.access_key import AccessKey
from preservation.stores.local import LocalStore
from preservation.stores.object_storage import ObjectStorageSetting, ObjectStore
from preservation.stores.store import read_whole
from preservation.vault.vault import Vault
from tests.support.object_storage import Server, begin_server
from tests.support.vaults import ORIGINAL, audit_all, make_package, make_vault, repair_all

PAGE = object_folder(make_package().package_id) / "v1/content" / ORIGINAL
BIG = PurePosixPath("packages/big.bin")


pytestmark = pytest.mark.s3


@pytest.fixture
def server(s3_server: Server) -> Server:
    return s3_server


@pytest.fixture
def mortal(s3_server: Server) -> Iterator[Server]:
    starting = begin_server("mortal")
    try:
        yield starting.server()
    finally:
        starting.end()


def vault_on(server: Server, folder: Path) -> tuple[Vault, Path]:
    """Return a vault on a folder and on object storage with one package, and where its objects are files."""
    cloud = server.store("cloud")
    vault = make_vault(folder, stores=(LocalStore("first", folder / "first"), cloud))
    vault.put(make_package(), note="ingest")
    return vault, server.objects_of(cloud)


def test_what_rots_behind_the_servers_back_is_found_and_mended(server: Server, tmp_path: Path) -> None:
    vault, objects = vault_on(server, tmp_path)
    assert audit_all(vault).problems == ()
    page = objects / PAGE
    page.write_bytes(page.read_bytes()[:-1] + b"!")
    (objects / "packages/0=ocfl_1.1").unlink()
    found = {(p.store, p.file): p.verdict for p in audit_all(vault).problems}
    assert found == {("cloud", str(PAGE)): Verdict.DAMAGED, ("cloud", "packages/0=ocfl_1.1"): Verdict.MISSING}
    repair_all(vault, audit_all(vault).problems)
    assert audit_all(vault).problems == ()


def test_a_bucket_that_is_gone_is_an_absent_store(mortal: Server, tmp_path: Path) -> None:
    vault, objects = vault_on(mortal, tmp_path)
    shutil.move(objects, tmp_path / "elsewhere")
    result = audit_all(vault)
    assert result.problems == ()
    assert [(one.store.name, one.presence.value) for one in result.away] == [("cloud", "absent")]
    mortal.tell("kill")
    assert [one.store.name for one in audit_all(vault).away] == ["cloud"]


def test_a_server_that_stops_answering_ends_in_an_error_and_leaves_nothing_half(mortal: Server, tmp_path: Path) -> None:
    cloud = mortal.store("cloud", timeout_seconds=1.0)
    vault = make_vault(tmp_path, stores=(LocalStore("first", tmp_path / "first"), cloud))

    def blocks() -> Iterator[bytes]:
        for _ in range(5):
            yield bytes(16 << 20)
        mortal.tell("pause")
        yield bytes(1 << 20)

    begun = time.monotonic()
    with pytest.raises(StorageError):
        cloud.create(BIG, blocks())
    with pytest.raises(StorageError):
        vault.put(make_package(), note="ingest")
    assert time.monotonic() - begun < 60
    mortal.tell("resume")
    with pytest.raises(NotFoundError):
        read_whole(cloud, BIG)
    vault.put(make_package(), note="again")
    assert audit_all(vault).problems == ()


def test_what_is_large_goes_up_in_parts_and_comes_back_whole(server: Server) -> None:
    store = server.store("s")
    store.create(PurePosixPath("store.json"), [b"{}"])
    data = os.urandom(1 << 20)
    store.create(BIG, (data for _ in range(70)))
    assert sum(len(block) for block in store.read(BIG)) == 70 << 20
    assert next(iter(store.read(BIG)))[:1000] == data[:1000]

    def broken() -> Iterator[bytes]:
        yield from (data for _ in range(70))
        raise ConflictError(message("变了", "changed"))

    other = PurePosixPath("packages/other.bin")
    with pytest.raises(ConflictError):
        store.create(other, broken())
    with pytest.raises(NotFoundError):
        read_whole(store, other)


@pytest.mark.parametrize(
    "failure", [ConflictError(message("变了", "changed")), StorageError(message("坏了", "broken")), ValueError("ours")]
)
def test_what_stops_the_source_of_something_large_is_raised_as_it_was(server: Server, failure: Exception) -> None:
    store = server.store("s")
    store.create(PurePosixPath("store.json"), [b"{}"])

    def blocks() -> Iterator[bytes]:
        yield from (bytes(16 << 20) for _ in range(6))
        raise failure

    with pytest.raises(type(failure)) as raised:
        store.create(BIG, blocks())
    assert raised.value is failure
    with pytest.raises(NotFoundError):
        read_whole(store, BIG)


def test_an_interrupted_move_goes_on(server: Server) -> None:
    store = server.store("s")
    store.create(PurePosixPath("packages/stays"), [b"1"])
    for name in ("a", "b"):
        store.create(PurePosixPath("packages/old") / name, [name.encode()])
    store.create(PurePosixPath("quarantine/new/a"), [b"a"])
    store.move(PurePosixPath("packages/old"), PurePosixPath("quarantine/new"))
    left = [entry.place for entry in store.walk(PurePosixPath())]
    assert left == ["packages/stays", "quarantine/new/a", "quarantine/new/b"]


def test_a_wrong_key_and_nobody_there_are_told_apart(server: Server) -> None:
    bucket = ObjectStorageSetting(name="s", url="s3://jinkui-test/x", endpoint=server.endpoint, timeout_seconds=5.0)
    with pytest.raises(StorageError) as refused:
        read_whole(ObjectStore(bucket, AccessKey(server.access_key_id, "wrong")), BIG)
    assert not isinstance(refused.value, StoreAbsentError)
    nobody = replace(bucket, endpoint="http://127.0.0.1:9", timeout_seconds=2.0)
    with pytest.raises(StoreAbsentError):
        read_whole(ObjectStore(nobody, AccessKey("a", "b")), BIG)
