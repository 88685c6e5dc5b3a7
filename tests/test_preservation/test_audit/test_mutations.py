"""Whatever is done to whatever file of a copy: found, in that file of that copy and nowhere else, and mended."""

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

import ocfl
import pytest

from preservation.audit.repair import RepairAction, plan_repair
from preservation.audit.verdicts import Verdict
from preservation.catalogue.journal_fold import JournalReading
from preservation.journal.chain import group_firsts
from preservation.package.new_package import payload_bytes
from preservation.package.ocfl import object_folder
from preservation.stores.local import LocalStore
from preservation.stores.presence import Presence, presence_of
from preservation.vault.vault import Vault
from tests.support.nobody import as_nobody, folder_to_pass, give_to_nobody
from tests.support.vaults import ORIGINAL, audit_all, make_package, make_vault, repair_all, unasked

FOLDER = object_folder(make_package(1).package_id)
NEW = PurePosixPath("data/representations/original/data/Añ.bin")


def flip(place: Callable[[int], int]) -> Callable[[Path], None]:
    """Return what flips one bit of the byte at a place."""

    def act(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[place(len(data))] ^= 1
        path.write_bytes(data)

    return act


def zero_a_block(path: Path) -> None:
    """Zero the first bytes, as a lost disk block reads."""
    data = path.read_bytes()
    path.write_bytes(bytes(min(16, len(data))) + data[16:])


def link(path: Path) -> None:
    """Put a symbolic link to the same bytes in the file's place."""
    shutil.move(path, _outside(path))
    path.symlink_to(_outside(path))


def hard_link(path: Path) -> None:
    """Give the same bytes a second name outside the store."""
    _outside(path).unlink(missing_ok=True)
    os.link(path, _outside(path))


def pipe(path: Path) -> None:
    """Put a pipe in the file's place; whoever reads it must not wait."""
    path.unlink()
    os.mkfifo(path)


def endpoint(path: Path) -> None:
    """Put a socket in the file's place."""
    path.unlink()
    short = Path("/tmp") / f"s-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(short))
    shutil.move(short, path)


def folder_instead(path: Path) -> None:
    """Put an empty folder in the file's place."""
    path.unlink()
    path.mkdir()


def _outside(path: Path) -> Path:
    store = next(folder for folder in path.parents if folder.name in ("first", "second"))
    return store.parent / "outside.bin"


MUTATIONS: dict[str, Callable[[Path], object]] = {
    "first byte": flip(lambda _: 0),
    "middle byte": flip(lambda size: size // 2),
    "last byte": flip(lambda size: size - 1),
    "truncated": lambda path: os.truncate(path, path.stat().st_size - 1),
    "emptied": lambda path: os.truncate(path, 0),
    "appended": lambda path: path.write_bytes(path.read_bytes() + b"\n"),
    "zeroed block": zero_a_block,
    "deleted": Path.unlink,
    "case of the name": lambda path: path.rename(path.with_name(path.name.swapcase())),
    "moved elsewhere": lambda path: path.rename(path.with_name(f"{path.name}.moved")),
    "symbolic link": link,
    "hard link": hard_link,
    "pipe": pipe,
    "socket": endpoint,
    "folder": folder_instead,
    "permissions": lambda path: path.chmod(0),
}


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    made = make_vault(tmp_path)
    first = make_package(1)
    anchor = made.put(first, note="ingest")
    changed = replace(first, payload=(*first.payload, payload_bytes(NEW, b"second version" * 50)))
    made.put_next(changed, anchor, holders=("first", "second"), note="update", require_newest=unasked)
    made.put(make_package(2, content=b"\x00scax" * 1000), note="ingest")
    return made


def targets(vault: Vault) -> Iterator[str]:
    """Yield one file of every kind."""
    firsts = group_firsts(vault.stores[0])
    for content in (
        ORIGINAL,
        "data/METS.xml",
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha512.txt",
    ):
        yield str(FOLDER / "v1/content" / content)
    yield str(FOLDER / "v2/content" / NEW)
    yield str(FOLDER / "v2/content/manifest-sha512.txt")
    for name in ("inventory.json", "inventory.json.sha512"):
        yield from (str(FOLDER / place / name) for place in ("", "v1", "v2"))
    yield str(FOLDER / "0=ocfl_object_1.1")
    yield from (f"journal/{number:012}.jsonl" for number in (firsts[0], firsts[len(firsts) // 2], firsts[-1]))
    yield from ("journal/head", "store.json", "restore.py", "packages/0=ocfl_1.1", "packages/ocfl_layout.json")
    yield "packages/extensions/0003-hash-and-id-n-tuple-storage-layout/config.json"


@pytest.mark.parametrize("victim", ["first", "second"])
@pytest.mark.parametrize("mutation", MUTATIONS)
def test_every_mutation_of_every_kind_of_file_is_named_and_mended(
    vault: Vault, tmp_path: Path, mutation: str, victim: str
) -> None:
    """In the store that is read first, too, and in the other."""
    for file in tuple(targets(vault)):
        path = tmp_path / victim / file
        before = set(path.parent.iterdir())
        MUTATIONS[mutation](path)
        added = {str(entry.relative_to(tmp_path / victim)) for entry in {*path.parent.iterdir()} - before}
        if path.exists() and mutation == "case of the name":
            continue  # a name without letters
        result = audit_all(vault)
        assert {one.store for one in result.problems} == {victim}, (mutation, file, result.problems, result.away)
        named = {one.file: one.verdict for one in result.problems}
        assert named.keys() == {file, *added}, (mutation, file, named)
        assert named[file] in (Verdict.DAMAGED, Verdict.MISSING), (mutation, file, named)
        assert all(named[one] is Verdict.UNTRACKED for one in added)
        plan = repair_all(vault, result.problems)
        assert RepairAction.NO_GOOD_COPY not in {step.action for step in plan}
        after = audit_all(vault)
        assert (after.problems, after.away) == ((), ()), (mutation, file)
    assert ocfl.StorageRoot(root=str(tmp_path / victim / "packages")).validate()


def test_what_is_added_removed_or_closed_among_the_folders_is_named_and_mended(vault: Vault, tmp_path: Path) -> None:
    second = tmp_path / "second"
    for act, named in (
        (lambda: (second / FOLDER / "v1/content/extra.txt").write_bytes(b"x"), str(FOLDER / "v1/content/extra.txt")),
        (lambda: (second / FOLDER / "v1/content/tags").mkdir(), str(FOLDER / "v1/content/tags")),
        (lambda: (second / "packages/abc").mkdir(), "packages/abc"),
        (lambda: (second / "notes.txt").write_bytes(b"x"), "notes.txt"),
        (lambda: (second / "journal/000000000099.jsonl").write_bytes(b"{}\n"), "journal/000000000099.jsonl"),
        (lambda: (second / FOLDER / "v3").mkdir(), str(FOLDER / "v3")),
    ):
        act()
        assert [(p.store, p.file, p.verdict) for p in audit_all(vault).problems] == [
            ("second", named, Verdict.UNTRACKED)
        ]
        repair_all(vault, audit_all(vault).problems)
        assert audit_all(vault).problems == ()
    for place in (FOLDER / "v1/content/data", FOLDER, FOLDER.parent):
        (second / place).chmod(0)
        found = audit_all(vault)
        assert (str(place), Verdict.DAMAGED) in {(p.file, p.verdict) for p in found.problems}
        assert {p.verdict for p in found.problems} <= {
            Verdict.DAMAGED,
            Verdict.NOT_CHECKED,
            Verdict.MISSING,
            Verdict.UNTRACKED,
        }
        for _ in range(2):  # what lay below a closed folder can be judged only when it is open
            repair_all(vault, audit_all(vault).problems)
        assert audit_all(vault).problems == ()


@pytest.mark.parametrize("shut", [".", "journal"])
def test_what_is_only_shut_for_writing_is_whole_and_told_as_read_only(shut: str) -> None:
    """Whoever shuts a store for writing loses nothing: its owner may list and read all of it."""
    with folder_to_pass() as folder:
        vault = make_vault(folder)
        vault.put(make_package(1), note="ingest")
        assert audit_all(vault).problems == ()
        top = folder / "second" / shut
        for place in (*top.rglob("*"), top):
            place.chmod(place.stat().st_mode & ~0o222)
        give_to_nobody(folder)

        def look() -> None:
            found = audit_all(vault)
            assert (found.problems, found.away) == ((), ())
            anchors = JournalReading(vault.ledger).anchors
            seen = presence_of(vault.stores[1], anchors.stores["second"])
            assert (seen.presence, str(seen.reason and seen.reason.text("en")).endswith(str(top))) == (
                Presence.READ_ONLY,
                True,
            )

        as_nobody(look)


@pytest.mark.parametrize("mode", [0o700, 0o755], ids=["shut", "open, its files shut"])
@pytest.mark.parametrize("above", [0, 1, 3])
def test_what_another_account_owns_is_one_row_with_how_much_it_holds_back_and_what_gives_it_back(
    mode: int, above: int
) -> None:
    if os.geteuid():
        pytest.skip("nobody else's files can be made here")
    with folder_to_pass() as folder:
        vault = make_vault(folder)
        vault.put(make_package(1), note="ingest")
        vault.put(make_package(2), note="ingest")
        assert audit_all(vault).problems == ()
        give_to_nobody(folder)
        named = FOLDER if not above else FOLDER.parents[above - 1]
        top = folder / "second" / named
        for place in (*top.rglob("*"), top):
            os.chown(place, 0, 0)
            place.chmod(mode if place.is_dir() else 0o600)
        files = sum(one.is_file() for one in (folder / "second" / FOLDER).rglob("*"))

        def look() -> None:
            (found,) = audit_all(vault).problems
            assert (found.store, found.file, found.verdict) == ("second", str(named), Verdict.UNREADABLE)
            said = found.why.text("en")
            assert f"{files} files held back" in said
            assert f"chown -R nobody {top}" in said
            assert plan_repair(vault, JournalReading(vault.ledger), [found]) == ()

        as_nobody(look)


def test_a_lost_folder_comes_back(vault: Vault, tmp_path: Path) -> None:
    for lost in ("packages", "journal", str(FOLDER), str(FOLDER / "v1")):
        shutil.rmtree(tmp_path / "second" / lost)
        found = audit_all(vault)
        assert {(p.store, p.verdict) for p in found.problems} == {("second", Verdict.MISSING)}
        assert found.away == ()
        repair_all(vault, found.problems)
        assert audit_all(vault).problems == ()


def test_an_older_object_is_found_out_wherever_it_lies(vault: Vault, tmp_path: Path) -> None:
    other = make_vault(tmp_path / "elsewhere")
    other.put(make_package(1), note="ingest")
    for name in ("second", "first"):
        shutil.rmtree(tmp_path / name / FOLDER)
        shutil.copytree(tmp_path / "elsewhere/first" / FOLDER, tmp_path / name / FOLDER)
        found = audit_all(vault).problems
        assert {p.store for p in found} >= {name}
        if name == "second":
            repair_all(vault, found)
            assert audit_all(vault).problems == ()
            shutil.rmtree(tmp_path / name / FOLDER)
            shutil.copytree(tmp_path / "elsewhere/first" / FOLDER, tmp_path / name / FOLDER)
    plan = plan_repair(vault, JournalReading(vault.ledger), audit_all(vault).problems)
    assert RepairAction.NO_GOOD_COPY in {step.action for step in plan}


def test_two_objects_in_each_others_place_are_found_out(vault: Vault, tmp_path: Path) -> None:
    second = tmp_path / "second"
    other = object_folder(make_package(2).package_id)
    (second / FOLDER).rename(second / "x")
    (second / other).rename(second / FOLDER)
    (second / "x").rename(second / other)
    named = {p.package_id for p in audit_all(vault).problems}
    assert named == {make_package(1).package_id.value, make_package(2).package_id.value}
    repair_all(vault, audit_all(vault).problems)
    assert audit_all(vault).problems == ()


def test_the_minority_that_matches_the_anchor_wins(tmp_path: Path) -> None:
    stores = tuple(LocalStore(name, tmp_path / name) for name in ("a", "b", "c"))
    vault = make_vault(tmp_path, stores=stores)
    vault.put(make_package(1), note="ingest")
    good = (tmp_path / "c" / FOLDER / "v1/content" / ORIGINAL).read_bytes()
    for name in ("a", "b"):
        (tmp_path / name / FOLDER / "v1/content" / ORIGINAL).write_bytes(b"the same wrong bytes")
    repair_all(vault, audit_all(vault).problems)
    assert audit_all(vault).problems == ()
    assert all((tmp_path / name / FOLDER / "v1/content" / ORIGINAL).read_bytes() == good for name in "abc")


def test_an_empty_mount_point_and_another_store_in_its_place_are_no_losses(vault: Vault, tmp_path: Path) -> None:
    shutil.move(tmp_path / "second", tmp_path / "unplugged")
    (tmp_path / "second").mkdir()
    found = audit_all(vault)
    assert (found.problems, [one.presence for one in found.away]) == ((), [Presence.EMPTY])
    (tmp_path / "second").rmdir()
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    found = audit_all(vault)
    assert (found.problems, [one.presence for one in found.away]) == ((), [Presence.FOREIGN])


def test_clean_audits_beside_a_writer_never_alarm(tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    vault.put(make_package(1), note="ingest")
    ended, turns = threading.Event(), threading.Semaphore(0)

    def write() -> None:
        writer = make_vault(tmp_path, found=False)
        number = 1
        while turns.acquire() and not ended.is_set():  # two packages an audit: what is read does not grow without end
            number += 1
            anchor = writer.put(make_package(number), note="ingest")
            changed = make_package(number, content=b"more" * number)
            writer.put_next(changed, anchor, holders=("first", "second"), note="update", require_newest=unasked)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(25):
            turns.release(2)
            found = audit_all(vault)
            assert (found.problems, found.away) == ((), ())
    finally:
        ended.set()
        turns.release()
        thread.join()
