"""Images are decoded whole, shown upright, and never trusted for what they say of themselves."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archives.errors import FormatError
from formats.kinds.image import KIND, encode_jpeg
from formats.kinds.kind import Look, PageImage
from tests.support.files import image_bytes, put


def look(path: Path) -> Look:
    """Measure an image."""
    assert KIND.look
    return KIND.look(path)


def draw(path: Path, page_index: int = 0) -> PageImage:
    """Draw a frame of an image."""
    assert KIND.draw
    return KIND.draw(path, page_index)


def page_bytes(form: str) -> bytes:
    """Return a grey picture of lines, of 600 × 400 dots that do not compress well."""
    rng = np.random.default_rng(3)
    pixels = rng.integers(200, 255, (400, 600), dtype=np.uint8)
    pixels[::40] = 20
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, form)
    return out.getvalue()


def test_size_resolution_colour_and_compression_are_properties(tmp_path: Path) -> None:
    seen = look(put(tmp_path, "a.tif", image_bytes("TIFF")))
    assert dict(seen.properties) == {
        "width_px": "120",
        "height_px": "80",
        "resolution_dpi": "200",
        "colour_mode": "RGB",
        "compression": "raw",
    }


def test_every_frame_of_a_tiff_is_a_page(tmp_path: Path) -> None:
    path = put(tmp_path, "a.tif", image_bytes("TIFF", frames=3))
    assert look(path).pages == 3
    assert draw(path, 2).pixels.shape == (80, 120, 3)


def test_a_frame_that_is_not_there_is_a_format_error(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        draw(put(tmp_path, "a.tif", image_bytes("TIFF")), 1)


@pytest.mark.parametrize("form", ["JPEG", "TIFF", "PNG", "BMP"])
def test_of_half_an_image_the_half_is_shown_and_it_is_named_damaged(tmp_path: Path, form: str) -> None:
    data = page_bytes(form)
    path = put(tmp_path, "a", data[: len(data) // 2])
    seen = look(path)
    assert (seen.pages, [found.code for found in seen.findings]) == (1, ["image-damaged"])
    pixels = draw(path).pixels
    there, gone = (pixels[-100:], pixels[:20]) if form == "BMP" else (pixels[:100], pixels[-20:])
    assert there.std() > 20
    assert gone.min() == 255


def test_of_a_picture_that_is_cut_to_nothing_nothing_is_shown(tmp_path: Path) -> None:
    data = image_bytes("JPEG2000", size=(400, 400))
    with pytest.raises(FormatError):
        look(put(tmp_path, "a", data[: data.find(b"\xff\x93") + 4]))  # where the first tile begins


def test_a_jpeg_is_passed_through_untouched(tmp_path: Path) -> None:
    data = image_bytes("JPEG")
    assert draw(put(tmp_path, "a.jpg", data)).jpeg == data


@pytest.mark.parametrize(
    "data",
    [image_bytes("PNG"), image_bytes("JPEG", mode="CMYK"), image_bytes("JPEG", orientation=3)],
    ids=["no JPEG", "in printing colours", "turned by its Exif"],
)
def test_what_a_viewer_would_show_otherwise_is_not_passed_through(tmp_path: Path, data: bytes) -> None:
    assert draw(put(tmp_path, "a", data)).jpeg is None


def test_a_page_that_lies_on_its_side_is_set_upright(tmp_path: Path) -> None:
    upright = draw(put(tmp_path, "a.jpg", image_bytes("JPEG", orientation=6)))
    assert upright.pixels.shape == (120, 80, 3)
    assert upright.pixels[5, -5].max() < 40  # the black corner went from the upper left to the upper right


@pytest.mark.parametrize(
    ("stated", "height", "expected"), [(300, 80, 300), (None, 3508, 300), (7, 80, 100), (None, 9000, 600)]
)
def test_a_resolution_nobody_can_mean_is_worked_out_from_an_a4_sheet(
    tmp_path: Path, stated: int | None, height: int, expected: int
) -> None:
    path = put(tmp_path, "a.png", image_bytes("PNG", size=(20, height), mode="L", dpi=stated))
    assert draw(path).resolution_dpi == expected


def test_a_grey_page_comes_as_three_colours(tmp_path: Path) -> None:
    assert draw(put(tmp_path, "a.png", image_bytes("PNG", mode="L"))).pixels.shape == (80, 120, 3)


def test_a_picture_too_large_to_decode_is_refused_before_it_is(tmp_path: Path) -> None:
    header = bytearray(image_bytes("BMP", size=(2, 2)))
    header[18:26] = (60_000).to_bytes(4, "little") + (60_000).to_bytes(4, "little")
    with pytest.raises(FormatError):
        look(put(tmp_path, "bomb.bmp", bytes(header)))


def test_a_format_that_is_not_kept_is_refused_though_its_decoder_is_there(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        look(put(tmp_path, "a.jpg", image_bytes("GIF", dpi=None)))


def test_the_same_picture_is_the_same_jpeg() -> None:
    with Image.open(io.BytesIO(image_bytes())) as picture:
        first, second = (encode_jpeg(picture, quality=60, resolution_dpi=200) for _ in range(2))
    assert first == second
    with Image.open(io.BytesIO(first)) as written:
        assert (written.format, written.info["dpi"]) == ("JPEG", (200, 200))
