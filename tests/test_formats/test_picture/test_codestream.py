"""JPEG 2000 that was cut short is shown as far as it goes, and said to be damaged; nonsense is nothing."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from archives.errors import FormatError
from formats.kinds.image import KIND
from formats.picture.codestream import filled_up
from tests.support.files import put

SIZE = 300


def page() -> NDArray[np.uint8]:
    """Return light paper with ink in its upper left quarter, and noise, so that there are bytes to cut."""
    noise = np.random.default_rng(1).normal(0, 4, (SIZE, SIZE))
    grey = np.full((SIZE, SIZE), 220.0)
    grey[40:110, 40:110] = 40
    return np.clip(grey + noise, 0, 255).astype(np.uint8)


def coded(end: str, **options: object) -> bytes:
    """Return the page in JPEG 2000: as JP2 or as a bare codestream."""
    out = io.BytesIO()
    Image.fromarray(page()).save(out, "JPEG2000", no_jp2=end == "j2k", **options)
    return out.getvalue()


@pytest.mark.parametrize("share", [0.5, 0.8, 0.99])
@pytest.mark.parametrize("end", ["jp2", "j2k"])
@pytest.mark.parametrize("options", [{}, {"irreversible": True}, {"tile_size": (128, 128)}], ids=str)
def test_what_is_there_of_a_picture_cut_short_is_shown(
    tmp_path: Path, end: str, options: dict[str, object], share: float
) -> None:
    data = coded(end, **options)
    path = put(tmp_path, f"a.{end}", data[: int(len(data) * share)])
    assert KIND.look
    assert KIND.draw
    seen = KIND.look(path)
    assert (seen.pages, [found.code for found in seen.findings]) == (1, ["image-damaged"])
    pixels = KIND.draw(path, 0).pixels[:, :, 0]
    assert pixels.shape == (SIZE, SIZE)
    assert abs(float(pixels[50:100, 50:100].mean()) - 40) < 25
    assert abs(float(pixels[4:30, 4:120].mean()) - 220) < 25


def test_a_whole_picture_is_left_as_it_is(tmp_path: Path) -> None:
    assert KIND.look
    assert KIND.look(put(tmp_path, "a.jp2", coded("jp2"))).findings == ()


def test_one_of_which_only_the_head_came_is_a_format_error(tmp_path: Path) -> None:
    assert KIND.draw
    with pytest.raises(FormatError):
        KIND.draw(put(tmp_path, "a.jp2", coded("jp2")[:120]), 0)


def test_a_tile_that_claims_gigabytes_is_not_filled_up() -> None:
    data = bytearray(coded("j2k"))
    place = data.find(b"\xff\x90")
    data[place + 6 : place + 10] = b"\xff\xff\xff\xff"
    assert filled_up(bytes(data)) == bytes(data)


WHOLE = coded("j2k")


@given(st.binary(max_size=200), st.integers(0, 400))
def test_nonsense_is_filled_up_without_end_or_error(noise: bytes, cut: int) -> None:
    assert len(filled_up(b"\xff\x4f\xff\x51" + noise)) <= 64 << 21
    assert filled_up(noise.replace(b"\xff\x4f", b"")) == noise.replace(b"\xff\x4f", b"")
    assert filled_up(WHOLE[:cut] + noise).endswith((b"\xff\xd9", noise))
