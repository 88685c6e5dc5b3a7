"""A backup is whole or refused: whatever byte of it is changed, whatever is missing, added or made new digests for."""

import shutil
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import bagit
import pytest

from archives.errors import ConflictError, FormatError, IntegrityError, NotFoundError, RefusedError
from archives.journal.chain import Head
from archives.record.checksum import digests_of
from cli.home.backup.folder import LOCKED, begin, finish, read_backup
from cli.home.backup.made import Made
from preservation.package.bag import tag_files

MADE = Made(
    "1b4e28ba-2fa1-4d3e-883f-0016d3cca427", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), Head(7, "a" * 64), "/srv/a"
)
FILES = {"jinkui.toml": b'language = "zh"\n', "journal/last": b"{}", "journal/tail": b"", "work.db": bytes(range(256))}
LOCKED_FILES = {PurePosixPath("keys/archive.pem"): b"the private key", PurePosixPath("s3.toml"): b"secret"}
WORDS, DRAWN = "correct horse", bytes(28)


def make(folder: Path, *, made: Made = MADE) -> Path:
    """Write a backup and return where it lies."""
    folder.mkdir(exist_ok=True)
    place = folder / made.name
    beside = begin(place)
    for name, data in FILES.items():
        (beside / "data" / name).parent.mkdir(exist_ok=True)
        (beside / "data" / name).write_bytes(data)
    return finish(beside, place, made, LOCKED_FILES, passphrase=WORDS, drawn=DRAWN, at_last=lambda: None).folder


def test_what_was_backed_up_comes_back(tmp_path: Path) -> None:
    found = read_backup(make(tmp_path / "usb"))
    assert found.made == MADE
    assert {str(path): found.read(path) for path in found.files} == FILES
    assert found.opened(WORDS) == LOCKED_FILES
    assert found.read(PurePosixPath("served")) == b""
    assert [path.name for path in (tmp_path / "usb").iterdir()] == ["jinkui-1b4e28ba-20260102T030405Z"]
    with pytest.raises(RefusedError):
        found.opened("correct house")


def test_a_backup_is_a_bag_that_any_tool_validates_and_the_secrets_are_nowhere_in_it(tmp_path: Path) -> None:
    place = make(tmp_path / "usb")
    assert bagit.Bag(str(place)).is_valid()
    assert not [path for path in place.rglob("*") if path.is_file() and b"private key" in path.read_bytes()]


def test_a_byte_that_is_changed_anywhere_is_found(tmp_path: Path) -> None:
    place = make(tmp_path / "usb")
    for path in sorted(p for p in place.rglob("*") if p.is_file() and p.stat().st_size):
        whole = path.read_bytes()
        for at in {0, len(whole) // 2, len(whole) - 1}:
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            with pytest.raises((IntegrityError, FormatError)):
                read_backup(place)
        path.write_bytes(whole[:-1])
        with pytest.raises((IntegrityError, FormatError)):
            read_backup(place)
        path.write_bytes(whole)
    read_backup(place)


def test_what_is_missing_or_added_is_found(tmp_path: Path) -> None:
    place = make(tmp_path / "usb")
    for path in sorted(p for p in place.rglob("*") if p.is_file()):
        path.rename(tmp_path / "aside")
        with pytest.raises((IntegrityError, NotFoundError)):
            read_backup(place)
        shutil.move(tmp_path / "aside", path)
    for added in ("data/keys/other.pem", "notes.txt", "data/journal/.last.x"):
        (place / added).parent.mkdir(exist_ok=True)
        (place / added).write_bytes(b"x")
        with pytest.raises(IntegrityError):
            read_backup(place)
        (place / added).unlink()
        if added == "data/keys/other.pem":
            (place / added).parent.rmdir()
    (place / "data/link").symlink_to("/etc/passwd")
    with pytest.raises(IntegrityError):
        read_backup(place)


def test_nobody_changes_it_without_the_passphrase_not_even_with_new_digests(tmp_path: Path) -> None:
    place = make(tmp_path / "usb")
    (place / "data/jinkui.toml").write_bytes(b'alarm-command = ["evil"]\n')
    payload = {
        path.relative_to(place).as_posix(): path.read_bytes() for path in (place / "data").rglob("*") if path.is_file()
    }
    digests = {PurePosixPath(path): digests_of(data) for path, data in payload.items()}
    for path, data in tag_files(digests, MADE.elements()).items():
        (place / path).write_bytes(data)
    with pytest.raises(RefusedError):
        read_backup(place).opened(WORDS)


def test_an_older_head_cannot_be_claimed_without_the_passphrase(tmp_path: Path) -> None:
    place = make(tmp_path / "usb")
    payload = {p.relative_to(place).as_posix(): p.read_bytes() for p in (place / "data").rglob("*") if p.is_file()}
    claimed = Made(MADE.home_id, MADE.at, Head(3, "b" * 64), MADE.folder)
    digests = {PurePosixPath(path): digests_of(data) for path, data in payload.items()}
    for path, data in tag_files(digests, claimed.elements()).items():
        (place / path).write_bytes(data)
    with pytest.raises(RefusedError):
        read_backup(place).opened(WORDS)


def test_a_folder_that_is_no_backup_names_the_newest_in_it(tmp_path: Path) -> None:
    make(tmp_path / "usb")
    later = make(tmp_path / "usb", made=Made("0" * 36, datetime(2026, 2, 2, tzinfo=UTC), Head(), "/"))
    with pytest.raises(NotFoundError) as refused:
        read_backup(tmp_path / "usb")
    assert refused.value.advice is not None
    assert str(later) in refused.value.advice.text("en")
    with pytest.raises(NotFoundError):
        read_backup(tmp_path / "nowhere")


def test_another_backup_is_never_replaced(tmp_path: Path) -> None:
    place = make(tmp_path / "usb")
    before = (place / LOCKED).read_bytes()
    with pytest.raises(ConflictError):
        make(tmp_path / "usb")
    assert (place / LOCKED).read_bytes() == before


def test_what_a_killed_backup_left_is_no_backup_and_goes_with_the_next(tmp_path: Path) -> None:
    (tmp_path / "usb").mkdir()
    left = begin(tmp_path / "usb" / "jinkui-1b4e28ba-20250101T000000Z")
    (left / "data/jinkui.toml").write_bytes(b"")
    with pytest.raises(NotFoundError):
        read_backup(left)
    make(tmp_path / "usb")
    assert not left.exists()


def test_a_path_of_any_letters_is_a_line_of_what_the_backup_says(tmp_path: Path) -> None:
    made = Made(MADE.home_id, MADE.at, MADE.head, "/srv/档案 库", is_move=True)
    assert read_backup(make(tmp_path / "usb", made=made)).made == made


def test_a_backup_of_a_newer_version_is_said_so(tmp_path: Path) -> None:
    place = make(tmp_path / "usb")
    payload = {p.relative_to(place).as_posix(): p.read_bytes() for p in (place / "data").rglob("*") if p.is_file()}
    digests = {PurePosixPath(path): digests_of(data) for path, data in payload.items()}
    newer = [(label, "2" if label == "Jinkui-Home-Backup" else value) for label, value in MADE.elements()]
    for path, data in tag_files(digests, newer).items():
        (place / path).write_bytes(data)
    with pytest.raises(FormatError):
        read_backup(place)
