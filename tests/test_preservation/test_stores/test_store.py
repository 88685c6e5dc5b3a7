"""The contract of a store, held by every implementation."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import pytest

from archives.errors import ConflictError, NotFoundError, PathTakenError, StorageError, StoreAbsentError
from archives.message import message
from preservation.stores.local import LocalStore
from preservation.stores.registry import KINDS
from preservation.stores.store import EntryKind, Properties, Store, read_whole
from preservation.stores.throttled import Throttle, ThrottledStore
from tests.support.memory_store import MemoryStore
from tests.support.store_kinds import PLACES

pytestmark = pytest.mark.s3

A = PurePosixPath("packages/a/one.txt")
B = PurePosixPath("packages/b/two.txt")


@pytest.fixture(params=["memory", "throttled", *KINDS], ids=lambda kind: getattr(kind, "__name__", kind))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    made: Store
    match request.param:
        case "memory":
            made = MemoryStore("s")
        case "throttled":
            throttle = Throttle(1 << 40, clock=time.monotonic, wait=lambda _: None)
            made = ThrottledStore(LocalStore("s", tmp_path / "s"), throttle)
        case kind:
            made = PLACES[kind](tmp_path, request).open(tmp_path, {})
    made.create(PurePosixPath("store.json"), [b"{}"])
    return made


def test_what_is_created_is_read_back(store: Store) -> None:
    store.create(A, [b"one", b"two"])
    store.flush([A])
    assert read_whole(store, A) == b"onetwo"


def test_nothing_that_stands_is_overwritten(store: Store) -> None:
    store.create(A, [b"one"])
    with pytest.raises(PathTakenError):
        store.create(A, [b"two"])
    with pytest.raises(PathTakenError):
        store.put(A, b"two", over=None)
    assert read_whole(store, A) == b"one"


def test_put_replaces_only_what_was_expected(store: Store) -> None:
    store.put(A, b"one", over=None)
    store.put(A, b"two", over=b"one")
    with pytest.raises(PathTakenError):
        store.put(A, b"three", over=b"one")
    assert read_whole(store, A) == b"two"


def test_reading_what_is_not_there_says_so(store: Store) -> None:
    with pytest.raises(NotFoundError):
        read_whole(store, A)
    with pytest.raises(NotFoundError):
        store.flush([A])
    with pytest.raises(NotFoundError):
        store.move(A, B)


def test_walk_names_everything_in_order_and_passes_over_what_it_is_told(store: Store) -> None:
    store.create(B, [b"22"])
    store.create(A, [b"1"])
    found = list(store.walk(PurePosixPath("packages")))
    assert [(e.path, e.kind, e.size_bytes) for e in found] == [(A, EntryKind.FILE, 1), (B, EntryKind.FILE, 2)]
    left = store.walk(PurePosixPath("packages"), passing_over=frozenset({A.parent}))
    assert [entry.path for entry in left] == [B]
    assert list(store.walk(PurePosixPath("nowhere"))) == []


def test_walk_neither_names_nor_enters_what_file_systems_keep(store: Store) -> None:
    store.create(A, [b"1"])
    kept = [f"packages/a/{name}" for name in (".DS_Store", "@eaDir/one.txt@SynoEAStream", ".nfs0000000000000001")]
    for place in ("lost+found/#7", *kept):
        store.create(PurePosixPath(place), [b"x"])
    assert [entry.place for entry in store.walk(PurePosixPath())] == [str(A), "store.json"]
    assert [entry.place for entry in store.walk(A.parent)] == [str(A)]
    assert read_whole(store, PurePosixPath(kept[0])) == b"x", "who expects one asks for it by its path"
    store.create(PurePosixPath("quarantine/x/.DS_Store"), [b"x"])
    assert [entry.place for entry in store.walk(PurePosixPath("quarantine"))] == ["quarantine/x/.DS_Store"]


def test_many_are_moved_at_once_as_one_by_one(store: Store) -> None:
    store.create(A, [b"1"])
    store.create(B, [b"2"])
    aside = PurePosixPath("quarantine/aside")
    store.move_below([A, B], aside)
    assert (read_whole(store, aside / A), read_whole(store, aside / B)) == (b"1", b"2")
    assert [entry for top in {A.parts[0], B.parts[0]} for entry in store.walk(PurePosixPath(top))] == []
    store.create(A, [b"3"])
    store.create(B, [b"4"])
    with pytest.raises(PathTakenError):
        store.move_below([B, A], aside)
    with pytest.raises(NotFoundError):
        store.move_below([PurePosixPath("packages/none")], aside)
    assert (read_whole(store, A), read_whole(store, B)) == (b"3", b"4")


def test_move_takes_folders_and_leaves_nothing_empty(store: Store) -> None:
    store.create(A, [b"1"])
    store.move(A.parent, PurePosixPath("quarantine/a"))
    assert [e.path for e in store.walk(PurePosixPath("packages"))] == []
    assert read_whole(store, PurePosixPath("quarantine/a/one.txt")) == b"1"
    store.create(A, [b"2"])
    with pytest.raises(PathTakenError):
        store.move(A.parent, PurePosixPath("quarantine/a"))


def test_removing_is_for_quarantine_and_work_alone_and_may_be_repeated(store: Store) -> None:
    store.create(A, [b"1"])
    for path in (A, PurePosixPath("packages"), PurePosixPath("quarantine"), PurePosixPath("work/../packages")):
        with pytest.raises(StorageError):
            store.remove(path)
    store.move(A, PurePosixPath("quarantine/x/one.txt"))
    for _ in range(2):
        store.remove(PurePosixPath("quarantine/x"))
    files = [entry.place for entry in store.walk(PurePosixPath()) if entry.kind is EntryKind.FILE]
    assert files == ["store.json"]


def test_a_mark_of_change_stays_until_somebody_writes(store: Store) -> None:
    store.put(A, b"one", over=None)
    (before,) = store.walk(PurePosixPath("packages"))
    assert [before] == list(store.walk(PurePosixPath("packages")))
    store.put(A, b"two", over=b"one")
    (after,) = store.walk(PurePosixPath("packages"))
    assert before.changed != after.changed


def test_a_source_that_fails_leaves_nothing_that_can_be_taken_for_a_file(store: Store) -> None:
    def broken() -> Iterator[bytes]:
        yield b"1" * 100
        raise ConflictError(message("变了", "changed"))

    with pytest.raises(ConflictError):
        store.create(B, broken())
    if not isinstance(store, LocalStore | ThrottledStore):  # a folder keeps the part; whoever wrote it sets it aside
        with pytest.raises(NotFoundError):
            read_whole(store, B)


def test_names_of_packages_and_of_people_are_kept(store: Store) -> None:
    names = ["urn%3auuid%3a00", "会议纪要 (1).txt", "a b+c&d=e#f.txt", "é.txt", "=@,;!$'.txt"]
    for name in names:
        store.create(PurePosixPath("packages") / name, [name.encode()])
    assert {entry.path.name for entry in store.walk(PurePosixPath("packages"))} == set(names)
    for name in names:
        assert read_whole(store, PurePosixPath("packages") / name) == name.encode()


def test_a_locked_file_or_folder_is_told_and_can_be_set_aside(tmp_path: Path) -> None:
    store = LocalStore("s", tmp_path / "s")
    store.create(A, [b"1"])
    store.create(B, [b"2"])
    (tmp_path / "s" / A).chmod(0)
    (tmp_path / "s" / B.parent).chmod(0)
    kinds = {entry.place: entry.kind for entry in store.walk(PurePosixPath("packages"))}
    assert kinds == {str(A): EntryKind.LOCKED_FILE, str(B.parent): EntryKind.LOCKED_FOLDER}
    store.move(B.parent, PurePosixPath("quarantine/b"))
    store.remove(PurePosixPath("quarantine/b"))
    assert not (tmp_path / "s/quarantine/b").exists()


def test_a_throttle_lets_so_much_pass_and_no_more() -> None:
    now = [0.0]
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        now[0] += seconds

    throttle = Throttle(1000, clock=lambda: now[0], wait=wait)
    for _ in range(10):
        throttle.pass_by(500)
    assert sum(waited) == pytest.approx(4.5)


def test_what_is_throttled_is_not_read_past_the_throttle(tmp_path: Path) -> None:
    store = LocalStore("s", tmp_path / "s")
    throttle = Throttle(1, clock=time.monotonic, wait=lambda _: None)
    assert store.properties == Properties(str(tmp_path / "s"), tmp_path / "s")
    assert ThrottledStore(store, throttle).properties == Properties(str(tmp_path / "s"))


def test_an_absent_store_says_it_is_absent_and_nothing_else(tmp_path: Path) -> None:
    absent: list[Store] = [LocalStore("gone", tmp_path / "gone"), MemoryStore("gone")]
    absent[1].present = False  # type: ignore[attr-defined]  # the memory store's own switch
    for store in absent:
        attempts: list[Callable[[], object]] = [
            lambda store=store: read_whole(store, A),  # type: ignore[misc]  # bound at definition
            lambda store=store: list(store.walk(PurePosixPath("packages"))),  # type: ignore[misc]
        ]
        for attempt in attempts:
            with pytest.raises(StoreAbsentError):
                attempt()


def test_a_local_store_follows_no_link_and_leaves_its_root_never(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"secret")
    store = LocalStore("s", tmp_path / "s")
    store.create(PurePosixPath("store.json"), [b"{}"])
    (tmp_path / "s" / "link").symlink_to(outside)
    os.mkfifo(tmp_path / "s" / "pipe")
    with pytest.raises(NotFoundError):
        read_whole(store, PurePosixPath("link"))
    with pytest.raises(NotFoundError):
        read_whole(store, PurePosixPath("pipe"))
    kinds = {entry.path.name: entry.kind for entry in store.walk(PurePosixPath())}
    assert kinds == {"store.json": EntryKind.FILE, "link": EntryKind.OTHER, "pipe": EntryKind.OTHER}
    for path in (PurePosixPath("../outside.txt"), PurePosixPath("/etc/hostname")):
        with pytest.raises(StorageError):
            read_whole(store, path)


@pytest.mark.parametrize("folder", ["packages", "packages/abc", "packages/abc/def", "quarantine"])
def test_what_lies_behind_a_link_is_not_in_a_local_store(tmp_path: Path, folder: str) -> None:
    real, outside = tmp_path / "real", tmp_path / "outside"
    below = PurePosixPath(folder) / "deep/file"
    (real / below).parent.mkdir(parents=True)
    for name in ("store.json", str(below)):
        (real / name).write_bytes(b"{}")
    (tmp_path / "s").symlink_to(real)
    store = LocalStore("s", tmp_path / "s")
    assert read_whole(store, below) == b"{}"  # its own root may be one
    store.put(PurePosixPath("journal/head"), b"1", over=None)
    store.move(PurePosixPath("journal/head"), PurePosixPath("journal/1"))
    (real / folder).rename(outside)
    (real / folder).symlink_to(outside)
    with pytest.raises(NotFoundError):
        read_whole(store, below)
    with pytest.raises(NotFoundError):
        b"".join(store.read(str(below)))
    assert list(store.walk(below.parent)) == []
    assert [entry.kind for entry in store.walk(PurePosixPath(folder))] == [EntryKind.OTHER]


def test_files_of_a_local_store_are_their_owners_alone(tmp_path: Path) -> None:
    store = LocalStore("s", tmp_path / "s")
    store.create(A, [b"1"])
    assert (tmp_path / "s" / A).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "s" / "packages").stat().st_mode & 0o777 == 0o700
