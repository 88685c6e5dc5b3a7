"""What was listed is what is read: a name that leads elsewhere by then is refused, and nothing waits for a pipe."""

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from archives.errors import ConflictError, FormatError
from archives.record.checksum import digests_of
from ingest.batch.listing import PlannedFile, list_batch
from ingest.batch.reopened import Listed, open_listed
from ingest.examine import examine_file
from preservation.package.new_package import PayloadFile
from tests.support.files import image_bytes

DATA = image_bytes()


def a_link(path: Path, secret: Path) -> None:
    """Put a link to something else in a file's place."""
    path.unlink()
    path.symlink_to(secret)


def a_pipe(path: Path, secret: Path) -> None:
    """Put a pipe in a file's place."""
    path.unlink()
    os.mkfifo(path)


def another_file(path: Path, secret: Path) -> None:
    """Put another file of the same size in a file's place."""
    path.rename(path.with_name("kept"))
    path.write_bytes(secret.read_bytes())


def a_longer_file(path: Path, secret: Path) -> None:
    """Let a file grow."""
    with path.open("ab") as file:
        file.write(b"more")


def a_linked_folder(path: Path, secret: Path) -> None:
    """Put a link in the place of the folder that a file lies in."""
    path.parent.rename(path.parent.with_name("moved"))
    path.parent.symlink_to(secret.parent)


def nothing(path: Path, secret: Path) -> None:
    """Take a file away."""
    path.unlink()


@pytest.fixture
def listed(tmp_path: Path) -> PlannedFile:
    """Give the one file of a batch, as it was listed."""
    place = tmp_path / "batch" / "卷"
    place.mkdir(parents=True)
    (place / "a.png").write_bytes(DATA)
    (file,) = list_batch(tmp_path / "batch").files
    return file


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Give a file that is no business of the batch, of the same name and size."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    (place / "a.png").write_bytes(b"s" * len(DATA))
    return place / "a.png"


SWAPS = [a_link, a_pipe, another_file, a_longer_file, a_linked_folder, nothing]


def test_a_file_that_is_as_it_was_listed_is_opened(listed: PlannedFile) -> None:
    with open_listed(listed) as opened:
        assert opened.path.read_bytes() == DATA
        assert opened.path.name == "a.png"
    assert Listed(listed).read_bytes() == DATA
    assert examine_file(listed).digests == digests_of(DATA)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("swap", SWAPS)
def test_whatever_was_put_in_its_place_is_refused(
    listed: PlannedFile, secret: Path, swap: Callable[[Path, Path], None]
) -> None:
    swap(listed.path, secret)
    with pytest.raises(FormatError) as refused:
        examine_file(listed)
    assert refused.value.subject == "卷/a.png"
    assert str(listed.path) not in str(refused.value)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("swap", SWAPS)
def test_the_same_holds_when_it_is_stored(
    listed: PlannedFile, secret: Path, swap: Callable[[Path, Path], None]
) -> None:
    payload = PayloadFile(PurePosixPath("data/a.png"), Listed(listed), digests_of(DATA))
    swap(listed.path, secret)
    with pytest.raises(ConflictError, match=r"卷/a\.png"):
        list(payload.blocks())


def test_what_was_swapped_after_it_was_opened_is_read_as_it_was(listed: PlannedFile, secret: Path) -> None:
    with open_listed(listed) as opened:
        a_link(listed.path, secret)
        assert opened.path.read_bytes() == DATA
