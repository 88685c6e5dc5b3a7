"""Restore drills: packages come out of a store with stock tools only, or the drill says that they do not."""

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import IntegrityError
from formats.processes.tools import ToolResult, run_tool
from preservation.audit.drill import (
    DrillCandidate,
    DrillStep,
    checksum_list,
    mirror,
    plan_drill,
    require_own_program,
    restore,
)
from preservation.package.bag import encode_manifest
from preservation.stores.local import LocalStore
from preservation.stores.store import RESTORE_PROGRAM, read_whole
from preservation.vault.vault import Vault
from tests.support.memory_store import MemoryStore
from tests.support.vaults import make_package, make_vault

needs_sha256sum = pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum is not installed")


def run(argv: Sequence[str], *, folder: Path, stdin: bytes = b"") -> ToolResult:
    return run_tool(argv, timeout_seconds=60, stdin=stdin, folder=folder)


def drilled(root: Path, package_id: str, folder: Path, *, version: int = 1) -> str:
    """Restore one package; return why it failed, nothing when it did not."""
    folder.mkdir()
    step = DrillStep("first", package_id, version)
    failure = restore(step, root, folder, python=sys.executable, run=run).failure
    return str(failure.message) if failure else ""


def a_copy(tmp_path: Path) -> tuple[Vault, Path, str]:
    vault = make_vault(tmp_path)
    return vault, tmp_path / "first", vault.put(make_package(), note="ingest").package_id


@needs_sha256sum
def test_a_whole_copy_is_restored_and_validated(tmp_path: Path) -> None:
    _, root, package_id = a_copy(tmp_path)
    assert drilled(root, package_id, tmp_path / "out") == ""
    assert (tmp_path / "out/bag/bagit.txt").is_file()


@needs_sha256sum
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("page.bin", r"\(10\): “DAMAGED: .*/page.bin”$"),
        ("manifest-sha256.txt", r"\(10\): “DAMAGED: .*/manifest-sha256.txt”$"),
        ("inventory.json", r"\(10\): “the inventory does not match its sidecar: "),
    ],
)
def test_a_flipped_bit_anywhere_fails_the_drill_and_is_named(tmp_path: Path, name: str, said: str) -> None:
    _, root, package_id = a_copy(tmp_path)
    damaged = next((root / "packages").rglob(name))
    data = bytearray(damaged.read_bytes())
    data[0] ^= 1
    damaged.write_bytes(data)
    assert re.search(said, drilled(root, package_id, tmp_path / "out").strip())


def test_a_version_that_is_not_there_fails_the_drill(tmp_path: Path) -> None:
    _, root, package_id = a_copy(tmp_path)
    assert "'v7'" in drilled(root, package_id, tmp_path / "out", version=7)


@needs_sha256sum
def test_a_store_that_is_no_folder_is_mirrored_first(tmp_path: Path) -> None:
    stores = (MemoryStore("first"), LocalStore("second", tmp_path / "second"))
    vault = make_vault(tmp_path, stores=stores)
    package_id = vault.put(make_package(1), note="ingest").package_id
    vault.put(make_package(2), note="ingest")
    mirror(stores[0], package_id, tmp_path / "mirror")
    assert len(list((tmp_path / "mirror").rglob("0=ocfl_object_1.1"))) == 1
    assert drilled(tmp_path / "mirror", package_id, tmp_path / "out") == ""


def test_the_restore_program_cannot_import_jinkui(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", "-B", "-c", "import preservation"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "ModuleNotFoundError" in done.stderr


def test_a_restore_program_that_somebody_changed_is_not_run(tmp_path: Path) -> None:
    vault, root, _ = a_copy(tmp_path)
    store = vault.stores[0]
    known = hashlib.sha512(read_whole(store, RESTORE_PROGRAM)).hexdigest()
    require_own_program(store, known)
    with (root / "restore.py").open("a") as file:
        file.write("raise SystemExit(0)\n")
    with pytest.raises(IntegrityError):
        require_own_program(store, known)
    (root / "restore.py").unlink()
    with pytest.raises(IntegrityError):
        require_own_program(store, known)


CANDIDATES = st.lists(
    st.builds(DrillCandidate, st.sampled_from("abc"), st.sampled_from("123456789"), st.integers(1, 5)),
    unique_by=lambda one: (one.store, one.package_id),
)


@given(CANDIDATES, st.integers(1, 12), st.integers())
def test_a_drill_takes_as_many_packages_as_there_are_each_once(
    candidates: list[DrillCandidate], packages: int, seed: int
) -> None:
    steps = plan_drill(candidates, packages=packages, seed=seed)
    assert len(steps) == min(packages, len({one.package_id for one in candidates}))
    assert len({step.package_id for step in steps}) == len(steps)
    versions = {(one.store, one.package_id): one.versions for one in candidates}
    assert all(1 <= step.version <= versions[step.store, step.package_id] for step in steps)
    assert plan_drill(reversed(candidates), packages=packages, seed=seed) == steps


@needs_sha256sum
@pytest.mark.parametrize("name", ["页 一.txt", "100%.txt", "a\\b.txt", "line\nfeed.txt", "%0A.txt"])
def test_sha256sum_reads_every_name_a_bag_can_hold(tmp_path: Path, name: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / name).write_bytes(b"x")
    manifest = encode_manifest({PurePosixPath("data") / name: hashlib.sha256(b"x").hexdigest()})
    done = run(["sha256sum", "--check", "--strict", "-"], folder=tmp_path, stdin=checksum_list(manifest))
    assert done.stdout.endswith(b": OK\n")
