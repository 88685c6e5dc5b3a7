"""Files that are there whole or not at all, and never left half beside the place they were meant for."""

from pathlib import Path

import pytest

from archives.errors import PathTakenError, StorageError
from preservation.stores.files import flush_file, flush_folder, flush_tree, write_new, write_whole


def test_a_new_file_never_takes_the_place_of_other_bytes(tmp_path: Path) -> None:
    place = tmp_path / "a"
    write_new(place, b"one", mode=0o600)
    write_new(place, b"one", mode=0o644)
    with pytest.raises(PathTakenError):
        write_new(place, b"two", mode=0o600)
    (tmp_path / "folder").mkdir()
    with pytest.raises(PathTakenError):
        write_new(tmp_path / "folder", b"one", mode=0o600)
    assert (place.read_bytes(), place.stat().st_mode & 0o777) == (b"one", 0o600)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "folder"]


@pytest.mark.parametrize("write", [write_new, write_whole])
def test_a_file_without_its_folder_is_a_storage_error_that_says_so(write: object, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as failure:
        write(tmp_path / "gone/a", b"x", mode=0o600)  # type: ignore[operator]  # both take the same
    assert str(tmp_path / "gone") in str(failure.value.advice)


def test_a_folder_is_flushed_through_a_link_and_a_file_is_not(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    (tmp_path / "folder/a").write_bytes(b"a")
    flush_folder(tmp_path / "link")
    flush_tree(tmp_path / "folder", ["a"])
    with pytest.raises(OSError, match="symbolic"):
        flush_file(tmp_path / "link")
    with pytest.raises(NotADirectoryError):
        flush_folder(tmp_path / "folder/a")
