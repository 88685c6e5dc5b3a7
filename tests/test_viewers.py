"""Pages are told apart by their shape and their light, and the sample is the same for the same seed."""

from pathlib import Path

import pytest
from PIL import Image

from tests.support.viewers import difference, on_white, sample


def page(size: tuple[int, int] = (240, 340), *, ink: int = 30) -> Image.Image:
    """Return a page with a block of ink."""
    picture = Image.new("L", size, 230)
    picture.paste(ink, (20, 20, size[0] - 20, size[1] // 2))
    return picture


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        (page(), ""),
        (page().resize((120, 170)), ""),
        (page((240, 170)), "shape"),
        (page().rotate(180), "light"),
        (Image.new("L", (240, 340), 255), "light"),
    ],
    ids=["the same", "the same, smaller", "squashed", "upside down", "blank"],
)
def test_a_page_that_looks_otherwise_is_told(theirs: Image.Image, told: str) -> None:
    assert difference(page(), theirs).split(" ")[0] == told


def test_a_page_that_is_not_shown_is_told() -> None:
    assert difference(None, page()) == "not shown"


def test_what_is_transparent_lies_on_white_paper() -> None:
    assert on_white(Image.new("RGBA", (9, 9), (0, 0, 0, 0))).getextrema() == (255, 255)


def test_a_sample_is_drawn_by_its_seed_from_files_that_have_pages(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.tif").touch()
        (tmp_path / f"{number}.txt").touch()
    drawn = sample([tmp_path], 4, seed=1)
    assert drawn == sample([tmp_path], 4, seed=1)
    assert {path.suffix for path in drawn} == {".tif"}
