"""What file systems keep for themselves is known by name and kind of thing, and by nothing else."""

import re

import pytest

from preservation.stores.passed_over import KEPT, is_passed_over, passed_over_in


@pytest.mark.parametrize("place", ["lost+found", ".Trash-1000", "System Volume Information", "$RECYCLE.BIN", ".zfs"])
def test_what_stands_at_the_top_of_a_disk_is_passed_over_there_alone(place: str) -> None:
    assert is_passed_over(place, is_folder=True)
    assert not is_passed_over(f"packages/{place}", is_folder=True)
    assert not is_passed_over(place, is_folder=False), "a file of that name is a stray"


@pytest.mark.parametrize(
    "name", [".nfs000000000123abcd00000001", ".fuse_hidden0000001200000001", ".DS_Store", "Thumbs.db"]
)
@pytest.mark.parametrize("folder", ["", "packages/", "packages/a/v1/content/", "journal/"])
def test_what_stands_anywhere_is_passed_over_everywhere_but_among_our_own_leavings(folder: str, name: str) -> None:
    assert is_passed_over(f"{folder}{name}", is_folder=False)
    assert not is_passed_over(f"{folder}{name}", is_folder=True)
    assert not is_passed_over(f"quarantine/{name}", is_folder=False)


def test_a_path_is_passed_over_with_the_folder_that_it_lies_in() -> None:
    assert passed_over_in("packages/a/@eaDir/1.jpg/thumb.jpg")
    assert passed_over_in("packages/.snapshot/hourly.0/x")
    assert passed_over_in("lost+found/#12")
    assert not passed_over_in("packages/lost+found/#12")


@pytest.mark.parametrize(
    "name", ["lost+found2", "lostfound", ".nfs", ".nfsx", "packages", "store.json", ".hidden", "@ea"]
)
def test_other_names_are_not(name: str) -> None:
    assert not is_passed_over(name, is_folder=True)
    assert not is_passed_over(name, is_folder=False)


def test_every_row_can_be_read_and_says_whose_it_is() -> None:
    assert all(re.compile(one.name) and one.by for one in KEPT)
