"""What is doubtful of a place is told before it is a store; what would do harm is refused."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from archives.errors import ConflictError, StorageError, StoreDeniedError
from preservation.stores import place
from preservation.stores.local import FolderSetting
from preservation.stores.object_storage import ObjectStorageSetting
from preservation.stores.place import NO_DISK, doubts_about, require_apart, require_disk, require_writable
from tests.support.nobody import as_nobody, folder_to_pass

FIRST = FolderSetting(name="first", path="stores/first")


def codes(setting: FolderSetting | ObjectStorageSetting, home: Path) -> set[str]:
    """Return the codes of what is doubtful beside the first store."""
    return {one.code for one in doubts_about(setting, [FIRST], home)}


def test_a_folder_of_the_home_is_on_no_disk_of_its_own_and_on_that_of_another_store(tmp_path: Path) -> None:
    assert codes(FolderSetting(name="new", path="stores/new"), tmp_path) == {NO_DISK, "store-on-disk-of-another"}


def test_a_disk_of_its_own_is_not_doubted() -> None:
    mounted = next((p for p in (Path("/dev/shm"), Path("/run")) if p.stat().st_dev != Path("/").stat().st_dev), None)
    if mounted is None:
        pytest.skip("nothing else is mounted here")
    home = Path("/root-of-nothing")
    assert codes(FolderSetting(name="new", path=str(mounted / "archive/of/ours")), home) == set()


def test_a_link_is_told_with_where_it_leads_and_a_folder_below_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "linked").symlink_to("disk")
    link, *_ = doubts_about(FolderSetting(name="new", path="linked"), [], tmp_path)
    assert link.code == "store-behind-link"
    assert link.message.text("en").endswith(f"a link to {(tmp_path / 'disk').resolve()}")
    assert link.advice is not None
    assert "store-behind-link" not in codes(FolderSetting(name="new", path="linked/store"), tmp_path)


def test_nothing_is_said_of_a_place_that_is_no_folder(tmp_path: Path) -> None:
    bucket = ObjectStorageSetting(name="cloud", url="s3://bucket")
    assert codes(bucket, tmp_path) == set()
    require_apart(bucket, [FIRST], tmp_path)
    require_disk(bucket, (), tmp_path)


@pytest.mark.parametrize("path", ["stores/first", "stores/first/below", "stores", "link", "link/below"])
def test_a_store_within_another_or_around_it_is_refused_however_it_is_written(tmp_path: Path, path: str) -> None:
    (tmp_path / "stores/first").mkdir(parents=True)
    (tmp_path / "link").symlink_to("stores/first")
    with pytest.raises(ConflictError, match="first"):
        require_apart(FolderSetting(name="new", path=path), [FIRST], tmp_path)
    require_apart(FolderSetting(name="new", path="stores/first2"), [FIRST], tmp_path)


@pytest.fixture
def passable() -> Iterator[Path]:
    """Give a folder that every account may pass, which those of pytest are not."""
    with folder_to_pass() as folder:
        yield folder


def test_a_folder_that_is_shut_to_the_account_is_said_to_be_shut_and_not_to_be_mounted_writable(passable: Path) -> None:
    shut, readable = passable / "shut", passable / "readable"
    shut.mkdir(mode=0o700 if os.geteuid() == 0 else 0)
    readable.mkdir(mode=0o755 if os.geteuid() == 0 else 0o555)
    said: dict[Path, str] = {
        shut: "chown -R" if os.geteuid() == 0 else "chmod -R",
        shut / "store": "setfacl" if os.geteuid() == 0 else "chmod -R",
        readable: "chown -R" if os.geteuid() == 0 else "chmod -R",
        readable / "a" / "store": f"mkdir -p {readable / 'a' / 'store'} && chown",
    }

    def look() -> None:
        for folder, helps in said.items():
            with pytest.raises(StoreDeniedError) as failure:
                require_writable(FolderSetting(name="new", path=str(folder)), passable)
            advice = failure.value.with_advice.text("en")
            assert helps in advice, folder
            assert "mount it" not in advice

    as_nobody(look)


def test_a_folder_that_is_mounted_read_only_is_to_be_mounted_writable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode == os.F_OK and Path(path).exists())
    monkeypatch.setattr(place, "is_mounted_read_only", lambda _: True)
    with pytest.raises(StorageError, match="read-only") as failure:
        require_writable(FolderSetting(name="new", path=str(tmp_path)), tmp_path)
    assert failure.value.advice is not None
    assert "mount it writable" in failure.value.advice.text("en")
