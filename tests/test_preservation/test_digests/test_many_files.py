"""Many files are read once each, by threads and by children alike, and copied on the way when asked."""

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import pytest

from archives.errors import StorageError, ToolFailedError
from archives.message import Message, message
from formats.processes.children import ChildExecutor
from preservation.digests import many_files as module
from preservation.digests.algorithms import known_algorithm
from preservation.digests.many_files import LARGE_BYTES, Digesting

BOTH = ("sha256", "sha512")


def children() -> ChildExecutor:
    return ChildExecutor(2, timeout_seconds=60)


def expected(data: bytes) -> tuple[bytes, ...]:
    return tuple(hashlib.new(name, data).digest() for name in BOTH)


def make_files(root: Path, sizes: dict[str, int]) -> dict[str, bytes]:
    made = {}
    for name, size in sizes.items():
        made[name] = os.urandom(size)
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(made[name])
    return made


@pytest.mark.parametrize("start", [None, children], ids=["threads", "children"])
@pytest.mark.parametrize("large", [0, 1, 3])
def test_digests_are_those_of_the_bytes(
    tmp_path: Path, start: Callable[[], Executor] | None, large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WORTH_CHILDREN_FILES", 5)
    sizes = {f"{n % 3}/{n}": size for n, size in enumerate([0, 1, 8192, 262143, 262144, 262145, 3 * 262144 + 7] * 3)}
    made = make_files(tmp_path, sizes | {f"large/{n}": LARGE_BYTES + n for n in range(large)})
    with Digesting(2, start) as digesting:
        found = dict(digesting.digests(tmp_path, dict.fromkeys(made, BOTH), {n: len(d) for n, d in made.items()}))
    assert found == {name: expected(data) for name, data in made.items()}


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    make_files(tmp_path, {"a": 3, "folder/b": 3})
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "linked").symlink_to("folder")
    names = ["a", "pipe", "link", "gone", "linked/b", "folder"]
    for size in (1, LARGE_BYTES):
        with Digesting(2) as digesting:
            found = dict(digesting.digests(tmp_path, dict.fromkeys(names, BOTH), dict.fromkeys(names, size)))
        assert isinstance(found.pop("a"), tuple)
        assert len(found) == 5
        assert all(isinstance(outcome, Message) for outcome in found.values())


def test_a_size_that_was_wrong_does_not_change_a_digest(tmp_path: Path) -> None:
    made = make_files(tmp_path, {"a": 100_000, "b": LARGE_BYTES})
    with Digesting(2) as digesting:
        found = dict(digesting.digests(tmp_path, dict.fromkeys(made, BOTH), {"a": LARGE_BYTES, "b": 0}))
    assert found == {name: expected(data) for name, data in made.items()}


@pytest.mark.parametrize("start", [None, children], ids=["threads", "children"])
def test_copies_hold_what_was_digested(
    tmp_path: Path, start: Callable[[], Executor] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WORTH_CHILDREN_FILES", 3)
    sizes = {"x/a": 0, "x/b": 300_000, "x/c": 10, "lone": LARGE_BYTES + 1}
    made = make_files(tmp_path / "from", sizes)
    (tmp_path / "to" / "deep").mkdir(parents=True)
    plan = {f"deep/{number}": name for number, name in enumerate(made)} | {"twice": "x/b"}
    with Digesting(2, start) as digesting:
        found = dict(digesting.copies(tmp_path / "from", tmp_path / "to", plan, BOTH, sizes))
    assert found == {copy: expected(made[source]) for copy, source in plan.items()}
    assert {copy: (tmp_path / "to" / copy).read_bytes() for copy in plan} == {c: made[s] for c, s in plan.items()}


@pytest.mark.parametrize("size", [10, LARGE_BYTES])
def test_a_copy_never_replaces_anything_and_what_cannot_be_read_leaves_none(tmp_path: Path, size: int) -> None:
    make_files(tmp_path / "from", {"a": size})
    (tmp_path / "from" / "folder").mkdir()
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "a").write_bytes(b"here")
    with Digesting(2) as digesting:
        with pytest.raises(StorageError):
            dict(digesting.copies(tmp_path / "from", tmp_path / "to", {"a": "a"}, BOTH, {"a": size}))
        found = dict(digesting.copies(tmp_path / "from", tmp_path / "to", {"b": "folder"}, BOTH, {"folder": size}))
    assert isinstance(found["b"], Message)
    assert sorted(place.name for place in (tmp_path / "to").iterdir()) == ["a"]
    assert (tmp_path / "to" / "a").read_bytes() == b"here"


class _DeadChildren(Executor):
    """Children that all died."""

    def submit(self, *_: object, **__: object):  # type: ignore[no-untyped-def]
        from concurrent.futures import Future

        from archives.message import message

        future: Future[object] = Future()
        future.set_exception(ToolFailedError(message("死了", "it died")))
        return future


def test_children_that_die_make_files_unread_not_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WORTH_CHILDREN_FILES", 1)
    make_files(tmp_path, {"a": 3})
    with Digesting(2, _DeadChildren) as digesting:
        assert dict(digesting.digests(tmp_path, {"a": BOTH}, {"a": 3})) == {"a": message("死了", "it died")}


def test_algorithms_are_known_by_every_name_that_manifests_use() -> None:
    assert known_algorithm("SHA-256") == known_algorithm("sha256") == "sha256"
    assert known_algorithm("sha3_256") == known_algorithm("sha3256")
    assert known_algorithm("sha512/256") == "sha512_256"
    assert known_algorithm("blake2b-160") == "blake2b/20"
    assert known_algorithm("shake_128") is None
    assert known_algorithm("whirlpool9") is None
