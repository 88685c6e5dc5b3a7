"""Whatever way a picture is kept, the page is seen as it was: paper light, ink dark, upright, dots square."""

import io
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from archives.errors import FormatError
from formats.characterize import characterize
from formats.identify import identify
from formats.kinds.image import KIND
from formats.kinds.kind import Oddity, PageImage
from tests.support.files import HEIC, put

PAPER, INK = 215, 70
SIZE = (120, 80)


def draw(path: Path, page_index: int = 0) -> PageImage:
    """Draw a page."""
    assert KIND.draw
    return KIND.draw(path, page_index)


def page() -> NDArray[np.uint8]:
    """Return a page of 120 × 80 dots with ink in its upper left corner."""
    grey = np.full((80, 120), PAPER, np.uint8)
    grey[:20, :30] = INK
    return grey


def is_page(pixels: NDArray[np.uint8], *, slack: int = 6, paper: int = PAPER, ink: int = INK) -> bool:
    """Say whether pixels show the page."""
    outside = pixels[24:, 34:]
    return bool(
        pixels.shape == (80, 120, 3)
        and np.abs(outside.astype(int) - paper).max() <= slack
        and np.abs(pixels[2:16, 2:26].astype(int) - ink).max() <= slack
    )


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    """Return a picture as a file."""
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def tiff(samples: NDArray[np.generic], tags: Mapping[int, object], *, order: Literal["<", ">"] = "<") -> bytes:
    """Return a TIFF of one strip a plane with these tags, each a number or a tuple of numbers of 16 bits."""
    planes = samples if samples.ndim == 3 and tags.get(284) == 2 else samples[np.newaxis]
    height, width = planes.shape[1:3]
    entries = {256: width, 257: height, 259: 1, 278: height, **tags}
    data = samples.astype(samples.dtype.newbyteorder(order)).tobytes()
    size = len(data) // len(planes)
    count = len(entries) + 2
    extra_at = 8 + 2 + 12 * count + 4
    values = {tag: value if isinstance(value, tuple) else (value,) for tag, value in entries.items()}
    extra, body = b"", b""
    long_tags = {273, 279}
    values[273] = tuple(0 for _ in planes)
    values[279] = tuple(size for _ in planes)
    extras = sum(
        len(value) * (4 if tag in long_tags else 2)
        for tag, value in values.items()
        if len(value) * (4 if tag in long_tags else 2) > 4
    )
    values[273] = tuple(extra_at + extras + place * size for place in range(len(planes)))
    for tag in sorted(values):
        kind, letter = (4, "I") if tag in long_tags else (3, "H")
        packed = struct.pack(f"{order}{len(values[tag])}{letter}", *values[tag])
        if len(packed) > 4:
            place, extra = extra_at + len(extra), extra + packed
            packed = struct.pack(f"{order}I", place)
        body += struct.pack(f"{order}HHI", tag, kind, len(values[tag])) + packed.ljust(4, b"\0")
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8) + struct.pack(f"{order}H", count)
    return head + body + bytes(4) + extra + data


def sixteen(grey: NDArray[np.uint8], used: int = 16) -> NDArray[np.uint16]:
    """Return greys in 16 bits of which so many are used."""
    samples: NDArray[np.uint16] = np.rint(grey.astype(float) * (2**used - 1) / 255).astype(np.uint16)
    return samples


def colours(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return greys as three colours."""
    return np.repeat(grey[:, :, np.newaxis], 3, axis=2)


GREY = {258: 16, 262: 1, 277: 1}
KEPT: Mapping[str, bytes] = {
    "16 bits, TIFF": tiff(sixteen(page()), GREY),
    "16 bits, most significant byte first": tiff(sixteen(page()), GREY, order=">"),
    "16 bits, white is 0": tiff(65535 - sixteen(page()), {**GREY, 262: 0}),
    "16 bits, PNG": saved(Image.fromarray(sixteen(page())), "PNG"),
    "16 bits, JPEG 2000": saved(Image.fromarray(sixteen(page())), "JPEG2000"),
    "16 bits of three colours": tiff(np.repeat(sixteen(page())[..., None], 3, 2), {258: (16,) * 3, 262: 2, 277: 3}),
    "16 bits of three colours, each for itself": tiff(
        np.stack([sixteen(page())] * 3), {258: (16,) * 3, 262: 2, 277: 3, 284: 2}
    ),
    "8 bits of three colours, each for itself": tiff(np.stack([page()] * 3), {258: (8,) * 3, 262: 2, 277: 3, 284: 2}),
    "32 bits of fractions": tiff((page() / 255).astype(np.float32), {258: 32, 262: 1, 277: 1, 339: 3}),
    "white is 0": tiff(255 - page(), {258: 8, 262: 0, 277: 1}),
    "a colour map of 16 bits": tiff(
        (page() == INK).astype(np.uint8), {258: 8, 262: 3, 277: 1, 320: (PAPER * 257, INK * 257, *[0] * 254) * 3}
    ),
    "a colour map of 8 bits": tiff(
        (page() == INK).astype(np.uint8), {258: 8, 262: 3, 277: 1, 320: (PAPER, INK, *[0] * 254) * 3}
    ),
    "printing colours": saved(Image.fromarray(colours(page())).convert("CMYK"), "TIFF"),
    "printing colours, JPEG": saved(Image.fromarray(colours(page())).convert("CMYK"), "JPEG", quality=95),
    "YCbCr in JPEG in TIFF": saved(Image.fromarray(colours(page())), "TIFF", compression="jpeg", quality=95),
    "WebP": saved(Image.fromarray(colours(page())), "WEBP", lossless=True),
    "BMP": saved(Image.fromarray(page()), "BMP"),
}


@pytest.mark.parametrize("name", KEPT)
def test_the_page_is_seen_however_it_is_kept(tmp_path: Path, name: str) -> None:
    drawn = draw(put(tmp_path, "a", KEPT[name]))
    assert is_page(drawn.pixels)
    assert drawn.oddities == frozenset()


def test_lab_is_shown_in_its_colours(tmp_path: Path) -> None:
    lab, rgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    coloured = ImageCms.profileToProfile(Image.fromarray(colours(page())), rgb, lab, outputMode="LAB")
    assert coloured is not None
    assert is_page(draw(put(tmp_path, "a.tif", saved(coloured, "TIFF"))).pixels)


@pytest.mark.parametrize("used", [10, 12])
def test_levels_that_are_hardly_used_are_stretched_and_said(tmp_path: Path, used: int) -> None:
    drawn = draw(put(tmp_path, "a.tif", tiff(sixteen(page(), used), GREY)))
    assert drawn.oddities == {Oddity.LEVELS_GUESSED}
    assert is_page(drawn.pixels)


def test_a_dark_page_of_16_bits_stays_dark(tmp_path: Path) -> None:
    dark = draw(put(tmp_path, "a.tif", tiff(sixteen(page() // 4), GREY)))
    assert dark.oddities == frozenset()
    assert is_page(dark.pixels, paper=PAPER // 4, ink=INK // 4)


def clear(mode: str) -> Image.Image:
    """Return the page with transparent paper, whose colour under it is black."""
    opacity = np.where(page() == INK, 255, 0).astype(np.uint8)
    picture = Image.merge("LA", (Image.new("L", SIZE, 0), Image.fromarray(opacity)))
    picture.paste((INK, 255), (0, 0, 30, 20))
    return picture.convert(mode)


CLEAR: Mapping[str, bytes] = {
    "PNG": saved(clear("RGBA"), "PNG"),
    "grey PNG": saved(clear("LA"), "PNG"),
    "WebP": saved(clear("RGBA"), "WEBP", lossless=True),
    "TIFF": saved(clear("RGBA"), "TIFF"),
    "TIFF with colours multiplied by their opacity": tiff(
        np.asarray(clear("RGBA")), {258: (8,) * 4, 262: 2, 277: 4, 338: 1}
    ),
    "grey TIFF with greys multiplied by their opacity": tiff(
        np.asarray(clear("LA")), {258: (8, 8), 262: 1, 277: 2, 338: 1}
    ),
    "a colour that is transparent": saved(
        Image.fromarray(np.where(page() == INK, INK, 0).astype(np.uint8)), "PNG", transparency=0
    ),
    "a colour of 16 bits that is transparent": saved(
        Image.fromarray(np.where(page() == INK, INK * 257, 0).astype(np.uint16)), "PNG", transparency=0
    ),
    "a transparent colour in a map": saved(
        Image.fromarray(np.where(page() == INK, INK, 0).astype(np.uint8)).convert("P"), "PNG", transparency=0
    ),
}


@pytest.mark.parametrize("name", CLEAR)
def test_transparent_paper_is_white(tmp_path: Path, name: str) -> None:
    assert is_page(draw(put(tmp_path, "a", CLEAR[name])).pixels, paper=255)


def test_half_covered_dots_are_half_grey(tmp_path: Path) -> None:
    half = Image.new("RGBA", SIZE, (0, 0, 0, 128))
    assert abs(int(draw(put(tmp_path, "a.png", saved(half, "PNG"))).pixels.mean()) - 127) <= 1


def test_a_page_that_is_all_transparent_shows_what_it_holds(tmp_path: Path) -> None:
    nothing = Image.fromarray(colours(page())).convert("RGBA")
    nothing.putalpha(0)
    assert is_page(draw(put(tmp_path, "a.png", saved(nothing, "PNG"))).pixels)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_page_is_upright_whatever_its_format(tmp_path: Path, form: str, orientation: int) -> None:
    stored = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the way back, as Pillow counts transpositions
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = Image.fromarray(page())
    if orientation in stored:
        turned = turned.transpose(Image.Transpose(stored[orientation]))
    options = {"lossless": True} if form == "WEBP" else {"quality": 95} if form == "JPEG" else {}
    data = saved(turned, form, exif=exif, **options)
    assert is_page(draw(put(tmp_path, "a", data)).pixels, slack=12)


@pytest.mark.parametrize(("across", "down"), [(204, 98), (98, 204), (200, 100)])
def test_dots_that_are_not_square_become_square(tmp_path: Path, across: int, down: int) -> None:
    drawn = draw(put(tmp_path, "a.tif", saved(Image.fromarray(page()), "TIFF", dpi=(across, down))))
    height, width, _ = drawn.pixels.shape
    assert drawn.resolution_dpi == max(across, down)
    assert (width / drawn.resolution_dpi, height / drawn.resolution_dpi) == pytest.approx(
        (120 / across, 80 / down), rel=0.02
    )


def test_a_fax_stays_black_and_white(tmp_path: Path) -> None:
    fax = Image.fromarray(page()).point(lambda grey: 255 * (grey > 128)).convert("1")
    drawn = draw(put(tmp_path, "a.tif", saved(fax, "TIFF", compression="group4", dpi=(200, 100))))
    assert drawn.pixels.shape == (160, 120, 3)
    assert set(np.unique(drawn.pixels)) == {0, 255}


def test_the_shape_of_dots_turns_with_the_page(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn = draw(put(tmp_path, "a.png", saved(Image.fromarray(page()), "PNG", dpi=(200, 100), exif=exif)))
    assert drawn.pixels.shape == (120, 160, 3)


def test_a_broken_exif_keeps_nobody_from_seeing_the_page(tmp_path: Path) -> None:
    data = saved(Image.fromarray(page()), "PNG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert is_page(draw(put(tmp_path, "a.png", data)).pixels)


def test_a_picture_of_very_many_dots_is_shown_with_fewer(tmp_path: Path) -> None:
    wide = Image.new("1", (12_000, 9_000), 1)
    drawn = draw(put(tmp_path, "a.tif", saved(wide, "TIFF", compression="group4", dpi=(400, 400))))
    height, width, _ = drawn.pixels.shape
    assert height * width <= 72_100_000
    assert drawn.resolution_dpi / 400 == pytest.approx(width / 12_000, rel=0.01)


def test_heic_is_shown(tmp_path: Path) -> None:
    pixels = draw(put(tmp_path, "a.heic", HEIC)).pixels.astype(int)
    assert pixels.shape == (48, 64, 3)
    assert np.abs(pixels[2:9, 2:13] - INK).max() <= 12
    assert np.abs(pixels[16:, 20:] - PAPER).max() <= 12


@pytest.mark.parametrize("name", ["a.avif", "a.jpg"])
def test_avif_is_identified_and_shown_and_no_film(tmp_path: Path, name: str) -> None:
    path = put(tmp_path, name, saved(Image.fromarray(page()), "AVIF", quality=95))
    assert identify(path).mime == "image/avif"
    assert is_page(draw(path).pixels)


def test_avif_that_is_damaged_or_several_pictures_is_said_to_be_so(tmp_path: Path) -> None:
    picture = Image.fromarray(page())
    series = saved(picture, "AVIF", save_all=True, append_images=[picture.rotate(90)])
    said = {
        "cut.avif": (saved(picture, "AVIF")[:200], "file-unreadable"),
        "series.avif": (series, "pictures-beside-page"),
        "mif1.avif": (saved(picture, "AVIF").replace(b"ftypavif", b"ftypmif1", 1), None),
    }
    for name, (data, code) in said.items():
        path = put(tmp_path, name, data)
        assert identify(path).mime in ("image/avif", "image/heif")  # the last by the container's brand alone
        assert draw(path) if code != "file-unreadable" else True
        assert [one.code for one in characterize(path, identify(path)).findings] == ([code] if code else []), name


def test_heic_that_is_cut_short_is_a_format_error(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        draw(put(tmp_path, "a.heic", HEIC[:300]))
