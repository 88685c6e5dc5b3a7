"""A page is made ready for an engine, and every place on it leads back to the page as it came."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.page.prepare import PreparedPage, prepare_page


def lines(*, skew_degrees: float = 0.0, ink: int = 0, paper: int = 255, shade: bool = False) -> NDArray[np.uint8]:
    """Return a page of dark bars like lines of text, perhaps turned, faded or in uneven light."""
    page = np.full((1200, 1600), float(paper))
    for top in range(80, 1120, 40):
        page[top : top + 12, 60:1540] = ink
    turn = cv2.getRotationMatrix2D((800, 600), skew_degrees, 1.0)
    page = cv2.warpAffine(page, turn, (1600, 1200), borderValue=(float(paper),))
    page = np.clip(page + np.random.default_rng(7).normal(0, 8, page.shape), 0, 255)  # as every scanner does
    if shade:
        page *= np.linspace(1.0, 0.5, 1600)
    return np.repeat(page.astype(np.uint8)[:, :, np.newaxis], 3, axis=2)


def prepare(pixels: NDArray[np.uint8]) -> PreparedPage:
    """Prepare a page of 150 dpi."""
    return prepare_page(pixels, resolution_dpi=150)


@pytest.mark.parametrize("skew", [-4.0, -1.0, 0.0, 2.5])
def test_a_turned_page_is_turned_back(skew: float) -> None:
    assert prepare(lines(skew_degrees=skew)).skew_degrees == pytest.approx(-skew, abs=0.25)


def test_a_straight_page_is_not_touched_by_a_turn() -> None:
    prepared = prepare(lines())
    assert prepared.skew_degrees == 0
    assert prepared.to_original == pytest.approx(np.array([[1, 0, 0], [0, 1, 0]]))


def test_places_lead_back_to_the_page_as_it_came() -> None:
    prepared = prepare(lines(skew_degrees=3.0))
    forward = cv2.invertAffineTransform(prepared.to_original)
    there = forward @ np.array([100, 200, 1])
    assert prepared.to_original @ np.array([*there, 1]) == pytest.approx([100, 200])


def test_uneven_light_is_evened_out() -> None:
    grey = prepare(lines(shade=True)).grey
    assert grey[20:60, 20:1580].min() > 200
    assert grey[84, 100:1500].max() < 60


@pytest.mark.parametrize(("ink", "paper"), [(120, 220), (0, 255), (60, 180)])
def test_ink_is_dark_and_paper_is_bright_whatever_they_were(ink: int, paper: int) -> None:
    grey = prepare(lines(ink=ink, paper=paper)).grey
    assert int(grey[84, 100:1500].mean()) < int(grey[20:60, 100:1500].mean()) - 100


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (8, 8)], ids=str)
def test_a_page_of_hardly_any_size_is_prepared_or_refused_as_it_always_was(size: tuple[int, int]) -> None:
    white = np.full((*size, 3), 255, np.uint8)
    try:
        assert prepare(white).grey.shape == size
    except cv2.error:
        assert min(size) < 4


def test_a_blank_page_stays_blank() -> None:
    assert prepare(np.full((300, 300, 3), 255, np.uint8)).grey.min() == 255


def test_a_page_of_two_colours_keeps_its_ink() -> None:
    page = np.where(lines() < 128, 0, 255).astype(np.uint8)
    assert prepare(page).grey[84, 100:1500].max() < 60
